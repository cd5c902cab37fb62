//! `POST /site-v1/{projectId}/sessions`, and the calls that its tokens allow.

use std::collections::BTreeSet;
use std::time::Duration;

use assent_tests::client::Request;
use assent_tests::contents::ItemKey;
use assent_tests::fault_proxy::Matching;
use assent_tests::fixtures::{
    Tenant, Visitor, accepted, events_path, now, sha256, site, state_path, text, unique, until_after, visitors_path,
    with,
};
use assent_tests::like::time;
use assent_tests::race::{at_once, until_overlapping};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    issues_a_session,
    says_who_the_user_is,
    is_strict,
    lasts_as_long_as_asked,
    a_repeat_issues_another_session,
    a_session_issues_no_sessions,
    a_session_is_valid_in_its_own_project_only,
    a_session_is_valid_for_sites_only,
    malformed_tokens_are_refused,
    a_token_reveals_nothing,
    a_session_gives_no_more_than_its_key,
    a_session_takes_precedence_over_a_key,
    a_session_ends_with_its_key,
    a_session_ends_when_it_expires,
    the_gateway_and_function_urls_take_sessions;
    on each engine:
    sessions_issued_at_once_are_one_users,
];

async fn issues_a_session(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let before = now();
    let response = tenant.post(visitors_path(&project), &json!({})).await;
    let session = response.expect_like(
        201,
        &json!({"sessionId": "<uuid>", "sessionToken": "<text>", "concordId": "<uuid>", "expiresAt": "<time>"}),
    );
    let lifetime = time(&session["expiresAt"]) - before;
    assert!((chrono::Duration::seconds(3599)..chrono::Duration::seconds(3660)).contains(&lifetime), "{lifetime}");
    let token = text(&session, "sessionToken");
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{token}");
    // The session is not stored.
    let items = system.contents.of(tenant.id).await;
    assert_eq!(items.in_table("ConsentEventsTable").count(), 0);
    assert_eq!(items.in_table("StoredResponsesTable").count(), 0);
}

async fn says_who_the_user_is(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let elsewhere = tenant.create_project().await;
    let user = async |project: &str, body: Value| {
        text(&tenant.post(visitors_path(project), &body).await.expect(201), "concordId")
    };
    // The given concordId; one for each userId of a project; or a new one.
    let given = "44499771-03fb-4f0c-8620-88f538385446";
    assert_eq!(user(&project, json!({"concordId": given})).await, given);
    assert_eq!(user(&project, json!({"concordId": given, "userId": "ravi"})).await, given);
    assert_eq!(user(&project, json!({"concordId": given.to_uppercase()})).await, given);
    let ravi = user(&project, json!({"userId": "ravi"})).await;
    assert_eq!(user(&project, json!({"userId": "ravi", "concordId": null})).await, ravi);
    assert_ne!(user(&project, json!({"userId": "Ravi"})).await, ravi);
    assert_ne!(user(&elsewhere, json!({"userId": "ravi"})).await, ravi);
    assert_ne!(user(&project, json!({})).await, user(&project, json!({})).await);
    // Another key of the organisation knows the same people.
    let other_key = tenant.with_scopes(&["events:write"]).await;
    let session = other_key.post(visitors_path(&project), &json!({"userId": "ravi"})).await.expect(201);
    assert_eq!(session["concordId"], ravi);
}

async fn sessions_issued_at_once_are_one_users(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    until_overlapping(system, async || {
        let issuing = tenant.posting(visitors_path(&project), &json!({"userId": unique("user")}));
        let round = at_once(system, &tenant.client, Matching::writes(&tenant.id), vec![issuing; 5]).await?;
        let users: BTreeSet<String> = round.of(201).map(|response| text(&response.body(), "concordId")).collect();
        assert_eq!((round.count(201), users.len()), (5, 1));
        Some(round.overlapped)
    })
    .await;
}

