//! `POST /v1/dpdp/consent-checks`

use assent_tests::contents::ItemKey;
use assent_tests::fixtures::{
    CHECKS, GRANTS, NOTICES, RECORDS, Tenant, child_grant, grant, grant_path, in_future, notice, now, record, text,
    unique, until_after, with, withdraw_path,
};
use assent_tests::like::time;
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{Duration, Months};
use futures_util::future::join_all;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    a_consent_allows_until_it_ends,
    every_reason_has_its_code,
    the_latest_decision_is_the_reason,
    a_question_can_name_notice_grant_and_scope,
    a_material_change_of_the_notice_asks_again,
    answers_are_in_the_order_of_the_questions,
    nothing_is_written_unless_the_check_is_logged,
    entries_of_older_records_have_no_summary,
    is_strict;
    on each engine:
    a_long_list_is_read_to_its_end,
];

async fn ask(tenant: &Tenant, items: Value) -> Vec<Value> {
    let answer = tenant.post(CHECKS, &json!({"items": items})).await.expect(200);
    assert!((now() - time(&answer["checkedAt"])).abs() < Duration::minutes(1));
    answer["items"].as_array().expect("answers").clone()
}

/// The answer about the purpose `analytics`.
async fn about(tenant: &Tenant, principal: &str) -> Value {
    ask(tenant, json!([{"dataPrincipalId": principal, "purpose": "analytics"}])).await.remove(0)
}

async fn expect_code(tenant: &Tenant, principal: &str, code: &str) {
    let answer = about(tenant, principal).await;
    assert_eq!((&answer["code"], &answer["allowed"]), (&json!(code), &json!(code == "ALLOWED")), "{answer}");
}

async fn a_consent_allows_until_it_ends(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let never = json!({
        "purpose": "analytics", "allowed": false, "code": "NEVER_GIVEN", "recordId": null, "noticeId": null,
        "noticeVersion": null, "language": null, "validUntil": null,
    });
    assert_eq!(about(&tenant, &principal).await, never);
    let created = tenant.create_record_of(&principal).await;
    let mut expected = json!({
        "purpose": "analytics", "allowed": true, "code": "ALLOWED", "recordId": created["recordId"],
        "noticeId": created["consentNoticeId"], "noticeVersion": "2.0", "language": "en",
        "validUntil": created["processingExpiresAt"],
    });
    assert_eq!(about(&tenant, &principal).await, expected);
    // Neither another person, another purpose nor another organisation learns of it.
    assert_eq!(about(&tenant, &unique("user")).await, never);
    let other = ask(&tenant, json!([{"dataPrincipalId": principal, "purpose": "personalization"}])).await;
    assert_eq!(other[0]["code"], "NEVER_GIVEN");
    assert_eq!(about(&Tenant::new(system).await, &principal).await, never);
    tenant.post(withdraw_path(&created), &json!({"reason": "x"})).await.expect(200);
    expected["allowed"] = json!(false);
    expected["code"] = json!("WITHDRAWN");
    expected["validUntil"] = json!(null);
    assert_eq!(about(&tenant, &principal).await, expected);
    tenant.erase(&principal).await;
    assert_eq!(about(&tenant, &principal).await, never);
}

/// A grant until then, and a record of it until then.
async fn ending(tenant: &Tenant, principal: &str, grant_ends: Option<&str>, record_ends: &str) -> Value {
    let body = with(&grant(principal), "expiresAt", Some(json!(grant_ends)));
    let grant = tenant.post(GRANTS, &body).await.expect(201);
    let notice = tenant.create_notice().await;
    let body = with(&record(&grant, &notice, principal), "processingExpiresAt", Some(json!(record_ends)));
    tenant.post(RECORDS, &body).await.expect(201)
}

