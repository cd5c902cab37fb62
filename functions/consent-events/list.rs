//! `GET /site-v1/{projectId}/consent-events`: list the events of the current
//! user, newest first, optionally of a period.

use assent_shared::{
    api::{
        self, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::EventsResponse,
    },
    domain::Timestamp,
    environment::Environment,
    store::{ConsentEvents, Database, Period},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let events = ConsentEvents::new(&database);
    Ok(Endpoint::read(&operations::LIST_CONSENT_EVENTS, &database, events, list))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(events: &ConsentEvents, request: &Request) -> Result<Response, Error> {
    let list = request.list(period)?;
    let page = events.list(request.site_user()?, list.filters, &list.page).await?;
    Ok(Response::ok(&EventsResponse::of(&page.items, list.next(&page), request.tenant())))
}

fn period(fields: &mut Fields) -> Validated<Period> {
    let start = fields.optional_text("startDate", Timestamp::parse_day_or_moment);
    let end = fields.optional_text("endDate", Timestamp::parse_day_or_moment);
    let period = Period { start: start?, end: end? };
    match period {
        Period { start: Some(start), end: Some(end) } if start > end => {
            Err(fields.error("startDate", "must not be after endDate"))
        }
        period => Ok(period),
    }
}
