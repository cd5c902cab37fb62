//! No input causes a 5xx. The cases are the same in every run.

use assent_tests::client::{Request, Response};
use assent_tests::fixtures::{
    CATALOG, GRANTS, GRIEVANCES, NOTICES, PROJECTS, RECORDS, SESSION, Tenant, accepted, consent_type, events_path,
    notice, record, session_path, text, withdraw_path,
};
use assent_tests::lone_function::MEMORY;
use assent_tests::operations::{Resources, operations, path_of};
use assent_tests::system::System;
use futures_util::stream::{self, StreamExt};
use hyper::Method;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

crate::trials![
    arbitrary_bytes,
    arbitrary_json,
    spoiled_bodies,
    odd_paths,
    odd_headers,
    odd_query_strings,
    more_field_errors_than_a_response_can_hold,
    no_body_takes_the_memory_of_a_function,
    malformed_http;
    on each engine:
    nesting_to_the_limit_and_beyond,
    numbers_that_no_database_holds,
    the_widest_texts_fit,
];

/// Requests under way at once.
const AT_ONCE: usize = 4;

fn runner() -> TestRunner {
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn samples<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = runner();
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a sample").current()).collect()
}

/// Sends all requests, and asserts that none gets a 5xx.
async fn none_breaks(tenant: &Tenant, requests: impl IntoIterator<Item = Request>) {
    let responses = stream::iter(requests).map(|request| async move {
        let sent = format!("{request:?}");
        (sent, tenant.send(request).await)
    });
    let mut responses = responses.buffer_unordered(AT_ONCE);
    while let Some((sent, response)) = responses.next().await {
        let shown: String = sent.chars().take(2000).collect();
        assert!(response.status() < 500, "{response}\nto {shown}");
    }
}

/// A valid call of every operation that takes a body: its path and its body.
async fn calls(system: &'static System) -> (Resources, Vec<(Method, String, Value)>) {
    let resources = Resources::new(system).await;
    let operations = operations(system).await;
    let calls = operations.iter().filter_map(|operation| {
        let path = path_of(&operation.route, |parameter| resources.id(parameter).to_owned());
        Some((operation.method.clone(), path, resources.body(operation)?))
    });
    let calls = calls.collect();
    (resources, calls)
}

async fn arbitrary_bytes(system: &'static System) {
    let (Resources { tenant, .. }, calls) = calls(system).await;
    let bodies = samples(&prop::collection::vec(any::<u8>(), 0..200), 16);
    let mut requests = Vec::new();
    for (method, path, _) in &calls {
        for body in &bodies {
            let request = tenant.request(method.clone(), path).header("content-type", "application/json");
            requests.push(request.bytes(body.clone()));
        }
    }
    none_breaks(&tenant, requests).await;
}

/// Values that fit no member, and some that fit several.
fn value() -> impl Strategy<Value = Value> + Clone {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[ -~]{0,40}".prop_map(Value::from),
        prop::sample::select(vec![
            "",
            " ",
            "\u{0}",
            "\u{feff}",
            "\u{202e}",
            "null",
            "a#b",
            "%",
            "%23",
            "en",
            "P12M",
            "P4294967296M",
            "active",
            "2026-02-30T00:00:00Z",
            "2200-12-31T23:59:59.999999999Z",
            "9999-12-31T23:59:59Z",
            "2026-06-30T23:59:60Z",
            "2026-01-01T00:00:00+99:99",
            "-0001-01-01T00:00:00Z",
            "https://example.com",
            "https://[::1]",
            "https://é.example/",
            "http://\u{0}",
            "cr_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "grnt_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "00000000-0000-0000-0000-000000000000",
            "+91-9876543210",
            "a@b",
            "..",
            "__proto__",
            "sk",
            "attempt",
            ":v0",
            "#pk",
            "$",
        ])
        .prop_map(Value::from),
        (0_usize..70_000).prop_map(|length| Value::from("x".repeat(length))),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-zA-Z]{0,8}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

async fn arbitrary_json(system: &'static System) {
    let (Resources { tenant, .. }, calls) = calls(system).await;
    let bodies = samples(&value(), 16);
    let mut requests = Vec::new();
    for (method, path, _) in &calls {
        requests.extend(bodies.iter().map(|body| tenant.request(method.clone(), path).json(body)));
    }
    none_breaks(&tenant, requests).await;
}

