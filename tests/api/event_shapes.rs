//! A function answers alike whether API Gateway calls it (payload version 1.0, the authorizer's
//! context in it) or a function URL does (2.0, the key in its header).

use assent_tests::client::{Answer, Client, Request};
use assent_tests::fixtures::{
    CATALOG, Caller, GRANTS, NOTICES, PROJECTS, RECORDS, SESSION, Tenant, accepted, consent_type, events_path, grant,
    grant_path, notice, record, record_path, session_path, text, version_path, versions_path, with, withdraw_path,
};
use assent_tests::like::{is_time, now};
use assent_tests::operations::{Operation, operations, path_of, unknown_id};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};
use ulid::Ulid;
use uuid::Uuid;

crate::trials![
    both_event_shapes_get_the_same_answers,
    a_path_is_decoded_once_in_both,
    a_function_serves_its_own_method,
];

/// What was called and what came back, without what differs from call to call.
type Outcome = (String, u16, Value);

async fn both_event_shapes_get_the_same_answers(system: &'static System) {
    let operations = operations(system).await;
    let by_gateway = outcomes(&Tenant::new(system).await, &system.client, &operations).await;
    let by_function_url = outcomes(&Tenant::new(system).await, &system.function_urls().await, &operations).await;
    for (gateway, function_url) in by_gateway.iter().zip(&by_function_url) {
        assert_eq!(gateway, function_url);
    }
    assert_eq!(by_gateway.len(), by_function_url.len());
}

struct Scenario {
    tenant_name: String,
    outcomes: Vec<Outcome>,
}

impl Scenario {
    /// Notes the outcome and gives the body back.
    fn note(&mut self, name: &str, answer: &Answer) -> Value {
        let body = if answer.status() == 204 { Value::Null } else { answer.body() };
        self.outcomes.push((name.to_owned(), answer.status(), self.without_chance(&body)));
        body
    }

    /// The body with ids, times and the organisation's name replaced by their kinds.
    fn without_chance(&self, value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let without = |name: &str, value: &Value| match (name, value) {
                    ("kid" | "proofJwt" | "jwksUri" | "commitmentSalt", Value::String(_)) => json!("<chance>"),
                    _ => self.without_chance(value),
                };
                Value::Object(members.iter().map(|(name, value)| (name.clone(), without(name, value))).collect())
            }
            Value::Array(items) => items.iter().map(|item| self.without_chance(item)).collect(),
            Value::String(text) => {
                let prefixed = text.split_once('_').is_some_and(|(_, id)| Ulid::from_string(id).is_ok());
                let chance = is_time(text) || prefixed || Uuid::parse_str(text).is_ok() || *text == self.tenant_name;
                if chance { json!("<chance>") } else { value.clone() }
            }
            Value::Number(number) => {
                let now = now().timestamp();
                let recent = number.as_i64().is_some_and(|seconds| (now - seconds).abs() < 3600);
                if recent { json!("<chance>") } else { value.clone() }
            }
            other => other.clone(),
        }
    }
}

async fn outcomes(tenant: &Tenant, client: &Client, operations: &[Operation]) -> Vec<Outcome> {
    let caller = tenant.by(client);
    let mut scenario = Scenario { tenant_name: tenant.name.clone(), outcomes: Vec::new() };
    successes(&mut scenario, &caller).await;
    refusals(&mut scenario, tenant, &caller, operations).await;
    scenario.outcomes
}

