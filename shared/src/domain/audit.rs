//! The audit trail: for each subject a chain of entries, of which each holds
//! the hash of the one before. What is personal in an entry is sealed under the
//! subject's data key; the hashes are over what is sealed, so a chain still
//! verifies when the key is gone.
//!
//! An entry's hash is the SHA-256, in lowercase hex, of the RFC 8785 canonical
//! JSON of the entry without `personal` and `hash`, with `tenant` and `subject`.

use crate::domain::{
    RequestContext, Tenant,
    identifiers::{AuditEntryId, ErasureRequestId, GrantId, GrievanceId, RecordId},
    seal::DataKey,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// What makes the digest of an entry's personal fields tell nothing by itself.
const SALT: &str = "salt";

/// Who does something: an organisation's API key.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    /// The organisation.
    pub tenant: Tenant,
    /// The key.
    pub key_id: Uuid,
}

/// What a chain, or a data key, is of: `record/cr_…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject(String);

impl Subject {
    /// A consent record.
    pub fn record(record_id: RecordId) -> Self {
        Self(format!("record/{record_id}"))
    }

    /// A grant.
    pub fn grant(grant_id: GrantId) -> Self {
        Self(format!("grant/{grant_id}"))
    }

    /// A DPDP session.
    pub fn session(session_id: Uuid) -> Self {
        Self(format!("session/{session_id}"))
    }

    /// A version of a consent type.
    pub fn catalog_version(consent_catalog_id: Uuid, version: impl fmt::Display) -> Self {
        Self(format!("catalog_version/{consent_catalog_id}/{version}"))
    }

    /// A grievance.
    pub fn grievance(grievance_id: GrievanceId) -> Self {
        Self(format!("grievance/{grievance_id}"))
    }

    /// A request for erasure.
    pub fn erasure(request_id: ErasureRequestId) -> Self {
        Self(format!("erasure/{request_id}"))
    }

    /// An end user of a project's site: has a data key, and no chain.
    pub fn end_user(project: Uuid, concord_id: Uuid) -> Self {
        Self(format!("end_user/{project}/{concord_id}"))
    }

    /// The subject of this name, as it was shown.
    pub fn named(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A subject and its data key, under which its personal data is sealed; none
/// once the key was deleted.
#[derive(Clone)]
pub struct SubjectKey {
    /// The subject.
    pub subject: Subject,
    /// Its key.
    pub key: Option<DataKey>,
}

/// What an entry says beside who, when and where in the chain.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    action: &'static str,
    details: Map<String, Value>,
    personal: Map<String, Value>,
}

impl AuditEvent {
    /// That this has happened: subject, dot, past tense.
    pub fn new(action: &'static str) -> Self {
        Self { action, details: Map::new(), personal: Map::new() }
    }

    /// With a detail that tells of no person.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.details.insert(name.to_owned(), json!(value));
        self
    }

    /// With something personal, to be sealed; left out where it is null.
    #[must_use]
    pub fn personal(mut self, name: &str, value: impl Serialize) -> Self {
        let value = json!(value);
        if !value.is_null() {
            self.personal.insert(name.to_owned(), value);
        }
        self
    }
}

/// How long a subject's chain is, and the hash of its last entry. It stands
/// in the subject's own item, so that a cut tail shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// How many entries it has. The first one's sequence is 1.
    pub length: u64,
    /// The last one's hash; none in an empty chain.
    pub head: Option<String>,
}

/// Whose chain it is.
#[derive(Clone, Copy, Debug)]
pub struct ChainName<'a> {
    /// The organisation's.
    pub tenant: Tenant,
    /// Of what.
    pub subject: &'a Subject,
}

/// An entry as it is stored, without `personal`.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the chain.
    pub sequence: u64,
    /// Its canonical JSON.
    pub text: String,
}

