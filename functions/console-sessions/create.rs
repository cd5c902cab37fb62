//! `POST /v1/console-sessions`: create a link that opens the console, once.
//!
//! Any key of the organisation may do this. The session may do no more than the key, and ends with it. A key of a
//! recipient may not: it belongs to somebody else.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{
        Timestamp,
        page_session::{CONSOLE_LINK_SECONDS, PageHolder, PageSession},
    },
    environment::Environment,
    store::{Database, PageSessions},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LinkResponse {
    url: String,
    expires_at: Timestamp,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let sessions = PageSessions::new(&database);
    Endpoint::write(&operations::CREATE_CONSOLE_SESSION, &database, sessions, create)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(sessions: &PageSessions, request: &Request) -> Result<Committed, Error> {
    let context = request.context();
    if request.recipient().is_some() {
        return Err(Error::Forbidden("The key of a recipient opens no console"));
    }
    if request.reuses_key() {
        return Err(Error::IdempotencyKeyReused);
    }
    let end = context.now.plus_seconds(CONSOLE_LINK_SECONDS);
    // A link does not outlive the key that creates it.
    let expires_at = request.caller().expires_at.map_or(end, |expiry| expiry.min(end));
    let session = PageSession {
        tenant_id: request.tenant(),
        organisation: request.caller().tenant_name.clone(),
        key: request.key_hash()?,
        holder: PageHolder::Operator,
        created_at: context.now,
        expires_at,
    };
    let token = sessions.create_link(&session, context).await?;
    let url = request.url(&format!("{}?link={}", operations::OPEN_CONSOLE.route, token.reveal()));
    // The response is not stored, because it is a secret, so the unit of work is empty.
    request.commit(request.unit_of_work(), Response::created(&LinkResponse { url, expires_at })).await
}
