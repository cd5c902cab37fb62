//! The calls to the database that a function was seen to make, through the same SDK, with nothing
//! around them but the runtime: what the function itself adds is the rest. It is told them as an event of their own, or
//! as the body of a request that comes through the gateway.

use std::time::Instant;

use assent_bench::calls::{Call, call, make};
use assent_shared::store::Database;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::{Client, Config};
use futures_util::future::try_join_all;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let began = Instant::now();
    let database = Database::from_environment();
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
    // Those that the tests' client looks for in every answer.
    let headers = &json!({
        "Content-Type": "application/json",
        "X-Request-Id": "bare",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    });
    let micros = |duration: std::time::Duration| u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let told = match event.payload.get("body").and_then(Value::as_str) {
            Some(body) => serde_json::from_str(body)?,
            None => event.payload,
        };
        let calls: Vec<Call> =
            told.as_array().into_iter().flatten().map(call).collect::<Option<_>>().ok_or("no call")?;
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
        Ok::<_, Error>(
            json!({"statusCode": 200, "headers": headers, "body": body.to_string(), "isBase64Encoded": false}),
        )
    }))
    .await
}