async fn every_reason_has_its_code(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (soon, later) = (in_future(Duration::seconds(12)), in_future(Duration::days(9)));
    let expiring = unique("user");
    let recorded = ending(&tenant, &expiring, None, &soon).await;
    assert_eq!(about(&tenant, &expiring).await["validUntil"], recorded["processingExpiresAt"]);
    let of_grant = unique("user");
    ending(&tenant, &of_grant, Some(&soon), &later).await;
    assert_eq!(about(&tenant, &of_grant).await["validUntil"], json!(soon), "a grant's end is an end");
    let both = unique("user");
    ending(&tenant, &both, Some(&soon), &soon).await;

    let partly = tenant.create_record_of(&unique("user")).await;
    let partly_of = text(&partly, "dataPrincipalId");
    tenant.post(withdraw_path(&partly), &json!({"reason": "x", "purposes": ["analytics"]})).await.expect(200);
    expect_code(&tenant, &partly_of, "WITHDRAWN").await;

    let revoked = tenant.create_record_of(&unique("user")).await;
    tenant.delete(grant_path(&revoked)).await.expect_no_content();
    expect_code(&tenant, &text(&revoked, "dataPrincipalId"), "GRANT_REVOKED").await;

    let root = tenant.create_grant("of-root").await;
    let child = tenant.post(GRANTS, &child_grant(&root, "of-root")).await.expect(201);
    let notice = tenant.create_notice().await;
    tenant.post(RECORDS, &record(&child, &notice, "of-root")).await.expect(201);
    expect_code(&tenant, "of-root", "ALLOWED").await;
    tenant.delete(grant_path(&root)).await.expect_no_content();
    expect_code(&tenant, "of-root", "GRANT_REVOKED").await;

    let refused = json!({
        "dataPrincipalId": "no", "consentNoticeId": notice["noticeId"],
        "purposes": [{"code": "analytics", "description": "x", "decision": "denied"}],
    });
    tenant.post(RECORDS, &refused).await.expect(201);
    expect_code(&tenant, "no", "DENIED").await;

    until_after(time(&json!(soon))).await;
    expect_code(&tenant, &expiring, "EXPIRED").await;
    expect_code(&tenant, &of_grant, "GRANT_EXPIRED").await;
    // Of several reasons the first counts.
    expect_code(&tenant, &both, "GRANT_EXPIRED").await;
    // A withdrawal is a decision after the expiry.
    tenant.post(withdraw_path(&recorded), &json!({"reason": "x"})).await.expect(200);
    expect_code(&tenant, &expiring, "WITHDRAWN").await;
}

async fn the_latest_decision_is_the_reason(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let body = record(&grant, &notice, "user-1");
    let first = tenant.post(RECORDS, &body).await.expect(201);
    let mut refusal = with(&body, "purposes[0].decision", Some(json!("denied")));
    let denial = tenant.post(RECORDS, &refusal).await.expect(201);
    let answer = about(&tenant, "user-1").await;
    assert_eq!((&answer["code"], &answer["recordId"]), (&json!("DENIED"), &denial["recordId"]));
    // A consent after it allows again, and a denial under another notice does not end that.
    let second = tenant.post(RECORDS, &body).await.expect(201);
    refusal["consentNoticeId"] = tenant.create_notice().await["noticeId"].clone();
    tenant.post(RECORDS, &refusal).await.expect(201);
    let answer = about(&tenant, "user-1").await;
    assert_eq!((&answer["code"], &answer["recordId"]), (&json!("ALLOWED"), &second["recordId"]));
    // A renewal takes its place; with the withdrawal of the renewal nothing is left.
    let renewal = with(&body, "renews", Some(second["recordId"].clone()));
    let third = tenant.post(RECORDS, &renewal).await.expect(201);
    assert_eq!(about(&tenant, "user-1").await["recordId"], third["recordId"]);
    tenant.post(withdraw_path(&third), &json!({"reason": "x"})).await.expect(200);
    let answer = about(&tenant, "user-1").await;
    assert_eq!((&answer["code"], &answer["recordId"]), (&json!("WITHDRAWN"), &third["recordId"]));
    // What was renewed without a purpose no longer grants it.
    let fourth = tenant.post(RECORDS, &body).await.expect(201);
    let mut without = with(&body, "renews", Some(fourth["recordId"].clone()));
    without["purposes"][0]["code"] = json!("personalization");
    tenant.post(RECORDS, &without).await.expect(201);
    let answer = about(&tenant, "user-1").await;
    assert_eq!((&answer["code"], &answer["recordId"]), (&json!("WITHDRAWN"), &fourth["recordId"]));
    assert_eq!(first["status"], "active");
}

