//! `GET /site-v1/{projectId}/consent-events/{id}`: read an event of the
//! current user.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::EventResponse},
    domain::{ResourceKind, identifiers::parse_uuid},
    environment::Environment,
    store::{ConsentEvents, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let events = ConsentEvents::new(&database);
    // The project is read at the same time.
    Ok(Endpoint::read(&operations::GET_CONSENT_EVENT, &database, events, get).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(events: &ConsentEvents, request: &Request) -> Result<Response, Error> {
    let id = request.path("id", parse_uuid, ResourceKind::ConsentEvent)?;
    let event = events.get(request.site_user()?, id, request.context()).await?;
    Ok(Response::ok(&EventResponse::of(&event, request.tenant())))
}
