//! `POST /v1/dpdp/data-principals/{principalId}/erasure`, `GET /v1/dpdp/erasure-requests/{requestId}`

use std::collections::BTreeSet;
use std::time::Duration as Time;

use assent_tests::client::Request;
use assent_tests::contents::Item;
use assent_tests::fault_proxy::{Fault, Matching};
use assent_tests::fixtures::{
    Caller, EXPORTS, GRANTS, GRIEVANCES, RECORDS, SESSION, Tenant, export, export_path, grant, grievance,
    grievance_path, in_future, now, record, text, unique, with, withdraw_path,
};
use assent_tests::like::time;
use assent_tests::pages::{pages, texts};
use assent_tests::race::{at_once, until_overlapping};
use assent_tests::system::System;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{Datelike, Duration};
use futures_util::future::{join, join_all};
use futures_util::{StreamExt, stream};
use hyper::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use ulid::Ulid;

crate::trials![
    erases_a_person_and_tells_of_it,
    who_never_had_a_record_is_not_found,
    unknown_and_foreign_requests_are_the_same_404,
    records_of_every_status_are_erased,
    an_erased_record_cannot_be_withdrawn,
    lists_no_longer_lead_to_the_person,
    grants_are_revoked_and_those_that_were_usable_counted,
    grievances_lose_the_person_and_their_words,
    exports_about_the_person_are_gone,
    sessions_lose_the_person,
    nothing_new_is_made_under_the_old_grants,
    a_new_record_makes_it_a_new_request,
    a_repeat_under_a_key_is_the_same_answer,
    the_person_is_nowhere_afterwards,
    names_are_decoded_once,
    others_stay_as_they_are,
    ten_at_once_are_one_request,
    what_is_made_meanwhile_is_erased_or_left_for_the_next,
    more_than_a_call_takes_is_erased_by_repeats,
    wherever_the_database_is_cut_off_a_repeat_finishes,
];

const RECORDS_TABLE: &str = "ConsentRecordsTable";

fn principal_path(principal: &str, rest: &str) -> String {
    format!("/v1/dpdp/data-principals/{}/{rest}", utf8_percent_encode(principal, NON_ALPHANUMERIC))
}

fn erasing(caller: &Caller, principal: &str) -> Request {
    caller.request(Method::POST, principal_path(principal, "erasure"))
}

/// Erases a person whole. On a busy machine that may take more than one call.
async fn erase(caller: &Caller, principal: &str) -> Value {
    for _ in 0..100 {
        let request = caller.send(erasing(caller, principal)).await.expect(201);
        if request["status"] == "completed" {
            return request;
        }
    }
    unreachable!("{principal} is never erased");
}

fn request_path(request: &Value) -> String {
    format!("/v1/dpdp/erasure-requests/{}", text(request, "requestId"))
}

fn record_path(record: &Value) -> String {
    format!("{RECORDS}/{}", text(record, "recordId"))
}

fn grant_path(grant: &Value) -> String {
    format!("{GRANTS}/{}", text(grant, "grantId"))
}

fn child(parent: &Value, principal: &str) -> Value {
    json!({"principalId": principal, "scopes": ["orders:read"], "parentGrantId": parent["grantId"]})
}

/// Records, grants, delegated grants, grievances and exports that a request has taken care of.
fn counts(request: &Value) -> [u64; 5] {
    ["recordsErased", "grantsRevoked", "delegatedGrantsRevoked", "grievancesRedacted", "exportsDeleted"]
        .map(|name| request[name].as_u64().expect("a number"))
}

/// A person who is in everything, once.
struct Person {
    id: String,
    grant: Value,
    record: Value,
    grievance: Value,
    export: Value,
    session: Value,
}

impl Person {
    /// What erases them counts this.
    const COUNTS: [u64; 5] = [1, 1, 0, 1, 1];

    async fn new(caller: &Caller, id: &str) -> Self {
        let (grant, notice) = (caller.create_grant(id).await, caller.create_notice().await);
        let record = caller.post(RECORDS, &record(&grant, &notice, id)).await.expect(201);
        let grievance = with(&grievance(id), "recordId", Some(record["recordId"].clone()));
        let export = with(&export(), "dataPrincipalId", Some(json!(id)));
        Self {
            grievance: caller.post(GRIEVANCES, &grievance).await.expect(202),
            export: caller.post(EXPORTS, &export).await.expect(201),
            session: caller.post(SESSION, &json!({"dataPrincipalId": id})).await.expect(201),
            id: id.to_owned(),
            grant,
            record,
        }
    }

    fn session_path(&self) -> String {
        format!("{SESSION}/{}", text(&self.session, "sessionId"))
    }
}

