//! `POST` and `GET /v1/dpdp/grievances`, `GET` and `PATCH …/{grievanceId}`

use assent_tests::fixtures::{GRIEVANCES, Tenant, encoded, grievance, grievance_path, text, unique, with};
use assent_tests::like::{now, time};
use assent_tests::pages::{Page, texts};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use chrono::{Datelike, Duration};
use futures_util::{StreamExt, stream};
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    submits_a_grievance,
    reads_a_grievance,
    the_response_period_sets_the_day,
    the_named_record_is_the_principals_own,
    reviews_and_resolves_a_grievance,
    any_other_transition_is_refused,
    resolved_and_rejected_need_a_resolution,
    evidence_takes_any_json_up_to_its_limit,
    creation_is_strict,
    update_is_strict,
    takes_the_longest_field_values,
    lists_the_newest_first,
    lists_the_grievances_of_one_principal,
    lists_by_status,
    the_pages_make_up_the_list,
    the_list_is_strict;
    on each engine:
    lists_long_resolutions_in_several_pages,
];

async fn submits_a_grievance(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let response = tenant.post(GRIEVANCES, &grievance("user-1")).await;
    let body = response.expect_like(
        202,
        &json!({
            "grievanceId": "<grv_>",
            "referenceNumber": format!("<GRV-{}->", now().year()),
            "type": "access-request",
            "status": "submitted",
            "expectedResolutionBy": "<time>",
            "createdAt": "<time>",
        }),
    );
    assert_eq!(time(&body["expectedResolutionBy"]) - time(&body["createdAt"]), Duration::days(7));
    assert_eq!(response.header("location"), Some(grievance_path(&body).as_str()));
    // The reference number contains the ULID of the grievance.
    let ulid = text(&body, "referenceNumber").rsplit('-').next().map(ToOwned::to_owned);
    assert_eq!(Some(text(&body, "grievanceId").replace("grv_", "")), ulid);
}

async fn reads_a_grievance(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let given = with(&grievance(&text(&record, "dataPrincipalId")), "recordId", Some(record["recordId"].clone()));
    let created = tenant.post(GRIEVANCES, &given).await.expect(202);
    let bare = ["evidence"].iter().fold(grievance("user-1"), |body, field| with(&body, field, None));
    let bare_created = tenant.post(GRIEVANCES, &bare).await.expect(202);
    for (created, given) in [(created, given), (bare_created, bare)] {
        let read = tenant.get(grievance_path(&created)).await.expect_like(
            200,
            &json!({
                "grievanceId": created["grievanceId"],
                "referenceNumber": created["referenceNumber"],
                "type": given["type"],
                "status": "submitted",
                "dataPrincipalId": given["dataPrincipalId"],
                "recordId": given.get("recordId"),
                "description": given["description"],
                "evidence": given.get("evidence"),
                "expectedResolutionBy": created["expectedResolutionBy"],
                "resolution": null,
                "resolvedAt": null,
                "createdAt": created["createdAt"],
                "updatedAt": created["createdAt"],
            }),
        );
        assert_eq!(tenant.get(grievance_path(&created)).await.expect(200), read);
    }
}

async fn the_response_period_sets_the_day(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (given, days) in [(json!(1), 1), (json!(90), 90), (Value::Null, 7)] {
        let body = with(&grievance("user-1"), "responsePeriodDays", Some(given));
        let created = tenant.post(GRIEVANCES, &body).await.expect(202);
        assert_eq!(time(&created["expectedResolutionBy"]) - time(&created["createdAt"]), Duration::days(days));
    }
}

async fn the_named_record_is_the_principals_own(system: &'static System) {
    let (tenant, other) = (Tenant::new(system).await, Tenant::new(system).await);
    let (record, of_another) = (tenant.create_record().await, tenant.create_record().await);
    let foreign = other.create_record().await;
    let principal = text(&record, "dataPrincipalId");
    let mut messages = Vec::new();
    for (principal, named) in [
        (principal.clone(), of_another["recordId"].clone()),
        (principal.clone(), foreign["recordId"].clone()),
        (text(&foreign, "dataPrincipalId"), foreign["recordId"].clone()),
        (principal.clone(), json!("cr_01ARZ3NDEKTSV4RRFFQ69G5FAV")),
        (principal.clone(), json!("no record")),
    ] {
        let body = with(&grievance(&principal), "recordId", Some(named));
        let response = tenant.post(GRIEVANCES, &body).await;
        response.expect_field_errors(400, "INVALID_RECORD", &["recordId"]);
        messages.push(response.message_of("recordId"));
    }
    // Another tenant's record gets the same response as an unknown one.
    assert!(messages[1..].iter().all(|message| *message == messages[1]), "{messages:?}");
    // A record that was withdrawn may be named too.
    let withdraw = assent_tests::fixtures::withdraw_path(&record);
    tenant.post(withdraw, &json!({"reason": "No more"})).await.expect(200);
    let body = with(&grievance(&principal), "recordId", Some(record["recordId"].clone()));
    tenant.post(GRIEVANCES, &body).await.expect(202);
}

