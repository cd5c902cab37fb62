//! `GET /p/history`: what happened to each consent of the person, as its audit trail tells it, and whether that is whole.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    environment::Environment,
    portal::{PersonHistory, Visit, error_page},
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let history = PersonHistory::new(&database);
    let endpoint = Endpoint::read(&operations::SHOW_PORTAL_HISTORY, &database, history, show);
    Ok(endpoint.with_error_page(error_page).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(history: &PersonHistory, request: &Request) -> Result<Response, Error> {
    let (visit, parameters) = Visit::of_page(request, &["cursor"])?;
    history.page(&visit, parameters.get("cursor")).await
}
