//! `PATCH /v1/recipients/{recipientId}`: change what is said of a recipient. What was
//! said until now stays in its history.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::RecipientResponse,
    },
    domain::{
        ResourceKind,
        consent_notice::Contact,
        identifiers::RecipientId,
        organisation::Place,
        recipient::{RecipientName, RecipientPatch, RecipientRole},
    },
    environment::Environment,
    store::{Database, Recipients},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let recipients = Recipients::new(&database);
    Endpoint::write(&operations::UPDATE_RECIPIENT, &database, recipients, update)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn update(recipients: &Recipients, request: &Request) -> Result<Committed, Error> {
    let (expected, patch) = request.conditional_body(patch)?;
    let id = request.path("recipientId", RecipientId::parse, ResourceKind::Recipient)?;
    let mut unit = request.unit_of_work();
    let changed = recipients.update(&mut unit, request.tenant(), id, patch, &expected).await?;
    request.commit(unit, Response::ok(&RecipientResponse::of(&changed)).etag(&changed.tag())).await
}

fn patch(fields: &mut Fields) -> Validated<RecipientPatch> {
    let name = fields.optional_text("name", RecipientName::parse);
    let role = fields.optional_text("role", RecipientRole::parse);
    let purposes = api::recipient_purposes(fields);
    let country = fields.edited_text("country", Place::parse);
    let contact = fields.edited_text("contact", Contact::parse);
    let delivery = fields.optional_object("delivery", api::delivery);
    let patch = RecipientPatch {
        name: name?,
        role: role?,
        purposes: purposes?,
        country: country?,
        contact: contact?,
        delivery: delivery?,
    };
    if patch == RecipientPatch::default() {
        return Err(fields.error("name", "is required, or another field"));
    }
    Ok(patch)
}