async fn a_question_can_name_notice_grant_and_scope(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let root = tenant.create_grant("user-1").await;
    let child = tenant.post(GRANTS, &child_grant(&root, "user-1")).await.expect(201);
    let (notice, other) = (tenant.create_notice().await, tenant.create_notice().await);
    let other_grant = tenant.create_grant("user-1").await;
    tenant.post(RECORDS, &record(&child, &notice, "user-1")).await.expect(201);
    let asked = async |name: &str, value: &Value| {
        let item = json!({"dataPrincipalId": "user-1", "purpose": "analytics", name: value});
        text(&ask(&tenant, json!([item])).await[0], "code")
    };
    assert_eq!(asked("noticeId", &notice["noticeId"]).await, "ALLOWED");
    assert_eq!(asked("noticeId", &other["noticeId"]).await, "NEVER_GIVEN");
    assert_eq!(asked("noticeId", &json!("never registered / at all")).await, "NEVER_GIVEN");
    assert_eq!(asked("grantId", &child["grantId"]).await, "ALLOWED");
    // What is delegated from a grant is under it.
    assert_eq!(asked("grantId", &root["grantId"]).await, "ALLOWED");
    assert_eq!(asked("grantId", &other_grant["grantId"]).await, "NEVER_GIVEN");
    assert_eq!(asked("scope", &json!("orders:read")).await, "ALLOWED");
    // The parent has this scope, but the child does not.
    assert_eq!(asked("scope", &json!("profile:read")).await, "NEVER_GIVEN");
}

async fn a_material_change_of_the_notice_asks_again(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let version = async |notice: &Value, version: &str, change: Value| {
        let mut body = with(notice, "version", Some(json!(version)));
        for (name, value) in change.as_object().expect("members") {
            body[name] = value.clone();
        }
        tenant.post(NOTICES, &body).await.expect(201)
    };
    let consented = async |notice: &Value, version: &str, principal: &str| {
        let grant = tenant.create_grant(principal).await;
        let body = with(&record(&grant, notice, principal), "consentNoticeVersion", Some(json!(version)));
        tenant.post(RECORDS, &body).await.expect(201)
    };
    // No check has asked about these notices before, so none is cached.
    let by = in_future(Duration::days(3));
    for (number, (changes, code, until)) in [
        (vec![json!({"change": "editorial"})], "ALLOWED", None),
        (vec![json!({})], "RECONSENT_DUE", None),
        (vec![json!({"change": "material", "reconsentBy": by})], "RECONSENT_DUE", Some(&by)),
        (vec![json!({"reconsentBy": "2026-01-01T00:00:00Z"})], "RECONSENT_REQUIRED", None),
        // The editorial change after it does not hide the material one.
        (vec![json!({"change": "material"}), json!({"change": "editorial"})], "RECONSENT_DUE", None),
    ]
    .into_iter()
    .enumerate()
    {
        let (principal, notice) = (format!("user-{number}"), notice());
        let first = version(&notice, "1", json!({})).await;
        let created = consented(&first, "1", &principal).await;
        let count = changes.len();
        for (number, change) in changes.into_iter().enumerate() {
            version(&notice, &format!("2.{number}"), change).await;
        }
        let answer = about(&tenant, &principal).await;
        let allowed = code != "RECONSENT_REQUIRED";
        assert_eq!((&answer["code"], &answer["allowed"]), (&json!(code), &json!(allowed)), "{count}: {answer}");
        assert_eq!((&answer["recordId"], &answer["noticeVersion"]), (&created["recordId"], &json!("1")));
        let until = until.map_or(created["processingExpiresAt"].clone(), |by| json!(by));
        assert_eq!(answer["validUntil"], if allowed { until } else { json!(null) });
        // A new consent to the newest version is enough.
        let again = consented(&first, &format!("2.{}", count - 1), &principal).await;
        let answer = about(&tenant, &principal).await;
        if code != "ALLOWED" {
            assert_eq!((&answer["code"], &answer["recordId"]), (&json!("ALLOWED"), &again["recordId"]));
        }
    }
    // A version that is published after a check counts five seconds later at the latest.
    let notice = notice();
    consented(&version(&notice, "1", json!({})).await, "1", "later").await;
    expect_code(&tenant, "later", "ALLOWED").await;
    version(&notice, "2", json!({})).await;
    until_after(now() + Duration::seconds(5)).await;
    expect_due(&tenant, "later").await;
}