async fn is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let body = json!({
        "concordId": "00000000-0000-0000-0000-000000000000", "userId": "u".repeat(256), "domain": "d".repeat(500),
        "geography": "\u{1f30d}".repeat(500), "ttlSeconds": 60,
    });
    let call = Call { caller: &tenant, method: Method::POST, path: visitors_path(&project), body: body.clone() };
    tenant.post(&call.path, &body).await.expect(201);
    tenant.post(&call.path, &with(&body, "ttlSeconds", Some(json!(86_400)))).await.expect(201);
    call.refuses(&each("userId", not_texts(256))).await;
    call.refuses(&each("domain", not_texts(500))).await;
    call.refuses(&each("geography", not_texts(500))).await;
    let no_numbers = [json!(59), json!(86_401), json!(-60), json!(60.5), json!("60"), json!(1e300), json!([60])];
    call.refuses(&each("ttlSeconds", no_numbers.to_vec())).await;
    let no_ids = [json!("ravi"), json!(""), json!(7), json!("00000000000000000000000000000000")];
    call.refuses(&each("concordId", no_ids.to_vec())).await;
}

async fn lasts_as_long_as_asked(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    for seconds in [60, 7200, 86_400] {
        let before = now();
        let session = tenant.post(visitors_path(&project), &json!({"ttlSeconds": seconds})).await.expect(201);
        let lifetime = (time(&session["expiresAt"]) - before).num_seconds();
        assert!((seconds - 1..seconds + 30).contains(&lifetime), "{lifetime}");
    }
    // A session never outlives the key that issues it.
    let end = now() + chrono::Duration::seconds(600);
    let ending = tenant.with_expiry(end).await;
    let session = ending.post(visitors_path(&project), &json!({})).await.expect(201);
    assert_eq!(time(&session["expiresAt"]).timestamp_millis(), end.timestamp_millis());
}

async fn a_repeat_issues_another_session(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let request = || tenant.posting(visitors_path(&project), &json!({})).header("idempotency-key", "once");
    let first = tenant.send(request()).await.expect(201);
    let second = tenant.send(request()).await.expect(201);
    assert_ne!(first["sessionToken"], second["sessionToken"]);
}

async fn a_session_issues_no_sessions(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    visitor.post(visitors_path(&project), &json!({})).await.expect_error(403, "FORBIDDEN");
    let wrong = visitor.request(Method::POST, visitors_path(&project)).header("content-type", "text/plain");
    visitor.send(wrong.bytes("nonsense")).await.expect_error(403, "FORBIDDEN");
    let with_key = tenant.posting(visitors_path(&project), &json!({})).header("x-session", visitor.token());
    tenant.send(with_key).await.expect_error(403, "FORBIDDEN");
}

/// The calls that a visitor of this project's site makes.
fn calls(visitor: &Visitor, project: &str, consent_type: &str) -> Vec<Request> {
    vec![
        visitor.posting(events_path(project), &accepted(consent_type)),
        visitor.request(Method::GET, events_path(project)),
        visitor.request(Method::GET, format!("{}/44499771-03fb-4f0c-8620-88f538385446", events_path(project))),
        visitor.request(Method::GET, state_path(project)),
    ]
}

async fn are_all(visitor: &Visitor, requests: Vec<Request>, status: u16, code: &str) {
    for request in requests {
        visitor.send(request).await.expect_error(status, code);
    }
}

async fn a_session_is_valid_in_its_own_project_only(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    visitor.post(events_path(&project), &accepted(&id)).await.expect(201);
    let other = tenant.create_project().await;
    let foreign = Tenant::new(system).await.create_project().await;
    for project in [other.as_str(), &foreign, "00000000-0000-0000-0000-000000000000", "nonsense"] {
        are_all(&visitor, calls(&visitor, project, &id), 403, "FORBIDDEN").await;
    }
}

