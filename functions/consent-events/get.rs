//! `GET /site-v1/{projectId}/consent-events/{id}`: one of the current user's
//! own events.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownEvent},
    domain::{Thing, identifiers::parse_uuid, scope::Area},
    store::{ConsentEvents, Database},
};

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/site-v1/{projectId}/consent-events/{id}", Area::Events).for_end_users();

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let events = ConsentEvents::new(&database);
    api::serve(ENDPOINT, &database, async |call| get(call, &events).await).await
}

async fn get(call: Call<'_>, events: &ConsentEvents) -> Result<Answer, Error> {
    let id = call.path("id", parse_uuid, Thing::ConsentEvent)?;
    let event = events.get(call.site_user()?, id).await?;
    Ok(Answer::ok(&ShownEvent::of(&event, call.tenant())))
}
