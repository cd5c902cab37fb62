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

/// What each call takes, in the order in which they are made below: calls of the database, read units, write units.
/// The comment before it says what for, and why not less; docs/performance.md says how a floor is worked out.
pub const EXPECTED: &[(&str, usize, f64, f64)] = &[
    // The key, by its hash; then the day of its last use, so that a forgotten key is seen to be one.
    ("authorizer, a key on its first call of a day", 2, 1.0, 1.0),
    // The key, by its hash.
    ("authorizer, a key", 1, 1.0, 0.0),
    ("openapi", 0, 0.0, 0.0),
    // One read, of nothing, shows that the database answers.
    ("health", 1, 1.0, 0.0),
    // One query for all keys.
    ("jwks", 1, 1.0, 0.0),
    // Written: the notice in its language, its content (apart, for it may be 256 KiB and most readers do not want it),
    // its place in the tenant's list and in the notice's own, the version (whose purposes bind its translations), and
    // which version is the newest. Read: whether the version is there, for it decides what is written. To try first
    // would save the read, and cost each translation a refused transaction.
    ("create-consent-notice", 2, 1.0, 12.0),
    // The condition of the write finds it, at no cost to those that are none. AWS charges writes whose condition fails,
    // too; what it charges here was not seen.
    ("create-consent-notice, a duplicate", 2, 1.0, 0.0),
    // Four shards: one partition would bound how fast a tenant may register.
    ("list-consent-notices", 4, 4.0, 0.0),
    // Which versions there are, the notices, their contents. Contents are read in turns of twelve, so that no page
    // outgrows an answer.
    ("get-consent-notice", 3, 3.0, 0.0),
    // The grant, its place in the tenant's list and in the principal's, its trail's first entry and data key. A child
    // reads its ancestors in one call more.
    ("create-grant", 1, 0.0, 10.0),
    // Four shards, and the grants of the page at once: places lead to them, so that a revocation is one write and not
    // three.
    ("list-grants", 5, 5.0, 0.0),
    // The grant.
    ("get-grant", 1, 1.0, 0.0),
    // The grant as it was, whose chain the entry continues; the grant and the entry.
    ("revoke-grant", 2, 1.0, 4.0),
    // Read: the grant, the newest version of the notice, that notice in its first language, and, once a minute in each
    // function, the signing key. Written: the record (2 KB begun, half of it the signed proof word for word), its two
    // places in lists, its trail's first entry and data key; and the grant is checked, for it may be revoked at that
    // moment.
    ("create-consent-record", 5, 4.0, 14.0),
    // Four shards, and the records of the page at once.
    ("list-consent-records", 5, 5.0, 0.0),
    // The principal's list, the records at once, and of each its count of accesses, which answers the record as it is
    // then.
    ("list-data-principal-records", 3, 2.0, 2.0),
    // One write reads the record and counts the access: 2 KB begun.
    ("get-consent-record", 1, 0.0, 2.0),
    // The record, its trail and the trail's data key: in three tables, of which the last has no backup.
    ("get-consent-record-audit", 3, 3.0, 0.0),
    // The record, and once a minute the signing key.
    ("get-consent-receipt", 2, 2.0, 0.0),
    // The record as it was, whose chain the entry continues, and the data key for the reason; the record (3 KB begun,
    // for the time of its last access stands in it by now) and the entry. An update pays for the whole item: without
    // the proof in it the record would be 1 KB, and every reading of it two items.
    ("withdraw-consent-record", 3, 2.0, 8.0),
    // The record says it; the data key was asked for in the same moment, so that a first withdrawal does not wait for
    // one and then the other.
    ("withdraw-consent-record, a duplicate", 2, 2.0, 0.0),
    // The grant as it was; the grant, its entry, and the data key deleted. The record is 2 KB begun here, for nobody
    // has read it.
    ("withdraw-consent-record, with its grant and its data", 4, 3.0, 12.0),
    // Whether it was answered before; the answer that is kept, in the transaction of the effect.
    ("withdraw-consent-record, under an Idempotency-Key", 4, 3.0, 8.0),
    // The answer that was kept.
    ("withdraw-consent-record, repeated under its key", 1, 1.0, 0.0),
    // The session, its trail's first entry and data key.
    ("create-dpdp-session", 1, 0.0, 6.0),
    // The session.
    ("get-dpdp-session", 1, 1.0, 0.0),
    // The session as it was and the data key; the session and the entry.
    ("update-dpdp-session", 3, 2.0, 4.0),
    // The grievance, its two places in lists, its trail's first entry and data key.
    ("create-grievance", 1, 0.0, 10.0),
    // Four shards, whose entries say all that a list shows.
    ("list-grievances", 4, 4.0, 0.0),
    // The grievance.
    ("get-grievance", 1, 1.0, 0.0),
    // The grievance as it was and the data key; the grievance, the entry, and its two places, which show its status.
    ("update-grievance", 3, 2.0, 8.0),
    // The question, and then what get-export reads. It is read back first: the answer is made as each later page is.
    ("create-export", 13, 14.0, 1.0),
    // The question, four shards, three records at once (of 2 KB each), and of each record its trail and the trail's
    // data key.
    ("get-export", 12, 14.0, 0.0),
    // The project, its place in the list, and its domain, by which a visitor's page finds it without a key.
    ("create-project", 1, 0.0, 6.0),
    // Four shards.
    ("list-projects", 4, 4.0, 0.0),
    // The type, its place in the list, its first version and that version's entry.
    ("create-consent-type", 1, 0.0, 8.0),
    // Four shards, and the types of the page at once.
    ("list-consent-types", 5, 5.0, 0.0),
    // The type.
    ("get-consent-type", 1, 1.0, 0.0),
    // The type as it was; the type.
    ("update-consent-type", 2, 1.0, 2.0),
    // The type as it was; the type, the version before (no longer the newest), the version and its entry.
    ("create-consent-type-version", 2, 1.0, 8.0),
    // The version, and whether its type is still there: a deletion takes the newest versions along and leaves the old.
    ("get-consent-type-version", 2, 2.0, 0.0),
    // The same; the version and its entry.
    ("update-consent-type-version", 3, 2.0, 4.0),
    // The project: a session is its own proof and is kept nowhere.
    ("create-site-session", 1, 1.0, 0.0),
    // Whom the organisation calls so; and, as nobody yet, a new user, the place in the list of that id that leads to
    // them, and beside the user which place that is: an erasure finds each by the other.
    ("create-site-session, the first of a userId", 3, 2.0, 6.0),
    // Whom the organisation calls so.
    ("create-site-session, another of a userId", 2, 2.0, 0.0),
    // The key that issued it, which may be disabled.
    ("authorizer, a site session", 1, 1.0, 0.0),
    // Read: the project, the type, its version, and what the visitor last said of it. Written: the event, the visitor's
    // state, the visitor, on condition that they have not been erased, and, at a version's first use, that it is used.
    ("create-consent-events", 5, 4.0, 8.0),
    // One query.
    ("list-consent-events", 1, 1.0, 0.0),
    // The event.
    ("get-consent-event", 1, 1.0, 0.0),
    // One query of states, and their events at once.
    ("get-consent-state", 2, 2.0, 0.0),
    // The type and its versions; the type, its place, its version and that version's last entry.
    ("delete-consent-type", 3, 2.0, 8.0),
    // An erasure goes on in steps, each a transaction with its progress in it, so that a crash leaves nothing half
    // done. Written: the request with its trail (14), the grant with two entries, its place and its data key (10), the
    // record (2 KB begun) with an entry, its place and its data key (10). Read: for each of six kinds of things until
    // there is none, and once before, for without a trace it is a 404.
    ("erase-data-principal, of a record and its grant", 18, 14.0, 34.0),
    // The request.
    ("get-erasure-request", 1, 1.0, 0.0),
    // That the user is erased, before their events are looked for, so that none comes up behind; then each event
    // without the user, in another place, the user's state, the place that leads to them, and their data key. Read:
    // before each step, the five other kinds of things.
    ("erase-data-principal, of a site's user and an event", 33, 29.0, 30.0),
];

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