async fn a_session_is_valid_for_sites_only(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    for (method, path) in system.routes_with_keys() {
        if path.starts_with("/site-v1/") {
            continue;
        }
        for header in ["x-session", "x-api-key", "authorization"] {
            let bearer = if header == "authorization" { "Bearer " } else { "" };
            let request = Request::new(method.clone(), &path).header(header, format!("{bearer}{}", visitor.token()));
            system.client.send(request).await.expect_error(401, "UNAUTHORIZED");
        }
    }
    // A session token is not accepted as an API key, nor an API key as a session token.
    let as_key = Request::new(Method::GET, state_path(&project)).header("x-api-key", visitor.token());
    system.client.send(as_key).await.expect_error(401, "UNAUTHORIZED");
    let key = Request::new(Method::GET, state_path(&project)).header("x-session", &tenant.key);
    system.client.send(key).await.expect_error(401, "UNAUTHORIZED");
}

async fn malformed_tokens_are_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let token = visitor.token();
    let state = |token: &str| Request::new(Method::GET, state_path(&project)).header("x-session", token);
    visitor.send(state(token)).await.expect(200);
    for position in 0..token.len() {
        let other = if token.as_bytes()[position] == b'A' { "B" } else { "A" };
        let mut altered = token.to_owned();
        altered.replace_range(position..=position, other);
        visitor.send(state(&altered)).await.expect_error(401, "UNAUTHORIZED");
    }
    let (half, whole) = (&token[..token.len() / 2], token.len());
    let bad = ["", "x", "null", half, &token[1..], &token[..whole - 1], &format!("{token}A"), &format!("{token}=")];
    for bad in bad.into_iter().chain([format!("Bearer {token}").as_str(), &token.to_lowercase(), &"x".repeat(8000)]) {
        visitor.send(state(bad)).await.expect_error(401, "UNAUTHORIZED");
    }
}

async fn a_token_reveals_nothing(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let visitor = tenant.create_visitor(&project, &json!({"userId": "ravi", "geography": "Karnataka"})).await;
    let secrets =
        [tenant.id.to_string(), tenant.key_id.to_string(), sha256(&tenant.key), project, "Karnataka".to_owned()];
    // At each of the four offsets at which base64 digits can begin.
    for start in 0..4 {
        let digits = &visitor.token()[start..];
        let bytes = URL_SAFE_NO_PAD.decode(&digits[..digits.len() / 4 * 4]).expect("base64url");
        let read = String::from_utf8_lossy(&bytes);
        assert!(!secrets.iter().any(|secret| read.contains(secret)), "{read}");
        assert!(!secrets.iter().any(|secret| visitor.token().contains(secret)));
    }
}

async fn a_session_gives_no_more_than_its_key(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let event = accepted(&id);
    let clocked = system.clocked().await;
    // Without a gateway, each function authenticates the key itself, and those that are called below have not done so.
    for client in [&clocked.client, &system.function_urls().await] {
        for (scopes, read, written) in [
            (&["events:write", "grants:read"][..], 403, 201),
            (&["events:read"], 200, 403),
            (&["grants:read"], 403, 403),
        ] {
            let issuer = tenant.with_scopes(&["events:write"]).await.by(client);
            let visitor = issuer.create_visitor(&project, &json!({})).await;
            // The present scopes of the key count, and not those with which it issued the session.
            let list = scopes.iter().map(|scope| AttributeValue::S((*scope).to_owned())).collect();
            system.contents.set(&item_of(&issuer.key), "scopes", AttributeValue::L(list)).await;
            clocked.pass(Duration::from_secs(5));
            for path in [events_path(&project), state_path(&project)] {
                assert_eq!(visitor.get(path).await.status(), read, "{scopes:?}");
            }
            let response = visitor.post(events_path(&project), &event).await;
            assert_eq!(response.status(), written, "{scopes:?}: {response}");
        }
    }
}

