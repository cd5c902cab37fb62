//! `POST /site-v1/{projectId}/consent-events`

use std::time::Duration;

use assent_tests::fixtures::{
    CATALOG, Tenant, accepted, consent_type, consent_type_path, consent_type_with_triple, events_path, site, text,
    version_path, versions_path, with,
};
use assent_tests::like::time;
use assent_tests::strictness::Call;
use assent_tests::system::System;
use chrono::Months;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    a_consent_type_may_be_named_by_its_triple,
    both_key_headers_are_accepted,
    a_call_with_a_key_is_a_new_anonymous_user,
    forwarding_headers_are_not_believed,
    an_event_is_about_the_newest_version,
    an_event_is_about_the_version_that_it_names,
    consents_end_by_the_calendar,
    unknown_consent_types_are_unprocessable,
    no_error_comes_from_a_cache,
    states_outside_the_valid_ones_are_unprocessable,
    is_strict;
    on each engine:
    records_the_documented_event,
    twenty_five_items_are_taken,
    one_call_uses_earlier_versions_of_twenty_types_first,
    all_items_or_none,
];

fn item(consent_type: &str) -> Value {
    accepted(consent_type)["items"][0].clone()
}

async fn consent_type_with(tenant: &Tenant, changes: &Value) -> String {
    let mut body = consent_type();
    for (name, value) in changes.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    text(&tenant.post(CATALOG, &body).await.expect(201), "id")
}

async fn records_the_documented_event(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let request = tenant.posting(events_path(&project), &accepted(&id)).header("user-agent", "Browser/1.0");
    let body = tenant.send(request).await.expect_like(
        201,
        &json!({
            "count": 1,
            "items": [{
                "id": "<uuid>",
                "concordId": "<uuid>",
                "consentAction": "user_click",
                "consentState": "accepted",
                "consentDate": "<time>",
                "expirationDate": "<time>",
                "dateCreated": "<time>",
                "dateUpdated": "<time>",
                "createdAt": "<time>",
                "updatedAt": "<time>",
                "consentType": id,
                "organization": tenant.id.to_string(),
                "project": project,
                "session": {
                    "id": "<uuid>",
                    "ipAddress": "127.0.0.1",
                    "domain": "shop.example",
                    "geography": null,
                    "userAgent": "Browser/1.0",
                },
                "submitter": tenant.key_id.to_string(),
                "category": null,
                "subcategory": null,
                "label": null,
                "version": 1,
            }],
        }),
    );
    let event = &body["items"][0];
    for field in ["dateCreated", "dateUpdated", "createdAt", "updatedAt"] {
        assert_eq!(event[field], event["consentDate"], "{field}");
    }
    assert_eq!(time(&event["expirationDate"]), time(&event["consentDate"]) + Months::new(12));
}

async fn a_consent_type_may_be_named_by_its_triple(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let triple = json!({"category": "marketing", "subcategory": "e mail", "label": "news_*"});
    let id = consent_type_with(&tenant, &triple).await;
    let mut by_triple = triple.clone();
    by_triple["consentState"] = json!("viewed");
    by_triple["consentAction"] = json!("import");
    let body = tenant.post(events_path(&project), &json!({"items": [by_triple, item(&id)]})).await.expect(201);
    assert_eq!(body["count"], 2);
    for event in body["items"].as_array().into_iter().flatten() {
        assert_eq!(event["consentType"], id);
        for field in ["category", "subcategory", "label"] {
            assert_eq!(event[field], triple[field]);
        }
    }
    assert_eq!(body["items"][0]["consentState"], "viewed");
    assert_eq!(body["items"][1]["consentState"], "accepted");
    assert_ne!(body["items"][0]["id"], body["items"][1]["id"]);
}

async fn both_key_headers_are_accepted(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let request = || assent_tests::client::Request::new(Method::POST, events_path(&project)).json(&accepted(&id));
    tenant.send(request().header("x-api-key", &tenant.key)).await.expect(201);
    tenant.send(request().header("authorization", format!("Bearer {}", tenant.key))).await.expect(201);
    tenant.send(request()).await.expect_error(401, "UNAUTHORIZED");
}

