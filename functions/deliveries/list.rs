//! `GET /v1/deliveries?status=&recipientId=&overdue=&eventId=`: list deliveries, those of the
//! newest event first. A key of a recipient sees only its own.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::DeliveryResponse},
    domain::{
        Invalid,
        delivery::DeliveryStatus,
        identifiers::{EventId, RecipientId},
    },
    environment::Environment,
    store::{Database, Deliveries, DeliveryFilter, Page, Recipients},
};
use serde::Serialize;

struct Tables {
    deliveries: Deliveries,
    recipients: Recipients,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeliveriesResponse<'a> {
    deliveries: Vec<DeliveryResponse<'a>>,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let tables = Tables { deliveries: Deliveries::new(&database), recipients: Recipients::new(&database) };
    Ok(Endpoint::read(&operations::LIST_DELIVERIES, &database, tables, list))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(tables: &Tables, request: &Request) -> Result<Response, Error> {
    let list = request.list(|query| {
        let status = query.optional_text("status", DeliveryStatus::parse);
        let recipient = query.optional_text("recipientId", RecipientId::parse);
        let overdue = query.optional_text("overdue", flag);
        let event_id = query.optional_text("eventId", EventId::parse);
        Ok((recipient?, DeliveryFilter { status: status?, overdue: overdue?, event_id: event_id? }))
    })?;
    let (recipient, filter) = &list.filters;
    let tenant = request.tenant();
    let recipients = match (request.recipient(), *recipient) {
        (Some(own), Some(other)) if own != other => Vec::new(),
        (Some(own), _) => vec![own],
        (None, Some(recipient)) => vec![recipient],
        (None, None) => tables.recipients.all(tenant).await?.iter().map(|recipient| recipient.id).collect(),
    };
    let page: Page<_> = tables.deliveries.list(tenant, &recipients, filter, &list.page).await?;
    let next_cursor = list.next(&page);
    let deliveries = page.items.iter().map(DeliveryResponse::of).collect();
    Ok(Response::ok(&DeliveriesResponse { deliveries, next_cursor }))
}

fn flag(value: &str) -> Result<bool, Invalid> {
    value.parse().map_err(|_| Invalid::new("must be true or false"))
}
