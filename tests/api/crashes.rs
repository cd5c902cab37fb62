//! Functions and databases that are killed (SIGKILL) during a call. Each is a process of its own: the function is
//! halted at one of its database calls, and killed there.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use assent_local::triggers::schedule_event;
use assent_shared::domain::RequestContext;
use assent_shared::environment::WEBHOOKS_TO_LOOPBACK;
use assent_tests::client::{Request, Response};
use assent_tests::contents::{Item, Items};
use assent_tests::fault_proxy::{ActiveRule, Fault, FaultProxy, Matching, Moment};
use assent_tests::fixtures::{
    GRANTS, NOTICES, RECIPIENTS, RECORDS, SESSION, Tenant, accepted, authorizer, erasure_counts, erasure_path,
    events_path, export, grant, grievance, notice, record, text, unique, with, withdraw_path, withdrawals_path,
};
use assent_tests::like::now;
use assent_tests::lone_database::LoneDatabase;
use assent_tests::lone_function::{LoneFunction, Outcome};
use assent_tests::receiver::{Receiver, Reply};
use assent_tests::system::System;
use assent_tests::trail::Trail;
use futures_util::future::{join, join_all};
use futures_util::{StreamExt, stream};
use hyper::Method;
use serde_json::{Value, json};
use uuid::Uuid;

crate::trials![
    on each engine:
    a_withdrawal_killed_anywhere_is_whole_or_nothing,
    a_withdrawal_with_its_grant_killed_anywhere_is_whole_or_nothing,
    a_withdrawal_with_its_data_killed_anywhere_is_whole_or_nothing,
    a_withdrawal_with_both_killed_anywhere_is_whole_or_nothing,
    a_record_killed_anywhere_is_made_whole_or_not_at_all,
    a_withdrawal_of_all_killed_anywhere_is_finished_by_a_repeat,
    an_erasure_killed_anywhere_is_finished_by_a_repeat,
    an_erasure_under_a_key_killed_anywhere_is_finished_by_a_repeat,
    a_killed_database_has_every_withdrawal_whole_or_not_at_all,
    a_withdrawal_whose_response_is_lost_with_the_database_succeeds,
    a_relay_killed_anywhere_forgets_nobody,
    a_deliverer_killed_anywhere_forgets_nobody,
    a_sweep_killed_anywhere_forgets_nobody,
];

/// How long a function may take from its start to the database call at which it is halted.
const ARRIVAL: Duration = Duration::from_secs(30);
/// How many functions of one test run side by side.
const SIDE_BY_SIDE: usize = 2;
const SIGKILL: i32 = 9;
const WITHDRAW: &str = "withdraw-consent-record";
const RECORDS_TABLE: &str = "ConsentRecordsTable";
const GRANTS_TABLE: &str = "GrantsTable";
const RESPONSES_TABLE: &str = "StoredResponsesTable";
const REQUESTS_TABLE: &str = "ErasureRequestsTable";

/// The database call, counted from 1, before or after which a function is killed.
type Point = (usize, Moment);

/// How many database calls the function makes for this event without a fault.
async fn calls_of(system: &System, function: &str, event: &Value) -> usize {
    let faults = system.own_faults().await;
    let calls = faults.measure(Matching::every(&""));
    let function = system.lone_function(function, &faults.url()).await;
    let response = function.response(event).await;
    assert!(response.status() < 300, "{response}");
    calls.cost().requests
}

/// All points at which a function with so many database calls can be killed.
fn points(calls: usize) -> impl Iterator<Item = Point> {
    (1..=calls).flat_map(|call| [(call, Moment::Before), (call, Moment::After)])
}

/// Starts the function, invokes it with this event, and kills it at this point.
async fn kill_at(system: &System, function: &str, event: &Value, (call, moment): Point) {
    let faults = system.own_faults().await;
    let halted = faults.halt(call - 1, moment);
    let function = system.lone_function(function, &faults.url()).await;
    kill_when(&halted, &function, event).await;
}

/// Invokes the function with this event, and kills it when a call of the database is halted.
async fn kill_when(halted: &ActiveRule, function: &LoneFunction, event: &Value) {
    let killing = async {
        assert!(halted.wait_until_struck(1, ARRIVAL).await, "no call was halted");
        assert_eq!(function.kill().await.signal(), Some(SIGKILL));
    };
    // A function that responds has made all its calls: of those that were counted, some may have been repeats.
    tokio::select! {
        outcome = function.invoke(event) => assert!(!matches!(outcome, Outcome::Failed(_)), "{outcome:?}"),
        () = killing => {}
    }
}

