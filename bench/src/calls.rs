//! Recorded calls of the database, which are made again through the SDK.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
    Update,
};
use aws_sdk_dynamodb::{Client, Error};
use futures_util::future::try_join_all;
use serde_json::{Map, Value};

type Item = HashMap<String, AttributeValue>;

/// A recorded call.
#[derive(Clone)]
pub enum Call {
    /// `GetItem`.
    Get {
        /// The table's name.
        table: String,
        /// The item's key.
        key: Item,
    },
    /// `Query`.
    Query {
        /// The table's name.
        table: String,
        /// The key condition expression.
        condition: String,
        /// Its values.
        values: Item,
        /// The largest number of items.
        limit: Option<i32>,
        /// Whether the items come in the order of their sort keys.
        forward: Option<bool>,
    },
    /// `PutItem`.
    Put {
        /// The table's name.
        table: String,
        /// The item.
        item: Item,
        /// The condition expression.
        condition: Option<String>,
    },
    /// `UpdateItem`.
    Update {
        /// The table's name.
        table: String,
        /// The item's key.
        key: Item,
        /// The update expression.
        expression: String,
        /// The condition expression.
        condition: Option<String>,
        /// The values of the two expressions.
        values: Option<Item>,
    },
    /// `TransactWriteItems`.
    Transact(Vec<TransactWriteItem>),
}

/// Makes the calls of a request as a function does: the reads in parallel, then each write.
pub async fn make_all(client: &Client, calls: Vec<Call>) -> Result<(), Error> {
    let (reads, writes): (Vec<Call>, Vec<Call>) =
        calls.into_iter().partition(|call| matches!(call, Call::Get { .. } | Call::Query { .. }));
    try_join_all(reads.into_iter().map(|read| make(client, read))).await?;
    for write in writes {
        make(client, write).await?;
    }
    Ok(())
}

/// Makes a call.
pub async fn make(client: &Client, call: Call) -> Result<(), Error> {
    match call {
        Call::Get { table, key } => {
            client.get_item().table_name(table).set_key(Some(key)).consistent_read(true).send().await?;
        }
        Call::Query { table, condition, values, limit, forward } => {
            let query = client.query().table_name(table).key_condition_expression(condition);
            let query = query.set_expression_attribute_values(Some(values)).set_limit(limit);
            query.set_scan_index_forward(forward).consistent_read(true).send().await?;
        }
        Call::Put { table, item, condition } => {
            let put = client.put_item().table_name(table).set_item(Some(item));
            put.set_condition_expression(condition).send().await?;
        }
        Call::Update { table, key, expression, condition, values } => {
            let update = client.update_item().table_name(table).set_key(Some(key)).update_expression(expression);
            let update = update.set_condition_expression(condition).set_expression_attribute_values(values);
            update.return_values(ReturnValue::AllNew).send().await?;
        }
        Call::Transact(items) => {
            client.transact_write_items().set_transact_items(Some(items)).send().await?;
        }
    }
    Ok(())
}

/// The recorded calls of a request. `None` if one cannot be made again here.
pub fn calls(recorded: &Value) -> Option<Vec<Call>> {
    recorded.as_array().into_iter().flatten().map(call).collect()
}

/// The recorded call with this operation and body. `None` if it cannot be made again here.
pub fn call(recorded: &Value) -> Option<Call> {
    let body = recorded.get("body")?;
    match recorded.get("operation")?.as_str()? {
        "GetItem" => Some(Call::Get { table: text(body, "TableName")?, key: item(body.get("Key")?)? }),
        "Query" => Some(Call::Query {
            table: text(body, "TableName")?,
            condition: text(body, "KeyConditionExpression")?,
            values: item(body.get("ExpressionAttributeValues")?)?,
            limit: body.get("Limit").and_then(Value::as_i64).and_then(|limit| limit.try_into().ok()),
            forward: body.get("ScanIndexForward").and_then(Value::as_bool),
        }),
        "PutItem" => Some(Call::Put {
            table: text(body, "TableName")?,
            item: item(body.get("Item")?)?,
            condition: text(body, "ConditionExpression"),
        }),
        "UpdateItem" => Some(Call::Update {
            table: text(body, "TableName")?,
            key: item(body.get("Key")?)?,
            expression: text(body, "UpdateExpression")?,
            condition: text(body, "ConditionExpression"),
            values: body.get("ExpressionAttributeValues").and_then(item),
        }),
        "TransactWriteItems" => {
            let actions = body.get("TransactItems")?.as_array()?;
            Some(Call::Transact(actions.iter().map(action).collect::<Option<_>>()?))
        }
        _ => None,
    }
}

fn action(action: &Value) -> Option<TransactWriteItem> {
    let (kind, action) = action.as_object()?.iter().next()?;
    let table = text(action, "TableName");
    let condition = text(action, "ConditionExpression");
    let on_failure = text(action, "ReturnValuesOnConditionCheckFailure");
    let on_failure = on_failure.map(|value| ReturnValuesOnConditionCheckFailure::from(value.as_str()));
    let key = action.get("Key").and_then(item);
    let names = action.get("ExpressionAttributeNames").and_then(Value::as_object).map(|names| {
        names.iter().filter_map(|(alias, name)| Some((alias.clone(), name.as_str()?.to_owned()))).collect()
    });
    let values = action.get("ExpressionAttributeValues").and_then(item);
    /// Sets the members that all writes have; the SDK's builders share no trait.
    macro_rules! conditional {
        ($action:expr) => {
            $action
                .set_table_name(table)
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(on_failure)
                .build()
                .ok()?
        };
    }
    let built = TransactWriteItem::builder();
    let built = match kind.as_str() {
        "Put" => built.put(conditional!(Put::builder().set_item(action.get("Item").and_then(item)))),
        "Update" => {
            let expression = text(action, "UpdateExpression");
            built.update(conditional!(Update::builder().set_key(key).set_update_expression(expression)))
        }
        "Delete" => built.delete(conditional!(Delete::builder().set_key(key))),
        "ConditionCheck" => built.condition_check(conditional!(ConditionCheck::builder().set_key(key))),
        _ => return None,
    };
    Some(built.build())
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

fn item(value: &Value) -> Option<Item> {
    members(value.as_object()?)
}

fn members(members: &Map<String, Value>) -> Option<Item> {
    members.iter().map(|(name, value)| Some((name.clone(), attribute(value)?))).collect()
}

/// An attribute in the protocol's JSON.
fn attribute(value: &Value) -> Option<AttributeValue> {
    let (kind, value) = value.as_object()?.iter().next()?;
    let texts = || value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
    Some(match kind.as_str() {
        "S" => AttributeValue::S(value.as_str()?.to_owned()),
        "N" => AttributeValue::N(value.as_str()?.to_owned()),
        "BOOL" => AttributeValue::Bool(value.as_bool()?),
        "NULL" => AttributeValue::Null(value.as_bool()?),
        "SS" => AttributeValue::Ss(texts()?),
        "NS" => AttributeValue::Ns(texts()?),
        "L" => AttributeValue::L(value.as_array()?.iter().map(attribute).collect::<Option<_>>()?),
        "M" => AttributeValue::M(members(value.as_object()?)?),
        _ => return None,
    })
}
