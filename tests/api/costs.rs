//! What the five documented calls take of the database: docs/deploy.md reckons their price from it.

use std::fmt::Write as _;

use assent_tests::client::Answer;
use assent_tests::fault_proxy::{Matching, Units};
use assent_tests::fixtures::{
    NOTICES, SESSION, Tenant, accepted, events_path, notice, sha256, text, version_path, withdraw_path,
};
use assent_tests::system::System;
use serde_json::json;

crate::trials![the_five_calls_take_what_the_documents_say];

/// Dollars for a million units on demand, in us-east-1.
const READS: f64 = 0.125;
const WRITES: f64 = 0.625;
const DOCUMENT: &str = include_str!("../../docs/deploy.md");

async fn the_five_calls_take_what_the_documents_say(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let session = tenant.post(SESSION, &json!({"consentedPurposes": ["analytics"]})).await.expect(201);
    let (consent_type, project) = (tenant.create_consent_type().await, tenant.create_project().await);
    let withdrawal =
        json!({"reason": "No longer wish to share data", "revokeGrant": true, "deleteProcessedData": true});
    let change = json!({"sessionId": text(&session, "sessionId"), "consentedPurposes": ["analytics", "support"]});
    let edit = json!({"url": "https://example.com/policy-v1.1", "description": "Minor updates"});

    let meter = system.faults.meter(Matching::every(&tenant.id));
    let mut lines = String::new();
    let mut line = |call: &str, answer: Answer, status: u16| {
        answer.expect(status);
        let Units { read, write } = meter.units();
        let price = read * READS + write * WRITES;
        writeln!(lines, "| {call} | {read} | {write} | {price:.2} |").expect("a line");
    };
    line("register a notice", tenant.post(NOTICES, &notice()).await, 201);
    line("withdraw a consent, with its grant", tenant.post(withdraw_path(&record), &withdrawal).await, 200);
    line("change a DPDP session", tenant.patch(SESSION, &change).await, 200);
    line("edit a version of a consent type", tenant.patch(version_path(&consent_type, "1"), &edit).await, 200);
    // Asked anew for each call of a site.
    let authorizer = system.faults.meter(Matching::every(&sha256(&tenant.key)));
    line("record a consent event", tenant.post(events_path(&project), &accepted(&consent_type)).await, 201);

    assert_eq!(authorizer.units(), Units { read: 1.0, write: 0.0 });
    assert!(DOCUMENT.contains(&lines), "docs/deploy.md must say:\n{lines}");
}
