//! `GET /v1/events?type=`: list events, oldest first. A key of a recipient sees only what it is told.
//!
//! The cursor is given even if no event follows yet, so that a reader can continue there later.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::FeedEventResponse},
    domain::event::EventType,
    environment::Environment,
    service::EventFeed,
    store::Database,
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FeedResponse<'a> {
    events: Vec<FeedEventResponse<'a>>,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let feed = EventFeed::new(&database);
    Ok(Endpoint::read(&operations::LIST_EVENTS, &database, feed, list))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(feed: &EventFeed, request: &Request) -> Result<Response, Error> {
    let list = request.list(|query| query.optional_text("type", EventType::parse))?;
    let now = request.context().now;
    let page = feed.list(request.tenant(), request.recipient(), list.filters, &list.page, now).await?;
    let next_cursor = list.next(&page);
    let events = page.items.iter().map(FeedEventResponse::of).collect();
    Ok(Response::ok(&FeedResponse { events, next_cursor }))
}
