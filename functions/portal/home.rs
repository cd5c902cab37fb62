//! `GET /p/home`: what the person agreed to, by purpose, with a button to withdraw each (DPDP Act s.6(4), s.11).

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    environment::Environment,
    portal::{PersonConsents, Visit, error_page},
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let consents = PersonConsents::new(&database);
    Ok(Endpoint::read(&operations::SHOW_PORTAL_HOME, &database, consents, show).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(consents: &PersonConsents, request: &Request) -> Result<Response, Error> {
    let (visit, _) = Visit::of_page(request, &[])?;
    consents.home(&visit, None).await
}
