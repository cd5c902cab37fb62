//! `GET /site-v1/{projectId}/consent-state`: how the current user stands to
//! each consent type: the latest of their own events about it.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownEvents},
    domain::scope::Area,
    store::{ConsentEvents, Database},
};

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/site-v1/{projectId}/consent-state", Area::Events).with_query().for_end_users();

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let events = ConsentEvents::new(&database);
    api::serve(ENDPOINT, &database, async |call| get(call, &events).await).await
}

async fn get(call: Call<'_>, events: &ConsentEvents) -> Result<Answer, Error> {
    let list = call.list(|_| Ok(()))?;
    let part = events.state(call.site_user()?, &list.page).await?;
    Ok(Answer::ok(&ShownEvents::of(&part.things, list.next(&part), call.tenant())))
}
