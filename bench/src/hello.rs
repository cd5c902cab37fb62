//! A `lambda_http` function that only responds.

use lambda_http::{Error, Request, Response, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(hello)).await
}

async fn hello(_: Request) -> Result<Response<String>, Error> {
    // The tests' client expects these headers in every response.
    let response = Response::builder()
        .header("Content-Type", "application/json")
        .header("X-Request-Id", "hello")
        .header("Cache-Control", "no-store")
        .header("X-Content-Type-Options", "nosniff")
        .body("{}".to_owned())?;
    Ok(response)
}
