//! `GET /v1/dpdp/consent-notices`: the notices that are registered, each version
//! and translation by itself, newest first, without their contents.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method},
    domain::{consent_notice::NoticeSummary, scope::Area},
    store::{ConsentNotices, Database, SHARDS},
};
use serde::Serialize;

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/v1/dpdp/consent-notices", Area::Notices).with_query().reading_at_once(SHARDS);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notices {
    notices: Vec<NoticeSummary>,
    next_cursor: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let notices = ConsentNotices::new(&database);
    api::serve(ENDPOINT, &database, async |call| list(call, &notices).await).await
}

async fn list(call: Call<'_>, notices: &ConsentNotices) -> Result<Answer, Error> {
    let list = call.list(|_| Ok(()))?;
    let part = notices.list(call.tenant(), &list.page).await?;
    let next_cursor = list.next(&part);
    Ok(Answer::ok(&Notices { notices: part.things, next_cursor }))
}
