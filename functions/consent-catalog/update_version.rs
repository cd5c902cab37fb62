//! ★ `PATCH /open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}`:
//! edit a version of a consent type, as long as no end user has consented to
//! it (409 `CONSENT_VERSION_IN_USE`).
//!
//! The check and the write are one conditional write: no edit ever lands after
//! the first consent, and none on a state that `If-Match` does not name (412).

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed, ShownVersion},
    domain::{
        Thing,
        consent_catalog::{ConsentDescription, PolicyUrl, VersionNumber, VersionPatch},
        identifiers::parse_uuid,
        scope::Area,
    },
    store::{ConsentCatalog, Database},
};

const ENDPOINT: Endpoint = Endpoint::new(
    Method::Patch,
    "/open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}",
    Area::Catalog,
)
.reading_at_once(2);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let catalog = ConsentCatalog::new(&database);
    api::serve(ENDPOINT, &database, async |call| update_version(call, &catalog).await).await
}

async fn update_version(call: Call<'_>, catalog: &ConsentCatalog) -> Result<Answer, Error> {
    let (expected, patch) = call.conditional_body(patch)?;
    let absent = Thing::ConsentTypeVersion;
    let id = call.path("consentCatalogId", parse_uuid, absent)?;
    let number = call.path("versionEntry", VersionNumber::parse, absent)?;
    call.effect(
        async || catalog.update_version(call.actor(), id, number, (&patch, &expected), call.occasion).await,
        |version| Answer::ok(&ShownVersion::of(version, call.tenant())).tagged(&version.tag()),
    )
    .await
}

fn patch(fields: &mut Fields) -> Parsed<VersionPatch> {
    let url = fields.optional_text("url", PolicyUrl::parse);
    let description = fields.optional_text("description", ConsentDescription::parse);
    let patch = VersionPatch { url: url?, description: description? };
    if patch == VersionPatch::default() {
        return Err(fields.fault("url", "is required, or description"));
    }
    Ok(patch)
}
