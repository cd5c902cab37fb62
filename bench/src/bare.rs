//! The calls to the database that a function was seen to make, through the same SDK, with nothing
//! around them but the runtime: what the function itself adds is the rest.

use std::time::Instant;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use aws_sdk_dynamodb::{Client, Config};
use futures_util::future::try_join_all;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

use assent_shared::store::Database;

type Item = HashMap<String, AttributeValue>;

/// A call, ready to be made.
enum Call {
    Get { table: String, key: Item },
    Transact(Vec<TransactWriteItem>),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let began = Instant::now();
    let database = Database::from_environment();
    let built = began.elapsed();
    database.connect().await;
    let connected = began.elapsed();
    let endpoint = std::env::var("AWS_ENDPOINT_URL_DYNAMODB")?;
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(endpoint);
    let client = &Client::from_conf(config.build());
    let micros = |duration: std::time::Duration| u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let calls: Vec<Call> =
            event.payload.as_array().into_iter().flatten().map(call).collect::<Option<_>>().ok_or("not a call")?;
        let began = Instant::now();
        let (reads, writes): (Vec<Call>, Vec<Call>) =
            calls.into_iter().partition(|call| matches!(call, Call::Get { .. }));
        // What is read is read at once, as the functions do.
        try_join_all(reads.into_iter().map(|read| make(client, read))).await?;
        for write in writes {
            make(client, write).await?;
        }
        let took = began.elapsed();
        let body = json!({"calls": micros(took), "built": micros(built), "connected": micros(connected)});
        Ok::<_, Error>(json!({"statusCode": 200, "headers": {}, "body": body.to_string(), "isBase64Encoded": false}))
    }))
    .await
}

async fn make(client: &Client, call: Call) -> Result<(), Error> {
    match call {
        Call::Get { table, key } => {
            client.get_item().table_name(table).set_key(Some(key)).consistent_read(true).send().await?;
        }
        Call::Transact(items) => {
            client.transact_write_items().set_transact_items(Some(items)).send().await?;
        }
    }
    Ok(())
}

fn call(recorded: &Value) -> Option<Call> {
    let body = recorded.get("body")?;
    match recorded.get("operation")?.as_str()? {
        "GetItem" => Some(Call::Get { table: text(body, "TableName")?, key: item(body.get("Key")?)? }),
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
    let built = TransactWriteItem::builder();
    Some(
        match kind.as_str() {
            "Put" => built.put(
                Put::builder()
                    .set_table_name(table)
                    .set_item(action.get("Item").and_then(item))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .set_return_values_on_condition_check_failure(on_failure)
                    .build()
                    .ok()?,
            ),
            "Update" => built.update(
                Update::builder()
                    .set_table_name(table)
                    .set_key(key)
                    .set_update_expression(text(action, "UpdateExpression"))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .set_return_values_on_condition_check_failure(on_failure)
                    .build()
                    .ok()?,
            ),
            "Delete" => built.delete(
                Delete::builder()
                    .set_table_name(table)
                    .set_key(key)
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .set_return_values_on_condition_check_failure(on_failure)
                    .build()
                    .ok()?,
            ),
            "ConditionCheck" => built.condition_check(
                ConditionCheck::builder()
                    .set_table_name(table)
                    .set_key(key)
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .set_return_values_on_condition_check_failure(on_failure)
                    .build()
                    .ok()?,
            ),
            _ => return None,
        }
        .build(),
    )
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

/// An attribute as the protocol writes it.
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
