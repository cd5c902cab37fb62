//! `POST /v1/recipients/{recipientId}/ping`: send a test message to a recipient.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations, responses::DeliveryResponse},
    domain::{ResourceKind, identifiers::RecipientId},
    environment::Environment,
    service::Acknowledgements,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let acknowledgements = Acknowledgements::new(&database);
    Ok(Endpoint::write(&operations::PING_RECIPIENT, &database, acknowledgements, ping)?.with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn ping(acknowledgements: &Acknowledgements, request: &Request) -> Result<Committed, Error> {
    let id = request.path("recipientId", RecipientId::parse, ResourceKind::Recipient)?;
    let mut unit = request.unit_of_work();
    let delivery = acknowledgements.ping(&mut unit, request.tenant(), id).await?;
    let location = format!("/v1/deliveries/{}", delivery.id);
    request.commit(unit, Response::accepted(&DeliveryResponse::of(&delivery)).location(location)).await
}
