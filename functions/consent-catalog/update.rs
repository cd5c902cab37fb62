//! `PATCH /open-api/v1/consent-catalog/{consentCatalogId}`: edit a consent
//! type's title or description. What people agreed to is in its versions.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed, ShownConsentType},
    domain::{
        Thing,
        consent_catalog::{ConsentDescription, ConsentTitle, ConsentTypePatch},
        identifiers::parse_uuid,
        scope::Area,
    },
    store::{ConsentCatalog, Database},
};

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Patch, "/open-api/v1/consent-catalog/{consentCatalogId}", Area::Catalog);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let catalog = ConsentCatalog::new(&database);
    api::serve(ENDPOINT, &database, async |call| update(call, &catalog).await).await
}

async fn update(call: Call<'_>, catalog: &ConsentCatalog) -> Result<Answer, Error> {
    let (expected, patch) = call.conditional_body(patch)?;
    let id = call.path("consentCatalogId", parse_uuid, Thing::ConsentType)?;
    call.effect(
        async || catalog.update(call.tenant(), id, (&patch, &expected), call.occasion).await,
        |consent_type| Answer::ok(&ShownConsentType::of(consent_type, call.tenant())).tagged(&consent_type.tag()),
    )
    .await
}

fn patch(fields: &mut Fields) -> Parsed<ConsentTypePatch> {
    let title = fields.optional_text("title", ConsentTitle::parse);
    let description = fields.optional_text("description", ConsentDescription::parse);
    let patch = ConsentTypePatch { title: title?, description: description? };
    if patch == ConsentTypePatch::default() {
        return Err(fields.fault("title", "is required, or description"));
    }
    Ok(patch)
}