async fn expect_due(tenant: &Tenant, principal: &str) {
    let answer = about(tenant, principal).await;
    assert_eq!((&answer["code"], &answer["allowed"]), (&json!("RECONSENT_DUE"), &json!(true)), "{answer}");
}

async fn answers_are_in_the_order_of_the_questions(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let person = |number: usize| format!("user-{number}");
    let made = (0..100).filter(|number| number % 3 == 0).map(async |number| {
        let grant = tenant.create_grant(&person(number)).await;
        tenant.post(RECORDS, &record(&grant, &notice, &person(number))).await.expect(201)
    });
    join_all(made).await;
    let item = |number: usize| json!({"dataPrincipalId": person(number), "purpose": "analytics"});
    let answers = ask(&tenant, (0..100).map(item).collect()).await;
    assert_eq!(answers.len(), 100);
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer["allowed"], json!(number % 3 == 0), "{number}: {answer}");
    }
    // The same person and the same question may come again.
    let item = |number: usize| {
        let purpose = if number.is_multiple_of(2) { "analytics" } else { "personalization" };
        json!({"dataPrincipalId": "user-0", "purpose": purpose})
    };
    for (number, answer) in ask(&tenant, (0..100).map(item).collect()).await.iter().enumerate() {
        assert_eq!(answer["allowed"], json!(number % 2 == 0), "{number}: {answer}");
    }
}

async fn nothing_is_written_unless_the_check_is_logged(system: &'static System) {
    const TABLE: &str = "ConsentChecksTable";
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let created = tenant.create_record_of(&principal).await;
    let before = system.contents.of(tenant.id).await;
    let body = json!({"items": [{"dataPrincipalId": principal, "purpose": "analytics", "scope": "orders:read"}]});
    let answered = tenant.post(CHECKS, &body).await.expect(200);
    assert!(answered.get("decisionId").is_none());
    before.expect_unchanged(&system.contents.of(tenant.id).await);

    let logged = tenant.post(CHECKS, &with(&body, "log", Some(json!(true)))).await.expect(200);
    let after = system.contents.of(tenant.id).await;
    let id = text(&logged, "decisionId");
    let item = after.at(TABLE, &format!("{}#{id}", tenant.id), "check").expect("the logged check");
    let shown = format!("{item:?}");
    for kept in ["analytics", "orders:read", "ALLOWED", &text(&created, "recordId")] {
        assert!(shown.contains(kept), "{kept}: {shown}");
    }
    assert!(!shown.contains(&principal), "{shown}");
    assert!(after.mentioning(&principal).iter().all(|key| key.table != TABLE));
    let removable: i64 = item["removableAt"].as_n().expect("a number").parse().expect("seconds");
    assert!(removable >= (now() + Months::new(12)).timestamp() - 60, "{removable}");
    // A hundred of the longest questions are logged too, in one item.
    let long = "𝄞".repeat(128);
    let longest = json!({"purpose": long, "noticeId": long, "grantId": long, "scope": long});
    let longest = (0..100).map(|number| with(&longest, "dataPrincipalId", Some(json!(format!("person-{number}")))));
    let longest = json!({"log": true, "items": longest.collect::<Vec<_>>()});
    assert!(tenant.post(CHECKS, &longest).await.expect(200)["decisionId"].is_string());
    // The same person has the same pseudonym, and others have others.
    let two = json!({"log": true, "items": [body["items"][0], {"dataPrincipalId": "x", "purpose": "analytics"}]});
    let id = text(&tenant.post(CHECKS, &two).await.expect(200), "decisionId");
    let after = system.contents.of(tenant.id).await;
    let second = after.at(TABLE, &format!("{}#{id}", tenant.id), "check").expect("the logged check");
    let persons = |item: &std::collections::HashMap<String, AttributeValue>| -> Vec<String> {
        let items = item["items"].as_l().expect("a list").iter();
        items.map(|item| item.as_m().expect("a map")["person"].as_s().expect("a text").clone()).collect()
    };
    assert_eq!(persons(item)[0], persons(second)[0]);
    assert_ne!(persons(second)[0], persons(second)[1]);
}

