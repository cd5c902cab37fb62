//! `GET /api/v1/compliance/dpdp/session/{sessionId}`: read a session
//! as it is now.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{ResourceKind, identifiers::parse_uuid},
    environment::Environment,
    store::{Database, DpdpSessions},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let sessions = DpdpSessions::new(&database);
    Ok(Endpoint::read(&operations::GET_DPDP_SESSION, &database, sessions, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(sessions: &DpdpSessions, request: &Request) -> Result<Response, Error> {
    let session_id = request.path("sessionId", parse_uuid, ResourceKind::Session)?;
    let session = sessions.get(request.tenant(), session_id).await?;
    Ok(Response::ok(&session.resource).etag(&session.tag))
}
