//! The response of an endpoint.

use crate::{
    api::{Error, authentication::page_cookie},
    domain::page_session::Pages,
};
use assent_pages::Rendered;
use lambda_http::{
    Body,
    http::{self, HeaderName, HeaderValue, StatusCode},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{borrow::Cow, collections::BTreeMap};

/// The media type of pages.
const HTML: &str = "text/html; charset=utf-8";

/// A status, headers and a body, which is JSON except for pages. Responses to requests with an idempotency
/// key are stored in this form.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    status_code: u16,
    headers: BTreeMap<Cow<'static, str>, String>,
    body: String,
    /// Whether the body holds personal data or a secret, so that it is stored encrypted or not at all.
    #[serde(skip)]
    confidential: bool,
}

impl Response {
    /// 200 with a body.
    pub fn ok(body: &impl Serialize) -> Self {
        Self::json(200, body)
    }

    /// 200 with a body that is JSON already.
    pub fn ok_written(json: &str) -> Self {
        Self { body: json.to_owned(), ..Self::json(200, &()) }
    }

    /// 200 with a web page, which may load and run only what the Content Security Policy allows.
    pub fn html(page: &str, policy: &str) -> Self {
        Self::text(HTML, page)
            .with("Content-Security-Policy", policy.to_owned())
            .with("Referrer-Policy", "no-referrer".to_owned())
    }

    /// 200 with a script, which the pages of every site may load.
    pub fn script(text: &str) -> Self {
        // RFC 9239: the type of scripts.
        Self::text("text/javascript; charset=utf-8", text)
            .with("Access-Control-Allow-Origin", "*".to_owned())
            .with("Cross-Origin-Resource-Policy", "cross-origin".to_owned())
    }

    /// 200 with a text of this media type.
    fn text(media_type: &str, text: &str) -> Self {
        let content_type = ("Content-Type".into(), media_type.to_owned());
        Self { status_code: 200, headers: BTreeMap::from([content_type]), body: text.to_owned(), confidential: false }
    }

    /// 201 with the resource that was created.
    pub fn created(body: &impl Serialize) -> Self {
        Self::json(201, body)
    }

    /// 202 with the request that was accepted and will be handled later.
    pub fn accepted(body: &impl Serialize) -> Self {
        Self::json(202, body)
    }

    /// 204 without a body.
    pub fn no_content() -> Self {
        Self { status_code: 204, headers: BTreeMap::new(), body: String::new(), confidential: false }
    }

    /// A page. Nothing of it may be kept, shown in a frame, or told to another site.
    pub fn page(status_code: u16, page: &Rendered) -> Self {
        Self { status_code, ..Self::html(&page.html, &page.content_security_policy) }
            .content_language(page.locale.tag())
            // With no-referrer, browsers would send forms with `Origin: null`.
            .with("Referrer-Policy", "same-origin".to_owned())
            .with("Cross-Origin-Opener-Policy", "same-origin".to_owned())
            .personal()
    }

    /// Whether the body is HTML.
    pub(crate) fn is_html(&self) -> bool {
        self.headers.get("Content-Type").is_some_and(|media_type| media_type == HTML)
    }

    /// 303: the browser goes on to another page.
    pub fn see_other(location: String) -> Self {
        Self { status_code: 303, ..Self::no_content() }.with("Location", location)
    }

    /// A style sheet.
    pub fn style_sheet(text: &str) -> Self {
        Self::text("text/css; charset=utf-8", text)
    }

    /// Sets the cookie of a person's page session, for so many seconds; 0 deletes it.
    #[must_use]
    pub fn with_page_cookie(self, token: &str, seconds: u32) -> Self {
        let cookie = cookie(Pages::OfPersons, token);
        self.with("Set-Cookie", format!("{cookie}; Max-Age={seconds}"))
    }

    /// Sets the cookie of an operator's session. The browser forgets it when it is closed.
    #[must_use]
    pub fn with_console_cookie(self, token: &str) -> Self {
        self.with("Set-Cookie", cookie(Pages::Console, token))
    }

    /// Offers the body as a file of this name, to be kept and not shown.
    #[must_use]
    pub fn download(self, name: &str) -> Self {
        self.with("Content-Disposition", format!("attachment; filename=\"{name}\""))
    }

