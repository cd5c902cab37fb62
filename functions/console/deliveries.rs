//! `GET /console/deliveries?status=&overdue=`: what recipients were told, and what they have confirmed.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    console::{ConsoleDeliveries, Selected, Visit, error_page},
    environment::Environment,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let deliveries = ConsoleDeliveries::new(&database);
    let endpoint = Endpoint::read(&operations::SHOW_CONSOLE_DELIVERIES, &database, deliveries, show);
    Ok(endpoint.with_error_page(error_page).with_connections(3))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(deliveries: &ConsoleDeliveries, request: &Request) -> Result<Response, Error> {
    let (visit, parameters) = Visit::of_page(request, &Selected::PARAMETERS)?;
    deliveries.page(&visit, &Selected::read(&parameters)?, None).await
}
