//! `PATCH /v1/recipients/{recipientId}`: change what is said of a recipient. What was
//! said until now stays in its history.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::RecipientResponse,
    },
    domain::{
        ResourceKind,
        ack_within::AckWithin,
        consent_notice::Contact,
        identifiers::RecipientId,
        organisation::Place,
        recipient::{RecipientName, RecipientPatch, RecipientRole},
        webhook_url::Reach,
    },
    environment::Environment,
    store::{Database, Events, Recipients},
};

struct Tables {
    recipients: Recipients,
    events: Events,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let tables = Tables { recipients: Recipients::new(&database), events: Events::new(&database) };
    Endpoint::write(&operations::UPDATE_RECIPIENT, &database, tables, update)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn update(tables: &Tables, request: &Request) -> Result<Committed, Error> {
    let reach = request.environment().webhook_reach();
    let (expected, patch) = request.conditional_body(|fields| patch(fields, reach))?;
    let id = request.path("recipientId", RecipientId::parse, ResourceKind::Recipient)?;
    let mut unit = request.unit_of_work();
    let (changed, secret) = tables.recipients.update(&mut unit, request.tenant(), id, patch, &expected).await?;
    let since = changed.recipient.since;
    if since >= unit.context().now {
        tables.events.relay_again(&mut unit, request.tenant(), id, since)?;
    }
    let response = Response::ok(&RecipientResponse::with_secret(&changed, secret.as_ref()));
    request.commit(unit, response.secret_if(secret.is_some()).etag(&changed.tag())).await
}

fn patch(fields: &mut Fields, reach: Reach) -> Validated<RecipientPatch> {
    let name = fields.optional_text("name", RecipientName::parse);
    let role = fields.optional_text("role", RecipientRole::parse);
    let purposes = api::recipient_purposes(fields);
    let events = fields.edited("events", api::recipient_events);
    let country = fields.edited_text("country", Place::parse);
    let contact = fields.edited_text("contact", Contact::parse);
    let ack_within = fields.edited_text("ackWithin", AckWithin::parse);
    let delivery = fields.optional_object("delivery", |fields| api::delivery(fields, reach));
    let patch = RecipientPatch {
        name: name?,
        role: role?,
        purposes: purposes?,
        events: events?,
        country: country?,
        contact: contact?,
        ack_within: ack_within?,
        delivery: delivery?,
    };
    if patch == RecipientPatch::default() {
        return Err(fields.error("name", "is required, or another field"));
    }
    Ok(patch)
}
