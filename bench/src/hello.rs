//! A function of `lambda_http` that answers, and does nothing else.

use lambda_http::{Error, Request, Response, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(hello)).await
}

async fn hello(_: Request) -> Result<Response<String>, Error> {
    // The headers that the tests' client looks for in every answer.
    let answer = Response::builder()
        .header("Content-Type", "application/json")
        .header("X-Request-Id", "hello")
        .header("Cache-Control", "no-store")
        .header("X-Content-Type-Options", "nosniff")
        .body("{}".to_owned())?;
    Ok(answer)
}
