//! `GET /open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}`:
//! read a version of a consent type.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::VersionResponse},
    domain::{ResourceKind, consent_catalog::VersionNumber, identifiers::parse_uuid},
    environment::Environment,
    store::{ConsentCatalog, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let catalog = ConsentCatalog::new(&database);
    Ok(Endpoint::read(&operations::GET_CONSENT_TYPE_VERSION, &database, catalog, get_version).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get_version(catalog: &ConsentCatalog, request: &Request) -> Result<Response, Error> {
    let kind = ResourceKind::ConsentTypeVersion;
    let id = request.path("consentCatalogId", parse_uuid, kind)?;
    let number = request.path("versionEntry", VersionNumber::parse, kind)?;
    let version = catalog.version(request.tenant(), id, number).await?;
    Ok(Response::ok(&VersionResponse::of(&version, request.tenant())).etag(&version.tag()))
}