/// Runs `happens` for all points, which returns whether the killed call took effect, and asserts that it does so
/// exactly from some point on.
async fn at_every_point(calls: usize, happens: impl AsyncFn(Point) -> bool) {
    let happened: Vec<(Point, bool)> = stream::iter(points(calls))
        .map(|point| {
            let happens = happens(point);
            async move { (point, happens.await) }
        })
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await;
    assert!(happened.is_sorted_by_key(|(_, happened)| *happened), "{happened:?}");
    assert!(happened.iter().any(|(_, happened)| *happened), "{happened:?}");
    assert!(happened.iter().any(|(_, happened)| !*happened), "{happened:?}");
}

/// A withdrawal and its flags.
struct Withdrawal {
    tenant: Uuid,
    record: Value,
    revoke: bool,
    delete: bool,
    /// The idempotency key, if it has one.
    key: Option<String>,
    reason: String,
}

impl Withdrawal {
    fn new(tenant: Uuid, record: Value, (revoke, delete): (bool, bool), keyed: bool) -> Self {
        let key = keyed.then(|| unique("key"));
        Self { tenant, record, revoke, delete, key, reason: unique("reason") }
    }

    fn body(&self) -> Value {
        json!({"reason": self.reason, "revokeGrant": self.revoke, "deleteProcessedData": self.delete})
    }

    /// The request with its idempotency key.
    fn under_key(&self, request: Request) -> Request {
        match &self.key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        }
    }

    fn record_item<'a>(&self, items: &'a Items) -> &'a Item {
        let partition = format!("{}#{}", self.tenant, text(&self.record, "recordId"));
        items.at(RECORDS_TABLE, &partition, "record").expect("the record")
    }

    fn grant_item<'a>(&self, items: &'a Items) -> &'a Item {
        let partition = format!("{}#{}", self.tenant, text(&self.record, "grantId"));
        items.at(GRANTS_TABLE, &partition, "grant").expect("the grant")
    }

    fn trail(&self, items: &Items) -> Trail {
        Trail::of_record(items, self.tenant, &text(&self.record, "recordId"))
    }

    /// Whether the withdrawal took effect; asserts that all items of the record agree.
    #[track_caller]
    fn happened(&self, items: &Items) -> bool {
        let happened = said(self.record_item(items), "state") == Some("withdrawn");
        let expected: &[&str] = if happened { &["record.created", "record.withdrawn"] } else { &["record.created"] };
        let trail = self.trail(items);
        assert_eq!(trail.actions(), expected);
        assert_eq!(trail.has_key, !(happened && self.delete), "the data key");
        let reason = said(self.record_item(items), "withdrawnReason");
        assert_eq!(reason, happened.then_some(self.reason.as_str()));
        happened
    }

    /// Asserts that the withdrawal took effect on the record and on its grant, which has no other record.
    #[track_caller]
    fn expect_whole(&self, items: &Items) {
        assert!(self.happened(items));
        assert_eq!(self.grant_item(items).contains_key("revokedAt"), self.revoke, "the grant");
        let grant = Trail::of_grant(items, self.tenant, &text(&self.record, "grantId"));
        assert_eq!(grant.actions().get(1..), Some(if self.revoke { &["grant.revoked"][..] } else { &[] }));
    }

    /// Asserts that the response agrees with the database.
    #[track_caller]
    fn expect_true(&self, response: &Response, items: &Items) {
        let response = response.expect(200);
        assert_eq!(response["withdrawnAt"].as_str(), said(self.record_item(items), "withdrawnAt"));
        assert_eq!((&response["grantRevoked"], &response["dataDeleted"]), (&json!(self.revoke), &json!(self.delete)));
    }
}

fn said<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

async fn a_withdrawal_killed_anywhere_is_whole_or_nothing(system: &'static System) {
    withdrawals_killed_anywhere(system, (false, false)).await;
}

async fn a_withdrawal_with_its_grant_killed_anywhere_is_whole_or_nothing(system: &'static System) {
    withdrawals_killed_anywhere(system, (true, false)).await;
}

async fn a_withdrawal_with_its_data_killed_anywhere_is_whole_or_nothing(system: &'static System) {
    withdrawals_killed_anywhere(system, (false, true)).await;
}

async fn a_withdrawal_with_both_killed_anywhere_is_whole_or_nothing(system: &'static System) {
    withdrawals_killed_anywhere(system, (true, true)).await;
}