/// JSON pointers to all the values of a body.
fn pointers(body: &Value) -> Vec<String> {
    fn collect(body: &Value, at: &str, pointers: &mut Vec<String>) {
        pointers.push(at.to_owned());
        match body {
            Value::Object(members) => {
                for (name, value) in members {
                    collect(value, &format!("{at}/{name}"), pointers);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    collect(item, &format!("{at}/{index}"), pointers);
                }
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    collect(body, "", &mut all);
    all
}

async fn spoiled_bodies(system: &'static System) {
    let (Resources { tenant, .. }, calls) = calls(system).await;
    let mut requests = Vec::new();
    for (method, path, body) in calls {
        let pointers = pointers(&body);
        let strategy = prop::collection::vec((any::<prop::sample::Index>(), value()), 1..3);
        for changes in samples(&strategy, 40) {
            let mut spoiled = body.clone();
            for (index, value) in changes {
                if let Some(member) = spoiled.pointer_mut(index.get::<String>(pointers.as_slice())) {
                    *member = value;
                }
            }
            requests.push(tenant.request(method.clone(), &path).json(&spoiled));
        }
    }
    none_breaks(&tenant, requests).await;
}

async fn odd_paths(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let segments = samples(&prop::collection::vec(any::<u8>(), 1..40), 24);
    let encoded = segments.iter().map(|segment| percent_encode(segment, NON_ALPHANUMERIC).to_string());
    let plain = samples(&"[!-~&&[^?#\"<>\\\\^`{|}]]{1,40}", 24);
    let mut requests = Vec::new();
    for segment in encoded.chain(plain) {
        for (method, path) in [
            (Method::GET, format!("{RECORDS}/{segment}")),
            (Method::POST, format!("{RECORDS}/{segment}/withdraw")),
            (Method::GET, format!("{GRANTS}/{segment}")),
            (Method::DELETE, format!("{GRANTS}/{segment}")),
            (Method::GET, format!("{SESSION}/{segment}")),
            (Method::PATCH, format!("{CATALOG}/{segment}/version/{segment}")),
            (Method::POST, events_path(&segment)),
            (Method::GET, format!("/{segment}")),
            (Method::PUT, format!("/v1/{segment}//")),
        ] {
            let request = tenant.request(method.clone(), path);
            requests.push(if method == Method::GET { request } else { request.json(&json!({"reason": "x"})) });
        }
    }
    none_breaks(&tenant, requests).await;
}

async fn odd_headers(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let names = [
        "host",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-forwarded-port",
        "forwarded",
        "user-agent",
        "accept",
        "accept-encoding",
        "content-encoding",
        "content-type",
        "cookie",
        "x-amzn-trace-id",
        "x-amz-target",
        "idempotency-key",
        "if-match",
        "origin",
        "x-api-key",
        "authorization",
        "x-session",
        "x-request-id",
        "content-language",
        "expect-ct",
        "via",
        "te",
        "range",
    ];
    // A header's value may contain any byte except control characters.
    let byte = prop_oneof![0x20_u8..0x7f, 0x80_u8..=0xff];
    let values = samples(&prop::collection::vec(byte, 0..60), 8);
    let id = tenant.create_consent_type().await;
    let project = tenant.create_project().await;
    let mut requests = Vec::new();
    for name in names {
        for value in &values {
            requests.push(tenant.posting(events_path(&project), &accepted(&id)).header(name, value));
            requests.push(tenant.posting(NOTICES, &notice()).header(name, value));
        }
    }
    for (name, value) in [
        ("user-agent", "x".repeat(5000)),
        ("host", "a b".to_owned()),
        ("host", String::new()),
        ("host", "[::".to_owned()),
        ("x-forwarded-proto", "::".to_owned()),
        ("x-forwarded-for", "not an address, 1.2.3.4".to_owned()),
        ("content-encoding", "gzip".to_owned()),
        ("expect", "100-continue".to_owned()),
    ] {
        requests.push(tenant.posting(events_path(&project), &accepted(&id)).header(name, value));
    }
    none_breaks(&tenant, requests).await;
}

async fn odd_query_strings(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.create_session().await;
    let queries = samples(&"[!-~&&[^#\"<>\\\\^`{|}]]{0,40}", 40);
    let path = session_path(&session);
    for query in queries.iter().map(String::as_str).chain(["a=%ff", "%00=%00", "a&a&a", "&&&", "=", "a=1&a=2"]) {
        let response = tenant.get(format!("{path}?{query}")).await;
        // A query without a parameter counts as no query.
        if response.status() == 200 {
            assert_eq!(response.expect(200), session, "{query}");
        } else {
            response.expect_error(400, "BAD_REQUEST");
        }
    }
}

/// A body just below 1 MiB with as many errors as possible. A response over 6 MB would be a 502 on AWS (Lambda quotas:
/// 6 MB for a synchronous response).
async fn more_field_errors_than_a_response_can_hold(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let unknown: Map<String, Value> = (0..110_000).map(|number: u32| (format!("{number:x}"), json!(0))).collect();
    let long: Map<String, Value> =
        (0..10).map(|number| (format!("{number}{}", "x".repeat(100_000)), json!(0))).collect();
    let purposes = json!({"purposes": vec![json!({}); 300_000]});
    let strings = json!({"purposes": vec![json!(0); 500_000], "consentedPurposes": vec![json!(0); 20], "scopes": [""]});
    for body in [Value::Object(unknown), Value::Object(long), purposes, strings] {
        for path in [NOTICES, RECORDS, GRANTS, SESSION, CATALOG] {
            let response = tenant.post(path, &body).await;
            assert_refused_within_limits(&response);
        }
    }
    let items = json!({"items": vec![json!(0); 500_000]});
    assert_refused_within_limits(&tenant.post(events_path(&tenant.create_project().await), &items).await);
    let many = json!({"scopes": vec![json!(0); 500_000], "principalId": "user-1"});
    assert_refused_within_limits(&tenant.post(GRANTS, &many).await);
    let many = json!({"consentedPurposes": vec![json!(0); 500_000]});
    assert_refused_within_limits(&tenant.post(SESSION, &many).await);
}

fn assert_refused_within_limits(response: &Response) {
    assert_eq!(response.status(), 400);
    let length = response.body().to_string().len();
    assert!(length < 6_000_000, "a response of {length} bytes");
}

/// Bodies just below 1 MiB of the JSON that needs the most memory for each byte, sent to the functions that read lists
/// or arbitrary JSON: no function comes near its memory limit. Lambda kills a function that exceeds the limit, and the
/// caller gets a 502.
async fn no_body_takes_the_memory_of_a_function(system: &'static System) {
    const BODY: usize = 1024 * 1024 - 200;
    let tenant = Tenant::new(system).await;
    let session = text(&tenant.create_session().await, "sessionId");
    let events = events_path(&tenant.create_project().await);
    let nested = format!("{}0{}", r#"{"":"#.repeat(100), "}".repeat(100));
    for (name, method, path, members) in [
        ("create-consent-notice", Method::POST, NOTICES, ["purposes", "title"]),
        ("create-consent-record", Method::POST, RECORDS, ["consentedPurposes", "grantId"]),
        ("create-grant", Method::POST, GRANTS, ["scopes", "unknown"]),
        ("create-dpdp-session", Method::POST, SESSION, ["consentedPurposes", "metadata"]),
        ("update-dpdp-session", Method::PATCH, SESSION, ["consentedPurposes", "metadata"]),
        ("create-consent-events", Method::POST, &events, ["items", "unknown"]),
        ("create-grievance", Method::POST, GRIEVANCES, ["evidence", "unknown"]),
    ] {
        let function = system.lone_function(name, system.database_url()).await;
        let parts = [r#"{"":0}"#, &nested];
        for (part, member) in parts.into_iter().flat_map(|part| members.map(|member| (part, member))) {
            let parts = vec![part; BODY / (part.len() + 1)].join(",");
            let value = if ["metadata", "evidence"].contains(&member) {
                format!("{{\"a\":[{parts}]}}")
            } else {
                format!("[{parts}]")
            };
            let body = format!("{{\"sessionId\":\"{session}\",\"{member}\":{value}}}");
            let request = tenant.request(method.clone(), path).header("content-type", "application/json");
            // With an idempotency key, because then the body is hashed as well.
            let request = request.header("idempotency-key", "key").bytes(body);
            let response = function.response(&request.event(&tenant.authorizer())).await;
            assert_eq!(response.status(), 400, "{name} {part} {member}");
        }
        if name == "update-dpdp-session" {
            // A merge patch that only removes members.
            let nothing: Map<String, Value> =
                (0..80_000).map(|number: u32| (number.to_string(), Value::Null)).collect();
            let request = tenant.patching(SESSION, &json!({"sessionId": session, "metadata": nothing}));
            function.response(&request.event(&tenant.authorizer())).await.expect(200);
        }
        if let Some(peak) = function.peak_memory().expect("a peak") {
            assert!(peak < MEMORY * 1_000_000 * 3 / 4, "{name} held {peak} bytes");
        }
    }
}

async fn nesting_to_the_limit_and_beyond(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let nested = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!({"d": inner}));
    for depth in (100..140).chain([1000, 20_000]) {
        // Written as text, because a `Value` this deep would overflow the stack when it is dropped.
        let metadata = format!("{}1{}", "{\"d\":".repeat(depth), "}".repeat(depth));
        let request = tenant.request(Method::POST, SESSION).header("content-type", "application/json");
        let response = tenant.send(request.bytes(format!("{{\"metadata\":{metadata}}}"))).await;
        assert!([201, 400].contains(&response.status()), "{depth} deep: {response}");
        if response.status() == 201 {
            let session = text(&response.body(), "sessionId");
            assert_eq!(tenant.get(format!("{SESSION}/{session}")).await.expect(200)["metadata"], nested(depth));
            let patch = json!({"sessionId": session, "metadata": {"e": nested(100)}});
            tenant.patch(SESSION, &patch).await.expect(200);
        }
    }
}

async fn numbers_that_no_database_holds(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for number in [
        "1e308",
        "-1e308",
        "1e-320",
        "123456789012345678901234567890123456789012345",
        "0.1e1",
        "-0",
        "-0.0",
        "1E400",
        "1e-400",
    ] {
        let request = tenant.request(Method::POST, SESSION).header("content-type", "application/json");
        let response = tenant.send(request.bytes(format!("{{\"metadata\":{{\"n\":{number}}}}}"))).await;
        assert!([201, 400].contains(&response.status()), "{number}: {response}");
        if response.status() == 201 {
            let created = response.body();
            assert_eq!(tenant.get(session_path(&created)).await.expect(200), created);
        }
    }
}

/// The API limits texts in characters, the database limits keys and items in bytes.
async fn the_widest_texts_fit(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let wide = |length: usize| "\u{1f642}".repeat(length);
    let mut body = consent_type();
    for (field, value) in
        [("category", wide(128)), ("subcategory", wide(128)), ("label", "l".repeat(128)), ("description", wide(2000))]
    {
        body[field] = json!(value);
    }
    let id = text(&tenant.post(CATALOG, &body).await.expect(201), "id");
    let escaped = json!({"category": "#".repeat(128), "subcategory": "%".repeat(128)});
    for (field, value) in escaped.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    tenant.post(CATALOG, &body).await.expect(201);
    let project =
        text(&tenant.post(PROJECTS, &json!({"name": wide(200), "domain": wide(500)})).await.expect(201), "id");
    let items: Vec<Value> = (0..25).map(|_| accepted(&id)["items"][0].clone()).collect();
    let request =
        tenant.posting(events_path(&project), &json!({"items": items})).header("user-agent", "x".repeat(8000));
    tenant.send(request).await.expect(201);

    let scopes: Vec<String> = (0..50).map(|number| format!("{number:02}{}", wide(126))).collect();
    let granted = tenant.post(GRANTS, &json!({"principalId": wide(256), "scopes": scopes})).await.expect(201);
    let registered = tenant.create_notice().await;
    let recorded = tenant.post(RECORDS, &record(&granted, &registered, &wide(256))).await.expect(201);
    let withdrawal = json!({"reason": wide(2000), "revokeGrant": true});
    tenant.post(withdraw_path(&recorded), &withdrawal).await.expect(200);
    let purposes: Vec<String> = (0..100).map(|number| format!("{number:03}{}", wide(125))).collect();
    tenant.post(SESSION, &json!({"consentedPurposes": purposes, "dataPrincipalId": wide(256)})).await.expect(201);
}

/// Requests that no HTTP library would send.
async fn malformed_http(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let authority = system.client.authority();
    let key = &tenant.key;
    for start in [
        "GET /v1/grants/\u{1f642} HTTP/1.1\r\nHost: x\r\n",
        "GET /v1/grants/a b HTTP/1.1\r\nHost: x\r\n",
        "GET //v1/grants/x HTTP/1.1\r\nHost: x\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n",
        "GET http://elsewhere.example/v1/grants/x HTTP/1.1\r\nHost: x\r\n",
        "GET /v1/grants/%zz HTTP/1.1\r\nHost: x\r\n",
        "GET /v1/grants/x#y HTTP/1.1\r\nHost: x\r\n",
        "GET /v1/grants/x HTTP/1.0\r\n",
        "GET /v1/grants/x HTTP/1.1\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n",
        "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n",
        "BREW /v1/grants HTTP/1.1\r\nHost: x\r\n",
        "POST /v1/grants HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
        "POST /v1/grants HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n",
        "POST /v1/grants HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n",
        "POST /v1/grants HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "POST /v1/grants HTTP/1.1\r\nHost: x\r\nHost: y\r\n",
        "nonsense\r\n",
        "\u{0}\u{0}\u{0}",
    ] {
        let mut stream = TcpStream::connect(authority).await.expect("a connection");
        let request = format!("{start}Authorization: Bearer {key}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        stream.shutdown().await.expect("sent");
        let mut response = Vec::new();
        // The connection may also be closed without a response.
        let _ = stream.read_to_end(&mut response).await;
        let status = String::from_utf8_lossy(response.get(9..12).unwrap_or_default()).into_owned();
        assert!(!status.starts_with('5'), "{start:?} got {status}");
    }
    tenant.create_grant("user-1").await;
}