/// Records and grants from before their entries had summaries are read themselves.
async fn entries_of_older_records_have_no_summary(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.create_record_of("user-1").await;
    let contents = system.contents.of(tenant.id).await;
    let older: Vec<(ItemKey, _)> = ["ConsentRecordsTable", "GrantsTable"]
        .into_iter()
        .flat_map(|table| contents.in_table(table))
        .filter(|(_, item)| item.contains_key("summary"))
        .map(|(key, item)| (key.clone(), item.clone()))
        .collect();
    assert_eq!(older.len(), 2);
    for (key, mut item) in older {
        item.remove("summary");
        system.contents.put(&key.table, vec![item]).await;
    }
    expect_code(&tenant, "user-1", "ALLOWED").await;
    tenant.post(withdraw_path(&created), &json!({"reason": "x", "revokeGrant": true})).await.expect(200);
    expect_code(&tenant, "user-1", "WITHDRAWN").await;
}

/// The entries of these records have more than the megabyte that one query returns.
async fn a_long_list_is_read_to_its_end(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let purposes: Vec<Value> =
        (0..50).map(|number| json!({"code": format!("{number:x>64}"), "description": "x"})).collect();
    let long = with(&notice(), "purposes", Some(json!(purposes)));
    let long = tenant.post(NOTICES, &long).await.expect(201);
    let (grant, short) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let first = tenant.post(RECORDS, &record(&grant, &short, "user-1")).await.expect(201);
    let body = with(&record(&grant, &long, "user-1"), "purposes", Some(json!(purposes)));
    for _ in 0..15 {
        let created = join_all((0..10).map(|_| tenant.post(RECORDS, &body))).await;
        assert!(created.iter().all(|response| response.status() == 201));
    }
    let last = tenant
        .post(RECORDS, &with(&record(&grant, &short, "user-1"), "purposes[0].code", Some(json!("personalization"))));
    let last = last.await.expect(201);
    let item = |purpose: &str| json!({"dataPrincipalId": "user-1", "purpose": purpose});
    let answers =
        ask(&tenant, json!([item("analytics"), item("personalization"), item(&text(&purposes[49], "code"))])).await;
    assert_eq!((&answers[0]["recordId"], &answers[1]["recordId"]), (&first["recordId"], &last["recordId"]));
    assert!(answers.iter().all(|answer| answer["allowed"] == true), "{answers:?}");
}

async fn is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let item = json!({
        "dataPrincipalId": "user-1", "purpose": "analytics", "noticeId": "n", "grantId": "g", "scope": "s",
    });
    let body = json!({"items": [item], "log": false});
    let call = Call { caller: &tenant, method: Method::POST, path: CHECKS.to_owned(), body: body.clone() };
    let spoiled = [
        each("items", vec![json!([]), json!({}), json!(vec![item; 101])]),
        each("items[0].dataPrincipalId", not_texts(256)),
        each("items[0].purpose", not_texts(128)),
        each("items[0].noticeId", not_texts(128)),
        each("items[0].grantId", not_texts(128)),
        each("items[0].scope", not_texts(128)),
        each("log", vec![json!("yes"), json!(1)]),
    ]
    .concat();
    call.refuses(&spoiled).await;
    call.requires(&["items", "items[0].dataPrincipalId", "items[0].purpose"]).await;
    call.names_the_nearest("items[0].purposes", "items[0].purpose").await;
    tenant.post(CHECKS, &body).await.expect(200);
    tenant
        .with_scopes(&["checks:read", "records:write"])
        .await
        .post(CHECKS, &body)
        .await
        .expect_error(403, "FORBIDDEN");
    tenant.with_scopes(&["checks:write"]).await.post(CHECKS, &body).await.expect(200);
}
