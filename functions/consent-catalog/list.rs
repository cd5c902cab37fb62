//! `GET /open-api/v1/consent-catalog`: list the consent types, newest first.
//!
//! The body is a bare array. The header `Link` has the URL of the next page.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::ConsentTypeResponse},
    environment::Environment,
    store::{ConsentCatalog, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let catalog = ConsentCatalog::new(&database);
    Ok(Endpoint::read(&operations::LIST_CONSENT_TYPES, &database, catalog, list))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(catalog: &ConsentCatalog, request: &Request) -> Result<Response, Error> {
    let list = request.list(|_| Ok(()))?;
    let page = catalog.list(request.tenant(), &list.page).await?;
    let next = list.next_link(&page);
    let types: Vec<ConsentTypeResponse<'_>> =
        page.items.iter().map(|consent_type| ConsentTypeResponse::of(consent_type, request.tenant())).collect();
    Ok(Response::ok(&types).link(next))
}