async fn withdrawals_killed_anywhere(system: &'static System, flags: (bool, bool)) {
    for keyed in [false, true] {
        let prepare = async || {
            let tenant = Tenant::new(system).await;
            let withdrawal = Withdrawal::new(tenant.id, tenant.create_record().await, flags, keyed);
            let request = withdrawal.under_key(tenant.posting(withdraw_path(&withdrawal.record), &withdrawal.body()));
            (tenant, withdrawal, request)
        };
        let (tenant, _, request) = prepare().await;
        let calls = calls_of(system, WITHDRAW, &request.event(&tenant.authorizer())).await;
        at_every_point(calls, async |point| {
            let (tenant, withdrawal, request) = prepare().await;
            let before = system.contents.of(tenant.id).await;
            kill_at(system, WITHDRAW, &request.event(&tenant.authorizer()), point).await;
            let after = system.contents.of(tenant.id).await;
            let happened = withdrawal.happened(&after);
            if happened {
                withdrawal.expect_whole(&after);
                assert_eq!(after.in_table(RESPONSES_TABLE).count(), usize::from(keyed), "stored responses");
            } else {
                before.expect_unchanged(&after);
            }

            let response = tenant.send(request).await;
            if happened && !keyed {
                response.expect_error(409, "ALREADY_WITHDRAWN");
            } else {
                assert_eq!(response.replayed(), happened, "{point:?}: {response}");
                withdrawal.expect_true(&response, &system.contents.of(tenant.id).await);
            }
            let last = system.contents.of(tenant.id).await;
            withdrawal.expect_whole(&last);
            if happened {
                after.expect_unchanged(&last);
            }
            happened
        })
        .await;
    }
}

async fn a_record_killed_anywhere_is_made_whole_or_not_at_all(system: &'static System) {
    const FUNCTION: &str = "create-consent-record";
    for keyed in [false, true] {
        let prepare = async || {
            let tenant = Tenant::new(system).await;
            let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
            let request = tenant.posting(RECORDS, &record(&grant, &notice, "user-1"));
            let request = if keyed { request.header("idempotency-key", unique("key")) } else { request };
            (tenant, request)
        };
        let (tenant, request) = prepare().await;
        let calls = calls_of(system, FUNCTION, &request.event(&tenant.authorizer())).await;
        at_every_point(calls, async |point| {
            let (tenant, request) = prepare().await;
            let before = system.contents.of(tenant.id).await;
            kill_at(system, FUNCTION, &request.event(&tenant.authorizer()), point).await;
            let after = system.contents.of(tenant.id).await;
            let made = expect_records(&after, tenant.id, keyed);
            assert!(made.len() < 2, "{made:?}");
            if made.is_empty() {
                before.expect_unchanged(&after);
            }

            let response = tenant.send(request).await;
            let responded = text(&response.expect(201), "recordId");
            assert_eq!(response.replayed(), keyed && !made.is_empty(), "{point:?}: {response}");
            assert!(!response.replayed() || made == [responded.as_str()], "{made:?}: {response}");
            let last = expect_records(&system.contents.of(tenant.id).await, tenant.id, keyed);
            assert_eq!(last.len(), if keyed { 1 } else { made.len() + 1 });
            for record_id in &last {
                tenant.get(format!("{RECORDS}/{record_id}")).await.expect(200);
            }
            !made.is_empty()
        })
        .await;
    }
}

/// The ids of a tenant's records; asserts that each is complete, and that no item belongs to another record.
#[track_caller]
fn expect_records(items: &Items, tenant: Uuid, keyed: bool) -> Vec<String> {
    let records = items.in_table(RECORDS_TABLE).filter(|(point, _)| point.sort == "record");
    let ids: Vec<String> =
        records.map(|(point, _)| point.partition.trim_start_matches(&format!("{tenant}#")).to_owned()).collect();
    let of_records = |(point, _): &(&assent_tests::contents::ItemKey, &Item)| point.partition.contains("#record/");
    let (entries, keys) = (items.in_table("AuditEntriesTable"), items.in_table("PersonalDataKeysTable"));
    assert_eq!(entries.filter(of_records).count(), ids.len(), "entries");
    assert_eq!(keys.filter(of_records).count(), ids.len(), "data keys");
    // Each has its details and is in the tenant's list and in the principal's, and they share the principal's latest
    // decisions.
    let latest = items.in_table(RECORDS_TABLE).filter(|(key, _)| key.is_of_latest_decisions()).count();
    assert_eq!(latest, ids.len().min(1), "latest decisions");
    assert_eq!(items.in_table(RECORDS_TABLE).count() - latest, 4 * ids.len(), "details and entries of lists");
    assert_eq!(items.in_table(RESPONSES_TABLE).count(), if keyed { ids.len() } else { 0 }, "stored responses");
    assert_eq!(events(items), ids.len(), "events");
    for id in &ids {
        let trail = Trail::of_record(items, tenant, id);
        assert_eq!(trail.actions(), ["record.created"]);
        assert!(trail.has_key);
    }
    ids
}

