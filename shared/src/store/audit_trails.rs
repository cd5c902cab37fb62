//! Audit trails, with an item for each entry, and the data keys under which
//! personal data is sealed. The keys have a table of their own, which has no
//! backups: a deleted key cannot be restored.

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
        schema,
    },
};
use futures_util::future::try_join;
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::Value;

/// For how many more days than its subject an entry and its data key are kept, so
/// that a subject is never without its trail.
pub(super) const DAYS_BEYOND: u32 = 30;
/// The most entries of a trail that are read: far more than the trail of a consent
/// record can have.
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
pub(super) struct EntryItem {
    /// The entry's canonical JSON.
    pub(super) entry: String,
    /// `DynamoDB` removes the item some time after this second.
    #[serde(default)]
    pub(super) removable_at: Option<i64>,
}

/// An entry's item as it is read. Anyone who can write the table can have stored any value.
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

/// A data key's item as it is read. Anyone who can write the table can have stored any value.
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

/// The parameters of an append to a subject's trail.
pub(crate) struct AuditAppend<'a> {
    /// The API key that acts.
    pub(crate) actor: Actor,
    /// The subject, and the data key under which personal data is sealed.
    pub(crate) subject_key: &'a SubjectKey,
    /// The chain as it was read.
    pub(crate) chain: &'a Chain,
    /// The end of the subject's retention, if it ends.
    pub(crate) kept_until: Option<Timestamp>,
}

/// A subject that gets a data key.
pub(crate) struct KeyOwner {
    pub(crate) subject: Subject,
    /// The end of the subject's retention, if it ends.
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

    /// Creates a subject's data key, and the first entry of its trail.
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

    /// Creates a subject's data key.
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

    /// Ensures that a subject has a data key that is kept at least until the given
    /// moment. The key is created if it does not exist, and its retention is
    /// extended if that ends too early.
    pub(crate) async fn ensure_key(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        subject: Subject,
        kept_until: Timestamp,
    ) -> Result<SubjectKey, Error> {
        let item_key = key_key(tenant, &subject);
        let Some(item) = self.database.get::<KeyItem>(&self.keys, &item_key).await? else {
            return self.create_key(unit, tenant, KeyOwner { subject, kept_until: Some(kept_until) });
        };
        let key = hex::decode(&item.key).ok().and_then(|bytes| DataKey::from_bytes(&bytes));
        let key = key.ok_or_else(unreadable_key)?;
        if item.removable_at.is_none_or(|removable| removable <= kept_until.seconds()) {
            let extended =
                Change::of(item_key).when("key", &item.key)?.set("removableAt", &removable_at(Some(kept_until)))?;
            unit.update(&self.keys, extended, Error::Stale);
        }
        Ok(SubjectKey { subject, key: Some(key) })
    }

    /// Appends entries to a trail and returns the new chain. In the same unit of
    /// work the caller must replace the chain in the subject's own item, on
    /// condition that it is still the one that was read.
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

    /// Deletes a subject's data key. After that, nobody can read the data that was sealed under it.
    pub(crate) fn delete_key(&self, unit: &mut UnitOfWork, tenant: Tenant, subject: &Subject) {
        unit.delete(&self.keys, Change::of_any(key_key(tenant, subject)), Error::Stale);
    }

    /// The data key of a subject, if it was not deleted. An unreadable key is an
    /// internal error, so that its data does not count as erased.
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

    /// The entries of a trail that are stored, whatever its chain says. An unreadable one is null.
    pub(super) async fn stored(&self, name: ChainName<'_>) -> Result<Vec<Value>, Error> {
        let every = Chain { length: u64::MAX, head: None };
        let stored = self.read(name, &every).await?.into_iter();
        Ok(stored.map(|stored| if stored.has_expected_key { stored.entry } else { Value::Null }).collect())
    }

    /// The entries of a trail in the order of their keys. One item more than the
    /// chain has is read, whatever its key is, so that a surplus entry is noticed.
    async fn read(&self, name: ChainName<'_>, chain: &Chain) -> Result<Vec<Stored>, Error> {
        let first = entry_key(name, 1);
        let limit = usize::try_from(chain.length).unwrap_or(READ).min(READ) + 1;
        let items = self.database.query_partition(&self.entries, &first, limit).await?;
        let stored = |(item, sequence): (Item, u64)| {
            let has_expected_key = item.get(SORT) == Some(&entry_key(name, sequence).sort());
            let entry = match from_item::<ReadItem>(schema::marked(item))?.entry {
                Readable::Text(text) => json::parse(text.as_bytes()).unwrap_or(Value::Null),
                Readable::Other(_) => Value::Null,
            };
            Ok(Stored { has_expected_key, entry })
        };
        items.into_iter().zip(1..).map(stored).collect()
    }
}

/// A chain with one more entry, and that entry. Nothing is written.
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

/// The time after which what outlives a subject is removed, if the subject's retention ends.
pub(crate) fn removable_at(kept_until: Option<Timestamp>) -> Option<i64> {
    kept_until.map(|kept_until| kept_until.plus_days(DAYS_BEYOND).seconds())
}

fn key_key(tenant: Tenant, subject: &Subject) -> Key {
    Key::of_tenant(tenant, &[subject.as_str()], &["key"])
}

/// The sequence is padded so that entries sort in numerical order.
pub(super) fn entry_key(name: ChainName<'_>, sequence: u64) -> Key {
    Key::of_tenant(name.tenant, &[name.subject.as_str()], &["entry", &format!("{sequence:020}")])
}
