//! `GET /v1/schemas/consent-receipt-1.json`: the JSON Schema of receipts. No key is
//! needed.

use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, Response, RuntimeError, operations},
    environment::Environment,
};

/// The schema `Receipt` of openapi.yaml with all that it refers to, which build.rs generates.
const SCHEMA: &str = include_str!(concat!(env!("OUT_DIR"), "/consent-receipt.json"));

/// The endpoint. It uses nothing from the environment.
pub fn endpoint(_: &Environment) -> Result<Endpoint, RuntimeError> {
    Ok(Endpoint::open(&operations::GET_CONSENT_RECEIPT_SCHEMA, None, (), schema))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn schema((): &(), _: &HttpRequest) -> Result<Response, Error> {
    Ok(Response::ok_written(SCHEMA).cacheable())
}
