//! `POST /v1/dpdp/data-principals/{principalId}/erasure`, `GET /v1/dpdp/erasure-requests/{requestId}`

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration as Time;

use assent_tests::client::Request;
use assent_tests::contents::{ItemKey, Items};
use assent_tests::fault_proxy::{Fault, Matching};
use assent_tests::fixtures::{
    Caller, EXPORTS, GRANTS, GRIEVANCES, ODD_PRINCIPALS, RECORDS, SESSION, Tenant, Visitor, accepted, child_grant,
    erasure_counts, erasure_path, events_path, export, export_path, grant, grant_path, grievance, grievance_path,
    in_future, now, record, record_path, records_path, session_path, site, state_path, text, unique, until_after,
    visitors_path, with, withdraw_path,
};
use assent_tests::like::time;
use assent_tests::pages::{pages, texts};
use assent_tests::race::{at_once, until_overlapping};
use assent_tests::system::System;
use chrono::{Datelike, Duration};
use futures_util::future::{join, join_all};
use futures_util::{StreamExt, stream};
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    erases_a_person_and_reports_it,
    a_dated_erasure_erases_nobody,
    an_unknown_principal_is_not_found,
    a_person_is_found_by_any_resource_that_names_them,
    a_person_is_erased_after_their_record_was_removed,
    records_of_every_status_are_erased,
    an_erased_record_cannot_be_withdrawn,
    lists_no_longer_lead_to_the_person,
    grievances_lose_the_person_and_their_words,
    exports_about_the_person_are_gone,
    sessions_lose_the_person,
    site_events_lose_their_user,
    a_session_of_an_erased_user_records_nothing,
    a_visitor_is_erased_by_their_concord_id,
    a_visitor_whose_events_have_ended_is_erased_by_their_concord_id,
    erased_resources_cannot_be_changed,
    nothing_is_made_under_the_revoked_grants,
    a_new_record_needs_a_new_request,
    a_repeat_under_a_key_gets_the_same_response,
    no_item_contains_the_person_afterwards,
    principal_ids_are_decoded_once,
    other_persons_are_not_changed;
    on each engine:
    grants_are_revoked_and_those_that_were_usable_counted,
    more_site_events_than_a_step_takes_are_erased,
    ten_concurrent_calls_are_one_request,
    records_made_meanwhile_are_erased_or_left_for_the_next_request,
    a_change_at_the_same_time_is_erased_or_refused,
    an_event_at_the_same_time_is_erased_or_refused,
    more_records_than_a_call_takes_are_erased_by_repeats,
    wherever_the_database_is_cut_off_a_repeat_finishes,
];

const RECORDS_TABLE: &str = "ConsentRecordsTable";
const EVENTS_TABLE: &str = "ConsentEventsTable";
/// More calls of the database than the erasure of a person with one resource of each kind makes.
const MOST_CALLS: usize = 100;

fn erasing(caller: &Caller, principal: &str) -> Request {
    caller.request(Method::POST, erasure_path(principal))
}

fn request_path(request: &Value) -> String {
    format!("/v1/dpdp/erasure-requests/{}", text(request, "requestId"))
}

/// Records a consent event of a visitor.
async fn agree(visitor: &Visitor, consent_type: &str) -> Value {
    let path = events_path(&visitor.project);
    visitor.post(path, &accepted(consent_type)).await.expect(201)["items"][0].clone()
}

/// The one item that is left of a visitor after their erasure, apart from encrypted stored responses.
fn left_of<'a>(visitor: &Visitor, items: &'a Items) -> &'a ItemKey {
    let left = items.mentioning(&visitor.concord_id);
    let left: Vec<&ItemKey> = left.into_iter().filter(|key| key.table != "StoredResponsesTable").collect();
    assert_eq!((left.len(), &*left[0].table), (1, EVENTS_TABLE), "{left:?}");
    left[0]
}

/// Asserts that a visitor has no events and no state.
async fn expect_nothing_of(visitor: &Visitor) {
    for path in [events_path(&visitor.project), state_path(&visitor.project)] {
        let empty = json!({"count": 0, "items": [], "nextCursor": null});
        assert_eq!(visitor.get(path).await.expect(200), empty);
    }
}

/// A person with one resource of each kind.
struct Person {
    id: String,
    grant: Value,
    record: Value,
    grievance: Value,
    export: Value,
    session: Value,
    visitor: Visitor,
    event: Value,
}

impl Person {
    /// The expected counts of the request that erases them.
    const COUNTS: [u64; 7] = [1, 1, 0, 1, 1, 1, 1];

    async fn new(caller: &Caller, id: &str) -> Self {
        let (grant, notice) = (caller.create_grant(id).await, caller.create_notice().await);
        let record = caller.post(RECORDS, &record(&grant, &notice, id)).await.expect(201);
        let grievance = with(&grievance(id), "recordId", Some(record["recordId"].clone()));
        let export = with(&export(), "dataPrincipalId", Some(json!(id)));
        let (project, consent_type) = (caller.create_project().await, caller.create_consent_type().await);
        let visitor = caller.create_visitor(&project, &json!({"userId": id, "geography": "IN-KA"})).await;
        Self {
            event: agree(&visitor, &consent_type).await,
            visitor,
            grievance: caller.post(GRIEVANCES, &grievance).await.expect(202),
            export: caller.post(EXPORTS, &export).await.expect(201),
            session: caller.post(SESSION, &json!({"dataPrincipalId": id})).await.expect(201),
            id: id.to_owned(),
            grant,
            record,
        }
    }

    fn session_path(&self) -> String {
        session_path(&self.session)
    }
}

