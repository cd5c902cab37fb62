//! `GET /openapi.json`: the description of this API, openapi.yaml as JSON. No key
//! is needed.

use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, Response, RuntimeError, operations},
    environment::Environment,
};

/// The description as JSON, which build.rs generates.
const DESCRIPTION: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// The endpoint. It uses nothing from the environment.
pub fn endpoint(_: &Environment) -> Result<Endpoint, RuntimeError> {
    Ok(Endpoint::open(&operations::OPENAPI, None, (), openapi))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn openapi((): &(), _: &HttpRequest) -> Result<Response, Error> {
    Ok(Response::ok_written(DESCRIPTION).cacheable())
}
