//! The audit trail: each subject has a chain of entries, and each entry holds
//! the hash of the entry before it. The personal data in an entry is sealed under
//! the subject's data key. The hashes cover the sealed text, so a chain still
//! verifies after the key is deleted.
//!
//! An entry's hash is the SHA-256, in lowercase hex, of the RFC 8785 canonical
//! JSON of the entry without `personal` and `hash`, with `tenant` and `subject`.

use crate::domain::{
    RequestContext, Tenant,
    identifiers::{AuditEntryId, DeliveryId, ErasureRequestId, EventId, GrantId, GrievanceId, RecordId},
    seal::DataKey,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// The member that salts an entry's personal data, so that nobody can guess the data from its digest.
const SALT: &str = "salt";

/// An organisation's API key, as the one that acts.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    /// The organisation.
    pub tenant: Tenant,
    /// The key.
    pub key_id: Uuid,
}

impl Actor {
    /// The system itself, as which nobody can call: its key is the nil UUID.
    pub fn system(tenant: Tenant) -> Self {
        Self { tenant, key_id: Uuid::nil() }
    }
}

/// The resource or user that a chain or a data key belongs to: `record/cr_…`.
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

    /// An event that tells of an erasure. It has a data key but no chain.
    pub fn event(event_id: EventId) -> Self {
        Self(format!("event/{event_id}"))
    }

    /// The delivery of an event to a recipient.
    pub fn delivery(delivery_id: DeliveryId) -> Self {
        Self(format!("delivery/{delivery_id}"))
    }

    /// An end user of a project's site. It has a data key but no chain.
    pub fn end_user(project: Uuid, concord_id: Uuid) -> Self {
        Self(format!("end_user/{project}/{concord_id}"))
    }

    /// The subject with this name.
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

/// A subject and the data key under which its personal data is sealed.
#[derive(Clone)]
pub struct SubjectKey {
    /// The subject.
    pub subject: Subject,
    /// Its key; `None` if the key was deleted.
    pub key: Option<DataKey>,
}

/// The content of an entry, without its actor, its time and its position in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    action: &'static str,
    details: Map<String, Value>,
    personal: Map<String, Value>,
}

impl AuditEvent {
    /// An event with this name: subject, dot, past tense (`record.created`).
    pub fn new(action: &'static str) -> Self {
        Self { action, details: Map::new(), personal: Map::new() }
    }

    /// Adds a detail that is not personal data.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.details.insert(name.to_owned(), json!(value));
        self
    }

    /// Adds a detail that is not personal data, if there is one.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl Serialize>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds personal data, which will be sealed. A null value is left out.
    #[must_use]
    pub fn personal(mut self, name: &str, value: impl Serialize) -> Self {
        let value = json!(value);
        if !value.is_null() {
            self.personal.insert(name.to_owned(), value);
        }
        self
    }
}

/// The length of a subject's chain and the hash of its last entry. It is stored
/// in the subject's own item, so that the loss of the last entries is noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// The number of entries. The sequence of the first entry is 1.
    pub length: u64,
    /// The hash of the last entry; `None` in an empty chain.
    pub head: Option<String>,
}

/// Identifies a chain.
#[derive(Clone, Copy, Debug)]
pub struct ChainName<'a> {
    /// The organisation.
    pub tenant: Tenant,
    /// The subject of the chain.
    pub subject: &'a Subject,
}

/// An entry as it is stored, without `personal`.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its position in the chain, from 1.
    pub sequence: u64,
    /// Its canonical JSON.
    pub text: String,
}

