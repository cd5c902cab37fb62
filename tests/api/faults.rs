//! What networks and busy databases do, and what callers see of it.

use std::time::Duration;

use assent_tests::client::{Answer, Request};
use assent_tests::fault_proxy::{Fault, Matching};
use assent_tests::fixtures::{
    CATALOG, GRANTS, NOTICES, PROJECTS, RECORDS, SESSION, Tenant, accepted, consent_type, events_path, grant, notice,
    record, sha256, text, unique, version_path, withdraw_path,
};
use assent_tests::system::System;
use assent_tests::trail::Trail;
use futures_util::future::{join, join_all};
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    conflicts_with_other_transactions_are_tried_again,
    throttling_is_tried_again_once,
    throttling_without_end_is_unavailable,
    a_conflict_after_a_throttling_is_still_tried_again,
    a_database_that_is_cut_off_is_unavailable_until_it_is_back,
    a_database_that_hangs_is_unavailable,
    keys_cannot_be_checked_without_the_database,
    a_fault_inside_shows_nothing,
    a_notice_whose_answer_was_lost_is_registered_once,
    a_record_whose_answer_was_lost_is_made_once,
    a_withdrawal_whose_answer_was_lost_is_the_one_withdrawal,
    a_session_whose_answers_were_lost_is_as_it_was_told,
    a_change_whose_answer_was_lost_before_the_session_was_closed_is_still_told,
    a_grant_whose_answers_were_lost_is_as_it_was_told,
    a_version_whose_answer_was_lost_is_added_once,
    an_edit_whose_answer_was_lost_is_made,
    an_edit_whose_answer_was_lost_before_a_consent_is_still_told,
    a_placed_consent_type_whose_answer_was_lost_is_made_once,
    events_whose_answer_was_lost_are_recorded,
    a_withdrawal_whose_answer_was_lost_before_a_reading_is_still_told,
    a_withdrawal_that_is_cut_off_anywhere_changes_nothing_and_works_later,
    a_withdrawal_whose_answers_are_all_lost_is_told_to_its_repeat,
];

/// Longer than anything that is held on purpose, and shorter than an attempt (3 s).
const HOLD: Duration = Duration::from_millis(2500);
/// After which the template ends a function.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a request may take from the client to the database.
const ARRIVAL: Duration = Duration::from_secs(20);

/// What one call of each endpoint needs to succeed, made before.
struct Things {
    record: Value,
    grant: Value,
    session: Value,
    consent_type: String,
    used_type: String,
    project: String,
    notice: Value,
}

impl Things {
    async fn new(tenant: &Tenant) -> Self {
        Self {
            record: tenant.create_record().await,
            grant: tenant.create_grant("user-1").await,
            session: tenant.create_session().await,
            consent_type: tenant.create_consent_type().await,
            used_type: tenant.create_consent_type().await,
            project: tenant.create_project().await,
            notice: tenant.create_notice().await,
        }
    }

    /// Calls that write, each with the status it should have.
    fn writes(&self, tenant: &Tenant) -> Vec<(Request, u16)> {
        let spare = json!({"grantId": self.record["grantId"]});
        let principal = text(&self.record, "dataPrincipalId");
        let session = json!({"sessionId": self.session["sessionId"], "isChild": true});
        vec![
            (tenant.posting(NOTICES, &notice()), 201),
            (tenant.posting(GRANTS, &grant("user-1")), 201),
            (tenant.posting(RECORDS, &record(&spare, &self.notice, &principal)), 201),
            (tenant.posting(SESSION, &json!({})), 201),
            (tenant.patching(SESSION, &session), 200),
            (tenant.posting(CATALOG, &consent_type()), 201),
            (
                tenant
                    .posting(format!("{CATALOG}/{}/version", self.used_type), &json!({"url": "https://example.com/"})),
                201,
            ),
            (tenant.patching(version_path(&self.consent_type, "1"), &json!({"description": "New"})), 200),
            (tenant.posting(PROJECTS, &json!({"name": "Shop"})), 201),
            (tenant.posting(events_path(&self.project), &accepted(&self.used_type)), 201),
            (tenant.request(Method::GET, format!("{RECORDS}/{}", text(&self.record, "recordId"))), 200),
            (tenant.request(Method::DELETE, format!("{GRANTS}/{}", text(&self.grant, "grantId"))), 204),
            (tenant.posting(withdraw_path(&self.record), &json!({"reason": "x", "revokeGrant": true})), 200),
        ]
    }