/// An erasure takes no body: a caller could otherwise believe that it happens at the date in the body.
async fn a_dated_erasure_erases_nobody(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    let before = system.contents.of(tenant.id).await;
    for body in [json!({"eraseAt": in_future(Duration::days(30))}), json!({})] {
        for key in [None, Some("once")] {
            let dated = erasing(&tenant, &person.id).json(&body);
            let dated = key.into_iter().fold(dated, |dated, key| dated.header("idempotency-key", key));
            tenant.send(dated).await.expect_error(400, "BAD_REQUEST");
        }
    }
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    // No response was stored under the key.
    let erased = tenant.send(erasing(&tenant, &person.id).header("idempotency-key", "once")).await;
    assert_eq!((erased.status(), erased.replayed()), (201, false), "{erased}");
}

async fn erases_a_person_and_reports_it(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    let response = tenant.send(erasing(&tenant, &person.id)).await;
    let body = response.expect_like(
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
            "sessionsRedacted": 1,
            "siteEventsRedacted": 1,
            "retained": [
                {"category": "consent_records", "reason": "<text>", "count": 1},
                {"category": "undelivered_notifications", "reason": "<text>"},
                {"category": "grants", "reason": "<text>"},
                {"category": "grievances", "reason": "<text>", "count": 1},
                {"category": "sessions", "reason": "<text>", "count": 1},
                {"category": "site_events", "reason": "<text>", "count": 1},
                {"category": "site_users", "reason": "<text>"},
                {"category": "audit_entries", "reason": "<text>"},
                {"category": "erasure_requests", "reason": "<text>"},
                {"category": "withdrawals", "reason": "<text>"},
                {"category": "consent_checks", "reason": "<text>"},
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
    assert_eq!(response.header("location"), Some(request_path(&body).as_str()));
    // A request that is read does not name the person.
    assert_eq!(tenant.get(request_path(&body)).await.expect(200), with(&body, "dataPrincipalId", None));
    tokio::time::sleep(Time::from_millis(5)).await;
    assert_eq!(tenant.erase("user-1").await, body);
    assert_eq!(tenant.get(request_path(&body)).await.expect(200), with(&body, "dataPrincipalId", None));
}

async fn an_unknown_principal_is_not_found(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let stranger = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    let before = system.contents.of(tenant.id).await;
    let mut responses = Vec::new();
    for (caller, principal) in [(&tenant, "user-2"), (&stranger, "user-1"), (&tenant, "user-1 "), (&tenant, "USER-1")] {
        let body = caller.send(erasing(caller, principal)).await.expect_error(404, "NOT_FOUND");
        responses.push(with(&body, "requestId", None));
    }
    assert!(responses.iter().all(|response| *response == responses[0]), "{responses:?}");
    for malformed in ["\u{0}", " ", "a\u{7}", &"x".repeat(257)] {
        tenant.send(erasing(&tenant, malformed)).await.expect_error(404, "NOT_FOUND");
    }
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    assert_eq!(tenant.get(record_path(&person.record)).await.expect(200)["status"], "active");
    // A person who has been erased is still found, by the request.
    let erased = tenant.erase("user-1").await;
    assert_eq!(tenant.erase("user-1").await, erased);
    stranger.send(erasing(&stranger, "user-1")).await.expect_error(404, "NOT_FOUND");
}

async fn a_person_is_found_by_any_resource_that_names_them(system: &'static System) {
    let (tenant, project, consent_type) = site(system).await;
    tenant.create_grant("of-a-grant").await;
    tenant.create_grievance("of-a-grievance").await;
    let asked = with(&export(), "dataPrincipalId", Some(json!("of-an-export")));
    tenant.post(EXPORTS, &asked).await.expect(201);
    tenant.post(SESSION, &json!({"dataPrincipalId": "of-a-session"})).await.expect(201);
    let visitor = tenant.create_visitor(&project, &json!({"userId": "of-a-site-event"})).await;
    agree(&visitor, &consent_type).await;
    tenant.create_visitor(&project, &json!({"userId": "of-a-site-session"})).await;
    for (id, expected) in [
        ("of-a-grant", [0, 1, 0, 0, 0, 0, 0]),
        ("of-a-grievance", [0, 0, 0, 1, 0, 0, 0]),
        ("of-an-export", [0, 0, 0, 0, 1, 0, 0]),
        ("of-a-session", [0, 0, 0, 0, 0, 1, 0]),
        ("of-a-site-event", [0, 0, 0, 0, 0, 0, 1]),
        ("of-a-site-session", [0; 7]),
    ] {
        // With an idempotency key that another call has used, the response is a 422 and not a 404.
        tenant.send(tenant.posting(GRANTS, &grant("another")).header("idempotency-key", id)).await.expect(201);
        let reusing = erasing(&tenant, id).header("idempotency-key", id);
        tenant.send(reusing).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
        let erased = tenant.erase(id).await;
        assert_eq!(erasure_counts(&erased), expected, "{id}");
        assert!(system.contents.of(tenant.id).await.mentioning(id).is_empty(), "{id}");
        assert_eq!(tenant.erase(id).await, erased);
    }
}

/// `DynamoDB` removes a record, with its entries in lists, some time after its retention.
async fn a_person_is_erased_after_their_record_was_removed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    tenant.post(RECORDS, &record(&grant, &notice, "user-1")).await.expect(201);
    let removed: Vec<ItemKey> =
        system.contents.of(tenant.id).await.in_table(RECORDS_TABLE).map(|(key, _)| key.clone()).collect();
    for key in &removed {
        system.contents.delete(key).await;
    }
    assert_eq!(erasure_counts(&tenant.erase("user-1").await), [0, 1, 0, 0, 0, 0, 0]);
    assert!(system.contents.of(tenant.id).await.mentioning("user-1").is_empty());
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
    until_after(time(&expired["processingExpiresAt"])).await;
    let mut before = Vec::new();
    for (record, status) in [(&expired, "expired"), (&active, "active"), (&withdrawn, "withdrawn")] {
        let read = tenant.get(record_path(record)).await;
        assert_eq!(read.expect(200)["status"], status);
        before.push(read);
    }
    let erased = tenant.erase("user-1").await;
    assert_eq!(erasure_counts(&erased), [3, 1, 0, 0, 0, 0, 0]);
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
    tenant.erase("user-1").await;
    tenant.erase(&text(&before, "dataPrincipalId")).await;
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
    tenant.erase("user-1").await;
    for (path, member) in [
        (records_path("user-1"), "records"),
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
        let child = make(child_grant(&root, "user-1")).await;
        delegated.push(make(child_grant(&child, "user-1")).await);
        delegated.push(child);
    }
    let bare = tenant.create_grant("user-1").await;
    // Grants that cannot be used any more, although some of their parents can.
    let revoked = tenant.create_grant("user-1").await;
    let under_revoked = make(child_grant(&revoked, "user-1")).await;
    tenant.delete(grant_path(&revoked)).await.expect_no_content();
    let pruned = tenant.create_grant("user-1").await;
    let cut = make(child_grant(&pruned, "user-1")).await;
    let under_cut = make(child_grant(&cut, "user-1")).await;
    tenant.delete(grant_path(&cut)).await.expect_no_content();
    let ending = Some(json!(in_future(Duration::seconds(4))));
    let expired = make(with(&grant("user-1"), "expiresAt", ending.clone())).await;
    let under_expired = make(child_grant(&expired, "user-1")).await;
    let partly = tenant.create_grant("user-1").await;
    let expired_child = make(with(&child_grant(&partly, "user-1"), "expiresAt", ending)).await;
    let other = tenant.create_grant("user-2").await;
    let notice = tenant.create_notice().await;
    tenant.post(RECORDS, &record(&root, &notice, "user-1")).await.expect(201);
    until_after(time(&expired["expiresAt"])).await;
    let kept = [&revoked, &under_revoked, &cut, &under_cut];
    let before = join_all(kept.map(|grant| tenant.get(grant_path(grant)))).await;
    let erased = tenant.erase("user-1").await;
    assert_eq!(erasure_counts(&erased), [1, 4, 30, 0, 0, 0, 0]);
    let all = [&root, &bare, &pruned, &expired, &under_expired, &partly, &expired_child];
    for grant in all.into_iter().chain(&delegated) {
        let read = tenant.get(grant_path(grant)).await.expect(200);
        assert_eq!((&read["status"], &read["principalId"]), (&json!("revoked"), &Value::Null));
        let apart = time(&read["revokedAt"]) - time(&erased["submittedAt"]);
        assert!(apart >= Duration::zero() && apart < Duration::minutes(1), "{read}");
    }
    // The time of the first revocation stays.
    for before in before {
        let path = grant_path(&before.body());
        assert_eq!(tenant.get(path).await.expect(200), with(&before.body(), "principalId", Some(Value::Null)));
    }
    assert_eq!(tenant.get(grant_path(&other)).await.expect(200), other);
    assert_eq!(tenant.erase("user-1").await, erased);
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
    assert_eq!(tenant.erase("user-1").await["grievancesRedacted"], 3);
    for before in before {
        let after = tenant.get(grievance_path(&before.body())).await;
        assert_ne!(after.header("etag"), before.header("etag"));
        let mut expected = before.body();
        for field in ["dataPrincipalId", "description", "evidence", "resolution"] {
            expected[field] = Value::Null;
        }
        // A grievance that was still open is closed.
        if expected["status"] != "resolved" {
            expected["status"] = json!("erased");
        }
        expected["updatedAt"] = after.body()["updatedAt"].clone();
        assert_eq!(after.expect(200), expected);
    }
    for (status, count) in [("erased", 2), ("resolved", 1), ("in_review", 0), ("submitted", 1)] {
        let listed = pages(&tenant, &format!("{GRIEVANCES}?status={status}"), "grievances").await;
        assert_eq!(listed.iter().map(|page| page.items.len()).sum::<usize>(), count, "{status}");
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
    assert_eq!(tenant.erase("user-1").await["exportsDeleted"], 2);
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
    tenant.erase("user-1").await;
    let after = tenant.get(person.session_path()).await;
    assert_ne!(after.header("etag"), before.header("etag"));
    let mut expected = before.expect(200);
    for (field, value) in [("dataPrincipalId", Value::Null), ("metadata", json!({})), ("closureReason", Value::Null)] {
        expected[field] = value;
    }
    expected["updatedAt"] = after.body()["updatedAt"].clone();
    assert_eq!(after.expect(200), expected);
    let path = session_path(&other);
    assert_eq!(tenant.get(path).await.expect(200), other);
    assert!(system.contents.of(tenant.id).await.mentioning("user-1").is_empty());
}

async fn site_events_lose_their_user(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (consent_type, other_type) = (tenant.create_consent_type().await, tenant.create_consent_type().await);
    let projects = [tenant.create_project().await, tenant.create_project().await];
    let (agent, region) = (unique("agent"), unique("region"));
    // The person has two users in one project: one with the userId of the organisation, one with the concord id of a
    // cookie.
    let cookie = "44499771-03fb-4f0c-8620-88f538385446";
    let named = json!({"userId": "user-1", "geography": region});
    let with_cookie = with(&named, "concordId", Some(json!(cookie)));
    let mut visitors = Vec::new();
    let mut events = Vec::new();
    for (project, body) in [(&projects[0], &named), (&projects[0], &with_cookie), (&projects[1], &named)] {
        let visitor = tenant.create_visitor(project, body).await;
        for kind in [&consent_type, &consent_type, &other_type] {
            let request = visitor.posting(events_path(project), &accepted(kind)).header("user-agent", &agent);
            events.push((visitor.clone(), visitor.send(request).await.expect(201)["items"][0].clone()));
        }
        visitors.push(visitor);
    }
    let keyed = visitors[0].posting(events_path(&projects[0]), &accepted(&consent_type));
    let keyed = keyed.header("idempotency-key", "agreed");
    let event = visitors[0].send(keyed.clone()).await.expect(201)["items"][0].clone();
    events.push((visitors[0].clone(), event));
    let other = tenant.create_visitor(&projects[0], &json!({"userId": "user-2"})).await;
    agree(&other, &consent_type).await;
    let of_other = other.get(events_path(&projects[0])).await.expect(200);

    let erased = tenant.erase("user-1").await;
    assert_eq!(erasure_counts(&erased), [0, 0, 0, 0, 0, 0, 10]);
    let items = system.contents.of(tenant.id).await;
    for text in ["user-1", &agent, &region] {
        assert!(items.mentioning(text).is_empty(), "{text}: {:?}", items.mentioning(text));
    }
    for visitor in &visitors {
        // Only a mark that the user was erased is left, for a day.
        let left = left_of(visitor, &items);
        let item = items.at(EVENTS_TABLE, &left.partition, &left.sort).expect("an item");
        let lasts = item["removableAt"].as_n().expect("a number").parse::<i64>().expect("seconds") - now().timestamp();
        assert!((86_400 - 60..=86_400).contains(&lasts), "{lasts}");
        assert_eq!(system.contents.expiry_attribute(EVENTS_TABLE), Some("removableAt"));
        expect_nothing_of(visitor).await;
    }
    for (visitor, event) in &events {
        let path = format!("{}/{}", events_path(&visitor.project), text(event, "id"));
        visitor.get(path).await.expect_error(404, "NOT_FOUND");
        // The event stays, without the user.
        let partition = format!("{}#{}#erased#{}", tenant.id, visitor.project, text(event, "id"));
        let left = items.at(EVENTS_TABLE, &partition, "event").expect("the event");
        let mut names: Vec<&str> = left.keys().map(String::as_str).collect();
        names.sort_unstable();
        let said = ["consentAction", "consentDate", "consentState", "consentType", "domain", "expirationDate", "id"];
        assert_eq!(names, [&said[..], &["pk", "project", "removableAt", "sk", "v", "version"]].concat());
    }
    visitors[0].send(keyed).await.expect_error(410, "GONE");
    assert_eq!(other.get(events_path(&projects[0])).await.expect(200), of_other);

    // The next user with this userId is a new one, and sees none of these events.
    for (visitor, project) in [(&visitors[0], &projects[0]), (&visitors[2], &projects[1])] {
        let next = tenant.create_visitor(project, &named).await;
        assert_ne!(next.concord_id, visitor.concord_id);
        expect_nothing_of(&next).await;
        agree(&next, &consent_type).await;
        assert_eq!(tenant.create_visitor(project, &named).await.concord_id, next.concord_id);
    }
    let again = tenant.erase("user-1").await;
    assert_ne!(again["requestId"], erased["requestId"]);
    assert_eq!(erasure_counts(&again), [0, 0, 0, 0, 0, 0, 2]);
}

async fn a_session_of_an_erased_user_records_nothing(system: &'static System) {
    let (tenant, project, consent_type) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({"userId": "user-1"})).await;
    agree(&visitor, &consent_type).await;
    tenant.erase("user-1").await;
    let before = system.contents.of(tenant.id).await;
    let events = visitor.posting(events_path(&project), &accepted(&consent_type));
    let unused = accepted(&tenant.create_consent_type().await);
    let first = visitor.posting(events_path(&project), &unused);
    for request in [events.clone(), events.header("idempotency-key", "again"), first] {
        visitor.send(request).await.expect_error(409, "ALREADY_ERASED");
    }
    // No session is issued to them either.
    for body in [json!({}), json!({"userId": "user-1"}), json!({"userId": "user-2"})] {
        let body = with(&body, "concordId", Some(json!(visitor.concord_id)));
        tenant.post(visitors_path(&project), &body).await.expect_error(409, "ALREADY_ERASED");
    }
    let after = system.contents.of(tenant.id).await;
    assert_eq!(before.mentioning(&visitor.concord_id), after.mentioning(&visitor.concord_id));
    assert!(after.mentioning("user-").is_empty());
    // In another project the same id is another user.
    let elsewhere = tenant.create_project().await;
    let body = json!({"concordId": visitor.concord_id});
    agree(&tenant.create_visitor(&elsewhere, &body).await, &consent_type).await;
}

async fn a_visitor_is_erased_by_their_concord_id(system: &'static System) {
    let (tenant, project, consent_type) = site(system).await;
    // One user has a site session and the userId user-1; the consent of another was reported with an API key.
    let visitor = tenant.create_visitor(&project, &json!({"userId": "user-1"})).await;
    agree(&visitor, &consent_type).await;
    let reported = tenant.post(events_path(&project), &accepted(&consent_type)).await.expect(201)["items"][0].clone();
    for id in [visitor.concord_id.clone(), text(&reported, "concordId")] {
        let erased = tenant.erase(&id).await;
        assert_eq!(erasure_counts(&erased), [0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(tenant.erase(&id).await, erased);
    }
    expect_nothing_of(&visitor).await;
    // The API key that reported it stays.
    let partition = format!("{}#{project}#erased#{}", tenant.id, text(&reported, "id"));
    let items = system.contents.of(tenant.id).await;
    let left = items.at(EVENTS_TABLE, &partition, "event").expect("the event");
    assert_eq!(left["submitter"].as_s().ok(), Some(&tenant.key_id.to_string()));
    // The userId no longer leads to the user.
    assert!(items.mentioning("user-1").is_empty());
    tenant.send(erasing(&tenant, "user-1")).await.expect_error(404, "NOT_FOUND");
    let next = tenant.create_visitor(&project, &json!({"userId": "user-1"})).await;
    assert_ne!(next.concord_id, visitor.concord_id);
}

/// Their events end before the organisation's id for them does, which names them.
async fn a_visitor_whose_events_have_ended_is_erased_by_their_concord_id(system: &'static System) {
    let (tenant, project, consent_type) = site(system).await;
    for (number, events_first) in [(1, false), (2, true)] {
        let (given, user_id) = (uuid::Uuid::from_u128(number).to_string(), unique("user"));
        let anonymous = tenant.create_visitor(&project, &json!({"concordId": given})).await;
        if events_first {
            agree(&anonymous, &consent_type).await;
        }
        let visitor = tenant.create_visitor(&project, &json!({"concordId": given, "userId": user_id})).await;
        agree(&visitor, &consent_type).await;
        let items = system.contents.of(tenant.id).await;
        for (key, item) in items.in_table(EVENTS_TABLE) {
            if item.contains_key("removableAt") {
                system.contents.delete(key).await;
            }
        }
        assert_eq!(erasure_counts(&tenant.erase(&given).await), [0, 0, 0, 0, 0, 0, 0]);
        assert!(system.contents.of(tenant.id).await.mentioning(&user_id).is_empty());
    }
}

async fn more_site_events_than_a_step_takes_are_erased(system: &'static System) {
    let (tenant, project, consent_type) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({"userId": "user-1"})).await;
    let item = &accepted(&consent_type)["items"][0];
    for _ in 0..4 {
        let many = json!({"items": vec![item.clone(); 25]});
        visitor.post(events_path(&project), &many).await.expect(201);
    }
    assert_eq!(erasure_counts(&tenant.erase("user-1").await), [0, 0, 0, 0, 0, 0, 100]);
    expect_nothing_of(&visitor).await;
    let items = system.contents.of(tenant.id).await;
    assert!(items.mentioning("user-1").is_empty());
    left_of(&visitor, &items);
}

async fn erased_resources_cannot_be_changed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    let words = unique("words");
    let (in_review, resolved) = (tenant.create_grievance("user-1").await, tenant.create_grievance("user-1").await);
    let closed = tenant.post(SESSION, &json!({"dataPrincipalId": "user-1"})).await.expect(201);
    let reviewing = json!({"status": "in_review"});
    let resolving = json!({"status": "resolved", "resolution": words});
    let saying = |session: &Value| json!({"sessionId": session["sessionId"], "metadata": {"said": words}});
    let closing = |session: &Value| with(&saying(session), "closed", Some(json!(true)));
    for grievance in [&in_review, &resolved] {
        tenant.patch(grievance_path(grievance), &reviewing).await.expect(200);
    }
    tenant.patch(SESSION, &closing(&closed)).await.expect(200);
    let keyed = |request: Request, key: &str| request.header("idempotency-key", key);
    // Changes before the erasure, and after it, each under a key.
    let before = [
        keyed(tenant.patching(grievance_path(&resolved), &resolving), "resolved"),
        keyed(tenant.patching(SESSION, &saying(&person.session)), "said"),
    ];
    let tag = tenant.get(person.session_path()).await.header("etag").expect("an ETag").to_owned();
    for request in &before {
        tenant.send(request.clone()).await.expect(200);
    }
    tenant.erase("user-1").await;
    let left = system.contents.of(tenant.id).await;
    for request in before {
        tenant.send(request).await.expect_error(410, "GONE");
    }
    let refused = [
        tenant.patching(grievance_path(&person.grievance), &reviewing),
        tenant.patching(grievance_path(&person.grievance), &json!({"status": "erased"})),
        tenant.patching(grievance_path(&in_review), &resolving),
        tenant.patching(grievance_path(&resolved), &resolving),
        tenant.patching(SESSION, &saying(&person.session)),
        tenant.patching(SESSION, &json!({"sessionId": person.session["sessionId"], "isChild": false})),
        tenant.patching(SESSION, &closing(&closed)),
    ];
    for (number, request) in refused.into_iter().enumerate() {
        tenant.send(request.clone()).await.expect_error(409, "ALREADY_ERASED");
        // With an idempotency key, the call and its repeat get the same error.
        for _ in 0..2 {
            let request = keyed(request.clone(), &format!("after-{number}"));
            tenant.send(request).await.expect_error(409, "ALREADY_ERASED");
        }
    }
    let outdated = tenant.patching(SESSION, &saying(&person.session)).header("if-match", tag);
    tenant.send(outdated).await.expect_error(412, "PRECONDITION_FAILED");
    left.expect_unchanged(&system.contents.of(tenant.id).await);
    assert!(left.mentioning(&words).is_empty());
}

async fn nothing_is_made_under_the_revoked_grants(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    let notice = tenant.create_notice().await;
    tenant.erase("user-1").await;
    for principal in ["user-1", "user-2"] {
        let body = record(&person.grant, &notice, principal);
        tenant.post(RECORDS, &body).await.expect_error(400, "INVALID_GRANT");
        tenant.post(GRANTS, &child_grant(&person.grant, principal)).await.expect_error(400, "INVALID_GRANT");
    }
    let grievance = with(&grievance("user-1"), "recordId", Some(person.record["recordId"].clone()));
    tenant.post(GRIEVANCES, &grievance).await.expect_error(400, "INVALID_RECORD");
}

async fn a_new_record_needs_a_new_request(system: &'static System) {
    let tenant = Tenant::new(system).await;
    Person::new(&tenant, "user-1").await;
    let first = tenant.erase("user-1").await;
    let person = Person::new(&tenant, "user-1").await;
    let second = tenant.erase("user-1").await;
    assert_ne!(first["requestId"], second["requestId"]);
    assert_eq!((erasure_counts(&first), erasure_counts(&second)), (Person::COUNTS, Person::COUNTS));
    assert_eq!(tenant.get(record_path(&person.record)).await.expect(200)["status"], "erased");
    assert_eq!(tenant.erase("user-1").await, second);
    assert_eq!(tenant.get(request_path(&first)).await.expect(200), with(&first, "dataPrincipalId", None));
}

async fn a_repeat_under_a_key_gets_the_same_response(system: &'static System) {
    let tenant = Tenant::new(system).await;
    Person::new(&tenant, "user-1").await;
    let request = erasing(&tenant, "user-1").header("idempotency-key", "forget");
    let first = tenant.send(request.clone()).await;
    assert_eq!(erasure_counts(&first.expect(201)), Person::COUNTS);
    // This holds even if the same call without the key would be a new request.
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

async fn no_item_contains_the_person_afterwards(system: &'static System) {
    let tenant = Tenant::new(system).await;
    // The part of the id that is the same in every encoding.
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
    let delegated = tenant.posting(GRANTS, &child_grant(&person.grant, &id)).header("idempotency-key", "delegated");
    tenant.send(delegated.clone()).await.expect(201);
    let session = json!({"dataPrincipalId": id, "metadata": {"said": words}});
    let session = tenant.posting(SESSION, &session).header("idempotency-key", "session");
    tenant.send(session.clone()).await.expect(201);
    let event_id = text(&person.event, "id");
    let before = system.contents.of(tenant.id).await;
    for text in [&mark, &reason, &words] {
        assert!(!before.mentioning(text).is_empty());
    }
    let erasing = erasing(&tenant, &id).header("idempotency-key", "erasing");
    let response = tenant.send(erasing.clone()).await;
    tenant.send(erasing).await.expect_replay_of(&response);
    let erased = response.expect(201);
    assert_eq!(erased["dataPrincipalId"], id);
    assert_eq!(erasure_counts(&erased), [2, 1, 1, 2, 1, 2, 1]);
    // The stored responses that contained them are no longer replayed.
    for request in [given, delegated, session] {
        tenant.send(request).await.expect_error(410, "GONE");
    }
    let after = system.contents.of(tenant.id).await;
    for text in [&mark, &reason, &words, &person.visitor.session_id] {
        assert!(after.mentioning(text).is_empty(), "{:?}", after.mentioning(text));
    }
    assert_eq!(after.mentioning(&event_id).len(), 1);
}

async fn principal_ids_are_decoded_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let mut made = Vec::new();
    for name in ODD_PRINCIPALS {
        let grant = tenant.create_grant(name).await;
        made.push(tenant.post(RECORDS, &record(&grant, &notice, name)).await.expect(201));
    }
    for (number, name) in ODD_PRINCIPALS.iter().enumerate() {
        let erased = tenant.erase(name).await;
        assert_eq!((&erased["dataPrincipalId"], erasure_counts(&erased)), (&json!(name), [1, 1, 0, 0, 0, 0, 0]));
        for (other, record) in made.iter().enumerate() {
            let status = tenant.get(record_path(record)).await.expect(200)["status"].clone();
            assert_eq!(status == "erased", other <= number, "{name}: {}", ODD_PRINCIPALS[other]);
        }
    }
}

async fn other_persons_are_not_changed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let stranger = Tenant::new(system).await;
    Person::new(&tenant, "user-1").await;
    Person::new(&tenant, "user-2").await;
    Person::new(&stranger, "user-1").await;
    let (before, foreign) = (system.contents.of(tenant.id).await, system.contents.of(stranger.id).await);
    tenant.erase("user-1").await;
    let after = system.contents.of(tenant.id).await;
    assert_eq!(before.mentioning("user-2"), after.mentioning("user-2"));
    assert!(!before.mentioning("user-1").is_empty() && after.mentioning("user-1").is_empty());
    foreign.expect_unchanged(&system.contents.of(stranger.id).await);
}

