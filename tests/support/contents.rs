//! The contents of the database, read directly and not through the functions, so that a test sees all effects of a
//! call.

use std::collections::{BTreeMap, HashMap};

use assent_local::database::Endpoint;
use assent_local::template::Template;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use aws_sdk_dynamodb::{Client, Config};
use futures_util::{StreamExt, stream};
use ulid::Ulid;
use uuid::Uuid;

use crate::system::Engine;

/// How many items a page of a tenant's items has at the most.
const PAGE: i32 = 500;
/// How many items one write takes.
const BATCH: usize = 25;
/// How many writes are under way at once.
const BATCHES: usize = 8;
/// The attribute that counts an item's changes, where it has one.
const REVISION: &str = "revision";

/// Direct access to the database.
pub struct Contents {
    client: Client,
    engine: Engine,
    tables: Vec<String>,
    expiry: BTreeMap<String, String>,
}

/// The table and the primary key of an item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemKey {
    /// The table.
    pub table: String,
    /// The partition key.
    pub partition: String,
    /// The sort key.
    pub sort: String,
}

impl ItemKey {
    /// Whether it is the key of the latest decisions of a person about a notice.
    pub fn is_of_latest_decisions(&self) -> bool {
        self.partition.contains("#latest#")
    }
}

/// An item as `DynamoDB` stores it.
pub type Item = HashMap<String, AttributeValue>;

/// All items of a tenant, or of all tenants, at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Items(BTreeMap<ItemKey, Item>);

/// The changes of a table between two moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// How many items are new.
    pub added: usize,
    /// How many items were changed or deleted.
    pub changed: usize,
    /// The sum by which the revisions of the changed items grew.
    pub revisions: i64,
}

impl Contents {
    /// The template's tables in this database.
    pub fn new(template: &Template, engine: Engine, endpoint: &Endpoint) -> Self {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new(&endpoint.access_key_id, "local", None, None, "local"))
            .endpoint_url(&endpoint.url)
            .build();
        let tables = template.tables.iter().map(|table| table.name.clone()).collect();
        let expiry = template.tables.iter().filter_map(|table| {
            let expiry = table.time_to_live_specification.as_ref().filter(|expiry| expiry.enabled)?;
            Some((table.name.clone(), expiry.attribute_name.clone()))
        });
        Self { client: Client::from_conf(config), engine, tables, expiry: expiry.collect() }
    }

    /// All items of the tenant.
    pub async fn of(&self, tenant: Uuid) -> Items {
        self.below(&format!("{tenant}#")).await
    }

    /// All items of all tenants.
    pub async fn of_all(&self) -> Items {
        self.below("").await
    }

    async fn below(&self, start: &str) -> Items {
        // dynoxide scans in the order of the keys, so that of its tables only this part is read.
        let in_order = self.engine == Engine::Dynoxide;
        let mut items = BTreeMap::new();
        for table in &self.tables {
            #[expect(clippy::disallowed_methods, reason = "a test searches items under all keys")]
            let scan = self.client.scan().table_name(table).consistent_read(true);
            let text = |value: &str| AttributeValue::S(value.to_owned());
            let scan = match start {
                "" => scan,
                _ if in_order => {
                    scan.exclusive_start_key("pk", text(start)).exclusive_start_key("sk", text("-")).limit(PAGE)
                }
                _ => {
                    scan.filter_expression("begins_with(pk, :start)").expression_attribute_values(":start", text(start))
                }
            };
            let mut found = scan.into_paginator().items().send();
            while let Some(item) = found.next().await {
                let item = item.expect("an item");
                let key = |name: &str| item[name].as_s().expect("a text").clone();
                let key = ItemKey { table: table.clone(), partition: key("pk"), sort: key("sk") };
                if !key.partition.starts_with(start) {
                    break;
                }
                items.insert(key, item);
            }
        }
        Items(items)
    }

    /// Puts items into a table, without any condition.
    pub async fn put(&self, table: &str, items: Vec<Item>) {
        let batches: Vec<Vec<WriteRequest>> = items
            .chunks(BATCH)
            .map(|items| {
                let puts = items.iter().map(|item| PutRequest::builder().set_item(Some(item.clone())).build());
                puts.map(|put| WriteRequest::builder().put_request(put.expect("a put")).build()).collect()
            })
            .collect();
        let written = stream::iter(batches).for_each_concurrent(BATCHES, async |batch| {
            let mut left = batch;
            while !left.is_empty() {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "a test fills a table; nothing is there to be conditional on"
                )]
                let response = self.client.batch_write_item().request_items(table, left).send().await.expect("a write");
                left = response.unprocessed_items.and_then(|mut tables| tables.remove(table)).unwrap_or_default();
            }
        });
        written.await;
    }

    /// Puts copies of a tenant's records into the database, of each in turn, with ids that are newer than the
    /// originals. Returns the ids, the oldest first.
    pub async fn copy_records(&self, tenant: Uuid, originals: &[String], count: usize) -> Vec<String> {
        const TABLE: &str = "ConsentRecordsTable";
        let ulid = |id: &str| Ulid::from_string(id.trim_start_matches("cr_")).expect("a ULID");
        let newest = originals.iter().map(|id| ulid(id).timestamp_ms()).max().expect("a record");
        let items = self.of(tenant).await;
        let about = |id: &String| -> (String, Vec<&Item>) {
            // The item of the latest decisions is the person's, and not the record's.
            let items = items.in_table(TABLE).filter(|(key, _)| !key.is_of_latest_decisions()).map(|(_, item)| item);
            (id.clone(), items.filter(|item| item.values().any(|value| mentions(value, id))).collect())
        };
        let originals: Vec<(String, Vec<&Item>)> = originals.iter().map(about).collect();
        let (mut ids, mut copies) = (Vec::new(), Vec::with_capacity(5 * count));
        for (moment, (original, items)) in (newest + 1..).zip(originals.iter().cycle()).take(count) {
            let id = format!("cr_{}", Ulid::from_parts(moment, ulid(original).random()));
            copies.extend(
                items.iter().map(|item| {
                    item.iter().map(|(name, value)| (name.clone(), replaced(value, original, &id))).collect()
                }),
            );
            ids.push(id);
        }
        self.put(TABLE, copies).await;
        ids
    }

    /// Sets an attribute of an item to a number.
    pub async fn set_number(&self, key: &ItemKey, name: &str, number: i64) {
        self.set(key, name, AttributeValue::N(number.to_string())).await;
    }

    /// Sets an attribute of an item to a text.
    pub async fn set_text(&self, key: &ItemKey, name: &str, text: &str) {
        self.set(key, name, AttributeValue::S(text.to_owned())).await;
    }

    /// Removes attributes of an item.
    pub async fn remove(&self, key: &ItemKey, names: &[&str]) {
        let updated = self
            .client
            .update_item()
            .table_name(&key.table)
            .key("pk", AttributeValue::S(key.partition.clone()))
            .key("sk", AttributeValue::S(key.sort.clone()))
            .update_expression(format!("REMOVE {}", names.join(", ")));
        updated.send().await.expect("an update");
    }

    /// Deletes an item, without any condition.
    pub async fn delete(&self, key: &ItemKey) {
        let deleted = self
            .client
            .delete_item()
            .table_name(&key.table)
            .key("pk", AttributeValue::S(key.partition.clone()))
            .key("sk", AttributeValue::S(key.sort.clone()));
        deleted.send().await.expect("a deletion");
    }

    /// Sets an attribute of an item.
    pub async fn set(&self, key: &ItemKey, name: &str, value: AttributeValue) {
        let updated = self
            .client
            .update_item()
            .table_name(&key.table)
            .key("pk", AttributeValue::S(key.partition.clone()))
            .key("sk", AttributeValue::S(key.sort.clone()))
            .update_expression("SET #name = :value")
            .expression_attribute_names("#name", name)
            .expression_attribute_values(":value", value);
        updated.send().await.expect("an update");
    }

    /// The time-to-live attribute of a table in the template, if it has one.
    pub fn expiry_attribute(&self, table: &str) -> Option<&str> {
        self.expiry.get(table).map(String::as_str)
    }
}

