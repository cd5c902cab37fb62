//! DPDP sessions: each holds the purposes that a person has agreed to while they use a product.

use crate::domain::{
    DomainError, FieldError, Invalid, Timestamp,
    audit::AuditEvent,
    identifiers::{EventId, PrincipalId},
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use uuid::Uuid;

/// How many purposes a session may hold.
pub const PURPOSES: std::ops::RangeInclusive<usize> = 0..=100;
/// The most bytes of compact JSON that a session's metadata may have.
pub const METADATA_BYTES: usize = 16 * 1024;

text_type! {
    /// A purpose in the organisation's own words: 1–128 characters.
    SessionPurpose = |value| plain_text(value, 128)
}
text_type! {
    /// The reason for closing a session: 1–2000 characters.
    ClosureReason = |value| plain_text(value, 2000)
}

/// A JSON object of the organisation's own, kept with a session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metadata(Map<String, Value>);

impl Metadata {
    /// Accepts an object of at most [`METADATA_BYTES`].
    pub fn new(object: Map<String, Value>) -> Result<Self, Invalid> {
        let length = serde_json::to_string(&object).map_or(usize::MAX, |text| text.len());
        if length > METADATA_BYTES {
            return Err(too_long(length));
        }
        Ok(Self(object))
    }

    /// A lower bound for the result of a merge patch, in bytes of compact JSON: the
    /// patch's names and values, without those that it removes and without
    /// punctuation.
    fn least_length(patch: &Map<String, Value>) -> usize {
        let member = |(name, value): (&String, &Value)| match value {
            Value::Null => 0,
            Value::Object(members) => name.len() + Self::least_length(members),
            other => name.len() + serde_json::to_string(other).map_or(0, |text| text.len()),
        };
        2 + patch.iter().map(member).sum::<usize>()
    }

    /// Its JSON text; `None` if it is empty. The trail holds it as text because
    /// canonical JSON cannot represent all of its numbers.
    fn text(&self) -> Option<String> {
        serde_json::to_string(&self.0).ok().filter(|_| !self.0.is_empty())
    }

    /// The metadata after a JSON merge patch (RFC 7396).
    pub fn merged(&self, patch: &Map<String, Value>) -> Result<Self, DomainError> {
        let too_large = |invalid: Invalid| DomainError::MetadataTooLarge(FieldError::new("metadata", invalid.0));
        // A merge copies the patch twice, and a patch that fills a body may take 100 MB each time.
        let least = Self::least_length(patch);
        if least > METADATA_BYTES {
            return Err(too_large(too_long(format_args!("at least {least}"))));
        }
        let mut document = Value::Object(self.0.clone());
        json_patch::merge(&mut document, &Value::Object(patch.clone()));
        match document {
            Value::Object(object) => Self::new(object).map_err(too_large),
            // Merging an object into an object yields an object.
            _ => Ok(self.clone()),
        }
    }
}

fn too_long(length: impl fmt::Display) -> Invalid {
    Invalid::new(format!("must be at most {METADATA_BYTES} bytes of JSON, but would have {length}"))
}

/// A session, stored and shown in the same form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its id.
    pub session_id: Uuid,
    /// The purposes that the person has agreed to, in the order given.
    pub consented_purposes: Vec<SessionPurpose>,
    /// Whether the person is a child (DPDP Act s.9).
    pub is_child: bool,
    /// The organisation's metadata.
    pub metadata: Metadata,
    /// The person, if the organisation names them.
    pub data_principal_id: Option<PrincipalId>,
    /// Whether it was closed.
    pub closed: bool,
    /// The reason for closing it.
    pub closure_reason: Option<ClosureReason>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A session that is to begin.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionDraft {
    /// The purposes that the person has agreed to, without duplicates.
    pub consented_purposes: Vec<SessionPurpose>,
    /// Whether the person is a child.
    pub is_child: bool,
    /// The organisation's metadata.
    pub metadata: Metadata,
    /// The person, if the organisation names them.
    pub data_principal_id: Option<PrincipalId>,
}

/// A change of a session. A field that is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionPatch {
    /// Replaces the list.
    pub consented_purposes: Option<Vec<SessionPurpose>>,
    /// Replaces the flag.
    pub is_child: Option<bool>,
    /// A JSON merge patch (RFC 7396).
    pub metadata: Option<Map<String, Value>>,
    /// `true` closes the session; `false` changes nothing.
    pub closed: Option<bool>,
    /// Kept only with `closed: true`.
    pub closure_reason: Option<ClosureReason>,
}

