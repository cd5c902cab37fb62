//! A whole system with a clock that the test moves, and what is needed to tell recipients of it.

use std::time::Duration;

use assent_shared::domain::{Random, Timestamp};
use hyper::Method;
use serde_json::{Value, json};

use crate::client::{Request, Response};
use crate::fixtures::{
    GRANTS, NOTICES, RECIPIENTS, RECORDS, grant, key_header, notice, record, record_path, text, with, withdraw_path,
};
use crate::lone_system::LoneSystem;
use crate::moved_clock::MovedClock;

/// The list of deliveries.
pub const DELIVERIES: &str = "/v1/deliveries";

/// The path of a delivery.
pub fn delivery_path(delivery: &Value) -> String {
    format!("{DELIVERIES}/{}", text(delivery, "id"))
}

/// The system.
pub struct Telling {
    /// Its clock.
    pub clock: MovedClock,
    /// Its functions and its database.
    pub system: LoneSystem,
    context: Value,
}

impl Telling {
    /// Starts it.
    pub async fn start() -> Self {
        Self::start_with(Random::system()).await
    }

    /// The same, with this randomness.
    pub async fn start_with(random: Random) -> Self {
        let clock = MovedClock::at_present();
        let system = LoneSystem::start(clock.clock(), random).await;
        let (name, value) = key_header(RECORDS, &system.key);
        let context = system.authorized(name, &value).await;
        Self { clock, system, context }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.clock().now()
    }

    /// Calls a function.
    pub async fn call(&self, function: &str, request: Request) -> Response {
        self.system.call(function, &request, &self.context).await
    }

    /// Calls a function that takes a body.
    pub async fn post(&self, function: &str, path: &str, body: &Value) -> Response {
        self.call(function, Request::new(Method::POST, path).json(body)).await
    }

    /// Calls a function that reads.
    pub async fn get(&self, function: &str, path: &str) -> Value {
        self.call(function, Request::new(Method::GET, path)).await.expect(200)
    }

    /// Registers a recipient of all purposes with this delivery, and with these members besides.
    pub async fn register(&self, delivery: Value, others: &Value) -> Value {
        let mut body = json!({"name": "Mail", "role": "processor", "purposes": ["*"], "delivery": delivery});
        for (name, value) in others.as_object().expect("members") {
            body[name] = value.clone();
        }
        self.post("create-recipient", RECIPIENTS, &body).await.expect(201)
    }

    /// Registers a recipient of all purposes that is told by webhooks to this URL.
    pub async fn register_webhook(&self, url: &str) -> Value {
        self.register(json!({"kind": "webhook", "url": url}), &json!({})).await
    }

    /// Records that a person consents to both purposes of the notice.
    pub async fn consent(&self, person: &str) -> Value {
        self.consent_until(person, None).await
    }

    /// The same, until this moment.
    pub async fn consent_until(&self, person: &str, end: Option<Timestamp>) -> Value {
        let notice = self.post("create-consent-notice", NOTICES, &notice_of(person)).await.expect(201);
        let grant = self.post("create-grant", GRANTS, &grant(person)).await.expect(201);
        let mut body = record(&grant, &notice, person);
        if let Some(end) = end {
            body = with(&body, "processingExpiresAt", Some(json!(end)));
        }
        self.post("create-consent-record", RECORDS, &body).await.expect(201)
    }

    /// Withdraws a consent.
    pub async fn withdraw(&self, record: &Value) {
        self.post("withdraw-consent-record", &withdraw_path(record), &json!({"reason": "x"})).await.expect(200);
    }

    /// Lets the workers of streams do what is announced, if streams run.
    pub async fn pass_on(&self) {
        self.system.pass_on(None).await;
    }

    /// Lets time pass, and the schedule run at its end. Returns the id that the lines of the run have in the log.
    pub async fn sweep_after(&self, time: Duration) -> String {
        self.clock.pass(time);
        self.system.run_schedule("sweep", self.now()).await
    }

    /// Calls a function that reads with a key of this recipient.
    pub async fn get_as(&self, recipient: &Value, function: &str, path: &str) -> Response {
        let context = with(&self.context, "recipientId", Some(recipient["id"].clone()));
        self.system.call(function, &Request::new(Method::GET, path), &context).await
    }

    /// All deliveries that the query selects, those of the newest event first.
    pub async fn deliveries(&self, query: &str) -> Vec<Value> {
        let page = self.get("list-deliveries", &format!("{DELIVERIES}?limit=200&{query}")).await;
        page["deliveries"].as_array().expect("deliveries").clone()
    }

    /// The deliveries of this kind of event to a recipient.
    pub async fn told(&self, recipient: &Value, kind: &str) -> Vec<Value> {
        let mut told = self.deliveries(&format!("recipientId={}", text(recipient, "id"))).await;
        told.retain(|delivery| delivery["type"] == kind);
        told
    }

    /// Who had to stop processing under a consent, and who has confirmed it.
    pub async fn cessation(&self, record: &Value) -> Value {
        self.get("get-consent-record-cessation", &format!("{}/cessation", record_path(record))).await
    }
}

/// A notice of its own for each person, because the version of a notice is registered once.
fn notice_of(person: &str) -> Value {
    with(&notice(), "noticeId", Some(json!(format!("notice-{person}"))))
}