impl Chain {
    /// The chain with one more entry, and that entry. What is personal is left
    /// out where there is no key to seal it under any more.
    pub fn append(
        &self,
        name: ChainName<'_>,
        event: &AuditEvent,
        (actor, key): (Uuid, Option<&DataKey>),
        context: &RequestContext,
    ) -> Option<(Self, Entry)> {
        let sequence = self.length + 1;
        let id = AuditEntryId::fresh(context);
        let sealed = match key {
            Some(key) if !event.personal.is_empty() => {
                let mut personal = event.personal.clone();
                personal.insert(SALT.to_owned(), Value::from(hex::encode(context.random::<16>())));
                Some(seal(name, &id.to_string(), &Value::Object(personal), key, context)?)
            }
            _ => None,
        };
        let mut entry = json!({
            "id": id,
            "sequence": sequence,
            "action": event.action,
            "actor": actor,
            "occurredAt": context.now,
            "details": event.details,
            "sealed": sealed,
            "previousHash": self.head,
        });
        let hash = hash_of(name, &entry)?;
        entry.as_object_mut()?.insert("hash".to_owned(), Value::from(hash.clone()));
        let text = canonical(&entry)?;
        Some((Self { length: sequence, head: Some(hash) }, Entry { sequence, text }))
    }
}

/// What is wrong with a chain, at its first entry that something is wrong with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where, counted from 1.
    pub sequence: u64,
    /// What, in words.
    pub what: &'static str,
}

/// Whether these entries are the whole chain, in order, and unchanged. Where
/// an entry shows what was sealed in it, that is verified too.
pub fn verify(name: ChainName<'_>, entries: &[Value], chain: &Chain) -> Result<(), Flaw> {
    let mut previous = Value::Null;
    let mut sequence = 0;
    for entry in entries {
        sequence += 1;
        let flaw = |what| Err(Flaw { sequence, what });
        if sequence > chain.length {
            return flaw("is one more than the chain has");
        }
        if !entry.is_object() {
            return flaw("cannot be read");
        }
        let hash = entry.get("hash").unwrap_or(&Value::Null);
        if hash_of(name, entry).as_deref() != hash.as_str() || hash.is_null() {
            return flaw("was changed, or is another chain's");
        }
        match entry.get("sequence").and_then(Value::as_u64) {
            Some(stated) if stated == sequence => {}
            Some(stated) if stated > sequence => return flaw("is missing"),
            _ => return flaw("is out of order"),
        }
        if entry.get("previousHash") != Some(&previous) {
            return flaw("does not follow the one before it");
        }
        if !shows_what_was_sealed(entry) {
            return flaw("shows something else than what was sealed");
        }
        previous = hash.clone();
    }
    if sequence < chain.length {
        return Err(Flaw { sequence: sequence + 1, what: "is missing" });
    }
    if previous.as_str() != chain.head.as_deref() {
        return Err(Flaw { sequence: sequence.max(1), what: "is not the head of the chain" });
    }
    Ok(())
}

/// What was sealed in an entry, opened.
pub fn opened(name: ChainName<'_>, entry: &Value, key: &DataKey) -> Option<Value> {
    let (_, sealed) = entry.get("sealed")?.as_str()?.split_once('.')?;
    let text = key.open(sealed, &binding(name, entry.get("id")?.as_str()?)?)?;
    serde_json::from_slice(&text).ok()
}

/// The digest of what is personal, a dot, and the same sealed. By the digest
/// whoever has no key can verify what an answer shows opened; the salt in it
/// goes with the key, so it then tells nothing.
fn seal(name: ChainName<'_>, id: &str, personal: &Value, key: &DataKey, context: &RequestContext) -> Option<String> {
    let text = canonical(personal)?;
    let sealed = key.seal(text.as_bytes(), &binding(name, id)?, context)?;
    Some(format!("{}.{sealed}", digest(&text)))
}

