//! The capacity units of calls of the database, computed from the sizes of their items by the rules that `DynamoDB`
//! documents: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html> for the
//! sizes, <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html> for the units.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::contents::ItemKey;

/// The bytes of a read unit.
const READ: usize = 4096;
/// The bytes of a write unit.
const WRITE: usize = 1024;

/// Read and write units, in halves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Halves {
    /// Halves of read units.
    pub read: u64,
    /// Halves of write units.
    pub write: u64,
}

impl Halves {
    /// Adds others to these.
    pub fn add(&mut self, other: Self) {
        self.read += other.read;
        self.write += other.write;
    }

    fn of_read(bytes: usize, body: &Value) -> Self {
        let halves = if body["ConsistentRead"] == true { 2 } else { 1 };
        Self { read: started(bytes, READ) * halves, write: 0 }
    }

    fn of_write(bytes: usize, in_transaction: bool) -> Self {
        Self { read: 0, write: started(bytes, WRITE) * if in_transaction { 4 } else { 2 } }
    }
}

/// How many units of so many bytes were started. Nothing is free: also what does not exist costs a unit.
fn started(bytes: usize, unit: usize) -> u64 {
    u64::try_from(bytes.div_ceil(unit)).expect("few").max(1)
}

/// A table's partition key with what a call consumed there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The item, or for a query any item of the partition.
    pub key: ItemKey,
    /// What was consumed.
    pub halves: Halves,
}

/// The size of an item in the protocol's JSON, in bytes.
pub fn size(item: &Value) -> usize {
    members(item).map(|(name, attribute)| name.len() + size_of_attribute(attribute)).sum()
}

fn members(item: &Value) -> impl Iterator<Item = (&String, &Value)> {
    item.as_object().into_iter().flat_map(Map::iter)
}

fn size_of_attribute(attribute: &Value) -> usize {
    let (kind, value) = members(attribute).next().expect("an attribute");
    let elements = || value.as_array().expect("elements").iter();
    let text = |value: &Value| value.as_str().expect("a text").len();
    match kind.as_str() {
        "S" => text(value),
        "N" => size_of_number(value.as_str().expect("a number")),
        "BOOL" | "NULL" => 1,
        "SS" => elements().map(text).sum(),
        "NS" => elements().map(|number| size_of_number(number.as_str().expect("a number"))).sum(),
        "L" => 3 + elements().map(|element| 1 + size_of_attribute(element)).sum::<usize>(),
        "M" => 3 + members(value).map(|(name, member)| 1 + name.len() + size_of_attribute(member)).sum::<usize>(),
        other => panic!("the size of an attribute {other}"),
    }
}

/// One byte for each two significant digits, one more, and one for a minus.
fn size_of_number(number: &str) -> usize {
    let minus = usize::from(number.starts_with('-'));
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len().div_ceil(2) + 1 + minus
}

/// What the indexes of work that is due consume of the items that a transaction creates, in halves of write units: a
/// unit each, because an index has only keys.
pub fn of_indexes(operation: &str, body: &Value) -> u64 {
    let actions = body["TransactItems"].as_array().filter(|_| operation == "TransactWriteItems");
    let due = actions.into_iter().flatten().filter(|action| action["Put"]["Item"].get("due").is_some());
    2 * due.map(|_| 1).sum::<u64>()
}

/// The items that a call names: those that it writes, or reads by their keys.
pub fn named(operation: &str, body: &Value) -> Vec<ItemKey> {
    let of = |action: &Value| item_key(&action["TableName"], action.get("Key").unwrap_or(&action["Item"]));
    match operation {
        "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" => vec![of(body)],
        "TransactWriteItems" => {
            let actions = body["TransactItems"].as_array().expect("actions").iter();
            actions.map(|action| of(members(action).next().expect("an action").1)).collect()
        }
        "BatchGetItem" => {
            let of_table = |(table, wanted): (&String, &Value)| {
                let keys = wanted["Keys"].as_array().expect("keys").iter();
                let table = Value::from(table.as_str());
                keys.map(|key| item_key(&table, key)).collect::<Vec<_>>()
            };
            members(&body["RequestItems"]).flat_map(of_table).collect()
        }
        _ => Vec::new(),
    }
}

fn item_key(table: &Value, item: &Value) -> ItemKey {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    ItemKey { table: text(table), partition: text(&item["pk"]["S"]), sort: text(&item["sk"]["S"]) }
}

