//! Grants: the scopes that a consent authorises. Grants form a tree, in which a
//! child has no more scopes than its parent.

use crate::domain::{
    DomainError, FieldError, Invalid, Timestamp,
    audit::Chain,
    identifiers::{GrantId, PrincipalId, Reference},
    state_tag::StateTag,
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};

/// The greatest depth of a tree of grants, including its root.
pub const DEEPEST: usize = 10;
/// How many scopes a grant may have.
pub const SCOPES: std::ops::RangeInclusive<usize> = 1..=50;

text_type! {
    /// A scope of a grant, in the organisation's own words: 1–128 characters.
    GrantScope = |value| plain_text(value, 128)
}

/// A grant that is to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantDraft {
    /// The person on whose behalf it is used.
    pub principal_id: PrincipalId,
    /// Its scopes, without duplicates.
    pub scopes: Vec<GrantScope>,
    /// When it expires, if it does.
    pub expires_at: Option<Timestamp>,
    /// The grant that it is delegated from.
    pub parent_grant: Option<Reference>,
}

/// A stored grant. Each grant names all its ancestors and is revoked when one of
/// them is. So a revocation is one write, however large the tree is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// Its id.
    pub grant_id: GrantId,
    /// The person on whose behalf it is used; `None` after erasure.
    pub principal_id: Option<PrincipalId>,
    /// Its scopes.
    pub scopes: Vec<GrantScope>,
    /// Its ancestors, from the root to the parent.
    pub ancestors: Vec<GrantId>,
    /// When it expires; never after its parent.
    pub expires_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was itself revoked.
    pub revoked_at: Option<Timestamp>,
    /// Its audit trail.
    pub chain: Chain,
}

/// What must be known of a grant, beside its ancestors' summaries, to say what it
/// allows. The person's list holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantSummary {
    /// The grant.
    pub grant_id: GrantId,
    /// Its scopes.
    pub scopes: Vec<GrantScope>,
    /// Its ancestors, from the root to the parent.
    pub ancestors: Vec<GrantId>,
    /// When it expires; never after its parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When it was itself revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

impl Grant {
    /// Its summary.
    pub fn summary(&self) -> GrantSummary {
        GrantSummary {
            grant_id: self.grant_id,
            scopes: self.scopes.clone(),
            ancestors: self.ancestors.clone(),
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
        }
    }
}

/// The status of a grant at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GrantStatus {
    /// It can be used.
    Active,
    /// It, or one of its ancestors, was revoked.
    Revoked,
    /// It has expired.
    Expired,
}

impl GrantStatus {
    /// `active`, `revoked` or `expired`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "active" => Ok(Self::Active),
            "revoked" => Ok(Self::Revoked),
            "expired" => Ok(Self::Expired),
            _ => Err(Invalid::new("must be active, revoked or expired")),
        }
    }
}

/// A grant, with the revocations of its ancestors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GrantWithAncestors {
    /// The grant.
    pub grant: Grant,
    /// The earliest revocation of the grant or one of its ancestors.
    pub revoked_at: Option<Timestamp>,
}

impl GrantWithAncestors {
    /// Combines a grant with its ancestors.
    pub fn of(grant: Grant, ancestors: &[Grant]) -> Self {
        let revoked_at = ancestors.iter().chain([&grant]).filter_map(|grant| grant.revoked_at).min();
        Self { grant, revoked_at }
    }

    /// Identifies its state at this moment.
    pub fn tag(&self, now: Timestamp) -> StateTag {
        match (self.status(now), self.revoked_at) {
            (GrantStatus::Active, _) => StateTag::new("active"),
            (GrantStatus::Expired, _) => StateTag::new("expired"),
            (GrantStatus::Revoked, at) => {
                let erased = if self.grant.principal_id.is_none() { ".erased" } else { "" };
                StateTag::new(format_args!("revoked.{}{erased}", at.map(Timestamp::milliseconds).unwrap_or_default()))
            }
        }
    }

    /// Its status at this moment.
    pub fn status(&self, now: Timestamp) -> GrantStatus {
        if self.revoked_at.is_some() {
            GrantStatus::Revoked
        } else if self.grant.expires_at.is_some_and(|expiry| expiry <= now) {
            GrantStatus::Expired
        } else {
            GrantStatus::Active
        }
    }
}

