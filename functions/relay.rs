//! The relay: the stream of the table of events calls it with new events, and it makes the
//! deliveries of each. What it does not do, the sweep does a minute later.

use assent_shared::{
    api::{self, Error, RuntimeError, StreamRecord, Worker},
    domain::RequestContext,
    environment::Environment,
    service::Relay,
    store::{Database, Events},
};

/// The worker, with the tables that the environment names.
pub fn worker(environment: &Environment) -> Result<Worker, RuntimeError> {
    let database = Database::from_environment(environment);
    Ok(Worker::on_stream(&database, Relay::new(&database), relay))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run_worker(worker)
}

async fn relay(relay: &Relay, context: &RequestContext, record: &StreamRecord) -> Result<(), Error> {
    match Events::named(&record.key()) {
        Some((tenant, id)) => Ok(relay.relay(context, tenant, id).await?),
        None => Ok(()),
    }
}
