use assent_shared::domain::RequestContext;
use assent_shared::domain::api_key::ApiKeyStatus;
use assent_shared::domain::scope::Scopes;
use assent_shared::store::{ApiKeys, KeyOrder};
use aws_sdk_dynamodb::error::ProvideErrorMetadata as _;
use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::*;
use crate::database::{Dynoxide, fresh_access_key_id};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// The status, the content type and the body of a response.
type Shown = (u16, String, Value);

async fn in_process(engine: &Engine, operation: &str, body: &str) -> Result<Shown, Box<dyn std::error::Error>> {
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.headers_mut().insert("x-amz-target", format!("DynamoDB_20120810.{operation}"));
    let response = InProcess(engine.clone()).call(request).await?;
    let content_type = response.headers().get("content-type").unwrap_or_default().to_owned();
    let body = serde_json::from_slice(response.body().bytes().unwrap_or_default())?;
    Ok((response.status().as_u16(), content_type, body))
}

async fn over_a_socket(server: &Dynoxide, operation: &str, body: &str) -> Result<Shown, Box<dyn std::error::Error>> {
    let credential = format!("AWS4-HMAC-SHA256 Credential={}/x, SignedHeaders=", server.endpoint().access_key_id);
    let request = http::Request::post(&server.endpoint().url)
        .header("authorization", credential)
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .body(http_body_util::Full::new(bytes::Bytes::copy_from_slice(body.as_bytes())))?;
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
    let (head, body) = client.request(request).await?.into_parts();
    let content_type = head.headers.get("content-type").map(|value| value.to_str()).transpose()?.unwrap_or_default();
    let body = serde_json::from_slice(&body.collect().await?.to_bytes())?;
    Ok((head.status.as_u16(), content_type.to_owned(), body))
}

/// The same without the values that each database generates itself.
fn comparable((status, content_type, mut body): Shown) -> Shown {
    for description in ["Table", "TableDescription"] {
        if let Some(table) = body.get_mut(description).and_then(Value::as_object_mut) {
            table.retain(|name, _| name != "CreationDateTime" && name != "TableId");
        }
    }
    (status, content_type, body)
}

fn table() -> Value {
    json!({
        "TableName": "Things",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    })
}

fn thing(key: &str) -> Value {
    json!({
        "pk": {"S": key},
        "text": {"S": "\"quoted\" \\ ½ \u{1f512}\n"},
        "number": {"N": "-12.50"},
        "bytes": {"B": "AAEC/w=="},
        "yes": {"BOOL": true},
        "nothing": {"NULL": true},
        "texts": {"SS": ["b", "a"]},
        "list": {"L": [{"S": "x"}, {"M": {"deep": {"L": [{"N": "1e3"}]}}}]},
    })
}

