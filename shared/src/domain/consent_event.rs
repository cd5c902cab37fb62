//! Consent events: each records what an end user did about a consent type, and when.

use crate::domain::{
    FieldError, Invalid, Timestamp,
    consent_catalog::{ConsentState, ConsentType, Placement, VersionNumber},
};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use uuid::Uuid;

/// How many events one request may have.
pub const ITEMS: std::ops::RangeInclusive<usize> = 1..=25;

/// The person's action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentAction {
    /// None: their conduct implies the consent.
    Implied,
    /// They clicked.
    UserClick,
    /// It came from another system.
    Import,
}

impl ConsentAction {
    /// `implied`, `user_click` or `import`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "implied" => Ok(Self::Implied),
            "user_click" => Ok(Self::UserClick),
            "import" => Ok(Self::Import),
            _ => Err(Invalid::new("must be implied, user_click or import")),
        }
    }
}

/// How an event names its consent type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConsentTypeName {
    /// By the catalog entry's id.
    Id(Uuid),
    /// By its category, subcategory and label.
    Placement(Placement),
}

/// An event that a request reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDraft {
    /// The consent type.
    pub consent_type: ConsentTypeName,
    /// The version that the person saw; by default the newest.
    pub version: Option<VersionNumber>,
    /// The person's state of consent.
    pub consent_state: ConsentState,
    /// The person's action.
    pub consent_action: ConsentAction,
}

/// The origin of an event. This is personal data: only the user and the
/// organisation see it, and no log has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventSession {
    /// Its id.
    pub id: Uuid,
    /// The address of the sender, if it is an IPv4 address.
    pub ip_address: Option<Ipv4Addr>,
    /// The site's domain.
    pub domain: Option<String>,
    /// The part of the world that the user is in.
    pub geography: Option<String>,
    /// The user's program.
    pub user_agent: Option<String>,
}

/// The end user of an event, and the one who reported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventUser {
    /// The end user.
    pub concord_id: Uuid,
    /// The id of the one who reported it: the end user of a site session, or an API key.
    pub submitter: Uuid,
    /// Its origin.
    pub session: EventSession,
}

/// A stored event. It does not change until its user is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentEvent {
    /// Its id, which sorts by time.
    pub id: Uuid,
    /// The end user.
    pub concord_id: Uuid,
    /// The project.
    pub project: Uuid,
    /// The consent type.
    pub consent_type: Uuid,
    /// The consent type's category, subcategory and label.
    #[serde(flatten)]
    pub placement: Option<Placement>,
    /// The version of the consent type.
    pub version: VersionNumber,
    /// The person's state of consent.
    pub consent_state: ConsentState,
    /// The person's action.
    pub consent_action: ConsentAction,
    /// When it happened.
    pub consent_date: Timestamp,
    /// When the consent expires.
    pub expiration_date: Timestamp,
    /// Its origin.
    pub session: EventSession,
    /// The id of the one who reported it.
    pub submitter: Uuid,
}

/// An event after its user's erasure: the consent without the user and without
/// their address, region and program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasedEvent {
    id: Uuid,
    project: Uuid,
    consent_type: Uuid,
    #[serde(flatten)]
    placement: Option<Placement>,
    version: VersionNumber,
    consent_state: ConsentState,
    consent_action: ConsentAction,
    consent_date: Timestamp,
    expiration_date: Timestamp,
    domain: Option<String>,
    /// The key that reported it; `None` if the user did.
    submitter: Option<Uuid>,
}

impl ConsentEvent {
    /// The event without the user.
    #[must_use]
    pub fn erased(self) -> ErasedEvent {
        ErasedEvent {
            id: self.id,
            project: self.project,
            consent_type: self.consent_type,
            placement: self.placement,
            version: self.version,
            consent_state: self.consent_state,
            consent_action: self.consent_action,
            consent_date: self.consent_date,
            expiration_date: self.expiration_date,
            domain: self.session.domain,
            submitter: Some(self.submitter).filter(|submitter| *submitter != self.concord_id),
        }
    }
}

/// Checks that the state of the item at `position` is valid for the consent type.
pub fn require_valid_state(position: usize, state: ConsentState, consent_type: &ConsentType) -> Result<(), FieldError> {
    if consent_type.valid_states.contains(&state) {
        return Ok(());
    }
    Err(FieldError::new(format!("items[{position}].consentState"), "is not among the consent type's validStates"))
}
