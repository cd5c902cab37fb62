//! The end-to-end tests. One system, from the gateway to the database, is started for all of them. The modules follow
//! the API's URLs.
//!
//! `cargo test --test api` runs all of them, `cargo test --test api withdraw` those with `withdraw` in their names.
//! `ASSENT_TEST_DATABASE` chooses the database: `dynoxide` (the default) or `dynamodb-local`, on which only the tests
//! run that a module lists after `on each engine:`.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "these are tests: a panic is how they fail")]

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::OnceLock;

use assent_tests::system::{Engine, Streams, System};
use libtest_mimic::{Arguments, Trial};
use tokio::runtime::Runtime;

mod api_v1;
mod authentication;
mod behind_the_gateway;
mod ceilings;
mod commands;
mod console;
mod costs;
mod crashes;
mod deployed;
mod docs;
mod event_shapes;
mod every_operation;
mod faults;
mod health;
mod hostile_input;
mod idempotency;
mod interleavings;
mod jwks;
mod linearizability;
mod lists;
mod open_api;
mod p;
mod policies;
mod preconditions;
mod races;
mod receivers;
mod restore;
mod schema;
mod secrets;
mod serve;
mod shop;
mod simulation;
mod site_v1;
mod smoke;
mod snippet;
mod tampering;
mod telemetry;
mod telling;
mod trails;
mod trust;
mod usage_plans;
mod v1;

static RUNTIME: OnceLock<Runtime> = OnceLock::new();
static SYSTEM: OnceLock<System> = OnceLock::new();

/// How many tests run side by side: more than there are cores, for a test mostly waits.
const THREADS: usize = 6;
/// The kind of tests that also run on `DynamoDB` Local, with each function in processes of its own: the five documented
/// calls, and what depends on the engine (transactions and their conditions, concurrent calls, interrupted calls, sizes
/// and numbers, pages of a query). All other tests run on dynoxide alone.
const ON_EACH_ENGINE: &str = "each engine";
/// The tests that leave thousands of items behind, read megabytes, or create many tables. `DynamoDB` Local does little
/// else meanwhile, so that there they run alone.
const LAST: [&str; 8] = [
    "lists::ten_thousand_records_are_read_at_the_cost_of_a_hundred",
    "v1::dpdp::consent_notices::pages_of_large_contents_end_early",
    "serve::the_tables_move_to_another_database",
    "v1::dpdp::consent_notices::two_hundred_versions_are_read_whole",
    "v1::dpdp::consent_notices::versions::twenty_three_languages_of_full_size_are_published_and_read",
    "v1::dpdp::consent_records::pages_of_large_records_end_early",
    "v1::dpdp::data_principals::erasure::more_records_than_a_call_takes_are_erased_by_repeats",
    "p::a_person_continues_an_erasure",
];

/// The tests that take minutes by nature: they kill an erasure at each of its many calls, load a server for ten minutes,
/// or examine a database once for each kind of item; and those that need AWS's CLI and moto, whose installation takes a
/// minute. They run alone, where `ASSENT_TEST_LONG` is set, and not with the others.
const LONG: [&str; 9] = [
    "restore::each_gap_is_named_and_what_can_be_mended_is",
    "crashes::an_erasure_killed_anywhere_is_finished_by_a_repeat",
    "crashes::an_erasure_under_a_key_killed_anywhere_is_finished_by_a_repeat",
    "crashes::a_sweep_killed_anywhere_forgets_nobody",
    "deployed::keys_of_a_stack_open_its_api",
    "deployed::shards_of_a_stack_are_changed",
    "deployed::signing_keys_of_a_stack_sign_its_records",
    "serve::ten_minutes_of_load_with_kills_and_stops_lose_nothing",
    "telling::in_many_more_histories_everyone_owed_is_told",
];

/// The tests of a module, each named by its path.
macro_rules! trials {
    (on each engine: $($test:path),* $(,)?) => {
        crate::trials![; on each engine: $($test),*];
    };
    ($($test:path),* $(,)? $(; on each engine: $($of_engines:path),* $(,)?)?) => {
        /// The tests of this module.
        pub(crate) fn trials() -> Vec<libtest_mimic::Trial> {
            vec![
                $(crate::trial($test),)*
                $($(crate::trial($of_engines).with_kind(crate::ON_EACH_ENGINE),)*)?
            ]
        }
    };
}
pub(crate) use trials;

fn trial<Test, Running>(test: Test) -> Trial
where
    Test: FnOnce(&'static System) -> Running + Send + 'static,
    Running: Future<Output = ()>,
{
    let path = std::any::type_name::<Test>();
    Trial::test(path.trim_start_matches("api::"), move || {
        let system = SYSTEM.get().ok_or("the system does not run")?;
        let runtime = RUNTIME.get().ok_or("there is no runtime")?;
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(test(system)))).map_err(|_| FAILURE.take().into())
    })
}

thread_local! {
    /// The line and the message of this thread's failed test.
    static FAILURE: Cell<String> = const { Cell::new(String::new()) };
}

