//! The HTTP request of a function: a `lambda_http` request, converted from an API
//! Gateway REST proxy event (payload version 1.0) or a function URL's event (2.0).
//!
//! The conversion of `lambda_http` itself panics on a malformed `Host`,
//! `X-Forwarded-Proto` or base64 body, and fails on a header that is not ASCII, so
//! that a client could cause a 502. No header makes the conversion here fail.

use crate::api::Error;
use base64::{Engine, engine::general_purpose::STANDARD};
use lambda_http::{
    Body, Request, RequestExt,
    aws_lambda_events::apigw::{ApiGatewayProxyRequest, ApiGatewayV2httpRequest},
    http::{HeaderMap, HeaderName, HeaderValue, Method},
    request::RequestContext,
};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::{borrow::Cow, collections::HashMap, net::IpAddr};

/// An event that is converted into a request.
#[derive(Clone, Debug)]
pub enum Event {
    /// API Gateway's REST API.
    Rest(Box<ApiGatewayProxyRequest>),
    /// A function URL.
    FunctionUrl(Box<ApiGatewayV2httpRequest>),
}

/// An HTTP request.
#[derive(Debug)]
pub struct HttpRequest(Request);

/// Marks a request whose body should be base64, and is not.
#[derive(Clone, Copy)]
struct UndecodableBody;

impl Event {
    /// Reads an event. Its headers may hold any bytes.
    pub fn read(mut event: Value) -> Result<Self, serde_json::Error> {
        let headers = take_headers(&mut event);
        if event.get("version").and_then(Value::as_str) == Some("2.0") {
            let mut event: ApiGatewayV2httpRequest = serde_json::from_value(event)?;
            event.headers = headers;
            return Ok(Self::FunctionUrl(Box::new(event)));
        }
        let mut event: ApiGatewayProxyRequest = serde_json::from_value(event)?;
        event.multi_value_headers = headers;
        Ok(Self::Rest(Box::new(event)))
    }
}

/// Removes the headers from an event and returns all lines of each. If an event
/// has `multiValueHeaders`, its `headers` only repeats the last line of each.
pub fn take_headers(event: &mut Value) -> HeaderMap {
    let mut take = |member| match event.as_object_mut().and_then(|members| members.remove(member)) {
        Some(Value::Object(headers)) => headers,
        _ => serde_json::Map::new(),
    };
    let (lines, single) = (take("multiValueHeaders"), take("headers"));
    let mut headers = HeaderMap::new();
    for (name, lines) in if lines.is_empty() { single } else { lines } {
        let Ok(name) = HeaderName::try_from(name) else { continue };
        let lines = match lines {
            Value::Array(lines) => lines,
            line => vec![line],
        };
        for line in lines.iter().filter_map(Value::as_str) {
            if let Ok(value) = HeaderValue::from_bytes(line.as_bytes()) {
                headers.append(&name, value);
            }
        }
    }
    headers
}

impl From<Event> for HttpRequest {
    fn from(event: Event) -> Self {
        match event {
            Event::Rest(event) => {
                let (path, query) = (event.path, event.multi_value_query_string_parameters);
                let body = decoded(event.body, event.is_base64_encoded);
                let mut request = request(event.http_method, event.multi_value_headers, body)
                    .with_raw_http_path(path.unwrap_or_default())
                    .with_query_string_parameters(query)
                    .with_path_parameters(event.path_parameters);
                request.extensions_mut().insert(RequestContext::ApiGatewayV1(event.request_context));
                Self(request)
            }
            Event::FunctionUrl(event) => {
                let query = event.raw_query_string.unwrap_or_default();
                let mut parameters: HashMap<String, Vec<String>> = HashMap::new();
                for (name, value) in url::form_urlencoded::parse(query.as_bytes()).into_owned() {
                    parameters.entry(name).or_default().push(value);
                }
                let body = decoded(event.body, event.is_base64_encoded);
                let method = event.request_context.http.method.clone();
                let mut request = request(method, event.headers, body)
                    .with_raw_http_path(event.raw_path.unwrap_or_default())
                    .with_query_string_parameters(parameters)
                    .with_path_parameters(event.path_parameters);
                request.extensions_mut().insert(RequestContext::ApiGatewayV2(event.request_context));
                Self(request)
            }
        }
    }
}

