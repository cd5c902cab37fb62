//! A write of each shape. Retries and repeats depend on the shape of a write and not on its endpoint, so they are
//! tested once for each shape.
//!
//! The erasure is not here: it consists of several transactions, and its own tests interrupt it after each.

use std::collections::BTreeMap;

use hyper::Method;
use serde_json::{Value, json};

use crate::client::{Request, Response};
use crate::contents::Effect;
use crate::fixtures::{
    Caller, EXPORTS, NOTICES, RECORDS, SESSION, Tenant, consent_type_path, export, in_future, notice, record, with,
    withdraw_path,
};
use crate::system::System;

/// The form in which a write reaches the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A single put: an export.
    LonePut,
    /// A transaction without an audit trail: a notice.
    Transaction,
    /// A transaction that begins a trail, with personal data in its response: a record.
    NewTrail,
    /// A transaction that continues trails: a withdrawal with its grant and its data.
    ContinuedTrails,
    /// A transaction that continues a trail, or no write if nothing changes: a change of a session.
    Change,
    /// A transaction that deletes items: the deletion of a consent type.
    Deletion,
}

/// All shapes.
pub const SHAPES: [Shape; 6] =
    [Shape::LonePut, Shape::Transaction, Shape::NewTrail, Shape::ContinuedTrails, Shape::Change, Shape::Deletion];

/// A call that any caller can make.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its method.
    pub method: Method,
    /// Its path.
    pub path: String,
    /// Its body, if it has one.
    pub body: Option<Value>,
}

impl Call {
    /// The request by this caller.
    pub fn by(&self, caller: &Caller) -> Request {
        let request = caller.request(self.method.clone(), &self.path);
        match &self.body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    /// The request by this caller under an idempotency key.
    pub fn under(&self, caller: &Caller, idempotency_key: &str) -> Request {
        self.by(caller).header("Idempotency-Key", idempotency_key)
    }
}

/// A call that writes, and another of the same endpoint that could be made instead.
pub struct Write {
    /// The call.
    pub call: Call,
    /// The other.
    pub other: Call,
    /// The status of the responses to both.
    pub status: u16,
    /// The error that a second call like the first gets, if it gets one.
    second: Option<(u16, &'static str)>,
}

impl Write {
    /// Asserts that this is the response to a second call like the first, without the first's idempotency key.
    #[track_caller]
    pub fn expect_second(&self, response: &Response) {
        assert!(!response.replayed(), "{response}");
        match self.second {
            Some((status, code)) => {
                response.expect_error(status, code);
            }
            None => assert_eq!(response.status(), self.status, "{response}"),
        }
    }
}

impl Shape {
    /// Creates the resources that the calls need, and returns the calls.
    pub async fn prepare(self, caller: &Caller) -> Write {
        let post = |path: &str, body: Value, other: Value| {
            let call = |body| Call { method: Method::POST, path: path.to_owned(), body: Some(body) };
            Write { call: call(body), other: call(other), status: 201, second: None }
        };
        match self {
            Self::LonePut => post(EXPORTS, export(), with(&export(), "dateFrom", Some(json!("2021-01-01")))),
            Self::Transaction => Write { second: Some((409, "CONFLICT")), ..post(NOTICES, notice(), notice()) },
            Self::NewTrail => {
                let (notice, grant) = (caller.create_notice().await, caller.create_grant("user-1").await);
                let body = record(&grant, &notice, "user-1");
                let later = json!(in_future(chrono::Duration::days(300)));
                post(RECORDS, body.clone(), with(&body, "processingExpiresAt", Some(later)))
            }
            Self::ContinuedTrails => {
                let withdrawal = async || Call {
                    method: Method::POST,
                    path: withdraw_path(&caller.create_record().await),
                    body: Some(json!({"reason": "No more", "revokeGrant": true, "deleteProcessedData": true})),
                };
                let second = Some((409, "ALREADY_WITHDRAWN"));
                Write { call: withdrawal().await, other: withdrawal().await, status: 200, second }
            }
            Self::Change => {
                let id = caller.create_session().await["sessionId"].clone();
                let change = |purpose: &str| Call {
                    method: Method::PATCH,
                    path: SESSION.to_owned(),
                    body: Some(json!({"sessionId": id, "consentedPurposes": [purpose]})),
                };
                Write { call: change("one"), other: change("another"), status: 200, second: None }
            }
            Self::Deletion => {
                let deletion = async || Call {
                    method: Method::DELETE,
                    path: consent_type_path(&caller.create_consent_type().await),
                    body: None,
                };
                let second = Some((404, "NOT_FOUND"));
                Write { call: deletion().await, other: deletion().await, status: 204, second }
            }
        }
    }

    /// Whether the call needs no resource, so that every tenant can make it.
    pub fn needs_nothing(self) -> bool {
        matches!(self, Self::LonePut | Self::Transaction)
    }

    /// The effect of one such call on the database, with this idempotency key if one is given.
    pub async fn effect(self, system: &'static System, idempotency_key: Option<&str>) -> BTreeMap<String, Effect> {
        let tenant = Tenant::new(system).await;
        let write = self.prepare(&tenant).await;
        let before = system.contents.of(tenant.id).await;
        let request = match idempotency_key {
            Some(key) => write.call.under(&tenant, key),
            None => write.call.by(&tenant),
        };
        let response = tenant.send(request).await;
        assert_eq!(response.status(), write.status, "{self:?}: {response}");
        let effect = before.until(&system.contents.of(tenant.id).await);
        assert!(!effect.is_empty(), "{self:?} has no effect");
        effect
    }
}
