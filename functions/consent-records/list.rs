//! `GET /v1/dpdp/consent-records?dataPrincipalId=&status=`: list consent records,
//! newest first. The records do not count this as an access.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::RecordResponse},
    domain::{consent_record::RecordStatus, identifiers::PrincipalId},
    environment::Environment,
    store::{ConsentRecords, Database},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordsResponse {
    records: Vec<RecordResponse>,
    /// The number of records on this page.
    total_records: usize,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let records = ConsentRecords::new(&database);
    Ok(Endpoint::read(&operations::LIST_CONSENT_RECORDS, &database, records, list))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(records: &ConsentRecords, request: &Request) -> Result<Response, Error> {
    let list = request.list(|query| {
        let data_principal_id = query.optional_text("dataPrincipalId", PrincipalId::parse);
        let status = query.optional_text("status", RecordStatus::parse);
        Ok((data_principal_id?, status?))
    })?;
    let (data_principal_id, status) = &list.filters;
    let now = request.context().now;
    let page = records.list(request.tenant(), data_principal_id.as_ref(), *status, &list.page, now).await?;
    let next_cursor = list.next(&page);
    let records: Vec<RecordResponse> = page.items.into_iter().map(|record| RecordResponse::of(record, now)).collect();
    Ok(Response::ok(&RecordsResponse { total_records: records.len(), records, next_cursor }))
}