/// A grant under a parent. Its scopes are among the parent's, its person is the
/// parent's, and it expires no later than the parent. Without an expiry of its
/// own it has the parent's.
pub fn child(
    draft: &GrantDraft,
    parent: &GrantWithAncestors,
    grant_id: GrantId,
    now: Timestamp,
) -> Result<Grant, DomainError> {
    let invalid = |field: &str, message: &str| Err(DomainError::InvalidGrant(FieldError::new(field, message)));
    match parent.status(now) {
        GrantStatus::Active => {}
        GrantStatus::Revoked => return invalid("parentGrantId", "names a grant that is revoked"),
        GrantStatus::Expired => return invalid("parentGrantId", "names a grant that has expired"),
    }
    let parent = &parent.grant;
    if parent.principal_id.as_ref() != Some(&draft.principal_id) {
        return invalid("parentGrantId", "names a grant of another principal");
    }
    if parent.ancestors.len() + 2 > DEEPEST {
        return invalid("parentGrantId", "names a grant that is 10 deep, as deep as grants may be");
    }
    if let Some(position) = draft.scopes.iter().position(|scope| !parent.scopes.contains(scope)) {
        return invalid(&format!("scopes[{position}]"), "is not among the parent grant's scopes");
    }
    let expires_at = match (draft.expires_at, parent.expires_at) {
        (Some(own), Some(parents)) if own > parents => {
            return invalid("expiresAt", "lies after the parent grant's expiry");
        }
        (own, parents) => own.or(parents),
    };
    let mut ancestors = parent.ancestors.clone();
    ancestors.push(parent.grant_id);
    Ok(Grant {
        grant_id,
        principal_id: Some(draft.principal_id.clone()),
        scopes: draft.scopes.clone(),
        ancestors,
        expires_at,
        created_at: now,
        revoked_at: None,
        chain: Chain::default(),
    })
}

/// A grant without a parent.
pub fn root(draft: &GrantDraft, grant_id: GrantId, now: Timestamp) -> Grant {
    Grant {
        grant_id,
        principal_id: Some(draft.principal_id.clone()),
        scopes: draft.scopes.clone(),
        ancestors: Vec::new(),
        expires_at: draft.expires_at,
        created_at: now,
        revoked_at: None,
        chain: Chain::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RequestContext;
    use crate::domain::{Clock, Random};

    fn time(seconds: u32) -> Timestamp {
        Timestamp::from_milliseconds(0).unwrap().plus_seconds(seconds)
    }

    fn id(last: u8) -> GrantId {
        let (clock, random) = (Clock::new(|| time(0)), Random::new(move |bytes| bytes.fill(last)));
        GrantId::fresh(&RequestContext::new(&clock, &random))
    }

    fn draft(scopes: &[&str], expires_at: Option<Timestamp>) -> GrantDraft {
        GrantDraft {
            principal_id: PrincipalId::parse("asha").unwrap(),
            scopes: scopes.iter().map(|scope| GrantScope::parse(scope).unwrap()).collect(),
            expires_at,
            parent_grant: None,
        }
    }

    fn parent(expires_at: Option<Timestamp>) -> GrantWithAncestors {
        GrantWithAncestors::of(root(&draft(&["read", "write"], expires_at), id(1), time(0)), &[])
    }

    fn invalid_field(result: Result<Grant, DomainError>) -> String {
        match result {
            Err(DomainError::InvalidGrant(error)) => error.field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_child_has_some_scopes_and_inherits_the_expiry() {
        let grant = child(&draft(&["read"], None), &parent(Some(time(9))), id(2), time(1)).unwrap();
        assert_eq!(grant.ancestors, [id(1)]);
        assert_eq!(grant.expires_at, Some(time(9)));
    }

    #[test]
    fn a_child_never_exceeds_its_parent() {
        let until_9 = parent(Some(time(9)));
        let over = |draft| invalid_field(child(&draft, &until_9, id(2), time(1)));
        assert_eq!(over(draft(&["read", "erase"], None)), "scopes[1]");
        assert_eq!(over(draft(&["read"], Some(time(10)))), "expiresAt");
        let mut others = draft(&["read"], None);
        others.principal_id = PrincipalId::parse("ravi").unwrap();
        assert_eq!(over(others), "parentGrantId");
        let late = child(&draft(&["read"], None), &until_9, id(2), time(9));
        assert_eq!(invalid_field(late), "parentGrantId");
    }

    #[test]
    fn revoking_any_ancestor_revokes_all_below() {
        let mut grandparent = root(&draft(&["read"], None), id(1), time(0));
        grandparent.revoked_at = Some(time(5));
        let grant = Grant { ancestors: vec![id(1)], ..root(&draft(&["read"], None), id(2), time(0)) };
        let grant = GrantWithAncestors::of(grant, &[grandparent]);
        assert_eq!(grant.status(time(6)), GrantStatus::Revoked);
        assert_eq!(grant.revoked_at, Some(time(5)));
    }

    #[test]
    fn the_tenth_level_is_the_last() {
        let mut deepest = parent(None);
        for level in 2..=10 {
            let grant = child(&draft(&["read", "write"], None), &deepest, id(level), time(0)).unwrap();
            deepest = GrantWithAncestors::of(grant, &[]);
        }
        let eleventh = child(&draft(&["read"], None), &deepest, id(11), time(0));
        assert_eq!(invalid_field(eleventh), "parentGrantId");
    }
}
