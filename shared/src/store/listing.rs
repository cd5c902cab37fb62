//! Lists, newest first. A list has entries of its own beside the listed items, so
//! that the cost of a page does not depend on the number of items.
//!
//! A tenant's own lists are spread over shards, because every creation writes an
//! entry and the writes to one partition are limited (store/shards.rs). A page merges
//! the newest entries of all shards, of which it reads about as many as it needs. The
//! list of a person or a notice always has one shard.

use crate::{
    domain::{DomainError, Tenant, identifiers::PrincipalId},
    store::{
        Database, Error,
        database::{Item, from_item},
        key::{Key, PARTITION, SORT},
        shards::{Epochs, Shards},
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// How many shards are read at the same time.
const PARALLEL: usize = 16;
/// How many entries a page examines to find those that match its filters.
const EXAMINED: usize = 500;
/// How many entries are read at once, so that a small page of rare items needs few rounds.
const ROUND: usize = 100;
/// The size of a page's items, in bytes of the response, after which the page ends.
/// Lambda's limit is 6 MB, in which the JSON body is escaped as a JSON string.
pub const PAGE_BYTES: usize = 4 * 1024 * 1024;

/// The most entries of a person's list that are read as a whole.
const WHOLE: usize = 10_000;
/// The attribute of an entry's summary.
pub(crate) const SUMMARY: &str = "summary";

/// An entry without content: its position is the id of the listed item.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pointer {}

/// An entry with a summary of the listed item. The entries of older items have none.
#[derive(Serialize, Deserialize)]
pub(crate) struct Summarised<T> {
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub(crate) summary: Option<T>,
}

impl<T> Summarised<T> {
    /// The summaries of these entries, and the positions of those without one.
    pub(crate) fn split(entries: Vec<Entry<Self>>) -> (Vec<T>, Vec<String>) {
        let (mut summaries, mut without) = (Vec::with_capacity(entries.len()), Vec::new());
        for Entry { position, item } in entries {
            match item.summary {
                Some(summary) => summaries.push(summary),
                None => without.push(position),
            }
        }
        (summaries, without)
    }
}

/// A list within a table.
pub(crate) struct Listing<'a> {
    table: &'a str,
    tenant: Tenant,
    /// The name of the list within the tenant.
    name: &'a [&'a str],
    epochs: Arc<Epochs>,
    /// The lowest position that is read.
    lowest: &'a str,
}

/// A request for a page of a list.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// The most items that the page may have.
    pub limit: usize,
    /// The position of the last item of the page before, if any.
    pub after: Option<String>,
}

impl PageRequest {
    /// The page of a short list that was read completely. The order stays as it is,
    /// and positions count from 1.
    pub fn of<T: Serialize>(&self, items: Vec<T>) -> Page<T> {
        let seen = self.after.as_ref().and_then(|position| position.parse().ok()).unwrap_or(0);
        let (mut page, mut weight) = (Page { items: Vec::new(), next: None }, 0);
        for (item, position) in items.into_iter().zip(1_usize..).skip(seen) {
            if page.items.len() == self.limit || weight >= PAGE_BYTES {
                page.next = Some((position - 1).to_string());
                break;
            }
            weight += weight_of(&item);
            page.items.push(item);
        }
        page
    }

    /// The page of a short list that was read completely and is sorted by these
    /// positions. An item that is added or removed meanwhile moves no other one.
    pub fn of_sorted<T>(&self, items: Vec<T>, position: impl Fn(&T) -> String) -> Page<T> {
        let following = |item: &T| self.after.as_ref().is_none_or(|after| position(item) > *after);
        let mut items: Vec<T> = items.into_iter().filter(following).collect();
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        let next = items.last().filter(|_| more).map(position);
        Page { items, next }
    }
}

/// A page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// The position of the last item, if more items follow.
    pub next: Option<String>,
}

/// An entry of a list.
pub(crate) struct Entry<T> {
    pub(crate) position: String,
    pub(crate) item: T,
}

/// The name of a principal's list.
pub(crate) fn of_principal(principal_id: &PrincipalId) -> [&str; 2] {
    of_person(principal_id.as_str())
}

/// The name of the list of a person whom an organisation knows by this id.
pub(crate) fn of_person(name: &str) -> [&str; 2] {
    ["principal", name]
}

