//! `GET /v1/dpdp/consent-records/{recordId}`: a consent record, all of it. The
//! access is counted on the record, this one included.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownRecord},
    domain::{Thing, identifiers::RecordId, scope::Area},
    store::{ConsentRecords, Database},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Get, "/v1/dpdp/consent-records/{recordId}", Area::Records);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let records = ConsentRecords::new(&database);
    api::serve(ENDPOINT, &database, async |call| get(call, &records).await).await
}

async fn get(call: Call<'_>, records: &ConsentRecords) -> Result<Answer, Error> {
    let record_id = call.path("recordId", RecordId::parse, Thing::ConsentRecord)?;
    let record = records.access(call.tenant(), record_id, call.occasion).await?;
    let now = call.occasion.now;
    let tag = record.tag(now);
    Ok(Answer::ok(&ShownRecord::of(record, now)).tagged(&tag))
}
