//! `GET /v1/dpdp/consent-records/{recordId}`: read a consent record.
//!
//! The record counts this access, and the response includes it.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::RecordResponse},
    domain::{ResourceKind, identifiers::RecordId},
    environment::Environment,
    store::{ConsentRecords, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let records = ConsentRecords::new(&database);
    Ok(Endpoint::read(&operations::GET_CONSENT_RECORD, &database, records, get).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(records: &ConsentRecords, request: &Request) -> Result<Response, Error> {
    let record_id = request.path("recordId", RecordId::parse, ResourceKind::ConsentRecord)?;
    let whole = records.access(request.tenant(), record_id, request.context()).await?;
    let now = request.context().now;
    let tag = whole.record.tag(now);
    Ok(Response::ok(&RecordResponse::of(whole, now)).etag(&tag))
}
