//! An HTTP client of the local API, with which `dev` creates the data of the demo, and its shop calls.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use crate::Error;

/// Calls the API at one address, with one key or in one site session.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: HttpClient<HttpConnector, Full<Bytes>>,
    base_url: String,
    key: String,
    session: Option<String>,
}

impl Client {
    pub(crate) fn new(base_url: &str, key: &str) -> Self {
        let http = HttpClient::builder(TokioExecutor::new()).build_http();
        Self { http, base_url: base_url.to_owned(), key: key.to_owned(), session: None }
    }

    /// The same in a site session instead of with the key.
    pub(crate) fn of_session(&self, token: &str) -> Self {
        Self { session: Some(token.to_owned()), ..self.clone() }
    }

    /// The body of the response to a GET, which must be a 200.
    pub(crate) async fn read(&self, path: &str) -> Result<Value, Error> {
        match self.send(Method::GET, path, Bytes::new()).await? {
            (StatusCode::OK, body) => Ok(serde_json::from_slice(&body).unwrap_or_default()),
            (status, _) => Err(Error::Gateway(format!("GET {path} failed with {status}"))),
        }
    }

    /// The status of a GET.
    pub(crate) async fn get(&self, path: &str) -> Result<StatusCode, Error> {
        self.send(Method::GET, path, Bytes::new()).await.map(|(status, _)| status)
    }

    /// The body of the response to a POST, which must be a 201.
    pub(crate) async fn create(&self, path: &str, body: String) -> Result<Value, Error> {
        match self.send(Method::POST, path, Bytes::from(body)).await? {
            (StatusCode::CREATED, body) => Ok(serde_json::from_slice(&body).unwrap_or_default()),
            (status, body) => {
                let body = String::from_utf8_lossy(&body);
                Err(Error::Gateway(format!("POST {path} failed with {status}: {body}")))
            }
        }
    }

    /// Sends a PUT, whose response must be a 200.
    pub(crate) async fn replace(&self, path: &str, body: String) -> Result<(), Error> {
        match self.send(Method::PUT, path, Bytes::from(body)).await? {
            (StatusCode::OK, _) => Ok(()),
            (status, body) => {
                let body = String::from_utf8_lossy(&body);
                Err(Error::Gateway(format!("PUT {path} failed with {status}: {body}")))
            }
        }
    }

    async fn send(&self, method: Method, path: &str, body: Bytes) -> Result<(StatusCode, Bytes), Error> {
        let failed = |error: &dyn std::fmt::Display| Error::Gateway(format!("{path}: {error}"));
        let (header, credential) = match &self.session {
            Some(token) => ("x-session", token.clone()),
            None if path.starts_with("/open-api/") => ("x-api-key", self.key.clone()),
            None => (AUTHORIZATION.as_str(), format!("Bearer {}", self.key)),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base_url))
            .header(header, credential)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .map_err(|error| failed(&error))?;
        let response = self.http.request(request).await.map_err(|error| failed(&error))?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|error| failed(&error))?;
        Ok((status, body.to_bytes()))
    }
}
