//! `PATCH /open-api/v1/consent-catalog/{consentCatalogId}`: change the
//! title or the description of a consent type. The texts that people consent to
//! are in its versions.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::ConsentTypeResponse,
    },
    domain::{
        ResourceKind,
        consent_catalog::{ConsentDescription, ConsentTitle, ConsentTypePatch},
        identifiers::parse_uuid,
    },
    environment::Environment,
    store::{ConsentCatalog, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let catalog = ConsentCatalog::new(&database);
    Endpoint::write(&operations::UPDATE_CONSENT_TYPE, &database, catalog, update)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn update(catalog: &ConsentCatalog, request: &Request) -> Result<Committed, Error> {
    let (expected, patch) = request.conditional_body(patch)?;
    let id = request.path("consentCatalogId", parse_uuid, ResourceKind::ConsentType)?;
    let mut unit = request.unit_of_work();
    let consent_type = &catalog.update(&mut unit, request.tenant(), id, &patch, &expected).await?;
    request
        .commit(unit, Response::ok(&ConsentTypeResponse::of(consent_type, request.tenant())).etag(&consent_type.tag()))
        .await
}

fn patch(fields: &mut Fields) -> Validated<ConsentTypePatch> {
    let title = fields.optional_text("title", ConsentTitle::parse);
    let description = fields.optional_text("description", ConsentDescription::parse);
    let patch = ConsentTypePatch { title: title?, description: description? };
    if patch == ConsentTypePatch::default() {
        return Err(fields.error("title", "is required, or description"));
    }
    Ok(patch)
}