fn events(items: &Items) -> usize {
    items.in_table("EventsTable").filter(|(key, _)| key.sort.starts_with("evt_")).count()
}

/// One step withdraws both records. Killed before it nothing has happened; killed after it the withdrawal is in
/// progress.
async fn a_withdrawal_of_all_killed_anywhere_is_finished_by_a_repeat(system: &'static System) {
    const FUNCTION: &str = "withdraw-data-principal";
    const TABLE: &str = "WithdrawalsTable";
    for keyed in [false, true] {
        let prepare = async || {
            let tenant = Tenant::new(system).await;
            let (person, reason) = (unique("person"), unique("reason"));
            let (grant, notice) = (tenant.create_grant(&person).await, tenant.create_notice().await);
            let body = record(&grant, &notice, &person);
            let records =
                [tenant.post(RECORDS, &body).await.expect(201), tenant.post(RECORDS, &body).await.expect(201)];
            let request = tenant.posting(withdrawals_path(&person), &json!({"purposes": "*", "reason": reason}));
            let request = if keyed { request.header("idempotency-key", unique("key")) } else { request };
            (tenant, records, request)
        };
        let (tenant, _, request) = prepare().await;
        let calls = calls_of(system, FUNCTION, &request.event(&tenant.authorizer())).await;
        at_every_point(calls, async |point| {
            let (tenant, records, request) = prepare().await;
            let before = system.contents.of(tenant.id).await;
            kill_at(system, FUNCTION, &request.event(&tenant.authorizer()), point).await;
            let after = system.contents.of(tenant.id).await;
            let stored: Vec<_> = after.in_table(TABLE).filter(|(key, _)| key.sort == "withdrawal").collect();
            let withdrawn = |items: &Items| {
                let withdrawn = |record: &&Value| {
                    let id = text(record, "recordId");
                    let item = items.at(RECORDS_TABLE, &format!("{}#{id}", tenant.id), "record").expect("the record");
                    let happened = said(item, "state") == Some("withdrawn");
                    let expected: &[&str] =
                        if happened { &["record.created", "record.withdrawn"] } else { &["record.created"] };
                    assert_eq!(Trail::of_record(items, tenant.id, &id).actions(), expected);
                    happened
                };
                let withdrawn = records.iter().filter(withdrawn).count();
                assert_eq!(events(items), records.len() + withdrawn, "events");
                withdrawn
            };
            assert!(stored.len() < 2, "{stored:?}");
            let begun =
                stored.first().map(|(key, item)| (key.partition.clone(), said(item, "status") == Some("completed")));
            match &begun {
                None => before.expect_unchanged(&after),
                Some(_) => assert_eq!(withdrawn(&after), 2, "{point:?}"),
            }
            let completed = begun.as_ref().is_some_and(|(_, completed)| *completed);

            let response = tenant.send(request).await;
            if completed && !keyed {
                response.expect_error(409, "ALREADY_WITHDRAWN");
            } else {
                let withdrawal = response.expect(201);
                assert_eq!(response.replayed(), completed, "{point:?}: {response}");
                assert_eq!((&withdrawal["status"], &withdrawal["recordsWithdrawn"]), (&json!("completed"), &json!(2)));
                let id = text(&withdrawal, "withdrawalId");
                assert!(begun.is_none_or(|(partition, _)| partition.ends_with(&id)), "{point:?}: {response}");
            }
            let last = system.contents.of(tenant.id).await;
            assert_eq!((withdrawn(&last), last.in_table(TABLE).count()), (2, 1), "{point:?}");
            completed
        })
        .await;
    }
}

async fn an_erasure_killed_anywhere_is_finished_by_a_repeat(system: &'static System) {
    erasures_killed_anywhere(system, false).await;
}

async fn an_erasure_under_a_key_killed_anywhere_is_finished_by_a_repeat(system: &'static System) {
    erasures_killed_anywhere(system, true).await;
}

