//! An HTTP client that asserts, on every response, what the contract promises of every response.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, StatusCode, http};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use crate::fixtures::unique;
use crate::like::assert_like;

/// Longer than API Gateway waits for a function (29 s).
const PATIENCE: Duration = Duration::from_mins(1);

/// A request to be sent, perhaps several times.
#[derive(Clone, Debug)]
pub struct Request {
    method: Method,
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Request {
    /// A request without a body.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: Bytes::new() }
    }

    /// The path and query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Adds a header; it may occur several times.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((
            name.parse().expect("a header name"),
            HeaderValue::from_bytes(value.as_ref()).expect("a header value"),
        ));
        self
    }

    /// Sets a JSON body and its content type.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").bytes(body.to_string())
    }

    /// Sets a body without a content type.
    #[must_use]
    pub fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// The event with which API Gateway invokes a function for this request, with this context from the authorizer.
    pub fn event(&self, authorizer: &Value) -> Value {
        let headers = self.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let headers: BTreeMap<&str, &str> = headers.collect();
        let body = Some(String::from_utf8_lossy(&self.body)).filter(|body| !body.is_empty());
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let mut parameters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, value) in query.split('&').filter_map(|parameter| parameter.split_once('=')) {
            // API Gateway decodes them; here none is encoded.
            assert!(!value.contains(['%', '+']), "{query}");
            parameters.entry(name).or_default().push(value);
        }
        json!({
            "version": "1.0",
            "httpMethod": self.method.as_str(),
            "path": path,
            "multiValueQueryStringParameters": parameters,
            "headers": headers,
            "requestContext": {
                "requestId": unique("request"),
                "httpMethod": self.method.as_str(),
                "path": path,
                "identity": {"sourceIp": "127.0.0.1"},
                "authorizer": authorizer,
            },
            "body": body,
            "isBase64Encoded": false,
        })
    }
}

/// How long an idle connection is kept: less than the gateway keeps it, so that no request is sent on a connection that
/// the gateway is closing.
const IDLE: Duration = Duration::from_secs(20);

/// Sends requests to one base address.
#[derive(Clone)]
pub struct Client {
    base: String,
    http: HyperClient<HttpConnector, Full<Bytes>>,
}

impl Client {
    /// A client of the API at this address (`http://host:port`).
    pub fn new(base: impl Into<String>) -> Self {
        let http = HyperClient::builder(TokioExecutor::new())
            .retry_canceled_requests(false)
            .pool_idle_timeout(IDLE)
            .build(HttpConnector::new());
        Self { base: base.into(), http }
    }

    /// The `host:port` to which it sends requests.
    pub fn authority(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// Sends the request, and checks the rules that hold for every response.
    pub async fn send(&self, request: Request) -> Response {
        let about = format!("{} {}", request.method, request.path);
        let mut built = http::Request::builder()
            .method(request.method)
            .uri(format!("{}{}", self.base, request.path))
            .body(Full::new(request.body))
            .unwrap_or_else(|error| panic!("{about}: not a request: {error}"));
        for (name, value) in request.headers {
            built.headers_mut().append(name, value);
        }
        let exchange = async {
            let (head, body) = self.http.request(built).await?.into_parts();
            let body = body.collect().await.map_err(|error| panic!("{about}: response cut: {error}"))?.to_bytes();
            Ok::<_, hyper_util::client::legacy::Error>((head, body))
        };
        let (head, body) = tokio::time::timeout(PATIENCE, exchange)
            .await
            .unwrap_or_else(|_| panic!("{about}: no response within {PATIENCE:?}"))
            .unwrap_or_else(|error| panic!("{about}: no response: {error:?}"));
        let response = Response { about, status: head.status, headers: head.headers, body };
        response.check();
        response
    }
}

/// A response that keeps the rules that hold for every response.
#[derive(Clone, Debug)]
pub struct Response {
    about: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Response {
    /// The HTTP response that API Gateway makes of a function's output, checked like any other.
    pub fn of_function(response: &Value) -> Self {
        let status = response.get("statusCode").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
        let status = status.and_then(|status| StatusCode::from_u16(status).ok());
        let status = status.unwrap_or_else(|| panic!("not a response: {response}"));
        let mut headers = HeaderMap::new();
        let single = response.get("headers").and_then(Value::as_object).into_iter().flatten();
        let single = single.map(|(name, value)| (name, std::slice::from_ref(value)));
        let lines = response.get("multiValueHeaders").and_then(Value::as_object).into_iter().flatten();
        let lines = lines.map(|(name, values)| (name, values.as_array().map(Vec::as_slice).unwrap_or_default()));
        for (name, values) in single.chain(lines) {
            let name: HeaderName = name.parse().expect("a header name");
            for value in values {
                headers.append(&name, value.as_str().unwrap_or_default().parse().expect("a header value"));
            }
        }
        let body = response.get("body").and_then(Value::as_str).unwrap_or_default().to_owned();
        let response = Self { about: "a function".to_owned(), status, headers, body: body.into() };
        response.check();
        response
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The value of a header, if it is present and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_else(|error| panic!("{self}: the body is not UTF-8: {error}"))
    }

    /// The body, which must be JSON.
    pub fn body(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{self}: the body is not JSON: {error}"))
    }

    /// Asserts the status, and returns the body.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status(), status, "{self}");
        self.body()
    }

    /// Asserts the status and the whole body ([`assert_like`]), and returns the body.
    #[track_caller]
    pub fn expect_like(&self, status: u16, expected: &Value) -> Value {
        let body = self.expect(status);
        assert_like(&body, expected);
        body
    }

    /// Asserts a 204 without a body.
    #[track_caller]
    pub fn expect_no_content(&self) {
        assert_eq!(self.status(), 204, "{self}");
    }