async fn erases_a_person_and_tells_of_it(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    let answer = tenant.send(erasing(&tenant, &person.id)).await;
    let body = answer.expect_like(
        201,
        &json!({
            "requestId": format!("<ER-{}->", now().year()),
            "dataPrincipalId": "user-1",
            "status": "completed",
            "recordsErased": 1,
            "grantsRevoked": 1,
            "delegatedGrantsRevoked": 0,
            "grievancesRedacted": 1,
            "exportsDeleted": 1,
            "retained": [
                {"category": "consent_records", "reason": "<text>", "count": 1},
                {"category": "audit_entries", "reason": "<text>"},
                {"category": "backups", "reason": "<text>"},
            ],
            "submittedAt": "<time>",
            "completedAt": "<time>",
            "expectedCompletionBy": "<time>",
        }),
    );
    assert!((now() - time(&body["submittedAt"])).abs() < Duration::minutes(1));
    assert!(time(&body["completedAt"]) >= time(&body["submittedAt"]));
    assert_eq!(time(&body["expectedCompletionBy"]) - time(&body["submittedAt"]), Duration::days(30));
    assert_eq!(answer.header("location"), Some(request_path(&body).as_str()));
    // What is read of it does not name the person.
    assert_eq!(tenant.get(request_path(&body)).await.expect(200), with(&body, "dataPrincipalId", None));
    tokio::time::sleep(Time::from_millis(5)).await;
    assert_eq!(erase(&tenant, "user-1").await, body);
    assert_eq!(tenant.get(request_path(&body)).await.expect(200), with(&body, "dataPrincipalId", None));
}

