//! `GET /v1/recipients/{recipientId}`: read a recipient, and all that was said of it.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::RecipientResponse},
    domain::{ResourceKind, identifiers::RecipientId},
    environment::Environment,
    store::{Database, Recipients},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let recipients = Recipients::new(&database);
    Ok(Endpoint::read(&operations::GET_RECIPIENT, &database, recipients, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(recipients: &Recipients, request: &Request) -> Result<Response, Error> {
    let id = request.path("recipientId", RecipientId::parse, ResourceKind::Recipient)?;
    let dated = recipients.get(request.tenant(), id).await?;
    Ok(Response::ok(&RecipientResponse::of(&dated)).etag(&dated.tag()))
}
