//! `POST /open-api/v1/consent-catalog`: create a consent type and its version "1".
//!
//! Category, subcategory and label are given together or not at all, and no two
//! consent types of a tenant may have the same three (409 `CONFLICT`).

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::ConsentTypeResponse,
    },
    domain::consent_catalog::{
        ConsentDescription, ConsentDuration, ConsentState, ConsentTitle, ConsentType, ConsentTypeKind, VersionNumber,
        VersionText,
    },
    environment::Environment,
    store::{ConsentCatalog, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let catalog = ConsentCatalog::new(&database);
    Endpoint::write(&operations::CREATE_CONSENT_TYPE, &database, catalog, create)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(catalog: &ConsentCatalog, request: &Request) -> Result<Committed, Error> {
    let (consent_type, text) = request.body(|fields| consent_type(fields, request))?;
    let mut unit = request.unit_of_work();
    let consent_type = &catalog.create(&mut unit, request.actor(), consent_type.clone(), &text).await?;
    let location = format!("/open-api/v1/consent-catalog/{}", consent_type.id);
    request
        .commit(
            unit,
            Response::created(&ConsentTypeResponse::of(consent_type, request.tenant()))
                .location(location)
                .etag(&consent_type.tag()),
        )
        .await
}

fn consent_type(fields: &mut Fields, request: &Request) -> Validated<(ConsentType, VersionText)> {
    let kind = fields.text("type", ConsentTypeKind::parse);
    let title = fields.text("title", ConsentTitle::parse);
    let description = fields.optional_text("description", ConsentDescription::parse);
    let text = fields.object("typeEntry", api::version_text);
    let placement = api::placement(fields);
    let valid_states = fields.optional_texts("validStates", 1..=4, ConsentState::parse);
    let duration = fields.optional_text("consentDuration", ConsentDuration::parse);
    let consent_type = ConsentType {
        id: request.context().uuid(),
        title: title?,
        description: description?,
        kind: kind?,
        placement: placement?,
        valid_states: valid_states?.unwrap_or_else(|| ConsentState::ALL.to_vec()),
        consent_duration: duration?.unwrap_or_default(),
        latest_version: VersionNumber::FIRST,
        position: request.context().ulid().to_string(),
        revision: 0,
        created_at: request.context().now,
    };
    Ok((consent_type, text?))
}
