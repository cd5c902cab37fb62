//! `POST` and `GET /open-api/v1/consent-catalog`, `GET`, `PATCH` and `DELETE …/{consentCatalogId}`

use assent_tests::fixtures::{
    CATALOG, Tenant, accepted, consent_type, consent_type_path, events_path, text, unique, version_path, versions_path,
    with,
};
use assent_tests::like::time;
use assent_tests::pages::{pages, texts};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};

pub(crate) mod version;

crate::trials![
    creates_a_consent_type_and_its_first_version,
    creates_a_consent_type_with_a_triple,
    a_triple_is_whole_or_absent,
    is_strict,
    durations_are_those_of_iso_8601,
    takes_the_longest_field_values,
    lists_a_bare_array_with_a_link_to_the_next,
    reads_a_consent_type_as_it_is_now,
    edits_title_and_description,
    the_edit_is_strict,
    a_deleted_type_is_gone_with_its_versions,
    the_triple_of_a_deleted_type_is_free;
    on each engine:
    a_triple_is_taken_once,
    a_type_in_use_is_not_deleted,
    a_type_with_many_versions_is_deleted,
];

async fn creates_a_consent_type_and_its_first_version(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let response = tenant.post(CATALOG, &consent_type()).await;
    let created = response.expect_like(
        201,
        &json!({
            "companyId": tenant.id.to_string(),
            "id": "<uuid>",
            "title": "Privacy policy",
            "description": "What we do with your data",
            "type": "privacyPolicy",
            "latestVersion": "1",
            "category": null,
            "subcategory": null,
            "label": null,
            "validStates": ["implied", "viewed", "accepted", "declined"],
            "consentDuration": "P12M",
            "createdAt": "<epoch seconds>",
        }),
    );
    let id = text(&created, "id");
    tenant.get(version_path(&id, "1")).await.expect_like(
        200,
        &json!({
            "companyId": tenant.id.to_string(),
            "consentCatalogId": id,
            "version": "1",
            "type": "privacyPolicy",
            "createdAt": created["createdAt"],
            "url": "https://example.com/policy",
            "description": "First edition",
            "isUsed": false,
        }),
    );
}

fn newsletter() -> Value {
    json!({
        "type": "customPolicy",
        "title": "Newsletter",
        "typeEntry": {"url": "https://example.com/newsletter"},
        "category": "marketing",
        "subcategory": "email",
        "label": "newsletter_*",
        "validStates": ["accepted", "declined"],
        "consentDuration": "P1Y6M",
    })
}

async fn creates_a_consent_type_with_a_triple(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.post(CATALOG, &newsletter()).await.expect(201);
    for field in ["category", "subcategory", "label", "validStates", "consentDuration", "type", "title"] {
        assert_eq!(created[field], newsletter()[field], "{field}");
    }
    assert_eq!(created["description"], Value::Null);
    let version = tenant.get(version_path(&text(&created, "id"), "1")).await.expect(200);
    assert_eq!((&version["description"], &version["type"]), (&Value::Null, &json!("customPolicy")));
}

async fn a_triple_is_taken_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    tenant.post(CATALOG, &newsletter()).await.expect(201);
    tenant.post(CATALOG, &with(&newsletter(), "title", Some(json!("Other")))).await.expect_error(409, "CONFLICT");
    for field in ["category", "subcategory", "label"] {
        tenant.post(CATALOG, &with(&newsletter(), field, Some(json!("other")))).await.expect(201);
    }
    // Triples with special characters in their names stay different.
    let named = |category: &str, subcategory: &str| {
        let body = with(&newsletter(), "category", Some(json!(category)));
        with(&body, "subcategory", Some(json!(subcategory)))
    };
    for (category, subcategory) in
        [("a#b", "c"), ("a", "b#c"), ("a/b", "c"), ("a", "b/c"), ("a:b", "c"), ("a", "b:c"), ("a%23b", "c")]
    {
        tenant.post(CATALOG, &named(category, subcategory)).await.expect(201);
    }
    Tenant::new(system).await.post(CATALOG, &newsletter()).await.expect(201);
    // Without a triple, two consent types may be equal.
    tenant.post(CATALOG, &consent_type()).await.expect(201);
    tenant.post(CATALOG, &consent_type()).await.expect(201);
}

