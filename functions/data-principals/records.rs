//! `GET /v1/dpdp/data-principals/{principalId}/records`: what one person has
//! consented to, newest first (DPDP Act s.11). The access is counted on each
//! record of the answer.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownRecord},
    domain::{Thing, identifiers::PrincipalId, scope::Area},
    store::{ConsentRecords, Database},
};
use serde::Serialize;

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/v1/dpdp/data-principals/{principalId}/records", Area::Principals).with_query();

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    data_principal_id: PrincipalId,
    records: Vec<ShownRecord>,
    /// Of this page.
    total_records: usize,
    next_cursor: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let records = ConsentRecords::new(&database);
    api::serve(ENDPOINT, &database, async |call| list(call, &records).await).await
}

async fn list(call: Call<'_>, records: &ConsentRecords) -> Result<Answer, Error> {
    let list = call.list(|_| Ok(()))?;
    let data_principal_id = call.path("principalId", PrincipalId::parse, Thing::DataPrincipal)?;
    let part = records.access_all(call.tenant(), &data_principal_id, &list.page, call.occasion).await?;
    let next_cursor = list.next(&part);
    let now = call.occasion.now;
    let records: Vec<ShownRecord> = part.things.into_iter().map(|record| ShownRecord::of(record, now)).collect();
    Ok(Answer::ok(&Listed { data_principal_id, total_records: records.len(), records, next_cursor }))
}
