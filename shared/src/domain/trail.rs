//! An audit trail as it is shown: verified, and opened if its data key exists.

use crate::domain::{
    audit::{Chain, ChainName, opened, verify},
    seal::FoundKey,
};
use serde::Serialize;
use serde_json::Value;

/// The member with an entry's opened personal data.
const PERSONAL: &str = "personal";

/// An entry as it was read.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Whether its item has the key that belongs to its position in the chain.
    pub has_expected_key: bool,
    /// The entry; `null` if it cannot be read.
    pub entry: Value,
}

/// All entries of a subject's trail, with the result of their verification.
#[derive(Clone, Debug, Serialize)]
pub struct Trail {
    /// The stored entries. Each has a member `personal`, which is `null` if the
    /// entry has no personal data or its key was deleted. Anyone who can write the
    /// table can store any JSON here. An unreadable entry is `null`.
    pub entries: Vec<Value>,
    /// The chain that the subject's item holds.
    pub chain: Chain,
    /// Whether the data key was deleted.
    pub anonymized: bool,
    /// The position of the first invalid entry, from 1.
    pub first_invalid: Option<u64>,
}

impl Trail {
    /// Opens and verifies the entries of a chain, in the order of their keys.
    pub fn of(name: ChainName<'_>, stored: Vec<Stored>, chain: &Chain, key: &FoundKey) -> Self {
        let mut entries = Vec::with_capacity(stored.len());
        let mut unopened = None;
        for (Stored { has_expected_key, mut entry }, sequence) in stored.into_iter().zip(1..) {
            if !open(name, &mut entry, key) || !has_expected_key {
                unopened = unopened.or(Some(sequence));
            }
            entries.push(entry);
        }
        let flaw = verify(name, &entries, chain).err().map(|flaw| flaw.sequence);
        Self {
            entries,
            chain: chain.clone(),
            anonymized: matches!(key, FoundKey::Deleted),
            first_invalid: flaw.into_iter().chain(unopened).min(),
        }
    }
}

/// Adds the opened personal data to an entry. Returns whether that succeeded.
fn open(name: ChainName<'_>, entry: &mut Value, key: &FoundKey) -> bool {
    let Some(members) = entry.as_object() else { return false };
    // No entry is stored with this member: somebody else has written it.
    let foreign = members.contains_key(PERSONAL);
    let is_sealed = members.get("sealed").is_some_and(|sealed| !sealed.is_null());
    let personal = match key {
        FoundKey::Kept(key) if is_sealed => Some(opened(name, entry, key)),
        FoundKey::Unreadable if is_sealed => Some(None),
        _ => None,
    };
    let succeeded = !foreign && personal != Some(None);
    if let Some(members) = entry.as_object_mut() {
        members.insert(PERSONAL.to_owned(), personal.flatten().unwrap_or(Value::Null));
    }
    succeeded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        RequestContext, Tenant,
        audit::{AuditEvent, Subject},
        identifiers::RecordId,
        seal::DataKey,
    };
    use serde_json::json;

    struct Kept {
        tenant: Tenant,
        subject: Subject,
        key: DataKey,
        chain: Chain,
        entries: Vec<Value>,
    }

    impl Kept {
        fn new() -> Self {
            let context = RequestContext::system();
            let (tenant, record_id) = (Tenant(context.uuid()), RecordId::fresh(&context));
            let (subject, key) = (Subject::record(record_id), DataKey::fresh(&context));
            let name = ChainName { tenant, subject: &subject };
            let (mut chain, mut entries) = (Chain::default(), Vec::new());
            let events = [
                AuditEvent::new("record.created").personal("dataPrincipalId", "user-1"),
                AuditEvent::new("record.withdrawn").personal("reason", "Because"),
                AuditEvent::new("record.erased"),
            ];
            for event in &events {
                let (next, entry) = chain.append(name, event, context.uuid(), Some(&key), &context).unwrap();
                entries.push(serde_json::from_str(&entry.text).unwrap());
                chain = next;
            }
            Self { tenant, subject, key, chain, entries }
        }

        fn shown(&self, entries: Vec<Value>, key: &FoundKey) -> Trail {
            let stored = entries.into_iter().map(|entry| Stored { has_expected_key: true, entry }).collect();
            self.read(stored, key)
        }

        fn read(&self, stored: Vec<Stored>, key: &FoundKey) -> Trail {
            Trail::of(ChainName { tenant: self.tenant, subject: &self.subject }, stored, &self.chain, key)
        }

        fn found(&self) -> FoundKey {
            FoundKey::Kept(self.key.clone())
        }
    }

    #[test]
    fn personal_data_is_shown_as_long_as_its_key_exists() {
        let kept = Kept::new();
        let trail = kept.shown(kept.entries.clone(), &kept.found());
        assert_eq!((trail.first_invalid, trail.anonymized), (None, false));
        assert_eq!(trail.entries[0]["personal"]["dataPrincipalId"], "user-1");
        assert_eq!(trail.entries[1]["personal"]["reason"], "Because");
        assert_eq!(trail.entries[2]["personal"], Value::Null);

        let trail = kept.shown(kept.entries.clone(), &FoundKey::Deleted);
        assert_eq!((trail.first_invalid, trail.anonymized), (None, true));
        assert!(trail.entries.iter().all(|entry| entry["personal"].is_null()));
        assert!(!json!(trail.entries).to_string().contains("user-1"));
    }

    #[test]
    fn an_entry_that_does_not_open_is_invalid() {
        let kept = Kept::new();
        let another = FoundKey::Kept(DataKey::fresh(&RequestContext::system()));
        for key in [another, FoundKey::Unreadable] {
            let trail = kept.shown(kept.entries.clone(), &key);
            assert_eq!((trail.first_invalid, trail.anonymized), (Some(1), false));
        }
    }

    #[test]
    fn a_changed_entry_is_shown_and_reported() {
        let kept = Kept::new();
        for (position, entry) in
            [(0, Value::Null), (1, json!("x")), (2, json!([])), (1, json!({})), (2, json!({"sealed": 1}))]
        {
            let mut entries = kept.entries.clone();
            entries[position] = entry;
            for key in [kept.found(), FoundKey::Deleted] {
                assert_eq!(kept.shown(entries.clone(), &key).first_invalid, u64::try_from(position + 1).ok());
            }
        }
        // The hashes do not cover this member, so it is checked on its own.
        let mut entries = kept.entries.clone();
        entries[2]["personal"] = json!({"dataPrincipalId": "user-2"});
        for key in [kept.found(), FoundKey::Deleted] {
            let trail = kept.shown(entries.clone(), &key);
            assert_eq!((trail.first_invalid, &trail.entries[2]["personal"]), (Some(3), &Value::Null));
        }
    }

    #[test]
    fn an_entry_under_another_key_is_reported() {
        let kept = Kept::new();
        for position in 0..3 {
            let stored = |(entry, index)| Stored { has_expected_key: index != position, entry };
            let stored = kept.entries.iter().cloned().zip(0..).map(stored).collect();
            let trail = kept.read(stored, &kept.found());
            assert_eq!(trail.first_invalid, Some(position + 1));
            assert_eq!(trail.entries.len(), 3, "every entry is shown");
        }
    }
}
