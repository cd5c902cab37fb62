//! `GET /assent.js`: the script that asks the visitors of a site for their consents. No key is needed, and every site may
//! load it.

use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, Response, RuntimeError, operations},
    environment::Environment,
};

const SCRIPT: &str = include_str!("assent.js");

/// The endpoint. It uses nothing from the environment.
pub fn endpoint(_: &Environment) -> Result<Endpoint, RuntimeError> {
    Ok(Endpoint::open(&operations::GET_SNIPPET, None, (), snippet))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn snippet((): &(), _: &HttpRequest) -> Result<Response, Error> {
    Ok(Response::script(SCRIPT).cacheable())
}
