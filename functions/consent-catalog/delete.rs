//! `DELETE /open-api/v1/consent-catalog/{consentCatalogId}`: delete a consent
//! type and its versions. It is a 409 `CONSENT_TYPE_IN_USE` if an end user has
//! consented to one of them.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{ResourceKind, identifiers::parse_uuid},
    environment::Environment,
    store::{ConsentCatalog, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let catalog = ConsentCatalog::new(&database);
    Endpoint::write(&operations::DELETE_CONSENT_TYPE, &database, catalog, delete)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn delete(catalog: &ConsentCatalog, request: &Request) -> Result<Committed, Error> {
    let expected = request.if_match()?;
    let id = request.path("consentCatalogId", parse_uuid, ResourceKind::ConsentType)?;
    let mut unit = request.unit_of_work();
    catalog.delete(&mut unit, request.actor(), id, &expected).await?;
    request.commit(unit, Response::no_content()).await
}