async fn erasures_killed_anywhere(system: &'static System, keyed: bool) {
    const FUNCTION: &str = "erase-data-principal";
    let prepare = async || {
        let tenant = Tenant::new(system).await;
        let person = unique("person");
        let (root, notice) = (tenant.create_grant(&person).await, tenant.create_notice().await);
        let child = with(&grant(&person), "parentGrantId", Some(root["grantId"].clone()));
        tenant.post(GRANTS, &child).await.expect(201);
        let body = record(&root, &notice, &person);
        let active = tenant.post(RECORDS, &body).await.expect(201);
        let withdrawn = tenant.post(RECORDS, &body).await.expect(201);
        let deleting = json!({"reason": "No more", "deleteProcessedData": true});
        tenant.post(withdraw_path(&withdrawn), &deleting).await.expect(200);
        tenant.post("/v1/dpdp/grievances", &grievance(&person)).await.expect(202);
        tenant.post("/v1/dpdp/exports", &with(&export(), "dataPrincipalId", Some(json!(person)))).await.expect(201);
        tenant.post(SESSION, &json!({"dataPrincipalId": person})).await.expect(201);
        let (project, consent_type) = (tenant.create_project().await, tenant.create_consent_type().await);
        let visitor = tenant.create_visitor(&project, &json!({"userId": person})).await;
        let event = visitor.posting(events_path(&project), &accepted(&consent_type));
        visitor.send(event).await.expect(201);
        let request = tenant.request(Method::POST, erasure_path(&person));
        let request = if keyed { request.header("idempotency-key", unique("key")) } else { request };
        let records = [(active, vec!["record.created"]), (withdrawn, vec!["record.created", "record.withdrawn"])];
        (tenant, person, records, request)
    };
    let (tenant, _, _, request) = prepare().await;
    let calls = calls_of(system, FUNCTION, &request.event(&tenant.authorizer())).await;
    at_every_point(calls, async |point| {
        let (tenant, person, records, request) = prepare().await;
        kill_at(system, FUNCTION, &request.event(&tenant.authorizer()), point).await;
        let after = system.contents.of(tenant.id).await;
        for (record, before) in &records {
            expect_erased_or_untouched(&after, tenant.id, record, before, &person);
        }
        let completed = completed_requests(&after);
        if completed > 0 {
            assert_eq!(after.mentioning(&person), Vec::<&assent_tests::contents::ItemKey>::new());
        }

        // On a busy machine the rest may take more than one call.
        let mut response = tenant.send(request.clone()).await;
        while response.expect(201)["status"] == "in_progress" {
            response = tenant.send(request.clone()).await;
        }
        let erased = response.body();
        assert_eq!(erased["status"], "completed", "{point:?}: {response}");
        assert_eq!(erasure_counts(&erased), [2, 1, 1, 1, 1, 1, 1], "{point:?}: {response}");
        let last = system.contents.of(tenant.id).await;
        assert_eq!(completed_requests(&last), 1);
        assert_eq!(last.mentioning(&person), Vec::<&assent_tests::contents::ItemKey>::new());
        for (record, before) in &records {
            assert!(expect_erased_or_untouched(&last, tenant.id, record, before, &person));
        }
        completed > 0
    })
    .await;
}

fn completed_requests(items: &Items) -> usize {
    items.in_table(REQUESTS_TABLE).filter(|(_, item)| said(item, "status") == Some("completed")).count()
}

/// Whether a record was erased; asserts that it is completely erased or unchanged.
#[track_caller]
fn expect_erased_or_untouched(items: &Items, tenant: Uuid, record: &Value, before: &[&str], person: &str) -> bool {
    let id = text(record, "recordId");
    let item = items.at(RECORDS_TABLE, &format!("{tenant}#{id}"), "record").expect("the record");
    let erased = said(item, "state") == Some("erased");
    let trail = Trail::of_record(items, tenant, &id);
    let mut expected = before.to_vec();
    if erased {
        expected.push("record.erased");
    }
    assert_eq!(trail.actions(), expected);
    // A withdrawal may have deleted the key before.
    assert_eq!(trail.has_key, !erased && before.len() == 1, "the data key");
    assert_eq!(said(item, "dataPrincipalId"), (!erased).then_some(person));
    assert_eq!(item.get("withdrawnReason").is_some(), !erased && before.len() == 2);
    let listed = items.in_table(RECORDS_TABLE).filter(|(point, _)| point.sort.ends_with(&id)).count();
    assert_eq!(listed, if erased { 1 } else { 2 }, "entries of lists");
    erased
}

/// How many withdrawals are in progress when the database is killed.
const AT_ONCE: usize = 4;
/// How many withdrawals there are in each round.
const WITHDRAWALS: usize = 12;

/// Longer than a function tries to reach a missing database.
const LATE: Duration = Duration::from_secs(4);

