//! `GET /site-v1/{projectId}/consent-state`: list the current user's latest
//! consent event about each consent type.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::EventsResponse},
    environment::Environment,
    store::{ConsentEvents, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let events = ConsentEvents::new(&database);
    // The project is read at the same time.
    Ok(Endpoint::read(&operations::GET_CONSENT_STATE, &database, events, get).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(events: &ConsentEvents, request: &Request) -> Result<Response, Error> {
    let list = request.list(|_| Ok(()))?;
    let page = events.state(request.site_user()?, &list.page, request.context()).await?;
    Ok(Response::ok(&EventsResponse::of(&page.items, list.next(&page), request.tenant())))
}
