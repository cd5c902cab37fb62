//! The shop of `make dev`: the page of examples/shop, whose visitors are asked for their consents. It shows what a site's
//! own server does: it holds the API key, makes sessions for browsers, and takes the plain form where scripts are off.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use assent_shared::domain::Random;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, HeaderName, HeaderValue, LOCATION, ORIGIN,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::Error;
use crate::client::Client;
use crate::server::{Limits, listen, serve};

const PAGE: &str = include_str!("../../examples/shop/page.html");
const STYLE: &str = include_str!("../../examples/shop/shop.css");
/// The greatest length of a form, in bytes.
const LARGEST: usize = 64 * 1024;
/// The choices of a visitor, with their labels.
const CHOICES: [(&str, &str); 2] = [("accepted", "Yes"), ("declined", "No")];
/// The field that names a consent type and its version as the form shows them.
const SHOWN: &str = "shown";
/// Shown instead of the question to a visitor whose browser sends Global Privacy Control.
const SIGNAL: &str = "<p>Your browser asks for privacy (Global Privacy Control), so nothing is accepted for you.</p>";

/// A running shop. Dropping it closes everything at once.
#[derive(Debug)]
pub(crate) struct Shop {
    address: SocketAddr,
    server: JoinHandle<()>,
}

/// What the shop asks for, and where.
#[derive(Debug)]
pub(crate) struct Site {
    /// The address of the API.
    pub(crate) api: String,
    /// Calls the API with the shop's key.
    pub(crate) client: Client,
    pub(crate) project: String,
    /// The ids of the consent types.
    pub(crate) types: Vec<String>,
}

impl Shop {
    /// Serves the shop on the port, or on any free one if it is in use.
    pub(crate) fn start(site: Site, port: u16) -> Result<Self, Error> {
        let listener = match listen(port) {
            Err(Error::AddressInUse(_)) => listen(0)?,
            listener => listener?,
        };
        let failed = |error: std::io::Error| Error::Gateway(format!("the shop: {error}"));
        let listener = TcpListener::from_std(listener).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let site = Arc::new(site);
        let respond = move |request, _| {
            let site = Arc::clone(&site);
            async move { site.respond(request, address).await }
        };
        let limits = Limits::of_stop(Duration::from_secs(1));
        let server = tokio::spawn(serve(listener, respond, std::future::pending(), limits));
        Ok(Self { address, server })
    }

    /// The address of its page.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Site {
    async fn respond(&self, request: Request<Incoming>, address: SocketAddr) -> Response<Full<Bytes>> {
        // No page of another site may read or choose for a visitor, whatever name of its own leads it here.
        let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let hosts = [address.to_string(), format!("localhost:{}", address.port())];
        let host = header(HOST).filter(|host| hosts.iter().any(|own| own == host));
        let is_own = |host: &str| header(ORIGIN).is_none_or(|origin| origin == format!("http://{host}"));
        if !host.is_some_and(is_own) {
            return self.response(StatusCode::FORBIDDEN, "text/plain", "forbidden".to_owned());
        }
        let response = match (request.method(), request.uri().path()) {
            (&Method::GET, "/") => self.page(&request).await,
            (&Method::GET, "/shop.css") => Ok(self.response(StatusCode::OK, "text/css", STYLE.to_owned())),
            (&Method::POST, "/consent/session") => self.session_for_browser(&request).await,
            (&Method::POST, "/consent") => self.take_form(request).await,
            _ => Ok(self.response(StatusCode::NOT_FOUND, "text/plain", "not found".to_owned())),
        };
        response.unwrap_or_else(|error| self.response(StatusCode::BAD_GATEWAY, "text/plain", error.to_string()))
    }

    async fn page(&self, request: &Request<Incoming>) -> Result<Response<Full<Bytes>>, Error> {
        let signals = request.headers().get("sec-gpc").is_some_and(|value| value == "1");
        let form = if signals { SIGNAL.to_owned() } else { form(&self.asked().await?) };
        let (types, visitor) = (self.types.join(" "), visitor(request));
        let parts = [("api", &self.api), ("project", &self.project), ("types", &types), ("form", &form)];
        let page =
            parts.iter().fold(PAGE.to_owned(), |page, (name, value)| page.replace(&format!("{{{{{name}}}}}"), value));
        Ok(remembering(visitor, self.response(StatusCode::OK, "text/html; charset=utf-8", page)))
    }

    /// The consent types to ask for.
    async fn asked(&self) -> Result<Vec<Value>, Error> {
        let listed = self.client.read(&format!("/site-v1/{}/consent-types?limit=200", self.project)).await?;
        let listed = listed.get("consentTypes").and_then(Value::as_array).cloned().unwrap_or_default();
        Ok(listed.into_iter().filter(|it| self.types.iter().any(|id| id == text(it, "id"))).collect())
    }

    /// A session token of the visitor, whom the shop knows by this id.
    async fn session(&self, visitor: Uuid) -> Result<String, Error> {
        let body = json!({"userId": visitor}).to_string();
        let created = self.client.create(&format!("/site-v1/{}/sessions", self.project), body).await?;
        Ok(text(&created, "sessionToken").to_owned())
    }

