//! What a function answers with, in the form that API Gateway and function
//! URLs share.

use serde::Serialize;
use std::collections::BTreeMap;

/// An answer: status, headers and a JSON body.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    status_code: u16,
    headers: BTreeMap<&'static str, String>,
    body: String,
    is_base64_encoded: bool,
    /// A function URL's answers have them, and cargo-lambda's router insists;
    /// the REST API takes no member that it does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    cookies: Option<[String; 0]>,
}

impl Answer {
    /// 200 and what was asked for.
    pub fn ok(body: &impl Serialize) -> Self {
        Self::json(200, body)
    }

    /// 201 and what was made.
    pub fn created(body: &impl Serialize) -> Self {
        Self::json(201, body)
    }

    /// 204: done, and nothing to say.
    pub fn no_content() -> Self {
        Self {
            status_code: 204,
            headers: BTreeMap::new(),
            body: String::new(),
            is_base64_encoded: false,
            cookies: None,
        }
    }

    /// An answer of this status.
    pub(crate) fn json(status_code: u16, body: &impl Serialize) -> Self {
        let content_type = ("Content-Type", "application/json".to_owned());
        Self {
            status_code,
            headers: BTreeMap::from([content_type]),
            // Our own types have string keys and no failing serializers.
            body: serde_json::to_string(body).unwrap_or_default(),
            is_base64_encoded: false,
            cookies: None,
        }
    }

    /// Names where the thing that was made can be read.
    #[must_use]
    pub fn at(self, location: String) -> Self {
        self.with("Location", location)
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// In the form of a function URL's answer.
    #[must_use]
    pub(crate) fn of_function_url(mut self) -> Self {
        self.cookies = Some([]);
        self
    }

    /// The status, for the log.
    pub(crate) fn status(&self) -> u16 {
        self.status_code
    }
}