/// A copy of a value with another text in place of `old`, also within maps.
fn replaced(value: &AttributeValue, old: &str, new: &str) -> AttributeValue {
    match value {
        AttributeValue::S(text) => AttributeValue::S(text.replace(old, new)),
        AttributeValue::M(members) => {
            AttributeValue::M(members.iter().map(|(name, value)| (name.clone(), replaced(value, old, new))).collect())
        }
        value => value.clone(),
    }
}

impl Items {
    /// The item with this key.
    pub fn at(&self, table: &str, partition: &str, sort: &str) -> Option<&Item> {
        let (table, partition, sort) = (table.to_owned(), partition.to_owned(), sort.to_owned());
        self.0.get(&ItemKey { table, partition, sort })
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = (&ItemKey, &Item)> {
        self.0.iter()
    }

    /// The items of one table.
    pub fn in_table(&self, table: &str) -> impl Iterator<Item = (&ItemKey, &Item)> {
        self.0.iter().filter(move |(key, _)| key.table == table)
    }

    /// The keys of the items that mention this text in any attribute.
    pub fn mentioning(&self, text: &str) -> Vec<&ItemKey> {
        let mentioning = self.0.iter().filter(|(_, item)| item.values().any(|value| mentions(value, text)));
        mentioning.map(|(key, _)| key).collect()
    }

    /// The changes between two moments, by table.
    pub fn until(&self, later: &Self) -> BTreeMap<String, Effect> {
        let mut effects: BTreeMap<String, Effect> = BTreeMap::new();
        for (key, item) in &later.0 {
            if !self.0.contains_key(key) {
                effects.entry(key.table.clone()).or_default().added += 1;
            } else if self.0.get(key) != Some(item) {
                let effect = effects.entry(key.table.clone()).or_default();
                effect.changed += 1;
                effect.revisions += revision(Some(item)) - revision(self.0.get(key));
            }
        }
        for key in self.0.keys().filter(|key| !later.0.contains_key(key)) {
            effects.entry(key.table.clone()).or_default().changed += 1;
        }
        effects
    }

    /// Asserts that nothing has changed between two moments.
    #[track_caller]
    pub fn expect_unchanged(&self, later: &Self) {
        let keys = self.0.keys().chain(later.0.keys());
        let changed = keys.filter(|key| self.0.get(key) != later.0.get(key));
        let changed: Vec<_> = changed.map(|key| (key, self.0.get(key), later.0.get(key))).collect();
        assert!(changed.is_empty(), "the database has changed: {changed:#?}");
    }
}

fn revision(item: Option<&Item>) -> i64 {
    let number = item.and_then(|item| item.get(REVISION)?.as_n().ok()?.parse().ok());
    number.unwrap_or_default()
}

fn mentions(value: &AttributeValue, text: &str) -> bool {
    match value {
        AttributeValue::S(value) => value.contains(text),
        AttributeValue::Ss(values) => values.iter().any(|value| value.contains(text)),
        AttributeValue::L(values) => values.iter().any(|value| mentions(value, text)),
        AttributeValue::M(members) => members.iter().any(|(name, value)| name.contains(text) || mentions(value, text)),
        _ => false,
    }
}
