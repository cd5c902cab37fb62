//! DynamoDB's protocol, JSON over HTTP, before dynoxide: for the bearers of one access key id and for no web page.
//!
//! dynoxide has a server of its own, which answers everybody who can reach its port, and pages of any origin.

use bytes::Bytes;
use dynoxide::{Database, DynoxideError};
use http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// DynamoDB's largest request.
const BODY_LIMIT: usize = 16 * 1024 * 1024;
/// What an operation's name stands behind in its header.
const TARGET: &str = "DynamoDB_20120810.";

/// Does what a request asks for, if it may.
pub(super) async fn answer(
    database: &Database,
    access_key_id: &str,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    if !may_call(&head, access_key_id) {
        return error("UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    let target = head.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let Some(operation) = target.and_then(|target| target.strip_prefix(TARGET)) else {
        return error("UnknownOperationException", "");
    };
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await else {
        return error("SerializationException", "");
    };
    match call(database, operation, &body.to_bytes()) {
        Some(Ok(answer)) => response(StatusCode::OK, answer),
        Some(Err(error)) => {
            let status = StatusCode::from_u16(error.status_code()).unwrap_or(StatusCode::BAD_REQUEST);
            response(status, error.to_json())
        }
        None => error("UnknownOperationException", ""),
    }
}

/// Whether a request is signed in the name of this access key id, and by no web page. The id is random, and so a secret
/// by itself: the signature is not looked at.
fn may_call(head: &Parts, access_key_id: &str) -> bool {
    let named = head
        .headers
        .get(AUTHORIZATION)
        .and_then(|header| header.to_str().ok()?.strip_prefix("AWS4-HMAC-SHA256 "))
        .and_then(|parts| parts.split(',').find_map(|part| part.trim().strip_prefix("Credential=")))
        .and_then(|credential| credential.split('/').next());
    named == Some(access_key_id) && !head.headers.contains_key(ORIGIN)
}

/// None for an operation that nothing here has a use for.
fn call(database: &Database, operation: &str, body: &[u8]) -> Option<Result<String, DynoxideError>> {
    Some(match operation {
        "BatchGetItem" => run(body, |request| database.batch_get_item(request)),
        "BatchWriteItem" => run(body, |request| database.batch_write_item(request)),
        "CreateTable" => run(body, |request| database.create_table(request)),
        "DeleteItem" => run(body, |request| database.delete_item(request)),
        "DescribeTable" => run(body, |request| database.describe_table(request)),
        "DescribeTimeToLive" => run(body, |request| database.describe_time_to_live(request)),
        "GetItem" => run(body, |request| database.get_item(request)),
        "ListTables" => run(body, |request| database.list_tables(request)),
        "PutItem" => run(body, |request| database.put_item(request)),
        "Query" => run(body, |request| database.query(request)),
        "Scan" => run(body, |request| database.scan(request)),
        "TransactGetItems" => run(body, |request| database.transact_get_items(request)),
        "TransactWriteItems" => run(body, |request| database.transact_write_items(request)),
        "UpdateItem" => run(body, |request| database.update_item(request)),
        "UpdateTimeToLive" => run(body, |request| database.update_time_to_live(request)),
        _ => return None,
    })
}

fn run<Asked: DeserializeOwned, Answered: Serialize>(
    body: &[u8],
    operation: impl FnOnce(Asked) -> Result<Answered, DynoxideError>,
) -> Result<String, DynoxideError> {
    let asked = serde_json::from_slice(body).map_err(|error| DynoxideError::ValidationException(error.to_string()))?;
    let answered = operation(asked)?;
    serde_json::to_string(&answered).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

fn error(kind: &str, message: &str) -> Response<Full<Bytes>> {
    let kind = format!("com.amazonaws.dynamodb.v20120810#{kind}");
    response(StatusCode::BAD_REQUEST, serde_json::json!({"__type": kind, "message": message}).to_string())
}

fn response(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/x-amz-json-1.0"));
    response
}