async fn successes(scenario: &mut Scenario, caller: &Caller) {
    let fixed = with(&notice(), "noticeId", Some(json!("privacy-notice")));
    let registered = scenario.note("create notice", &caller.post(NOTICES, &fixed).await);
    let granted = scenario.note("create grant", &caller.post(GRANTS, &grant("user-1")).await);
    let grant_path = grant_path(&granted);
    scenario.note("get grant", &caller.get(&grant_path).await);
    let expiry = json!("2150-01-01T00:00:00.000Z");
    let consent = with(&record(&granted, &registered, "user-1"), "processingExpiresAt", Some(expiry));
    let recorded = scenario.note("create record", &caller.post(RECORDS, &consent).await);
    let record_path = record_path(&recorded);
    scenario.note("get record", &caller.get(&record_path).await);
    let withdrawal = json!({"reason": "Ünïcödé \u{1f642}", "revokeGrant": true, "deleteProcessedData": true});
    scenario.note("withdraw", &caller.post(withdraw_path(&recorded), &withdrawal).await);
    scenario.note("get withdrawn record", &caller.get(&record_path).await);
    scenario.note("withdraw again", &caller.post(withdraw_path(&recorded), &withdrawal).await);
    scenario.note("revoke grant", &caller.delete(&grant_path).await);
    scenario.note("get revoked grant", &caller.get(&grant_path).await);
    scenario.note("record without grant", &caller.post(RECORDS, &consent).await);

    let session = scenario.note("create session", &caller.post(SESSION, &json!({"metadata": {"k": [1, null]}})).await);
    let patch =
        json!({"sessionId": session["sessionId"], "consentedPurposes": ["é"], "closed": true, "closureReason": "Done"});
    scenario.note("patch session", &caller.patch(SESSION, &patch).await);
    scenario.note("get session", &caller.get(session_path(&session)).await);
    scenario.note("patch closed session", &caller.patch(SESSION, &patch).await);

    let created = scenario.note("create consent type", &caller.post(CATALOG, &consent_type()).await);
    let id = text(&created, "id");
    let second = json!({"url": "https://example.com/2"});
    scenario.note("create version", &caller.post(versions_path(&id), &second).await);
    scenario.note("get version", &caller.get(version_path(&id, "2")).await);
    scenario.note("patch version", &caller.patch(version_path(&id, "2"), &json!({"description": "New"})).await);
    let project = scenario
        .note("create project", &caller.post(PROJECTS, &json!({"name": "Shop", "domain": "shop.example"})).await);
    let events = caller.posting(events_path(&text(&project, "id")), &accepted(&id)).header("user-agent", "Browser/1.0");
    scenario.note("create events", &caller.send(events).await);
    scenario.note("patch used version", &caller.patch(version_path(&id, "2"), &json!({"description": "Newer"})).await);
    scenario.note(
        "unknown consent type",
        &caller.post(events_path(&text(&project, "id")), &accepted(Uuid::nil().to_string().as_str())).await,
    );
}

/// Calls of every operation that are refused, for each reason that all of them share.
async fn refusals(scenario: &mut Scenario, tenant: &Tenant, caller: &Caller, operations: &[Operation]) {
    let scopeless = tenant.with_scopes(&["exports:read"]).await.by(&caller.client);
    for Operation { method, route, .. } in operations.iter().filter(|operation| operation.needs_credential()) {
        let path = path_of(route, |parameter| unknown_id(parameter).to_owned());
        let name = |what: &str| format!("{method} {path} {what}");
        let request = || caller.request(method.clone(), &path);
        scenario.note(&name("without a body"), &caller.send(request()).await);
        scenario.note(&name("with an unknown field"), &caller.send(request().json(&json!({"nonsense": 1}))).await);
        scenario.note(
            &name("with nonsense"),
            &caller.send(request().header("content-type", "application/json").bytes("nonsense")).await,
        );
        scenario
            .note(&name("with text"), &caller.send(request().header("content-type", "text/plain").bytes("text")).await);
        scenario.note(&name("without the scope"), &scopeless.send(scopeless.request(method.clone(), &path)).await);
        let large = request().header("content-type", "application/json").bytes(" ".repeat(1024 * 1024 + 1));
        scenario.note(&name("with too much"), &caller.send(large).await);
        // The gateway words its own 401; the body's other members are the function's too.
        let unauthorized = caller.client.send(Request::new(method.clone(), &path)).await;
        let body = with(&unauthorized.expect_error(401, "UNAUTHORIZED"), "message", None);
        scenario.outcomes.push((name("without a key"), 401, scenario.without_chance(&body)));
    }
}

async fn a_path_is_decoded_once_in_both(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let grant = tenant.create_grant("user-1").await;
    let id = text(&grant, "grantId");
    let encoded = id.replace('_', "%5F");
    let twice = id.replace('_', "%255F");
    for client in [&system.client, &system.function_urls().await] {
        let caller = tenant.by(client);
        assert_eq!(caller.get(format!("{GRANTS}/{encoded}")).await.expect(200), grant);
        caller.get(format!("{GRANTS}/{twice}")).await.expect_error(404, "NOT_FOUND");
        for bad in ["%00", "%2F", "a%2Fb", "%ff", "%25", "x"] {
            caller.get(format!("{GRANTS}/{bad}")).await.expect_error(404, "NOT_FOUND");
        }
    }
}

/// API Gateway has no function for another method, and does not tell it from another path.
async fn a_function_serves_its_own_method(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (function, own, other, path) in [
        ("create-grant", Method::POST, Method::GET, GRANTS),
        ("list-grants", Method::GET, Method::PUT, GRANTS),
        ("health", Method::GET, Method::HEAD, "/health"),
    ] {
        let lone = system.lone_function(function, system.database_url()).await;
        for event in [
            Request::new(other.clone(), path).event(&tenant.authorizer()),
            json!({"version": "2.0", "rawPath": path, "requestContext": {"http": {"method": other.as_str()}}}),
        ] {
            let answer = lone.answer(&event).await;
            answer.expect_error(405, "METHOD_NOT_ALLOWED");
            assert_eq!(answer.header("allow"), Some(own.as_str()), "{function}");
        }
        if other != Method::HEAD {
            let answer = tenant.send(tenant.request(Method::PUT, path)).await;
            answer.expect_error(404, "NOT_FOUND");
        }
    }
}
