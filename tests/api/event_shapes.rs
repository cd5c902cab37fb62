//! A function gives the same responses whether API Gateway invokes it (payload version 1.0, with the authorizer's
//! context) or a function URL does (2.0, with the key in a header).

use assent_tests::client::{Client, Request, Response};
use assent_tests::fixtures::{GRANTS, Tenant, text, with};
use assent_tests::like::{is_time, now};
use assent_tests::operations::{Operation, Resources, operations, path_of, unknown_id};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    both_event_shapes_get_the_same_responses,
    a_path_is_decoded_once_in_both,
    a_function_serves_its_own_method,
];

/// The name of a call, its status, and its body without the values that differ from call to call.
type Outcome = (String, u16, Value);

async fn both_event_shapes_get_the_same_responses(system: &'static System) {
    let mut operations = operations(system).await;
    // The feed shows what is some seconds old: more, the second time.
    operations.retain(|operation| operation.needs_credential() && operation.id != "list-events");
    let by_gateway = outcomes(&Resources::new(system).await, &system.client, &operations).await;
    let by_function_url = outcomes(&Resources::new(system).await, &system.function_urls().await, &operations).await;
    for (gateway, function_url) in by_gateway.iter().zip(&by_function_url) {
        assert_eq!(gateway, function_url);
    }
    assert_eq!(by_gateway.len(), by_function_url.len());
}

async fn outcomes(resources: &Resources, client: &Client, operations: &[Operation]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    // Each call twice: the second one may be a conflict.
    for operation in operations {
        let request = resources.call(operation).header("user-agent", "Browser/1.0");
        for time in ["once", "twice"] {
            record(&mut outcomes, format!("{} {time}", operation.id), &client.send(request.clone()).await);
        }
    }
    invalid_calls(&mut outcomes, &resources.tenant, client, operations).await;
    outcomes
}

fn record(outcomes: &mut Vec<Outcome>, name: String, response: &Response) {
    let body = if response.status() == 204 { Value::Null } else { response.body() };
    outcomes.push((name, response.status(), normalised(&body)));
}

/// The body with ids, times, keys and the like replaced.
fn normalised(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let without = |name: &str, value: &Value| match name {
                // Without a gateway, a function does not know its domain. The last two have two times in one text.
                "jwksUri" | "schemaVersion" | "url" | "retentionPeriod" | "validityDuration" if value.is_string() => {
                    json!("<varies>")
                }
                // Random base64, which may have any characters in any place.
                "signingSecret" => json!("<varies>"),
                _ => normalised(value),
            };
            Value::Object(members.iter().map(|(name, value)| (name.clone(), without(name, value))).collect())
        }
        Value::Array(items) => items.iter().map(normalised).collect(),
        Value::String(text) if is_time(text) => json!("<varies>"),
        Value::String(text) => {
            let words = text.split_inclusive(|character| !is_of_token(character));
            words
                .map(|word| if is_token(word.trim_end_matches(|last| !is_of_token(last))) { "<varies>" } else { word })
                .collect()
        }
        Value::Number(number) => {
            let recent = number.as_i64().is_some_and(|seconds| (now().timestamp() - seconds).abs() < 3600);
            if recent { json!("<varies>") } else { value.clone() }
        }
        other => other.clone(),
    }
}

fn is_of_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_.=".contains(character)
}

/// Whether this is an id, a hash, a signature or the like: long, and with a digit in it.
fn is_token(word: &str) -> bool {
    word.len() >= 20 && word.contains(|character: char| character.is_ascii_digit())
}

/// Invalid calls of every operation, one for each error that all operations have in common.
async fn invalid_calls(outcomes: &mut Vec<Outcome>, tenant: &Tenant, client: &Client, operations: &[Operation]) {
    let (caller, scopeless) = (tenant.by(client), tenant.with_scopes(&["exports:read"]).await.by(client));
    for Operation { method, route, .. } in operations {
        let path = path_of(route, |parameter| unknown_id(parameter).to_owned());
        let request = || caller.request(method.clone(), &path);
        let json = || request().header("content-type", "application/json");
        for (name, request) in [
            ("without a body", request()),
            ("with an unknown member", json().bytes("{\"nonsense\":1}")),
            ("with nonsense", json().bytes("nonsense")),
            ("with text", request().header("content-type", "text/plain").bytes("text")),
            ("without the scope", scopeless.request(method.clone(), &path)),
            ("with too much", json().bytes(" ".repeat(1024 * 1024 + 1))),
        ] {
            record(outcomes, format!("{method} {route} {name}"), &client.send(request).await);
        }
        // The gateway's 401 has a message of its own; the other members of the body are the same.
        let unauthorized = client.send(Request::new(method.clone(), &path)).await;
        let body = with(&unauthorized.expect_error(401, "UNAUTHORIZED"), "message", None);
        outcomes.push((format!("{method} {route} without a key"), 401, normalised(&body)));
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

/// API Gateway treats another method like an unknown path.
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
            let response = lone.response(&event).await;
            response.expect_error(405, "METHOD_NOT_ALLOWED");
            assert_eq!(response.header("allow"), Some(own.as_str()), "{function}");
        }
        if other != Method::HEAD {
            let response = tenant.send(tenant.request(Method::PUT, path)).await;
            response.expect_error(404, "NOT_FOUND");
        }
    }
}