async fn ten_concurrent_calls_are_one_request(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for number in 0..3 {
        until_overlapping(system, async || {
            let id = unique("user");
            let person = Person::new(&tenant, &id).await;
            let notice = tenant.create_notice().await;
            for _ in 0..30 {
                let body = record(&person.grant, &notice, &id);
                tenant.post(RECORDS, &body).await.expect(201);
            }
            let request = erasing(&tenant, &id);
            // With a key, the responses are stored as well.
            let request = if number == 2 { request.header("idempotency-key", &id) } else { request };
            let round = at_once(system, &tenant.client, Matching::writes(&tenant.id), vec![request; 10]).await?;
            let requests: BTreeSet<String> =
                round.of(201).map(|response| text(&response.body(), "requestId")).collect();
            assert_eq!((round.count(201), requests.len()), (10, 1));
            let last = tenant.erase(&id).await;
            assert_eq!((&last["status"], erasure_counts(&last)), (&json!("completed"), [31, 1, 0, 1, 1, 1, 1]));
            for response in round.responses {
                assert!(response.body() == last || response.body()["status"] == "in_progress", "{response}");
            }
            Some(round.overlapped)
        })
        .await;
    }
}

/// While the person is erased, other calls withdraw records, and create records and a child under the old grant, and a
/// new grant with a record.
async fn records_made_meanwhile_are_erased_or_left_for_the_next_request(system: &'static System) {
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
                tenant.posting(GRANTS, &child_grant(&grant, &id)),
                tenant.posting(RECORDS, &body),
                tenant.posting(RECORDS, &body),
            ];
            let held = Matching::writes(&tenant.id);
            let anew = async {
                let grant = tenant.create_grant(&id).await;
                tenant.post(RECORDS, &record(&grant, &notice, &id)).await
            };
            let race = async {
                let round = at_once(system, &tenant.client, held, requests).await?;
                let first = tenant.erase(&id).await;
                Some((round, first))
            };
            let (raced, anew) = join(race, anew).await;
            let (round, first) = raced?;
            let begun = round.responses[0].expect(201);
            assert!(begun["requestId"] == first["requestId"] || begun["status"] == "completed", "{begun} {first}");
            for response in &round.responses[1..3] {
                if response.status() != 200 {
                    response.expect_error(409, "ALREADY_ERASED");
                }
            }
            let mut made: Vec<Value> = old.clone();
            for response in round.responses[4..].iter().chain([&anew]) {
                match response.status() {
                    201 => made.push(response.body()),
                    _ => {
                        response.expect_error(400, "INVALID_GRANT");
                    }
                }
            }
            // The first request erases everything under the old grant. A record under the new grant stays until the
            // next request.
            for made in &made {
                let read = tenant.get(record_path(made)).await.expect(200);
                let under_old = made["grantId"] == grant["grantId"];
                let whole = (json!("active"), json!(id), Value::Null);
                let seen = (read["status"].clone(), read["dataPrincipalId"].clone(), read["erasedAt"].clone());
                assert!(read["status"] == "erased" || (!under_old && seen == whole), "{read}");
            }
            let second = tenant.erase(&id).await;
            let mut requests = vec![second];
            for earlier in [first, begun] {
                if requests.iter().all(|request| request["requestId"] != earlier["requestId"]) {
                    requests.push(earlier);
                }
            }
            let erased: u64 = requests.iter().map(|request| erasure_counts(request)[0]).sum();
            assert_eq!(erased, made.len() as u64, "{requests:?}");
            for made in &made {
                let read = tenant.get(record_path(made)).await.expect(200);
                let seen = ["status", "dataPrincipalId", "withdrawnReason"].map(|field| read[field].clone());
                assert_eq!(seen, [json!("erased"), Value::Null, Value::Null]);
                assert_eq!(tenant.get(grant_path(made)).await.expect(200)["status"], "revoked");
            }
            for (record, response) in old.iter().zip(&round.responses[1..3]) {
                let read = tenant.get(record_path(record)).await.expect(200);
                assert_eq!(read["withdrawnAt"].is_string(), response.status() == 200, "{read}");
            }
            Some(round.overlapped)
        })
        .await;
    }
}

