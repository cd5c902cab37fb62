//! What each endpoint takes of the database, exactly: a call more, or half a unit, is seen here.
//! docs/performance.md works out why each takes what it takes.

use assent_shared::domain::api_key::ApiKeyStatus;
use assent_tests::costs::of_every_endpoint;
use assent_tests::fixtures::unique;
use assent_tests::system::System;

crate::trials![every_endpoint_takes_what_it_must];

/// Calls to the database, read units and write units.
const COSTS: &[(&str, (usize, f64, f64))] = &[];

async fn every_endpoint_takes_what_it_must(system: &'static System) {
    let key = system.issue_key(&unique("Acme"), &["*"], ApiKeyStatus::Active, None).await;
    let faults = system.own_faults().await;
    let start = async |name: &str| system.lone_function(name, &faults.url()).await;
    let found = of_every_endpoint(start, &faults, key.text.reveal()).await;
    let halved = |halves: u64| f64::from(u32::try_from(halves).expect("few")) / 2.0;
    let found: Vec<(&str, (usize, f64, f64))> = found
        .iter()
        .map(|cost| {
            let taken = cost.consumption;
            (cost.call.as_str(), (taken.calls, halved(taken.read_halves), halved(taken.write_halves)))
        })
        .collect();
    assert_eq!(found, COSTS);
}
