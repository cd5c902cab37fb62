//! `GET /open-api/v1/consent-catalog/{consentCatalogId}`: read a consent
//! type.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::ConsentTypeResponse},
    domain::{ResourceKind, identifiers::parse_uuid},
    environment::Environment,
    store::{ConsentCatalog, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let catalog = ConsentCatalog::new(&database);
    Ok(Endpoint::read(&operations::GET_CONSENT_TYPE, &database, catalog, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(catalog: &ConsentCatalog, request: &Request) -> Result<Response, Error> {
    let id = request.path("consentCatalogId", parse_uuid, ResourceKind::ConsentType)?;
    let consent_type = catalog.get(request.tenant(), id).await?;
    Ok(Response::ok(&ConsentTypeResponse::of(&consent_type, request.tenant())).etag(&consent_type.tag()))
}
