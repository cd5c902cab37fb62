//! `DELETE /open-api/v1/consent-catalog/{consentCatalogId}`: delete a consent
//! type and its versions, as long as no end user has consented to any of them
//! (409 `CONSENT_TYPE_IN_USE`). 204.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method},
    domain::{Thing, identifiers::parse_uuid, scope::Area},
    store::{ConsentCatalog, Database},
};

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Delete, "/open-api/v1/consent-catalog/{consentCatalogId}", Area::Catalog);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let catalog = ConsentCatalog::new(&database);
    api::serve(ENDPOINT, &database, async |call| delete(call, &catalog).await).await
}

async fn delete(call: Call<'_>, catalog: &ConsentCatalog) -> Result<Answer, Error> {
    let expected = call.if_match()?;
    let id = call.path("consentCatalogId", parse_uuid, Thing::ConsentType)?;
    call.effect(async || catalog.delete(call.actor(), id, &expected, call.occasion).await, |()| Answer::no_content())
        .await
}
