//! `GET /openapi.json`: this API's own description, openapi.yaml as JSON. No
//! key is needed.

use assent_shared::api::{self, Answer, Method};

/// Made by build.rs.
const DESCRIPTION: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let description = || Answer::ok_written(DESCRIPTION).cacheable();
    api::serve_everyone(Method::Get, "/openapi.json", None, async || Ok(description())).await
}
