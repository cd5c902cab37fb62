//! Lists, newest first: entries of their own beside the items they list, so
//! that a page costs the same however many items there are.
//!
//! A tenant's own lists are spread over shards, because every creation writes
//! there and one partition takes only so many writes; a page reads the newest
//! of each shard and merges them. A person's or a notice's list needs no shards.

use crate::{
    domain::{Tenant, identifiers::PrincipalId},
    store::{
        Database, Error,
        database::from_item,
        key::{Key, PARTITION, SORT},
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Over how many partitions a tenant's own list is spread: so many are read at
/// once. Changing it loses entries.
pub const SHARDS: u8 = 4;

/// How many entries a page looks at for those that pass its filters.
const EXAMINED: usize = 500;
/// How many of them at once, so that a small page of rare items takes few rounds.
const ROUND: usize = 100;
/// How many bytes of an answer a page's items may take, but for its last one.
/// Lambda hands over 6 MB, in which the JSON body is itself a JSON text.
pub const PAGE_BYTES: usize = 4 * 1024 * 1024;

/// An entry that holds nothing: its position is the id of the item it leads to.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pointer {}

/// A list within a table.
#[derive(Clone, Copy)]
pub(crate) struct Listing<'a> {
    table: &'a str,
    tenant: Tenant,
    /// What names the list, within the tenant.
    name: &'a [&'a str],
    shards: u8,
    /// Below this position nothing is read.
    lowest: &'a str,
}

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// How many items, at the most.
    pub limit: usize,
    /// The position of the last item that was seen.
    pub after: Option<String>,
}

impl PageRequest {
    /// The part of a short list that was read whole, in its own order; its
    /// positions count from 1.
    pub fn of<T: Serialize>(&self, items: Vec<T>) -> Page<T> {
        let seen = self.after.as_ref().and_then(|position| position.parse().ok()).unwrap_or(0);
        let (mut part, mut weight) = (Page { items: Vec::new(), next: None }, 0);
        for (item, position) in items.into_iter().zip(1_usize..).skip(seen) {
            if part.items.len() == self.limit || weight >= PAGE_BYTES {
                part.next = Some((position - 1).to_string());
                break;
            }
            weight += weight_of(&item);
            part.items.push(item);
        }
        part
    }
}

/// A part of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// The items, newest first.
    pub items: Vec<T>,
    /// The position of the last one, where more follow.
    pub next: Option<String>,
}

/// An entry: where it stands, and what it holds.
pub(crate) struct Entry<T> {
    pub(crate) position: String,
    pub(crate) item: T,
}

/// What names a principal's list.
pub(crate) fn of_principal(principal_id: &PrincipalId) -> [&str; 2] {
    of_person(principal_id.as_str())
}

/// What names the list of whoever an organisation calls this.
pub(crate) fn of_person(name: &str) -> [&str; 2] {
    ["principal", name]
}

impl<'a> Listing<'a> {
    /// A list of all that a tenant has of a kind.
    pub(crate) fn of_tenant(table: &'a str, tenant: Tenant, name: &'a [&'a str]) -> Self {
        Self { table, tenant, name, shards: SHARDS, lowest: "" }
    }

    /// A list of what belongs to one person or one item.
    pub(crate) fn of_one(table: &'a str, tenant: Tenant, name: &'a [&'a str]) -> Self {
        Self { table, tenant, name, shards: 1, lowest: "" }
    }

    /// A person's list where there is one to be named, as [`of_principal`] does
    /// it; else all that the tenant has of the kind.
    pub(crate) fn of_principal_or_all(
        table: &'a str,
        tenant: Tenant,
        of_principal: Option<&'a [&'a str; 2]>,
        all: &'a [&'a str],
    ) -> Self {
        match of_principal {
            Some(of_principal) => Self::of_one(table, tenant, of_principal),
            None => Self::of_tenant(table, tenant, all),
        }
    }

    /// The part of the list from this position on.
    pub(crate) fn down_to(self, lowest: &'a str) -> Self {
        Self { lowest, ..self }
    }

    /// The key of the entry at a position. Places sort by time; their last
    /// characters are random.
    pub(crate) fn key(&self, position: &str) -> Key {
        let shard = position.bytes().last().unwrap_or_default() % self.shards;
        self.shard_key(shard, position)
    }

    fn shard_key(&self, shard: u8, position: &str) -> Key {
        let shard = shard.to_string();
        let partition: Vec<&str> = ["list"].iter().chain(self.name).copied().chain([shard.as_str()]).collect();
        Key::of_tenant(self.tenant, &partition, &[position])
    }

    /// A page of the list. One entry more than asked is read of each shard, so
    /// that the last page is known to be the last.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        database: &Database,
        page: &PageRequest,
    ) -> Result<Page<Entry<T>>, Error> {
        let shards = (0..self.shards).map(|shard| self.read_shard(database, shard, page));
        let mut items: Vec<Entry<T>> = try_join_all(shards).await?.into_iter().flatten().collect();
        items.sort_by(|left, right| right.position.cmp(&left.position));
        let more = items.len() > page.limit;
        items.truncate(page.limit);
        let next = items.last().filter(|_| more).map(|entry| entry.position.clone());
        Ok(Page { items, next })
    }

    /// A page of those items in the list that `resolve` makes something of,
    /// one for each entry and in the entries' order. It looks at a bounded number
    /// of entries and ends once it is heavy enough, so a page may be short and
    /// still have a next one.
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

    async fn read_shard<T: DeserializeOwned>(
        &self,
        database: &Database,
        shard: u8,
        page: &PageRequest,
    ) -> Result<Vec<Entry<T>>, Error> {
        let wanted = page.limit + 1;
        // Every position sorts below this.
        let mut below = page.after.clone().unwrap_or_else(|| "~".to_owned());
        let mut entries = Vec::new();
        loop {
            let left = i32::try_from(wanted - entries.len()).unwrap_or(i32::MAX);
            let (items, whole) = database.query_below(self.table, &self.shard_key(shard, &below), left).await?;
            for mut item in items {
                let Some(AttributeValue::S(position)) = item.remove(SORT) else {
                    return Err(Error::Internal("an entry without a position".to_owned()));
                };
                if position.as_str() < self.lowest {
                    return Ok(entries);
                }
                item.remove(PARTITION);
                below.clone_from(&position);
                entries.push(Entry { position, item: from_item(item)? });
            }
            if whole || entries.len() >= wanted {
                return Ok(entries);
            }
        }
    }
}

/// How many bytes of Lambda's answer a item takes: its JSON, of which quotes
/// and backslashes are escaped once more.
pub(crate) fn weight_of(item: &impl Serialize) -> usize {
    let json = serde_json::to_string(item).unwrap_or_default();
    json.len() + json.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_is_read_in_parts() {
        let read = |limit, after: Option<&str>| {
            let part = PageRequest { limit, after: after.map(ToOwned::to_owned) }.of(vec!["a", "b", "c"]);
            (part.items, part.next)
        };
        assert_eq!(read(2, None), (vec!["a", "b"], Some("2".to_owned())));
        assert_eq!(read(2, Some("2")), (vec!["c"], None));
        assert_eq!(read(3, None), (vec!["a", "b", "c"], None));
        assert_eq!(read(1, Some("3")), (vec![], None));
        let heavy = vec!["x".repeat(PAGE_BYTES); 2];
        let part = PageRequest { limit: 9, after: None }.of(heavy);
        assert_eq!((part.items.len(), part.next), (1, Some("1".to_owned())));
    }
}
