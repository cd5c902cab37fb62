//! The bodies of consent types and of their versions.

use crate::domain::{
    Tenant,
    consent_catalog::{
        Category, ConsentDescription, ConsentDuration, ConsentState, ConsentTitle, ConsentType, ConsentTypeKind,
        ConsentTypeVersion, Label, PolicyUrl,
    },
};
use serde::Serialize;
use uuid::Uuid;

/// What all responses say of a consent type.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DescribedType<'a> {
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
}

impl<'a> DescribedType<'a> {
    fn of(consent_type: &'a ConsentType) -> Self {
        let placement = consent_type.placement.as_ref();
        Self {
            id: consent_type.id,
            title: &consent_type.title,
            description: consent_type.description.as_ref(),
            kind: consent_type.kind,
            category: placement.map(|placement| &placement.category),
            subcategory: placement.map(|placement| &placement.subcategory),
            label: placement.map(|placement| &placement.label),
            valid_states: &consent_type.valid_states,
            consent_duration: &consent_type.consent_duration,
        }
    }
}

/// A consent type of the catalog.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentTypeResponse<'a> {
    company_id: Tenant,
    #[serde(flatten)]
    described: DescribedType<'a>,
    latest_version: String,
    /// Unix time in seconds, as everywhere in the consent catalog.
    created_at: i64,
}

impl<'a> ConsentTypeResponse<'a> {
    /// A consent type of this tenant.
    pub fn of(consent_type: &'a ConsentType, company_id: Tenant) -> Self {
        Self {
            company_id,
            described: DescribedType::of(consent_type),
            latest_version: consent_type.latest_version.to_string(),
            created_at: consent_type.created_at.seconds(),
        }
    }
}

/// A consent type with its latest version, as visitors see it, without the tenant.
#[derive(Serialize)]
pub struct SiteConsentTypeResponse<'a> {
    #[serde(flatten)]
    described: DescribedType<'a>,
    latest: LatestVersionResponse<'a>,
}

#[derive(Serialize)]
struct LatestVersionResponse<'a> {
    /// The number, as consent events have it.
    version: u32,
    url: &'a PolicyUrl,
    description: Option<&'a ConsentDescription>,
}

impl<'a> SiteConsentTypeResponse<'a> {
    /// A consent type and its latest version.
    pub fn of(consent_type: &'a ConsentType, latest: &'a ConsentTypeVersion) -> Self {
        Self {
            described: DescribedType::of(consent_type),
            latest: LatestVersionResponse {
                version: latest.version.number(),
                url: &latest.url,
                description: latest.description.as_ref(),
            },
        }
    }
}

/// A version of a consent type, with the fields of the source document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionResponse {
    company_id: Tenant,
    consent_catalog_id: Uuid,
    version: String,
    #[serde(rename = "type")]
    kind: ConsentTypeKind,
    /// Unix time in seconds, as everywhere in the consent catalog.
    created_at: i64,
    url: PolicyUrl,
    description: Option<ConsentDescription>,
    is_used: bool,
}

impl VersionResponse {
    /// A version of a consent type of this tenant.
    pub fn of(version: &ConsentTypeVersion, company_id: Tenant) -> Self {
        Self {
            company_id,
            consent_catalog_id: version.consent_catalog_id,
            version: version.version.to_string(),
            kind: version.kind,
            created_at: version.created_at.seconds(),
            url: version.url.clone(),
            description: version.description.clone(),
            is_used: version.is_used,
        }
    }
}
