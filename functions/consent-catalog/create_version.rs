//! `POST /open-api/v1/consent-catalog/{consentCatalogId}/version`: add a
//! version to a consent type. Its number is the latest plus one, without gaps.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownVersion},
    domain::{Thing, identifiers::parse_uuid, scope::Area},
    store::{ConsentCatalog, Database},
};

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Post, "/open-api/v1/consent-catalog/{consentCatalogId}/version", Area::Catalog);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let catalog = ConsentCatalog::new(&database);
    api::serve(ENDPOINT, &database, async |call| create_version(call, &catalog).await).await
}

async fn create_version(call: Call<'_>, catalog: &ConsentCatalog) -> Result<Answer, Error> {
    let text = call.body(api::version_text)?;
    let id = call.path("consentCatalogId", parse_uuid, Thing::ConsentType)?;
    call.effect(
        async || catalog.create_version(call.actor(), id, &text, call.occasion).await,
        |version| {
            let location = format!("/open-api/v1/consent-catalog/{id}/version/{}", version.version);
            Answer::created(&ShownVersion::of(version, call.tenant())).tagged(&version.tag()).at(location)
        },
    )
    .await
}
