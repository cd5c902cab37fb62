//! `GET /.well-known/jwks.json`: the public keys of all proofs, those of
//! retired keys too (RFC 7517). No key is needed.

use assent_shared::{
    api::{self, Answer, Error, Method},
    store::{Database, SigningKeys},
};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let keys = SigningKeys::new(&database);
    api::serve_everyone(Method::Get, "/.well-known/jwks.json", Some(&database), async || jwks(&keys).await).await
}

async fn jwks(keys: &SigningKeys) -> Result<Answer, Error> {
    Ok(Answer::ok(&json!({ "keys": keys.published().await? })).cacheable())
}
