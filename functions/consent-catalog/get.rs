//! `GET /open-api/v1/consent-catalog/{consentCatalogId}`: a consent type.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownConsentType},
    domain::{Thing, identifiers::parse_uuid, scope::Area},
    store::{ConsentCatalog, Database},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Get, "/open-api/v1/consent-catalog/{consentCatalogId}", Area::Catalog);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let catalog = ConsentCatalog::new(&database);
    api::serve(ENDPOINT, &database, async |call| get(call, &catalog).await).await
}

async fn get(call: Call<'_>, catalog: &ConsentCatalog) -> Result<Answer, Error> {
    let id = call.path("consentCatalogId", parse_uuid, Thing::ConsentType)?;
    let consent_type = catalog.get(call.tenant(), id).await?;
    Ok(Answer::ok(&ShownConsentType::of(&consent_type, call.tenant())).tagged(&consent_type.tag()))
}
