//! What each endpoint takes of the database: how many calls, and how many capacity units, as the
//! database itself counts them. Each function is a process of its own with nothing else before the
//! database, so what is counted is all there is.

use std::collections::HashMap;

use hyper::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::fault_proxy::{ActiveRule, Consumption, FaultProxy, Matching};
use crate::fixtures::{
    CATALOG, EXPORTS, GRANTS, GRIEVANCES, NOTICES, PROJECTS, RECORDS, SESSION, accepted, consent_type, events_path,
    export, export_path, grant, grievance, grievance_path, key_header, notice, record, state_path, text, version_path,
    visitors_path, withdraw_path,
};
use crate::lone_function::{LoneFunction, Outcome};

/// What one call of the API took.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// The function, and what was particular about the call.
    pub call: String,
    /// What it took.
    pub consumption: Consumption,
    /// How many connections it opened, beyond those that the function had opened before.
    pub connections: usize,
}

struct Scale<'a, Start> {
    start: Start,
    proxy: &'a FaultProxy,
    weight: ActiveRule,
    functions: HashMap<String, LoneFunction>,
    context: Value,
    key: String,
    costs: Vec<Cost>,
}

impl<Start: AsyncFn(&str) -> LoneFunction> Scale<'_, Start> {
    /// Invokes the function, and notes what that took.
    async fn weigh(&mut self, function: &str, particular: &str, event: &Value) -> Value {
        if !self.functions.contains_key(function) {
            let started = (self.start)(function).await;
            self.functions.insert(function.to_owned(), started);
        }
        self.weight.consumption();
        let opened = self.proxy.connections();
        let outcome = self.functions[function].invoke(event).await;
        let call = format!("{function}{}{particular}", if particular.is_empty() { "" } else { ", " });
        let Outcome::Answered(answer) = outcome else { panic!("{call}: {outcome:?}") };
        let connections = self.proxy.connections() - opened;
        self.costs.push(Cost { call, consumption: self.weight.consumption(), connections });
        answer
    }

    async fn call(&mut self, function: &str, particular: &str, request: Request, status: u16) -> Value {
        let event = request.event(&self.context);
        let answer = Answer::of_function(&self.weigh(function, particular, &event).await);
        assert_eq!(answer.status(), status, "{function} {particular}: {answer}");
        if status == 204 {
            answer.expect_no_content();
            return Value::Null;
        }
        answer.expect(status)
    }

    async fn get(&mut self, function: &str, path: impl Into<String>) -> Value {
        self.call(function, "", Request::new(Method::GET, path), 200).await
    }

    async fn post(&mut self, function: &str, path: impl Into<String>, body: &Value, status: u16) -> Value {
        self.call(function, "", Request::new(Method::POST, path).json(body), status).await
    }

    /// Asks the authorizer, and uses its context in the calls to come.
    async fn authorize(&mut self, particular: &str, name: &str, value: &str) {
        let mut event = Request::new(Method::GET, NOTICES).header(name, value).event(&Value::Null);
        event["methodArn"] = json!("arn:aws:execute-api:us-east-1:000000000000:api/live/GET/");
        event["resource"] = json!(if name == "x-session" { "/site-v1/{projectId}/consent-state" } else { NOTICES });
        let policy = self.weigh("authorizer", particular, &event).await;
        self.context = policy["context"].clone();
    }

    async fn a_record(&mut self, principal: &str) -> Value {
        let notice = self.post("create-consent-notice", NOTICES, &notice(), 201).await;
        let grant = self.post("create-grant", GRANTS, &grant(principal), 201).await;
        self.post("create-consent-record", RECORDS, &record(&grant, &notice, principal), 201).await
    }

    /// Does work that is not noted again.
    async fn unweighed<T>(&mut self, work: impl AsyncFnOnce(&mut Self) -> T) -> T {
        let before = self.costs.len();
        let made = work(self).await;
        self.costs.truncate(before);
        made
    }

    async fn all(&mut self) {
        self.open().await;
        self.notices_and_grants().await;
        self.records().await;
        self.things_beside().await;
        self.site().await;
        self.erasures().await;
    }

    async fn open(&mut self) {
        self.get("openapi", "/openapi.json").await;
        self.get("health", "/health").await;
        self.get("jwks", "/.well-known/jwks.json").await;
    }

    async fn notices_and_grants(&mut self) {
        let first = notice();
        self.post("create-consent-notice", NOTICES, &first, 201).await;
        let again = Request::new(Method::POST, NOTICES).json(&first);
        self.call("create-consent-notice", "a duplicate", again, 409).await;
        self.get("list-consent-notices", NOTICES).await;
        self.get("get-consent-notice", format!("{NOTICES}/{}", text(&first, "noticeId"))).await;

        let made = self.post("create-grant", GRANTS, &grant("user-1"), 201).await;
        let path = format!("{GRANTS}/{}", text(&made, "grantId"));
        self.get("list-grants", GRANTS).await;
        self.get("get-grant", path.clone()).await;
        self.call("revoke-grant", "", Request::new(Method::DELETE, path), 204).await;
    }

    async fn records(&mut self) {
        let notice =
            self.unweighed(async |scale| scale.post("create-consent-notice", NOTICES, &notice(), 201).await).await;
        let grant = self.unweighed(async |scale| scale.post("create-grant", GRANTS, &grant("user-1"), 201).await).await;
        let made = self.post("create-consent-record", RECORDS, &record(&grant, &notice, "user-1"), 201).await;
        let path = format!("{RECORDS}/{}", text(&made, "recordId"));
        self.get("list-consent-records", RECORDS).await;
        self.get("list-data-principal-records", "/v1/dpdp/data-principals/user-1/records").await;
        self.get("get-consent-record", path.clone()).await;
        self.get("get-consent-record-audit", format!("{path}/audit")).await;
        self.get("get-consent-receipt", format!("{path}/receipt")).await;
        self.post("withdraw-consent-record", withdraw_path(&made), &json!({"reason": "x"}), 200).await;
        let again = Request::new(Method::POST, withdraw_path(&made)).json(&json!({"reason": "x"}));
        self.call("withdraw-consent-record", "a duplicate", again, 409).await;

        let other = self.unweighed(async |scale| scale.a_record("user-1").await).await;
        let both = json!({"reason": "x", "revokeGrant": true, "deleteProcessedData": true});
        let request = Request::new(Method::POST, withdraw_path(&other)).json(&both);
        self.call("withdraw-consent-record", "with its grant and its data", request, 200).await;

        let keyed = self.unweighed(async |scale| scale.a_record("user-1").await).await;
        let request = Request::new(Method::POST, withdraw_path(&keyed)).json(&json!({"reason": "x"}));
        let request = request.header("Idempotency-Key", "once");
        self.call("withdraw-consent-record", "under an Idempotency-Key", request.clone(), 200).await;
        self.call("withdraw-consent-record", "repeated under its key", request, 200).await;
    }

    async fn things_beside(&mut self) {
        let session = self.post("create-dpdp-session", SESSION, &json!({}), 201).await;
        let path = format!("{SESSION}/{}", text(&session, "sessionId"));
        self.get("get-dpdp-session", path).await;
        let change = json!({"sessionId": text(&session, "sessionId"), "metadata": {"name": "x"}});
        self.call("update-dpdp-session", "", Request::new(Method::PATCH, SESSION).json(&change), 200).await;

        let made = self.post("create-grievance", GRIEVANCES, &grievance("user-1"), 202).await;
        self.get("list-grievances", GRIEVANCES).await;
        self.get("get-grievance", grievance_path(&made)).await;
        let step = Request::new(Method::PATCH, grievance_path(&made)).json(&json!({"status": "in_review"}));
        self.call("update-grievance", "", step, 200).await;

        let made = self.post("create-export", EXPORTS, &export(), 201).await;
        self.get("get-export", export_path(&made)).await;
    }

    async fn site(&mut self) {
        let project = json!({"name": "Shop", "domain": "shop.example"});
        let project = text(&self.post("create-project", PROJECTS, &project, 201).await, "id");
        self.get("list-projects", PROJECTS).await;
        let kind = text(&self.post("create-consent-type", CATALOG, &consent_type(), 201).await, "id");
        let path = format!("{CATALOG}/{kind}");
        self.get("list-consent-types", CATALOG).await;
        self.get("get-consent-type", path.clone()).await;
        let change = Request::new(Method::PATCH, path.clone()).json(&json!({"title": "Other"}));
        self.call("update-consent-type", "", change, 200).await;
        let version = json!({"url": "https://example.com/2"});
        self.post("create-consent-type-version", format!("{path}/version"), &version, 201).await;
        self.get("get-consent-type-version", version_path(&kind, "2")).await;
        let change = Request::new(Method::PATCH, version_path(&kind, "2")).json(&json!({"description": "Other"}));
        self.call("update-consent-type-version", "", change, 200).await;

        // The function looks at the key itself, too.
        let (name, key) = key_header(&visitors_path(&project), &self.key);
        let request = Request::new(Method::POST, visitors_path(&project)).header(name, key);
        let session = self.call("create-site-session", "", request.clone().json(&json!({})), 201).await;
        let named = request.json(&json!({"userId": "user-3"}));
        self.call("create-site-session", "the first of a userId", named.clone(), 201).await;
        let of_user = self.call("create-site-session", "another of a userId", named, 201).await;
        let of_key = self.context.clone();
        self.authorize("a site session", "x-session", &text(&session, "sessionToken")).await;
        let events = self.post("create-consent-events", events_path(&project), &accepted(&kind), 201).await;
        self.get("list-consent-events", events_path(&project)).await;
        self.get("get-consent-event", format!("{}/{}", events_path(&project), text(&events["items"][0], "id"))).await;
        self.get("get-consent-state", state_path(&project)).await;
        self.unweighed(async |scale| {
            scale.authorize("a site session", "x-session", &text(&of_user, "sessionToken")).await;
            scale.post("create-consent-events", events_path(&project), &accepted(&kind), 201).await;
        })
        .await;
        self.context = of_key;
        // One that nobody has consented to.
        let unused =
            self.unweighed(async |scale| scale.post("create-consent-type", CATALOG, &consent_type(), 201).await);
        let unused = format!("{CATALOG}/{}", text(&unused.await, "id"));
        self.call("delete-consent-type", "", Request::new(Method::DELETE, unused), 204).await;
    }

    async fn erasures(&mut self) {
        self.unweighed(async |scale| scale.a_record("user-2").await).await;
        let path = "/v1/dpdp/data-principals/user-2/erasure";
        let made =
            self.call("erase-data-principal", "of a record and its grant", Request::new(Method::POST, path), 201);
        let request = text(&made.await, "requestId");
        self.get("get-erasure-request", format!("/v1/dpdp/erasure-requests/{request}")).await;
        let of_user = Request::new(Method::POST, "/v1/dpdp/data-principals/user-3/erasure");
        self.call("erase-data-principal", "of a site's user and an event", of_user, 201).await;
    }
}

/// Makes a call of every endpoint, on a database that has nothing yet of this key's tenant, through
/// functions that find the database behind this proxy.
pub async fn of_every_endpoint(start: impl AsyncFn(&str) -> LoneFunction, proxy: &FaultProxy, key: &str) -> Vec<Cost> {
    let weight = proxy.weigh(Matching::every(&""));
    let mut scale = Scale {
        start,
        proxy,
        weight,
        functions: HashMap::new(),
        context: Value::Null,
        key: key.to_owned(),
        costs: Vec::new(),
    };
    let (name, value) = key_header(NOTICES, key);
    scale.authorize("a key on its first call of a day", name, &value).await;
    scale.authorize("a key", name, &value).await;
    scale.all().await;
    scale.costs
}
