//! `GET /v1/dpdp/consent-records?dataPrincipalId=&status=`: consent records,
//! newest first. Accesses are not counted.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownRecord},
    domain::{consent_record::RecordStatus, identifiers::PrincipalId, scope::Area},
    store::{ConsentRecords, Database, SHARDS},
};
use serde::Serialize;

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/v1/dpdp/consent-records", Area::Records).with_query().reading_at_once(SHARDS);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
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
    let list = call.list(|query| {
        let data_principal_id = query.optional_text("dataPrincipalId", PrincipalId::parse);
        let status = query.optional_text("status", RecordStatus::parse);
        Ok((data_principal_id?, status?))
    })?;
    let (data_principal_id, status) = &list.filters;
    let now = call.occasion.now;
    let part = records.list(call.tenant(), (data_principal_id.as_ref(), *status), &list.page, now).await?;
    let next_cursor = list.next(&part);
    let records: Vec<ShownRecord> = part.things.into_iter().map(|record| ShownRecord::of(record, now)).collect();
    Ok(Answer::ok(&Listed { total_records: records.len(), records, next_cursor }))
}
