//! Audit trails, an item for each entry, and beside them, in a table of their
//! own without backups, the data keys under which what is personal is sealed:
//! a deleted key is gone.

use crate::{
    domain::{
        Tenant, Timestamp,
        audit::{Actor, Chain, ChainName, Entry, Note, Subject},
        consent_record::ConsentRecord,
        json,
        seal::{DataKey, FoundKey},
        trail::{Stored, Trail},
    },
    store::{
        ConsentRecords, Database, Error,
        database::{Item, from_item, table},
        key::{Key, SORT},
        transaction::{Change, Transaction},
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

/// A subject, and the data key under which what tells of it is sealed; none
/// once it was deleted.
#[derive(Clone)]
pub struct Sealing {
    /// Of what.
    pub subject: Subject,
    /// Its key.
    pub key: Option<DataKey>,
}

/// What is to be appended to a subject's trail: by whom, after what, sealed
/// under what, and until when the subject itself is kept, where that ends.
pub(crate) struct Appending<'a> {
    pub(crate) actor: Actor,
    pub(crate) sealing: &'a Sealing,
    pub(crate) chain: &'a Chain,
    pub(crate) kept_until: Option<Timestamp>,
}

impl AuditTrails {
    /// The tables that `AUDIT_ENTRIES_TABLE` and `PERSONAL_DATA_KEYS_TABLE` name.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            entries: table("AUDIT_ENTRIES_TABLE", "AuditEntriesTable"),
            keys: table("PERSONAL_DATA_KEYS_TABLE", "PersonalDataKeysTable"),
        }
    }

    /// Adds to a transaction that a subject gets a data key and its trail's
    /// first entry.
    pub(crate) fn begin<'call>(
        &self,
        transaction: Transaction<'call>,
        (actor, subject, kept_until): (Actor, Subject, Option<Timestamp>),
        note: &Note,
    ) -> Result<(Transaction<'call>, Chain, Sealing), Error> {
        let (transaction, sealing) = self.key_in(transaction, (actor.tenant, subject, kept_until))?;
        let appending = Appending { actor, sealing: &sealing, chain: &Chain::default(), kept_until };
        let (transaction, chain) = self.append(transaction, &appending, std::slice::from_ref(note))?;
        Ok((transaction, chain, sealing))
    }

    /// Adds to a transaction that a subject gets a data key.
    pub(crate) fn key_in<'call>(
        &self,
        transaction: Transaction<'call>,
        (tenant, subject, kept_until): (Tenant, Subject, Option<Timestamp>),
    ) -> Result<(Transaction<'call>, Sealing), Error> {
        let key = DataKey::fresh(transaction.occasion());
        let item = KeyItem { key: hex::encode(key.bytes()), removable_at: removable_at(kept_until) };
        let transaction = transaction.create_or(&self.keys, &key_key(tenant, &subject), &item, Error::Stale)?;
        Ok((transaction, Sealing { subject, key: Some(key) }))
    }

    /// Adds to a transaction that a subject has a data key, and keeps it until
    /// then at the least: the one it has, else one that is made for it. A key
    /// that will be kept for so long is left as it is.
    pub(crate) async fn key_until<'call>(
        &self,
        transaction: Transaction<'call>,
        (tenant, subject, kept_until): (Tenant, Subject, Timestamp),
    ) -> Result<(Transaction<'call>, Sealing), Error> {
        let place = key_key(tenant, &subject);
        let Some(item) = self.database.get::<KeyItem>(&self.keys, &place).await? else {
            return self.key_in(transaction, (tenant, subject, Some(kept_until)));
        };
        let key = hex::decode(&item.key).ok().and_then(|bytes| DataKey::from_bytes(&bytes));
        let key = key.ok_or_else(|| Error::Fault("a data key is none".to_owned()))?;
        let transaction = if item.removable_at.is_some_and(|removable| removable > kept_until.seconds()) {
            transaction
        } else {
            let longer =
                Change::of(place).when("key", &item.key)?.set("removableAt", &removable_at(Some(kept_until)))?;
            transaction.update(&self.keys, longer, |_| Error::Stale)
        };
        Ok((transaction, Sealing { subject, key: Some(key) }))
    }

    /// Adds entries to a transaction. It must change the subject on condition
    /// that its chain is still as it was read, to what is returned.
    pub(crate) fn append<'call>(
        &self,
        mut transaction: Transaction<'call>,
        appending: &Appending<'_>,
        notes: &[Note],
    ) -> Result<(Transaction<'call>, Chain), Error> {
        let Appending { actor, sealing, chain, kept_until } = *appending;
        let name = ChainName { tenant: actor.tenant, subject: &sealing.subject };
        let mut chain = chain.clone();
        for note in notes {
            let (next, entry) = next(&Appending { actor, sealing, chain: &chain, kept_until }, note, &transaction)?;
            let key = entry_key(name, entry.sequence);
            let item = EntryItem { entry: entry.text, removable_at: removable_at(kept_until) };
            transaction = transaction.create_or(&self.entries, &key, &item, Error::Stale)?;
            chain = next;
        }
        Ok((transaction, chain))
    }

    /// Adds to a transaction that a subject's data key is deleted: nothing that
    /// was sealed under it can be read after that.
    pub(crate) fn forget<'call>(
        &self,
        transaction: Transaction<'call>,
        tenant: Tenant,
        subject: &Subject,
    ) -> Transaction<'call> {
        transaction.delete(&self.keys, Change::of_any(key_key(tenant, subject)), |_| Error::Stale)
    }

    /// A subject with its data key, if it has one still. What is there and is no key is a fault: nothing may go on as
    /// if it had been deleted.
    pub async fn sealing(&self, tenant: Tenant, subject: Subject) -> Result<Sealing, Error> {
        let key = match self.key(tenant, &subject).await? {
            FoundKey::Kept(key) => Some(key),
            FoundKey::Deleted => None,
            FoundKey::Unreadable => return Err(Error::Fault("a data key is none".to_owned())),
        };
        Ok(Sealing { subject, key })
    }

    async fn key(&self, tenant: Tenant, subject: &Subject) -> Result<FoundKey, Error> {
        let item: Option<ReadKeyItem> = self.database.get(&self.keys, &key_key(tenant, subject)).await?;
        let Some(ReadKeyItem { key }) = item else { return Ok(FoundKey::Deleted) };
        let Readable::Text(key) = key else { return Ok(FoundKey::Unreadable) };
        let key = hex::decode(key).ok().and_then(|bytes| DataKey::from_bytes(&bytes));
        Ok(key.map_or(FoundKey::Unreadable, FoundKey::Kept))
    }

    /// A record's trail, opened and verified. `record` may be older than the
    /// trail: it is read again where the two do not fit.
    pub async fn of_record(
        &self,
        tenant: Tenant,
        record: &ConsentRecord,
        records: &ConsentRecords,
    ) -> Result<Trail, Error> {
        let subject = Subject::record(record.record_id);
        let name = ChainName { tenant, subject: &subject };
        let mut chain = record.chain.clone();
        loop {
            let (entries, key) = try_join(self.read(name, &chain), self.key(tenant, &subject)).await?;
            let trail = Trail::of(name, entries, &chain, &key);
            if trail.first_invalid.is_none() {
                return Ok(trail);
            }
            // Perhaps it has only grown since the record was read.
            let now = records.get(tenant, record.record_id).await?.chain;
            if now == chain {
                return Ok(trail);
            }
            chain = now;
        }
    }

    /// The entries of a trail in their order, and one more than its chain has,
    /// if there is one: under whatever key it stands, it is read.
    async fn read(&self, name: ChainName<'_>, chain: &Chain) -> Result<Vec<Stored>, Error> {
        let first = entry_key(name, 1);
        let limit = usize::try_from(chain.length).unwrap_or(READ).min(READ) + 1;
        let items = self.database.query_partition(&self.entries, &first, limit).await?;
        let stored = |(item, sequence): (Item, u64)| {
            let in_place = item.get(SORT) == Some(&entry_key(name, sequence).sort());
            let entry = match from_item::<ReadItem>(item)?.entry {
                Readable::Text(text) => json::parse(text.as_bytes()).unwrap_or(Value::Null),
                Readable::Other(_) => Value::Null,
            };
            Ok(Stored { in_place, entry })
        };
        items.into_iter().zip(1..).map(stored).collect()
    }
}

/// A chain with one more entry, and that entry, for who keeps it elsewhere.
pub(crate) fn next(
    Appending { actor, sealing, chain, .. }: &Appending<'_>,
    note: &Note,
    transaction: &Transaction<'_>,
) -> Result<(Chain, Entry), Error> {
    let name = ChainName { tenant: actor.tenant, subject: &sealing.subject };
    chain
        .append(name, note, (actor.key_id, sealing.key.as_ref()), transaction.occasion())
        .ok_or_else(|| Error::Fault("an entry could not be made".to_owned()))
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
