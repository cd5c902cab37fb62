//! `GET /open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}`:
//! a version of a consent type.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownVersion},
    domain::{Thing, consent_catalog::VersionNumber, identifiers::parse_uuid, scope::Area},
    store::{ConsentCatalog, Database},
};

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}", Area::Catalog)
        .reading_at_once(2);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let catalog = ConsentCatalog::new(&database);
    api::serve(ENDPOINT, &database, async |call| get_version(call, &catalog).await).await
}

async fn get_version(call: Call<'_>, catalog: &ConsentCatalog) -> Result<Answer, Error> {
    let absent = Thing::ConsentTypeVersion;
    let id = call.path("consentCatalogId", parse_uuid, absent)?;
    let number = call.path("versionEntry", VersionNumber::parse, absent)?;
    let version = catalog.version(call.tenant(), id, number).await?;
    Ok(Answer::ok(&ShownVersion::of(&version, call.tenant())).tagged(&version.tag()))
}
