//! The items of a whole database, in the protocol's JSON: a fixture of what a release has stored, and the kinds of items.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};

use crate::contents::Item;

/// The items of each table, by the table's name.
pub type Tables = BTreeMap<String, Vec<Value>>;

/// All items of these tables.
pub async fn read(client: &Client, tables: impl Iterator<Item = &String>) -> Tables {
    let mut read = Tables::new();
    for table in tables {
        #[expect(clippy::disallowed_methods, reason = "a test reads all items")]
        let mut found = client.scan().table_name(table).consistent_read(true).into_paginator().items().send();
        let items = read.entry(table.clone()).or_default();
        while let Some(item) = found.next().await {
            items.push(to_json(&item.expect("an item")));
        }
    }
    read
}

/// Puts items into their tables, which are empty.
pub async fn write(client: &Client, tables: &Tables) {
    for (table, items) in tables {
        for item in items {
            client.put_item().table_name(table).set_item(Some(from_json(item))).send().await.expect("a put");
        }
    }
}

/// Puts items into their tables, in the place of all that are there.
pub async fn replace(client: &Client, tables: &Tables) {
    for (table, present) in read(client, tables.keys()).await {
        let wanted = &tables[&table];
        for item in present.iter().filter(|item| !wanted.contains(item)) {
            let key = from_json(item).into_iter().filter(|(name, _)| ["pk", "sk"].contains(&name.as_str()));
            client.delete_item().table_name(&table).set_key(Some(key.collect())).send().await.expect("a deletion");
        }
        let missing = wanted.iter().filter(|item| !present.contains(item)).cloned().collect();
        write(client, &Tables::from([(table, missing)])).await;
    }
}

fn to_json(item: &Item) -> Value {
    let members: Map<String, Value> = item.iter().map(|(name, value)| (name.clone(), attribute(value))).collect();
    // In the order of the names.
    let sorted: BTreeMap<String, Value> = members.into_iter().collect();
    json!(sorted)
}

fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({"S": text}),
        AttributeValue::N(number) => json!({"N": number}),
        AttributeValue::Bool(value) => json!({"BOOL": value}),
        AttributeValue::Null(value) => json!({"NULL": value}),
        AttributeValue::L(elements) => json!({"L": elements.iter().map(attribute).collect::<Vec<_>>()}),
        AttributeValue::M(members) => json!({"M": to_json(members)}),
        other => panic!("no item has an attribute like {other:?}"),
    }
}

fn from_json(item: &Value) -> Item {
    let members = item.as_object().expect("an item");
    members.iter().map(|(name, value)| (name.clone(), value_of(value))).collect()
}

fn value_of(attribute: &Value) -> AttributeValue {
    let (kind, value) = attribute.as_object().and_then(|members| members.iter().next()).expect("an attribute");
    let text = || value.as_str().expect("a text").to_owned();
    match kind.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "BOOL" => AttributeValue::Bool(value.as_bool().expect("true or false")),
        "NULL" => AttributeValue::Null(true),
        "L" => AttributeValue::L(value.as_array().expect("elements").iter().map(value_of).collect()),
        "M" => AttributeValue::M(from_json(value)),
        other => panic!("no item has an attribute of type {other}"),
    }
}

/// The kinds of these items. The kind of an entry of a list is the list's name, and that of any other item the first part
/// of its sort key: `ConsentRecordsTable record`, `ConsentRecordsTable list principal`.
pub fn kinds(tables: &Tables) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    for (table, items) in tables {
        for item in items {
            let text = |name: &str| item[name]["S"].as_str().expect("a key").to_owned();
            kinds.insert(kind_of(table, &text("pk"), &text("sk")));
        }
    }
    kinds
}

/// The kind of the item with this key.
pub fn kind_of(table: &str, partition: &str, sort: &str) -> String {
    let parts: Vec<&str> = partition.split('#').collect();
    if let ["list", name, ..] = parts.get(1..).unwrap_or_default() {
        // A person's list has entries of two kinds if the person visits a site.
        let kind = sort.split_once('/').map(|(kind, _)| format!(" {kind}")).unwrap_or_default();
        return format!("{table} list {name}{kind}");
    }
    if let Some(kind @ ("latest" | "again")) = parts.get(1).copied() {
        return format!("{table} {kind}");
    }
    let (first, more) = sort.split_once('#').map_or((sort, ""), |(first, _)| (first, " …"));
    format!("{table} {first}{more}")
}
