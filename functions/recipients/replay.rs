//! `POST /v1/recipients/{recipientId}/replay`: send a recipient again what it was told since a
//! moment. If webhooks to it had ended, they begin again.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations},
    domain::{ResourceKind, Timestamp, identifiers::RecipientId},
    environment::Environment,
    service::Acknowledgements,
    store::Database,
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReplayResponse {
    replayed: usize,
    next_since: Option<Timestamp>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let acknowledgements = Acknowledgements::new(&database);
    Ok(Endpoint::write(&operations::REPLAY_TO_RECIPIENT, &database, acknowledgements, replay)?.with_connections(4))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn replay(acknowledgements: &Acknowledgements, request: &Request) -> Result<Committed, Error> {
    let now = request.context().now;
    let since = request.body(|fields| since(fields, now))?;
    let id = request.path("recipientId", RecipientId::parse, ResourceKind::Recipient)?;
    let mut unit = request.unit_of_work();
    let replay = acknowledgements.replay(&mut unit, request.actor(), id, since).await?;
    let response = ReplayResponse { replayed: replay.replayed, next_since: replay.next };
    request.commit(unit, Response::ok(&response)).await
}

fn since(fields: &mut Fields, now: Timestamp) -> Validated<Timestamp> {
    fields.text("since", |value| Timestamp::parse_past(value, now))
}
