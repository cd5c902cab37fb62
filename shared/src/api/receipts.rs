//! The response with a receipt, as JSON or as JSON-LD.

use crate::{
    api::{Error, Request, Response, operations},
    domain::{
        proof::SigningKey,
        receipt::{Receipt, ReceiptSources},
    },
    service::Evidence,
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

impl Request {
    /// The signed receipt of this evidence, in the media type that the request prefers. It does not name the person.
    pub fn receipt(&self, evidence: &Evidence) -> Result<Response, Error> {
        let sources = ReceiptSources {
            tenant: self.tenant(),
            record: &evidence.record,
            details: &evidence.details,
            notice: &evidence.notice,
            organisation: evidence.organisation.as_ref(),
            recipients: &evidence.recipients,
            schema: &self.url(operations::GET_CONSENT_RECEIPT_SCHEMA.route),
            notice_url: &self.url(&format!("/v1/public/notices/{}", evidence.notice.id)),
        };
        let receipt = Receipt::of(&sources, self.context());
        let media_type = self.preferred(&[JSON, JSON_LD]);
        let response = match media_type {
            // To a reader of JSON-LD, the receipt is all of the document.
            JSON_LD => signed(&receipt.to_json_ld(), Some(json!({ "receipt": "@graph" })), &evidence.key, self)?,
            _ => signed(&receipt, None, &evidence.key, self)?,
        };
        Ok(response.negotiated(media_type))
    }
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