async fn a_triple_is_whole_or_absent(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for missing in
        [&["category"][..], &["subcategory"], &["label"], &["category", "subcategory"], &["subcategory", "label"]]
    {
        let mut body = newsletter();
        for field in missing {
            body = with(&body, field, Some(Value::Null));
        }
        tenant.post(CATALOG, &body).await.expect_field_errors(400, "BAD_REQUEST", missing);
    }
}

async fn is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let call = Call {
        caller: &tenant,
        method: Method::POST,
        path: CATALOG.to_owned(),
        body: with(&newsletter(), "typeEntry.description", Some(json!("x"))),
    };
    let not_kinds = || vec![json!("Accepted"), json!("other"), json!(""), json!(1)];
    let spoiled = [
        each("type", vec![json!("PrivacyPolicy"), json!("cookiePolicy"), json!(""), json!(1)]),
        each("title", not_texts(200)),
        each("description", not_texts(2000)),
        each("typeEntry", vec![json!("https://example.com"), json!([])]),
        each("typeEntry.url", not_urls()),
        each("typeEntry.description", not_texts(2000)),
        each("category", not_texts(128)),
        each("subcategory", not_texts(128)),
        each("label", not_texts(128)),
        each("label", ["Label", "la-bel", "la bel", "é", "label\n"].map(|label| json!(label)).to_vec()),
        each("validStates", vec![json!([]), json!("accepted"), json!({})]),
        each("validStates[1]", not_kinds()),
        each("validStates[1]", vec![json!("accepted"), Value::Null]),
        each("consentDuration", not_texts(100)),
    ]
    .concat();
    call.refuses(&spoiled).await;
}

/// Values that are not absolute http or https URLs of at most 2048 characters.
pub(crate) fn not_urls() -> Vec<Value> {
    let texts = [
        "example.com/policy",
        "/policy",
        "//example.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "https://",
        "http:///policy",
        "https:example.com",
        "https://exa mple.com",
        "https://example.com/a b",
        "https://[::1",
        "https://example.com:99999",
    ];
    let mut values = texts.map(|text| json!(text)).to_vec();
    values.extend(not_texts(2048));
    values.push(json!(format!("https://example.com/{}", "x".repeat(2048 - 19))));
    values
}

async fn durations_are_those_of_iso_8601(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let with_duration = |duration: &str| with(&consent_type(), "consentDuration", Some(json!(duration)));
    for good in ["P12M", "P1Y", "P1Y2M3DT4H5M6S", "P2W", "PT1S", "P100Y", "P1200M", "P36525D"] {
        let created = tenant.post(CATALOG, &with_duration(good)).await.expect(201);
        assert_eq!(created["consentDuration"], good);
    }
    for bad in [
        "12M",
        "P",
        "PT",
        "P1",
        "P1YT",
        "PM",
        "P-1Y",
        "+P1Y",
        "p1y",
        "P1Y ",
        "P1D1Y",
        "P1M1M",
        "P1H",
        "PT1D",
        "P0D",
        "P1.5Y",
        "P101Y",
        "P1201M",
        "P36526D",
        "P100YT1S",
        "P99999999999999999999Y",
        "P1é",
    ] {
        tenant.post(CATALOG, &with_duration(bad)).await.expect_field_errors(400, "BAD_REQUEST", &["consentDuration"]);
    }
    // A consent of the longest duration.
    let longest = text(&tenant.post(CATALOG, &with_duration("P100Y")).await.expect(201), "id");
    let project = tenant.create_project().await;
    let body = tenant.post(events_path(&project), &accepted(&longest)).await.expect(201);
    let years = (time(&body["items"][0]["expirationDate"]) - time(&body["items"][0]["consentDate"])).num_days() / 365;
    assert_eq!(years, 100);
}

async fn takes_the_longest_field_values(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (field, value) in [
        ("title", json!("é".repeat(200))),
        ("description", json!("x".repeat(2000))),
        ("typeEntry.url", json!(format!("https://example.com/{}", "x".repeat(2048 - 20)))),
        ("typeEntry.url", json!("http://192.0.2.1:8080/a?b=c#d")),
        ("typeEntry.description", json!("x".repeat(2000))),
        ("category", json!("é".repeat(128))),
        ("label", json!("*".repeat(128))),
        ("validStates", json!(["declined"])),
    ] {
        let elsewhere = with(&newsletter(), "subcategory", Some(json!(unique("subcategory"))));
        let response = tenant.post(CATALOG, &with(&elsewhere, field, Some(value))).await;
        assert_eq!(response.status(), 201, "{field}: {response}");
    }
}

