//! The sweep: a schedule calls it each minute. It does what the streams have left undone, makes
//! the later attempts, and notes what time has brought about: consents that have expired, and
//! recipients that have not confirmed in time.

use assent_shared::{
    api::{self, Error, RuntimeError, Worker},
    domain::RequestContext,
    environment::Environment,
    service::Sweep,
    store::Database,
};

/// The worker, with the tables and the secrets that the environment names.
pub fn worker(environment: &Environment) -> Result<Worker, RuntimeError> {
    let database = Database::from_environment(environment);
    Ok(Worker::on_schedule(&database, Sweep::from_environment(&database), sweep))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run_worker(worker)
}

async fn sweep(sweep: &Sweep, context: &RequestContext) -> Result<(), Error> {
    Ok(sweep.run(context).await?)
}
