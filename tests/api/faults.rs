//! Faults of networks and busy databases, and what callers see of them.

use std::time::Duration;

use assent_tests::client::Request;
use assent_tests::fault_proxy::{Fault, Matching};
use assent_tests::fixtures::{
    PROJECTS, SESSION, Tenant, accepted, events_path, session_path, sha256, site, text, unique, version_path,
    withdraw_path,
};
use assent_tests::operations::{Operation, Resources, operations};
use assent_tests::race::{ARRIVAL, PATIENCE};
use assent_tests::system::System;
use assent_tests::trail::Trail;
use assent_tests::writes::SHAPES;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};

crate::trials![
    conflicts_with_other_transactions_are_tried_again,
    throttling_is_tried_again_once,
    throttling_without_end_is_unavailable,
    a_conflict_after_a_throttling_is_still_tried_again,
    a_database_that_is_cut_off_is_unavailable_until_it_is_back,
    a_database_that_hangs_is_unavailable,
    keys_cannot_be_checked_without_the_database,
    an_internal_error_shows_no_details;
    on each engine:
    a_write_whose_response_is_lost_happens_once,
    a_write_whose_responses_are_all_lost_has_happened,
    a_lost_response_is_replayed_though_another_write_came_after_it,
    a_withdrawal_that_is_cut_off_anywhere_changes_nothing_and_works_later,
];

/// The timeout of a function in the template.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The operations that read or write data of a tenant. A link to a page leads to its tenant, and its item does not name it,
/// so no fault can be made for the links of one tenant alone.
async fn operations_on_data(system: &System) -> Vec<Operation> {
    let makes_link =
        |operation: &Operation| operation.id.starts_with("create-") && operation.route.ends_with("-sessions");
    let operations = operations(system).await.into_iter();
    operations.filter(|it| it.needs_credential() && (!makes_link(it) || it.route.starts_with("/site-v1/"))).collect()
}

/// The operations that write. Reading a record writes too, because it counts the access.
async fn operations_that_write(system: &System) -> Vec<Operation> {
    let operations = operations_on_data(system).await.into_iter();
    operations.filter(|operation| operation.writes() || operation.id == "get-consent-record").collect()
}

async fn expect_success(resources: &Resources, operation: &Operation, request: Request) {
    let response = resources.tenant.send(request).await;
    assert_eq!(response.status(), operation.success(), "{response}");
}

async fn conflicts_with_other_transactions_are_tried_again(system: &'static System) {
    let resources = Resources::new(system).await;
    for operation in operations_that_write(system).await {
        let conflicts = system.faults.strike(Matching::writes(&resources.tenant.id), Fault::TransactionConflict, 4);
        expect_success(&resources, &operation, resources.call(&operation)).await;
        assert_eq!(conflicts.struck(), 4, "{}", operation.id);
    }
}

async fn throttling_is_tried_again_once(system: &'static System) {
    for fault in [Fault::Throttling, Fault::ThroughputExceeded] {
        let resources = Resources::new(system).await;
        for operation in operations_on_data(system).await {
            let throttled = system.faults.strike(Matching::every(&resources.tenant.id), fault, 1);
            expect_success(&resources, &operation, resources.call(&operation)).await;
            assert_eq!(throttled.struck(), 1, "{}", operation.id);
        }
    }
}

/// A read, a write of one item, and a transaction are tried twice; then the 503 says when to try again.
async fn throttling_without_end_is_unavailable(system: &'static System) {
    for fault in [Fault::Throttling, Fault::ThroughputExceeded] {
        let resources = Resources::new(system).await;
        let (every, writes) = (Matching::every(&resources.tenant.id), Matching::writes(&resources.tenant.id));
        // Other operations read several items at once.
        let reads = operations_on_data(system).await.into_iter().filter(|it| it.id == "get-dpdp-session");
        let writing = operations_that_write(system).await;
        for (operation, matching) in reads.map(|it| (it, &every)).chain(writing.into_iter().map(|it| (it, &writes))) {
            let request = resources.call(&operation);
            let throttled = system.faults.strike(matching.clone(), fault, usize::MAX);
            // The client asserts of every 503 that it has a Retry-After.
            resources.tenant.send(request.clone()).await.expect_error(503, "SERVICE_UNAVAILABLE");
            assert_eq!(throttled.struck(), 2, "{fault:?}: {}", operation.id);
            drop(throttled);
            expect_success(&resources, &operation, request).await;
        }
    }
}

/// A transaction that conflicts with another one is tried again, also after it has been throttled.
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
    let resources = Resources::new(system).await;
    let operations = operations_on_data(system).await;
    let requests: Vec<Request> = operations.iter().map(|operation| resources.call(operation)).collect();
    let down = system.faults.strike(Matching::every(&resources.tenant.id), Fault::Cut, usize::MAX);
    for response in join_all(requests.iter().map(|request| resources.tenant.send(request.clone()))).await {
        response.expect_error(503, "SERVICE_UNAVAILABLE");
    }
    drop(down);
    for (operation, request) in operations.iter().zip(requests) {
        expect_success(&resources, operation, request).await;
    }
}

