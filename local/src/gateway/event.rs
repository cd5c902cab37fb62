//! The events that API Gateway sends to functions, and the conversion of their responses to HTTP (proxy integration,
//! payload version 1.0).

use std::collections::HashMap;

use assent_shared::log;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Version};
use http_body_util::Full;
use lambda_http::Body;
use lambda_http::aws_lambda_events::apigw::{
    ApiGatewayProxyRequest, ApiGatewayProxyRequestContext, ApiGatewayProxyResponse,
};
use serde_json::{Map, Value, json};

use super::authorizer::Grant;
use super::header::header_text;
use crate::template::{ACCOUNT, REGION};

/// The id of the local API, in ARNs and contexts.
const API: &str = "local";

/// A request without its body, and its route if there is one.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) request_id: String,
    /// In the form of the header `X-Amzn-Trace-Id`.
    pub(super) trace_id: String,
    pub(super) received: DateTime<Utc>,
    pub(super) stage: String,
    pub(super) method: String,
    pub(super) version: Version,
    /// The path as it was sent, percent-encoded.
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) headers: HeaderMap,
    /// Percent-encoded, as a REST API passes them on.
    pub(super) path_parameters: Vec<(String, String)>,
    /// The resource path with its parameters in braces; `None` if no route matches.
    pub(super) resource: Option<String>,
    pub(super) source_ip: String,
    /// The gateway's own address, or the domain of the proxy before it. The client's `Host` is not used, because it may be
    /// forged.
    pub(super) domain: String,
}

impl Call {
    /// The ARN of the method, as policies name it.
    pub(super) fn method_arn(&self) -> String {
        format!("arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/{}/{}{}", self.stage, self.method, self.path)
    }

    /// The event for an authorizer of type `REQUEST`.
    pub(super) fn authorizer_event(&self) -> Value {
        let mut event = self.common(None);
        event.insert("type".to_owned(), "REQUEST".into());
        event.insert("methodArn".to_owned(), self.method_arn().into());
        Value::Object(event)
    }