    /// A response of this status.
    pub(crate) fn json(status_code: u16, body: &impl Serialize) -> Self {
        let content_type = ("Content-Type".into(), "application/json".to_owned());
        // Our own types have string keys and serializers that do not fail.
        let body = serde_json::to_string(body).unwrap_or_default();
        Self { status_code, headers: BTreeMap::from([content_type]), body, confidential: false }
    }

    /// Marks the response as one that holds personal data.
    #[must_use]
    pub fn personal(self) -> Self {
        Self { confidential: true, ..self }
    }

    /// Marks the response as one that holds a secret, if it does.
    #[must_use]
    pub fn secret_if(self, holds_secret: bool) -> Self {
        Self { confidential: self.confidential || holds_secret, ..self }
    }

    /// Whether the response holds personal data or a secret.
    pub(crate) fn is_confidential(&self) -> bool {
        self.confidential
    }

    /// The same with another body.
    #[must_use]
    pub(super) fn with_body(self, body: &impl Serialize) -> Self {
        Self { body: serde_json::to_string(body).unwrap_or_default(), ..self }
    }

    /// Parses the body.
    pub(super) fn read_body<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.body).map_err(|error| Error::Internal(error.to_string()))
    }

    /// Sets `Location`: the path of the resource that was created.
    #[must_use]
    pub fn location(self, location: String) -> Self {
        self.with("Location", location)
    }

    /// Sets `Link`, if there is a next page. It is for a list whose body is a bare
    /// array, which cannot hold a cursor.
    #[must_use]
    pub fn link(self, next: Option<String>) -> Self {
        match next {
            Some(link) => self.with("Link", link),
            None => self,
        }
    }

    /// Allows any cache to store the response for five minutes.
    #[must_use]
    pub fn cacheable(self) -> Self {
        self.cacheable_for(300)
    }

    /// Allows any cache to store the response for so many seconds.
    #[must_use]
    pub fn cacheable_for(self, seconds: u32) -> Self {
        self.with("Cache-Control", format!("public, max-age={seconds}"))
    }

    /// Allows any cache to store the response for a year and never to ask again (RFC 8246),
    /// because it never changes.
    #[must_use]
    pub fn immutable(self) -> Self {
        self.with("Cache-Control", "public, max-age=31536000, immutable".to_owned())
    }

    /// Sets `Content-Language`: the BCP 47 tag of the language that the body is for.
    #[must_use]
    pub fn content_language(self, tag: &str) -> Self {
        self.with("Content-Language", tag.to_owned())
    }

    /// Forbids caches to store the response, unless it is cacheable.
    #[must_use]
    pub(crate) fn no_store_unless_cacheable(mut self) -> Self {
        self.headers.entry("Cache-Control".into()).or_insert_with(|| "no-store".to_owned());
        self
    }

    /// Sets a header.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.insert(name.into(), value);
        self
    }

    /// The text under which the response is stored.
    pub(crate) fn to_stored(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// A stored response, marked as a replay. Takes the text of [`Self::to_stored`].
    pub(crate) fn replayed(stored: &str) -> Result<Self, Error> {
        serde_json::from_str::<Self>(stored)
            .map(|response| response.with("Idempotency-Replayed", "true".to_owned()))
            .map_err(|error| Error::Internal(error.to_string()))
    }

    /// Puts the API's base path before the path in `Location`.
    #[must_use]
    pub(crate) fn below(mut self, base: &str) -> Self {
        // A page is named relatively.
        if let Some(location) = self.headers.get_mut("Location").filter(|location| location.starts_with('/')) {
            location.insert_str(0, base);
        }
        self
    }

    /// The status, for the log.
    pub(crate) fn status(&self) -> u16 {
        self.status_code
    }

    /// The response as HTTP. Every header is valid: its name is a constant, and its
    /// value has no control characters.
    pub(crate) fn into_http(self) -> http::Response<Body> {
        let body = if self.body.is_empty() { Body::Empty } else { Body::Text(self.body) };
        let mut response = http::Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status_code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(&*name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// A cookie that only this host gets, over https, and no script. A link that leads on from another site begins a session,
/// so `SameSite=Strict` would keep the cookie from the first page.
fn cookie(pages: Pages, token: &str) -> String {
    format!("{}={token}; Path=/; Secure; HttpOnly; SameSite=Lax", page_cookie(pages))
}