    /// Calls that only read.
    fn reads(&self, tenant: &Tenant) -> Vec<(Request, u16)> {
        let paths = [
            format!("{GRANTS}/{}", text(&self.grant, "grantId")),
            format!("{SESSION}/{}", text(&self.session, "sessionId")),
            version_path(&self.consent_type, "1"),
        ];
        paths.into_iter().map(|path| (tenant.request(Method::GET, path), 200)).collect()
    }
}

async fn conflicts_with_other_transactions_are_tried_again(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (request, status) in Things::new(&tenant).await.writes(&tenant) {
        let conflicts = system.faults.strike(Matching::writes(&tenant.id), Fault::TransactionConflict, 4);
        let answer = tenant.send(request).await;
        assert_eq!(answer.status(), status, "{answer}");
        assert_eq!(conflicts.struck(), 4, "{answer}");
    }
}

async fn throttling_is_tried_again_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for fault in [Fault::Throttling, Fault::ThroughputExceeded] {
        let things = Things::new(&tenant).await;
        let (reads, writes) = (things.reads(&tenant), things.writes(&tenant));
        for (request, status) in reads.into_iter().chain(writes) {
            let throttled = system.faults.strike(Matching::every(&tenant.id), fault, 1);
            let answer = tenant.send(request).await;
            assert_eq!(answer.status(), status, "{answer}");
            assert_eq!(throttled.struck(), 1, "{answer}");
        }
    }
}

/// Whether a read, a write of one item or a transaction: two tries, and the client is told when to come again.
async fn throttling_without_end_is_unavailable(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for fault in [Fault::Throttling, Fault::ThroughputExceeded] {
        let things = Things::new(&tenant).await;
        // Without the last, which reads two things at once.
        let reads = things.reads(&tenant).into_iter().take(2).map(|call| (call, Matching::every(&tenant.id)));
        let writes = things.writes(&tenant).into_iter().map(|call| (call, Matching::writes(&tenant.id)));
        for ((request, status), matching) in reads.chain(writes) {
            let throttled = system.faults.strike(matching, fault, usize::MAX);
            // Of a 503 the client sees to it that it has a Retry-After.
            let answer = tenant.send(request.clone()).await;
            answer.expect_error(503, "SERVICE_UNAVAILABLE");
            assert_eq!(throttled.struck(), 2, "{fault:?}: {answer}");
            drop(throttled);
            let answer = tenant.send(request).await;
            assert_eq!(answer.status(), status, "{answer}");
        }
    }
}

/// A transaction that meets another one goes on, also where it has been throttled before.
async fn a_conflict_after_a_throttling_is_still_tried_again(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let writes = || Matching::writes(&tenant.id);
    let throttled = system.faults.strike(writes(), Fault::ThroughputExceeded, 1);
    let conflicts = system.faults.strike(writes(), Fault::TransactionConflict, 4);
    tenant.post(withdraw_path(&record), &json!({"reason": "x"})).await.expect(200);
    assert_eq!((throttled.struck(), conflicts.struck()), (1, 4));
}

async fn a_database_that_is_cut_off_is_unavailable_until_it_is_back(system: &'static System) {
    let tenant = Tenant::new(system).await;
    unavailable_during(system, &tenant, Fault::Cut).await;
}

async fn unavailable_during(system: &System, tenant: &Tenant, fault: Fault) {
    let things = Things::new(tenant).await;
    let calls: Vec<(Request, u16)> = things.reads(tenant).into_iter().chain(things.writes(tenant)).collect();
    let down = system.faults.strike(Matching::every(&tenant.id), fault, usize::MAX);
    let refused = join_all(calls.iter().map(|(request, _)| tenant.send(request.clone()))).await;
    for answer in refused {
        answer.expect_error(503, "SERVICE_UNAVAILABLE");
    }
    drop(down);
    for (request, status) in calls {
        let answer = tenant.send(request).await;
        assert_eq!(answer.status(), status, "{answer}");
    }
}

async fn a_database_that_hangs_is_unavailable(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let things = Things::new(&tenant).await;
    let silence = system.faults.hold(Matching::every(&tenant.id), Duration::from_mins(1));
    let read = tenant.get(format!("{SESSION}/{}", text(&things.session, "sessionId")));
    let written = tenant.post(SESSION, &json!({}));
    let (read, written) = join(read, written).await;
    read.expect_error(503, "SERVICE_UNAVAILABLE");
    written.expect_error(503, "SERVICE_UNAVAILABLE");
    drop(silence);
    tenant.get(format!("{SESSION}/{}", text(&things.session, "sessionId"))).await.expect(200);
}