/// The database and the functions are processes of their own, so that no other test is disturbed.
async fn a_killed_database_has_every_withdrawal_whole_or_not_at_all(system: &'static System) {
    let mut database = system.lone_database().await;
    let url = database.url();
    let makers = Makers::start(system, &url).await;
    let functions: Vec<LoneFunction> = join_all((0..AT_ONCE).map(|_| system.lone_function(WITHDRAW, &url))).await;
    let (tenant, mut lost, mut kept, mut responses_before) = (Uuid::from_u128(1), 0, 0, 0);
    for (round, completed) in [0, 1, 3, 5].into_iter().enumerate() {
        let mut withdrawals = Vec::new();
        for number in 0..WITHDRAWALS {
            let flags = (number % 2 == 0, number % 3 == 0);
            withdrawals.push(Withdrawal::new(tenant, makers.record().await, flags, number % 4 != 0));
        }
        // Once this call has succeeded, all earlier writes are committed, even by a database that responds before it
        // commits.
        makers.record().await;
        let request = |withdrawal: &Withdrawal| {
            let request = Request::new(Method::POST, withdraw_path(&withdrawal.record)).json(&withdrawal.body());
            withdrawal.under_key(request).event(&makers.authorizer)
        };
        let (sender, mut count) = tokio::sync::watch::channel(0);
        let (sender, request) = (&sender, &request);
        let workers = functions.iter().enumerate().map(|(worker, function)| {
            let own = withdrawals.iter().skip(worker).step_by(AT_ONCE);
            async move {
                let mut responses = Vec::new();
                for withdrawal in own {
                    responses.push((withdrawal, function.response(&request(withdrawal)).await));
                    sender.send_modify(|completed| *completed += 1);
                }
                responses
            }
        });
        let restart = async {
            count.wait_for(|count| *count >= completed).await.expect("the workers run");
            tokio::time::sleep(Duration::from_millis(3 * u64::try_from(round).expect("few"))).await;
            database.kill().await;
            // If the database restarts at once, the functions' retries reach it; if it restarts late, they have given
            // up.
            tokio::time::sleep(if round % 2 == 0 { Duration::ZERO } else { LATE }).await;
            database.restart().await.expect("it restarts on its file");
        };
        let (responses, ()) = join(join_all(workers), restart).await;

        let after = database.contents.of(tenant).await;
        let stored = withdrawals.iter().filter(|withdrawal| withdrawal.key.is_some() && withdrawal.happened(&after));
        assert_eq!(after.in_table(RESPONSES_TABLE).count(), responses_before + stored.count(), "stored responses");
        for (withdrawal, response) in responses.into_iter().flatten() {
            let happened = withdrawal.happened(&after);
            if happened {
                withdrawal.expect_whole(&after);
            }
            if response.status() == 200 {
                assert!(
                    happened || !database.commits_before_it_responds(),
                    "a confirmed withdrawal is lost: {response}"
                );
                if happened {
                    withdrawal.expect_true(&response, &after);
                }
                kept += 1;
            } else {
                response.expect_error(503, "SERVICE_UNAVAILABLE");
                lost += 1;
            }
            let again = functions[0].response(&request(withdrawal)).await;
            if happened && withdrawal.key.is_none() {
                again.expect_error(409, "ALREADY_WITHDRAWN");
            } else {
                assert_eq!(again.replayed(), happened && withdrawal.key.is_some(), "{again}");
                withdrawal.expect_true(&again, &database.contents.of(tenant).await);
            }
        }
        let last = database.contents.of(tenant).await;
        for withdrawal in &withdrawals {
            withdrawal.expect_whole(&last);
        }
        responses_before = last.in_table(RESPONSES_TABLE).count();
    }
    assert!(
        lost > 0 && kept > 0,
        "the database was never killed during a withdrawal: {kept} succeeded, {lost} did not"
    );
}

/// The database writes the withdrawal and is killed before it responds. After its restart it no longer knows the token
/// of the transaction when the function tries again.
async fn a_withdrawal_whose_response_is_lost_with_the_database_succeeds(system: &'static System) {
    let mut database = system.lone_database().await;
    let faults = FaultProxy::start(&database.url()).await.expect("a proxy");
    let makers = Makers::start(system, &faults.url()).await;
    let function = system.lone_function(WITHDRAW, &faults.url()).await;
    for keyed in [false, true] {
        let withdrawal = Withdrawal::new(Uuid::from_u128(1), makers.record().await, (true, true), keyed);
        let request = Request::new(Method::POST, withdraw_path(&withdrawal.record)).json(&withdrawal.body());
        let event = withdrawal.under_key(request).event(&makers.authorizer);
        let held = faults.hold_responses(Matching::writes(&withdrawal.reason), ARRIVAL);
        let lost = faults.strike(Matching::writes(&withdrawal.reason), Fault::LoseResponse, 1);
        let restart = async {
            assert!(held.wait_until_struck(1, ARRIVAL).await);
            database.kill().await;
            database.restart().await.expect("it restarts on its file");
            held.release();
        };
        let (response, ()) = join(function.response(&event), restart).await;
        assert_eq!(lost.struck(), 1);
        // If the database restarted too late, the outcome is unknown, so the call is repeated.
        let happened = withdrawal.happened(&database.contents.of(withdrawal.tenant).await);
        let response = match response.status() {
            503 if happened => continue,
            503 => function.response(&event).await,
            _ => response,
        };
        let after = database.contents.of(withdrawal.tenant).await;
        withdrawal.expect_whole(&after);
        withdrawal.expect_true(&response, &after);
    }
}

