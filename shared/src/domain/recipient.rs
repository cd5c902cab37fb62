//! Recipients: who processes personal data for which purposes, and when. Each change
//! keeps what was said before, so that who was a recipient at a moment stays known.

use crate::domain::{
    DomainError, Invalid, RequestContext, Timestamp,
    ack_within::AckWithin,
    consent_notice::{Contact, PurposeCode},
    edit::Edit,
    event::EventType,
    identifiers::RecipientId,
    organisation::Place,
    selection::{Named, Selection},
    state_tag::StateTag,
    text::{plain_text, text_type},
    webhook_url::WebhookUrl,
};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// How many recipients of a tenant may be current: a receipt reads all of them.
pub const CURRENT: usize = 100;
/// How many earlier versions a recipient may have: they stay within one item, of at most 400 KB.
pub const HISTORY: usize = 20;
/// How many purposes may be named.
pub const PURPOSES: RangeInclusive<usize> = 1..=50;
/// How many types of events may be named: all but the ping.
pub const EVENTS: RangeInclusive<usize> = 1..=EventType::ALL.len() - 1;

text_type! {
    /// The recipient's name: 1–500 characters.
    RecipientName = |value| plain_text(value, 500)
}

/// What the recipient is to the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipientRole {
    /// It processes the data on behalf of the organisation (DPDP Act s.2(k)).
    Processor,
    /// It decides together with the organisation why and how the data is processed (DPDP Act s.2(i)).
    JointFiduciary,
    /// It processes the data for itself.
    ThirdParty,
    /// A system of the organisation itself.
    OwnSystem,
}

impl RecipientRole {
    /// `processor`, `joint_fiduciary`, `third_party` or `own_system`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "processor" => Ok(Self::Processor),
            "joint_fiduciary" => Ok(Self::JointFiduciary),
            "third_party" => Ok(Self::ThirdParty),
            "own_system" => Ok(Self::OwnSystem),
            _ => Err(Invalid::new("must be processor, joint_fiduciary, third_party or own_system")),
        }
    }
}

/// The purposes for which it processes data.
pub type RecipientPurposes = Selection<PurposeCode>;

impl Named for PurposeCode {
    fn of_name(name: &str) -> Result<Self, Invalid> {
        Self::parse(name)
    }

    fn to_name(&self) -> String {
        self.to_string()
    }
}

/// The events that it is told of. A ping is a test of one recipient, whatever else it is told.
pub type RecipientEvents = Selection<EventType>;

impl Named for EventType {
    fn of_name(name: &str) -> Result<Self, Invalid> {
        match Self::parse(name) {
            Ok(kind) if kind != Self::RecipientPing => Ok(kind),
            _ => {
                let others = Self::ALL.into_iter().filter(|kind| *kind != Self::RecipientPing).map(Self::name);
                Err(Invalid::new(format!("must be * or one of {}", others.collect::<Vec<_>>().join(", "))))
            }
        }
    }

    fn to_name(&self) -> String {
        self.name().to_owned()
    }
}

/// How the recipient learns what it must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Delivery {
    /// Assent calls it.
    Webhook {
        /// Where it is called.
        url: WebhookUrl,
        /// Whether the calls name the person.
        include_principal_id: bool,
    },
    /// It asks Assent, with an API key of its own.
    Pull,
    /// The organisation tells it.
    Manual,
}

impl Delivery {
    /// Whether it is called.
    pub fn is_webhook(&self) -> bool {
        matches!(self, Self::Webhook { .. })
    }
}

/// What is said of a recipient, and can change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecipientProfile {
    /// Its name.
    pub name: RecipientName,
    /// What it is to the organisation.
    pub role: RecipientRole,
    /// The purposes for which it processes data.
    pub purposes: RecipientPurposes,
    /// The events that it is told of.
    #[serde(default = "all_events")]
    pub events: RecipientEvents,
    /// Where it is.
    pub country: Option<Place>,
    /// How to reach it.
    pub contact: Option<Contact>,
    /// How soon after an event that asks it to cease it has to confirm that it has.
    #[serde(default)]
    pub ack_within: AckWithin,
    /// How it learns what it must know.
    pub delivery: Delivery,
}

/// What is said of the events of a recipient of which nothing else is said.
fn all_events() -> RecipientEvents {
    RecipientEvents::All
}

