//! `GET /v1/dpdp/consent-records/{recordId}/receipt`: create a signed receipt
//! of a consent and its current status.
//!
//! The receipt does not name the person. The record does not count this as an
//! access.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{ResourceKind, identifiers::RecordId, receipt::Receipt},
    environment::Environment,
    store::{ConsentRecords, Database, Signer},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReceiptResponse<'a> {
    receipt: Receipt<'a>,
    /// The same receipt as a compact JWS.
    receipt_jws: String,
    kid: &'a str,
    jwks_uri: String,
}

struct State {
    records: ConsentRecords,
    signer: Signer,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State { records: ConsentRecords::new(&database), signer: Signer::from_environment(&database) };
    Ok(Endpoint::read(&operations::GET_CONSENT_RECEIPT, &database, state, receipt))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn receipt(state: &State, request: &Request) -> Result<Response, Error> {
    let record_id = request.path("recordId", RecordId::parse, ResourceKind::ConsentRecord)?;
    let now = request.context().now;
    let record = state.records.get(request.tenant(), record_id).await?;
    let key = state.signer.key(now).await?;
    let receipt = Receipt::of(&record, request.tenant(), now);
    let receipt_jws = key.sign(&receipt).ok_or_else(|| Error::Internal("a receipt has no JSON".to_owned()))?;
    Ok(Response::ok(&ReceiptResponse { receipt, receipt_jws, kid: &key.public().kid, jwks_uri: request.jwks_uri() }))
}