/// While the person is erased, other calls change a grievance and sessions.
async fn a_change_at_the_same_time_is_erased_or_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for _ in 0..3 {
        until_overlapping(system, async || {
            let (id, words) = (unique("user"), unique("words"));
            let grievance = tenant.create_grievance(&id).await;
            tenant.patch(grievance_path(&grievance), &json!({"status": "in_review"})).await.expect(200);
            let session = tenant.post(SESSION, &json!({"dataPrincipalId": id})).await.expect(201);
            let saying = |member: &str| {
                let said = json!({"sessionId": session["sessionId"], "metadata": {member: words}});
                tenant.patching(SESSION, &said)
            };
            let resolving = json!({"status": "resolved", "resolution": words});
            let requests = vec![
                erasing(&tenant, &id),
                tenant.patching(grievance_path(&grievance), &resolving),
                saying("first"),
                saying("second").header("idempotency-key", &id),
            ];
            let round = at_once(system, &tenant.client, Matching::writes(&tenant.id), requests).await?;
            for response in &round.responses[1..] {
                if response.status() != 200 {
                    response.expect_error(409, "ALREADY_ERASED");
                }
            }
            let erased = tenant.erase(&id).await;
            assert_eq!(erased["requestId"], round.responses[0].expect(201)["requestId"]);
            assert_eq!(erasure_counts(&erased), [0, 0, 0, 1, 0, 1, 0]);
            let status = if round.responses[1].status() == 200 { "resolved" } else { "erased" };
            assert_eq!(tenant.get(grievance_path(&grievance)).await.expect(200)["status"], status);
            let items = system.contents.of(tenant.id).await;
            for text in [&id, &words] {
                assert!(items.mentioning(text).is_empty(), "{:?}", items.mentioning(text));
            }
            Some(round.overlapped)
        })
        .await;
    }
}