async fn a_call_with_a_key_is_a_new_anonymous_user(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let both = json!({"items": [item(&id), item(&id)]});
    let one = tenant.post(events_path(&project), &both).await.expect(201);
    let other = tenant.post(events_path(&project), &both).await.expect(201);
    assert_eq!(one["items"][0]["concordId"], one["items"][1]["concordId"]);
    assert_ne!(one["items"][0]["concordId"], other["items"][0]["concordId"]);
}

async fn forwarding_headers_are_not_believed(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let mut request = tenant.posting(events_path(&project), &accepted(&id));
    for name in ["x-forwarded-for", "forwarded", "x-real-ip", "client-ip"] {
        request = request.header(name, "203.0.113.9");
    }
    let body = tenant.send(request).await.expect(201);
    assert_eq!(body["items"][0]["session"]["ipAddress"], "127.0.0.1");
    assert_eq!(body["items"][0]["session"]["userAgent"], Value::Null);
}

async fn an_event_is_about_the_newest_version(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let clocked = system.clocked().await;
    let on_site = tenant.by(&clocked.client);
    let of_version = async |expected: i32| {
        let body = on_site.post(events_path(&project), &accepted(&id)).await.expect(201);
        assert_eq!(body["items"][0]["version"], expected);
    };
    for version in 1..=3 {
        // The second event finds that the version is used, so the third one need not read it.
        of_version(version).await;
        of_version(version).await;
        assert_eq!(tenant.get(version_path(&id, &version.to_string())).await.expect(200)["isUsed"], true);
        let next = json!({"url": format!("https://example.com/{version}")});
        tenant.post(versions_path(&id), &next).await.expect(201);
        // The earlier one may count for five seconds, and no longer.
        clocked.pass(Duration::from_millis(4_999));
        of_version(version).await;
        clocked.pass(Duration::from_millis(1));
    }
    assert_eq!(tenant.get(version_path(&id, "4")).await.expect(200)["isUsed"], false);
}

async fn an_event_is_about_the_version_that_it_names(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let url = json!({"url": "https://example.com/next"});
    for _ in 0..2 {
        tenant.post(versions_path(&id), &url).await.expect(201);
    }
    let of = |version: Value| with(&item(&id), "version", Some(version));
    let items = json!({"items": [of(json!(2)), item(&id), of(json!(3)), of(json!(2)), of(Value::Null)]});
    let body = tenant.post(events_path(&project), &items).await.expect(201);
    let versions: Vec<&Value> = body["items"].as_array().into_iter().flatten().map(|event| &event["version"]).collect();
    assert_eq!(versions, [&json!(2), &json!(3), &json!(3), &json!(2), &json!(3)]);
    // Each version that was named is frozen, and no other.
    for (version, status) in [("1", 200), ("2", 409), ("3", 409)] {
        assert_eq!(tenant.get(version_path(&id, version)).await.expect(200)["isUsed"], status == 409, "{version}");
        assert_eq!(tenant.patch(version_path(&id, version), &url).await.status(), status, "{version}");
    }
    tenant.delete(consent_type_path(&id)).await.expect_error(409, "CONSENT_TYPE_IN_USE");
    let wrong = json!({"items": [of(json!(4)), item(&id), of(json!(4_294_967_295_u32))]});
    let response = tenant.post(events_path(&project), &wrong).await;
    response.expect_field_errors(422, "UNPROCESSABLE_ENTITY", &["items[0].version", "items[2].version"]);
}

async fn one_call_uses_earlier_versions_of_twenty_types_first(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let mut items = Vec::new();
    for number in 0..25 {
        let id = tenant.create_consent_type().await;
        if number < 21 {
            tenant.post(versions_path(&id), &json!({"url": "https://example.com/next"})).await.expect(201);
        }
        items.push(with(&item(&id), "version", Some(json!(1))));
    }
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let posting = |items: &[Value], key: &str| {
        let request = visitor.request(Method::POST, events_path(&project)).json(&json!({"items": items}));
        visitor.send(request.header("Idempotency-Key", key))
    };
    let named: Vec<String> = (0..21).map(|position| format!("items[{position}].version")).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    posting(&items, "a").await.expect_field_errors(422, "UNPROCESSABLE_ENTITY", &named);
    items[20] = with(&items[20], "version", Some(json!(2)));
    assert_eq!(posting(&items, "b").await.expect(201)["count"], 25);
    // Not the first uses any more.
    items[20] = with(&items[20], "version", Some(json!(1)));
    assert_eq!(posting(&items, "c").await.expect(201)["count"], 25);
}

