//! `GET /v1/dpdp/consent-records/{recordId}/audit`: read the audit trail of a
//! consent record, oldest entry first, and whether its hash chain is valid.
//!
//! Personal data in the trail is readable until the record's data key is deleted.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::TrailResponse},
    domain::{ResourceKind, identifiers::RecordId},
    environment::Environment,
    store::{ConsentRecords, Database},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuditResponse {
    #[serde(flatten)]
    trail: TrailResponse,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let records = ConsentRecords::new(&database);
    Ok(Endpoint::read(&operations::GET_CONSENT_RECORD_AUDIT, &database, records, audit).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn audit(records: &ConsentRecords, request: &Request) -> Result<Response, Error> {
    let list = request.list(|_| Ok(()))?;
    let record_id = request.path("recordId", RecordId::parse, ResourceKind::ConsentRecord)?;
    let tenant = request.tenant();
    let record = records.get(tenant, record_id).await?;
    let mut trail = records.trail(tenant, &record).await?;
    let page = list.page.of(std::mem::take(&mut trail.entries));
    let next_cursor = list.next(&page);
    trail.entries = page.items;
    Ok(Response::ok(&AuditResponse { trail: TrailResponse::of(tenant, record_id, trail), next_cursor }))
}
