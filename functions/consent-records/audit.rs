//! `GET /v1/dpdp/consent-records/{recordId}/audit`: everything that happened to
//! a consent, the oldest first, and whether the chain of it is whole. What is
//! personal in it can be read until the record's data key is deleted.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownTrail},
    domain::{Thing, identifiers::RecordId, scope::Area},
    store::{AuditTrails, ConsentRecords, Database},
};
use serde::Serialize;

const ENDPOINT: Endpoint = Endpoint::new(Method::Get, "/v1/dpdp/consent-records/{recordId}/audit", Area::Records)
    .with_query()
    .reading_at_once(2);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Audited {
    #[serde(flatten)]
    trail: ShownTrail,
    next_cursor: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let records = ConsentRecords::new(&database);
    let trails = AuditTrails::new(&database);
    api::serve(ENDPOINT, &database, async |call| audit(call, &records, &trails).await).await
}

async fn audit(call: Call<'_>, records: &ConsentRecords, trails: &AuditTrails) -> Result<Answer, Error> {
    let list = call.list(|_| Ok(()))?;
    let record_id = call.path("recordId", RecordId::parse, Thing::ConsentRecord)?;
    let tenant = call.tenant();
    let record = records.get(tenant, record_id).await?;
    let mut trail = trails.of_record(tenant, &record, records).await?;
    let part = list.page.of(std::mem::take(&mut trail.entries));
    let next_cursor = list.next(&part);
    trail.entries = part.things;
    Ok(Answer::ok(&Audited { trail: ShownTrail::of(tenant, record_id, trail), next_cursor }))
}
