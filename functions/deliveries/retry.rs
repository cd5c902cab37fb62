//! `POST /v1/deliveries/{deliveryId}/retry`: send a message that was not received again now.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations, responses::DeliveryResponse},
    domain::{ResourceKind, identifiers::DeliveryId},
    environment::Environment,
    service::Acknowledgements,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let acknowledgements = Acknowledgements::new(&database);
    Ok(Endpoint::write(&operations::RETRY_DELIVERY, &database, acknowledgements, retry)?.with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn retry(acknowledgements: &Acknowledgements, request: &Request) -> Result<Committed, Error> {
    let id = request.path("deliveryId", DeliveryId::parse, ResourceKind::Delivery)?;
    request.require_recipient(id.recipient_id, ResourceKind::Delivery)?;
    let mut unit = request.unit_of_work();
    let delivery = acknowledgements.retry(&mut unit, request.actor(), id).await?;
    request.commit(unit, Response::ok(&DeliveryResponse::of(&delivery))).await
}
