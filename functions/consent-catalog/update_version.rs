//! ★ `PATCH /open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}`:
//! change a version of a consent type. It is a 409 `CONSENT_VERSION_IN_USE` if an
//! end user has consented to it.
//!
//! The check and the change are one conditional write, so that a version cannot
//! change after the first consent. `If-Match` is part of the condition (412).

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::VersionResponse,
    },
    domain::{
        ResourceKind,
        consent_catalog::{ConsentDescription, PolicyUrl, VersionNumber, VersionPatch},
        identifiers::parse_uuid,
    },
    environment::Environment,
    store::{ConsentCatalog, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let catalog = ConsentCatalog::new(&database);
    Ok(Endpoint::write(&operations::UPDATE_CONSENT_TYPE_VERSION, &database, catalog, update_version)?
        .with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn update_version(catalog: &ConsentCatalog, request: &Request) -> Result<Committed, Error> {
    let (expected, patch) = request.conditional_body(patch)?;
    let kind = ResourceKind::ConsentTypeVersion;
    let id = request.path("consentCatalogId", parse_uuid, kind)?;
    let number = request.path("versionEntry", VersionNumber::parse, kind)?;
    let mut unit = request.unit_of_work();
    let version = &catalog.update_version(&mut unit, request.actor(), id, number, &patch, &expected).await?;
    request.commit(unit, Response::ok(&VersionResponse::of(version, request.tenant())).etag(&version.tag())).await
}

fn patch(fields: &mut Fields) -> Validated<VersionPatch> {
    let url = fields.optional_text("url", PolicyUrl::parse);
    let description = fields.optional_text("description", ConsentDescription::parse);
    let patch = VersionPatch { url: url?, description: description? };
    if patch == VersionPatch::default() {
        return Err(fields.error("url", "is required, or description"));
    }
    Ok(patch)
}
