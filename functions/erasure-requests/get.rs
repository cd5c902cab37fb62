//! `GET /v1/dpdp/erasure-requests/{requestId}`: read the progress of an
//! erasure request. It does not name the person.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::ErasureResponse},
    domain::{ResourceKind, identifiers::ErasureRequestId},
    environment::Environment,
    store::{Database, ErasureRequests},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let requests = ErasureRequests::new(&database);
    Ok(Endpoint::read(&operations::GET_ERASURE_REQUEST, &database, requests, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(requests: &ErasureRequests, request: &Request) -> Result<Response, Error> {
    let request_id = request.path("requestId", ErasureRequestId::parse, ResourceKind::ErasureRequest)?;
    let request = requests.get(request.tenant(), request_id).await?;
    Ok(Response::ok(&ErasureResponse::of(&request)))
}
