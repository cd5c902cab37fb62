//! What a function is invoked with: an API Gateway REST proxy event (payload
//! version 1.0) or a function URL's event (2.0).
//!
//! `lambda_http` reads both too, but panics on a `Host` or
//! `X-Forwarded-Proto` header that makes no URL, which would let a header turn
//! an answer into a 502. Only what the API needs is read here, and nothing in
//! a header can fail.

use crate::api::Error;
use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    net::IpAddr,
};

/// A request as it reaches a function.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Event {
    version: Option<String>,
    http_method: Option<String>,
    path: Option<String>,
    raw_path: Option<String>,
    headers: Option<HashMap<String, Option<String>>>,
    multi_value_headers: Option<HashMap<String, Vec<String>>>,
    path_parameters: Option<HashMap<String, String>>,
    multi_value_query_string_parameters: Option<BTreeMap<String, Vec<String>>>,
    raw_query_string: Option<String>,
    body: Option<String>,
    is_base64_encoded: bool,
    request_context: RequestContext,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RequestContext {
    request_id: Option<String>,
    path: Option<String>,
    domain_name: Option<String>,
    authorizer: Option<HashMap<String, Value>>,
    identity: Identity,
    http: Http,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Identity {
    source_ip: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Http {
    method: Option<String>,
    source_ip: Option<String>,
}

impl Event {
    /// Whether it came through a function URL, not the REST API.
    pub(crate) fn is_function_url(&self) -> bool {
        self.version.as_deref() == Some("2.0")
    }

    /// The request's method. A function URL's event may carry the REST API's
    /// member too, with a method that is not the request's.
    pub fn method(&self) -> &str {
        let http = self.request_context.http.method.as_deref();
        http.or(self.http_method.as_deref()).unwrap_or_default()
    }

    /// The path as it was sent, percent-encoded.
    pub fn path(&self) -> &str {
        self.raw_path.as_deref().or(self.path.as_deref()).unwrap_or_default()
    }

    /// The path below which the API stands: the stage on API Gateway's own
    /// domain, the base path on a custom one, nothing elsewhere.
    pub(crate) fn base(&self, route: &str) -> &str {
        let path = self.request_context.path.as_deref().unwrap_or_default();
        let head = route.split('{').next().unwrap_or_default();
        path.find(head).and_then(|end| path.get(..end)).unwrap_or_default()
    }

    /// Where the public keys of the API's proofs are: at the API's own domain,
    /// which the gateway tells. A function without a gateway knows of none, for
    /// nobody but the client says `Host`: it gives the path alone.
    pub(crate) fn jwks_uri(&self, route: &str) -> String {
        let path = format!("{}/.well-known/jwks.json", self.base(route));
        match self.request_context.domain_name.as_deref().filter(|_| !self.is_function_url()) {
            Some(domain) => {
                let scheme = if domain.starts_with("127.0.0.1:") { "http" } else { "https" };
                format!("{scheme}://{domain}{path}")
            }
            None => path,
        }
    }

    /// The path from there on.
    pub(crate) fn path_below_base(&self, route: &str) -> &str {
        let (path, head) = (self.path(), route.split('{').next().unwrap_or_default());
        path.find(head).and_then(|start| path.get(start..)).unwrap_or(path)
    }

    /// The gateway's id of this request.
    pub fn request_id(&self) -> Option<&str> {
        self.request_context.request_id.as_deref()
    }

    /// A header by its name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .as_ref()?
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| value.as_deref())
    }

    /// Every line of a header. A function URL's event has them joined already,
    /// by commas.
    fn lines(&self, name: &str) -> Vec<&str> {
        let lines = self.multi_value_headers.iter().flatten();
        let lines: Vec<&str> = lines
            .filter(|(header, _)| header.eq_ignore_ascii_case(name))
            .flat_map(|(_, lines)| lines.iter().map(String::as_str))
            .collect();
        if lines.is_empty() { self.header(name).into_iter().collect() } else { lines }
    }

    /// A header that holds a list, of which every line is a part (RFC 9110,
    /// section 5.3).
    pub(crate) fn list_header(&self, name: &str) -> Option<String> {
        let lines = self.lines(name);
        (!lines.is_empty()).then(|| lines.join(", "))
    }

    /// The values of such a header, one by one.
    pub(crate) fn header_values(&self, name: &str) -> Vec<&str> {
        self.lines(name).into_iter().flat_map(|line| line.split(',')).collect()
    }

    /// What an authorizer said of the caller. Only the REST API has one here:
    /// a function URL's event is not believed to have been through it.
    pub fn authorizer_context(&self, name: &str) -> Option<&str> {
        if self.is_function_url() {
            return None;
        }
        self.request_context.authorizer.as_ref()?.get(name)?.as_str()
    }

    /// Where the request came from.
    pub fn source_ip(&self) -> Option<IpAddr> {
        let context = &self.request_context;
        let address = context.identity.source_ip.as_ref().or(context.http.source_ip.as_ref());
        address.and_then(|address| address.parse().ok())
    }

    /// A parameter of the path, decoded: the one place where that is done.
    /// Both the REST API and cargo-lambda's router give parameters as they
    /// stand in the URL; a function URL gives none, and its path is matched
    /// against the endpoint's route.
    pub fn path_parameter(&self, route: &str, name: &str) -> Option<String> {
        let given = self.path_parameters.as_ref().and_then(|given| given.get(name));
        let encoded = match given {
            Some(given) => given.as_str(),
            None => segment(route, self.path(), name)?,
        };
        percent_decode_str(encoded).decode_utf8().ok().map(Cow::into_owned)
    }

    /// The parameters of the query, decoded, in the order of their names; one
    /// that is given twice is there twice.
    pub fn query(&self) -> Vec<(String, String)> {
        if self.is_function_url() {
            let query = self.raw_query_string.as_deref().unwrap_or_default();
            return url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        }
        let given = self.multi_value_query_string_parameters.iter().flatten();
        given.flat_map(|(name, values)| values.iter().map(|value| (name.clone(), value.clone()))).collect()
    }

    /// The body's bytes, if there is one; an error where what claims to be
    /// base64 is not.
    pub(crate) fn body(&self) -> Result<Option<Cow<'_, [u8]>>, Error> {
        let Some(body) = self.body.as_ref().filter(|body| !body.is_empty()) else { return Ok(None) };
        if !self.is_base64_encoded {
            return Ok(Some(Cow::Borrowed(body.as_bytes())));
        }
        let decoded = STANDARD.decode(body).map(|body| Some(Cow::Owned(body)));
        decoded.map_err(|_| Error::Unreadable("The body is not the base64 that it is said to be".to_owned()))
    }
}

