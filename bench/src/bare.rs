//! A function that only makes the recorded database calls of another function, through the same SDK. The difference in
//! time is what the other function adds. It gets the calls as its event, or as the body of a request through the gateway.

use std::time::Instant;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
    Update,
};
use aws_sdk_dynamodb::{Client, Config};
use futures_util::future::try_join_all;
use lambda_http::{Error, LambdaEvent, lambda_runtime, service_fn};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

use assent_shared::environment::Environment;
use assent_shared::store::Database;

type Item = HashMap<String, AttributeValue>;

/// A database call.
enum Call {
    Get { table: String, key: Item },
    Update { table: String, key: Item, expression: String, condition: Option<String>, values: Option<Item> },
    Transact(Vec<TransactWriteItem>),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let began = Instant::now();
    let database = Database::from_environment(&Environment::of_process());
    let built = began.elapsed();
    let connections = std::env::var("CONNECTIONS").ok().and_then(|number| number.parse().ok()).unwrap_or(1);
    database.connect(connections).await;
    let connected = began.elapsed();
    let endpoint = std::env::var("AWS_ENDPOINT_URL_DYNAMODB")?;
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(std::env::var("AWS_ACCESS_KEY_ID")?, "local", None, None, "local"))
        .endpoint_url(endpoint);
    let client = &Client::from_conf(config.build());
    // The tests' client expects these headers in every response.
    let headers = &json!({
        "Content-Type": "application/json",
        "X-Request-Id": "bare",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    });
    let micros = |duration: std::time::Duration| u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let calls = match event.payload.get("body").and_then(Value::as_str) {
            Some(body) => serde_json::from_str(body)?,
            None => event.payload,
        };
        let calls: Vec<Call> =
            calls.as_array().into_iter().flatten().map(call).collect::<Option<_>>().ok_or("no call")?;
        let began = Instant::now();
        let (reads, writes): (Vec<Call>, Vec<Call>) =
            calls.into_iter().partition(|call| matches!(call, Call::Get { .. }));
        // Reads are made in parallel, as in the functions.
        try_join_all(reads.into_iter().map(|read| make(client, read))).await?;
        for write in writes {
            make(client, write).await?;
        }
        let took = began.elapsed();
        let body = json!({"calls": micros(took), "built": micros(built), "connected": micros(connected)});
        Ok::<_, Error>(
            json!({"statusCode": 200, "headers": headers, "body": body.to_string(), "isBase64Encoded": false}),
        )
    }))
    .await
}

async fn make(client: &Client, call: Call) -> Result<(), Error> {
    match call {
        Call::Get { table, key } => {
            client.get_item().table_name(table).set_key(Some(key)).consistent_read(true).send().await?;
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

fn call(recorded: &Value) -> Option<Call> {
    let body = recorded.get("body")?;
    match recorded.get("operation")?.as_str()? {
        "GetItem" => Some(Call::Get { table: text(body, "TableName")?, key: item(body.get("Key")?)? }),
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
    /// Sets the members that all calls have. Their builders share no type.
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

/// Parses an attribute in the format of the protocol.
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
