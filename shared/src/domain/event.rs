//! Events: what happened to a consent, and what recipients are told of it. An event is
//! written in the transaction of the change that it tells of, and holds no personal data.

use crate::domain::{
    Invalid, RequestContext, Timestamp,
    consent_notice::PurposeCode,
    consent_record::ConsentRecord,
    grant::Grant,
    identifiers::{DeliveryId, EventId, GrantId, RecipientId, RecordId},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The kind of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EventType {
    /// A person granted purposes.
    #[serde(rename = "consent.given")]
    ConsentGiven,
    /// A person withdrew, denied or replaced purposes that were granted.
    #[serde(rename = "consent.withdrawn")]
    ConsentWithdrawn,
    /// The time for processing has passed.
    #[serde(rename = "consent.expired")]
    ConsentExpired,
    /// A person was erased from records.
    #[serde(rename = "consent.erased")]
    ConsentErased,
    /// A grant was revoked, and with it the consents beneath.
    #[serde(rename = "grant.revoked")]
    GrantRevoked,
    /// The consented purposes of a DPDP session have changed.
    #[serde(rename = "session.consent_changed")]
    SessionConsentChanged,
    /// A recipient has not confirmed in time.
    #[serde(rename = "delivery.overdue")]
    DeliveryOverdue,
    /// Webhooks to a recipient have ended, because it refused them or did not answer for days.
    #[serde(rename = "recipient.disabled")]
    RecipientDisabled,
    /// A test message to one recipient.
    #[serde(rename = "recipient.ping")]
    RecipientPing,
}

impl EventType {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::ConsentGiven,
        Self::ConsentWithdrawn,
        Self::ConsentExpired,
        Self::ConsentErased,
        Self::GrantRevoked,
        Self::SessionConsentChanged,
        Self::DeliveryOverdue,
        Self::RecipientDisabled,
        Self::RecipientPing,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ConsentGiven => "consent.given",
            Self::ConsentWithdrawn => "consent.withdrawn",
            Self::ConsentExpired => "consent.expired",
            Self::ConsentErased => "consent.erased",
            Self::GrantRevoked => "grant.revoked",
            Self::SessionConsentChanged => "session.consent_changed",
            Self::DeliveryOverdue => "delivery.overdue",
            Self::RecipientDisabled => "recipient.disabled",
            Self::RecipientPing => "recipient.ping",
        }
    }

    /// The type with this name.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| Invalid::new(format!("must be one of {}", Self::ALL.map(Self::name).join(", "))))
    }
}

/// What an event says of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRecord {
    /// The record.
    pub record_id: RecordId,
    /// The purposes that the event is about.
    pub purposes: Vec<String>,
    /// The number of the entry in the record's audit trail that names the event. None does if a grant was revoked:
    /// that is an entry of the grant's trail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_sequence: Option<u64>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When the change happened that it tells of.
    pub occurred_at: Timestamp,
    /// The record that it is about. If a grant was revoked, this is absent, and `records` has those beneath it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_id: Option<RecordId>,
    /// The codes of the purposes that it is about; for a session, its own words for those that were removed.
    pub purposes: Vec<String>,
    /// The purposes that were added to a session.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added_purposes: Vec<String>,
    /// When the consent that was given ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The number of the entry in the subject's audit trail that names the event. Of two events of a subject, the one
    /// with the higher number is the later one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_sequence: Option<u64>,
    /// The records that it is about, if it is an erasure, or the revocation of a grant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<EventRecord>,
    /// The grant that was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<GrantId>,
    /// The DPDP session whose purposes have changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Uuid>,
    /// The recipient that the event is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_id: Option<RecipientId>,
    /// The delivery that the event is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_id: Option<DeliveryId>,
}

impl Event {
    /// A new event of this moment that is not about anything yet.
    pub fn new(kind: EventType, context: &RequestContext) -> Self {
        Self {
            id: EventId::fresh(context),
            kind,
            occurred_at: context.now,
            record_id: None,
            purposes: Vec::new(),
            added_purposes: Vec::new(),
            expires_at: None,
            subject_sequence: None,
            records: Vec::new(),
            grant_id: None,
            session_id: None,
            recipient_id: None,
            delivery_id: None,
        }
    }

    /// A new event about purposes of a record, which the next entry of the record's trail names. One that says that
    /// they were granted says until when, too.
    pub fn of_record(
        kind: EventType,
        record: &ConsentRecord,
        purposes: &[PurposeCode],
        context: &RequestContext,
    ) -> Self {
        Self {
            record_id: Some(record.record_id),
            purposes: purposes.iter().map(ToString::to_string).collect(),
            expires_at: record.processing_expires_at.filter(|_| kind == EventType::ConsentGiven),
            subject_sequence: Some(record.chain.length + 1),
            ..Self::new(kind, context)
        }
    }

    /// A new event of the revocation of a grant with these consents beneath, which the next entry of the grant's trail
    /// names.
    pub fn of_grant(grant: &Grant, beneath: Vec<EventRecord>, context: &RequestContext) -> Self {
        let purposes: BTreeSet<&String> = beneath.iter().flat_map(|record| &record.purposes).collect();
        Self {
            grant_id: Some(grant.grant_id),
            purposes: purposes.into_iter().cloned().collect(),
            subject_sequence: Some(grant.chain.length + 1),
            records: beneath,
            ..Self::new(EventType::GrantRevoked, context)
        }
    }

    /// Whether it says that processing must cease, so that each recipient owes a confirmation (DPDP Act s.6(6)).
    pub fn asks_to_cease(&self) -> bool {
        match self.kind {
            EventType::ConsentWithdrawn
            | EventType::ConsentExpired
            | EventType::ConsentErased
            | EventType::GrantRevoked => true,
            EventType::SessionConsentChanged => !self.purposes.is_empty(),
            EventType::ConsentGiven
            | EventType::DeliveryOverdue
            | EventType::RecipientDisabled
            | EventType::RecipientPing => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_one_name() {
        for kind in EventType::ALL {
            assert_eq!(EventType::parse(kind.name()), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert!(EventType::parse("consent.Given").is_err());
    }

    #[test]
    fn a_session_asks_to_cease_only_what_was_removed_from_it() {
        let event = |purposes: &[&str]| Event {
            purposes: purposes.iter().map(ToString::to_string).collect(),
            added_purposes: vec!["ads".to_owned()],
            ..Event::new(EventType::SessionConsentChanged, &RequestContext::system())
        };
        assert!(event(&["analytics"]).asks_to_cease());
        assert!(!event(&[]).asks_to_cease());
    }
}