/// A change of a profile. A field that is `None` or kept stays as it is. Of events and `ack_within`, the default remains if
/// they are removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecipientPatch {
    /// Its name.
    pub name: Option<RecipientName>,
    /// What it is to the organisation.
    pub role: Option<RecipientRole>,
    /// The purposes for which it processes data.
    pub purposes: Option<RecipientPurposes>,
    /// The events that it is told of.
    pub events: Edit<RecipientEvents>,
    /// Where it is.
    pub country: Edit<Place>,
    /// How to reach it.
    pub contact: Edit<Contact>,
    /// How soon it has to confirm.
    pub ack_within: Edit<AckWithin>,
    /// How it learns what it must know.
    pub delivery: Option<Delivery>,
}

/// What was said of a recipient in a period of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecipientVersion {
    /// The first moment.
    pub from: Timestamp,
    /// The moment from which on something else was said.
    pub until: Timestamp,
    /// What was said.
    #[serde(flatten)]
    pub profile: RecipientProfile,
}

/// A recipient, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recipient {
    /// Its id.
    pub id: RecipientId,
    /// What is said of it. For one that has ended, what was said last.
    #[serde(flatten)]
    pub profile: RecipientProfile,
    /// Since when this is said.
    pub since: Timestamp,
    /// Since when it is a recipient.
    pub created_at: Timestamp,
    /// From when on it is one no longer.
    pub ended_at: Option<Timestamp>,
    /// The number of changes. A change is written only if this number is still the one that was read.
    pub revision: u64,
}

/// A recipient with all that was said of it before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatedRecipient {
    /// The recipient.
    #[serde(flatten)]
    pub recipient: Recipient,
    /// What was said before, oldest first. Each period begins where the one before ends, and the last one ends
    /// where the present profile begins.
    pub history: Vec<RecipientVersion>,
}

impl DatedRecipient {
    /// One that is a recipient from now on.
    pub fn register(profile: RecipientProfile, context: &RequestContext) -> Self {
        let recipient = Recipient {
            id: RecipientId::fresh(context),
            profile,
            since: context.now,
            created_at: context.now,
            ended_at: None,
            revision: 0,
        };
        Self { recipient, history: Vec::new() }
    }

    /// The recipient after a change. What was said until now moves to its history, unless the change says the same.
    pub fn changed(&self, patch: RecipientPatch, now: Timestamp) -> Result<Self, DomainError> {
        let Recipient { profile, since, ended_at, revision, .. } = &self.recipient;
        if ended_at.is_some() {
            return Err(DomainError::RecipientEnded);
        }
        let RecipientPatch { name, role, purposes, events, country, contact, ack_within, delivery } = patch;
        let before = profile.clone();
        let after = RecipientProfile {
            name: name.unwrap_or(before.name),
            role: role.unwrap_or(before.role),
            purposes: purposes.unwrap_or(before.purposes),
            events: events.of(Some(before.events)).unwrap_or_else(all_events),
            country: country.of(before.country),
            contact: contact.of(before.contact),
            ack_within: ack_within.of(Some(before.ack_within)).unwrap_or_default(),
            delivery: delivery.unwrap_or(before.delivery),
        };
        if after == *profile {
            return Ok(self.clone());
        }
        if self.history.len() >= HISTORY {
            return Err(DomainError::RecipientHistoryFull);
        }
        let mut next = self.clone();
        // A clock may be behind that of the last change.
        let now = now.max(*since);
        next.history.push(RecipientVersion { from: *since, until: now, profile: profile.clone() });
        next.recipient = Recipient { profile: after, since: now, revision: revision + 1, ..next.recipient };
        Ok(next)
    }

    /// The recipient after its end. One that has ended does not end again.
    #[must_use]
    pub fn ended(&self, now: Timestamp) -> Self {
        let mut next = self.clone();
        if next.recipient.ended_at.is_none() {
            next.recipient.ended_at = Some(now.max(next.recipient.since));
            next.recipient.revision += 1;
        }
        next
    }

    /// What was said of it at a moment; `None` if it was no recipient then.
    pub fn at(&self, moment: Timestamp) -> Option<&RecipientProfile> {
        let Recipient { profile, since, ended_at, .. } = &self.recipient;
        if ended_at.is_some_and(|ended_at| ended_at <= moment) {
            return None;
        }
        if *since <= moment {
            return Some(profile);
        }
        let past = self.history.iter().find(|version| version.from <= moment && moment < version.until);
        past.map(|version| &version.profile)
    }