/// The functions that create the resources for a withdrawal.
struct Makers {
    notices: LoneFunction,
    grants: LoneFunction,
    records: LoneFunction,
    authorizer: Value,
}

impl Makers {
    async fn start(system: &System, url: &str) -> Self {
        let start = async |name| system.lone_function(name, url).await;
        Self {
            notices: start("create-consent-notice").await,
            grants: start("create-grant").await,
            records: start("create-consent-record").await,
            authorizer: authorizer(Uuid::from_u128(1), "Acme", Uuid::from_u128(2)),
        }
    }

    async fn made(&self, function: &LoneFunction, path: &str, body: &Value) -> Value {
        let request = Request::new(Method::POST, path).json(body);
        function.response(&request.event(&self.authorizer)).await.expect(201)
    }

    async fn record(&self) -> Value {
        let person = unique("user");
        let notice = self.made(&self.notices, NOTICES, &notice()).await;
        let grant = self.made(&self.grants, GRANTS, &grant(&person)).await;
        self.made(&self.records, RECORDS, &record(&grant, &notice, &person)).await
    }
}

/// Recipients in a database without streams, so that no worker runs by itself.
struct Untold<'a> {
    system: &'a System,
    database: LoneDatabase,
    makers: Makers,
    recipients: LoneFunction,
    withdrawals: LoneFunction,
    relay: LoneFunction,
    sweep: LoneFunction,
    receiver: Receiver,
}

/// A withdrawal of which nobody has been told yet.
struct News {
    tenant: Uuid,
    /// The event.
    id: String,
    /// The two recipients that must be told, the first by a webhook.
    recipients: [String; 2],
}

impl<'a> Untold<'a> {
    async fn start(system: &'a System) -> Self {
        let database = system.lone_database().await;
        let url = database.url();
        let makers = Makers::start(system, &url).await;
        let start = async |name| system.lone_function_with(name, &url, &[(WEBHOOKS_TO_LOOPBACK, "1")]).await;
        let (recipients, withdrawals) = (start("create-recipient").await, start(WITHDRAW).await);
        let (relay, sweep) = (start("relay").await, start("sweep").await);
        let receiver = Receiver::start(Reply::status(200)).await;
        Self { system, database, makers, recipients, withdrawals, relay, sweep, receiver }
    }

    /// A withdrawal in a tenant of its own, with two recipients that are owed it, and one that is not.
    async fn news(&mut self) -> News {
        let tenant = Uuid::from_u128(u128::from(now().timestamp_micros().unsigned_abs()));
        self.makers.authorizer = authorizer(tenant, "Acme", Uuid::from_u128(2));
        let webhook = json!({"kind": "webhook", "url": self.receiver.url()});
        let mut registered = Vec::new();
        for (delivery, purpose) in [(webhook, "*"), (json!({"kind": "manual"}), "analytics")]
            .into_iter()
            .chain([(json!({"kind": "manual"}), "elsewhere")])
        {
            let body = json!({"name": "Mail", "role": "processor", "purposes": [purpose], "delivery": delivery});
            registered.push(text(&self.makers.made(&self.recipients, RECIPIENTS, &body).await, "id"));
        }
        let record = self.makers.record().await;
        let withdrawing = Request::new(Method::POST, withdraw_path(&record)).json(&json!({"reason": "x"}));
        self.withdrawals.response(&withdrawing.event(&self.makers.authorizer)).await.expect(200);
        let items = self.database.contents.of(tenant).await;
        let is_withdrawal = |item: &Item| said(item, "type") == Some("consent.withdrawn");
        let event = items.in_table("EventsTable").find(|(_, item)| is_withdrawal(item)).expect("an event");
        News { tenant, id: event.0.sort.clone(), recipients: [registered.remove(0), registered.remove(0)] }
    }