async fn lists_a_bare_array_with_a_link_to_the_next(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let empty = tenant.get(CATALOG).await;
    assert_eq!((empty.expect(200), empty.header("link")), (json!([]), None));
    let mut expected = Vec::new();
    for body in [consent_type(), newsletter(), consent_type()] {
        expected.insert(0, tenant.post(CATALOG, &body).await.expect(201));
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let whole = tenant.get(CATALOG).await;
    assert_eq!((whole.expect(200), whole.header("link")), (json!(expected), None));
    // The link is used as it is.
    let first = tenant.get(format!("{CATALOG}?limit=2")).await;
    assert_eq!(first.expect(200), json!(expected[..2]));
    let link = first.header("link").expect("a Link");
    let next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).expect("a next page");
    assert!(next.starts_with(&format!("{CATALOG}?")), "{next}");
    let second = tenant.get(next).await;
    assert_eq!((second.expect(200), second.header("link")), (json!(expected[2..]), None));
}

async fn reads_a_consent_type_as_it_is_now(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for body in [consent_type(), newsletter()] {
        let created = tenant.post(CATALOG, &body).await.expect(201);
        let id = text(&created, "id");
        assert_eq!(tenant.get(consent_type_path(&id)).await.expect(200), created);
        tenant.post(versions_path(&id), &json!({"url": "https://example.com/2"})).await.expect(201);
        let newer = with(&created, "latestVersion", Some(json!("2")));
        assert_eq!(tenant.get(consent_type_path(&id)).await.expect(200), newer);
        assert_eq!(tenant.get(CATALOG).await.expect(200)[0], newer);
    }
}

async fn edits_title_and_description(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let mut expected = tenant.post(CATALOG, &newsletter()).await.expect(201);
    let path = consent_type_path(&text(&expected, "id"));
    for change in [
        json!({"title": "Another"}),
        json!({"description": "And its description"}),
        json!({"title": "A third", "description": null}),
        json!({"title": null, "description": "x"}),
        json!({"title": "A third", "description": "x"}),
    ] {
        for (field, value) in change.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            expected = with(&expected, field, Some(value.clone()));
        }
        // A repeat changes nothing.
        for _ in 0..2 {
            assert_eq!(tenant.patch(&path, &change).await.expect(200), expected);
        }
        assert_eq!(tenant.get(&path).await.expect(200), expected);
        assert_eq!(tenant.get(CATALOG).await.expect(200), json!([expected]));
    }
    // People agree to a version, so the title of a used type may change.
    let project = tenant.create_project().await;
    tenant.post(events_path(&project), &accepted(&text(&expected, "id"))).await.expect(201);
    expected = with(&expected, "title", Some(json!("Used")));
    assert_eq!(tenant.patch(&path, &json!({"title": "Used"})).await.expect(200), expected);
}

async fn the_edit_is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = tenant.create_consent_type().await;
    let call = Call {
        caller: &tenant,
        method: Method::PATCH,
        path: consent_type_path(&id),
        body: json!({"title": "Another", "description": "x"}),
    };
    call.refuses(&[each("title", not_texts(200)), each("description", not_texts(2000))].concat()).await;
    for fixed in ["type", "category", "label", "latestVersion", "consentDuration", "validStates", "typeEntry"] {
        tenant.patch(consent_type_path(&id), &json!({"title": "x", fixed: "x"})).await.expect_field_errors(
            400,
            "BAD_REQUEST",
            &[fixed],
        );
    }
    for nothing in [json!({}), json!({"title": null, "description": null})] {
        tenant.patch(consent_type_path(&id), &nothing).await.expect_error(400, "BAD_REQUEST");
    }
}