fn shows_what_was_sealed(entry: &Value) -> bool {
    let Some(personal) = entry.get("personal").filter(|personal| !personal.is_null()) else { return true };
    let sealed = entry.get("sealed").and_then(Value::as_str).and_then(|sealed| sealed.split_once('.'));
    sealed.is_some_and(|(stated, _)| canonical(personal).is_some_and(|text| digest(&text) == stated))
}

/// Binds what is sealed to the entry that it is in.
fn binding(name: ChainName<'_>, id: &str) -> Option<Vec<u8>> {
    let binding = json!({"tenant": name.tenant, "subject": name.subject.as_str(), "id": id});
    canonical(&binding).map(String::into_bytes)
}

fn hash_of(name: ChainName<'_>, entry: &Value) -> Option<String> {
    let mut hashed = entry.as_object()?.clone();
    hashed.remove("personal");
    hashed.remove("hash");
    let named = [("tenant", json!(name.tenant)), ("subject", Value::from(name.subject.as_str()))];
    for (member, value) in named {
        // An entry that names its chain itself would hide it behind the true name.
        if hashed.insert(member.to_owned(), value).is_some() {
            return None;
        }
    }
    canonical(&Value::Object(hashed)).map(|text| digest(&text))
}

fn canonical(value: &Value) -> Option<String> {
    serde_json_canonicalizer::to_string(value).ok()
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RequestContext;
    use proptest::prelude::*;

    const NAMES: [&str; 3] = ["record.created", "record.withdrawn", "record.erased"];

    struct Made {
        tenant: Tenant,
        subject: Subject,
        key: DataKey,
        chain: Chain,
        entries: Vec<Value>,
    }

    impl Made {
        fn of(length: usize) -> Self {
            let context = RequestContext::system();
            let tenant = Tenant(context.uuid());
            let subject = Subject::record(RecordId::fresh(&context));
            let key = DataKey::fresh(&context);
            let (mut chain, mut entries) = (Chain::default(), Vec::new());
            for name in NAMES.iter().cycle().take(length) {
                let event = AuditEvent::new(name).with("grantId", "g").personal("reason", "Because");
                let named = ChainName { tenant, subject: &subject };
                let (next, entry) = chain.append(named, &event, (context.uuid(), Some(&key)), &context).unwrap();
                entries.push(serde_json::from_str(&entry.text).unwrap());
                chain = next;
            }
            Self { tenant, subject, key, chain, entries }
        }

        fn name(&self) -> ChainName<'_> {
            ChainName { tenant: self.tenant, subject: &self.subject }
        }

        fn verify(&self, entries: &[Value]) -> Result<(), Flaw> {
            verify(self.name(), entries, &self.chain)
        }

        fn shown(&self) -> Vec<Value> {
            let shown = self.entries.iter().cloned().map(|mut entry| {
                let personal = opened(self.name(), &entry, &self.key).unwrap();
                entry["personal"] = personal;
                entry
            });
            shown.collect()
        }
    }

    fn first_bad(found: Result<(), Flaw>) -> Option<u64> {
        found.err().map(|flaw| flaw.sequence)
    }

    #[test]
    fn a_whole_chain_verifies_with_and_without_what_is_personal() {
        for length in 0..5 {
            let made = Made::of(length);
            assert_eq!(made.verify(&made.entries), Ok(()));
            assert_eq!(made.verify(&made.shown()), Ok(()));
        }
        let made = Made::of(1);
        assert_eq!(made.shown()[0]["personal"]["reason"], "Because");
        assert!(!made.entries[0].to_string().contains("Because"));
    }

    #[test]
    fn an_entry_is_of_its_chain_alone() {
        let (mut made, other) = (Made::of(3), Made::of(3));
        made.entries[1] = other.entries[1].clone();
        assert_eq!(first_bad(made.verify(&made.entries)), Some(2));
        let foreign = ChainName { tenant: Tenant(Uuid::nil()), ..made.name() };
        assert_eq!(first_bad(verify(foreign, &Made::of(1).entries, &made.chain)), Some(1));
        assert_eq!(opened(made.name(), &other.entries[1], &made.key), None);
    }

    #[test]
    fn an_entry_does_not_name_its_chain_itself() {
        let made = Made::of(2);
        for (member, value) in [("tenant", json!(made.tenant)), ("subject", json!("record/cr_2"))] {
            let mut entries = made.entries.clone();
            entries[1][member] = value;
            assert_eq!(first_bad(made.verify(&entries)), Some(2));
        }
    }

    #[test]
    fn without_a_key_nothing_personal_is_kept() {
        let context = RequestContext::system();
        let subject = Subject::record(RecordId::fresh(&context));
        let named = ChainName { tenant: Tenant(Uuid::nil()), subject: &subject };
        let event = AuditEvent::new("record.erased").personal("reason", "Because");
        let (chain, entry) = Chain::default().append(named, &event, (Uuid::nil(), None), &context).unwrap();
        let entry: Value = serde_json::from_str(&entry.text).unwrap();
        assert_eq!(entry["sealed"], Value::Null);
        assert_eq!(verify(named, &[entry], &chain), Ok(()));
    }

    /// The hash is what anyone can compute from the words above, without this code.
    #[test]
    fn the_hash_is_the_documented_one() {
        let made = Made::of(1);
        let entry = &made.entries[0];
        let member = |name: &str| entry[name].to_string();
        // RFC 8785: the members sorted, no white space.
        let text = format!(
            r#"{{"action":{},"actor":{},"details":{},"id":{},"occurredAt":{},"previousHash":null,"sealed":{},"sequence":1,"subject":"{}","tenant":"{}"}}"#,
            member("action"),
            member("actor"),
            member("details"),
            member("id"),
            member("occurredAt"),
            member("sealed"),
            made.subject,
            made.tenant,
        );
        assert_eq!(entry["hash"], hex::encode(Sha256::digest(text)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        /// One flipped bit anywhere in what is stored, or shown, is found where it is.
        #[test]
        fn a_flipped_bit_is_found(length in 1_usize..5, place in any::<prop::sample::Index>(), bit in any::<prop::sample::Index>(), shows in any::<bool>()) {
            let made = Made::of(length);
            let mut entries = if shows { made.shown() } else { made.entries.clone() };
            let place = place.index(length);
            let mut text = entries[place].to_string().into_bytes();
            let bit = bit.index(text.len() * 8);
            text[bit / 8] ^= 1 << (bit % 8);
            entries[place] = serde_json::from_slice(&text).unwrap_or(Value::Null);
            prop_assert_eq!(first_bad(made.verify(&entries)), Some(u64::try_from(place).unwrap() + 1));
        }

        #[test]
        fn a_removed_entry_is_found(length in 1_usize..6, place in any::<prop::sample::Index>()) {
            let made = Made::of(length);
            let mut entries = made.entries.clone();
            let place = place.index(length);
            entries.remove(place);
            prop_assert_eq!(first_bad(made.verify(&entries)), Some(u64::try_from(place).unwrap() + 1));
        }

        #[test]
        fn a_duplicated_entry_is_found(length in 1_usize..6, place in any::<prop::sample::Index>()) {
            let made = Made::of(length);
            let mut entries = made.entries.clone();
            let place = place.index(length);
            entries.insert(place, entries[place].clone());
            prop_assert_eq!(first_bad(made.verify(&entries)), Some(u64::try_from(place).unwrap() + 2));
        }

        #[test]
        fn exchanged_entries_are_found(length in 2_usize..6, left in any::<prop::sample::Index>(), right in any::<prop::sample::Index>()) {
            let made = Made::of(length);
            let (left, right) = (left.index(length), right.index(length));
            let mut entries = made.entries.clone();
            entries.swap(left, right);
            let expected = (left != right).then(|| u64::try_from(left.min(right)).unwrap() + 1);
            prop_assert_eq!(first_bad(made.verify(&entries)), expected);
        }
    }
}