/// A visitor's session records events while the user is erased, and the organisation issues another one.
async fn an_event_at_the_same_time_is_erased_or_refused(system: &'static System) {
    let (tenant, project, consent_type) = site(system).await;
    for _ in 0..3 {
        until_overlapping(system, async || {
            let id = unique("user");
            let visitor = tenant.create_visitor(&project, &json!({"userId": id})).await;
            agree(&visitor, &consent_type).await;
            let agreeing = visitor.posting(events_path(&project), &accepted(&consent_type));
            let requests = vec![
                erasing(&tenant, &id),
                agreeing.clone(),
                agreeing.clone(),
                agreeing.header("idempotency-key", &id),
            ];
            let renewing = tenant.post(visitors_path(&project), &json!({"userId": id}));
            let racing = at_once(system, &tenant.client, Matching::writes(&tenant.id), requests);
            let (round, renewed) = join(racing, renewing).await;
            let round = round?;
            let first = round.responses[0].expect(201);
            let recorded = round.responses[1..].iter().filter(|response| {
                if response.status() != 201 {
                    response.expect_error(409, "ALREADY_ERASED");
                }
                response.status() == 201
            });
            let recorded = 1 + recorded.count() as u64;
            let last = tenant.erase(&id).await;
            let requests = if first["requestId"] == last["requestId"] { vec![last] } else { vec![first, last] };
            let erased: u64 = requests.iter().map(|request| erasure_counts(request)[6]).sum();
            assert_eq!(erased, recorded, "{requests:?}");
            expect_nothing_of(&visitor).await;
            // The other session is the erased user's, and records nothing either, or that of a new user.
            let renewed = renewed.expect(201);
            let items = system.contents.of(tenant.id).await;
            assert!(items.mentioning(&id).is_empty(), "{:?}", items.mentioning(&id));
            left_of(&visitor, &items);
            let renewed = Visitor::new(&tenant.client, &project, &renewed);
            let request = renewed.posting(events_path(&project), &accepted(&consent_type));
            renewed.send(request).await.expect_error(409, "ALREADY_ERASED");
            Some(round.overlapped)
        })
        .await;
    }
}