    /// The event for a function. A body that is not UTF-8 is encoded as base64.
    pub(super) fn proxy_request(&self, grant: Option<&Grant>, body: &Bytes) -> ApiGatewayProxyRequest {
        let mut request = ApiGatewayProxyRequest::default();
        request.resource.clone_from(&self.resource);
        request.path = Some(self.path.clone());
        request.http_method = self.method.parse().unwrap_or_default();
        for (name, value) in self.forwarded_headers() {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value.as_bytes())) {
                request.headers.insert(name.clone(), value.clone());
                request.multi_value_headers.append(name, value);
            }
        }
        let mut parameters: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in self.query_parameters() {
            parameters.entry(name).or_default().push(value);
        }
        let last = parameters.iter().filter_map(|(name, values)| Some((name.clone(), values.last()?.clone())));
        request.query_string_parameters = last.collect::<HashMap<_, _>>().into();
        request.multi_value_query_string_parameters = parameters.into();
        request.path_parameters = self.path_parameters.iter().cloned().collect();
        request.request_context = self.request_context(grant);
        (request.body, request.is_base64_encoded) = match std::str::from_utf8(body) {
            Ok("") => (None, false),
            Ok(text) => (Some(text.to_owned()), false),
            Err(_) => (Some(BASE64.encode(body)), true),
        };
        request
    }

    fn request_context(&self, grant: Option<&Grant>) -> ApiGatewayProxyRequestContext {
        let mut context = ApiGatewayProxyRequestContext::default();
        context.account_id = Some(ACCOUNT.to_owned());
        context.apiid = Some(API.to_owned());
        context.resource_id = self.resource.as_ref().map(|_| API.to_owned());
        context.resource_path.clone_from(&self.resource);
        // As behind a custom domain, the path has no prefix.
        context.path = Some(self.path.clone());
        context.stage = Some(self.stage.clone());
        context.domain_name = Some(self.domain.clone());
        context.request_id = Some(self.request_id.clone());
        context.protocol = Some(format!("{:?}", self.version));
        context.http_method = self.method.parse().unwrap_or_default();
        context.request_time = Some(self.request_time());
        context.request_time_epoch = self.received.timestamp_millis();
        context.identity.source_ip = Some(self.source_ip.clone());
        context.identity.user_agent = self.headers.get(USER_AGENT).map(header_text);
        if let Some(grant) = grant {
            context.authorizer.fields = grant.context.clone().into_iter().collect();
        }
        context
    }

    fn request_time(&self) -> String {
        self.received.format("%d/%b/%Y:%H:%M:%S +0000").to_string()
    }

    fn query_parameters(&self) -> Vec<(String, String)> {
        let query = self.query.as_deref().unwrap_or_default().as_bytes();
        form_urlencoded::parse(query).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }

    fn common(&self, grant: Option<&Grant>) -> Map<String, Value> {
        let headers = self.forwarded_headers();
        let query = self.query_parameters();
        let mut event = Map::new();
        let mut set = |name: &str, value: Value| event.insert(name.to_owned(), value);
        set("version", "1.0".into());
        set("resource", self.resource.clone().into());
        set("path", self.path.clone().into());
        set("httpMethod", self.method.clone().into());
        set("headers", last_values(&headers));
        set("multiValueHeaders", all_values(&headers));
        set("queryStringParameters", null_if_empty(last_values(&query)));
        set("multiValueQueryStringParameters", null_if_empty(all_values(&query)));
        set("pathParameters", null_if_empty(last_values(&self.path_parameters)));
        set("stageVariables", Value::Null);
        set("requestContext", self.context(grant));
        event
    }

    /// The request context for functions and for the gateway's own responses. Nothing in it comes from the body, and the
    /// client cannot add a field to it.
    pub(super) fn context(&self, grant: Option<&Grant>) -> Value {
        let user_agent = self.headers.get(USER_AGENT).map(header_text);
        let mut context = json!({
            "requestId": self.request_id,
            "extendedRequestId": self.request_id,
            "accountId": ACCOUNT,
            "apiId": API,
            "resourceId": self.resource.as_ref().map(|_| API),
            "resourcePath": self.resource,
            // As behind a custom domain, the path has no prefix.
            "path": self.path,
            "stage": self.stage,
            "httpMethod": self.method,
            "protocol": format!("{:?}", self.version),
            "domainName": self.domain,
            "requestTime": self.request_time(),
            "requestTimeEpoch": self.received.timestamp_millis(),
            "identity": { "sourceIp": self.source_ip, "userAgent": user_agent },
        });
        if let (Some(grant), Some(fields)) = (grant, context.as_object_mut()) {
            fields.insert("authorizer".to_owned(), Value::Object(grant.context.clone()));
        }
        context
    }

    /// The client's headers, and those that the gateway sets: the client may have sent them too.
    fn forwarded_headers(&self) -> Vec<(String, String)> {
        let mut headers: Vec<_> = self
            .headers
            .iter()
            .filter(|(name, _)| !name.as_str().starts_with("x-forwarded-") && *name != log::TRACE_HEADER)
            .map(|(name, value)| (name.as_str().to_owned(), header_text(value)))
            .collect();
        let mut addresses: Vec<_> = self.headers.get_all("x-forwarded-for").iter().map(header_text).collect();
        addresses.push(self.source_ip.clone());
        headers.push(("x-forwarded-for".to_owned(), addresses.join(", ")));
        headers.push(("x-forwarded-proto".to_owned(), "http".to_owned()));
        headers.push(("x-amzn-trace-id".to_owned(), self.trace_id.clone()));
        headers
    }
}

fn last_values(pairs: &[(String, String)]) -> Value {
    Value::Object(pairs.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect())
}

