//! What more than one endpoint shows in the same form.

use crate::domain::{
    Tenant, Timestamp,
    consent_catalog::{ConsentDescription, ConsentTypeKind, ConsentTypeVersion, PolicyUrl},
    grant::{GrantScope, GrantStatus, Lineage},
    identifiers::{GrantId, PrincipalId},
};
use serde::Serialize;
use uuid::Uuid;

/// A grant, as all of `/v1/grants` shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownGrant {
    grant_id: GrantId,
    principal_id: PrincipalId,
    scopes: Vec<GrantScope>,
    status: GrantStatus,
    parent_grant_id: Option<GrantId>,
    expires_at: Option<Timestamp>,
    created_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

impl ShownGrant {
    /// A grant at a moment, with what its ancestors make of it.
    pub fn of(lineage: Lineage, now: Timestamp) -> Self {
        let status = lineage.status(now);
        let Lineage { grant, revoked_at } = lineage;
        Self {
            grant_id: grant.grant_id,
            principal_id: grant.principal_id,
            scopes: grant.scopes,
            status,
            parent_grant_id: grant.ancestors.last().copied(),
            expires_at: grant.expires_at,
            created_at: grant.created_at,
            revoked_at,
        }
    }
}

/// A version of a consent type, as the consent catalog's seed shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownVersion {
    company_id: Tenant,
    consent_catalog_id: Uuid,
    version: String,
    #[serde(rename = "type")]
    kind: ConsentTypeKind,
    /// Seconds since 1970 began, as everywhere in the consent catalog.
    created_at: i64,
    url: PolicyUrl,
    description: Option<ConsentDescription>,
    is_used: bool,
}

impl ShownVersion {
    /// A version of one of this tenant's consent types.
    pub fn of(version: ConsentTypeVersion, company_id: Tenant) -> Self {
        Self {
            company_id,
            consent_catalog_id: version.consent_catalog_id,
            version: version.version.to_string(),
            kind: version.kind,
            created_at: version.created_at.seconds(),
            url: version.url,
            description: version.description,
            is_used: version.is_used,
        }
    }
}
