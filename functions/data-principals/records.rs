//! `GET /v1/dpdp/data-principals/{principalId}/records`: what one person has
//! consented to, newest first (DPDP Act s.11). The access is counted on each
//! record of the answer.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::RecordResponse},
    domain::{ResourceKind, identifiers::PrincipalId},
    environment::Environment,
    store::{ConsentRecords, Database},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    data_principal_id: PrincipalId,
    records: Vec<RecordResponse>,
    /// Of this page.
    total_records: usize,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let records = ConsentRecords::new(&database);
    Ok(Endpoint::read(&operations::LIST_DATA_PRINCIPAL_RECORDS, &database, records, list))
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
    Ok(Response::ok(&Listed { data_principal_id, total_records: records.len(), records, next_cursor }))
}
