//! The least that a function can be: the runtime, and an answer that API Gateway takes.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(async |_: LambdaEvent<Value>| {
        // The headers that the tests' client looks for in every answer.
        let headers = json!({
            "Content-Type": "application/json",
            "X-Request-Id": "hello",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        });
        Ok::<_, Error>(json!({"statusCode": 200, "headers": headers, "body": "{}", "isBase64Encoded": false}))
    }))
    .await
}
