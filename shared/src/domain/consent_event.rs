//! Consent events: what an end user did about a consent type, and when.

use crate::domain::{
    DomainError, FieldError, Invalid, Timestamp,
    consent_catalog::{ConsentState, ConsentType, Placement, VersionNumber},
};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use uuid::Uuid;

/// How many events one call may bring.
pub const ITEMS: std::ops::RangeInclusive<usize> = 1..=25;

/// What the person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentAction {
    /// Nothing: it was taken from their conduct.
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
    /// By its place among others.
    Placement(Placement),
}

/// An event as it is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDraft {
    /// About what.
    pub consent_type: ConsentTypeName,
    /// How the person stands to it.
    pub consent_state: ConsentState,
    /// What they did.
    pub consent_action: ConsentAction,
}

/// Where an event came from. Personal data: it is shown to who reported the
/// event, and never logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventSession {
    /// Its own name.
    pub id: Uuid,
    /// Where the call came from, where that is an IPv4 address.
    pub ip_address: Option<Ipv4Addr>,
    /// On which site.
    pub domain: Option<String>,
    /// From which part of the world.
    pub geography: Option<String>,
    /// By which program.
    pub user_agent: Option<String>,
}

/// Who an event is about, and who reported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventUser {
    /// The end user.
    pub concord_id: Uuid,
    /// Who reported it: the end user of a site session, or a key by its id.
    pub submitter: Uuid,
    /// Where it came from.
    pub session: EventSession,
}

/// An event as it is stored. It never changes, until its user is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentEvent {
    /// Its own name; sorts by time.
    pub id: Uuid,
    /// The end user.
    pub concord_id: Uuid,
    /// The project.
    pub project: Uuid,
    /// The catalog entry.
    pub consent_type: Uuid,
    /// The entry's place among others.
    #[serde(flatten)]
    pub placement: Option<Placement>,
    /// The version that the consent binds.
    pub version: VersionNumber,
    /// How the person stands to it.
    pub consent_state: ConsentState,
    /// What they did.
    pub consent_action: ConsentAction,
    /// When.
    pub consent_date: Timestamp,
    /// Until when it holds.
    pub expiration_date: Timestamp,
    /// Where it came from.
    pub session: EventSession,
    /// Who reported it.
    pub submitter: Uuid,
}

/// What is left of an event after its user's erasure: that somebody stood so to
/// a consent type, and not who or from where.
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
    /// The key that reported it, where it was not the user.
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

/// Checks that a consent type takes the state that the item at `place` reports.
pub fn require_valid_state(place: usize, state: ConsentState, consent_type: &ConsentType) -> Result<(), FieldError> {
    if consent_type.valid_states.contains(&state) {
        return Ok(());
    }
    Err(FieldError::new(format!("items[{place}].consentState"), "is not among the consent type's validStates"))
}

/// The refusal of items that name no consent type, or none that takes their state.
pub fn refuse_unknown(faults: Vec<FieldError>) -> Result<(), DomainError> {
    if faults.is_empty() { Ok(()) } else { Err(DomainError::UnknownConsent(faults)) }
}
