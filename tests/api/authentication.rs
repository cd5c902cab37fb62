//! Authentication: keys, scopes, and the order of errors.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use assent_shared::api::{Audience, Operation, operations};
use assent_shared::domain::api_key::{ApiKeyStatus, ApiKeyText};
use assent_shared::domain::identifiers::RecipientId;
use assent_shared::domain::scope::{Area, Scopes};
use assent_shared::domain::{Clock, Random, RequestContext};
use assent_shared::store::{ApiKeys, KeyOrder};
use assent_tests::client::Request;
use assent_tests::fault_proxy::Matching;
use assent_tests::fixtures::{
    CATALOG, Caller, GRANTS, NOTICES, RECORDS, SESSION, Tenant, grant, grant_path, key_header, notice, now, unique,
    until_after, with,
};
use assent_tests::lone_function::Outcome;
use assent_tests::system::System;
use chrono::Duration;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    no_endpoint_is_open,
    each_path_takes_the_key_in_its_own_header,
    malformed_and_unknown_keys_are_refused,
    a_401_is_logged_in_the_text_that_the_dashboard_leaves_out,
    an_unknown_key_is_looked_up_only_once_in_a_while,
    two_keys_are_refused_and_cached_for_neither,
    no_function_accepts_one_of_two_keys,
    a_401_says_which_credential_was_expected,
    a_401_without_gateway_says_which_credential_was_expected,
    disabled_keys_are_refused,
    expired_keys_are_refused,
    a_key_ends_when_it_expires,
    each_endpoint_requires_its_scope,
    errors_come_in_order,
    several_keys_may_belong_to_one_organisation,
    the_key_of_a_recipient_names_it_and_does_nothing_else,
];

/// Every endpoint that requires a key with a scope, and that scope. The ids in the paths do not exist.
static ENDPOINTS: LazyLock<Vec<(Method, String, String)>> = LazyLock::new(|| {
    // A page takes no key, but a cookie.
    let keyed = operations::ALL.iter().filter(|operation| !is_page(operation));
    let with_scopes = keyed.filter_map(|operation| Some((operation, operation.scope?)));
    with_scopes
        .map(|(operation, scope)| {
            let segments = operation.route.split('/');
            let segments = segments.map(|segment| if segment.starts_with('{') { "absent" } else { segment });
            (method(operation), segments.collect::<Vec<_>>().join("/"), scope.to_string())
        })
        .collect()
});

fn endpoints() -> impl Iterator<Item = (Method, &'static str, &'static str)> {
    ENDPOINTS.iter().map(|(method, path, scope)| (method.clone(), path.as_str(), scope.as_str()))
}

fn is_page(operation: &Operation) -> bool {
    matches!(operation.audience, Audience::Persons | Audience::Operators)
}

fn method(operation: &Operation) -> Method {
    operation.method.name().parse().expect("a method")
}

async fn no_endpoint_is_open(system: &'static System) {
    let route = |method: Method, path: &str| (method.to_string(), path.to_owned());
    let deployed: BTreeSet<_> =
        system.routes_with_keys().into_iter().map(|(method, path)| route(method, &path)).collect();
    let is_keyed = |operation: &&Operation| operation.audience != Audience::Open && !is_page(operation);
    let keyed: Vec<&Operation> = operations::ALL.iter().filter(is_keyed).collect();
    let declared: BTreeSet<_> = keyed.iter().map(|operation| route(method(operation), operation.route)).collect();
    assert_eq!(deployed, declared, "the template's routes with keys, and the declared ones");
    // Any key of the organisation opens the console, which then does no more than the key.
    let unscoped: Vec<&str> = keyed.iter().filter(|it| it.scope.is_none()).map(|it| it.route).collect();
    assert_eq!(unscoped, ["/v1/console-sessions"]);
    assert_eq!(endpoints().count(), declared.len() - unscoped.len());
    let unscoped = unscoped.into_iter().map(|path| (Method::POST, path));
    for (method, path) in endpoints().map(|(method, path, _)| (method, path)).chain(unscoped) {
        system.client.send(Request::new(method, path)).await.expect_error(401, "UNAUTHORIZED");
    }
}

