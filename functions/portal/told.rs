//! `GET /p/told`: who was told to stop after the person withdrew, and who has confirmed it (DPDP Act s.6(6)).

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    environment::Environment,
    portal::{ToldAbout, Visit, error_page},
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let told = ToldAbout::new(&database);
    let endpoint = Endpoint::read(&operations::SHOW_PORTAL_TOLD, &database, told, show);
    Ok(endpoint.with_error_page(error_page).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(told: &ToldAbout, request: &Request) -> Result<Response, Error> {
    let (visit, _) = Visit::of_page(request, &[])?;
    told.page(&visit).await
}