    /// The event of a stream about the item with this id.
    async fn announced(&self, news: &News, table: &str, is_it: impl Fn(&str) -> bool) -> Value {
        let items = self.database.contents.of(news.tenant).await;
        let (key, _) = items.in_table(table).find(|(key, _)| is_it(&key.sort)).expect("an item");
        let keys = json!({"pk": {"S": key.partition}, "sk": {"S": key.sort}});
        json!({"Records": [{"eventName": "INSERT", "dynamodb": {"Keys": keys}}]})
    }

    /// A worker with a proxy of its own before the database.
    async fn worker(&self, name: &str, faults: &FaultProxy) -> LoneFunction {
        self.system.lone_function_with(name, &faults.url(), &[(WEBHOOKS_TO_LOOPBACK, "1")]).await
    }

    /// Kills the worker at each of its calls of the database, for an event that `prepare` makes for some news. Then the
    /// sweep must finish what it began.
    async fn killed_anywhere(&mut self, worker: &str, prepare: impl AsyncFn(&Self, &News) -> Value) {
        let first = self.news().await;
        let event = prepare(self, &first).await;
        let faults = FaultProxy::start(&self.database.url()).await.expect("a proxy");
        let calls = faults.measure(Matching::every(&""));
        assert!(matches!(self.worker(worker, &faults).await.invoke(&event).await, Outcome::Answered(_)));
        let calls = calls.cost().requests;
        self.finish(&first).await;
        for (call, moment) in points(calls) {
            let news = self.news().await;
            let event = prepare(self, &news).await;
            let faults = FaultProxy::start(&self.database.url()).await.expect("a proxy");
            let halted = faults.halt(call - 1, moment);
            let worker = self.worker(worker, &faults).await;
            kill_when(&halted, &worker, &event).await;
            self.finish(&news).await;
        }
    }

    /// Lets the sweep run later, and asserts that everyone has been told of the news, and nobody else.
    async fn finish(&self, news: &News) {
        for minutes in [10, 20] {
            let outcome = self.sweep.invoke(&at_minute(minutes)).await;
            assert!(matches!(outcome, Outcome::Answered(_)), "{outcome:?}");
        }
        let items = self.database.contents.of(news.tenant).await;
        let event = items.in_table("EventsTable").find(|(key, _)| key.sort == news.id).expect("the event").1;
        assert_eq!(said(event, "work"), None);
        let of_event = |item: &Item| said(item, "eventId") == Some(&news.id);
        let deliveries = items.in_table("DeliveriesTable").map(|(_, item)| item).filter(|item| of_event(item));
        let told: BTreeMap<&str, &str> = deliveries
            .map(|item| (said(item, "recipientId").expect("a recipient"), said(item, "status").expect("a status")))
            .collect();
        let [webhook, manual] = &news.recipients;
        assert_eq!(told, BTreeMap::from([(webhook.as_str(), "delivered"), (manual.as_str(), "pending")]));
        let received = self.receiver.received();
        let received = received.iter().filter(|it| it.json()["data"]["eventId"] == news.id.as_str()).count();
        // The one of a worker that was killed after it was sent is repeated.
        assert!(received == 1 || received == 2, "{received} messages");
    }
}

/// The event of the schedule so many minutes from now.
fn at_minute(minutes: u32) -> Value {
    schedule_event(RequestContext::system().now.plus_seconds(60 * minutes), "test")
}

async fn a_relay_killed_anywhere_forgets_nobody(system: &'static System) {
    let mut untold = Untold::start(system).await;
    let announced =
        async |untold: &Untold<'_>, news: &News| untold.announced(news, "EventsTable", |id| id == news.id).await;
    untold.killed_anywhere("relay", announced).await;
}

async fn a_deliverer_killed_anywhere_forgets_nobody(system: &'static System) {
    let mut untold = Untold::start(system).await;
    let announced = async |untold: &Untold<'_>, news: &News| {
        let event = untold.announced(news, "EventsTable", |id| id == news.id).await;
        untold.relay.invoke(&event).await;
        let (event, webhook) = (news.id.trim_start_matches("evt_"), news.recipients[0].trim_start_matches("rcp_"));
        let id = format!("dlv_{event}{webhook}");
        untold.announced(news, "DeliveriesTable", |it| it == id).await
    };
    untold.killed_anywhere("deliver", announced).await;
}

/// It relays and delivers in one run.
async fn a_sweep_killed_anywhere_forgets_nobody(system: &'static System) {
    let mut untold = Untold::start(system).await;
    untold.killed_anywhere("sweep", async |_, _| at_minute(5)).await;
}
