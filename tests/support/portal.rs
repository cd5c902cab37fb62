//! A person with a browser that runs no scripts, on pages of their own; or an operator with one, in the console.

use hyper::Method;
use serde_json::{Value, json};

use crate::client::{Client, Request, Response};
use crate::fixtures::{Caller, encoded, text};

/// The path that creates links.
pub const PORTAL_SESSIONS: &str = "/v1/portal-sessions";
/// The path that creates links to the console.
pub const CONSOLE_SESSIONS: &str = "/v1/console-sessions";

/// A person, or an operator, in a page session.
#[derive(Clone)]
pub struct Person {
    client: Client,
    cookie: String,
    /// The folder of the pages.
    folder: &'static str,
}

/// A page, and the status with which it came.
pub struct Page {
    /// The response.
    pub response: Response,
    /// Its HTML.
    pub html: String,
}

impl Page {
    /// The page in this response, which must have this status.
    #[track_caller]
    pub fn of(response: Response, status: u16) -> Self {
        assert_eq!(response.status(), status, "{response}");
        assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"), "{response}");
        assert_eq!(response.header("cache-control"), Some("no-store"), "{response}");
        let html = response.text().to_owned();
        Self { response, html }
    }

    /// Whether it says this.
    pub fn says(&self, words: &str) -> bool {
        self.html.contains(words)
    }

    /// The values of the hidden fields with this name.
    pub fn fields(&self, name: &str) -> Vec<String> {
        let tags = self.html.split('<').filter(|tag| tag.starts_with("input") && attribute(tag, "name") == Some(name));
        tags.filter_map(|tag| attribute(tag, "value")).map(str::to_owned).collect()
    }

    /// The value of the first hidden field with this name.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        self.fields(name).first().cloned().unwrap_or_else(|| panic!("no field {name}: {}", self.html))
    }

    /// The targets of its links.
    pub fn links(&self) -> Vec<String> {
        let targets = self.html.split('<').filter(|tag| tag.starts_with("a ")).filter_map(|tag| attribute(tag, "href"));
        targets.map(|target| target.replace("&amp;", "&").replace("&#38;", "&")).collect()
    }

    /// The targets of its forms.
    pub fn forms(&self) -> Vec<&str> {
        self.html.split('<').filter(|tag| tag.starts_with("form")).filter_map(|tag| attribute(tag, "action")).collect()
    }
}

/// The value of an attribute in the text of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let tag = tag.split('>').next().unwrap_or_default();
    let (_, value) = tag.split_once(&format!(" {name}="))?;
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split(' ').next(),
    }
}

/// The body that asks for a link for this person.
pub fn link_for(principal: &str) -> Value {
    json!({"dataPrincipalId": principal})
}

/// The path and query of a link.
pub fn path_of(link: &Value) -> String {
    let url = text(link, "url");
    let start = url.find("/p/").or_else(|| url.find("/console/")).expect("a path");
    url[start..].to_owned()
}

impl Person {
    /// Opens a link that leads on, and begins its session.
    pub async fn open(client: &Client, link: &Value) -> Self {
        Self::entered(client, &client.send(Request::new(Method::GET, path_of(link))).await)
    }

    /// The person whose session this response begins.
    pub fn entered(client: &Client, response: &Response) -> Self {
        assert_eq!(response.status(), 303, "{response}");
        let cookie = response.header("set-cookie").expect("a cookie").split(';').next().expect("a value").to_owned();
        let folder = if cookie.starts_with("__Host-assent-console=") { "/console" } else { "/p" };
        Self { client: client.clone(), cookie, folder }
    }

    /// A new session of an operator, by a key.
    pub async fn operator(caller: &Caller) -> Self {
        let link = caller.send(caller.request(Method::POST, CONSOLE_SESSIONS)).await.expect(201);
        Self::open(&caller.client, &link).await
    }

    /// A new session of this person, by a key.
    pub async fn of(caller: &Caller, principal: &str) -> Self {
        Self::asked(caller, &link_for(principal)).await
    }

    /// A new session of a link with this body, by a key.
    pub async fn asked(caller: &Caller, link: &Value) -> Self {
        let link = caller.post(PORTAL_SESSIONS, link).await.expect(201);
        Self::open(&caller.client, &link).await
    }

    /// The same person through another gateway.
    #[must_use]
    pub fn through(&self, client: &Client) -> Self {
        Self { client: client.clone(), ..self.clone() }
    }

    /// The cookie of the session.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// A request with the cookie.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        Request::new(method, path).header("cookie", &self.cookie)
    }

    /// Sends a request.
    pub async fn send(&self, request: Request) -> Response {
        self.client.send(request).await
    }

    /// Looks at a page.
    pub async fn get(&self, path: &str) -> Response {
        self.send(self.request(Method::GET, format!("{}/{path}", self.folder))).await
    }

    /// Looks at a page that is there.
    pub async fn page(&self, path: &str) -> Page {
        Page::of(self.get(path).await, 200)
    }

    /// The request that sends a form.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Request {
        form(self.request(Method::POST, format!("{}/{path}", self.folder)), fields)
    }

    /// Sends a form.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.send(self.form(path, fields)).await
    }
}

/// A request with these fields of a form.
pub fn form(request: Request, fields: &[(&str, &str)]) -> Request {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    request.header("content-type", "application/x-www-form-urlencoded").bytes(pairs.join("&"))
}
