//! Work that is due. An item that needs some has the attributes `work`, `due` and `dueAt`, and
//! is therefore in the index `Due` of its table, which has no other items. The index only finds
//! work: what it found is read again before anything is done.

use crate::{
    domain::{Invalid, Tenant, Timestamp, identifiers::parse_uuid},
    store::{
        Database, Error,
        change::Change,
        database::{Item, failure, to_attribute},
        key::{PARTITION, SORT},
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Over how many partitions the index is spread, because a partition takes 1,000 writes a second. An item is written to
/// the index when it needs work, and again when it does not any more: so 32,000 items a second can need work.
pub(crate) const PARTITIONS: u8 = 64;
/// The index.
const INDEX: &str = "Due";
const WORK: &str = "work";
const DUE: &str = "due";
const DUE_AT: &str = "dueAt";

/// What is to do with an item, and from when on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Due<W> {
    /// What is to do.
    pub(crate) work: W,
    /// The partition of the index.
    due: u8,
    /// From when on.
    pub(crate) due_at: Timestamp,
}

impl<W: Serialize> Due<W> {
    /// What is to do with the item that this id names.
    pub(crate) fn new(work: W, id: &str, due_at: Timestamp) -> Self {
        let byte = Sha256::digest(id.as_bytes()).first().copied().unwrap_or_default();
        Self { work, due: byte % PARTITIONS, due_at }
    }
}

impl Change {
    /// Adds the condition that the work of the item is still what was read, or that there still is none.
    pub(crate) fn when_still_due<W: Serialize>(self, read: Option<&Due<W>>) -> Result<Self, Error> {
        self.when_still(WORK, read.map(|due| &due.work))?.when_still(DUE_AT, read.map(|due| &due.due_at))
    }

    /// Sets the work of the item, or that there is none.
    pub(crate) fn set_due<W: Serialize>(self, next: Option<&Due<W>>) -> Result<Self, Error> {
        match next {
            Some(due) => self.set(WORK, &due.work)?.set(DUE, &due.due)?.set(DUE_AT, &due.due_at),
            None => Ok(self.remove(WORK).remove(DUE).remove(DUE_AT)),
        }
    }
}

/// The primary key of an item, as the index or a stream shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemKey {
    /// The partition key.
    pub partition: String,
    /// The sort key.
    pub sort: String,
}

impl ItemKey {
    /// The key of an item.
    pub(crate) fn of(item: &Item) -> Option<Self> {
        let text = |name| item.get(name).and_then(|value: &AttributeValue| value.as_s().ok()).cloned();
        Some(Self { partition: text(PARTITION)?, sort: text(SORT)? })
    }

    /// The tenant of the item, and the id that its sort key is.
    pub(crate) fn of_tenant<I>(&self, parse: impl FnOnce(&str) -> Result<I, Invalid>) -> Option<(Tenant, I)> {
        let tenant = self.partition.split('#').next().and_then(|tenant| parse_uuid(tenant).ok())?;
        parse(&self.sort).ok().map(|id| (Tenant(tenant), id))
    }
}

/// What the index says of an item.
pub(crate) struct Found<T> {
    /// Which item it is.
    pub(crate) item: T,
    /// Since when its work is due.
    pub(crate) due_at: Timestamp,
}

impl<T> Found<T> {
    /// The same of what the item is, if it is that.
    pub(crate) fn named<N>(&self, name: impl FnOnce(&T) -> Option<N>) -> Option<Found<N>> {
        name(&self.item).map(|item| Found { item, due_at: self.due_at })
    }
}

impl Found<ItemKey> {
    fn of(item: &Item) -> Option<Self> {
        let due_at = Timestamp::parse(item.get(DUE_AT)?.as_s().ok()?).ok()?;
        Some(Self { item: ItemKey::of(item)?, due_at })
    }
}

impl Database {
    /// The items in a partition of a table's index whose work is due, the longest due first.
    pub(crate) async fn due(
        &self,
        table: &str,
        partition: u8,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Found<ItemKey>>, Error> {
        let response = self
            .client()
            .query()
            .table_name(table)
            .index_name(INDEX)
            .key_condition_expression(format!("{DUE} = :due AND {DUE_AT} <= :now"))
            .expression_attribute_values(":due", AttributeValue::N(partition.to_string()))
            .expression_attribute_values(":now", to_attribute(&now)?)
            .limit(limit)
            .send()
            .await
            .map_err(|error| failure(&error))?;
        Ok(response.items.unwrap_or_default().iter().filter_map(Found::of).collect())
    }
}