/// The body of a change of status.
fn step(status: &str) -> Value {
    match status {
        "resolved" | "rejected" => json!({"status": status, "resolution": "We have sent it"}),
        _ => json!({"status": status}),
    }
}

async fn reviews_and_resolves_a_grievance(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for last in ["resolved", "rejected"] {
        let created = tenant.create_grievance("user-1").await;
        let path = grievance_path(&created);
        let submitted = tenant.get(&path).await.expect(200);
        let in_review = tenant.patch(&path, &step("in_review")).await.expect(200);
        let mut expected = submitted.clone();
        expected["status"] = json!("in_review");
        expected["updatedAt"] = in_review["updatedAt"].clone();
        assert_eq!(in_review, expected);
        assert!(time(&in_review["updatedAt"]) > time(&submitted["updatedAt"]));
        assert_eq!(tenant.get(&path).await.expect(200), in_review);

        let ended = tenant.patch(&path, &step(last)).await.expect(200);
        expected["status"] = json!(last);
        expected["resolution"] = json!("We have sent it");
        expected["updatedAt"] = ended["updatedAt"].clone();
        expected["resolvedAt"] = ended["updatedAt"].clone();
        assert_eq!(ended, expected);
        assert!(time(&ended["updatedAt"]) > time(&in_review["updatedAt"]));
        assert_eq!(tenant.get(&path).await.expect(200), ended);
    }
}

async fn any_other_transition_is_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let all = ["submitted", "in_review", "resolved", "rejected"];
    for (way, allowed) in [
        (&[][..], &["in_review"][..]),
        (&["in_review"], &["resolved", "rejected"]),
        (&["in_review", "resolved"], &[]),
        (&["in_review", "rejected"], &[]),
    ] {
        let path = grievance_path(&tenant.create_grievance("user-1").await);
        for status in way {
            tenant.patch(&path, &step(status)).await.expect(200);
        }
        let before = tenant.get(&path).await.expect(200);
        for status in all.iter().filter(|status| !allowed.contains(status)) {
            tenant.patch(&path, &step(status)).await.expect_error(409, "INVALID_TRANSITION");
        }
        assert_eq!(tenant.get(&path).await.expect(200), before);
    }
}

async fn resolved_and_rejected_need_a_resolution(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = grievance_path(&tenant.create_grievance("user-1").await);
    tenant.patch(&path, &step("in_review")).await.expect(200);
    for body in [
        json!({"status": "resolved"}),
        json!({"status": "rejected", "resolution": null}),
        json!({"status": "in_review", "resolution": "Early"}),
        json!({"status": "submitted", "resolution": "Early"}),
    ] {
        tenant.patch(&path, &body).await.expect_field_errors(400, "BAD_REQUEST", &["resolution"]);
    }
    assert_eq!(tenant.get(&path).await.expect(200)["status"], "in_review");
}

async fn evidence_takes_any_json_up_to_its_limit(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let deep = (0..60).fold(json!("bottom"), |inner, _| json!({"d": inner}));
    // {"k":"…"} is 32 KiB as compact JSON.
    let full = json!({"k": "x".repeat(32 * 1024 - 8)});
    for evidence in [
        json!({}),
        json!({"": "", "a.b": {"c[0]": 1}, "$set": "#x :y", "list": [1, 1, null, []]}),
        json!({"large": 1e300, "small": 5e-324, "exact": 9_007_199_254_740_993_i64, "most": u64::MAX}),
        deep,
        full,
    ] {
        let body = with(&grievance("user-1"), "evidence", Some(evidence.clone()));
        let created = tenant.post(GRIEVANCES, &body).await.expect(202);
        assert_eq!(tenant.get(grievance_path(&created)).await.expect(200)["evidence"], evidence);
        let patched = tenant.patch(grievance_path(&created), &step("in_review")).await.expect(200);
        assert_eq!(patched["evidence"], evidence);
    }
    let over = with(&grievance("user-1"), "evidence", Some(json!({"k": "x".repeat(32 * 1024 - 7)})));
    tenant.post(GRIEVANCES, &over).await.expect_field_errors(400, "BAD_REQUEST", &["evidence"]);
}