async fn consents_end_by_the_calendar(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    for (duration, months, seconds) in [("P1Y6M", 18, 0), ("P30D", 0, 30 * 86_400), ("P1MT90M", 1, 5400)] {
        let id = consent_type_with(&tenant, &json!({"consentDuration": duration})).await;
        let body = tenant.post(events_path(&project), &accepted(&id)).await.expect(201);
        let event = &body["items"][0];
        let end = time(&event["consentDate"]) + Months::new(months) + chrono::Duration::seconds(seconds);
        assert_eq!(time(&event["expirationDate"]), end, "{duration}");
    }
}

async fn twenty_five_items_are_taken(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let mut ids = Vec::new();
    for _ in 0..25 {
        ids.push(tenant.create_consent_type().await);
    }
    let items: Vec<Value> = ids.iter().map(|id| item(id)).collect();
    let body = tenant.post(events_path(&project), &json!({"items": items})).await.expect(201);
    assert_eq!(body["count"], 25);
    for (index, id) in ids.iter().enumerate() {
        assert_eq!(body["items"][index]["consentType"], **id);
        assert_eq!(tenant.get(version_path(id, "1")).await.expect(200)["isUsed"], true);
    }
    let same: Vec<Value> = (0..25).map(|_| item(&ids[0])).collect();
    assert_eq!(tenant.post(events_path(&project), &json!({"items": same})).await.expect(201)["count"], 25);
    let over: Vec<Value> = (0..26).map(|_| item(&ids[0])).collect();
    tenant.post(events_path(&project), &json!({"items": over})).await.expect_field_errors(
        400,
        "BAD_REQUEST",
        &["items"],
    );
}

async fn all_items_or_none(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let mut items = Vec::new();
    let mut paths = Vec::new();
    for _ in 0..24 {
        let id = tenant.create_consent_type().await;
        paths.push(version_path(&id, "1"));
        items.push(item(&id));
    }
    items.push(item("00000000-0000-0000-0000-000000000000"));
    let response = tenant.post(events_path(&project), &json!({"items": items})).await;
    response.expect_field_errors(422, "UNPROCESSABLE_ENTITY", &["items[24].consentType"]);
    items[24] = json!({"consentType": "nonsense", "consentState": "accepted", "consentAction": "import"});
    let response = tenant.post(events_path(&project), &json!({"items": items})).await;
    response.expect_field_errors(400, "BAD_REQUEST", &["items[24].consentType"]);
    // No version was used, so no event was stored.
    for path in paths {
        assert_eq!(tenant.get(path).await.expect(200)["isUsed"], false);
    }
}

async fn unknown_consent_types_are_unprocessable(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let other = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let id = tenant.create_consent_type().await;
    let foreign = other.create_consent_type().await;
    let triple = json!({"category": "a", "subcategory": "b", "label": "c", "consentState": "accepted", "consentAction": "import"});
    let items = json!({"items": [item(&foreign), item(&id), triple]});
    let response = tenant.post(events_path(&project), &items).await;
    response.expect_error(422, "UNPROCESSABLE_ENTITY");
    let named = response.error_fields();
    assert!(named.len() == 2 && named[0] == "items[0].consentType" && named[1].starts_with("items[2]"), "{response}");
    // An unknown project is a 404 first.
    let strange = other.create_project().await;
    tenant.post(events_path(&strange), &items).await.expect_error(404, "NOT_FOUND");
}

