//! The body of a grant.

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
    /// A grant as it is at `now`, revoked or expired also through its ancestors.
    pub fn of(grant_with_ancestors: &GrantWithAncestors, now: Timestamp) -> Self {
        let grant = &grant_with_ancestors.grant;
        Self {
            grant_id: grant.grant_id,
            principal_id: grant.principal_id.clone(),
            scopes: grant.scopes.clone(),
            status: grant_with_ancestors.status(now),
            parent_grant_id: grant.ancestors.last().copied(),
            expires_at: grant.expires_at,
            created_at: grant.created_at,
            revoked_at: grant_with_ancestors.revoked_at,
        }
    }
}