#[tokio::test]
async fn it_responds_as_over_a_socket() -> Outcome {
    let (engine, server) = (Engine::memory()?, Dynoxide::start(None, 0, fresh_access_key_id())?);
    let absent = json!({"ConditionExpression": "attribute_not_exists(pk)",
                        "ReturnValuesOnConditionCheckFailure": "ALL_OLD"});
    let with = |mut value: Value, more: &Value| {
        for (name, more) in more.as_object().into_iter().flatten() {
            value[name] = more.clone();
        }
        value
    };
    let of = |key: &str| json!({"TableName": "Things", "Key": {"pk": {"S": key}}});
    let put = |key: &str| json!({"TableName": "Things", "Item": thing(key)});
    let count = json!({"UpdateExpression": "ADD #n :one", "ExpressionAttributeNames": {"#n": "number"},
                       "ExpressionAttributeValues": {":one": {"N": "1"}}});
    let transaction = |token: &str, items: &Value| json!({"TransactItems": items, "ClientRequestToken": token});
    let both = json!([{"Put": with(put("b"), &absent)}, {"Update": with(of("a"), &count)}]);
    let conflicting = json!([{"Put": with(put("c"), &absent)}, {"Put": with(put("b"), &absent)},
                             {"Delete": of("a")}]);
    let checked = json!([{"ConditionCheck": with(of("c"), &json!({"ConditionExpression": "attribute_exists(pk)"}))}]);
    let calls = [
        ("CreateTable", table()),
        ("CreateTable", table()),
        ("DescribeTable", json!({"TableName": "Things"})),
        ("DescribeTable", json!({"TableName": "Others"})),
        ("ListTables", json!({})),
        (
            "UpdateTimeToLive",
            json!({"TableName": "Things",
            "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": true}}),
        ),
        ("DescribeTimeToLive", json!({"TableName": "Things"})),
        ("PutItem", with(put("a"), &absent)),
        ("PutItem", with(put("a"), &absent)),
        ("PutItem", with(put("a"), &json!({"ReturnValues": "ALL_OLD", "ReturnConsumedCapacity": "TOTAL"}))),
        ("PutItem", json!({"TableName": "Things", "Item": {"text": {"S": "no key"}}})),
        ("PutItem", json!({"TableName": "Things", "Item": {"pk": {"S": "x"}, "n": {"N": "many"}}})),
        ("PutItem", json!({"TableName": "Things", "Item": {"pk": {"S": "x"}, "n": {"NULL": false}}})),
        ("PutItem", json!({"TableName": "Things", "Item": {"pk": {"S": "x"}, "n": {"S": "x", "N": "1"}}})),
        ("PutItem", json!({"TableName": "Things"})),
        ("PutItem", json!({"TableName": "Others", "Item": thing("a")})),
        ("GetItem", of("a")),
        ("GetItem", of("b")),
        ("UpdateItem", with(of("a"), &with(count.clone(), &json!({"ReturnValues": "ALL_NEW"})))),
        ("UpdateItem", with(of("a"), &json!({"UpdateExpression": "SET"}))),
        ("TransactWriteItems", transaction("one", &both)),
        ("TransactWriteItems", transaction("one", &both)),
        ("TransactWriteItems", transaction("one", &conflicting)),
        ("TransactWriteItems", transaction("two", &conflicting)),
        ("TransactWriteItems", transaction("three", &checked)),
        ("TransactWriteItems", transaction("four", &json!([]))),
        ("TransactWriteItems", transaction("five", &json!([{"Put": put("a")}, {"Put": put("a")}]))),
        ("TransactWriteItems", json!({"TransactItems": [{"Put": {"TableName": "Things"}}]})),
        ("TransactGetItems", json!({"TransactItems": [{"Get": of("a")}, {"Get": of("c")}]})),
        ("BatchWriteItem", json!({"RequestItems": {"Things": [{"PutRequest": {"Item": thing("d")}}]}})),
        ("BatchGetItem", json!({"RequestItems": {"Things": {"Keys": [of("d")["Key"]]}}})),
        (
            "Query",
            json!({"TableName": "Things", "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": "b"}}}),
        ),
        (
            "Query",
            json!({"TableName": "Things", "KeyConditionExpression": "other = :pk",
            "ExpressionAttributeValues": {":pk": {"S": "b"}}}),
        ),
        ("Scan", json!({"TableName": "Things", "Limit": 2})),
        ("DeleteItem", with(of("a"), &json!({"ReturnValues": "ALL_OLD"}))),
        ("DeleteItem", with(of("a"), &json!({"ConditionExpression": "attribute_exists(pk)"}))),
        ("ExecuteStatement", json!({"Statement": "SELECT * FROM Things"})),
        ("", json!({})),
    ];
    for (operation, body) in calls {
        let body = body.to_string();
        let here = comparable(in_process(&engine, operation, &body).await?);
        let there = comparable(over_a_socket(&server, operation, &body).await?);
        assert_eq!(here, there, "{operation} {body}");
    }
    for body in ["", "{", "[]", "\u{0}"] {
        for operation in ["GetItem", "PutItem", "TransactWriteItems"] {
            let here = in_process(&engine, operation, body).await?;
            assert_eq!(here, over_a_socket(&server, operation, body).await?, "{operation} {body:?}");
            assert_eq!(here.0, 400, "{operation} {body:?}");
        }
    }
    server.stop();
    Ok(())
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

/// A client of a database with one table.
async fn client() -> Result<(Engine, Client), Box<dyn std::error::Error>> {
    let engine = Engine::memory()?;
    assert_eq!(in_process(&engine, "CreateTable", &table().to_string()).await?.0, 200);
    let client = engine.client();
    Ok((engine, client))
}

