//! `GET /v1/events/{eventId}`: read an event. A key of a recipient sees only what it is told.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::FeedEventResponse},
    domain::{ResourceKind, identifiers::EventId},
    environment::Environment,
    service::EventFeed,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let feed = EventFeed::new(&database);
    Ok(Endpoint::read(&operations::GET_EVENT, &database, feed, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(feed: &EventFeed, request: &Request) -> Result<Response, Error> {
    let id = request.path("eventId", EventId::parse, ResourceKind::Event)?;
    let event = feed.get(request.tenant(), request.recipient(), id).await?;
    Ok(Response::ok(&FeedEventResponse::of(&event)))
}
