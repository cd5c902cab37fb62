//! `POST /v1/deliveries/{deliveryId}/acknowledgement`: note what a recipient says that it did
//! about an event that asks it to cease (DPDP Act s.6(6)). The recipient says it with a key
//! of its own, or the organisation for it.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::DeliveryResponse,
    },
    domain::{
        ResourceKind, Timestamp,
        delivery::{Evidence, EvidenceHash, EvidenceUri, LegalBasis, Outcome, Statement},
        identifiers::DeliveryId,
    },
    environment::Environment,
    service::Acknowledgements,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let acknowledgements = Acknowledgements::new(&database);
    Endpoint::write(&operations::ACKNOWLEDGE_DELIVERY, &database, acknowledgements, acknowledge)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn acknowledge(acknowledgements: &Acknowledgements, request: &Request) -> Result<Committed, Error> {
    let now = request.context().now;
    let said = request.body(|fields| statement(fields, now))?;
    let id = request.path("deliveryId", DeliveryId::parse, ResourceKind::Delivery)?;
    request.require_recipient(id.recipient_id, ResourceKind::Delivery)?;
    let mut unit = request.unit_of_work();
    let delivery = acknowledgements.acknowledge(&mut unit, request.actor(), id, &said).await?;
    request.commit(unit, Response::ok(&DeliveryResponse::of(&delivery))).await
}

fn statement(fields: &mut Fields, now: Timestamp) -> Validated<Statement> {
    let outcome = fields.text("outcome", Outcome::parse);
    let at = fields.optional_text("at", |value| Timestamp::parse_past(value, now));
    let basis = fields.optional_text("basis", LegalBasis::parse);
    let until = fields.optional_text("until", |value| Timestamp::parse_ahead(value, now));
    let evidence = fields.optional_object("evidence", |evidence| {
        let uri = evidence.text("uri", EvidenceUri::parse);
        let sha256 = evidence.text("sha256", EvidenceHash::parse);
        Ok(Evidence { uri: uri?, sha256: sha256? })
    });
    let said = Statement { outcome: outcome?, at: at?, basis: basis?, until: until?, evidence: evidence? };
    let errors = said.errors().into_iter().map(|error| fields.error(&error.field, error.message));
    let mut errors: Vec<_> = errors.collect();
    errors.pop().map_or(Ok(said), Err)
}