async fn a_session_takes_precedence_over_a_key(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let both = tenant.posting(events_path(&project), &accepted(&id)).header("x-session", visitor.token());
    let event = &tenant.send(both).await.expect(201)["items"][0];
    assert_eq!(event["concordId"], visitor.concord_id);
    let bad = tenant.posting(events_path(&project), &accepted(&id)).header("x-session", "nonsense");
    tenant.send(bad).await.expect_error(401, "UNAUTHORIZED");
}

/// The database key of the item of an API key.
fn item_of(key: &str) -> ItemKey {
    ItemKey { table: "ApiKeysTable".to_owned(), partition: sha256(key), sort: "key".to_owned() }
}

async fn a_session_ends_with_its_key(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let clocked = system.clocked().await;
    let issuer = tenant.with_scopes(&["events:write"]).await.by(&clocked.client);
    let visitor = issuer.create_visitor(&project, &json!({})).await;
    visitor.post(events_path(&project), &accepted(&id)).await.expect(201);
    system.disable_key(&issuer.key).await;
    // The key and its session may work for five seconds, and no longer.
    clocked.pass(Duration::from_millis(4_999));
    visitor.post(events_path(&project), &accepted(&id)).await.expect(201);
    issuer.create_visitor(&project, &json!({})).await;
    clocked.pass(Duration::from_millis(1));
    are_all(&visitor, calls(&visitor, &project, &id), 401, "UNAUTHORIZED").await;
    issuer.post(visitors_path(&project), &json!({})).await.expect_error(401, "UNAUTHORIZED");
    // Another key of the organisation still works, for the same user.
    let again = tenant.create_visitor(&project, &json!({"concordId": visitor.concord_id})).await;
    assert_eq!(again.get(events_path(&project)).await.expect(200)["count"], 2);
    // A key works at once when it is enabled again: that it does not is not cached.
    system.contents.set_text(&item_of(&issuer.key), "status", "active").await;
    issuer.create_visitor(&project, &json!({})).await;
}

async fn a_session_ends_when_it_expires(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let end = now() + chrono::Duration::seconds(4);
    let issuer = tenant.with_expiry(end).await;
    let visitor = issuer.create_visitor(&project, &json!({})).await;
    visitor.get(state_path(&project)).await.expect(200);
    // A later expiry of the key does not change the expiry of the session.
    system.contents.set_text(&item_of(&issuer.key), "expiresAt", "2150-01-01T00:00:00.000Z").await;
    visitor.get(state_path(&project)).await.expect(200);
    until_after(end).await;
    issuer.create_visitor(&project, &json!({})).await;
    are_all(&visitor, calls(&visitor, &project, &id), 401, "UNAUTHORIZED").await;
}

/// Without a gateway the functions read the tokens themselves.
async fn the_gateway_and_function_urls_take_sessions(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let other = tenant.create_project().await;
    let id = tenant.create_consent_type().await;
    let direct = tenant.by(&system.function_urls().await);
    let visitor = direct.create_visitor(&project, &json!({"geography": "IN-KA"})).await;
    let event = visitor.post(events_path(&project), &accepted(&id)).await.expect(201);
    assert_eq!(event["items"][0]["concordId"], visitor.concord_id);
    let through_gateway = visitor.through(&system.client);
    for visitor in [&visitor, &through_gateway] {
        let list = visitor.get(events_path(&project)).await.expect(200);
        assert_eq!(list["items"], event["items"]);
        assert_eq!(visitor.get(state_path(&project)).await.expect(200)["items"], event["items"]);
        are_all(visitor, calls(visitor, &other, &id), 403, "FORBIDDEN").await;
        visitor.post(visitors_path(&project), &json!({})).await.expect_error(403, "FORBIDDEN");
        let bad = visitor.with_token(format!("{}A", visitor.token()));
        are_all(&bad, calls(&bad, &project, &id), 401, "UNAUTHORIZED").await;
    }
}
