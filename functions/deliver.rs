//! The deliverer: the stream of the table of deliveries calls it with those that are to be
//! sent, and it makes the first attempt of each. The sweep makes the others.

use assent_shared::{
    api::{self, Error, RuntimeError, StreamRecord, Worker},
    domain::RequestContext,
    environment::Environment,
    service::Deliver,
    store::{Database, Deliveries},
};

/// The worker, with the tables and the secrets that the environment names.
pub fn worker(environment: &Environment) -> Result<Worker, RuntimeError> {
    let database = Database::from_environment(environment);
    Ok(Worker::on_stream(&database, Deliver::from_environment(&database), deliver))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run_worker(worker)
}

async fn deliver(deliver: &Deliver, context: &RequestContext, record: &StreamRecord) -> Result<(), Error> {
    if let Some((tenant, id)) = Deliveries::named(&record.key()) {
        deliver.deliver(context, tenant, id).await?;
    }
    Ok(())
}
