//! `GET /site-v1/{projectId}/consent-events`: the current user's own events,
//! newest first, of a period where one is asked for.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed, ShownEvents},
    domain::{Timestamp, scope::Area},
    store::{ConsentEvents, Database, Period},
};

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/site-v1/{projectId}/consent-events", Area::Events).with_query().for_end_users();

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let events = ConsentEvents::new(&database);
    api::serve(ENDPOINT, &database, async |call| list(call, &events).await).await
}

async fn list(call: Call<'_>, events: &ConsentEvents) -> Result<Answer, Error> {
    let list = call.list(period)?;
    let part = events.list(call.site_user()?, list.filters, &list.page).await?;
    Ok(Answer::ok(&ShownEvents::of(&part.things, list.next(&part), call.tenant())))
}

fn period(fields: &mut Fields) -> Parsed<Period> {
    let start = fields.optional_text("startDate", Timestamp::parse_day_or_moment);
    let end = fields.optional_text("endDate", Timestamp::parse_day_or_moment);
    let period = Period { start: start?, end: end? };
    match period {
        Period { start: Some(start), end: Some(end) } if start > end => {
            Err(fields.fault("startDate", "must not be after endDate"))
        }
        period => Ok(period),
    }
}