fn all_values(pairs: &[(String, String)]) -> Value {
    let mut values = Map::new();
    for (name, value) in pairs {
        if let Value::Array(list) = values.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
            list.push(Value::from(value.as_str()));
        }
    }
    Value::Object(values)
}

fn null_if_empty(value: Value) -> Value {
    if value.as_object().is_some_and(Map::is_empty) { Value::Null } else { value }
}

/// A function's response as HTTP. `None` if it is malformed for API Gateway.
pub(super) fn response(payload: ApiGatewayProxyResponse) -> Option<Response<Full<Bytes>>> {
    let status = u16::try_from(payload.status_code).ok().filter(|status| (200..=599).contains(status))?;
    let body = match (payload.body, payload.is_base64_encoded) {
        (None | Some(Body::Empty), _) => Bytes::new(),
        (Some(Body::Text(body)), true) => BASE64.decode(body).ok()?.into(),
        (Some(Body::Text(body)), false) => Bytes::from(body),
        (Some(body), _) => Bytes::from(body.to_vec()),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    // If a name is in both maps, the one with several values counts.
    let mut headers = payload.headers;
    headers.extend(payload.multi_value_headers);
    // These headers concern the connection, which the gateway manages.
    for name in ["connection", "content-length", "transfer-encoding", "upgrade", "keep-alive"] {
        headers.remove(name);
    }
    headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
    *response.headers_mut() = headers;
    Some(response)
}

#[cfg(test)]
pub(super) mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    pub(in crate::gateway) fn call() -> Call {
        let mut headers = HeaderMap::new();
        headers.append("host", HeaderValue::from_static("elsewhere.example"));
        headers.append("user-agent", HeaderValue::from_static("curl/8"));
        headers.append("x-a", HeaderValue::from_static("1"));
        headers.append("x-a", HeaderValue::from_static("2"));
        headers.append("x-forwarded-for", HeaderValue::from_static("10.0.0.1"));
        headers.append("x-forwarded-proto", HeaderValue::from_static("forged"));
        headers.append("x-amzn-trace-id", HeaderValue::from_static("forged"));
        Call {
            request_id: "r-1".to_owned(),
            trace_id: "Root=1-2-3".to_owned(),
            received: DateTime::from_timestamp_millis(1_770_000_000_123).unwrap_or_default(),
            stage: "live".to_owned(),
            method: "GET".to_owned(),
            version: Version::HTTP_11,
            path: "/v1/grants/a%2Fb".to_owned(),
            query: Some("a=1&a=%C3%A9+x&b=".to_owned()),
            headers,
            path_parameters: vec![("grantId".to_owned(), "a%2Fb".to_owned())],
            resource: Some("/v1/grants/{grantId}".to_owned()),
            source_ip: "127.0.0.1".to_owned(),
            domain: "127.0.0.1:9000".to_owned(),
        }
    }

    #[test]
    fn the_proxy_event_is_as_from_a_rest_api() {
        let grant = Grant::new("key-1", json!({"tenantId": "t", "limit": 3, "live": true}).as_object());
        let event = json!(call().proxy_request(Some(&grant), &Bytes::from_static(b"{\"requestContext\":1}")));
        assert_eq!(event["resource"], "/v1/grants/{grantId}");
        assert_eq!(event["path"], "/v1/grants/a%2Fb");
        assert_eq!(event["pathParameters"], json!({"grantId": "a%2Fb"}));
        assert_eq!(event["queryStringParameters"], json!({"a": "é x", "b": ""}));
        assert_eq!(event["multiValueQueryStringParameters"], json!({"a": ["1", "é x"], "b": [""]}));
        assert_eq!(event["headers"]["x-a"], "2");
        assert_eq!(event["multiValueHeaders"]["x-a"], json!(["1", "2"]));
        assert_eq!(event["headers"]["x-forwarded-for"], "10.0.0.1, 127.0.0.1");
        assert_eq!(event["multiValueHeaders"]["x-forwarded-proto"], json!(["http"]));
        assert_eq!(event["multiValueHeaders"]["x-amzn-trace-id"], json!(["Root=1-2-3"]));
        assert_eq!(event["body"], "{\"requestContext\":1}");
        assert_eq!(event["isBase64Encoded"], false);
        assert_eq!(event["stageVariables"], json!({}));
        let context = &event["requestContext"];
        assert_eq!(context["requestId"], "r-1");
        assert_eq!(context["domainName"], "127.0.0.1:9000");
        assert_eq!(context["path"], "/v1/grants/a%2Fb");
        assert_eq!(context["resourcePath"], "/v1/grants/{grantId}");
        assert_eq!(context["protocol"], "HTTP/1.1");
        assert_eq!(context["requestTimeEpoch"], 1_770_000_000_123_i64);
        assert_eq!(context["identity"]["sourceIp"], "127.0.0.1");
        assert_eq!(context["identity"]["userAgent"], "curl/8");
        // API Gateway passes every value of the context on as text.
        let expected = json!({"principalId": "key-1", "tenantId": "t", "limit": "3", "live": "true"});
        assert_eq!(context["authorizer"], expected);
    }

    #[test]
    fn absent_members_are_empty_and_binary_bodies_are_base64() {
        let mut call = call();
        call.query = None;
        call.path_parameters.clear();
        let event = json!(call.proxy_request(None, &Bytes::new()));
        // API Gateway says null, which functions read alike.
        for name in ["queryStringParameters", "multiValueQueryStringParameters", "pathParameters"] {
            assert_eq!(event[name], json!({}), "{name}");
        }
        assert_eq!(event["body"], Value::Null);
        assert_eq!(event["requestContext"].get("authorizer"), None);
        let event = json!(call.proxy_request(None, &Bytes::from_static(b"\xff\x00")));
        assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("/wA="), &json!(true)));
    }

    #[test]
    fn the_authorizer_event_names_the_method() {
        let event = call().authorizer_event();
        assert_eq!(event["type"], "REQUEST");
        assert_eq!(event["methodArn"], "arn:aws:execute-api:us-east-1:000000000000:local/live/GET/v1/grants/a%2Fb");
        assert_eq!(event.get("body"), None);
    }

    #[tokio::test]
    async fn responses_become_http() {
        let payload = json!({
            "statusCode": 201, "headers": {"Location": "/x", "X-B": "old", "Content-Length": "99"},
            "multiValueHeaders": {"X-B": ["1", "2"]}, "body": "aGk=", "isBase64Encoded": true
        });
        let read = response(serde_json::from_value(payload).unwrap()).unwrap();
        assert_eq!(read.status(), 201);
        assert_eq!(read.headers()["location"], "/x");
        let values: Vec<_> = read.headers().get_all("x-b").iter().collect();
        assert_eq!(values, ["1", "2"]);
        assert_eq!(read.headers().get("content-length"), None);
        assert_eq!(read.headers()["content-type"], "application/json");
        let body = read.into_body().collect().await.map(http_body_util::Collected::to_bytes);
        assert_eq!(body.ok().as_deref(), Some(b"hi".as_slice()));
        let empty: ApiGatewayProxyResponse = serde_json::from_value(json!({ "statusCode": 204 })).unwrap();
        assert_eq!(response(empty).map(|response| response.status()), Some(StatusCode::NO_CONTENT));
    }

    #[test]
    fn malformed_responses_are_none() {
        for payload in [
            json!({"statusCode": 100}),
            json!({"statusCode": 600}),
            json!({"statusCode": -1}),
            json!({"statusCode": 200, "body": "?", "isBase64Encoded": true}),
        ] {
            assert!(response(serde_json::from_value(payload.clone()).unwrap()).is_none(), "{payload}");
        }
    }
}