async fn who_never_had_a_record_is_not_found(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let stranger = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    // Whatever else there is of somebody is no record.
    let grant = tenant.create_grant("user-2").await;
    let grievance = tenant.create_grievance("user-2").await;
    let session = tenant.post(SESSION, &json!({"dataPrincipalId": "user-2"})).await.expect(201);
    let mut answers = Vec::new();
    for (caller, principal) in [(&tenant, "user-2"), (&tenant, "user-3"), (&stranger, "user-1"), (&tenant, "user-1 ")] {
        let body = caller.send(erasing(caller, principal)).await.expect_error(404, "NOT_FOUND");
        answers.push(with(&body, "requestId", None));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    for malformed in ["\u{0}", " ", "a\u{7}", &"x".repeat(257)] {
        tenant.send(erasing(&tenant, malformed)).await.expect_error(404, "NOT_FOUND");
    }
    assert_eq!(tenant.get(record_path(&person.record)).await.expect(200)["status"], "active");
    assert_eq!(tenant.get(grant_path(&grant)).await.expect(200), grant);
    assert_eq!(tenant.get(grievance_path(&grievance)).await.expect(200)["dataPrincipalId"], "user-2");
    let path = format!("{SESSION}/{}", text(&session, "sessionId"));
    assert_eq!(tenant.get(path).await.expect(200), session);
    // Once erased, a person has had one.
    let erased = erase(&tenant, "user-1").await;
    assert_eq!(erase(&tenant, "user-1").await, erased);
    stranger.send(erasing(&stranger, "user-1")).await.expect_error(404, "NOT_FOUND");
}

async fn unknown_and_foreign_requests_are_the_same_404(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let stranger = Tenant::new(system).await;
    Person::new(&tenant, "user-1").await;
    let id = text(&erase(&tenant, "user-1").await, "requestId");
    let ulid = id.rsplit('-').next().expect("a ULID").to_owned();
    let year = now().year();
    let malformed = [
        format!("ER-{}-{ulid}", year - 1),
        format!("ER-{ulid}"),
        format!("er-{year}-{ulid}"),
        format!("ER-{year}-{}", ulid.to_lowercase()),
        format!("ER-{year}-{ulid}0"),
        ulid,
        "x".to_owned(),
    ];
    let mut answers = Vec::new();
    for (caller, id) in [(&stranger, id.clone()), (&tenant, format!("ER-{year}-{}", Ulid::from_parts(1, 1)))]
        .into_iter()
        .chain(malformed.into_iter().map(|id| (&tenant, id)))
    {
        let answer = caller.get(format!("/v1/dpdp/erasure-requests/{id}")).await;
        answers.push(with(&answer.expect_error(404, "NOT_FOUND"), "requestId", None));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let reader = tenant.with_scopes(&["principals:read"]).await;
    reader.get(format!("/v1/dpdp/erasure-requests/{id}")).await.expect(200);
}

async fn records_of_every_status_are_erased(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let body = record(&grant, &notice, "user-1");
    let soon = with(&body, "processingExpiresAt", Some(json!(in_future(Duration::milliseconds(1500)))));
    let expired = tenant.post(RECORDS, &soon).await.expect(201);
    let active = tenant.post(RECORDS, &body).await.expect(201);
    let withdrawn = tenant.post(RECORDS, &body).await.expect(201);
    let reason = json!({"reason": "My own reason"});
    let withdrawal = tenant.post(withdraw_path(&withdrawn), &reason).await.expect(200);
    while now() <= time(&expired["processingExpiresAt"]) {
        tokio::time::sleep(Time::from_millis(50)).await;
    }
    let mut before = Vec::new();
    for (record, status) in [(&expired, "expired"), (&active, "active"), (&withdrawn, "withdrawn")] {
        let read = tenant.get(record_path(record)).await;
        assert_eq!(read.expect(200)["status"], status);
        before.push(read);
    }
    let erased = erase(&tenant, "user-1").await;
    assert_eq!(counts(&erased), [3, 1, 0, 0, 0]);
    for before in &before {
        let read = tenant.get(record_path(&before.body())).await;
        assert_ne!(read.header("etag"), before.header("etag"));
        let read = read.expect(200);
        assert!((now() - time(&read["erasedAt"])).abs() < Duration::minutes(1));
        let mut expected = before.body();
        for (field, value) in [
            ("status", json!("erased")),
            ("dataPrincipalId", Value::Null),
            ("withdrawnReason", Value::Null),
            ("commitmentSalt", Value::Null),
            ("erasedAt", read["erasedAt"].clone()),
            ("accessCount", json!(2)),
            ("lastAccessedAt", read["lastAccessedAt"].clone()),
        ] {
            expected[field] = value;
        }
        assert_eq!(read, expected);
    }
    let read = tenant.get(record_path(&withdrawn)).await.expect(200);
    assert_eq!(read["withdrawnAt"], withdrawal["withdrawnAt"]);
}

async fn an_erased_record_cannot_be_withdrawn(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    let before = tenant.create_record().await;
    tenant.post(withdraw_path(&before), &json!({"reason": "x"})).await.expect(200);
    erase(&tenant, "user-1").await;
    erase(&tenant, &text(&before, "dataPrincipalId")).await;
    for record in [&person.record, &before] {
        let read = tenant.get(record_path(record)).await.expect(200);
        for revoke in [false, true] {
            let body = json!({"reason": "Later", "revokeGrant": revoke, "deleteProcessedData": true});
            tenant.post(withdraw_path(record), &body).await.expect_error(409, "ALREADY_ERASED");
        }
        let again = tenant.get(record_path(record)).await.expect(200);
        for field in ["status", "withdrawnAt", "withdrawnReason", "erasedAt"] {
            assert_eq!(again[field], read[field]);
        }
    }
}

async fn lists_no_longer_lead_to_the_person(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    erase(&tenant, "user-1").await;
    for (path, member) in [
        (principal_path("user-1", "records"), "records"),
        (format!("{RECORDS}?dataPrincipalId=user-1"), "records"),
        (format!("{GRANTS}?principalId=user-1"), "grants"),
        (format!("{GRIEVANCES}?dataPrincipalId=user-1"), "grievances"),
        (format!("{RECORDS}?status=active"), "records"),
        (format!("{GRANTS}?status=active"), "grants"),
    ] {
        assert_eq!(tenant.get(&path).await.expect(200)[member], json!([]), "{path}");
    }
    for path in [RECORDS.to_owned(), format!("{RECORDS}?status=erased")] {
        let listed = tenant.get(path).await.expect(200)["records"].clone();
        let expected = ["recordId", "status", "dataPrincipalId"].map(|field| listed[0][field].clone());
        assert_eq!(expected, [person.record["recordId"].clone(), json!("erased"), Value::Null]);
        assert_eq!(listed.as_array().map(Vec::len), Some(1));
    }
    for path in [GRANTS.to_owned(), format!("{GRANTS}?status=revoked")] {
        let read = tenant.get(grant_path(&person.grant)).await.expect(200);
        assert_eq!(tenant.get(path).await.expect(200)["grants"], json!([read]));
    }
    let listed = tenant.get(GRIEVANCES).await.expect(200)["grievances"].clone();
    let read = tenant.get(grievance_path(&person.grievance)).await.expect(200);
    assert_eq!(listed, json!([with(&with(&read, "description", None), "evidence", None)]));
    // An export of everybody shows the record without the person.
    let exported = tenant.post(EXPORTS, &export()).await.expect(201)["data"]["consentRecords"].clone();
    assert_eq!(exported, tenant.get(RECORDS).await.expect(200)["records"]);
}

async fn grants_are_revoked_and_those_that_were_usable_counted(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let make = async |body: Value| tenant.post(GRANTS, &body).await.expect(201);
    // Roots: one with children and grandchildren, more of them than one step takes.
    let root = tenant.create_grant("user-1").await;
    let mut delegated = Vec::new();
    for _ in 0..15 {
        let child = make(child(&root, "user-1")).await;
        delegated.push(make(self::child(&child, "user-1")).await);
        delegated.push(child);
    }
    let bare = tenant.create_grant("user-1").await;
    // Nothing of these can be used, or only the upper part.
    let revoked = tenant.create_grant("user-1").await;
    let under_revoked = make(child(&revoked, "user-1")).await;
    tenant.delete(grant_path(&revoked)).await.expect_no_content();
    let pruned = tenant.create_grant("user-1").await;
    let cut = make(child(&pruned, "user-1")).await;
    let under_cut = make(child(&cut, "user-1")).await;
    tenant.delete(grant_path(&cut)).await.expect_no_content();
    let ending = Some(json!(in_future(Duration::seconds(4))));
    let expired = make(with(&grant("user-1"), "expiresAt", ending.clone())).await;
    let under_expired = make(child(&expired, "user-1")).await;
    let partly = tenant.create_grant("user-1").await;
    let expired_child = make(with(&child(&partly, "user-1"), "expiresAt", ending)).await;
    let other = tenant.create_grant("user-2").await;
    let notice = tenant.create_notice().await;
    tenant.post(RECORDS, &record(&root, &notice, "user-1")).await.expect(201);
    while now() <= time(&expired["expiresAt"]) {
        tokio::time::sleep(Time::from_millis(50)).await;
    }
    let kept = [&revoked, &under_revoked, &cut, &under_cut];
    let before = join_all(kept.map(|grant| tenant.get(grant_path(grant)))).await;
    let erased = erase(&tenant, "user-1").await;
    assert_eq!(counts(&erased), [1, 4, 30, 0, 0]);
    let all = [&root, &bare, &pruned, &expired, &under_expired, &partly, &expired_child];
    for grant in all.into_iter().chain(&delegated) {
        let read = tenant.get(grant_path(grant)).await.expect(200);
        assert_eq!((&read["status"], &read["principalId"]), (&json!("revoked"), &Value::Null));
        let apart = time(&read["revokedAt"]) - time(&erased["submittedAt"]);
        assert!(apart >= Duration::zero() && apart < Duration::minutes(1), "{read}");
    }
    // When those were first revoked stays.
    for before in before {
        let path = grant_path(&before.body());
        assert_eq!(tenant.get(path).await.expect(200), with(&before.body(), "principalId", Some(Value::Null)));
    }
    assert_eq!(tenant.get(grant_path(&other)).await.expect(200), other);
    assert_eq!(erase(&tenant, "user-1").await, erased);
}

async fn grievances_lose_the_person_and_their_words(system: &'static System) {
    let tenant = Tenant::new(system).await;
    tenant.create_grievance("user-2").await;
    let resolved = tenant.create_grievance("user-1").await;
    let in_review = tenant.create_grievance("user-1").await;
    let person = Person::new(&tenant, "user-1").await;
    let reviewing = json!({"status": "in_review"});
    for grievance in [&resolved, &in_review] {
        tenant.patch(grievance_path(grievance), &reviewing).await.expect(200);
    }
    let resolving = json!({"status": "resolved", "resolution": "We told user-1 all of it"});
    tenant.patch(grievance_path(&resolved), &resolving).await.expect(200);
    let mut before = Vec::new();
    for grievance in [&person.grievance, &in_review, &resolved] {
        before.push(tenant.get(grievance_path(grievance)).await);
    }
    assert_eq!(erase(&tenant, "user-1").await["grievancesRedacted"], 3);
    for before in before {
        let after = tenant.get(grievance_path(&before.body())).await;
        assert_ne!(after.header("etag"), before.header("etag"));
        let mut expected = before.body();
        for field in ["dataPrincipalId", "description", "evidence", "resolution"] {
            expected[field] = Value::Null;
        }
        // What was still open is so no longer.
        if expected["status"] != "resolved" {
            expected["status"] = json!("erased");
        }
        expected["updatedAt"] = after.body()["updatedAt"].clone();
        assert_eq!(after.expect(200), expected);
    }
    for (status, count) in [("erased", 2), ("resolved", 1), ("in_review", 0), ("submitted", 1)] {
        let listed = pages(&tenant, &format!("{GRIEVANCES}?status={status}"), "grievances").await;
        assert_eq!(listed.iter().map(|page| page.things.len()).sum::<usize>(), count, "{status}");
    }
    assert_eq!(tenant.get(format!("{GRIEVANCES}?dataPrincipalId=user-1")).await.expect(200)["grievances"], json!([]));
    let others = tenant.get(format!("{GRIEVANCES}?dataPrincipalId=user-2")).await.expect(200);
    assert_eq!(others["grievances"].as_array().map(Vec::len), Some(1));
}

async fn exports_about_the_person_are_gone(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    let other = Person::new(&tenant, "user-2").await;
    let access = json!({
        "type": "gdpr-article-15", "dateFrom": "2020-01-01", "dateTo": "2200-01-01", "dataPrincipalId": "user-1",
    });
    let access = tenant.post(EXPORTS, &access).await.expect(201);
    let everybody = tenant.post(EXPORTS, &export()).await.expect(201);
    assert_eq!(erase(&tenant, "user-1").await["exportsDeleted"], 2);
    for export in [&person.export, &access] {
        tenant.get(export_path(export)).await.expect_error(404, "NOT_FOUND");
    }
    assert_eq!(tenant.get(export_path(&other.export)).await.expect(200)["recordCount"], 1);
    let read = tenant.get(export_path(&everybody)).await.expect(200)["data"]["consentRecords"].clone();
    assert_eq!((&read[0]["dataPrincipalId"], &read[1]["dataPrincipalId"]), (&json!("user-2"), &Value::Null));
}

async fn sessions_lose_the_person(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    // More than one step takes.
    for _ in 0..11 {
        tenant.post(SESSION, &json!({"dataPrincipalId": "user-1"})).await.expect(201);
    }
    let id = &person.session["sessionId"];
    let said = json!({"sessionId": id, "metadata": {"name": "user-1"}, "closed": true, "closureReason": "user-1 left"});
    let before = tenant.patch(SESSION, &said).await;
    let other = tenant.post(SESSION, &json!({"dataPrincipalId": "user-2"})).await.expect(201);
    erase(&tenant, "user-1").await;
    let after = tenant.get(person.session_path()).await;
    assert_ne!(after.header("etag"), before.header("etag"));
    let mut expected = before.expect(200);
    for (field, value) in [("dataPrincipalId", Value::Null), ("metadata", json!({})), ("closureReason", Value::Null)] {
        expected[field] = value;
    }
    expected["updatedAt"] = after.body()["updatedAt"].clone();
    assert_eq!(after.expect(200), expected);
    let path = format!("{SESSION}/{}", text(&other, "sessionId"));
    assert_eq!(tenant.get(path).await.expect(200), other);
    assert!(system.contents.of(tenant.id).await.mentioning("user-1").is_empty());
}

async fn nothing_new_is_made_under_the_old_grants(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    let notice = tenant.create_notice().await;
    erase(&tenant, "user-1").await;
    for principal in ["user-1", "user-2"] {
        let body = record(&person.grant, &notice, principal);
        tenant.post(RECORDS, &body).await.expect_error(400, "INVALID_GRANT");
        tenant.post(GRANTS, &child(&person.grant, principal)).await.expect_error(400, "INVALID_GRANT");
    }
    let grievance = with(&grievance("user-1"), "recordId", Some(person.record["recordId"].clone()));
    tenant.post(GRIEVANCES, &grievance).await.expect_error(400, "INVALID_RECORD");
}

async fn a_new_record_makes_it_a_new_request(system: &'static System) {
    let tenant = Tenant::new(system).await;
    Person::new(&tenant, "user-1").await;
    let first = erase(&tenant, "user-1").await;
    let person = Person::new(&tenant, "user-1").await;
    let second = erase(&tenant, "user-1").await;
    assert_ne!(first["requestId"], second["requestId"]);
    assert_eq!((counts(&first), counts(&second)), (Person::COUNTS, Person::COUNTS));
    assert_eq!(tenant.get(record_path(&person.record)).await.expect(200)["status"], "erased");
    assert_eq!(erase(&tenant, "user-1").await, second);
    assert_eq!(tenant.get(request_path(&first)).await.expect(200), with(&first, "dataPrincipalId", None));
}

async fn a_repeat_under_a_key_is_the_same_answer(system: &'static System) {
    let tenant = Tenant::new(system).await;
    Person::new(&tenant, "user-1").await;
    let request = erasing(&tenant, "user-1").header("idempotency-key", "forget");
    let first = tenant.send(request.clone()).await;
    assert_eq!(counts(&first.expect(201)), Person::COUNTS);
    // Also where the call itself would be a new request by now.
    let person = Person::new(&tenant, "user-1").await;
    tenant.send(request).await.expect_replay_of(&first);
    assert_eq!(tenant.get(record_path(&person.record)).await.expect(200)["status"], "active");
    let other = erasing(&tenant, "user-2").header("idempotency-key", "forget");
    tenant.send(other).await.expect_error(404, "NOT_FOUND");
    Person::new(&tenant, "user-2").await;
    let other = erasing(&tenant, "user-2").header("idempotency-key", "forget");
    tenant.send(other).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
    let untouched = tenant.get(format!("{RECORDS}?dataPrincipalId=user-2")).await.expect(200);
    assert_eq!(untouched["records"][0]["status"], "active");
}

async fn the_person_is_nowhere_afterwards(system: &'static System) {
    let tenant = Tenant::new(system).await;
    // This much of it is never written in another way.
    let (mark, reason, words) = (unique("").replace('-', ""), unique("reason"), unique("words"));
    let id = format!("a#b%23/é?{mark}");
    let person = Person::new(&tenant, &id).await;
    let notice = tenant.create_notice().await;
    let given = record(&person.grant, &notice, &id);
    let given = tenant.posting(RECORDS, &given).header("idempotency-key", "given");
    let withdrawn = tenant.send(given.clone()).await.expect(201);
    let order = json!({"reason": reason, "deleteProcessedData": true});
    tenant.post(withdraw_path(&withdrawn), &order).await.expect(200);
    let body = with(&grievance(&id), "description", Some(json!(words)));
    let body = with(&body, "evidence", Some(json!({"said": [words]})));
    let resolved = tenant.post(GRIEVANCES, &body).await.expect(202);
    for step in [json!({"status": "in_review"}), json!({"status": "resolved", "resolution": format!("{id} {words}")})] {
        tenant.patch(grievance_path(&resolved), &step).await.expect(200);
    }
    let delegated = tenant.posting(GRANTS, &child(&person.grant, &id)).header("idempotency-key", "delegated");
    tenant.send(delegated.clone()).await.expect(201);
    let session = json!({"dataPrincipalId": id, "metadata": {"said": words}});
    let session = tenant.posting(SESSION, &session).header("idempotency-key", "session");
    tenant.send(session.clone()).await.expect(201);
    let before = system.contents.of(tenant.id).await;
    for text in [&mark, &reason, &words] {
        assert!(!before.mentioning(text).is_empty());
    }
    let erasing = erasing(&tenant, &id).header("idempotency-key", "erasing");
    let answer = tenant.send(erasing.clone()).await;
    tenant.send(erasing).await.expect_replay_of(&answer);
    let erased = answer.expect(201);
    assert_eq!(erased["dataPrincipalId"], id);
    assert_eq!(counts(&erased), [2, 1, 1, 2, 1]);
    // Whoever has the key still gets no answer that named them.
    for request in [given, delegated, session] {
        tenant.send(request).await.expect_error(410, "GONE");
    }
    let after = system.contents.of(tenant.id).await;
    for text in [&mark, &reason, &words] {
        assert!(after.mentioning(text).is_empty(), "{:?}", after.mentioning(text));
    }
}

async fn names_are_decoded_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let names = ["a#b%23 é/?", "a", "a#b", "a%23b", "a/b", "a%2Fb", "..", ".", "a+b", "a b", "🔑", "user/erasure"];
    let mut made = Vec::new();
    for name in names {
        let grant = tenant.create_grant(name).await;
        made.push(tenant.post(RECORDS, &record(&grant, &notice, name)).await.expect(201));
    }
    for (number, name) in names.iter().enumerate() {
        let erased = erase(&tenant, name).await;
        assert_eq!((&erased["dataPrincipalId"], counts(&erased)), (&json!(name), [1, 1, 0, 0, 0]));
        for (other, record) in made.iter().enumerate() {
            let status = tenant.get(record_path(record)).await.expect(200)["status"].clone();
            assert_eq!(status == "erased", other <= number, "{name}: {}", names[other]);
        }
    }
}

async fn others_stay_as_they_are(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let stranger = Tenant::new(system).await;
    Person::new(&tenant, "user-1").await;
    Person::new(&tenant, "user-2").await;
    Person::new(&stranger, "user-1").await;
    let (before, foreign) = (system.contents.of(tenant.id).await, system.contents.of(stranger.id).await);
    erase(&tenant, "user-1").await;
    let after = system.contents.of(tenant.id).await;
    assert_eq!(before.mentioning("user-2"), after.mentioning("user-2"));
    assert!(!before.mentioning("user-1").is_empty() && after.mentioning("user-1").is_empty());
    foreign.expect_unchanged(&system.contents.of(stranger.id).await);
}

async fn ten_at_once_are_one_request(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for round in 0..3 {
        until_overlapping(system, async || {
            let id = unique("user");
            let person = Person::new(&tenant, &id).await;
            let notice = tenant.create_notice().await;
            for _ in 0..30 {
                let body = record(&person.grant, &notice, &id);
                tenant.post(RECORDS, &body).await.expect(201);
            }
            let request = erasing(&tenant, &id);
            // With a key the answers are remembered as well.
            let request = if round == 2 { request.header("idempotency-key", &id) } else { request };
            let heat = at_once(system, &tenant.client, Matching::writes(&tenant.id), vec![request; 10]).await?;
            let requests: BTreeSet<String> = heat.of(201).map(|answer| text(&answer.body(), "requestId")).collect();
            assert_eq!((heat.count(201), requests.len()), (10, 1));
            let last = erase(&tenant, &id).await;
            assert_eq!((&last["status"], counts(&last)), (&json!("completed"), [31, 1, 0, 1, 1]));
            for answer in heat.answers {
                assert!(answer.body() == last || answer.body()["status"] == "in_progress", "{answer}");
            }
            Some(heat.overlapped)
        })
        .await;
    }
}

/// Records under the old grant, a child of it, withdrawals, and a new grant with a record come in
/// while the person is erased.
async fn what_is_made_meanwhile_is_erased_or_left_for_the_next(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    for _ in 0..5 {
        until_overlapping(system, async || {
            let id = unique("user");
            let grant = tenant.create_grant(&id).await;
            let body = record(&grant, &notice, &id);
            let mut old = Vec::new();
            for _ in 0..3 {
                old.push(tenant.post(RECORDS, &body).await.expect(201));
            }
            let withdrawal = |record: &Value, revoke: bool| {
                tenant.posting(withdraw_path(record), &json!({"reason": "Enough", "revokeGrant": revoke}))
            };
            let requests = vec![
                erasing(&tenant, &id),
                withdrawal(&old[0], false),
                withdrawal(&old[1], true),
                tenant.posting(GRANTS, &child(&grant, &id)),
                tenant.posting(RECORDS, &body),
                tenant.posting(RECORDS, &body),
            ];
            let held = Matching::writes(&tenant.id);
            let anew = async {
                let grant = tenant.create_grant(&id).await;
                tenant.post(RECORDS, &record(&grant, &notice, &id)).await
            };
            let race = async {
                let heat = at_once(system, &tenant.client, held, requests).await?;
                let first = erase(&tenant, &id).await;
                Some((heat, first))
            };
            let (raced, anew) = join(race, anew).await;
            let (heat, first) = raced?;
            let begun = heat.answers[0].expect(201);
            assert!(begun["requestId"] == first["requestId"] || begun["status"] == "completed", "{begun} {first}");
            for answer in &heat.answers[1..3] {
                if answer.status() != 200 {
                    answer.expect_error(409, "ALREADY_ERASED");
                }
            }
            let mut made: Vec<Value> = old.clone();
            for answer in heat.answers[4..].iter().chain([&anew]) {
                match answer.status() {
                    201 => made.push(answer.body()),
                    _ => {
                        answer.expect_error(400, "INVALID_GRANT");
                    }
                }
            }
            // What was under the old grant is erased by the first; what came after under a new one
            // stands whole until the next.
            for made in &made {
                let read = tenant.get(record_path(made)).await.expect(200);
                let under_old = made["grantId"] == grant["grantId"];
                let whole = (json!("active"), json!(id), Value::Null);
                let seen = (read["status"].clone(), read["dataPrincipalId"].clone(), read["erasedAt"].clone());
                assert!(read["status"] == "erased" || (!under_old && seen == whole), "{read}");
            }
            let second = erase(&tenant, &id).await;
            let mut requests = vec![second];
            for earlier in [first, begun] {
                if requests.iter().all(|request| request["requestId"] != earlier["requestId"]) {
                    requests.push(earlier);
                }
            }
            let erased: u64 = requests.iter().map(|request| counts(request)[0]).sum();
            assert_eq!(erased, made.len() as u64, "{requests:?}");
            for made in &made {
                let read = tenant.get(record_path(made)).await.expect(200);
                let seen = ["status", "dataPrincipalId", "withdrawnReason"].map(|field| read[field].clone());
                assert_eq!(seen, [json!("erased"), Value::Null, Value::Null]);
                assert_eq!(tenant.get(grant_path(made)).await.expect(200)["status"], "revoked");
            }
            for (record, answer) in old.iter().zip(&heat.answers[1..3]) {
                let read = tenant.get(record_path(record)).await.expect(200);
                assert_eq!(read["withdrawnAt"].is_string(), answer.status() == 200, "{read}");
            }
            Some(heat.overlapped)
        })
        .await;
    }
}

/// Puts copies of a record into the database that look as if they had been made later.
async fn copy_record(system: &System, tenant: &Tenant, record: &Value, count: usize) {
    let model = text(record, "recordId");
    let items = system.contents.of(tenant.id).await;
    let mentions = |value: &AttributeValue| matches!(value, AttributeValue::S(text) if text.contains(&model));
    let items: Vec<Item> = items
        .in_table(RECORDS_TABLE)
        .map(|(_, item)| item.clone())
        .filter(|item| item.values().any(mentions))
        .collect();
    let ulid = Ulid::from_string(model.trim_start_matches("cr_")).expect("a ULID");
    let mut copies = Vec::with_capacity(items.len() * count);
    for number in 1..=count {
        // The same last character: a copy stands in its model's shard.
        let moment = ulid.timestamp_ms() + u64::try_from(number).expect("a number");
        let id = format!("cr_{}", Ulid::from_parts(moment, ulid.random()));
        for item in &items {
            let copied = item.iter().map(|(name, value)| match value {
                AttributeValue::S(text) => (name.clone(), AttributeValue::S(text.replace(&model, &id))),
                value => (name.clone(), value.clone()),
            });
            copies.push(copied.collect());
        }
    }
    system.contents.put(RECORDS_TABLE, copies).await;
}

async fn more_than_a_call_takes_is_erased_by_repeats(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    copy_record(system, &tenant, &person.record, 1_599).await;
    let listed = async |filter: &str| {
        let pages = pages(&tenant, &format!("{RECORDS}?{filter}&limit=200"), "records").await;
        texts(&pages, "recordId").len() as u64
    };
    let request = erasing(&tenant, "user-1").header("idempotency-key", "forget");
    let answer = tenant.send(request.clone()).await;
    let first = answer.expect(201);
    assert_eq!((&first["status"], &first["completedAt"]), (&json!("in_progress"), &Value::Null));
    assert_eq!(answer.header("location"), Some(request_path(&first).as_str()));
    let [records, rest @ ..] = counts(&first);
    assert!(records > 0 && records < 1_600, "{first}");
    assert_eq!(rest, [1, 0, 0, 0]);
    assert_eq!((listed("status=erased").await, listed("dataPrincipalId=user-1").await), (records, 1_600 - records));
    assert_eq!(tenant.get(request_path(&first)).await.expect(200), with(&first, "dataPrincipalId", None));

    // An answer that is not the last is not kept under the key: the repeat drives onward.
    let mut last = tenant.send(request.clone()).await;
    for _ in 0..20 {
        let body = last.expect(201);
        assert!(!last.replayed() && body["requestId"] == first["requestId"], "{last}");
        if body["status"] == "completed" {
            break;
        }
        last = tenant.send(request.clone()).await;
    }
    let body = last.expect(201);
    assert_eq!((&body["status"], counts(&body)), (&json!("completed"), [1_600, 1, 0, 1, 1]));
    assert_eq!((listed("status=erased").await, listed("dataPrincipalId=user-1").await), (1_600, 0));
    assert_eq!(body["submittedAt"], first["submittedAt"]);
    tenant.send(request).await.expect_replay_of(&last);
    assert_eq!(erase(&tenant, "user-1").await, body);
    tenant.get(export_path(&person.export)).await.expect_error(404, "NOT_FOUND");
}

/// At every single request of an erasure to the database, and at every answer to a write.
async fn wherever_the_database_is_cut_off_a_repeat_finishes(system: &'static System) {
    for (fault, most) in [(Fault::Cut, 36), (Fault::LoseAnswer, 9)] {
        let struck = stream::iter(0..most).map(async |spared| {
            let tenant = Tenant::new(system).await;
            let person = Person::new(&tenant, "user-1").await;
            let matching = if fault == Fault::Cut { Matching::every(&tenant.id) } else { Matching::writes(&tenant.id) };
            let down = system.faults.strike_after(matching, spared, fault);
            let answer = tenant.send(erasing(&tenant, "user-1")).await;
            let struck = down.struck() > 0;
            drop(down);
            if struck {
                answer.expect_error(503, "SERVICE_UNAVAILABLE");
            }
            let body = erase(&tenant, "user-1").await;
            assert_eq!(counts(&body), Person::COUNTS, "{fault:?} after {spared}");
            assert_eq!(tenant.get(record_path(&person.record)).await.expect(200)["status"], "erased");
            assert_eq!(tenant.get(grant_path(&person.grant)).await.expect(200)["principalId"], Value::Null);
            assert_eq!(tenant.get(grievance_path(&person.grievance)).await.expect(200)["dataPrincipalId"], Value::Null);
            assert_eq!(tenant.get(person.session_path()).await.expect(200)["dataPrincipalId"], Value::Null);
            tenant.get(export_path(&person.export)).await.expect_error(404, "NOT_FOUND");
            struck
        });
        let struck: Vec<bool> = struck.buffered(4).collect().await;
        // The last was not struck: every request has been.
        assert!(struck[0] && !struck[most - 1], "{fault:?}: {struck:?}");
    }
}
