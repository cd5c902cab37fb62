//! `POST /open-api/v1/consent-catalog`: make a consent type and its version "1".
//!
//! Category, subcategory and label come together or not at all, and no two
//! consent types of a tenant have all three in common (409 `CONFLICT`).

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed},
    domain::{
        Tenant,
        consent_catalog::{
            Category, ConsentDescription, ConsentDuration, ConsentState, ConsentTitle, ConsentType, ConsentTypeKind,
            Label, VersionNumber, VersionText,
        },
        scope::Area,
    },
    store::{ConsentCatalog, Database},
};
use serde::Serialize;
use uuid::Uuid;

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/open-api/v1/consent-catalog", Area::Catalog);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    company_id: Tenant,
    id: Uuid,
    title: &'a ConsentTitle,
    description: Option<&'a ConsentDescription>,
    #[serde(rename = "type")]
    kind: ConsentTypeKind,
    category: Option<&'a Category>,
    subcategory: Option<&'a Category>,
    label: Option<&'a Label>,
    valid_states: &'a [ConsentState],
    consent_duration: &'a ConsentDuration,
    latest_version: String,
    /// Seconds since 1970 began, as everywhere in the consent catalog.
    created_at: i64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let catalog = ConsentCatalog::new(&database);
    api::serve(ENDPOINT, &database, async |call| create(call, &catalog).await).await
}

async fn create(call: Call<'_>, catalog: &ConsentCatalog) -> Result<Answer, Error> {
    let (consent_type, text) = call.body(|fields| consent_type(fields, &call))?;
    catalog.create(call.tenant(), &consent_type, text, call.occasion).await?;
    let placement = consent_type.placement.as_ref();
    Ok(Answer::created(&Shown {
        company_id: call.tenant(),
        id: consent_type.id,
        title: &consent_type.title,
        description: consent_type.description.as_ref(),
        kind: consent_type.kind,
        category: placement.map(|placement| &placement.category),
        subcategory: placement.map(|placement| &placement.subcategory),
        label: placement.map(|placement| &placement.label),
        valid_states: &consent_type.valid_states,
        consent_duration: &consent_type.consent_duration,
        latest_version: consent_type.latest_version.to_string(),
        created_at: consent_type.created_at.seconds(),
    }))
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
        created_at: call.occasion.now,
    };
    Ok((consent_type, text?))
}