impl Chain {
    /// Returns the chain with one more entry, and that entry. `key_id` is the API
    /// key that acts. Without a data key the personal data is left out. `None` if
    /// the entry has no canonical JSON.
    pub fn append(
        &self,
        name: ChainName<'_>,
        event: &AuditEvent,
        key_id: Uuid,
        data_key: Option<&DataKey>,
        context: &RequestContext,
    ) -> Option<(Self, Entry)> {
        let sequence = self.length + 1;
        let id = AuditEntryId::fresh(context);
        let sealed = match data_key {
            Some(data_key) if !event.personal.is_empty() => {
                let mut personal = event.personal.clone();
                personal.insert(SALT.to_owned(), Value::from(hex::encode(context.random::<16>())));
                Some(seal(name, &id.to_string(), &Value::Object(personal), data_key, context)?)
            }
            _ => None,
        };
        let mut entry = json!({
            "id": id,
            "sequence": sequence,
            "action": event.action,
            "actor": key_id,
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

/// The first flaw in a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The position of the entry, from 1.
    pub sequence: u64,
    /// A description that completes the sentence "entry 3 …".
    pub what: &'static str,
}

/// Verifies that these entries are the whole chain, in order and unchanged. If
/// an entry shows its personal data, verifies that too.
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
        if !personal_data_fits(entry) {
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

/// Opens the personal data of an entry; `None` if it does not open.
pub fn opened(name: ChainName<'_>, entry: &Value, key: &DataKey) -> Option<Value> {
    let (_, sealed) = entry.get("sealed")?.as_str()?.split_once('.')?;
    let text = key.open(sealed, &binding(name, entry.get("id")?.as_str()?)?)?;
    serde_json::from_slice(&text).ok()
}

/// The digest of the personal data, a dot, and the sealed personal data. A reader
/// without the key uses the digest to verify the personal data that a response
/// shows. The sealed text includes a salt: once the key is deleted, nobody can
/// guess the data from the digest.
fn seal(name: ChainName<'_>, id: &str, personal: &Value, key: &DataKey, context: &RequestContext) -> Option<String> {
    let text = canonical(personal)?;
    let sealed = key.seal(text.as_bytes(), &binding(name, id)?, context)?;
    Some(format!("{}.{sealed}", digest(&text)))
}

fn personal_data_fits(entry: &Value) -> bool {
    let Some(personal) = entry.get("personal").filter(|personal| !personal.is_null()) else { return true };
    let sealed = entry.get("sealed").and_then(Value::as_str).and_then(|sealed| sealed.split_once('.'));
    sealed.is_some_and(|(stated, _)| canonical(personal).is_some_and(|text| digest(&text) == stated))
}

/// Binds the sealed text to its entry.
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
        // A member of this name in the entry itself would be hidden by the true value.
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
                let (next, entry) = chain.append(named, &event, context.uuid(), Some(&key), &context).unwrap();
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
    fn a_whole_chain_verifies_with_and_without_personal_data() {
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
    fn an_entry_fits_only_its_own_chain() {
        let (mut made, other) = (Made::of(3), Made::of(3));
        made.entries[1] = other.entries[1].clone();
        assert_eq!(first_bad(made.verify(&made.entries)), Some(2));
        let foreign = ChainName { tenant: Tenant(Uuid::nil()), ..made.name() };
        assert_eq!(first_bad(verify(foreign, &Made::of(1).entries, &made.chain)), Some(1));
        assert_eq!(opened(made.name(), &other.entries[1], &made.key), None);
    }

    #[test]
    fn an_entry_that_names_its_own_chain_is_found() {
        let made = Made::of(2);
        for (member, value) in [("tenant", json!(made.tenant)), ("subject", json!("record/cr_2"))] {
            let mut entries = made.entries.clone();
            entries[1][member] = value;
            assert_eq!(first_bad(made.verify(&entries)), Some(2));
        }
    }

    #[test]
    fn without_a_key_no_personal_data_is_stored() {
        let context = RequestContext::system();
        let subject = Subject::record(RecordId::fresh(&context));
        let named = ChainName { tenant: Tenant(Uuid::nil()), subject: &subject };
        let event = AuditEvent::new("record.erased").personal("reason", "Because");
        let (chain, entry) = Chain::default().append(named, &event, Uuid::nil(), None, &context).unwrap();
        let entry: Value = serde_json::from_str(&entry.text).unwrap();
        assert_eq!(entry["sealed"], Value::Null);
        assert_eq!(verify(named, &[entry], &chain), Ok(()));
    }

    /// Anyone can compute the hash from the module's documentation, without this code.
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

        /// A flipped bit anywhere in a stored or shown entry is found in that entry.
        #[test]
        fn a_flipped_bit_is_found(length in 1_usize..5, position in any::<prop::sample::Index>(), bit in any::<prop::sample::Index>(), shows in any::<bool>()) {
            let made = Made::of(length);
            let mut entries = if shows { made.shown() } else { made.entries.clone() };
            let position = position.index(length);
            let mut text = entries[position].to_string().into_bytes();
            let bit = bit.index(text.len() * 8);
            text[bit / 8] ^= 1 << (bit % 8);
            entries[position] = serde_json::from_slice(&text).unwrap_or(Value::Null);
            prop_assert_eq!(first_bad(made.verify(&entries)), Some(u64::try_from(position).unwrap() + 1));
        }

        #[test]
        fn a_removed_entry_is_found(length in 1_usize..6, position in any::<prop::sample::Index>()) {
            let made = Made::of(length);
            let mut entries = made.entries.clone();
            let position = position.index(length);
            entries.remove(position);
            prop_assert_eq!(first_bad(made.verify(&entries)), Some(u64::try_from(position).unwrap() + 1));
        }

        #[test]
        fn a_duplicated_entry_is_found(length in 1_usize..6, position in any::<prop::sample::Index>()) {
            let made = Made::of(length);
            let mut entries = made.entries.clone();
            let position = position.index(length);
            entries.insert(position, entries[position].clone());
            prop_assert_eq!(first_bad(made.verify(&entries)), Some(u64::try_from(position).unwrap() + 2));
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