/// The clock stands still, so all that was read stays cached.
async fn no_error_comes_from_a_cache(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let clocked = system.clocked().await;
    let on_site = tenant.by(&clocked.client);
    let body = consent_type_with_triple("news");
    let first = text(&tenant.post(CATALOG, &body).await.expect(201), "id");
    let placed = json!({
        "category": "marketing", "subcategory": "email", "label": "news", "consentState": "accepted",
        "consentAction": "import",
    });
    let events = |item: &Value| json!({"items": [item]});
    // This finds the type, and uses no version of it.
    let no_version = events(&with(&placed, "version", Some(json!(2))));
    on_site.post(events_path(&project), &no_version).await.expect_field_errors(
        422,
        "UNPROCESSABLE_ENTITY",
        &["items[0].version"],
    );
    tenant.delete(consent_type_path(&first)).await.expect_no_content();
    on_site.post(events_path(&project), &events(&placed)).await.expect_field_errors(
        422,
        "UNPROCESSABLE_ENTITY",
        &["items[0].label"],
    );
    let second = text(&tenant.post(CATALOG, &body).await.expect(201), "id");
    let recorded = on_site.post(events_path(&project), &events(&placed)).await.expect(201);
    assert_eq!(recorded["items"][0]["consentType"], second);
    on_site.post(events_path(&project), &no_version).await.expect_field_errors(
        422,
        "UNPROCESSABLE_ENTITY",
        &["items[0].version"],
    );
    tenant.post(versions_path(&second), &json!({"url": "https://example.com/2"})).await.expect(201);
    let recorded = on_site.post(events_path(&project), &no_version).await.expect(201);
    assert_eq!(recorded["items"][0]["version"], 2);
}

async fn states_outside_the_valid_ones_are_unprocessable(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let strict = consent_type_with(&tenant, &json!({"validStates": ["accepted", "declined"]})).await;
    let viewed = with(&item(&strict), "consentState", Some(json!("viewed")));
    let items = json!({"items": [item(&strict), viewed]});
    let response = tenant.post(events_path(&project), &items).await;
    response.expect_field_errors(422, "UNPROCESSABLE_ENTITY", &["items[1].consentState"]);
    assert_eq!(tenant.get(version_path(&strict, "1")).await.expect(200)["isUsed"], false);
    let declined = with(&item(&strict), "consentState", Some(json!("declined")));
    tenant.post(events_path(&project), &json!({"items": [declined]})).await.expect(201);
}

async fn is_strict(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let call = Call { caller: &tenant, method: Method::POST, path: events_path(&project), body: accepted(&id) };
    call.refuses(&[
        ("items", json!([])),
        ("items", json!({})),
        ("items", json!("x")),
        ("items[0]", json!("x")),
        ("items[0]", Value::Null),
        ("items[0].consentType", json!("nonsense")),
        ("items[0].consentType", json!(1)),
        ("items[0].consentState", json!("Accepted")),
        ("items[0].consentState", json!("")),
        ("items[0].consentState", json!(1)),
        ("items[0].consentAction", json!("click")),
        ("items[0].consentAction", json!([])),
        ("items[0].version", json!("1")),
        ("items[0].version", json!(0)),
        ("items[0].version", json!(-1)),
        ("items[0].version", json!(1.5)),
        ("items[0].version", json!(4_294_967_296_u64)),
    ])
    .await;
    // A consent type is named by its id or by its whole triple, not by both.
    let nothing = with(&call.body, "items[0].consentType", None);
    tenant.post(&call.path, &nothing).await.expect_error(400, "BAD_REQUEST");
    let both = json!({"items": [{"consentType": id, "category": "a", "subcategory": "b", "label": "c", "consentState": "viewed", "consentAction": "import"}]});
    tenant.post(&call.path, &both).await.expect_error(400, "BAD_REQUEST");
    for missing in ["category", "subcategory", "label"] {
        let body = with(&with(&both, "items[0].consentType", None), &format!("items[0].{missing}"), None);
        let response = tenant.post(&call.path, &body).await;
        response.expect_error(400, "BAD_REQUEST");
        assert!(response.error_fields().iter().all(|field| field.starts_with("items[0].")), "{response}");
    }
    let bad_label = with(&with(&both, "items[0].consentType", None), "items[0].label", Some(json!("Upper-Case")));
    tenant.post(&call.path, &bad_label).await.expect_field_errors(400, "BAD_REQUEST", &["items[0].label"]);
    assert_eq!(tenant.get(version_path(&id, "1")).await.expect(200)["isUsed"], false);
}
