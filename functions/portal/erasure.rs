//! `GET /p/erasure`: the page on which the person can have their data erased (DPDP Act s.12(3), GDPR art. 17).

use assent_pages::{self as pages, Erasure};
use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    environment::Environment,
    portal::{Visit, error_page},
    store::Database,
};

/// The endpoint.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    Ok(Endpoint::read(&operations::SHOW_PORTAL_ERASURE, &database, (), show).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show((): &(), request: &Request) -> Result<Response, Error> {
    let (visit, _) = Visit::of_page(request, &[])?;
    Ok(Response::page(200, &pages::erasure(&visit.frame("erasure"), &Erasure { unconfirmed: false })))
}