    /// Asserts that this response is a replay of the first one.
    #[track_caller]
    pub fn expect_replay_of(&self, first: &Self) {
        assert!(self.replayed(), "{self}: not a replay");
        self.expect_equal(first);
        assert_ne!(self.header("x-request-id"), first.header("x-request-id"), "a request has an id of its own");
    }

    /// Asserts that both responses have the same status, `ETag`, `Location` and body.
    #[track_caller]
    pub fn expect_equal(&self, other: &Self) {
        let shown = |response: &Self| {
            let headers = ["etag", "location"].map(|name| response.headers.get(name).cloned());
            (response.status, headers, response.body.clone())
        };
        assert_eq!(shown(self), shown(other), "{self}\n{other}");
    }

    /// Whether the response is marked as a replay.
    pub fn replayed(&self) -> bool {
        let header = self.header("idempotency-replayed");
        assert!(matches!(header, None | Some("true")), "{self}");
        header.is_some()
    }

    /// Asserts an error of this status and code.
    #[track_caller]
    pub fn expect_error(&self, status: u16, code: &str) -> Value {
        assert_eq!((self.status(), self.body().get("code").cloned()), (status, Some(json!(code))), "{self}");
        self.body()
    }

    /// Asserts an error whose details name exactly these fields, in any order.
    #[track_caller]
    pub fn expect_field_errors(&self, status: u16, code: &str, fields: &[&str]) {
        self.expect_error(status, code);
        let mut named = self.error_fields();
        named.sort_unstable();
        named.dedup();
        let mut fields = fields.to_vec();
        fields.sort_unstable();
        assert_eq!(named, fields, "{self}");
    }

    /// The fields that the details of an error name.
    pub fn error_fields(&self) -> Vec<String> {
        self.details().into_iter().map(|(field, _)| field).collect()
    }

    /// The message about a field in the details of an error.
    #[track_caller]
    pub fn message_of(&self, field: &str) -> String {
        let found = self.details().into_iter().find(|(name, _)| name == field);
        found.unwrap_or_else(|| panic!("{self}: nothing about {field}")).1
    }

    fn details(&self) -> Vec<(String, String)> {
        let text = |detail: &Value, name: &str| detail.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        self.body()
            .get("details")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|detail| (text(detail, "field"), text(detail, "message")))
            .collect()
    }

    /// What holds for every page: it loads nothing but its own style, from nowhere else, and no other site learns of it.
    fn check_page(&self) {
        let policy = self.header("content-security-policy").unwrap_or_default();
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.split(';').any(|found| found.trim() == rule), "{self}: {rule}");
        }
        assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{self}");
        assert!(self.header("content-language").is_some(), "{self}: no Content-Language");
        let html = self.text();
        assert!(html.starts_with("<!DOCTYPE html>") && !html.contains("<script"), "{self}");
        if self.status.is_server_error() {
            // The number under which the log has the error.
            assert!(html.contains(self.header("x-request-id").unwrap_or_default()), "{self}");
        }
    }

    fn check(&self) {
        let request_id = self.header("x-request-id").unwrap_or_default();
        assert!(!request_id.is_empty(), "{self}: no X-Request-Id");
        match self.header("cache-control") {
            Some("no-store") => {}
            // The tests of the endpoints assert which responses may be cached.
            Some("public, max-age=300" | "public, max-age=60" | "public, max-age=31536000, immutable") => {
                assert_eq!(self.status, StatusCode::OK, "{self}");
            }
            other => panic!("{self}: Cache-Control: {other:?}"),
        }
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"), "{self}");
        if self.status == StatusCode::NO_CONTENT {
            assert!(self.body.is_empty(), "{self}: a 204 with a body");
            return;
        }
        if self.status == StatusCode::SEE_OTHER {
            assert!(self.body.is_empty(), "{self}: a 303 with a body");
            return;
        }
        match self.header("content-type") {
            Some("application/json") => {}
            // The receipt in the terms of DPV, and what is for browsers.
            Some("application/ld+json" | "text/javascript; charset=utf-8") if self.status == StatusCode::OK => {}
            Some("text/css; charset=utf-8") if self.status == StatusCode::OK => return,
            Some("text/html; charset=utf-8") => {
                self.check_page();
                return;
            }
            other => panic!("{self}: Content-Type: {other:?}"),
        }
        if self.status.is_success() {
            return;
        }
        assert!(self.status.is_client_error() || self.status.is_server_error(), "{self}");
        assert!(!self.replayed(), "{self}: an error must not be a replay");
        let mut expected = json!({
            "statusCode": self.status(),
            "error": self.status.canonical_reason(),
            "code": "<text>",
            "message": "<text>",
            "requestId": request_id,
        });
        let body = self.body();
        if let Some(details) = body.get("details") {
            let count = details.as_array().map_or(0, Vec::len);
            assert!(count > 0, "{self}: empty details");
            expected["details"] = json!(vec![json!({"field": "<any text>", "message": "<text>"}); count]);
        }
        assert_like(&body, &expected);
        match self.status() {
            500 => assert_like(
                &body,
                &json!({
                    "statusCode": 500,
                    "error": "Internal Server Error",
                    "code": "INTERNAL_SERVER_ERROR",
                    "message": "Internal Server Error",
                    "requestId": request_id,
                }),
            ),
            503 => assert!(self.header("retry-after").is_some(), "{self}: no Retry-After"),
            _ => {}
        }
    }
}

impl std::fmt::Display for Response {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{}: got {} {:?} {}",
            self.about,
            self.status,
            self.headers,
            String::from_utf8_lossy(&self.body)
        )
    }
}