async fn a_deleted_type_is_gone_with_its_versions(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let kept = tenant.post(CATALOG, &consent_type()).await.expect(201);
    let before = system.contents.of(tenant.id).await;
    let id = text(&tenant.post(CATALOG, &newsletter()).await.expect(201), "id");
    for _ in 0..2 {
        tenant.post(versions_path(&id), &json!({"url": "https://example.com/2"})).await.expect(201);
    }
    tenant.delete(consent_type_path(&id)).await.expect_no_content();
    tenant.get(consent_type_path(&id)).await.expect_error(404, "NOT_FOUND");
    tenant.patch(consent_type_path(&id), &json!({"title": "x"})).await.expect_error(404, "NOT_FOUND");
    tenant.delete(consent_type_path(&id)).await.expect_error(404, "NOT_FOUND");
    let url = json!({"url": "https://example.com/3"});
    tenant.post(versions_path(&id), &url).await.expect_error(404, "NOT_FOUND");
    for version in ["1", "2", "3"] {
        tenant.get(version_path(&id, version)).await.expect_error(404, "NOT_FOUND");
        tenant.patch(version_path(&id, version), &url).await.expect_error(404, "NOT_FOUND");
    }
    let project = tenant.create_project().await;
    tenant.post(events_path(&project), &accepted(&id)).await.expect_error(422, "UNPROCESSABLE_ENTITY");
    assert_eq!(tenant.get(CATALOG).await.expect(200), json!([kept]));
    // No item of it is left.
    let after = system.contents.of(tenant.id).await;
    assert_eq!(after.in_table("ConsentCatalogTable").count(), before.in_table("ConsentCatalogTable").count());
}

async fn the_triple_of_a_deleted_type_is_free(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let first = text(&tenant.post(CATALOG, &newsletter()).await.expect(201), "id");
    tenant.post(CATALOG, &newsletter()).await.expect_error(409, "CONFLICT");
    // With the idempotency key the repeat gets the same response; without it, the type is not found.
    let deletion = || tenant.request(Method::DELETE, consent_type_path(&first)).header("Idempotency-Key", "deletion");
    let response = tenant.send(deletion()).await;
    response.expect_no_content();
    tenant.send(deletion()).await.expect_replay_of(&response);
    tenant.delete(consent_type_path(&first)).await.expect_error(404, "NOT_FOUND");
    let second = text(&tenant.post(CATALOG, &newsletter()).await.expect(201), "id");
    assert_ne!(first, second);
    // A repeat of the deletion does not delete the new type with the same triple.
    tenant.send(deletion()).await.expect_replay_of(&response);
    tenant.get(consent_type_path(&second)).await.expect(200);
    let item = json!({"category": "marketing", "subcategory": "email", "label": "newsletter_*", "consentState": "accepted", "consentAction": "import"});
    let project = tenant.create_project().await;
    let events = tenant.post(events_path(&project), &json!({"items": [item]})).await.expect(201);
    assert_eq!(events["items"][0]["consentType"], second);
}

async fn a_type_in_use_is_not_deleted(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    // The used version is the newest, the oldest, or one in between.
    for (before, after) in [(0, 0), (0, 1), (1, 1), (2, 100)] {
        let id = tenant.create_consent_type().await;
        let versions = versions_path(&id);
        let url = json!({"url": "https://example.com/next"});
        for _ in 0..before {
            tenant.post(&versions, &url).await.expect(201);
        }
        tenant.post(events_path(&project), &accepted(&id)).await.expect(201);
        for _ in 0..after {
            tenant.post(&versions, &url).await.expect(201);
        }
        let read = tenant.get(consent_type_path(&id)).await.expect(200);
        for _ in 0..2 {
            tenant.delete(consent_type_path(&id)).await.expect_error(409, "CONSENT_TYPE_IN_USE");
        }
        assert_eq!(tenant.get(consent_type_path(&id)).await.expect(200), read);
        for version in 1..=1 + before + after {
            tenant.get(version_path(&id, &version.to_string())).await.expect(200);
        }
    }
}

async fn a_type_with_many_versions_is_deleted(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = text(&tenant.post(CATALOG, &newsletter()).await.expect(201), "id");
    for _ in 1..120 {
        tenant.post(versions_path(&id), &json!({"url": "https://example.com/next"})).await.expect(201);
    }
    tenant.delete(consent_type_path(&id)).await.expect_no_content();
    tenant.get(consent_type_path(&id)).await.expect_error(404, "NOT_FOUND");
    for version in ["1", "29", "30", "31", "120"] {
        tenant.get(version_path(&id, version)).await.expect_error(404, "NOT_FOUND");
        let url = json!({"url": "https://example.com/other"});
        tenant.patch(version_path(&id, version), &url).await.expect_error(404, "NOT_FOUND");
    }
    let again = text(&tenant.post(CATALOG, &newsletter()).await.expect(201), "id");
    assert_eq!(texts(&pages(&tenant, CATALOG, "").await, "id"), [again]);
}
