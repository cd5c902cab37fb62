//! Audit trails, an item for each entry, and beside them, in a table of their
//! own without backups, the data keys under which what is personal is sealed:
//! a deleted key is gone.

use crate::{
    domain::{
        RequestContext, Tenant, Timestamp,
        audit::{Actor, AuditEvent, Chain, ChainName, Entry, Subject, SubjectKey},
        json,
        seal::{DataKey, FoundKey},
        trail::{Stored, Trail},
    },
    store::{
        Database, Error, UnitOfWork,
        change::Change,
        database::{Item, from_item},
        key::{Key, SORT},
    },
};
use futures_util::future::try_join;
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::Value;

/// How many days longer than its subject an entry is kept, and its key: what
/// a retention rule holds is then never without its trail.
const DAYS_BEYOND: u32 = 30;
/// How many entries of a trail are read at the most: far more than a consent
/// record's can have.
const READ: usize = 1_000;

/// The audit trails and the data keys of their subjects.
#[derive(Clone)]
pub struct AuditTrails {
    database: Database,
    entries: String,
    keys: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EntryItem {
    /// The entry's canonical JSON.
    entry: String,
    /// `DynamoDB` removes the item some time after this second.
    #[serde(default)]
    removable_at: Option<i64>,
}

/// An entry's item, in which whoever can write the table can have put anything.
#[derive(Deserialize)]
struct ReadItem {
    #[serde(default)]
    entry: Readable,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Readable {
    Text(String),
    Other(IgnoredAny),
}

impl Default for Readable {
    fn default() -> Self {
        Self::Other(IgnoredAny)
    }
}

/// A data key's item, in which whoever can write the table can have put anything.
#[derive(Deserialize)]
struct ReadKeyItem {
    #[serde(default)]
    key: Readable,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyItem {
    /// In lowercase hex.
    key: String,
    /// `DynamoDB` removes the item some time after this second.
    #[serde(default)]
    removable_at: Option<i64>,
}

/// What is to be appended to a subject's trail: by whom, after what, sealed
/// under what, and until when the subject itself is kept, where that ends.
pub(crate) struct AuditAppend<'a> {
    pub(crate) actor: Actor,
    pub(crate) subject_key: &'a SubjectKey,
    pub(crate) chain: &'a Chain,
    pub(crate) kept_until: Option<Timestamp>,
}

/// A subject that gets a data key, and until when the subject itself is kept, where that ends.
pub(crate) struct KeyOwner {
    pub(crate) subject: Subject,
    pub(crate) kept_until: Option<Timestamp>,
}

impl AuditTrails {
    /// The tables that `AUDIT_ENTRIES_TABLE` and `PERSONAL_DATA_KEYS_TABLE` name.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            entries: database.table("AUDIT_ENTRIES_TABLE"),
            keys: database.table("PERSONAL_DATA_KEYS_TABLE"),
        }
    }

    /// Gives a subject a data key, and its trail a first entry.
    pub(crate) fn begin(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        owner: KeyOwner,
        event: &AuditEvent,
    ) -> Result<(Chain, SubjectKey), Error> {
        let kept_until = owner.kept_until;
        let subject_key = self.create_key(unit, actor.tenant, owner)?;
        let append = AuditAppend { actor, subject_key: &subject_key, chain: &Chain::default(), kept_until };
        let chain = self.append(unit, &append, std::slice::from_ref(event))?;
        Ok((chain, subject_key))
    }

    /// Gives a subject a data key.
    pub(crate) fn create_key(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        KeyOwner { subject, kept_until }: KeyOwner,
    ) -> Result<SubjectKey, Error> {
        let key = DataKey::fresh(unit.context());
        let item = KeyItem { key: hex::encode(key.bytes()), removable_at: removable_at(kept_until) };
        unit.create(&self.keys, &key_key(tenant, &subject), &item, Error::Stale)?;
        Ok(SubjectKey { subject, key: Some(key) })
    }

    /// Sees to it that a subject has a data key, kept until the given moment at
    /// the least: the key that it has, or a new one. A key that is kept longer
    /// already is left as it is.
    pub(crate) async fn ensure_key(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        (subject, kept_until): (Subject, Timestamp),
    ) -> Result<SubjectKey, Error> {
        let item_key = key_key(tenant, &subject);
        let Some(item) = self.database.get::<KeyItem>(&self.keys, &item_key).await? else {
            return self.create_key(unit, tenant, KeyOwner { subject, kept_until: Some(kept_until) });
        };
        let key = hex::decode(&item.key).ok().and_then(|bytes| DataKey::from_bytes(&bytes));
        let key = key.ok_or_else(unreadable_key)?;
        if item.removable_at.is_none_or(|removable| removable <= kept_until.seconds()) {
            let longer =
                Change::of(item_key).when("key", &item.key)?.set("removableAt", &removable_at(Some(kept_until)))?;
            unit.update(&self.keys, longer, Error::Stale);
        }
        Ok(SubjectKey { subject, key: Some(key) })
    }

