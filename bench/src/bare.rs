//! A function that only makes the recorded database calls of another function, through the same SDK. The difference in
//! time is what the other function adds. It gets the calls as its event, or as the body of a request through the gateway.

use std::time::Instant;

use assent_bench::calls::{calls, make_all};
use assent_shared::store::Database;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::{Client, Config};
use lambda_http::{Error, LambdaEvent, lambda_runtime, service_fn};
use serde_json::{Value, json};

use assent_shared::environment::Environment;

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
        let recorded = match event.payload.get("body").and_then(Value::as_str) {
            Some(body) => serde_json::from_str(body)?,
            None => event.payload,
        };
        let calls = calls(&recorded).ok_or("no call")?;
        let began = Instant::now();
        make_all(client, calls).await?;
        let took = began.elapsed();
        let body = json!({"calls": micros(took), "built": micros(built), "connected": micros(connected)});
        Ok::<_, Error>(
            json!({"statusCode": 200, "headers": headers, "body": body.to_string(), "isBase64Encoded": false}),
        )
    }))
    .await
}