async fn keys_cannot_be_checked_without_the_database(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let hash = sha256(&tenant.key);
    for fault in [Fault::Cut, Fault::ThroughputExceeded, Fault::Garbage] {
        let down = system.faults.strike(Matching::every(&hash), fault, usize::MAX);
        tenant.post(PROJECTS, &json!({"name": "Shop"})).await.expect_error(503, "SERVICE_UNAVAILABLE");
        assert!(down.struck() > 0);
    }
    tenant.post(PROJECTS, &json!({"name": "Shop"})).await.expect(201);
}

/// The client asserts of every 500 that its body is the fixed one.
async fn a_fault_inside_shows_nothing(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let things = Things::new(&tenant).await;
    let (reads, writes) = (things.reads(&tenant), things.writes(&tenant));
    for (request, status) in reads.into_iter().chain(writes) {
        let broken = system.faults.strike(Matching::every(&tenant.id), Fault::Garbage, 1);
        tenant.send(request.clone()).await.expect_error(500, "INTERNAL_SERVER_ERROR");
        drop(broken);
        let answer = tenant.send(request).await;
        assert_eq!(answer.status(), status, "{answer}");
    }
}

/// Sends a request of which the database's first answers to its write are lost.
async fn with_lost_answers(system: &System, tenant: &Tenant, request: Request, count: usize) -> Answer {
    let lost = system.faults.strike(Matching::writes(&tenant.id), Fault::LoseAnswer, count);
    let answer = tenant.send(request).await;
    assert_eq!(lost.struck(), count, "{answer}");
    answer
}

async fn a_notice_whose_answer_was_lost_is_registered_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for count in [1, 2] {
        let notice = notice();
        with_lost_answers(system, &tenant, tenant.posting(NOTICES, &notice), count).await.expect(201);
        tenant.post(NOTICES, &notice).await.expect_error(409, "CONFLICT");
        // A refusal stays one, however often the database is asked.
        with_lost_answers(system, &tenant, tenant.posting(NOTICES, &notice), count).await.expect_error(409, "CONFLICT");
    }
}

async fn a_record_whose_answer_was_lost_is_made_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant("user-1").await;
    let request = tenant.posting(RECORDS, &record(&grant, &notice, "user-1"));
    let created = with_lost_answers(system, &tenant, request, 1).await.expect(201);
    let read = tenant.get(format!("{RECORDS}/{}", text(&created, "recordId"))).await.expect(200);
    assert_eq!(read["createdAt"], created["createdAt"]);
}

async fn a_withdrawal_whose_answer_was_lost_is_the_one_withdrawal(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (revoke, count) in [(false, 1), (true, 1), (false, 2), (true, 2)] {
        let record = tenant.create_record().await;
        let body = json!({"reason": "The one", "revokeGrant": revoke});
        let withdrawn =
            with_lost_answers(system, &tenant, tenant.posting(withdraw_path(&record), &body), count).await.expect(200);
        assert_eq!(withdrawn["grantRevoked"], revoke);
        let read = tenant.get(format!("{RECORDS}/{}", text(&record, "recordId"))).await.expect(200);
        assert_eq!(read["withdrawnAt"], withdrawn["withdrawnAt"]);
        let grant = tenant.get(format!("{GRANTS}/{}", text(&record, "grantId"))).await.expect(200);
        assert_eq!(grant["status"] == "revoked", revoke);
        let again = tenant.post(withdraw_path(&record), &body).await;
        again.expect_error(409, "ALREADY_WITHDRAWN");
        let left = system.contents.of(tenant.id).await;
        let trail = Trail::of_record(&left, tenant.id, &text(&record, "recordId"));
        assert_eq!(trail.actions(), ["record.created", "record.withdrawn"]);
    }
}

async fn a_session_whose_answers_were_lost_is_as_it_was_told(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = with_lost_answers(system, &tenant, tenant.posting(SESSION, &json!({"metadata": {"n": 1}})), 1)
        .await
        .expect(201);
    let path = format!("{SESSION}/{}", text(&created, "sessionId"));
    assert_eq!(tenant.get(&path).await.expect(200), created);
    for fields in [json!({"metadata": {"m": 2}}), json!({"closed": true, "closureReason": "Done"})] {
        let mut body = fields;
        body["sessionId"] = created["sessionId"].clone();
        let patched = with_lost_answers(system, &tenant, tenant.patching(SESSION, &body), 1).await.expect(200);
        assert_eq!(tenant.get(&path).await.expect(200), patched);
    }
}