async fn creation_is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let body = with(&grievance("user-1"), "responsePeriodDays", Some(json!(30)));
    let call = Call { caller: &tenant, method: Method::POST, path: GRIEVANCES.to_owned(), body };
    let spoiled = [
        each("dataPrincipalId", not_texts(256)),
        each("type", not_texts(128)),
        each("description", not_texts(10_000)),
        each("recordId", not_texts(128)),
        each("evidence", vec![json!("{}"), json!([]), json!(1), json!({"k": ["a\u{0}b"]}), json!({"a\u{7}b": 1})]),
        each(
            "responsePeriodDays",
            vec![json!(0), json!(91), json!(-1), json!(1.5), json!(u64::MAX), json!(1e300), json!("7"), json!([7])],
        ),
    ]
    .concat();
    call.refuses(&spoiled).await;
    // Members that only a PATCH may set.
    for field in ["status", "resolution", "grievanceId", "referenceNumber"] {
        let body = with(&grievance("user-1"), field, Some(json!("submitted")));
        tenant.post(GRIEVANCES, &body).await.expect_field_errors(400, "BAD_REQUEST", &[field]);
    }
    let faulty = json!({"type": "", "description": 1, "evidence": [], "responsePeriodDays": 0, "more": 1});
    let fields = ["dataPrincipalId", "type", "description", "evidence", "responsePeriodDays", "more"];
    tenant.post(GRIEVANCES, &faulty).await.expect_field_errors(400, "BAD_REQUEST", &fields);
}

async fn update_is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = grievance_path(&tenant.create_grievance("user-1").await);
    tenant.patch(&path, &step("in_review")).await.expect(200);
    let call = Call { caller: &tenant, method: Method::PATCH, path: path.clone(), body: step("resolved") };
    call.requires(&["resolution"]).await;
    let spoiled = [
        each("status", vec![json!("Resolved"), json!("closed"), json!(""), json!(1), json!(["resolved"])]),
        each("resolution", not_texts(10_000)),
    ]
    .concat();
    call.refuses(&spoiled).await;
    tenant.patch(&path, &step("resolved")).await.expect(200);
}

async fn takes_the_longest_field_values(system: &'static System) {
    let tenant = Tenant::new(system).await;
    // Characters of four bytes each: the largest grievance there can be.
    let long = "𝄞".repeat(10_000);
    let mut body = grievance(&"𝄞".repeat(256));
    body["type"] = json!("𝄞".repeat(128));
    body["description"] = json!(long);
    body["evidence"] = json!({"k": "\\".repeat(16 * 1024 - 4)});
    let create = tenant.posting(GRIEVANCES, &body).header("Idempotency-Key", unique("key"));
    let created = tenant.send(create).await.expect(202);
    let path = grievance_path(&created);
    tenant.patch(&path, &step("in_review")).await.expect(200);
    let last = json!({"status": "resolved", "resolution": long});
    let last = tenant.patching(&path, &last).header("Idempotency-Key", unique("key"));
    let resolved = tenant.send(last).await.expect(200);
    assert_eq!((&resolved["resolution"], &resolved["description"]), (&json!(long), &json!(long)));
    assert_eq!(tenant.get(&path).await.expect(200), resolved);
}

/// A grievance as a list shows it.
fn listed(grievance: &Value) -> Value {
    with(&with(grievance, "description", None), "evidence", None)
}

async fn lists_the_newest_first(system: &'static System) {
    let tenant = Tenant::new(system).await;
    tenant.get(GRIEVANCES).await.expect_like(200, &json!({"grievances": [], "nextCursor": null}));
    let mut expected = Vec::new();
    for number in 0..5 {
        let created = tenant.create_grievance(&format!("user-{number}")).await;
        expected.insert(0, listed(&tenant.get(grievance_path(&created)).await.expect(200)));
    }
    let everything = json!({"grievances": expected, "nextCursor": null});
    assert_eq!(tenant.get(GRIEVANCES).await.expect(200), everything);
    // A list shows grievances as they are.
    let path = format!("{GRIEVANCES}/{}", text(&expected[2], "grievanceId"));
    for status in ["in_review", "rejected"] {
        let patched = tenant.patch(&path, &step(status)).await.expect(200);
        expected[2] = listed(&patched);
        assert_eq!(tenant.get(GRIEVANCES).await.expect(200)["grievances"], json!(expected));
        let own = tenant.get(format!("{GRIEVANCES}?dataPrincipalId=user-2")).await.expect(200);
        assert_eq!(own["grievances"], json!([expected[2]]));
    }
}

async fn lists_the_grievances_of_one_principal(system: &'static System) {
    let (tenant, other) = (Tenant::new(system).await, Tenant::new(system).await);
    let names = ["user#1", "user 1/ü&", "user%231"];
    other.create_grievance(names[0]).await;
    let mut created = Vec::new();
    for name in names.iter().chain(&names) {
        created.insert(0, text(&tenant.create_grievance(name).await, "grievanceId"));
    }
    for (position, name) in names.iter().rev().enumerate() {
        let query = encoded(name);
        let listed = pages(&tenant, &format!("dataPrincipalId={query}")).await;
        assert_eq!(texts(&listed, "grievanceId"), [&*created[position], &created[position + 3]], "{name}");
    }
    let nobody = tenant.get(format!("{GRIEVANCES}?dataPrincipalId=nobody")).await;
    nobody.expect_like(200, &json!({"grievances": [], "nextCursor": null}));
}