async fn more_records_than_a_call_takes_are_erased_by_repeats(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::new(&tenant, "user-1").await;
    system.contents.copy_records(tenant.id, &[text(&person.record, "recordId")], 1_599).await;
    let listed = async |filter: &str| {
        let pages = pages(&tenant, &format!("{RECORDS}?{filter}&limit=200"), "records").await;
        texts(&pages, "recordId").len() as u64
    };
    let request = erasing(&tenant, "user-1").header("idempotency-key", "forget");
    let response = tenant.send(request.clone()).await;
    let first = response.expect(201);
    assert_eq!((&first["status"], &first["completedAt"]), (&json!("in_progress"), &Value::Null));
    assert_eq!(response.header("location"), Some(request_path(&first).as_str()));
    let [records, rest @ ..] = erasure_counts(&first);
    assert!(records > 0 && records < 1_600, "{first}");
    assert_eq!(rest, [1, 0, 0, 0, 0, 0]);
    assert_eq!((listed("status=erased").await, listed("dataPrincipalId=user-1").await), (records, 1_600 - records));
    assert_eq!(tenant.get(request_path(&first)).await.expect(200), with(&first, "dataPrincipalId", None));

    // Only the last response is stored under the key: until then, a repeat continues the erasure.
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
    assert_eq!((&body["status"], erasure_counts(&body)), (&json!("completed"), [1_600, 1, 0, 1, 1, 1, 1]));
    assert_eq!((listed("status=erased").await, listed("dataPrincipalId=user-1").await), (1_600, 0));
    assert_eq!(body["submittedAt"], first["submittedAt"]);
    tenant.send(request).await.expect_replay_of(&last);
    assert_eq!(tenant.erase("user-1").await, body);
    tenant.get(export_path(&person.export)).await.expect_error(404, "NOT_FOUND");
}

