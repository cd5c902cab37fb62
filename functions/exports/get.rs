//! `GET /v1/dpdp/exports/{exportId}`: what an export asks for, as it is now,
//! newest first. No record counts that as an access.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownExport},
    domain::{Thing, identifiers::ExportId, scope::Area},
    store::{ConsentRecords, Database, Exports, SHARDS},
};

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/v1/dpdp/exports/{exportId}", Area::Exports).with_query().reading_at_once(SHARDS);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let exports = Exports::new(&database);
    let records = ConsentRecords::new(&database);
    api::serve(ENDPOINT, &database, async |call| get(call, &exports, &records).await).await
}

async fn get(call: Call<'_>, exports: &Exports, records: &ConsentRecords) -> Result<Answer, Error> {
    let list = call.list(|_| Ok(()))?;
    let export_id = call.path("exportId", ExportId::parse, Thing::Export)?;
    let (tenant, now) = (call.tenant(), call.occasion.now);
    let export = exports.get(tenant, export_id, now).await?;
    let part = records.exported(tenant, &export, &list.page).await?;
    let next_cursor = list.next(&part);
    Ok(Answer::ok(&ShownExport::of(tenant, &export, part.things, next_cursor, now)))
}
