//! `GET /open-api/v1/consent-catalog`: the consent types, newest first, as a
//! bare array; the next page is in the header `Link`.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownConsentType},
    domain::scope::Area,
    store::{ConsentCatalog, Database, SHARDS},
};

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/open-api/v1/consent-catalog", Area::Catalog).with_query().reading_at_once(SHARDS);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let catalog = ConsentCatalog::new(&database);
    api::serve(ENDPOINT, &database, async |call| list(call, &catalog).await).await
}

async fn list(call: Call<'_>, catalog: &ConsentCatalog) -> Result<Answer, Error> {
    let list = call.list(|_| Ok(()))?;
    let part = catalog.list(call.tenant(), &list.page).await?;
    let next = list.next_link(&part);
    let types: Vec<ShownConsentType<'_>> =
        part.things.iter().map(|consent_type| ShownConsentType::of(consent_type, call.tenant())).collect();
    Ok(Answer::ok(&types).linked(next))
}
