//! A grant, as every operation of `/v1/grants` shows it.

use crate::domain::{
    Timestamp,
    grant::{GrantScope, GrantStatus, GrantWithAncestors},
    identifiers::{GrantId, PrincipalId},
};
use serde::Serialize;

/// A grant.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantResponse {
    grant_id: GrantId,
    principal_id: Option<PrincipalId>,
    scopes: Vec<GrantScope>,
    status: GrantStatus,
    parent_grant_id: Option<GrantId>,
    expires_at: Option<Timestamp>,
    created_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

impl GrantResponse {
    /// A grant at a moment, with what its ancestors make of it.
    pub fn of(lineage: &GrantWithAncestors, now: Timestamp) -> Self {
        let grant = &lineage.grant;
        Self {
            grant_id: grant.grant_id,
            principal_id: grant.principal_id.clone(),
            scopes: grant.scopes.clone(),
            status: lineage.status(now),
            parent_grant_id: grant.ancestors.last().copied(),
            expires_at: grant.expires_at,
            created_at: grant.created_at,
            revoked_at: lineage.revoked_at,
        }
    }
}