async fn a_change_whose_answer_was_lost_before_the_session_was_closed_is_still_told(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.create_session().await;
    let purpose = unique("purpose");
    let id = text(&session, "sessionId");
    // The closing writes the purpose too; what it does not write is an open session.
    let of_the_change = || Matching::writes(&id).and(&purpose).and(&r#"\"closed\":false"#);
    let held = system.faults.hold_answers(of_the_change(), HOLD);
    let _lost = system.faults.strike(of_the_change(), Fault::LoseAnswer, 1);
    let change = tenant.patch(SESSION, &json!({"sessionId": id, "consentedPurposes": [purpose]}));
    let closing = async {
        assert!(held.wait_until_struck(1, ARRIVAL).await);
        let closed = tenant.patch(SESSION, &json!({"sessionId": id, "closed": true})).await.expect(200);
        held.release();
        closed
    };
    let (change, closed) = join(change, closing).await;
    // The session was closed with the change in it, so the change is a 200.
    assert_eq!(closed["consentedPurposes"], json!([purpose]));
    assert_eq!(change.expect(200)["consentedPurposes"], json!([purpose]));
}

async fn a_grant_whose_answers_were_lost_is_as_it_was_told(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let parent = with_lost_answers(system, &tenant, tenant.posting(GRANTS, &grant("user-1")), 1).await.expect(201);
    let child = json!({"principalId": "user-1", "scopes": ["orders:read"], "parentGrantId": parent["grantId"]});
    let child = with_lost_answers(system, &tenant, tenant.posting(GRANTS, &child), 1).await.expect(201);
    let path = format!("{GRANTS}/{}", text(&child, "grantId"));
    assert_eq!(tenant.get(&path).await.expect(200), child);
    with_lost_answers(system, &tenant, tenant.request(Method::DELETE, &path), 1).await.expect_no_content();
    assert_eq!(tenant.get(&path).await.expect(200)["status"], "revoked");
}

async fn a_version_whose_answer_was_lost_is_added_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = tenant.create_consent_type().await;
    for number in ["2", "3"] {
        let body = json!({"url": format!("https://example.com/{number}")});
        let request = tenant.posting(format!("{CATALOG}/{id}/version"), &body);
        let created = with_lost_answers(system, &tenant, request, 1).await.expect(201);
        assert_eq!(created["version"], number);
        assert_eq!(tenant.get(version_path(&id, number)).await.expect(200), created);
    }
    tenant.get(version_path(&id, "4")).await.expect_error(404, "NOT_FOUND");
}

async fn an_edit_whose_answer_was_lost_is_made(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = version_path(&tenant.create_consent_type().await, "1");
    let request = tenant.patching(&path, &json!({"url": "https://example.com/edited"}));
    let edited = with_lost_answers(system, &tenant, request, 1).await.expect(200);
    assert_eq!(edited["url"], "https://example.com/edited");
    assert_eq!(tenant.get(&path).await.expect(200), edited);
}

/// The edit is in the database, its answer is not back yet; meanwhile an end user consents to the
/// edited text, and then the answer is lost.
async fn an_edit_whose_answer_was_lost_before_a_consent_is_still_told(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let id = tenant.create_consent_type().await;
    let of_the_edit = || Matching::writes(&id).and(&"https://example.com/edited");
    let held = system.faults.hold_answers(of_the_edit(), HOLD);
    let _lost = system.faults.strike(of_the_edit(), Fault::LoseAnswer, 1);
    let edit = tenant.patch(version_path(&id, "1"), &json!({"url": "https://example.com/edited"}));
    let consent = async {
        assert!(held.wait_until_struck(1, ARRIVAL).await);
        tenant.post(events_path(&project), &accepted(&id)).await.expect(201);
        held.release();
    };
    let (edit, ()) = join(edit, consent).await;
    let bound = tenant.get(version_path(&id, "1")).await.expect(200);
    assert_eq!((&bound["url"], &bound["isUsed"]), (&json!("https://example.com/edited"), &json!(true)));
    // That consent binds the edited text, so the edit is a 200.
    assert_eq!(edit.expect(200)["url"], "https://example.com/edited");
}

async fn a_placed_consent_type_whose_answer_was_lost_is_made_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let mut body = consent_type();
    for (field, value) in [("category", "c"), ("subcategory", "s"), ("label", "l")] {
        body[field] = json!(value);
    }
    let created = with_lost_answers(system, &tenant, tenant.posting(CATALOG, &body), 1).await.expect(201);
    tenant.get(version_path(&text(&created, "id"), "1")).await.expect(200);
    tenant.post(CATALOG, &body).await.expect_error(409, "CONFLICT");
}

