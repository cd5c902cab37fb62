//! `GET /v1/dpdp/data-principals/{principalId}/records`: list the consent
//! records of a person, newest first (DPDP Act s.11).
//!
//! Each record in the response counts this access.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::RecordResponse},
    domain::{ResourceKind, identifiers::PrincipalId},
    environment::Environment,
    store::{ConsentRecords, Database},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordsResponse {
    data_principal_id: PrincipalId,
    records: Vec<RecordResponse>,
    /// The number of records on this page.
    total_records: usize,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let records = ConsentRecords::new(&database);
    Ok(Endpoint::read(&operations::LIST_DATA_PRINCIPAL_RECORDS, &database, records, list).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(records: &ConsentRecords, request: &Request) -> Result<Response, Error> {
    let list = request.list(|_| Ok(()))?;
    let data_principal_id = request.path("principalId", PrincipalId::parse, ResourceKind::DataPrincipal)?;
    let page = records.access_all(request.tenant(), &data_principal_id, &list.page, request.context()).await?;
    let next_cursor = list.next(&page);
    let now = request.context().now;
    let records: Vec<RecordResponse> = page.items.into_iter().map(|record| RecordResponse::of(record, now)).collect();
    Ok(Response::ok(&RecordsResponse { data_principal_id, total_records: records.len(), records, next_cursor }))
}