/// A request with this body, or with an [`UndecodableBody`] if it is `None`.
fn request(method: Method, headers: HeaderMap, body: Option<Body>) -> Request {
    let undecodable = body.is_none();
    let mut request = Request::new(body.unwrap_or_default());
    *request.method_mut() = method;
    *request.headers_mut() = headers;
    if undecodable {
        request.extensions_mut().insert(UndecodableBody);
    }
    request
}

/// The body of an event; `None` if it should be base64, and is not.
fn decoded(body: Option<String>, is_base64: bool) -> Option<Body> {
    match body.filter(|body| !body.is_empty()) {
        None => Some(Body::Empty),
        Some(body) if is_base64 => STANDARD.decode(body).ok().map(Body::Binary),
        Some(body) => Some(Body::Text(body)),
    }
}

impl HttpRequest {
    /// Whether the request came through a function URL, and not through the REST API.
    pub(crate) fn is_function_url(&self) -> bool {
        matches!(self.0.request_context_ref(), Some(RequestContext::ApiGatewayV2(_)))
    }

    /// The method.
    pub fn method(&self) -> &str {
        self.0.method().as_str()
    }

    /// The path as it was sent, percent-encoded.
    pub fn path(&self) -> &str {
        self.0.raw_http_path()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The API's base path: the stage on API Gateway's own domain, the base path of
    /// a custom domain, and nothing without a gateway.
    pub(crate) fn base(&self, route: &str) -> &str {
        let path = match self.0.request_context_ref() {
            Some(RequestContext::ApiGatewayV1(context)) => context.path.as_deref().unwrap_or_default(),
            _ => "",
        };
        let head = route.split('{').next().unwrap_or_default();
        path.find(head).and_then(|end| path.get(..end)).unwrap_or_default()
    }

    /// The URL of a path of the API, at the domain that the gateway names. Without a
    /// gateway it is only the path, because the `Host` that the client sends cannot be
    /// trusted.
    pub(crate) fn url(&self, route: &str, path: &str) -> String {
        let path = format!("{}{path}", self.base(route));
        match self.0.request_context_ref() {
            Some(RequestContext::ApiGatewayV1(context)) => match &context.domain_name {
                Some(domain) => {
                    let scheme = if domain.starts_with("127.0.0.1:") { "http" } else { "https" };
                    format!("{scheme}://{domain}{path}")
                }
                None => path,
            },
            _ => path,
        }
    }

    /// The path without the API's base path.
    pub(crate) fn path_below_base(&self, route: &str) -> &str {
        let (path, head) = (self.path(), route.split('{').next().unwrap_or_default());
        path.find(head).and_then(|start| path.get(start..)).unwrap_or(path)
    }

    /// The gateway's id of this request.
    pub fn request_id(&self) -> Option<&str> {
        match self.0.request_context_ref()? {
            RequestContext::ApiGatewayV1(context) => context.request_id.as_deref(),
            RequestContext::ApiGatewayV2(context) => context.request_id.as_deref(),
            _ => None,
        }
    }

    /// The last line of a header. The name's case does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        text_of(self.0.headers().get_all(name).iter().next_back()?)
    }

    /// A header that holds a list: all of its lines, joined (RFC 9110, section 5.3).
    pub(crate) fn list_header(&self, name: &str) -> Option<String> {
        let lines = self.0.headers().get_all(name);
        let lines: Vec<&str> = lines.iter().filter_map(text_of).collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    }

    /// A value of the authorizer's context. Only the REST API has an authorizer, so
    /// the context in a function URL's event is not trusted.
    pub fn authorizer_context(&self, name: &str) -> Option<&str> {
        match self.0.request_context_ref()? {
            RequestContext::ApiGatewayV1(context) => context.authorizer.fields.get(name)?.as_str(),
            _ => None,
        }
    }

    /// The IP address of the client.
    pub fn source_ip(&self) -> Option<IpAddr> {
        let address = match self.0.request_context_ref()? {
            RequestContext::ApiGatewayV1(context) => context.identity.source_ip.as_ref(),
            RequestContext::ApiGatewayV2(context) => context.http.source_ip.as_ref(),
            _ => None,
        };
        address.and_then(|address| address.parse().ok())
    }

    /// A parameter of the path, percent-decoded. No other code decodes parameters.
    /// The REST API and the router of cargo-lambda pass the parameters as they are
    /// in the URL. A function URL passes none, so its path is matched against the
    /// route of the operation.
    pub fn path_parameter(&self, route: &str, name: &str) -> Option<String> {
        let given = self.0.path_parameters_ref().and_then(|given| given.first(name));
        let encoded = match given {
            Some(given) => given,
            None => segment(route, self.path(), name)?,
        };
        percent_decode_str(encoded).decode_utf8().ok().map(Cow::into_owned)
    }

