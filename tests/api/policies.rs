//! What each function did to the database while all the other tests ran is what its policy in
//! template.yaml allows: no more, and no less.

use std::collections::BTreeSet;

use assent_tests::fault_proxy::{DatabaseCall, calls_so_far};
use assent_tests::system::System;

crate::trials![each_policy_allows_what_its_function_did_and_no_more];

async fn each_policy_allows_what_its_function_did_and_no_more(system: &'static System) {
    let allowed = system.permissions();
    let called: BTreeSet<DatabaseCall> = calls_so_far().into_iter().filter(|call| !is_of_this_machine(call)).collect();
    let told = |calls: &BTreeSet<DatabaseCall>, others: &BTreeSet<DatabaseCall>| -> Vec<String> {
        let difference = calls.difference(others);
        difference.map(|call| format!("{} {} {}", call.function, call.action, call.resource)).collect()
    };
    let (forbidden, needless) = (told(&called, &allowed), told(&allowed, &called));
    assert!(
        forbidden.is_empty() && needless.is_empty(),
        "called, and not allowed: {forbidden:#?}\nallowed, and never called: {needless:#?}"
    );
}

/// Without an authorizer before them, as in `cargo lambda watch`, the functions look the key up themselves; the
/// template gives the name of that table to the authorizer alone.
fn is_of_this_machine(call: &DatabaseCall) -> bool {
    call.resource == "ApiKeysTable" && call.function != "authorizer"
}
