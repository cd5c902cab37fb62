//! `POST /open-api/v1/consent-catalog`: make a consent type and its version "1".
//!
//! subcategory and label come together or not at all, and no two
//! consent types of a tenant have all three in common (409 `CONFLICT`).

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed, ShownConsentType},
    domain::{
        consent_catalog::{
            ConsentDescription, ConsentDuration, ConsentState, ConsentTitle, ConsentType, ConsentTypeKind,
            VersionNumber, VersionText,
        },
        scope::Area,
    },
    store::{ConsentCatalog, Database},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/open-api/v1/consent-catalog", Area::Catalog);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let catalog = ConsentCatalog::new(&database);
    api::serve(ENDPOINT, &database, async |call| create(call, &catalog).await).await
}

async fn create(call: Call<'_>, catalog: &ConsentCatalog) -> Result<Answer, Error> {
    let (consent_type, text) = call.body(|fields| consent_type(fields, &call))?;
    call.effect(
        async || catalog.create(call.actor(), consent_type.clone(), &text, call.occasion),
        |consent_type| {
            let location = format!("/open-api/v1/consent-catalog/{}", consent_type.id);
            Answer::created(&ShownConsentType::of(consent_type, call.tenant())).at(location).tagged(&consent_type.tag())
        },
    )
    .await
}

fn consent_type(fields: &mut Fields, call: &Call<'_>) -> Parsed<(ConsentType, VersionText)> {
    let kind = fields.text("type", ConsentTypeKind::parse);
    let title = fields.text("title", ConsentTitle::parse);
    let description = fields.optional_text("description", ConsentDescription::parse);
    let text = fields.map("typeEntry", api::version_text);
    let placement = api::placement(fields);
    let valid_states = fields.optional_texts("validStates", 1..=4, ConsentState::parse);
    let duration = fields.optional_text("consentDuration", ConsentDuration::parse);
    let consent_type = ConsentType {
        id: call.occasion.uuid(),
        title: title?,
        description: description?,
        kind: kind?,
        placement: placement?,
        valid_states: valid_states?.unwrap_or_else(|| ConsentState::ALL.to_vec()),
        consent_duration: duration?.unwrap_or_default(),
        latest_version: VersionNumber::FIRST,
        place: call.occasion.ulid().to_string(),
        revision: 0,
        created_at: call.occasion.now,
    };
    Ok((consent_type, text?))
}
