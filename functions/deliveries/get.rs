//! `GET /v1/deliveries/{deliveryId}`: read a delivery and its audit trail. A recipient that
//! asks for its deliveries learns here whom one is about, and has been told by that.

use assent_shared::{
    api::{
        self, Endpoint, Error, Request, Response, RuntimeError, operations,
        responses::{ChainResponse, DeliveryResponse},
    },
    domain::{
        ResourceKind, Tenant,
        audit::Subject,
        delivery::{Channel, DeliveryStatus},
        identifiers::{DeliveryId, PrincipalId},
    },
    environment::Environment,
    service::{Acknowledgements, Persons},
    store::{Database, Deliveries, until_current},
};
use serde::Serialize;
use serde_json::Value;

struct Sources {
    deliveries: Deliveries,
    acknowledgements: Acknowledgements,
    persons: Persons,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TracedDelivery<'a> {
    #[serde(flatten)]
    delivery: DeliveryResponse<'a>,
    /// Only for the recipient itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    data_principal_id: Option<PrincipalId>,
    trail: DeliveryTrail,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryTrail {
    /// Part of the input of every hash, so it is needed to verify them.
    tenant_id: Tenant,
    /// Part of the input of every hash too.
    subject: String,
    entries: Vec<Value>,
    chain: ChainResponse,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let sources = Sources {
        deliveries: Deliveries::new(&database),
        acknowledgements: Acknowledgements::new(&database),
        persons: Persons::new(&database),
    };
    Ok(Endpoint::read(&operations::GET_DELIVERY, &database, sources, get).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(sources: &Sources, request: &Request) -> Result<Response, Error> {
    let id = request.path("deliveryId", DeliveryId::parse, ResourceKind::Delivery)?;
    request.require_recipient(id.recipient_id, ResourceKind::Delivery)?;
    let tenant = request.tenant();
    let mut delivery = sources.deliveries.get(tenant, id).await?;
    let is_own = request.recipient().is_some();
    if is_own && delivery.channel == Channel::Pull && delivery.status == DeliveryStatus::Pending {
        delivery = until_current(|| sources.acknowledgements.told(request.context(), request.actor(), id)).await?;
    }
    let data_principal_id = if is_own { sources.persons.of(tenant, &delivery).await?.id } else { None };
    let trail = sources.deliveries.trail(tenant, &delivery).await?;
    Ok(Response::ok(&TracedDelivery {
        delivery: DeliveryResponse::of(&delivery),
        data_principal_id,
        trail: DeliveryTrail {
            tenant_id: tenant,
            subject: Subject::delivery(id).to_string(),
            chain: ChainResponse::of(&trail),
            entries: trail.entries,
        },
    }))
}