/// The pages of the list that this query asks for.
async fn pages(tenant: &Tenant, query: &str) -> Vec<Page> {
    assent_tests::pages::pages(tenant, &format!("{GRIEVANCES}?{query}"), "grievances").await
}

/// The ids of the grievances on a page.
fn ids(page: &Page) -> Vec<String> {
    page.texts("grievanceId")
}

async fn lists_by_status(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let way = ["in_review", "resolved"];
    let mut created = Vec::new();
    for number in 0..12 {
        let grievance = tenant.create_grievance(["ann", "bob"][number % 2]).await;
        for status in way.iter().take(number % 3) {
            tenant.patch(grievance_path(&grievance), &step(status)).await.expect(200);
        }
        created.push((number, text(&grievance, "grievanceId")));
    }
    created.reverse();
    for (left, status) in ["submitted", "in_review", "resolved"].iter().enumerate() {
        for (principal, of) in [("", None), ("&dataPrincipalId=ann", Some(0)), ("&dataPrincipalId=bob", Some(1))] {
            let wanted =
                created.iter().filter(|(number, _)| number % 3 == left && of.is_none_or(|of| number % 2 == of));
            let wanted: Vec<&str> = wanted.map(|(_, id)| id.as_str()).collect();
            for limit in [1, 3, 50] {
                let pages = pages(&tenant, &format!("status={status}{principal}&limit={limit}")).await;
                assert_eq!(texts(&pages, "grievanceId"), wanted, "{status}{principal}, {limit} at a time");
                assert!(pages.iter().all(|page| page.items.len() <= limit));
            }
        }
    }
    let none = tenant.get(format!("{GRIEVANCES}?status=rejected")).await;
    none.expect_like(200, &json!({"grievances": [], "nextCursor": null}));
}

async fn the_pages_make_up_the_list(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for _ in 0..11 {
        tenant.create_grievance("user-1").await;
    }
    for query in ["", "dataPrincipalId=user-1&"] {
        let whole = pages(&tenant, &format!("{query}limit=200")).await;
        assert_eq!((whole.len(), whole[0].items.len()), (1, 11));
        let pages = pages(&tenant, &format!("{query}limit=4")).await;
        assert_eq!(pages.iter().map(|page| page.items.len()).collect::<Vec<_>>(), [4, 4, 3]);
        assert_eq!(texts(&pages, "grievanceId"), ids(&whole[0]));
    }
}

/// A page ends at about 4 MB, whatever its limit.
async fn lists_long_resolutions_in_several_pages(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let last = json!({"status": "resolved", "resolution": "𝄞".repeat(10_000)});
    let resolved = stream::iter(0..108).map(async |_| {
        let grievance = tenant.create_grievance("user-1").await;
        tenant.patch(grievance_path(&grievance), &step("in_review")).await.expect(200);
        tenant.patch(grievance_path(&grievance), &last).await.expect(200);
        text(&grievance, "grievanceId")
    });
    let mut created: Vec<String> = resolved.buffer_unordered(6).collect().await;
    created.sort_unstable();
    created.reverse();
    for query in ["limit=200", "limit=200&dataPrincipalId=user-1&status=resolved"] {
        let pages = pages(&tenant, query).await;
        assert_eq!(texts(&pages, "grievanceId"), created, "{query}");
        assert_eq!(pages.len(), 2, "{query}");
        assert!(pages.iter().all(|page| json!(page.items).to_string().len() < 4_400_000));
    }
}

async fn the_list_is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for number in 0..3 {
        tenant.create_grievance(&format!("user-{number}")).await;
    }
    for (query, fields) in [
        ("status=closed", &["status"][..]),
        ("status=", &["status"]),
        ("status=submitted&status=resolved", &["status"]),
        ("dataPrincipalId=%20", &["dataPrincipalId"]),
        ("status=x&dataPrincipalId=&limit=x&cursor=&more=1", &["status", "dataPrincipalId", "limit", "cursor", "more"]),
    ] {
        tenant.get(format!("{GRIEVANCES}?{query}")).await.expect_field_errors(400, "BAD_REQUEST", fields);
    }
    // A cursor belongs to one list with its filters.
    let first = tenant.get(format!("{GRIEVANCES}?limit=1")).await.expect(200);
    let cursor = text(&first, "nextCursor");
    tenant.get(format!("{GRIEVANCES}?cursor={cursor}")).await.expect(200);
    for other in ["status=submitted", "dataPrincipalId=user-1"] {
        let response = tenant.get(format!("{GRIEVANCES}?{other}&cursor={cursor}")).await;
        response.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
    }
}
