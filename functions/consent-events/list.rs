//! `GET /site-v1/{projectId}/consent-events`: list consent events, newest first,
//! optionally of a period. A site session lists those of its user, an API key those
//! of the project, even of a deleted one.

use assent_shared::{
    api::{
        self, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::EventsResponse,
    },
    domain::{ResourceKind, Timestamp, identifiers::parse_uuid},
    environment::Environment,
    store::{ConsentEvents, Database, Period},
};
use uuid::Uuid;

struct Filters {
    period: Period,
    concord_id: Option<Uuid>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let events = ConsentEvents::new(&database);
    // The project is read at the same time.
    Ok(Endpoint::read(&operations::LIST_CONSENT_EVENTS, &database, events, list).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(events: &ConsentEvents, request: &Request) -> Result<Response, Error> {
    let of_user = request.site_session().is_some();
    let list = request.list(|fields| filters(fields, of_user))?;
    let Filters { period, concord_id } = list.filters;
    let page = if of_user {
        events.list(request.site_user()?, period, &list.page, request.context()).await?
    } else {
        let project = request.path("projectId", parse_uuid, ResourceKind::Project)?;
        events.list_of_project(request.tenant(), project, concord_id, period, &list.page).await?
    };
    Ok(Response::ok(&EventsResponse::of(&page.items, list.next(&page), request.tenant())))
}

fn filters(fields: &mut Fields, of_user: bool) -> Validated<Filters> {
    let start = fields.optional_text("startDate", Timestamp::parse_day_or_moment);
    let end = fields.optional_text("endDate", Timestamp::parse_day_or_moment);
    let concord_id = fields.optional_text("concordId", parse_uuid);
    let filters = Filters { period: Period { start: start?, end: end? }, concord_id: concord_id? };
    match filters {
        Filters { concord_id: Some(_), .. } if of_user => {
            Err(fields.error("concordId", "is for API keys: a site session lists the events of its own user"))
        }
        Filters { period: Period { start: Some(start), end: Some(end) }, .. } if start > end => {
            Err(fields.error("startDate", "must not be after endDate"))
        }
        filters => Ok(filters),
    }
}
