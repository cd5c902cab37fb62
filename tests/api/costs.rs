//! The exact cost of each call of the API in database calls and capacity units. docs/deploy.md computes the price of
//! the five documented calls, of recording a consent, and of telling recipients. The costs are measured on dynoxide,
//! because DynamoDB Local reports units of a transaction that fit neither the number of its items nor their sizes.

use std::fmt::Write as _;

use assent_shared::api::operations;
use assent_shared::domain::api_key::ApiKeyStatus;
use assent_tests::client::Response;
use assent_tests::costs::{EXPECTED, of_every_endpoint};
use assent_tests::fault_proxy::Matching;
use assent_tests::fixtures::{
    NOTICES, RECORDS, SESSION, Tenant, accepted, events_path, notice, record, sha256, text, unique, version_path,
    withdraw_path,
};
use assent_tests::receiver::{Receiver, Reply};
use assent_tests::system::System;
use assent_tests::telling::Telling;
use serde_json::json;

crate::trials![
    every_endpoint_has_its_expected_cost,
    the_five_calls_cost_what_the_documents_say,
    telling_costs_what_the_documents_say,
];

/// Dollars for a million units on demand, in us-east-1.
const READS: f64 = 0.125;
const WRITES: f64 = 0.625;
const DOCUMENT: &str = include_str!("../../docs/deploy.md");

async fn every_endpoint_has_its_expected_cost(system: &'static System) {
    let key = system.issue_key(&unique("Acme"), &["*"], ApiKeyStatus::Active, None).await;
    let faults = system.own_faults().await;
    let start = async |name: &str| system.lone_function(name, &faults.url()).await;
    let found = of_every_endpoint(start, &faults, key.text.reveal()).await;
    // A function opens its connections before the first call, because TLS would make that call slower. Only an export
    // and a check of several persons need more, because they read many trails or lists at once.
    let late: Vec<&str> = found.iter().filter(|cost| cost.connections > 0).map(|cost| cost.call.as_str()).collect();
    assert_eq!(
        late,
        ["check-consents, of two persons, logged", "create-export", "get-export"],
        "calls that opened connections"
    );
    let line = |call: &str, calls, read: f64, write: f64| format!("    (\"{call}\", {calls}, {read:?}, {write:?}),\n");
    let found: String = found
        .iter()
        .map(|cost| {
            let taken = cost.consumption;
            line(&cost.call, taken.calls, units(taken.read_halves), units(taken.write_halves))
        })
        .collect();
    let expected: String =
        EXPECTED.iter().map(|(call, calls, read, write)| line(call, *calls, *read, *write)).collect();
    assert!(found == expected, "tests/support/costs.rs must say:\n{found}\nand says:\n{expected}");
    let weighed = |id: &str| EXPECTED.iter().any(|(call, ..)| call.split(',').next() == Some(id));
    let forgotten: Vec<&str> = operations::ALL.iter().map(|operation| operation.id).filter(|id| !weighed(id)).collect();
    assert_eq!(forgotten, [""; 0], "operations that tests/support/costs.rs does not call");
}

fn units(halves: u64) -> f64 {
    f64::from(u32::try_from(halves).expect("few")) / 2.0
}

async fn the_five_calls_cost_what_the_documents_say(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, shown) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let consent = record(&grant, &shown, "user-1");
    let consent_before = record(&tenant.create_grant("user-2").await, &shown, "user-2");
    let given = tenant.create_record().await;
    let session = tenant.post(SESSION, &json!({"consentedPurposes": ["analytics"]})).await.expect(201);
    let (consent_type, project) = (tenant.create_consent_type().await, tenant.create_project().await);
    let withdrawal =
        json!({"reason": "No longer wish to share data", "revokeGrant": true, "deleteProcessedData": true});
    let change = json!({"sessionId": text(&session, "sessionId"), "consentedPurposes": ["analytics", "support"]});
    let edit = json!({"url": "https://example.com/policy-v1.1", "description": "Minor updates"});

    let scale = system.faults.weigh(Matching::every(&tenant.id));
    let mut lines = String::new();
    let mut line = |call: &str, response: Response, status: u16| {
        response.expect(status);
        let taken = scale.consumption();
        let (read, write) = (units(taken.read_halves), units(taken.write_halves));
        let price = read * READS + write * WRITES;
        writeln!(lines, "| {call} | {read} | {write} | {price:.2} |").expect("a line");
    };
    line("register a notice", tenant.post(NOTICES, &notice()).await, 201);
    // After this, the caches of the functions hold the notice.
    tenant.post(RECORDS, &consent_before).await.expect(201);
    scale.consumption();
    line("record a consent", tenant.post(RECORDS, &consent).await, 201);
    line("withdraw a consent, with its grant", tenant.post(withdraw_path(&given), &withdrawal).await, 200);
    line("change a DPDP session", tenant.patch(SESSION, &change).await, 200);
    line("edit a version of a consent type", tenant.patch(version_path(&consent_type, "1"), &edit).await, 200);
    // The authorizer is invoked for each call of a site.
    let authorizer = system.faults.weigh(Matching::every(&sha256(&tenant.key)));
    let event = async || tenant.post(events_path(&project), &accepted(&consent_type)).await;
    line("record a consent event, the first to a version", event().await, 201);

    let taken = authorizer.consumption();
    assert_eq!((taken.read_halves, taken.write_halves), (2, 0));
    // The second one finds that the version is used, and the caches hold what all later ones read.
    event().await.expect(201);
    scale.consumption();
    line("record a consent event", event().await, 201);
    assert!(DOCUMENT.contains(&lines), "docs/deploy.md must say:\n{lines}");
}

async fn telling_costs_what_the_documents_say(_: &'static System) {
    let telling = Telling::start().await;
    // Of a withdrawal, after another has filled the caches.
    let tell = async |person: &str| {
        let record = telling.consent(person).await;
        telling.pass_on().await;
        telling.withdraw(&record).await;
        telling.system.recorder.counted();
        telling.pass_on().await;
        telling.system.recorder.counted()
    };
    let mut lines = String::new();
    let mut line = |what: &str, (read, write): (u64, u64)| {
        let (read, write) = (units(read), units(write));
        let price = read * READS + write * WRITES;
        writeln!(lines, "| {what} | {read} | {write} | {price:.2} |").expect("a line");
    };
    let receiver = Receiver::start(Reply::confirming("ceased")).await;
    telling.register_webhook(receiver.url()).await;
    tell("user-1").await;
    let one = tell("user-2").await;
    line("tell a recipient of an event, and take its confirmation", one);
    telling.register_webhook(receiver.url()).await;
    let two = tell("user-3").await;
    line("tell each further recipient of it", (two.0 - one.0, two.1 - one.1));
    // The first run relays again what was relayed while the recipients were registered.
    telling.sweep_after(std::time::Duration::from_secs(1)).await;
    telling.system.recorder.counted();
    telling.sweep_after(std::time::Duration::from_secs(1)).await;
    line("run the sweep, with nothing to do", telling.system.recorder.counted());
    assert!(DOCUMENT.contains(&lines), "docs/deploy.md must say:\n{lines}");
}