impl<'a> Listing<'a> {
    /// The list of all items of a kind that a tenant has. The first part of its name is
    /// the kind.
    pub(crate) async fn of_tenant(
        database: &Database,
        table: &'a str,
        tenant: Tenant,
        name: &'a [&'a str],
    ) -> Result<Self, Error> {
        let kind = name.first().copied().unwrap_or_default();
        Ok(Self { epochs: database.epochs(table, tenant, kind).await?, ..Self::of_one(table, tenant, name) })
    }

    /// A list that belongs to one person or one item.
    pub(crate) fn of_one(table: &'a str, tenant: Tenant, name: &'a [&'a str]) -> Self {
        Self { table, tenant, name, epochs: Arc::default(), lowest: "" }
    }

    /// The list of a person, if one is given as named by [`of_principal`]; otherwise
    /// the tenant's list with the name `all`.
    pub(crate) async fn of_principal_or_all(
        database: &Database,
        table: &'a str,
        tenant: Tenant,
        of_principal: Option<&'a [&'a str; 2]>,
        all: &'a [&'a str],
    ) -> Result<Self, Error> {
        match of_principal {
            Some(of_principal) => Ok(Self::of_one(table, tenant, of_principal)),
            None => Self::of_tenant(database, table, tenant, all).await,
        }
    }

    /// The list without the positions below `lowest`.
    pub(crate) fn down_to(self, lowest: &'a str) -> Self {
        Self { lowest, ..self }
    }

    /// The key of the entry at a position.
    pub(crate) fn key(&self, position: &str) -> Key {
        let (epoch, shards) = self.epochs.of(position);
        self.shard_key(epoch, shards.of(position), position)
    }

    fn shard_key(&self, epoch: usize, shard: u16, position: &str) -> Key {
        let (epoch, shard) = (epoch.to_string(), shard.to_string());
        let partition: Vec<&str> = ["list"].iter().chain(self.name).copied().chain([&*epoch, &*shard]).collect();
        Key::of_tenant(self.tenant, &partition, &[position])
    }

    /// A page of the list. One entry more is read, to know whether there is a next page.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        database: &Database,
        page: &PageRequest,
    ) -> Result<Page<Entry<T>>, Error> {
        // All positions sort below this.
        let below = page.after.as_deref().unwrap_or("~");
        let mut items = Vec::new();
        for (epoch, shards) in self.epochs.between(self.lowest, below) {
            let wanted = page.limit + 1 - items.len();
            items.extend(self.read_epoch(database, epoch, shards, below, wanted).await?);
            if items.len() > page.limit {
                break;
            }
        }
        let more = items.len() > page.limit;
        items.truncate(page.limit);
        let next = items.last().filter(|_| more).map(|entry: &Entry<T>| entry.position.clone());
        Ok(Page { items, next })
    }

    /// The newest entries below a position, at least as many as are wanted if there are,
    /// newest first.
    async fn read_epoch<T: DeserializeOwned>(
        &self,
        database: &Database,
        epoch: usize,
        shards: Shards,
        below: &str,
        wanted: usize,
    ) -> Result<Vec<Entry<T>>, Error> {
        let mut unread: Vec<Unread> =
            (0..shards.count()).map(|shard| Unread { shard, below: below.to_owned() }).collect();
        let mut read: Vec<Entry<T>> = Vec::new();
        loop {
            // Of the entries that were read, these are the newest of the epoch: a shard may have unread ones only below.
            let certain = read.partition_point(|entry| unread.iter().all(|unread| entry.position >= unread.below));
            if certain >= wanted || unread.is_empty() {
                read.truncate(certain);
                return Ok(read);
            }
            // A shard need not be read further if enough entries are newer than what it may still have.
            let last = read.get(wanted - 1).map(|entry| entry.position.clone()).unwrap_or_default();
            let (open, other) = unread.into_iter().partition(|unread| unread.below > last);
            let limit = share(shards, wanted - certain);
            let steps = stream::iter(Vec::into_iter(open)).map(|open| self.read_shard(database, epoch, open, limit));
            let steps: Vec<(Vec<Entry<T>>, Option<Unread>)> = steps.buffer_unordered(PARALLEL).try_collect().await?;
            unread = other;
            for (entries, left) in steps {
                read.extend(entries);
                unread.extend(left);
            }
            read.sort_by(|left, right| right.position.cmp(&left.position));
        }
    }

    /// Reads entries of a shard. Also returns what is left to read of it, if anything.
    async fn read_shard<T: DeserializeOwned>(
        &self,
        database: &Database,
        epoch: usize,
        from: Unread,
        limit: usize,
    ) -> Result<(Vec<Entry<T>>, Option<Unread>), Error> {
        let limit = i32::try_from(limit).unwrap_or(i32::MAX);
        let key = self.shard_key(epoch, from.shard, &from.below);
        let (items, whole) = database.query_below(self.table, &key, limit).await?;
        let mut entries = items.into_iter().map(entry).collect::<Result<Vec<Entry<T>>, Error>>()?;
        let read = entries.len();
        entries.retain(|entry| entry.position.as_str() >= self.lowest);
        let last = entries.last().filter(|_| !whole && entries.len() == read);
        let left = last.map(|last| Unread { shard: from.shard, below: last.position.clone() });
        Ok((entries, left))
    }

    /// Up to `limit` entries above the position `after`, up to the position `last`, oldest first.
    pub(crate) async fn oldest<T: DeserializeOwned>(
        &self,
        database: &Database,
        after: &str,
        last: &str,
        limit: usize,
    ) -> Result<Vec<Entry<T>>, Error> {
        let mut oldest = Vec::new();
        let epochs: Vec<_> = self.epochs.between(after, last).collect();
        // It sorts above `after`, and below all that do.
        let low = format!("{after}\u{1}");
        for (epoch, shards) in epochs.into_iter().rev() {
            let wanted = limit - oldest.len();
            let reads = (0..shards.count()).map(|shard| {
                let (low, high) = (self.shard_key(epoch, shard, &low), self.shard_key(epoch, shard, last));
                async move { database.query_oldest(self.table, &low, &high, wanted).await }
            });
            let reads: Vec<Vec<Item>> =
                stream::iter(reads.collect::<Vec<_>>()).buffered(PARALLEL).try_collect().await?;
            let mut read = reads.into_iter().flatten().map(entry).collect::<Result<Vec<Entry<T>>, Error>>()?;
            read.sort_by(|left, right| left.position.cmp(&right.position));
            read.truncate(wanted);
            oldest.extend(read);
            if oldest.len() == limit {
                break;
            }
        }
        Ok(oldest)
    }

    /// All entries of a list without shards, oldest first. So an entry that was added
    /// while the list was read, and before an older one changed, is among them. Fails if
    /// the list is so long that a function may not have the time or the memory for it.
    pub(crate) async fn read_all<T: DeserializeOwned>(&self, database: &Database) -> Result<Vec<Entry<T>>, Error> {
        let items = database.query_partition(self.table, &self.shard_key(0, 0, ""), WHOLE + 1).await?;
        if items.len() > WHOLE {
            return Err(DomainError::TooManyOfPerson.into());
        }
        items.into_iter().map(entry).collect()
    }

    /// A page of the items that `resolve` returns for the list's entries. `resolve`
    /// returns one result for each entry, in the same order; `None` leaves the entry
    /// out. The number of examined entries and the size of the page are limited, so
    /// a page may be short and still have a next one.
    pub(crate) async fn select<E: DeserializeOwned, T: Serialize, F>(
        &self,
        database: &Database,
        page: &PageRequest,
        resolve: impl Fn(Vec<Entry<E>>) -> F,
    ) -> Result<Page<T>, Error>
    where
        F: Future<Output = Result<Vec<Option<T>>, Error>>,
    {
        let (mut items, mut after) = (Vec::new(), page.after.clone());
        let (mut limit, mut examined, mut weight) = (page.limit, 0, 0);
        loop {
            let Page { items: entries, next } = self.read(database, &PageRequest { limit, after }).await?;
            examined += entries.len();
            let positions: Vec<String> = entries.iter().map(|entry: &Entry<E>| entry.position.clone()).collect();
            let mut resolved = positions.into_iter().zip(resolve(entries).await?).peekable();
            while let Some((position, item)) = resolved.next() {
                let Some(item) = item else { continue };
                weight += weight_of(&item);
                items.push(item);
                if items.len() == page.limit || weight >= PAGE_BYTES {
                    let more = next.is_some() || resolved.peek().is_some();
                    return Ok(Page { items, next: Some(position).filter(|_| more) });
                }
            }
            if next.is_none() || examined >= EXAMINED {
                return Ok(Page { items, next });
            }
            (after, limit) = (next, ROUND);
        }
    }
}