async fn each_path_takes_the_key_in_its_own_header(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (method, path, _) in endpoints() {
        let bearer = || Request::new(method.clone(), path).header("authorization", format!("Bearer {}", tenant.key));
        let header = || Request::new(method.clone(), path).header("x-api-key", &tenant.key);
        let (bearer, header) = (tenant.send(bearer()).await.status(), tenant.send(header()).await.status());
        match path.split('/').nth(1) {
            Some("open-api") => assert!(bearer == 401 && header != 401, "{path}: {bearer} {header}"),
            Some("site-v1") => assert!(bearer != 401 && header != 401, "{path}: {bearer} {header}"),
            _ => assert!(bearer != 401 && header == 401, "{path}: {bearer} {header}"),
        }
    }
}

async fn malformed_and_unknown_keys_are_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let key = &tenant.key;
    let (last, start) = (key.chars().last(), &key[..key.len() - 1]);
    let altered = format!("{start}{}", if last == Some('a') { 'b' } else { 'a' });
    let unknown = format!("ak_live_{}", "0".repeat(43));
    for bad in
        [altered.as_str(), &unknown, &format!("{key}0"), start, &key.to_uppercase(), "ak_live_", "x", &"x".repeat(4000)]
    {
        for (method, path, _) in endpoints() {
            let (name, value) = key_header(path, bad);
            system.client.send(Request::new(method, path).header(name, value)).await.expect_error(401, "UNAUTHORIZED");
        }
    }
    for value in [
        key.clone(),
        format!("Basic {key}"),
        format!("Bearer  {key}"),
        format!("Bearer{key}"),
        format!("Bearer {key} {key}"),
        format!("Bearer {key},"),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "\u{1f511}".to_owned(),
    ] {
        let request = Request::new(Method::POST, NOTICES).header("authorization", &value).json(&notice());
        let response = system.client.send(request).await;
        assert_eq!(response.status(), 401, "{value:?}: {response}");
    }
    // The scheme's name is not case-sensitive (RFC 9110, section 11.1).
    let request = Request::new(Method::POST, NOTICES).header("authorization", format!("bearer {key}")).json(&notice());
    system.client.send(request).await.expect(201);
}