    async fn session_for_browser(&self, request: &Request<Incoming>) -> Result<Response<Full<Bytes>>, Error> {
        let visitor = visitor(request);
        let body = json!({"sessionToken": self.session(visitor).await?}).to_string();
        Ok(remembering(visitor, self.response(StatusCode::OK, "application/json", body)))
    }

    async fn take_form(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Error> {
        let visitor = visitor(&request);
        let Ok(body) = Limited::new(request.into_body(), LARGEST).collect().await else {
            return Ok(self.response(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", "too large".to_owned()));
        };
        let items = chosen(&body.to_bytes());
        if !items.is_empty() {
            let client = self.client.of_session(&self.session(visitor).await?);
            let body = json!({"items": items}).to_string();
            client.create(&format!("/site-v1/{}/consent-events", self.project), body).await?;
        }
        let mut response = self.response(StatusCode::SEE_OTHER, "text/plain", String::new());
        response.headers_mut().insert(LOCATION, HeaderValue::from_static("/"));
        Ok(remembering(visitor, response))
    }

    fn response(&self, status: StatusCode, media_type: &'static str, body: String) -> Response<Full<Bytes>> {
        let policy = format!(
            "default-src 'none'; script-src {0}/assent.js; connect-src 'self' {0}/site-v1/{1}/; style-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            self.api, self.project
        );
        let mut response = Response::new(Full::new(Bytes::from(body)));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(policy) = HeaderValue::try_from(policy) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// The shop's own id of the visitor, from its cookie; a new one at the first visit.
fn visitor(request: &Request<Incoming>) -> Uuid {
    let cookies = request.headers().get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("visitor=")?.parse().ok());
    known.unwrap_or_else(|| Random::system().uuid())
}

fn remembering(visitor: Uuid, mut response: Response<Full<Bytes>>) -> Response<Full<Bytes>> {
    let cookie = format!("visitor={visitor}; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// The plain form. Nothing is chosen beforehand.
fn form(asked: &[Value]) -> String {
    let mut form = "<form method=\"post\" action=\"consent\"><h2>Your choices</h2>".to_owned();
    for consent_type in asked {
        let latest = consent_type.get("latest").unwrap_or(&Value::Null);
        let version = latest.get("version").and_then(Value::as_u64).unwrap_or_default();
        let name = escaped(&format!("{}/{version}", text(consent_type, "id")));
        let title = escaped(text(consent_type, "title"));
        let _ = write!(
            form,
            "<fieldset><legend>{title}</legend><p>{} <a href=\"{}\" aria-label=\"Read the text: {title}\">\
             Read the text</a></p><input type=\"hidden\" name=\"{SHOWN}\" value=\"{name}\">",
            escaped(text(consent_type, "description")),
            escaped(text(latest, "url")),
        );
        for (state, label) in CHOICES {
            let _ = write!(form, "<label><input type=\"radio\" name=\"{name}\" value=\"{state}\"> {label}</label> ");
        }
        form.push_str("</fieldset>");
    }
    form.push_str(
        "<button name=\"all\" value=\"accepted\">Accept all</button> \
         <button name=\"all\" value=\"declined\">Decline all</button> <button>Save my choices</button></form>",
    );
    form
}

/// What the visitor has chosen in the plain form, as items of consent events: the versions are those that it showed.
fn chosen(form: &[u8]) -> Vec<Value> {
    let fields: Vec<_> = form_urlencoded::parse(form).collect();
    let value = |name: &str| fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_ref());
    let shown = fields.iter().filter(|(name, _)| name == SHOWN);
    let items = shown.filter_map(|(_, name)| {
        let (id, version) = name.split_once('/')?;
        let state = value("all").or_else(|| value(name))?;
        CHOICES.iter().any(|(known, _)| *known == state).then_some(())?;
        let version: u32 = version.parse().ok()?;
        Some(json!({"consentType": id, "version": version, "consentState": state, "consentAction": "user_click"}))
    });
    items.collect()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consent_type() -> Value {
        json!({"id": "a", "title": "A <b>", "description": null, "latest": {"version": 2, "url": "https://x.example/?a&b"}})
    }

    #[test]
    fn the_form_shows_texts_as_texts_and_presets_nothing() {
        let form = form(&[consent_type()]);
        assert!(form.contains("<legend>A &lt;b&gt;</legend>") && form.contains("?a&amp;b\""), "{form}");
        assert!(!form.contains("checked") && form.contains("name=\"shown\" value=\"a/2\""), "{form}");
    }

    #[test]
    fn a_choice_is_about_the_version_that_the_form_showed() {
        let item = |state: &str| json!([{"consentType": "a", "version": 2, "consentState": state, "consentAction": "user_click"}]);
        assert_eq!(json!(chosen(b"shown=a%2F2&a%2F2=accepted")), item("accepted"));
        assert_eq!(json!(chosen(b"shown=a%2F2&a%2F2=accepted&all=declined")), item("declined"));
        for nothing in ["", "shown=a%2F2", "a%2F2=accepted", "shown=a%2F2&a%2F2=viewed", "shown=a&all=accepted"] {
            assert!(chosen(nothing.as_bytes()).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn the_page_has_a_place_for_each_part() {
        for part in ["{{api}}", "{{project}}", "{{types}}", "{{form}}"] {
            assert_eq!(PAGE.matches(part).count(), 1, "{part}");
        }
    }
}
