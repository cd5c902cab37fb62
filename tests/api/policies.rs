//! The policies in stacks/ allow exactly the database calls that the functions made during all the other tests.

use std::collections::BTreeSet;

use assent_tests::fault_proxy::{DatabaseCall, calls_so_far};
use assent_tests::system::System;

crate::trials![each_policy_allows_exactly_the_calls_of_its_function];

async fn each_policy_allows_exactly_the_calls_of_its_function(system: &'static System) {
    let allowed = system.permissions();
    let called: BTreeSet<DatabaseCall> = calls_so_far().into_iter().filter(|call| !is_of_this_machine(call)).collect();
    let missing = |calls: &BTreeSet<DatabaseCall>, others: &BTreeSet<DatabaseCall>| -> Vec<String> {
        let difference = calls.difference(others);
        difference.map(|call| format!("{} {} {}", call.function, call.action, call.resource)).collect()
    };
    let (forbidden, needless) = (missing(&called, &allowed), missing(&allowed, &called));
    assert!(
        forbidden.is_empty() && needless.is_empty(),
        "called, and not allowed: {forbidden:#?}\nallowed, and never called: {needless:#?}"
    );
}

/// Without an authorizer, as in `cargo lambda watch`, the functions read the key themselves. In the template, only the
/// authorizer gets the name of that table.
fn is_of_this_machine(call: &DatabaseCall) -> bool {
    call.resource == "ApiKeysTable" && call.function != "authorizer"
}
