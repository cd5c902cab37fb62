//! DynamoDB's protocol, JSON over HTTP, before dynoxide: for the bearers of one access key id and for no web page.
//!
//! dynoxide has a server of its own, which answers everybody who can reach its port, and pages of any origin.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;

use super::engine::Engine;
use super::operations::Answer;

/// DynamoDB's largest request.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Does what a request asks for, if it may.
pub(super) async fn answer(engine: &Engine, access_key_id: &str, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    if !may_call(&head, access_key_id) {
        return response(Answer::refusal("UnrecognizedClientException"));
    }
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await else {
        return response(Answer::refusal("SerializationException"));
    };
    let target = head.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    response(engine.answer(target, &body.to_bytes()).await)
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

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/x-amz-json-1.0"));
    response
}
