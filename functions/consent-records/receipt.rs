//! `GET /v1/dpdp/consent-records/{recordId}/receipt`: create a signed receipt
//! of a consent and its current status, as JSON or as JSON-LD.
//!
//! The receipt does not name the person. The record does not count this as an
//! access.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{
        ResourceKind,
        identifiers::RecordId,
        proof::SigningKey,
        receipt::{Receipt, ReceiptSources},
    },
    environment::Environment,
    service::Receipts,
    store::Database,
};
use serde::Serialize;
use serde_json::{Value, json};

const JSON: &str = "application/json";
const JSON_LD: &str = "application/ld+json";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReceiptResponse<'a, R> {
    #[serde(rename = "@context", skip_serializing_if = "Option::is_none")]
    context: Option<Value>,
    receipt: &'a R,
    /// The same receipt as a compact JWS.
    receipt_jws: String,
    kid: &'a str,
    jwks_uri: String,
}

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
    let evidence = receipts.evidence(request.tenant(), record_id, request.context().now).await?;
    let sources = ReceiptSources {
        tenant: request.tenant(),
        record: &evidence.record,
        details: &evidence.details,
        notice: &evidence.notice,
        organisation: evidence.organisation.as_ref(),
        recipients: &evidence.recipients,
        schema: &request.url(operations::GET_CONSENT_RECEIPT_SCHEMA.route),
        notice_url: &request.url(&format!("/v1/public/notices/{}", evidence.notice.id)),
    };
    let receipt = Receipt::of(&sources, request.context());
    let media_type = request.preferred(&[JSON, JSON_LD]);
    let response = match media_type {
        // To a reader of JSON-LD, the receipt is all of the document.
        JSON_LD => signed(&receipt.to_json_ld(), Some(json!({ "receipt": "@graph" })), &evidence.key, request)?,
        _ => signed(&receipt, None, &evidence.key, request)?,
    };
    Ok(response.negotiated(media_type))
}

fn signed<R: Serialize>(
    receipt: &R,
    context: Option<Value>,
    key: &SigningKey,
    request: &Request,
) -> Result<Response, Error> {
    let receipt_jws = key.sign(receipt).ok_or_else(|| Error::Internal("a receipt has no JSON".to_owned()))?;
    let kid = &key.public().kid;
    Ok(Response::ok(&ReceiptResponse { context, receipt, receipt_jws, kid, jwks_uri: request.jwks_uri() }))
}
