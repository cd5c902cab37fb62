//! `GET /.well-known/jwks.json`: the public keys that verify all proofs and
//! receipts, retired keys included (RFC 7517). No API key is needed.

use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, Response, RuntimeError, operations},
    environment::Environment,
    store::{Database, SigningKeys},
};
use serde_json::json;

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let keys = SigningKeys::new(&database);
    Ok(Endpoint::open(&operations::JWKS, Some(&database), keys, jwks))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn jwks(keys: &SigningKeys, _: &HttpRequest) -> Result<Response, Error> {
    Ok(Response::ok(&json!({ "keys": keys.published().await? })).cacheable())
}
