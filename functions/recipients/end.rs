//! `DELETE /v1/recipients/{recipientId}`: end a recipient. It is one no longer from now
//! on, and that it was one stays.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{ResourceKind, identifiers::RecipientId},
    environment::Environment,
    store::{Database, Recipients},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let recipients = Recipients::new(&database);
    Ok(Endpoint::write(&operations::END_RECIPIENT, &database, recipients, end)?.with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn end(recipients: &Recipients, request: &Request) -> Result<Committed, Error> {
    let expected = request.if_match()?;
    let id = request.path("recipientId", RecipientId::parse, ResourceKind::Recipient)?;
    let mut unit = request.unit_of_work();
    recipients.end(&mut unit, request.tenant(), id, &expected).await?;
    request.commit(unit, Response::no_content()).await
}
