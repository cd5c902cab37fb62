//! `POST /v1/recipients/{recipientId}/rotate-secret`: make the next secret that signs
//! the webhooks to a recipient. The one before it signs on for a day.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{ResourceKind, identifiers::RecipientId},
    environment::Environment,
    store::{Database, Recipients},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SecretResponse {
    signing_secret: String,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let recipients = Recipients::new(&database);
    let endpoint = Endpoint::write(&operations::ROTATE_RECIPIENT_SECRET, &database, recipients, rotate_secret)?;
    Ok(endpoint.with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn rotate_secret(recipients: &Recipients, request: &Request) -> Result<Committed, Error> {
    let id = request.path("recipientId", RecipientId::parse, ResourceKind::Recipient)?;
    let mut unit = request.unit_of_work();
    let secret = recipients.rotate_secret(&mut unit, request.tenant(), id).await?;
    request.commit(unit, Response::ok(&SecretResponse { signing_secret: secret.reveal() }).secret_if(true)).await
}
