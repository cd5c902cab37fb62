//! What a function answers with, in the form that API Gateway and function
//! URLs share.

use crate::api::Error;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{borrow::Cow, collections::BTreeMap};

/// An answer: status, headers and a JSON body.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    status_code: u16,
    headers: BTreeMap<Cow<'static, str>, String>,
    body: String,
    is_base64_encoded: bool,
    /// A function URL's answers have them, and cargo-lambda's router insists;
    /// the REST API takes no member that it does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cookies: Option<[String; 0]>,
    /// Whether it tells of a person, so that it is kept sealed or not at all.
    #[serde(skip)]
    personal: bool,
}

impl Answer {
    /// 200 and what was asked for.
    pub fn ok(body: &impl Serialize) -> Self {
        Self::json(200, body)
    }

    /// 200 and what was asked for, which is JSON already.
    pub fn ok_written(json: &str) -> Self {
        Self { body: json.to_owned(), ..Self::json(200, &()) }
    }

    /// 201 and what was made.
    pub fn created(body: &impl Serialize) -> Self {
        Self::json(201, body)
    }

    /// 202 and what was taken in, to be dealt with.
    pub fn accepted(body: &impl Serialize) -> Self {
        Self::json(202, body)
    }

    /// 204: done, and nothing to say.
    pub fn no_content() -> Self {
        Self {
            status_code: 204,
            headers: BTreeMap::new(),
            body: String::new(),
            is_base64_encoded: false,
            cookies: None,
            personal: false,
        }
    }

    /// An answer of this status.
    pub(crate) fn json(status_code: u16, body: &impl Serialize) -> Self {
        let content_type = ("Content-Type".into(), "application/json".to_owned());
        Self {
            status_code,
            headers: BTreeMap::from([content_type]),
            // Our own types have string keys and no failing serializers.
            body: serde_json::to_string(body).unwrap_or_default(),
            is_base64_encoded: false,
            cookies: None,
            personal: false,
        }
    }

    /// That it tells of a person.
    #[must_use]
    pub fn personal(self) -> Self {
        Self { personal: true, ..self }
    }

    /// Whether it tells of a person.
    pub(crate) fn is_personal(&self) -> bool {
        self.personal
    }

    /// With another body, made of what this one names.
    #[must_use]
    pub fn with_body(self, body: &impl Serialize) -> Self {
        Self { body: serde_json::to_string(body).unwrap_or_default(), ..self }
    }

    /// What the body says.
    pub fn read_body<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.body).map_err(|error| Error::Fault(error.to_string()))
    }

    /// Names where the thing that was made can be read.
    #[must_use]
    pub fn at(self, location: String) -> Self {
        self.with("Location", location)
    }

    /// Names the next page of a list that has no room for it in its body.
    #[must_use]
    pub fn linked(self, next: Option<String>) -> Self {
        match next {
            Some(link) => self.with("Link", link),
            None => self,
        }
    }

    /// That anybody may keep it, for five minutes.
    #[must_use]
    pub fn cacheable(self) -> Self {
        self.with("Cache-Control", "public, max-age=300".to_owned())
    }

    /// That nobody may keep it, unless it says otherwise.
    #[must_use]
    pub(crate) fn stored_only_if_cacheable(mut self) -> Self {
        self.headers.entry("Cache-Control".into()).or_insert_with(|| "no-store".to_owned());
        self
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.insert(name.into(), value);
        self
    }

    /// The answer as it is kept, to be given again.
    pub(crate) fn kept(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// An answer that was kept, given again.
    pub(crate) fn replayed(kept: &str) -> Result<Self, Error> {
        serde_json::from_str::<Self>(kept)
            .map(|answer| answer.with("Idempotency-Replayed", "true".to_owned()))
            .map_err(|error| Error::Fault(error.to_string()))
    }

    /// With its `Location` below the path at which the API stands.
    #[must_use]
    pub(crate) fn below(mut self, base: &str) -> Self {
        if let Some(location) = self.headers.get_mut("Location") {
            location.insert_str(0, base);
        }
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
