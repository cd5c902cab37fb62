//! The end-to-end tests. One system, from the database up to the gateway, is started for all of
//! them; the modules are laid out like the API's URLs.
//!
//! `ASSENT_TEST_DATABASE` chooses the database: `dynoxide` (the default) or `dynamodb-local`.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "these are tests: a panic is how they fail")]

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::OnceLock;

use assent_tests::system::{Engine, System};
use libtest_mimic::{Arguments, Trial};
use tokio::runtime::Runtime;

mod api_v1;
mod authentication;
mod behind_the_gateway;
mod costs;
mod crashes;
mod event_shapes;
mod faults;
mod health;
mod hostile_input;
mod idempotency;
mod interleavings;
mod jwks;
mod keys;
mod lists;
mod open_api;
mod policies;
mod preconditions;
mod races;
mod secrets;
mod site_v1;
mod smoke;
mod tampering;
mod trails;
mod trust;
mod usage_plans;
mod v1;

static RUNTIME: OnceLock<Runtime> = OnceLock::new();
static SYSTEM: OnceLock<System> = OnceLock::new();

/// More than the cores: a test mostly waits.
const THREADS: usize = 6;
const TEN_THOUSAND: &str = "lists::ten_thousand_records_are_read_at_the_cost_of_a_hundred";
const GREEDY_BODIES: &str = "hostile_input::no_body_takes_the_memory_of_a_function";
/// What leaves thousands of items behind.
const LAST: [&str; 2] =
    [TEN_THOUSAND, "v1::dpdp::data_principals::erasure::more_than_a_call_takes_is_erased_by_repeats"];

/// The tests of a module, each named by its path.
macro_rules! trials {
    ($($test:path),* $(,)?) => {
        /// The tests of this module.
        pub(crate) fn trials() -> Vec<libtest_mimic::Trial> {
            vec![$(crate::trial($test)),*]
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
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(test(system)))).map_err(|_| FAULT.take().into())
    })
}

thread_local! {
    /// Where and why this thread's test failed.
    static FAULT: Cell<String> = const { Cell::new(String::new()) };
}

/// Keeps what the runner would not tell, the place, and leaves the printing to it.
fn keep_faults() {
    std::panic::set_hook(Box::new(|fault| {
        let place = fault.location().map(ToString::to_string).unwrap_or_default();
        FAULT.set(format!("{place}\n{}", fault.payload_as_str().unwrap_or_default()));
    }));
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(THREADS);
    let mut trials: Vec<Trial> = [
        // First what reads the whole database again and again, while there is little in it: to read
        // it, DynamoDB Local lets everything else wait.
        crashes::trials(),
        idempotency::trials(),
        v1::dpdp::data_principals::erasure::trials(),
        interleavings::trials(),
        tampering::trials(),
        trails::trials(),
        trust::trials(),
        faults::trials(),
        v1::dpdp::exports::trials(),
        v1::dpdp::consent_records::audit::trials(),
        v1::dpdp::consent_records::proof::trials(),
        open_api::v1::consent_catalog::trials(),
        site_v1::sessions::trials(),
        races::trials(),
        lists::trials(),
        health::trials(),
        jwks::trials(),
        authentication::trials(),
        v1::dpdp::consent_notices::trials(),
        v1::dpdp::consent_records::trials(),
        v1::dpdp::consent_records::receipt::trials(),
        v1::dpdp::consent_records::withdraw::trials(),
        v1::dpdp::data_principals::trials(),
        v1::dpdp::grievances::trials(),
        v1::grants::trials(),
        v1::projects::trials(),
        api_v1::compliance::dpdp::session::trials(),
        open_api::v1::consent_catalog::version::trials(),
        site_v1::consent_events::trials(),
        site_v1::own_consent_events::trials(),
        site_v1::consent_state::trials(),
        site_v1::preflight::trials(),
        usage_plans::trials(),
        smoke::trials(),
        keys::trials(),
        behind_the_gateway::trials(),
        secrets::trials(),
        preconditions::trials(),
        event_shapes::trials(),
        hostile_input::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    if Engine::chosen() == Ok(Engine::Dynoxide) {
        // DynamoDB Local says of a transaction what fits neither the number of its items nor their sizes.
        trials.extend(costs::trials());
    } else {
        // What a page costs is counted in calls and items, and what a body takes is held by the function: no engine
        // changes either. To make ten thousand records takes DynamoDB Local most of a minute.
        trials.retain(|trial| ![TEN_THOUSAND, GREEDY_BODIES].contains(&trial.name()));
    }
    // Last what others would have to read through.
    trials.sort_by_key(|trial| LAST.contains(&trial.name()));
    if arguments.list {
        return libtest_mimic::run(&arguments, trials).exit_code();
    }
    run(&arguments, trials).unwrap_or_else(|error| {
        eprintln!("the tests could not start: {error}");
        ExitCode::FAILURE
    })
}

fn run(arguments: &Arguments, trials: Vec<Trial>) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let engine = Engine::chosen()?;
    let runtime =
        RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime"));
    let started = runtime.block_on(System::start(engine))?;
    let system = SYSTEM.get_or_init(|| started);
    let _interrupted = runtime.spawn(async {
        System::interrupted().await;
        system.stop().await;
        std::process::exit(130);
    });
    keep_faults();
    let mut passed = !libtest_mimic::run(arguments, trials).has_failed();
    // What all of them made the functions do: of a part of them it could not be told.
    if arguments.filter.is_none() && arguments.skip.is_empty() {
        passed &= !libtest_mimic::run(arguments, policies::trials()).has_failed();
    }
    runtime.block_on(system.stop());
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
