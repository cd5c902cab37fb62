//! Invokes functions through the API that `cargo lambda watch` offers in place of Lambda's.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// API Gateway waits this long for a function.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(29);
/// Lambda lets no invocation run longer.
const LONGEST_INVOCATION: Duration = Duration::from_mins(15);
/// Lambda's largest answer.
const ANSWER_LIMIT: usize = 6 * 1024 * 1024;

/// How an invocation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The function answered.
    Answer(Bytes),
    /// The function ended with an error, whose message this is.
    Error(String),
    /// It did not answer in time.
    Timeout,
    /// It could not be invoked, or its answer was too large.
    Failure(String),
}

#[derive(Debug, Clone)]
pub(super) struct Invoker {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
}

impl Invoker {
    /// Takes the address of the invoke API, without a path.
    pub(super) fn new(url: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { client, url: url.trim_end_matches('/').to_owned() }
    }

    /// Invokes the function and waits as long as API Gateway would.
    pub(super) async fn invoke(&self, function: &str, event: &Value) -> Outcome {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{}/2015-03-31/functions/{function}/invocations", self.url))
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(event.to_string())));
        let request = match request {
            Ok(request) => request,
            Err(error) => return Outcome::Failure(error.to_string()),
        };
        let client = self.client.clone();
        // In a task of its own: were the call dropped midway, cargo-lambda would refuse the function's answer, and the
        // function's process would end over that.
        let invocation = tokio::spawn(async move {
            let ended = tokio::time::timeout(LONGEST_INVOCATION, exchange(&client, request)).await;
            ended.unwrap_or(Outcome::Timeout)
        });
        match tokio::time::timeout(INTEGRATION_TIMEOUT, invocation).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error)) => Outcome::Failure(error.to_string()),
            Err(_) => Outcome::Timeout,
        }
    }
}

async fn exchange(client: &Client<HttpConnector, Full<Bytes>>, request: Request<Full<Bytes>>) -> Outcome {
    let response = match client.request(request).await {
        Ok(response) => response,
        Err(error) => return Outcome::Failure(with_causes(&error)),
    };
    let status = response.status();
    match Limited::new(response.into_body(), ANSWER_LIMIT).collect().await {
        Ok(body) => outcome(status, body.to_bytes()),
        Err(error) => Outcome::Failure(error.to_string()),
    }
}

/// cargo-lambda 1.9.2 answers 200 with what the function answered, 500 with what it posted as its error, and any other
/// trouble with a problem document.
fn outcome(status: StatusCode, body: Bytes) -> Outcome {
    if status == StatusCode::OK {
        return Outcome::Answer(body);
    }
    let document: Value = serde_json::from_slice(&body).unwrap_or_default();
    match document.get("errorMessage").and_then(Value::as_str) {
        Some(message) => Outcome::Error(message.to_owned()),
        None => Outcome::Failure(format!("the invoke API answered {status}")),
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_errors_are_told_apart() {
        let of = |status, body: &'static str| outcome(status, Bytes::from_static(body.as_bytes()));
        assert_eq!(of(StatusCode::OK, "{}"), Outcome::Answer(Bytes::from_static(b"{}")));
        let error = of(StatusCode::INTERNAL_SERVER_ERROR, r#"{"errorType":"E","errorMessage":"Unauthorized"}"#);
        assert_eq!(error, Outcome::Error("Unauthorized".to_owned()));
        let problem = of(StatusCode::INTERNAL_SERVER_ERROR, r#"{"title":"Internal Server Error","status":500}"#);
        assert_eq!(problem, Outcome::Failure("the invoke API answered 500 Internal Server Error".to_owned()));
        assert!(matches!(of(StatusCode::NOT_FOUND, r#"{"title":"Missing function"}"#), Outcome::Failure(_)));
    }
}