/// The Lambda runtime logs an authorizer's `Unauthorized` as an error. The dashboard lists the errors of functions,
/// except those with this text.
async fn a_401_is_logged_in_the_text_that_the_dashboard_leaves_out(system: &'static System) {
    let authorizer = system.lone_function("authorizer", system.database_url()).await;
    let mut event = Request::new(Method::POST, NOTICES).header("authorization", "Bearer malformed").event(&Value::Null);
    event["resource"] = json!(NOTICES);
    event["multiValueHeaders"] = json!({"authorization": ["Bearer malformed", "Bearer malformed"]});
    assert!(matches!(authorizer.invoke(&event).await, Outcome::Failed(_)));
    let output = authorizer.output().expect("the output");
    let complaints: Vec<&str> = output.lines().filter(|line| line.contains("Unauthorized")).collect();
    assert!(!complaints.is_empty(), "{output}");
    for line in complaints {
        assert!(line.contains(r#""message":"\"Unauthorized\"""#), "{line}");
    }
}

/// A key that is created after it was looked up works after some seconds.
async fn an_unknown_key_is_looked_up_only_once_in_a_while(system: &'static System) {
    let drawn: [u8; 64] = Random::system().bytes();
    // The same random bytes, and so the same key, each time.
    let same =
        Random::new(move |bytes| bytes.iter_mut().zip(drawn.iter().cycle()).for_each(|(byte, drawn)| *byte = *drawn));
    let context = RequestContext::new(&Clock::system(), &same);
    let key = ApiKeyText::fresh(&context);
    let faults = system.own_faults().await;
    let authorizer = system.lone_function("authorizer", &faults.url()).await;
    let reads = faults.measure(Matching::every(&key.hash()));
    let mut event = Request::new(Method::POST, NOTICES)
        .header("authorization", format!("Bearer {}", key.reveal()))
        .event(&Value::Null);
    event["resource"] = json!(NOTICES);
    let admitted = async || matches!(authorizer.invoke(&event).await, Outcome::Answered(_));

    // Even on a slow machine, some of the calls follow each other within seconds.
    for _ in 0..20 {
        assert!(!admitted().await);
    }
    let looked_up = reads.cost().requests;
    assert!((1..20).contains(&looked_up), "{looked_up}");

    let tenant_name = unique("tenant");
    let order = KeyOrder {
        tenant_name: &tenant_name,
        scopes: Scopes::All,
        expires_at: None,
        status: ApiKeyStatus::Active,
        label: "",
        recipient_id: None,
    };
    let issued = ApiKeys::new(&system.database().connect()).issue(order, &context).await.expect("a key");
    assert_eq!(issued.text.reveal(), key.reveal());
    let patience = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    while !admitted().await {
        assert!(tokio::time::Instant::now() < patience, "it never was admitted");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    // A known key is looked up each time.
    reads.cost();
    assert!(admitted().await);
    assert_eq!(reads.cost().requests, 1);
}

async fn two_keys_are_refused_and_cached_for_neither(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (method, path, _) in endpoints() {
        let junk = unique("junk");
        let (name, good) = key_header(path, &tenant.key);
        let refused = async |values: &[&str]| {
            let request = Request::new(method.clone(), path);
            let request = values.iter().fold(request, |request, value| request.header(name, value));
            system.client.send(request).await.expect_error(401, "UNAUTHORIZED");
        };
        refused(&[&junk, &good]).await;
        refused(&[&junk]).await;
        refused(&[&good, &junk]).await;
        refused(&[&good, &good]).await;
        assert_ne!(tenant.send(tenant.request(method.clone(), path)).await.status(), 401);
        // Now the gateway has cached the authorizer's response for the valid key.
        refused(&[&junk, &good]).await;
        refused(&[&good, &junk]).await;
        refused(&[&junk]).await;
    }
    // The response to a call with two keys is not cached for the other tenant's key.
    let victim = Tenant::new(system).await;
    let both = victim.posting(GRANTS, &grant("user-1")).header("authorization", format!("Bearer {}", tenant.key));
    tenant.send(both).await.expect_error(401, "UNAUTHORIZED");
    let made = grant_path(&victim.create_grant("user-1").await);
    victim.get(&made).await.expect(200);
    tenant.get(&made).await.expect_error(404, "NOT_FOUND");
    // A key header that the path does not use may not be repeated either.
    for (name, value) in [("x-api-key", "a"), ("x-session", "a")] {
        let twice = tenant.request(Method::GET, GRANTS).header(name, value).header(name, value);
        tenant.send(twice).await.expect_error(401, "UNAUTHORIZED");
    }
}

/// API Gateway may cache the authorizer's response under either of the two values.
async fn no_function_accepts_one_of_two_keys(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let good = format!("Bearer {}", tenant.key);
    let authorizer = system.lone_function("authorizer", system.database_url()).await;
    let asked = async |values: &[&str]| {
        let event = json!({
            "type": "REQUEST",
            "methodArn": "arn:aws:execute-api:us-east-1:000000000000:local/live/GET/v1/grants",
            "resource": "/v1/grants",
            "headers": {"Authorization": values.last()},
            "multiValueHeaders": {"Authorization": values},
        });
        authorizer.invoke(&event).await
    };
    let policy = |outcome: &Outcome| match outcome {
        Outcome::Answered(response) => response.pointer("/policyDocument/Statement/0/Effect").cloned(),
        _ => None,
    };
    assert_eq!(policy(&asked(&[&good]).await), Some(json!("Allow")));
    // For a single bad value the authorizer denies access, which API Gateway may cache. Everything else is an error,
    // which it does not cache.
    assert_eq!(policy(&asked(&["Basic junk"]).await), Some(json!("Deny")));
    let unknown = format!("Bearer ak_live_{}", "0".repeat(43));
    for values in
        [&["junk", good.as_str()][..], &[&good, "junk"], &[&good, &good], &[&format!("{good},{good}")], &[&unknown]]
    {
        let outcome = asked(values).await;
        let refused = matches!(&outcome, Outcome::Failed(error) if error["errorMessage"] == "Unauthorized");
        assert!(refused, "{values:?}: {outcome:?}");
    }
    let behind_gateway = system.lone_function("list-grants", system.database_url()).await;
    let keys_table = [("API_KEYS_TABLE", "ApiKeysTable")];
    let alone = system.lone_function_with("list-grants", system.database_url(), &keys_table).await;
    for (list, context) in [(&behind_gateway, tenant.authorizer()), (&alone, Value::Null)] {
        let mut event = tenant.request(Method::GET, GRANTS).event(&context);
        list.response(&event).await.expect(200);
        event["multiValueHeaders"] = json!({"Authorization": [good, "junk"]});
        list.response(&event).await.expect_error(401, "UNAUTHORIZED");
        event["multiValueHeaders"] = json!({"Authorization": [good], "authorization": [good]});
        list.response(&event).await.expect_error(401, "UNAUTHORIZED");
    }
    // The event of a function URL joins the lines of a header with commas.
    let joined = format!("{good},{good}");
    let event = json!({
        "version": "2.0", "rawPath": GRANTS, "headers": {"authorization": joined},
        "requestContext": {"requestId": "r-1", "http": {"method": "GET"}},
    });
    alone.response(&event).await.expect_error(401, "UNAUTHORIZED");
}

/// A path, the headers that are sent to it, the message of the error, and whether the gateway sends that message too.
type Sentence = (&'static str, &'static [(&'static str, &'static str)], &'static str, bool);

/// Missing, misplaced and bad credentials, and the functions' messages about them. The gateway sends such a message
/// only if it invokes the authorizer.
const SENTENCES: &[Sentence] = &[
    (GRANTS, &[], "Authorization is missing: send Authorization: Bearer <API key>", false),
    (
        GRANTS,
        &[("x-api-key", "KEY")],
        "This path takes the API key as Authorization: Bearer <API key>, not as X-API-Key",
        false,
    ),
    (GRANTS, &[("authorization", "KEY")], "Authorization must be the word Bearer, a space and the API key", true),
    (
        GRANTS,
        &[("authorization", "Basic KEY")],
        "Authorization must have the scheme Bearer, not Basic or any other",
        true,
    ),
    (GRANTS, &[("authorization", "Bearer x")], "The API key is malformed, unknown, disabled or expired", false),
    (GRANTS, &[("authorization", "Bearer OFF")], "The API key is malformed, unknown, disabled or expired", false),
    (CATALOG, &[], "X-API-Key is missing: send X-API-Key: <API key>", false),
    (
        CATALOG,
        &[("authorization", "Bearer KEY")],
        "This path takes the API key as X-API-Key: <API key>, not as Authorization",
        false,
    ),
    (CATALOG, &[("x-api-key", "Bearer KEY")], "The API key is malformed, unknown, disabled or expired", false),
    (
        STATE,
        &[],
        "Nothing says who calls: send X-Session: <session token>, or an API key as X-API-Key: <API key> or \
         Authorization: Bearer <API key>",
        true,
    ),
    (STATE, &[("authorization", "KEY")], "Authorization must be the word Bearer, a space and the API key", true),
    (STATE, &[("x-session", "KEY")], "X-Session is not a session token: send one as it was issued", true),
    (STATE, &[("x-session", "ENDED")], "The session of X-Session has ended: a new one must be issued", true),
];

const STATE: &str = "/site-v1/44499771-03fb-4f0c-8620-88f538385446/consent-state";

/// The message of the gateway itself, which does not depend on the path.
const OF_THE_GATEWAY: &str = "Invalid or missing API key: send it once, to /v1 and /api/v1 as Authorization: Bearer <API \
                              key>, to /open-api/v1 as X-API-Key: <API key>, to /site-v1 as either of them, or a \
                              session as X-Session: <session token>";

async fn a_401_says_which_credential_was_expected(system: &'static System) {
    sentences(system, true).await;
}

async fn a_401_without_gateway_says_which_credential_was_expected(system: &'static System) {
    sentences(system, false).await;
}

async fn sentences(system: &'static System, by_gateway: bool) {
    let tenant = Tenant::new(system).await;
    let disabled = tenant.disabled().await;
    let project = tenant.create_project().await;
    // It ends with its key.
    let end = now() + Duration::seconds(1);
    let ended = tenant.with_expiry(end).await.create_visitor(&project, &json!({})).await;
    until_after(end).await;
    let client = if by_gateway { &system.client } else { &system.function_urls().await };
    for (path, headers, sentence, is_asked) in SENTENCES {
        let request = headers.iter().fold(Request::new(Method::GET, *path), |request, (name, value)| {
            let value = value.replace("KEY", &tenant.key).replace("OFF", &disabled.key);
            request.header(name, value.replace("ENDED", ended.token()))
        });
        let body = client.send(request).await.expect_error(401, "UNAUTHORIZED");
        let expected = if by_gateway && !is_asked { OF_THE_GATEWAY } else { sentence };
        assert_eq!(body["message"], expected, "{path} {headers:?}");
    }
}

async fn disabled_keys_are_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let disabled = tenant.disabled().await;
    refused_everywhere(&disabled).await;
    tenant.post(NOTICES, &notice()).await.expect(201);
}

async fn expired_keys_are_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    refused_everywhere(&tenant.with_expiry(now() - Duration::seconds(1)).await).await;
    let lasting = tenant.with_expiry(now() + Duration::minutes(10)).await;
    lasting.post(NOTICES, &notice()).await.expect(201);
}

/// This holds even while the gateway has cached the authorizer's response for the key.
async fn a_key_ends_when_it_expires(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let end = now() + Duration::seconds(10);
    let ending = tenant.with_expiry(end).await;
    for (method, path, _) in endpoints() {
        assert_ne!(ending.send(ending.request(method, path)).await.status(), 401);
    }
    until_after(end).await;
    refused_everywhere(&ending).await;
}

async fn refused_everywhere(caller: &Caller) {
    for (method, path, _) in endpoints() {
        caller.send(caller.request(method, path)).await.expect_error(401, "UNAUTHORIZED");
    }
}

async fn each_endpoint_requires_its_scope(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let scopes: BTreeSet<&str> = endpoints().map(|(.., scope)| scope).collect();
    for (method, path, scope) in endpoints() {
        let others: Vec<&str> = scopes.iter().copied().filter(|other| *other != scope).collect();
        let without = tenant.with_scopes(&others).await;
        let response = without.send(without.request(method.clone(), path).json(&json!({}))).await;
        assert_eq!(response.status(), 403, "without {scope}: {response}");
        response.expect_error(403, "FORBIDDEN");
        let only = tenant.with_scopes(&[scope]).await;
        // API keys list the events of a project. They cannot read a single event or the state of an end user.
        let of_end_users = method == Method::GET && path.starts_with("/site-v1/") && !path.ends_with("/consent-events");
        let response = only.send(only.request(method, path).json(&json!({"nonsense": 1}))).await;
        let expected: &[u16] = if of_end_users { &[403] } else { &[400, 404] };
        assert!(expected.contains(&response.status()), "with {scope} alone: {response}");
    }
}

async fn errors_come_in_order(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let reader = tenant.with_scopes(&["notices:read"]).await;
    let huge = "x".repeat(1024 * 1024 + 1);
    // At first, everything is wrong with the request; each step corrects one error.
    let of = |caller: &Caller| caller.request(Method::POST, NOTICES).header("content-type", "text/plain");
    let nobody = Request::new(Method::POST, NOTICES).header("content-type", "text/plain");
    tenant.send(nobody.bytes(huge.clone())).await.expect_error(401, "UNAUTHORIZED");
    tenant.send(of(&reader).bytes(huge.clone())).await.expect_error(403, "FORBIDDEN");
    let refused = tenant.send(of(&tenant).bytes(huge)).await.status();
    assert!([413, 415].contains(&refused), "{refused}");
    tenant.send(of(&tenant).bytes("nonsense")).await.expect_error(415, "UNSUPPORTED_MEDIA_TYPE");
    tenant.send(tenant.request(Method::POST, NOTICES).bytes("nonsense")).await.expect_error(400, "BAD_REQUEST");

    // 400 before 404 before 409.
    let withdraw = format!("{RECORDS}/cr_01ARZ3NDEKTSV4RRFFQ69G5FAV/withdraw");
    tenant.post(&withdraw, &json!({})).await.expect_error(400, "BAD_REQUEST");
    tenant.post(&withdraw, &json!({"reason": "x"})).await.expect_error(404, "NOT_FOUND");
    let session = tenant.create_session().await;
    let close = json!({"sessionId": session["sessionId"], "closed": true});
    tenant.patch(SESSION, &close).await.expect(200);
    tenant.patch(SESSION, &with(&close, "extra", Some(json!(1)))).await.expect_error(400, "BAD_REQUEST");
    let other = Tenant::new(system).await;
    other.patch(SESSION, &close).await.expect_error(404, "NOT_FOUND");
    tenant.patch(SESSION, &close).await.expect_error(409, "SESSION_CLOSED");
}

async fn several_keys_may_belong_to_one_organisation(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let writer = tenant.with_scopes(&["grants:write"]).await;
    let reader = tenant.with_scopes(&["grants:read"]).await;
    let grant = writer.create_grant("user-1").await;
    let path = format!("/v1/grants/{}", grant["grantId"].as_str().unwrap_or_default());
    assert_eq!(reader.get(path).await.expect(200), grant);
}

async fn the_key_of_a_recipient_names_it_and_does_nothing_else(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let recipient = "rcp_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    let order = KeyOrder {
        tenant_name: &tenant.name,
        scopes: Scopes::All.of_area(Area::Deliveries),
        expires_at: None,
        status: ApiKeyStatus::Active,
        label: "",
        recipient_id: RecipientId::parse(recipient).ok(),
    };
    let context = RequestContext::system();
    let issued = ApiKeys::new(&system.database().connect()).issue(order, &context).await.expect("a key");
    system.put_on_plan(issued.text.reveal(), "enterprise");
    let authorizer = system.lone_function("authorizer", system.database_url()).await;
    let context_of = async |key: &str| {
        let event = json!({
            "type": "REQUEST",
            "methodArn": "arn:aws:execute-api:us-east-1:000000000000:local/live/GET/v1/recipients",
            "resource": "/v1/recipients",
            "headers": {"Authorization": format!("Bearer {key}")},
        });
        let outcome = authorizer.invoke(&event).await;
        let answered = if let Outcome::Answered(response) = &outcome { Some(response) } else { None };
        answered.map(|response| response["context"].clone()).ok_or(outcome).expect("an answer")
    };
    let context = context_of(issued.text.reveal()).await;
    assert_eq!(context["recipientId"], recipient);
    assert_eq!(context["scopes"], "deliveries:read deliveries:write");
    assert_eq!(context_of(&tenant.key).await.get("recipientId"), None);

    let caller = Caller::new(&system.client, issued.text.reveal());
    for (method, path, _) in endpoints().filter(|(.., scope)| !scope.starts_with("deliveries:")) {
        let (name, value) = key_header(path, &caller.key);
        let request = Request::new(method.clone(), path).header(name, value);
        system.client.send(request).await.expect_error(403, "FORBIDDEN");
    }
}