    /// The parameters of the query, decoded and sorted by name. A repeated parameter
    /// is there repeatedly.
    pub fn query(&self) -> Vec<(String, String)> {
        let parameters = self.0.query_string_parameters_ref().into_iter().flat_map(|given| given.iter());
        let mut parameters: Vec<(String, String)> =
            parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        parameters.sort_by(|(left, _), (right, _)| left.cmp(right));
        parameters
    }

    /// The bytes of the body, if there is one. It is an error if they cannot be decoded.
    pub(crate) fn body(&self) -> Result<Option<&[u8]>, Error> {
        if self.0.extensions().get::<UndecodableBody>().is_some() {
            return Err(Error::BadRequest("The body is not valid base64".to_owned()));
        }
        let body: &[u8] = self.0.body();
        Ok(Some(body).filter(|body| !body.is_empty()))
    }
}

/// A line of a header as text; `None` if it is not UTF-8.
pub(super) fn text_of(line: &HeaderValue) -> Option<&str> {
    std::str::from_utf8(line.as_bytes()).ok()
}

/// The segment of a path that is in the position of `{name}` in a route. `None` if
/// the path does not match the route.
fn segment<'a>(route: &str, path: &'a str, name: &str) -> Option<&'a str> {
    let (parts, segments): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path.split('/').collect());
    if parts.len() != segments.len() {
        return None;
    }
    let mut found = None;
    for (part, segment) in parts.iter().zip(segments) {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(parameter) if parameter == name => found = Some(segment),
            Some(_) => {}
            None if *part == segment => {}
            None => return None,
        }
    }
    found.filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ROUTE: &str = "/v1/items/{itemId}/parts/{partId}";

    /// A request from this event, completed by the members that every event has.
    fn request(event: &Value) -> HttpRequest {
        let mut whole =
            json!({ "httpMethod": "POST", "requestContext": { "httpMethod": "POST", "http": { "method": "POST" } } });
        for (member, value) in event.as_object().unwrap() {
            if let Some(context) = value.as_object().filter(|_| member == "requestContext") {
                context.iter().for_each(|(member, value)| whole["requestContext"][member] = value.clone());
            } else {
                whole[member] = value.clone();
            }
        }
        Event::read(whole).unwrap().into()
    }

    #[test]
    fn a_rest_event_is_read() {
        let request = request(&json!({
            "version": "1.0", "httpMethod": "POST", "path": "/v1/items/a%2Fb/parts/c",
            "headers": {"x-api-key": "k"},
            "pathParameters": {"itemId": "a%2Fb", "partId": "c"},
            "requestContext": {"requestId": "r", "identity": {"sourceIp": "192.0.2.1"},
                "authorizer": {"tenantId": "t", "integrationLatency": 3}},
            "body": "e30=", "isBase64Encoded": true
        }));
        assert_eq!(request.method(), "POST");
        assert_eq!(request.request_id(), Some("r"));
        assert_eq!(request.header("X-API-Key"), Some("k"));
        assert_eq!(request.authorizer_context("tenantId"), Some("t"));
        assert_eq!(request.path_parameter(ROUTE, "itemId").as_deref(), Some("a/b"));
        assert_eq!(request.body().unwrap(), Some(&b"{}"[..]));
        assert!(request.source_ip().is_some());
    }

    #[test]
    fn a_function_url_event_is_read_and_its_authorizer_is_not_trusted() {
        let request = request(&json!({
            "version": "2.0", "httpMethod": "POST", "rawPath": "/v1/items/50%25/parts/c",
            "requestContext": {"http": {"method": "GET", "sourceIp": "::1"},
                "authorizer": {"tenantId": "t"}}
        }));
        assert_eq!(request.method(), "GET");
        assert_eq!(request.authorizer_context("tenantId"), None);
        assert_eq!(request.path_parameter(ROUTE, "itemId").as_deref(), Some("50%"));
        assert_eq!(request.path_parameter("/v1/other/{itemId}/parts/c", "itemId"), None);
        assert_eq!(request.body().unwrap(), None);
    }

    #[test]
    fn a_body_that_cannot_be_decoded_is_an_error() {
        let body = |body: &str| {
            let request = request(&json!({"body": body, "isBase64Encoded": true}));
            request.body().map(|body| body.is_some())
        };
        assert!(matches!(body(""), Ok(false)));
        assert!(matches!(body("e30="), Ok(true)));
        for bad in ["%", "e30", "{}", " "] {
            assert!(matches!(body(bad), Err(Error::BadRequest(_))), "{bad:?}");
        }
    }

    #[test]
    fn the_base_path_precedes_the_route() {
        let base = |path: &str| request(&json!({ "requestContext": { "path": path } })).base(ROUTE).to_owned();
        assert_eq!(base("/live/v1/items/a/parts/b"), "/live");
        assert_eq!(base("/v1/items/a/parts/b"), "");
        assert_eq!(base("/else"), "");
        assert_eq!(request(&json!({})).base(ROUTE), "");
    }

    #[test]
    fn a_url_is_at_the_domain_of_the_gateway() {
        let uri = |domain: &str, path: &str| {
            let headers = json!({ "host": "elsewhere.example" });
            request(&json!({ "headers": headers, "requestContext": { "domainName": domain, "path": path } }))
                .url(ROUTE, "/.well-known/jwks.json")
        };
        let (local, staged) = ("/v1/items/a/parts/b", "/live/v1/items/a/parts/b");
        assert_eq!(uri("a1.example.com", staged), "https://a1.example.com/live/.well-known/jwks.json");
        assert_eq!(uri("127.0.0.1:9000", local), "http://127.0.0.1:9000/.well-known/jwks.json");
        for without_gateway in [
            json!({"version": "2.0", "headers": {"host": "a.example"}, "requestContext": {"domainName": "localhost"}}),
            json!({"headers": {"host": "a.example"}}),
        ] {
            assert_eq!(request(&without_gateway).url(ROUTE, "/.well-known/jwks.json"), "/.well-known/jwks.json");
        }
    }

    #[test]
    fn every_line_of_a_header_is_kept() {
        for (event, expected) in [
            (json!({}), vec![]),
            (json!({"headers": {"X-API-Key": "a"}}), vec!["a"]),
            (json!({"headers": {"X-API-Key": ""}}), vec![""]),
            (json!({"headers": {"x-api-key": "b"}, "multiValueHeaders": {"x-api-key": ["a", "b"]}}), vec!["a", "b"]),
            (json!({"headers": {"x-api-key": "a"}, "multiValueHeaders": {"x-api-key": ["a"]}}), vec!["a"]),
            (json!({"multiValueHeaders": {"x-api-key": ["a"], "X-API-Key": ["b"]}}), vec!["b", "a"]),
        ] {
            let request = request(&event);
            let lines: Vec<&str> = request.headers().get_all("X-Api-Key").iter().filter_map(text_of).collect();
            assert_eq!(lines, expected);
        }
    }

    /// The conversion of `lambda_http` itself panics or fails on each of these.
    #[test]
    fn nothing_in_a_header_is_fatal() {
        for (name, value) in [
            ("Host", "a b"),
            ("Host", "[::1"),
            ("Host", ""),
            ("Host", "@:"),
            ("X-Forwarded-Proto", "://"),
            ("X-Forwarded-Proto", ""),
            ("User-Agent", "Größe"),
            ("Content-Type", "\u{7f}"),
            ("not a name", "a"),
        ] {
            for version in ["1.0", "2.0"] {
                let request = request(&json!({ "version": version, "headers": { name: value, "x-kept": "kept" } }));
                assert_eq!(request.header("X-Kept"), Some("kept"), "{name}: {value}");
            }
        }
        assert_eq!(request(&json!({ "headers": { "user-agent": "Größe" } })).header("User-Agent"), Some("Größe"));
    }

    #[test]
    fn nothing_in_a_path_or_query_is_fatal() {
        for path in ["", "*", "@", ":x", "//", "/%", "/{", "/\u{e9}", &"/a".repeat(70_000)] {
            assert_eq!(request(&json!({ "path": path })).path(), path);
            assert_eq!(request(&json!({ "version": "2.0", "rawPath": path })).path(), path);
        }
        let query = json!({ "version": "2.0", "rawQueryString": "b=2&a=%zz&b=1&=&&c" });
        let named = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = [named("", ""), named("a", "%zz"), named("b", "2"), named("b", "1"), named("c", "")];
        assert_eq!(request(&query).query(), expected);
    }
}