impl Session {
    /// A session that begins now.
    pub fn begin(draft: SessionDraft, session_id: Uuid, now: Timestamp) -> Self {
        Self {
            session_id,
            consented_purposes: draft.consented_purposes,
            is_child: draft.is_child,
            metadata: draft.metadata,
            data_principal_id: draft.data_principal_id,
            closed: false,
            closure_reason: None,
            closed_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// The session after the patch. If the patch changes nothing, `updatedAt`
    /// stays the same too.
    pub fn patched(&self, patch: &SessionPatch, now: Timestamp) -> Result<Self, DomainError> {
        if self.closed {
            return Err(DomainError::SessionClosed);
        }
        let mut next = self.clone();
        if let Some(purposes) = &patch.consented_purposes {
            next.consented_purposes.clone_from(purposes);
        }
        if let Some(is_child) = patch.is_child {
            next.is_child = is_child;
        }
        if let Some(metadata) = &patch.metadata {
            next.metadata = self.metadata.merged(metadata)?;
        }
        if patch.closed == Some(true) {
            next.closed = true;
            next.closed_at = Some(now);
            next.closure_reason.clone_from(&patch.closure_reason);
        }
        if next != *self {
            next.updated_at = now;
        }
        Ok(next)
    }

    /// The session without the person. The metadata is removed because it may be
    /// personal data.
    #[must_use]
    pub fn erased(&self, now: Timestamp) -> Self {
        Self {
            data_principal_id: None,
            metadata: Metadata::default(),
            closure_reason: None,
            updated_at: now,
            ..self.clone()
        }
    }

    /// The first event of its trail.
    pub fn created(&self) -> AuditEvent {
        AuditEvent::new("session.created")
            .with("consentedPurposes", &self.consented_purposes)
            .with("isChild", self.is_child)
            .personal("dataPrincipalId", &self.data_principal_id)
            .personal("metadata", self.metadata.text())
    }

    /// The purposes that it has and the other one has not.
    pub fn purposes_beyond(&self, other: &Self) -> Vec<SessionPurpose> {
        let beyond = self.consented_purposes.iter().filter(|purpose| !other.consented_purposes.contains(purpose));
        beyond.cloned().collect()
    }

    /// The events of a change from this session to the next, in this order: of its
    /// purposes, of its other fields, of its closing.
    ///
    /// `event_id` is that of the change of its purposes, if there is one.
    pub fn changed(&self, next: &Self, event_id: Option<EventId>) -> Vec<AuditEvent> {
        let (added, removed) = (next.purposes_beyond(self), self.purposes_beyond(next));
        let action = match (added.is_empty(), removed.is_empty()) {
            (true, true) => None,
            (false, true) => Some("session.consent_given"),
            (true, false) => Some("session.consent_withdrawn"),
            (false, false) => Some("session.purpose_change"),
        };
        let purposes = action.map(|action| {
            AuditEvent::new(action).with("added", added).with("removed", removed).with_some("eventId", event_id)
        });
        let reordered = purposes.is_none() && self.consented_purposes != next.consented_purposes;
        let (is_child, metadata) = (self.is_child != next.is_child, self.metadata != next.metadata);
        let updated = (reordered || is_child || metadata).then(|| {
            let event = AuditEvent::new("session.updated");
            let event = if reordered { event.with("consentedPurposes", &next.consented_purposes) } else { event };
            let event = if is_child { event.with("isChild", next.is_child) } else { event };
            if metadata { event.personal("metadata", next.metadata.text()) } else { event }
        });
        let closed = (self.closed != next.closed)
            .then(|| AuditEvent::new("session.closed").personal("closureReason", &next.closure_reason));
        [purposes, updated, closed].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn time(seconds: u32) -> Timestamp {
        Timestamp::from_milliseconds(0).unwrap().plus_seconds(seconds)
    }

    fn session(metadata: Map<String, Value>) -> Session {
        Session {
            session_id: Uuid::nil(),
            consented_purposes: vec![SessionPurpose::parse("analytics").unwrap()],
            is_child: false,
            metadata: Metadata::new(metadata).unwrap(),
            data_principal_id: None,
            closed: false,
            closure_reason: None,
            closed_at: None,
            created_at: time(0),
            updated_at: time(0),
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a-c]{0,3}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-c]", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn object() -> impl Strategy<Value = Map<String, Value>> {
        prop::collection::btree_map("[a-c]", json(), 0..4).prop_map(|members| members.into_iter().collect())
    }

    fn patch() -> impl Strategy<Value = SessionPatch> {
        let purposes = prop::collection::vec("[a-c]{1,2}", 0..3)
            .prop_map(|purposes| purposes.iter().map(|purpose| SessionPurpose::parse(purpose).unwrap()).collect());
        (prop::option::of(purposes), prop::option::of(any::<bool>()), prop::option::of(object())).prop_map(
            |(consented_purposes, is_child, metadata)| SessionPatch {
                consented_purposes,
                is_child,
                metadata,
                closed: None,
                closure_reason: None,
            },
        )
    }

    proptest! {
        #[test]
        fn a_patch_keeps_the_fields_it_does_not_name(start in object(), patch in patch()) {
            let before = session(start);
            let after = before.patched(&patch, time(1)).unwrap();
            if patch.consented_purposes.is_none() {
                prop_assert_eq!(&after.consented_purposes, &before.consented_purposes);
            }
            if patch.is_child.is_none() {
                prop_assert_eq!(after.is_child, before.is_child);
            }
            if patch.metadata.is_none() {
                prop_assert_eq!(&after.metadata, &before.metadata);
            }
            prop_assert_eq!(before.patched(&SessionPatch::default(), time(1)), Ok(before));
        }

        #[test]
        fn the_least_length_is_never_too_high(start in object(), patch in object()) {
            let merged = Metadata::new(start).unwrap().merged(&patch).unwrap();
            prop_assert!(Metadata::least_length(&patch) <= serde_json::to_string(&merged).unwrap().len());
        }

        #[test]
        fn a_repeated_patch_changes_nothing(start in object(), patch in patch()) {
            let once = session(start).patched(&patch, time(1)).unwrap();
            prop_assert_eq!(once.patched(&patch, time(2)), Ok(once));
        }
    }

    /// The examples of RFC 7396, appendix A, that begin with objects.
    #[test]
    fn metadata_merges_as_the_rfc_says() {
        for (target, patch, result) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, r"{}"),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
            (r"{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ] {
            let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
            let merged = Metadata(read(target)).merged(&read(patch)).unwrap();
            assert_eq!(merged, Metadata(read(result)), "{target} patched by {patch}");
        }
    }

    #[test]
    fn metadata_that_is_too_large_is_an_error_before_and_after_merging() {
        let of = |members: &[(&str, usize)]| -> Map<String, Value> {
            members.iter().map(|(name, length)| ((*name).to_owned(), Value::from("x".repeat(*length)))).collect()
        };
        let some = Metadata::new(of(&[("a", 10_000)])).unwrap();
        for (patch, expected) in
            [(of(&[("b", 10_000)]), "but would have 20015"), (of(&[("b", 20_000)]), "at least 20005")]
        {
            match some.merged(&patch) {
                Err(DomainError::MetadataTooLarge(error)) => {
                    assert!(error.message.contains(expected), "{}", error.message);
                }
                other => unreachable!("{other:?}"),
            }
        }
        let removing = (0..10_000).map(|number| (number.to_string(), Value::Null)).collect();
        assert_eq!(some.merged(&removing), Ok(some));
    }

    #[test]
    fn a_closed_session_stays_closed() {
        let close = SessionPatch {
            closed: Some(true),
            closure_reason: Some(ClosureReason::parse("done").unwrap()),
            ..SessionPatch::default()
        };
        let closed = session(Map::new()).patched(&close, time(1)).unwrap();
        assert_eq!(closed.closed_at, Some(time(1)));
        let reopen = SessionPatch { closed: Some(false), ..SessionPatch::default() };
        assert_eq!(closed.patched(&reopen, time(2)), Err(DomainError::SessionClosed));
        assert_eq!(closed.patched(&close, time(2)), Err(DomainError::SessionClosed));
    }

    #[test]
    fn a_closure_reason_without_closing_is_ignored() {
        let open = SessionPatch {
            closed: Some(false),
            closure_reason: Some(ClosureReason::parse("string").unwrap()),
            ..SessionPatch::default()
        };
        let before = session(Map::new());
        assert_eq!(before.patched(&open, time(1)), Ok(before));
    }
}
