//! `GET /console/record?id=…`: the trail of a consent record, verified, and who had to stop.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    console::{ConsoleRecords, Visit, error_page},
    environment::Environment,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let records = ConsoleRecords::new(&database);
    let endpoint = Endpoint::read(&operations::SHOW_CONSOLE_RECORD, &database, records, show);
    Ok(endpoint.with_error_page(error_page).with_connections(3))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(records: &ConsoleRecords, request: &Request) -> Result<Response, Error> {
    let (visit, parameters) = Visit::of_page(request, &["id"])?;
    records.page(&visit, parameters.get("id")).await
}