async fn events_whose_answer_was_lost_are_recorded(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let id = tenant.create_consent_type().await;
    let request = tenant.posting(events_path(&project), &accepted(&id));
    assert_eq!(with_lost_answers(system, &tenant, request, 1).await.expect(201)["count"], 1);
    assert_eq!(tenant.get(version_path(&id, "1")).await.expect(200)["isUsed"], true);
}

async fn a_withdrawal_whose_answer_was_lost_before_a_reading_is_still_told(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let reason = unique("reason");
    let of_the_withdrawal = || Matching::writes(&text(&record, "recordId")).and(&reason);
    let held = system.faults.hold_answers(of_the_withdrawal(), HOLD);
    let _lost = system.faults.strike(of_the_withdrawal(), Fault::LoseAnswer, 1);
    let withdrawal = tenant.post(withdraw_path(&record), &json!({"reason": reason}));
    let reading = async {
        assert!(held.wait_until_struck(1, ARRIVAL).await);
        let read = tenant.get(format!("{RECORDS}/{}", text(&record, "recordId"))).await.expect(200);
        assert_eq!(read["status"], "withdrawn");
        held.release();
    };
    let (withdrawal, ()) = join(withdrawal, reading).await;
    withdrawal.expect(200);
}

/// The body that asks for all there is, and the same under a key.
fn withdrawing(tenant: &Tenant, record: &Value, keyed: bool) -> Request {
    let body = json!({"reason": "No more", "revokeGrant": true, "deleteProcessedData": true});
    let request = tenant.posting(withdraw_path(record), &body);
    if keyed { request.header("idempotency-key", unique("key")) } else { request }
}

/// Asserts that the record is wholly withdrawn, as that asks.
async fn expect_withdrawn(system: &System, tenant: &Tenant, record: &Value) {
    let left = system.contents.of(tenant.id).await;
    let trail = Trail::of_record(&left, tenant.id, &text(record, "recordId"));
    assert_eq!(trail.actions(), ["record.created", "record.withdrawn"]);
    assert!(!trail.has_key);
    let grant = Trail::of_grant(&left, tenant.id, &text(record, "grantId"));
    assert_eq!(grant.actions(), ["grant.created", "grant.revoked"]);
}

async fn a_withdrawal_that_is_cut_off_anywhere_changes_nothing_and_works_later(system: &'static System) {
    let cases =
        [false, true].into_iter().flat_map(|keyed| (0..=3 + usize::from(keyed)).map(move |spared| (keyed, spared)));
    join_all(cases.map(async |(keyed, spared)| {
        let tenant = Tenant::new(system).await;
        let record = tenant.create_record().await;
        let before = system.contents.of(tenant.id).await;
        let request = withdrawing(&tenant, &record, keyed);
        let cut = system.faults.strike_after(Matching::every(&tenant.id), spared, Fault::Cut);
        let began = tokio::time::Instant::now();
        tenant.send(request.clone()).await.expect_error(503, "SERVICE_UNAVAILABLE");
        assert!(began.elapsed() < TIMEOUT, "{:?}", began.elapsed());
        assert!(cut.struck() > 0);
        drop(cut);
        before.expect_unchanged(&system.contents.of(tenant.id).await);

        let answer = tenant.send(request).await;
        assert!(!answer.replayed(), "{answer}");
        let withdrawn = answer.expect(200);
        assert_eq!((&withdrawn["grantRevoked"], &withdrawn["dataDeleted"]), (&json!(true), &json!(true)));
        expect_withdrawn(system, &tenant, &record).await;
    }))
    .await;
}

/// The database has withdrawn it, and none of the tries was told so.
async fn a_withdrawal_whose_answers_are_all_lost_is_told_to_its_repeat(system: &'static System) {
    for keyed in [false, true] {
        let tenant = Tenant::new(system).await;
        let record = tenant.create_record().await;
        let request = withdrawing(&tenant, &record, keyed);
        let lost = system.faults.strike(Matching::writes(&tenant.id), Fault::LoseAnswer, usize::MAX);
        tenant.send(request.clone()).await.expect_error(503, "SERVICE_UNAVAILABLE");
        assert!(lost.struck() > 1, "it is tried again");
        drop(lost);
        expect_withdrawn(system, &tenant, &record).await;

        let answer = tenant.send(request).await;
        if keyed {
            assert!(answer.replayed(), "{answer}");
            let withdrawn = answer.expect(200);
            assert_eq!((&withdrawn["grantRevoked"], &withdrawn["dataDeleted"]), (&json!(true), &json!(true)));
        } else {
            answer.expect_error(409, "ALREADY_WITHDRAWN");
        }
        expect_withdrawn(system, &tenant, &record).await;
    }
}
