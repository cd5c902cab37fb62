//! Recipients: who processes personal data for which purposes, and when. Each change
//! keeps what was said before, so that who was a recipient at a moment stays known.

use crate::domain::{
    DomainError, Invalid, RequestContext, Timestamp,
    consent_notice::{Contact, PurposeCode},
    edit::Edit,
    identifiers::RecipientId,
    organisation::Place,
    state_tag::StateTag,
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// How many recipients of a tenant may be current: a receipt reads all of them.
pub const CURRENT: usize = 100;
/// How many earlier versions a recipient may have: they stay within one item, of at most 400 KB.
pub const HISTORY: usize = 20;
/// How many purposes may be named.
pub const PURPOSES: RangeInclusive<usize> = 1..=50;

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub enum RecipientPurposes {
    /// All, those of later notices included: `["*"]`.
    All,
    /// These.
    Only(Vec<PurposeCode>),
}

impl RecipientPurposes {
    /// Codes of purposes, or `*` alone, of which each is `None`.
    pub fn of(named: Vec<Option<PurposeCode>>) -> Result<Self, Invalid> {
        if named.as_slice() == [None] {
            return Ok(Self::All);
        }
        let codes: Option<Vec<PurposeCode>> = named.into_iter().collect();
        codes.map(Self::Only).ok_or_else(|| Invalid::new("must be codes of purposes, or * alone"))
    }

    /// The code of a purpose, or `None` for `*`.
    pub fn parse_one(value: &str) -> Result<Option<PurposeCode>, Invalid> {
        if value == "*" { Ok(None) } else { PurposeCode::parse(value).map(Some) }
    }

    /// Whether this purpose is among them.
    pub fn contain(&self, code: &PurposeCode) -> bool {
        match self {
            Self::All => true,
            Self::Only(codes) => codes.contains(code),
        }
    }
}

impl From<RecipientPurposes> for Vec<String> {
    fn from(purposes: RecipientPurposes) -> Self {
        match purposes {
            RecipientPurposes::All => vec!["*".to_owned()],
            RecipientPurposes::Only(codes) => codes.iter().map(ToString::to_string).collect(),
        }
    }
}

impl TryFrom<Vec<String>> for RecipientPurposes {
    type Error = Invalid;

    fn try_from(names: Vec<String>) -> Result<Self, Invalid> {
        let named: Result<_, Invalid> = names.iter().map(|name| Self::parse_one(name)).collect();
        Self::of(named?)
    }
}

/// How the recipient learns what it must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Delivery {
    /// The organisation tells it.
    Manual,
}

impl Delivery {
    /// The delivery of this kind: `manual`.
    pub fn parse(kind: &str) -> Result<Self, Invalid> {
        if kind == "manual" { Ok(Self::Manual) } else { Err(Invalid::new("must be manual")) }
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
    /// Where it is.
    pub country: Option<Place>,
    /// How to reach it.
    pub contact: Option<Contact>,
    /// How it learns what it must know.
    pub delivery: Delivery,
}

/// A change of a profile. A field that is `None` or kept stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecipientPatch {
    /// Its name.
    pub name: Option<RecipientName>,
    /// What it is to the organisation.
    pub role: Option<RecipientRole>,
    /// The purposes for which it processes data.
    pub purposes: Option<RecipientPurposes>,
    /// Where it is.
    pub country: Edit<Place>,
    /// How to reach it.
    pub contact: Edit<Contact>,
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
        let RecipientPatch { name, role, purposes, country, contact, delivery } = patch;
        let before = profile.clone();
        let after = RecipientProfile {
            name: name.unwrap_or(before.name),
            role: role.unwrap_or(before.role),
            purposes: purposes.unwrap_or(before.purposes),
            country: country.of(before.country),
            contact: contact.of(before.contact),
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

    /// What it was called at a moment, by its history and its present profile.
    fn name_at(dated: &DatedRecipient, moment: Timestamp) -> Option<String> {
        let Recipient { profile, since, ended_at, .. } = &dated.recipient;
        let present = (*since, ended_at.unwrap_or(at(1_000_000)), &profile.name);
        let past = dated.history.iter().map(|version| (version.from, version.until, &version.profile.name));
        let mut valid = past.chain([present]).filter(|(from, until, _)| *from <= moment && moment < *until);
        let name = valid.next().map(|(.., name)| name.to_string());
        assert_eq!(valid.next(), None, "two at once");
        name
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
                prop_assert_eq!(name_at(&ended, at(moment)), said.filter(|_| moment < end), "{}", moment);
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
    fn a_star_stands_alone() {
        let named =
            |names: &[&str]| RecipientPurposes::try_from(names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(named(&["*"]), Ok(RecipientPurposes::All));
        assert!(named(&["a", "*"]).is_err() && named(&["*", "*"]).is_err());
        assert_eq!(Vec::from(named(&["a", "b"]).unwrap()), ["a", "b"]);
    }
}
