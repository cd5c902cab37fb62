//! `GET /p/notice?record=…`: the notice that a consent of the person is to, in their language where it has it (DPDP Act
//! s.5(3), s.6(3)).

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
    Ok(Endpoint::read(&operations::SHOW_PORTAL_NOTICE, &database, consents, show).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(consents: &PersonConsents, request: &Request) -> Result<Response, Error> {
    let (visit, parameters) = Visit::of_page(request, &["record"])?;
    consents.notice(&visit, parameters.get("record")).await
}
