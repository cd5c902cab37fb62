//! `GET /health`: 200 if the database can be reached, otherwise 503. No key is
//! needed, and the response reveals nothing else but the version that runs.

use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, Response, RuntimeError, operations},
    environment::Environment,
    store::{ConsentNotices, Database},
};
use serde_json::json;

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let notices = ConsentNotices::new(&database);
    Ok(Endpoint::open(&operations::HEALTH, Some(&database), notices, health))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn health(notices: &ConsentNotices, _: &HttpRequest) -> Result<Response, Error> {
    notices.reachable().await?;
    Ok(Response::ok(&json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })))
}