#[tokio::test]
async fn the_store_works_on_the_templates_tables() -> Outcome {
    let template = Template::own()?;
    let engine = Engine::memory()?;
    for _ in 0..2 {
        engine.create_tables(&template).await?;
    }
    let database = engine.connect();
    // There are no connections to open.
    database.connect(2).await;
    let (keys, context) = (ApiKeys::new(&database), RequestContext::system());
    let order = KeyOrder {
        tenant_name: "Acme",
        label: "web shop",
        scopes: Scopes::parse(["*"]).map_err(|_| "no scopes")?,
        expires_at: None,
        status: ApiKeyStatus::Active,
        recipient_id: None,
    };
    let issued = keys.issue(order, &context).await?;
    let known = keys.list().await?;
    let [known] = known.as_slice() else { return Err("not one key".into()) };
    let caller = keys.caller(&known.hash, context.now).await?.ok_or("no caller")?;
    assert_eq!(caller.tenant_name, issued.caller.tenant_name);
    keys.set_status(&known.hash, ApiKeyStatus::Disabled, &context).await?;
    assert!(keys.caller(&known.hash, context.now).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_failed_condition_shows_the_item_that_failed_it() -> Outcome {
    let (_engine, client) = client().await?;
    let put = |value: &str| {
        let put = client.put_item().table_name("Things").item("pk", text("one")).item("value", text(value));
        put.condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
    };
    put("first").await?;
    let error = put("second").await.err().ok_or("no error")?.into_service_error();
    let failed = match error {
        aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(failed) => failed,
        other => return Err(other.into()),
    };
    assert_eq!(failed.item().and_then(|item| item.get("value")), Some(&text("first")));
    Ok(())
}

#[tokio::test]
async fn a_cancelled_transaction_says_why_and_does_nothing() -> Outcome {
    let (_engine, client) = client().await?;
    client.put_item().table_name("Things").item("pk", text("taken")).send().await?;
    let put = |key: &str| {
        let put = Put::builder().table_name("Things").item("pk", text(key));
        let put = put.condition_expression("attribute_not_exists(pk)");
        let put = put.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        put.build().map(|put| TransactWriteItem::builder().put(put).build())
    };
    let items = vec![put("free")?, put("taken")?];
    let error = client.transact_write_items().set_transact_items(Some(items)).send().await.err().ok_or("no error")?;
    let error = error.into_service_error();
    let cancelled = match error {
        aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(
            cancelled,
        ) => cancelled,
        other => return Err(other.into()),
    };
    let reasons: Vec<_> = cancelled.cancellation_reasons().iter().map(|reason| reason.code()).collect();
    assert_eq!(reasons, [Some("None"), Some("ConditionalCheckFailed")]);
    let old = cancelled.cancellation_reasons().get(1).and_then(|reason| reason.item());
    assert_eq!(old.and_then(|item| item.get("pk")), Some(&text("taken")));
    let free = client.get_item().table_name("Things").key("pk", text("free")).send().await?;
    assert_eq!(free.item, None);
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_a_call_is_an_error_with_its_code() -> Outcome {
    let (_engine, client) = client().await?;
    let error = client.put_item().table_name("Things").item("other", text("x")).send().await.err().ok_or("none")?;
    assert_eq!(error.code(), Some("ValidationException"));
    let error = client.get_item().table_name("Others").key("pk", text("x")).send().await.err().ok_or("none")?;
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
    let error = client.list_backups().send().await.err().ok_or("none")?;
    assert_eq!(error.code(), Some("UnknownOperationException"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_race_for_one_key_one_wins() -> Outcome {
    let (_engine, client) = client().await?;
    for round in 0..20 {
        let mut racers = JoinSet::new();
        for racer in 0..32 {
            let put = client.put_item().table_name("Things").item("pk", text(&format!("key {round}")));
            let put = put.item("racer", AttributeValue::N(racer.to_string()));
            racers.spawn(put.condition_expression("attribute_not_exists(pk)").send());
        }
        let (mut won, mut lost) = (0, 0);
        while let Some(outcome) = racers.join_next().await {
            match outcome? {
                Ok(_) => won += 1,
                Err(error) if error.code() == Some("ConditionalCheckFailedException") => lost += 1,
                Err(error) => return Err(error.into()),
            }
        }
        assert_eq!((won, lost), (1, 31));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_transaction_happens_once_for_its_token() -> Outcome {
    let (_engine, client) = client().await?;
    let count = |by: &str| {
        let update = Update::builder().table_name("Things").key("pk", text("counter")).update_expression("ADD n :by");
        let update = update.expression_attribute_values(":by", AttributeValue::N(by.to_owned())).build();
        update.map(|update| {
            let item = TransactWriteItem::builder().update(update).build();
            client.transact_write_items().transact_items(item).client_request_token("token").send()
        })
    };
    let mut calls = JoinSet::new();
    for _ in 0..16 {
        calls.spawn(count("1")?);
    }
    while let Some(called) = calls.join_next().await {
        called??;
    }
    let error = count("2")?.await.err().ok_or("no error")?;
    assert_eq!(error.code(), Some("IdempotentParameterMismatchException"));
    let counter = client.get_item().table_name("Things").key("pk", text("counter")).send().await?.item;
    assert_eq!(counter.ok_or("no counter")?.get("n"), Some(&AttributeValue::N("1".to_owned())));
    Ok(())
}
