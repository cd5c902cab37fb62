//! The gateway's own responses: those that the template declares, otherwise API Gateway's defaults.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

use super::authorizer::Grant;
use super::event::Call;
use super::header::header_text;
use crate::template::GatewayResponse;

/// API Gateway's response types, if their causes can occur here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// No route has this path and method. The name is API Gateway's.
    MissingAuthenticationToken,
    Unauthorized,
    AccessDenied,
    /// The key is in no usage plan.
    InvalidApiKey,
    Throttled,
    QuotaExceeded,
    AuthorizerFailure,
    AuthorizerConfigurationError,
    BadRequestBody,
    RequestTooLarge,
    IntegrationFailure,
    IntegrationTimeout,
}

impl Kind {
    /// The type's name, and API Gateway's default status and message for it.
    fn defaults(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::MissingAuthenticationToken => {
                ("MISSING_AUTHENTICATION_TOKEN", StatusCode::FORBIDDEN, "Missing Authentication Token")
            }
            Self::Unauthorized => ("UNAUTHORIZED", StatusCode::UNAUTHORIZED, "Unauthorized"),
            Self::AccessDenied => {
                ("ACCESS_DENIED", StatusCode::FORBIDDEN, "User is not authorized to access this resource")
            }
            Self::InvalidApiKey => ("INVALID_API_KEY", StatusCode::FORBIDDEN, "Forbidden"),
            Self::Throttled => ("THROTTLED", StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"),
            Self::QuotaExceeded => ("QUOTA_EXCEEDED", StatusCode::TOO_MANY_REQUESTS, "Limit Exceeded"),
            Self::AuthorizerFailure => {
                ("AUTHORIZER_FAILURE", StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
            }
            Self::AuthorizerConfigurationError => {
                ("AUTHORIZER_CONFIGURATION_ERROR", StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
            }
            Self::BadRequestBody => ("BAD_REQUEST_BODY", StatusCode::BAD_REQUEST, "Invalid request body"),
            Self::RequestTooLarge => ("REQUEST_TOO_LARGE", StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long"),
            Self::IntegrationFailure => ("INTEGRATION_FAILURE", StatusCode::BAD_GATEWAY, "Internal server error"),
            Self::IntegrationTimeout => {
                ("INTEGRATION_TIMEOUT", StatusCode::GATEWAY_TIMEOUT, "Endpoint request timed out")
            }
        }
    }
}

/// An error to which the gateway responds by itself.
#[derive(Debug)]
pub(super) struct GatewayError {
    pub(super) kind: Kind,
    /// The authorizer's grant, if it denied the request. The response may use its context.
    pub(super) grant: Option<Arc<Grant>>,
}

impl From<Kind> for GatewayError {
    fn from(kind: Kind) -> Self {
        Self { kind, grant: None }
    }
}

/// The template's gateway responses.
#[derive(Debug)]
pub(super) struct Responses(BTreeMap<String, GatewayResponse>);

impl Responses {
    pub(super) fn new(responses: &BTreeMap<String, GatewayResponse>) -> Self {
        Self(responses.clone())
    }

    /// The response to an error.
    pub(super) fn response(&self, GatewayError { kind, grant }: &GatewayError, call: &Call) -> Response<Full<Bytes>> {
        let (name, status, message) = kind.defaults();
        let fallback = if status.is_client_error() { "DEFAULT_4XX" } else { "DEFAULT_5XX" };
        let declared = self.0.get(name).or_else(|| self.0.get(fallback)).cloned().unwrap_or_default();
        let status = declared.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(status);

        let mut context = call.context(grant.as_deref());
        if let Some(context) = context.as_object_mut() {
            // `messageString` is the message as a JSON string, with quotes.
            let quoted = Value::from(message).to_string();
            let error = json!({"message": message, "messageString": quoted, "responseType": name});
            context.insert("error".to_owned(), error);
        }
        let template = declared.template.as_deref().unwrap_or(r#"{"message":$context.error.messageString}"#);

        let mut response = Response::new(Full::new(Bytes::from(filled(template, &context))));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, expression) in &declared.headers {
            let value = mapped(expression, &context, &call.headers);
            let value = value.and_then(|value| HeaderValue::from_str(&value).ok());
            if let (Ok(name), Some(value)) = (HeaderName::try_from(name), value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// Fills in the `$context.…` expressions of a template. An unknown name becomes an empty text.
fn filled(template: &str, context: &Value) -> String {
    const START: &str = "$context.";
    let mut result = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once(START) {
        result.push_str(before);
        let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')).unwrap_or(after.len());
        let (path, after) = after.split_at_checked(end).unwrap_or((after, ""));
        // A full stop after an expression is not part of the name.
        let name = path.trim_end_matches('.');
        result.push_str(&looked_up(name, context).unwrap_or_default());
        result.push_str(path.strip_prefix(name).unwrap_or_default());
        rest = after;
    }
    result.push_str(rest);
    result
}

/// The value of a header's mapping expression: a constant in single quotes, a field of the context, or a header of the
/// request.
fn mapped(expression: &str, context: &Value, headers: &HeaderMap) -> Option<String> {
    if let Some(constant) = expression.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return Some(constant.to_owned());
    }
    if let Some(path) = expression.strip_prefix("context.") {
        return looked_up(path, context);
    }
    let name = expression.strip_prefix("method.request.header.")?;
    headers.get(name).map(header_text)
}

fn looked_up(path: &str, context: &Value) -> Option<String> {
    match path.split('.').try_fold(context, |value, name| value.get(name))? {
        Value::String(text) => Some(text.clone()),
        value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::super::event::tests::call;
    use super::*;

    async fn respond(responses: &[(&str, GatewayResponse)], kind: Kind) -> (u16, HeaderMap, String) {
        let responses = responses.iter().map(|(name, response)| ((*name).to_owned(), response.clone())).collect();
        let grant = Grant::new("nobody", json!({"message": "No such key"}).as_object());
        let error = GatewayError { kind, grant: (kind == Kind::AccessDenied).then(|| Arc::new(grant)) };
        let (parts, body) = Responses(responses).response(&error, &call()).into_parts();
        let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        (parts.status.as_u16(), parts.headers, String::from_utf8_lossy(&body).into_owned())
    }

    fn response(status: Option<u16>, template: &str, headers: &[(&str, &str)]) -> GatewayResponse {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        GatewayResponse { status, template: Some(template.to_owned()), headers }
    }

    #[tokio::test]
    async fn the_template_decides_status_body_and_headers() {
        let declared = response(
            Some(404),
            r#"{"id":"$context.requestId","message":$context.error.messageString,"at":"$context.requestId."}"#,
            &[
                ("X-Request-Id", "context.requestId"),
                ("Cache-Control", "'no-store'"),
                ("X-Agent", "method.request.header.User-Agent"),
                ("X-None", "context.none"),
            ],
        );
        let (status, headers, body) =
            respond(&[("MISSING_AUTHENTICATION_TOKEN", declared)], Kind::MissingAuthenticationToken).await;
        assert_eq!(status, 404);
        assert_eq!(body, r#"{"id":"r-1","message":"Missing Authentication Token","at":"r-1."}"#);
        assert_eq!(headers["x-request-id"], "r-1");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-agent"], "curl/8");
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers.get("x-none"), None);
    }

    #[tokio::test]
    async fn an_undeclared_type_uses_the_default_of_its_class() {
        let defaults = [
            ("DEFAULT_4XX", response(None, "4 $context.error.responseType", &[])),
            ("DEFAULT_5XX", response(Some(500), "5 $context.error.message", &[])),
        ];
        let (status, _, body) = respond(&defaults, Kind::RequestTooLarge).await;
        assert_eq!((status, body.as_str()), (413, "4 REQUEST_TOO_LARGE"));
        let (status, _, body) = respond(&defaults, Kind::IntegrationTimeout).await;
        assert_eq!((status, body.as_str()), (500, "5 Endpoint request timed out"));
        let (status, _, body) = respond(&[], Kind::AccessDenied).await;
        assert_eq!((status, body.as_str()), (403, r#"{"message":"User is not authorized to access this resource"}"#));
    }

    #[tokio::test]
    async fn a_denial_uses_the_context_of_the_authorizer() {
        let declared = response(Some(401), r#"{"message":"$context.authorizer.message"}"#, &[]);
        let responses = [("ACCESS_DENIED", declared.clone()), ("UNAUTHORIZED", declared)];
        let (status, _, body) = respond(&responses, Kind::AccessDenied).await;
        assert_eq!((status, body.as_str()), (401, r#"{"message":"No such key"}"#));
        let (_, _, body) = respond(&responses, Kind::Unauthorized).await;
        assert_eq!(body, r#"{"message":""}"#);
    }

    #[test]
    fn unknown_names_become_empty() {
        let context = json!({"a": {"b": "x"}, "n": 3});
        assert_eq!(filled("[$context.a.b][$context.n][$context.c][$context.][$contex", &context), "[x][3][][][$contex");
    }
}
