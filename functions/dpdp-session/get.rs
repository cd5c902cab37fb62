//! `GET /api/v1/compliance/dpdp/session/{sessionId}`: a session as it is now.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method},
    domain::{Thing, identifiers::parse_uuid, scope::Area},
    store::{Database, DpdpSessions},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Get, "/api/v1/compliance/dpdp/session/{sessionId}", Area::Sessions);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let sessions = DpdpSessions::new(&database);
    api::serve(ENDPOINT, &database, async |call| get(call, &sessions).await).await
}

async fn get(call: Call<'_>, sessions: &DpdpSessions) -> Result<Answer, Error> {
    let session_id = call.path("sessionId", parse_uuid, Thing::Session)?;
    let session = sessions.get(call.tenant(), session_id).await?;
    Ok(Answer::ok(&session.thing).tagged(&session.tag))
}
