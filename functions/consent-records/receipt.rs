//! `GET /v1/dpdp/consent-records/{recordId}/receipt`: create a signed receipt
//! of a consent and its current status, as JSON or as JSON-LD.
//!
//! The receipt does not name the person. The record does not count this as an
//! access.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{ResourceKind, identifiers::RecordId},
    environment::Environment,
    service::Receipts,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let receipts = Receipts::new(&database);
    Ok(Endpoint::read(&operations::GET_CONSENT_RECEIPT, &database, receipts, receipt).with_connections(3))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn receipt(receipts: &Receipts, request: &Request) -> Result<Response, Error> {
    let record_id = request.path("recordId", RecordId::parse, ResourceKind::ConsentRecord)?;
    request.receipt(&receipts.evidence(request.tenant(), record_id, request.context().now).await?)
}