/// The segment of a path that stands where a route has `{name}`.
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

    const ROUTE: &str = "/v1/things/{thingId}/parts/{partId}";

    fn event(event: Value) -> Event {
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn a_rest_event_is_read() {
        let event = event(json!({
            "version": "1.0", "httpMethod": "POST", "path": "/v1/things/a%2Fb/parts/c",
            "headers": {"x-api-key": "k"},
            "pathParameters": {"thingId": "a%2Fb", "partId": "c"},
            "requestContext": {"requestId": "r", "identity": {"sourceIp": "192.0.2.1"},
                "authorizer": {"tenantId": "t", "integrationLatency": 3}},
            "body": "e30=", "isBase64Encoded": true
        }));
        assert_eq!(event.method(), "POST");
        assert_eq!(event.request_id(), Some("r"));
        assert_eq!(event.header("X-API-Key"), Some("k"));
        assert_eq!(event.authorizer_context("tenantId"), Some("t"));
        assert_eq!(event.path_parameter(ROUTE, "thingId").as_deref(), Some("a/b"));
        assert_eq!(event.body().unwrap().as_deref(), Some(&b"{}"[..]));
        assert!(event.source_ip().is_some());
    }

    #[test]
    fn a_function_url_event_is_read_and_its_authorizer_is_not_believed() {
        let event = event(json!({
            "version": "2.0", "httpMethod": "POST", "rawPath": "/v1/things/50%25/parts/c",
            "requestContext": {"http": {"method": "GET", "sourceIp": "::1"},
                "authorizer": {"tenantId": "t"}}
        }));
        assert_eq!(event.method(), "GET");
        assert_eq!(event.authorizer_context("tenantId"), None);
        assert_eq!(event.path_parameter(ROUTE, "thingId").as_deref(), Some("50%"));
        assert_eq!(event.path_parameter("/v1/other/{thingId}/parts/c", "thingId"), None);
        assert_eq!(event.body().unwrap(), None);
    }

    #[test]
    fn a_body_that_cannot_be_decoded_is_not_none() {
        let body = |body: &str| event(json!({"body": body, "isBase64Encoded": true})).body().map(|body| body.is_some());
        assert!(matches!(body(""), Ok(false)));
        assert!(matches!(body("e30="), Ok(true)));
        for bad in ["%", "e30", "{}", " "] {
            assert!(matches!(body(bad), Err(Error::Unreadable(_))), "{bad:?}");
        }
    }

    #[test]
    fn the_base_is_what_stands_before_the_route() {
        let base = |path: &str| event(json!({ "requestContext": { "path": path } })).base(ROUTE).to_owned();
        assert_eq!(base("/live/v1/things/a/parts/b"), "/live");
        assert_eq!(base("/v1/things/a/parts/b"), "");
        assert_eq!(base("/else"), "");
        assert_eq!(event(json!({})).base(ROUTE), "");
    }

    #[test]
    fn the_keys_are_at_the_gateways_own_domain() {
        let uri = |domain: &str, path: &str| {
            let headers = json!({ "host": "elsewhere.example" });
            event(json!({ "headers": headers, "requestContext": { "domainName": domain, "path": path } }))
                .jwks_uri(ROUTE)
        };
        let (local, staged) = ("/v1/things/a/parts/b", "/live/v1/things/a/parts/b");
        assert_eq!(uri("a1.example.com", staged), "https://a1.example.com/live/.well-known/jwks.json");
        assert_eq!(uri("127.0.0.1:9000", local), "http://127.0.0.1:9000/.well-known/jwks.json");
        for without_gateway in [
            json!({"version": "2.0", "headers": {"host": "a.example"}, "requestContext": {"domainName": "localhost"}}),
            json!({"headers": {"host": "a.example"}}),
        ] {
            assert_eq!(event(without_gateway).jwks_uri(ROUTE), "/.well-known/jwks.json");
        }
    }

    #[test]
    fn every_value_of_a_header_is_seen() {
        for (headers, expected) in [
            (json!({}), &[][..]),
            (json!({"headers": {"X-API-Key": "a"}}), &["a"]),
            (json!({"headers": {"X-API-Key": ""}}), &[""]),
            (json!({"headers": {"x-api-key": "a,b"}}), &["a", "b"]),
            (json!({"headers": {"x-api-key": "b"}, "multiValueHeaders": {"x-api-key": ["a", "b"]}}), &["a", "b"]),
            (json!({"headers": {"x-api-key": "a"}, "multiValueHeaders": {"x-api-key": ["a"]}}), &["a"]),
        ] {
            assert_eq!(event(headers).header_values("X-Api-Key"), expected);
        }
        let differing_case = json!({"multiValueHeaders": {"x-api-key": ["a"], "X-API-Key": ["b"]}});
        assert_eq!(event(differing_case).header_values("X-Api-Key").len(), 2);
    }

    #[test]
    fn nothing_at_all_is_still_an_event() {
        let event = event(json!({}));
        assert_eq!((event.method(), event.path(), event.body().unwrap()), ("", "", None));
    }
}
