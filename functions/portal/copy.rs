//! `GET /p/copy`: the person takes a copy of their data, and the receipts of their consents (DPDP Act s.11(1)).

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
    Ok(Endpoint::read(&operations::SHOW_PORTAL_COPY, &database, history, show).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(history: &PersonHistory, request: &Request) -> Result<Response, Error> {
    let (visit, _) = Visit::of_page(request, &[])?;
    history.copy(&visit).await
}