    /// Appends entries to a trail. The caller must update the subject's own item
    /// in the same unit of work: from the chain that was read to the one that is
    /// returned.
    pub(crate) fn append(
        &self,
        unit: &mut UnitOfWork,
        append: &AuditAppend<'_>,
        events: &[AuditEvent],
    ) -> Result<Chain, Error> {
        let AuditAppend { actor, subject_key, chain, kept_until } = *append;
        let name = ChainName { tenant: actor.tenant, subject: &subject_key.subject };
        let mut chain = chain.clone();
        for event in events {
            let (next, entry) = next(&AuditAppend { chain: &chain, ..*append }, event, unit.context())?;
            let item = EntryItem { entry: entry.text, removable_at: removable_at(kept_until) };
            unit.create(&self.entries, &entry_key(name, entry.sequence), &item, Error::Stale)?;
            chain = next;
        }
        Ok(chain)
    }

    /// Deletes a subject's data key: nothing that was sealed under it can be read after that.
    pub(crate) fn delete_key(&self, unit: &mut UnitOfWork, tenant: Tenant, subject: &Subject) {
        unit.delete(&self.keys, Change::of_any(key_key(tenant, subject)), Error::Stale);
    }

    /// The data key of a subject, if it still has one. An unreadable key is an internal error: nothing may go on as if
    /// the key had been deleted.
    pub async fn subject_key(&self, tenant: Tenant, subject: Subject) -> Result<SubjectKey, Error> {
        let key = match self.key(tenant, &subject).await? {
            FoundKey::Kept(key) => Some(key),
            FoundKey::Deleted => None,
            FoundKey::Unreadable => return Err(unreadable_key()),
        };
        Ok(SubjectKey { subject, key })
    }

    async fn key(&self, tenant: Tenant, subject: &Subject) -> Result<FoundKey, Error> {
        let item: Option<ReadKeyItem> = self.database.get(&self.keys, &key_key(tenant, subject)).await?;
        let Some(ReadKeyItem { key }) = item else { return Ok(FoundKey::Deleted) };
        let Readable::Text(key) = key else { return Ok(FoundKey::Unreadable) };
        let key = hex::decode(key).ok().and_then(|bytes| DataKey::from_bytes(&bytes));
        Ok(key.map_or(FoundKey::Unreadable, FoundKey::Kept))
    }

    /// A subject's trail, opened and verified against the chain that its item holds.
    pub(crate) async fn read_trail(&self, tenant: Tenant, subject: &Subject, chain: &Chain) -> Result<Trail, Error> {
        let name = ChainName { tenant, subject };
        let (entries, key) = try_join(self.read(name, chain), self.key(tenant, subject)).await?;
        Ok(Trail::of(name, entries, chain, &key))
    }

    /// The entries of a trail in their order, and one more than its chain has,
    /// if there is one: under whatever key it stands, it is read.
    async fn read(&self, name: ChainName<'_>, chain: &Chain) -> Result<Vec<Stored>, Error> {
        let first = entry_key(name, 1);
        let limit = usize::try_from(chain.length).unwrap_or(READ).min(READ) + 1;
        let items = self.database.query_partition(&self.entries, &first, limit).await?;
        let stored = |(item, sequence): (Item, u64)| {
            let has_expected_key = item.get(SORT) == Some(&entry_key(name, sequence).sort());
            let entry = match from_item::<ReadItem>(item)?.entry {
                Readable::Text(text) => json::parse(text.as_bytes()).unwrap_or(Value::Null),
                Readable::Other(_) => Value::Null,
            };
            Ok(Stored { has_expected_key, entry })
        };
        items.into_iter().zip(1..).map(stored).collect()
    }
}

/// A chain with one more entry, and that entry, for a subject whose own item holds it.
pub(crate) fn next(
    AuditAppend { actor, subject_key, chain, .. }: &AuditAppend<'_>,
    event: &AuditEvent,
    context: &RequestContext,
) -> Result<(Chain, Entry), Error> {
    let name = ChainName { tenant: actor.tenant, subject: &subject_key.subject };
    chain
        .append(name, event, actor.key_id, subject_key.key.as_ref(), context)
        .ok_or_else(|| Error::Internal("an audit entry has no canonical JSON".to_owned()))
}

fn unreadable_key() -> Error {
    Error::Internal("a data key cannot be read".to_owned())
}

fn removable_at(kept_until: Option<Timestamp>) -> Option<i64> {
    kept_until.map(|kept_until| kept_until.plus_days(DAYS_BEYOND).seconds())
}

fn key_key(tenant: Tenant, subject: &Subject) -> Key {
    Key::of_tenant(tenant, &[subject.as_str()], &["key"])
}

/// The sequence is padded so that entries sort as numbers do.
fn entry_key(name: ChainName<'_>, sequence: u64) -> Key {
    Key::of_tenant(name.tenant, &[name.subject.as_str()], &["entry", &format!("{sequence:020}")])
}