/// The sizes of items; those that do not exist are left out.
pub type Sizes = BTreeMap<ItemKey, usize>;

/// What a call that succeeded consumed of each item that it names, or of the partition that it queries. `before` and
/// `after` are the sizes of the named items.
pub fn consumed(operation: &str, body: &Value, response: &Value, before: &Sizes, after: &Sizes) -> Vec<Touched> {
    let size_in = |sizes: &Sizes, key: &ItemKey| sizes.get(key).copied().unwrap_or_default();
    let each = |halves: &dyn Fn(&ItemKey) -> Halves| {
        let touched = named(operation, body).into_iter().map(|key| Touched { halves: halves(&key), key });
        touched.collect()
    };
    // The larger of the old and the new item counts; a condition check leaves the item as it is.
    let larger = |key: &ItemKey| size_in(before, key).max(size_in(after, key));
    match operation {
        "GetItem" => each(&|key| Halves::of_read(size_in(before, key), body)),
        "BatchGetItem" => each(&|key| Halves::of_read(size_in(before, key), &body["RequestItems"][&key.table])),
        "PutItem" | "UpdateItem" | "DeleteItem" => each(&|key| Halves::of_write(larger(key), false)),
        "TransactWriteItems" => each(&|key| Halves::of_write(larger(key), true)),
        "Query" => {
            let condition = body["KeyConditionExpression"].as_str().expect("a condition");
            let name = condition.split(' ').nth(2).expect("a partition");
            let partition = members(&body["ExpressionAttributeValues"][name]).next().expect("a value").1;
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            // An index is a table of its own.
            let index = body["IndexName"].as_str().map(|index| format!("/{index}")).unwrap_or_default();
            let key =
                ItemKey { table: text(&body["TableName"]) + &index, partition: text(partition), sort: String::new() };
            let bytes = response["Items"].as_array().expect("items").iter().map(size).sum();
            vec![Touched { key, halves: Halves::of_read(bytes, body) }]
        }
        other => panic!("the units of {other}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sizes_follow_the_documented_rules() {
        let sized = |attribute: Value| size(&json!({"n": attribute})) - 1;
        assert_eq!(sized(json!({"S": "é"})), 2);
        assert_eq!(
            ["0", "7", "42", "-42", "1000", "1795000000000", "1795000000001"].map(|n| sized(json!({"N": n}))),
            [1, 2, 2, 3, 2, 3, 8]
        );
        assert_eq!(sized(json!({"BOOL": false})), 1);
        assert_eq!(sized(json!({"L": []})), 3);
        assert_eq!(sized(json!({"L": [{"S": "ab"}, {"NULL": true}]})), 3 + 1 + 2 + 1 + 1);
        assert_eq!(sized(json!({"M": {"ab": {"S": "c"}}})), 3 + 1 + 2 + 1);
        assert_eq!(sized(json!({"SS": ["a", "bc"]})), 3);
    }

    #[test]
    fn a_started_unit_is_a_whole_one_and_a_transaction_costs_twice() {
        let key = |sort: &str| ItemKey { table: "T".to_owned(), partition: "p".to_owned(), sort: sort.to_owned() };
        let name = |sort: &str| json!({"TableName": "T", "Key": {"pk": {"S": "p"}, "sk": {"S": sort}}});
        let body =
            json!({"TransactItems": [{"Update": name("a")}, {"Delete": name("b")}, {"ConditionCheck": name("c")}]});
        let before = Sizes::from([(key("a"), 1025), (key("b"), 2048)]);
        let after = Sizes::from([(key("a"), 1024)]);
        let touched = consumed("TransactWriteItems", &body, &json!({}), &before, &after);
        assert_eq!(touched.iter().map(|touched| touched.halves.write).collect::<Vec<_>>(), [8, 8, 4]);

        let read =
            |body: Value, bytes| consumed("GetItem", &body, &json!({}), &Sizes::from([(key("a"), bytes)]), &after);
        let mut consistent = name("a");
        consistent["ConsistentRead"] = json!(true);
        assert_eq!([4096, 4097].map(|bytes| read(consistent.clone(), bytes)[0].halves.read), [2, 4]);
        assert_eq!(read(name("b"), 0)[0].halves.read, 1);
    }
}