async fn a_database_that_hangs_is_unavailable(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = session_path(&tenant.create_session().await);
    let silence = system.faults.hold(Matching::every(&tenant.id), Duration::from_mins(1));
    let (read, written) = join(tenant.get(&session), tenant.post(SESSION, &json!({}))).await;
    read.expect_error(503, "SERVICE_UNAVAILABLE");
    written.expect_error(503, "SERVICE_UNAVAILABLE");
    drop(silence);
    tenant.get(session).await.expect(200);
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
async fn an_internal_error_shows_no_details(system: &'static System) {
    let resources = Resources::new(system).await;
    for operation in operations_on_data(system).await {
        let request = resources.call(&operation);
        let broken = system.faults.strike(Matching::every(&resources.tenant.id), Fault::Garbage, 1);
        resources.tenant.send(request.clone()).await.expect_error(500, "INTERNAL_SERVER_ERROR");
        drop(broken);
        expect_success(&resources, &operation, request).await;
    }
}

/// The database makes the change, but its response is lost: the function tries again, and finds that the change was
/// made. The tests of idempotency keys cover the same for calls under a key.
async fn a_write_whose_response_is_lost_happens_once(system: &'static System) {
    for shape in SHAPES {
        let alone = shape.effect(system, None).await;
        let tenant = Tenant::new(system).await;
        for count in [1, 2] {
            let write = shape.prepare(&tenant).await;
            let before = system.contents.of(tenant.id).await;
            let lost = system.faults.strike(Matching::writes(&tenant.id), Fault::LoseResponse, count);
            let response = tenant.send(write.call.by(&tenant)).await;
            assert_eq!((response.status(), lost.struck()), (write.status, count), "{shape:?}: {response}");
            let after = system.contents.of(tenant.id).await;
            assert_eq!(before.until(&after), alone, "{shape:?}");
            // The resource that the response names is stored.
            if let Some(location) = response.header("location") {
                assert!(!after.mentioning(location.rsplit('/').next().expect("an id")).is_empty(), "{response}");
            }

            // A write that fails, and whose response is lost, is tried again, and fails again.
            let lost = system.faults.strike(Matching::writes(&tenant.id), Fault::LoseResponse, count);
            write.expect_second(&tenant.send(write.call.by(&tenant)).await);
            drop(lost);
        }
    }
}

async fn a_write_whose_responses_are_all_lost_has_happened(system: &'static System) {
    for shape in SHAPES {
        let alone = shape.effect(system, None).await;
        let tenant = Tenant::new(system).await;
        let write = shape.prepare(&tenant).await;
        let before = system.contents.of(tenant.id).await;
        let lost = system.faults.strike(Matching::writes(&tenant.id), Fault::LoseResponse, usize::MAX);
        tenant.send(write.call.by(&tenant)).await.expect_error(503, "SERVICE_UNAVAILABLE");
        assert!(lost.struck() > 1, "{shape:?} is tried again");
        drop(lost);
        assert_eq!(before.until(&system.contents.of(tenant.id).await), alone, "{shape:?}");
        write.expect_second(&tenant.send(write.call.by(&tenant)).await);
    }
}

/// The database has made the edit, but its response is held; meanwhile an end user consents to the edited text, and
/// then the response is lost.
async fn a_lost_response_is_replayed_though_another_write_came_after_it(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let of_the_edit = || Matching::writes(&id).and(&"https://example.com/edited");
    let held = system.faults.hold_responses(of_the_edit(), PATIENCE);
    let _lost = system.faults.strike(of_the_edit(), Fault::LoseResponse, 1);
    let edit = tenant.patch(version_path(&id, "1"), &json!({"url": "https://example.com/edited"}));
    let consent = async {
        assert!(held.wait_until_struck(1, ARRIVAL).await);
        tenant.post(events_path(&project), &accepted(&id)).await.expect(201);
        held.release();
    };
    let (edit, ()) = join(edit, consent).await;
    let bound = tenant.get(version_path(&id, "1")).await.expect(200);
    assert_eq!((&bound["url"], &bound["isUsed"]), (&json!("https://example.com/edited"), &json!(true)));
    // The end user has consented to the edited text, so the edit must get a 200.
    assert_eq!(edit.expect(200)["url"], "https://example.com/edited");
}

/// A withdrawal with its grant and its data, and with an idempotency key if `keyed`.
fn withdrawing(tenant: &Tenant, record: &Value, keyed: bool) -> Request {
    let body = json!({"reason": "No more", "revokeGrant": true, "deleteProcessedData": true});
    let request = tenant.posting(withdraw_path(record), &body);
    if keyed { request.header("idempotency-key", unique("key")) } else { request }
}

/// Asserts that the record is withdrawn with its grant and its data.
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

        let response = tenant.send(request).await;
        assert!(!response.replayed(), "{response}");
        let withdrawn = response.expect(200);
        assert_eq!((&withdrawn["grantRevoked"], &withdrawn["dataDeleted"]), (&json!(true), &json!(true)));
        expect_withdrawn(system, &tenant, &record).await;
    }))
    .await;
}
