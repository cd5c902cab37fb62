//! An audit trail as it is shown: opened where its data key is there, and verified.

use crate::domain::{
    audit::{Chain, ChainName, opened, verify},
    seal::FoundKey,
};
use serde::Serialize;
use serde_json::Value;

/// What an entry shows opened.
const PERSONAL: &str = "personal";

/// An entry as it was read.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Whether it stands under the key of its position in the chain.
    pub in_place: bool,
    /// The entry; `null` where it cannot be read.
    pub entry: Value,
}

/// All entries of a subject's trail, and what was found out about them.
#[derive(Clone, Debug, Serialize)]
pub struct Trail {
    /// As they are stored, each with what is personal in it: null where nothing
    /// is, or nothing can be read any more. Whoever can write the table can put
    /// anything here; `null` is what cannot be read at all.
    pub entries: Vec<Value>,
    /// What the subject itself says of its chain.
    pub chain: Chain,
    /// Whether the data key was deleted.
    pub anonymized: bool,
    /// The first entry that something is wrong with, counted from 1.
    pub first_invalid: Option<u64>,
}

impl Trail {
    /// Opens and verifies the entries of a chain, in the order of their keys.
    pub fn of(name: ChainName<'_>, stored: Vec<Stored>, chain: &Chain, key: &FoundKey) -> Self {
        let mut entries = Vec::with_capacity(stored.len());
        let mut unfit = None;
        for (Stored { in_place, mut entry }, sequence) in stored.into_iter().zip(1..) {
            if !open(name, &mut entry, key) || !in_place {
                unfit = unfit.or(Some(sequence));
            }
            entries.push(entry);
        }
        let flaw = verify(name, &entries, chain).err().map(|flaw| flaw.sequence);
        Self {
            entries,
            chain: chain.clone(),
            anonymized: matches!(key, FoundKey::Deleted),
            first_invalid: flaw.into_iter().chain(unfit).min(),
        }
    }
}

/// Adds to an entry what is personal in it, and says whether that could be done.
fn open(name: ChainName<'_>, entry: &mut Value, key: &FoundKey) -> bool {
    let Some(members) = entry.as_object() else { return false };
    // It is stored in no entry: this one was put there past us.
    let foreign = members.contains_key(PERSONAL);
    let is_sealed = members.get("sealed").is_some_and(|sealed| !sealed.is_null());
    let personal = match key {
        FoundKey::Kept(key) if is_sealed => Some(opened(name, entry, key)),
        FoundKey::Unreadable if is_sealed => Some(None),
        _ => None,
    };
    let could = !foreign && personal != Some(None);
    if let Some(members) = entry.as_object_mut() {
        members.insert(PERSONAL.to_owned(), personal.flatten().unwrap_or(Value::Null));
    }
    could
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
            let notes = [
                AuditEvent::new("record.created").personal("dataPrincipalId", "user-1"),
                AuditEvent::new("record.withdrawn").personal("reason", "Because"),
                AuditEvent::new("record.erased"),
            ];
            for note in &notes {
                let (next, entry) = chain.append(name, note, (context.uuid(), Some(&key)), &context).unwrap();
                entries.push(serde_json::from_str(&entry.text).unwrap());
                chain = next;
            }
            Self { tenant, subject, key, chain, entries }
        }

        fn shown(&self, entries: Vec<Value>, key: &FoundKey) -> Trail {
            let stored = entries.into_iter().map(|entry| Stored { in_place: true, entry }).collect();
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
    fn what_is_personal_is_shown_as_long_as_its_key_is_there() {
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
    fn what_does_not_open_is_invalid() {
        let kept = Kept::new();
        let another = FoundKey::Kept(DataKey::fresh(&RequestContext::system()));
        for key in [another, FoundKey::Unreadable] {
            let trail = kept.shown(kept.entries.clone(), &key);
            assert_eq!((trail.first_invalid, trail.anonymized), (Some(1), false));
        }
    }

    #[test]
    fn what_was_tampered_with_is_shown_and_named() {
        let kept = Kept::new();
        for (place, entry) in
            [(0, Value::Null), (1, json!("x")), (2, json!([])), (1, json!({})), (2, json!({"sealed": 1}))]
        {
            let mut entries = kept.entries.clone();
            entries[place] = entry;
            for key in [kept.found(), FoundKey::Deleted] {
                assert_eq!(kept.shown(entries.clone(), &key).first_invalid, u64::try_from(place + 1).ok());
            }
        }
        // The hashes are not over it, so it is looked for by itself.
        let mut entries = kept.entries.clone();
        entries[2]["personal"] = json!({"dataPrincipalId": "user-2"});
        for key in [kept.found(), FoundKey::Deleted] {
            let trail = kept.shown(entries.clone(), &key);
            assert_eq!((trail.first_invalid, &trail.entries[2]["personal"]), (Some(3), &Value::Null));
        }
    }
    #[test]
    fn an_entry_under_a_foreign_key_is_named() {
        let kept = Kept::new();
        for place in 0..3 {
            let stored = |(entry, index)| Stored { in_place: index != place, entry };
            let stored = kept.entries.iter().cloned().zip(0..).map(stored).collect();
            let trail = kept.read(stored, &kept.found());
            assert_eq!(trail.first_invalid, Some(place + 1));
            assert_eq!(trail.entries.len(), 3, "it is shown all the same");
        }
    }
}
