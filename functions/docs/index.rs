//! `GET /docs`: the description of this API as a web page, which lists all operations. No key is needed.

use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, Response, RuntimeError, operations},
    environment::Environment,
};

/// The page, which build.rs renders.
const PAGE: &str = include_str!(concat!(env!("OUT_DIR"), "/reference.html"));

/// The endpoint. It uses nothing from the environment.
pub fn endpoint(_: &Environment) -> Result<Endpoint, RuntimeError> {
    Ok(Endpoint::open(&operations::GET_REFERENCE, None, (), index))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn index((): &(), _: &HttpRequest) -> Result<Response, Error> {
    Ok(Response::html(PAGE, env!("REFERENCE_POLICY")).content_language("en").cacheable())
}
