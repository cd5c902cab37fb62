//! DynamoDB's protocol over HTTP, for clients with this run's access key id and for no web page.
//!
//! dynoxide has a server too, but that one serves everybody who can reach its port, and web pages of any origin.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;

use super::engine::Engine;
use super::operations::ProtocolResponse;

/// The size of DynamoDB's largest request, in bytes.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Runs the operation of a request, if the client has this access key id.
pub(super) async fn respond_to_client_of(
    engine: &Engine,
    access_key_id: &str,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    if !may_call(&head, access_key_id) {
        return response(ProtocolResponse::refusal("UnrecognizedClientException"));
    }
    respond(engine, Request::from_parts(head, body)).await
}

/// Runs the operation of a request.
pub(super) async fn respond(engine: &Engine, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await else {
        return response(ProtocolResponse::refusal("SerializationException"));
    };
    let target = head.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    response(engine.respond(target, &body.to_bytes()).await)
}

/// Whether a request is signed with this access key id and does not come from a web page. The id is random, and is the
/// secret itself, so the signature is not checked.
fn may_call(head: &Parts, access_key_id: &str) -> bool {
    let named = head
        .headers
        .get(AUTHORIZATION)
        .and_then(|header| header.to_str().ok()?.strip_prefix("AWS4-HMAC-SHA256 "))
        .and_then(|parts| parts.split(',').find_map(|part| part.trim().strip_prefix("Credential=")))
        .and_then(|credential| credential.split('/').next());
    named == Some(access_key_id) && !head.headers.contains_key(ORIGIN)
}

fn response(done: ProtocolResponse) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(done.body)));
    *response.status_mut() = StatusCode::from_u16(done.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/x-amz-json-1.0"));
    response
}
