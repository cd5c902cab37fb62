//! `POST /v1/recipients`: register a recipient, who processes personal data for some
//! purposes from now on.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::RecipientResponse,
    },
    domain::{
        ack_within::AckWithin,
        consent_notice::Contact,
        organisation::Place,
        recipient::{RecipientEvents, RecipientName, RecipientProfile, RecipientRole},
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
    Endpoint::write(&operations::CREATE_RECIPIENT, &database, tables, create)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(tables: &Tables, request: &Request) -> Result<Committed, Error> {
    let reach = request.environment().webhook_reach();
    let profile = request.body(|fields| profile(fields, reach))?;
    let mut unit = request.unit_of_work();
    let (created, secret) = tables.recipients.create(&mut unit, request.tenant(), profile).await?;
    let (id, since) = (created.recipient.id, created.recipient.since);
    tables.events.relay_again(&mut unit, request.tenant(), id, since)?;
    let response = Response::created(&RecipientResponse::with_secret(&created, secret.as_ref()));
    let response = response.secret_if(secret.is_some());
    let location = format!("/v1/recipients/{}", created.recipient.id);
    request.commit(unit, response.location(location).etag(&created.tag())).await
}

fn profile(fields: &mut Fields, reach: Reach) -> Validated<RecipientProfile> {
    let name = fields.text("name", RecipientName::parse);
    let role = fields.text("role", RecipientRole::parse);
    let purposes = api::recipient_purposes(fields)
        .and_then(|purposes| purposes.ok_or_else(|| fields.error("purposes", "is required")));
    let events = api::recipient_events(fields);
    let country = fields.optional_text("country", Place::parse);
    let contact = fields.optional_text("contact", Contact::parse);
    let ack_within = fields.optional_text("ackWithin", AckWithin::parse);
    let delivery = fields.object("delivery", |fields| api::delivery(fields, reach));
    Ok(RecipientProfile {
        name: name?,
        role: role?,
        purposes: purposes?,
        events: events?.unwrap_or(RecipientEvents::All),
        country: country?,
        contact: contact?,
        ack_within: ack_within?.unwrap_or_default(),
        delivery: delivery?,
    })
}