    /// Identifies its state: a change gives it another tag.
    pub fn tag(&self) -> StateTag {
        StateTag::new(self.recipient.revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_milliseconds(second * 1000).unwrap()
    }

    /// One that is a recipient from second 0 on.
    fn recipient() -> DatedRecipient {
        serde_json::from_value(json!({
            "id": "rcp_01ARZ3NDEKTSV4RRFFQ69G5FAV", "name": "0", "role": "processor", "purposes": ["*"],
            "country": null, "contact": null, "delivery": {"kind": "manual"}, "since": at(0), "createdAt": at(0),
            "endedAt": null, "revision": 0, "history": [],
        }))
        .unwrap()
    }

    fn renaming(name: &str) -> RecipientPatch {
        RecipientPatch { name: Some(RecipientName::parse(name).unwrap()), ..RecipientPatch::default() }
    }

    proptest! {
        #[test]
        fn what_was_said_at_each_moment_stays_known(
            // The clock of a later change may be behind.
            steps in prop::collection::vec(-2_i64..6, 0..12), rest in 1_i64..4,
        ) {
            let mut dated = recipient();
            let (mut clock, mut latest) = (0, 0);
            let mut expected = vec![(0, "0".to_owned())];
            for (number, step) in (1..).zip(steps) {
                clock = (clock + step).max(0);
                latest = latest.max(clock);
                dated = dated.changed(renaming(&number.to_string()), at(clock)).unwrap();
                expected.push((latest, number.to_string()));
            }
            let end = latest + rest;
            let ended = dated.ended(at(end));
            prop_assert_eq!(ended.ended(at(end + 9)), ended.clone());
            for moment in 0..end + 3 {
                let said = expected.iter().rfind(|(from, _)| *from <= moment).map(|(_, name)| name.clone());
                let name = ended.at(at(moment)).map(|profile| profile.name.to_string());
                prop_assert_eq!(name, said.filter(|_| moment < end), "{}", moment);
            }
        }
    }

    #[test]
    fn the_same_is_no_change_and_an_end_is_final() {
        let dated = recipient();
        assert_eq!(dated.changed(renaming("0"), at(1)), Ok(dated.clone()));
        assert_eq!(dated.ended(at(1)).changed(renaming("1"), at(2)), Err(DomainError::RecipientEnded));
    }

    #[test]
    fn a_full_history_takes_no_change_but_the_end() {
        let full = (1..=HISTORY).fold(recipient(), |dated, number| {
            dated.changed(renaming(&number.to_string()), at(number.try_into().unwrap())).unwrap()
        });
        assert_eq!(full.changed(renaming("x"), at(99)), Err(DomainError::RecipientHistoryFull));
        assert_eq!(full.changed(renaming(&HISTORY.to_string()), at(99)), Ok(full.clone()));
        assert_eq!(full.ended(at(99)).recipient.ended_at, Some(at(99)));
    }

    #[test]
    fn what_was_stored_before_there_were_events_has_the_defaults() {
        let RecipientProfile { events, ack_within, delivery, .. } = recipient().recipient.profile;
        assert_eq!((events, ack_within, delivery), (RecipientEvents::All, AckWithin::default(), Delivery::Manual));
    }

    #[test]
    fn events_that_are_removed_are_all_again() {
        let only = RecipientEvents::Only(vec![EventType::ConsentGiven]);
        let patch = |events, ack_within| RecipientPatch { events, ack_within, ..RecipientPatch::default() };
        let day = AckWithin::parse("P1D").unwrap();
        let said = recipient().changed(patch(Edit::Set(only.clone()), Edit::Set(day)), at(1)).unwrap();
        assert_eq!((&said.recipient.profile.events, said.recipient.profile.ack_within), (&only, day));
        let removed = said.changed(patch(Edit::Remove, Edit::Remove), at(2)).unwrap();
        let profile = removed.recipient.profile;
        assert_eq!((profile.events, profile.ack_within), (RecipientEvents::All, AckWithin::default()));
        assert_eq!(removed.history[1].profile.events, only);
    }

    #[test]
    fn all_events_but_a_ping_can_be_named() {
        for kind in EventType::ALL {
            let named = RecipientEvents::parse_one(kind.name());
            assert_eq!(named.is_ok(), kind != EventType::RecipientPing, "{named:?}");
        }
        assert!(RecipientEvents::parse_one("ping").is_err_and(|invalid| !invalid.0.contains("recipient.ping")));
    }
}