/// What is left to read of a shard: its entries below a position.
struct Unread {
    shard: u16,
    below: String,
}

/// How many entries of each shard are read to find so many: its share, and a little more,
/// because entries are not spread evenly.
fn share(shards: Shards, wanted: usize) -> usize {
    let count = usize::from(shards.count());
    if count == 1 {
        return wanted;
    }
    let share = wanted.div_ceil(count);
    share + 2 * share.isqrt() + 1
}

fn entry<T: DeserializeOwned>(mut item: Item) -> Result<Entry<T>, Error> {
    let Some(AttributeValue::S(position)) = item.remove(SORT) else {
        return Err(Error::Internal("an entry has no position".to_owned()));
    };
    item.remove(PARTITION);
    Ok(Entry { position, item: from_item(item)? })
}

/// The bytes of an item in Lambda's response: its JSON, in which quotes and
/// backslashes are escaped once more.
pub(crate) fn weight_of(item: &impl Serialize) -> usize {
    let json = serde_json::to_string(item).unwrap_or_default();
    json.len() + json.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_has_pages() {
        let read = |limit, after: Option<&str>| {
            let page = PageRequest { limit, after: after.map(ToOwned::to_owned) }.of(vec!["a", "b", "c"]);
            (page.items, page.next)
        };
        assert_eq!(read(2, None), (vec!["a", "b"], Some("2".to_owned())));
        assert_eq!(read(2, Some("2")), (vec!["c"], None));
        assert_eq!(read(3, None), (vec!["a", "b", "c"], None));
        assert_eq!(read(1, Some("3")), (vec![], None));
        let heavy = vec!["x".repeat(PAGE_BYTES); 2];
        let page = PageRequest { limit: 9, after: None }.of(heavy);
        assert_eq!((page.items.len(), page.next), (1, Some("1".to_owned())));
    }
}