/// The database is cut off at each request of an erasure, and at each response to a write.
async fn wherever_the_database_is_cut_off_a_repeat_finishes(system: &'static System) {
    for fault in [Fault::Cut, Fault::LoseResponse] {
        let struck = stream::iter(0..MOST_CALLS).map(async |spared| {
            let tenant = Tenant::new(system).await;
            let person = Person::new(&tenant, "user-1").await;
            let matching = if fault == Fault::Cut { Matching::every(&tenant.id) } else { Matching::writes(&tenant.id) };
            let down = system.faults.strike_after(matching, spared, fault);
            let response = tenant.send(erasing(&tenant, "user-1")).await;
            let struck = down.struck() > 0;
            drop(down);
            if struck {
                response.expect_error(503, "SERVICE_UNAVAILABLE");
            }
            let body = tenant.erase("user-1").await;
            assert_eq!(erasure_counts(&body), Person::COUNTS, "{fault:?} after {spared}");
            assert_eq!(tenant.get(record_path(&person.record)).await.expect(200)["status"], "erased");
            assert_eq!(tenant.get(grant_path(&person.grant)).await.expect(200)["principalId"], Value::Null);
            assert_eq!(tenant.get(grievance_path(&person.grievance)).await.expect(200)["dataPrincipalId"], Value::Null);
            assert_eq!(tenant.get(person.session_path()).await.expect(200)["dataPrincipalId"], Value::Null);
            tenant.get(export_path(&person.export)).await.expect_error(404, "NOT_FOUND");
            expect_nothing_of(&person.visitor).await;
            (struck, person.visitor)
        });
        // Each call of the database is struck once, until an erasure is not interrupted.
        let mut interrupted = 0;
        let mut visitors = Vec::new();
        let mut struck = pin!(struck.buffered(4));
        while let Some((struck, visitor)) = struck.next().await {
            visitors.push(visitor);
            if !struck {
                break;
            }
            interrupted += 1;
        }
        assert!((5..MOST_CALLS).contains(&interrupted), "{fault:?}: {interrupted}");
        // One search for all of them, because DynamoDB Local does nothing else meanwhile.
        let items = system.contents.of_all().await;
        for visitor in &visitors {
            left_of(visitor, &items);
        }
    }
}
