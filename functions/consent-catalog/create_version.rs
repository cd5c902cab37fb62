//! `POST /open-api/v1/consent-catalog/{consentCatalogId}/version`: add a
//! version to a consent type. Versions are numbered without gaps.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations, responses::VersionResponse},
    domain::{ResourceKind, identifiers::parse_uuid},
    environment::Environment,
    store::{ConsentCatalog, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let catalog = ConsentCatalog::new(&database);
    Endpoint::write(&operations::CREATE_CONSENT_TYPE_VERSION, &database, catalog, create_version)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create_version(catalog: &ConsentCatalog, request: &Request) -> Result<Committed, Error> {
    let text = request.body(api::version_text)?;
    let id = request.path("consentCatalogId", parse_uuid, ResourceKind::ConsentType)?;
    let mut unit = request.unit_of_work();
    let version = &catalog.create_version(&mut unit, request.actor(), id, &text).await?;
    let location = format!("/open-api/v1/consent-catalog/{id}/version/{}", version.version);
    request
        .commit(
            unit,
            Response::created(&VersionResponse::of(version, request.tenant())).etag(&version.tag()).location(location),
        )
        .await
}