/// Keeps the line and the message of a failed test for the runner, which would print only the message.
fn keep_failures() {
    std::panic::set_hook(Box::new(|panic| {
        let line = panic.location().map(ToString::to_string).unwrap_or_default();
        FAILURE.set(format!("{line}\n{}", panic.payload_as_str().unwrap_or_default()));
    }));
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(THREADS);
    let mut trials: Vec<Trial> = [
        // The tests that scan the whole database come first, while it has few items: DynamoDB Local does nothing else
        // during a scan.
        crashes::trials(),
        idempotency::trials(),
        v1::dpdp::data_principals::erasure::trials(),
        interleavings::trials(),
        linearizability::trials(),
        tampering::trials(),
        trails::trials(),
        trust::trials(),
        faults::trials(),
        v1::dpdp::exports::trials(),
        v1::dpdp::consent_records::audit::trials(),
        v1::dpdp::consent_records::decisions::trials(),
        v1::dpdp::consent_records::proof::trials(),
        open_api::v1::consent_catalog::trials(),
        site_v1::sessions::trials(),
        races::trials(),
        lists::trials(),
        health::trials(),
        docs::trials(),
        jwks::trials(),
        authentication::trials(),
        v1::dpdp::consent_checks::trials(),
        v1::dpdp::consent_notices::trials(),
        v1::dpdp::consent_notices::versions::trials(),
        v1::dpdp::consent_records::trials(),
        v1::dpdp::consent_records::receipt::trials(),
        v1::dpdp::consent_records::withdraw::trials(),
        v1::dpdp::data_principals::trials(),
        v1::dpdp::data_principals::decisions::trials(),
        v1::dpdp::data_principals::withdrawals::trials(),
        v1::dpdp::grievances::trials(),
        v1::grants::trials(),
        v1::organisation::trials(),
        v1::projects::trials(),
        v1::deliveries::trials(),
        v1::events::trials(),
        v1::recipients::trials(),
        p::trials(),
        console::trials(),
        v1::public::notices::trials(),
        v1::schemas::trials(),
        api_v1::compliance::dpdp::session::trials(),
        open_api::v1::consent_catalog::version::trials(),
        site_v1::consent_events::trials(),
        site_v1::own_consent_events::trials(),
        site_v1::project_consent_events::trials(),
        site_v1::consent_state::trials(),
        site_v1::consent_types::trials(),
        site_v1::preflight::trials(),
        usage_plans::trials(),
        smoke::trials(),
        snippet::trials(),
        commands::trials(),
        deployed::trials(),
        restore::trials(),
        schema::trials(),
        serve::trials(),
        behind_the_gateway::trials(),
        ceilings::trials(),
        receivers::trials(),
        shop::trials(),
        simulation::trials(),
        telemetry::trials(),
        telling::trials(),
        secrets::trials(),
        every_operation::trials(),
        preconditions::trials(),
        event_shapes::trials(),
        hostile_input::trials(),
        costs::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    if Engine::chosen() == Ok(Engine::DynamoDbLocal) {
        trials.retain(|trial| trial.kind() == ON_EACH_ENGINE);
    }
    let long = std::env::var_os("ASSENT_TEST_LONG").is_some_and(|value| !value.is_empty());
    trials.retain(|trial| LONG.contains(&trial.name()) == long);
    // Otherwise the runner prints the kind before each name.
    trials = trials.into_iter().map(|trial| trial.with_kind("")).collect();
    // Last, because other tests would have to scan the items that these leave behind.
    trials.sort_by_key(|trial| LAST.contains(&trial.name()));
    if arguments.list {
        return libtest_mimic::run(&arguments, trials).exit_code();
    }
    run(&arguments, trials, long).unwrap_or_else(|error| {
        eprintln!("the tests could not start: {error}");
        ExitCode::FAILURE
    })
}

fn run(arguments: &Arguments, mut trials: Vec<Trial>, long: bool) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let engine = Engine::chosen()?;
    let runtime =
        RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime"));
    let started = runtime.block_on(System::start(engine, Streams::Off))?;
    let system = SYSTEM.get_or_init(|| started);
    let _interrupted = runtime.spawn(async {
        System::interrupted().await;
        system.stop().await;
        std::process::exit(130);
    });
    keep_failures();
    let is_alone = |trial: &mut Trial| engine == Engine::DynamoDbLocal && LAST.contains(&trial.name());
    let alone: Vec<Trial> = trials.extract_if(.., is_alone).collect();
    let mut passed = !libtest_mimic::run(arguments, trials).has_failed();
    if !alone.is_empty() {
        let one_by_one = Arguments { test_threads: Some(1), ..arguments.clone() };
        passed &= !libtest_mimic::run(&one_by_one, alone).has_failed();
    }
    // Only after all tests are all calls known that the policies must allow, and all kinds of items.
    let all = arguments.filter.is_none() && arguments.skip.is_empty() && !long;
    if engine == Engine::Dynoxide && all {
        let last = policies::trials().into_iter().chain(schema::after_all()).collect();
        passed &= !libtest_mimic::run(arguments, last).has_failed();
    }
    runtime.block_on(system.stop());
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
