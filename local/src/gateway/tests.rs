//! The gateway over HTTP, with an implementation of the functions for these tests.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use assent_shared::domain::{Clock, Random, Timestamp};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use lambda_http::aws_lambda_events::apigw::{ApiGatewayProxyRequest, ApiGatewayProxyResponse};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::template::{GatewayResponse, Route, Throttle, UsagePlan};

/// An authorizer, and functions that are named after their behaviour.
#[derive(Default)]
struct Functions {
    invocations: Mutex<Vec<String>>,
    /// Whether all keys have been disabled.
    disabled: AtomicBool,
}

impl Invoke for Functions {
    fn invoke<'call>(
        &'call self,
        function: &'call str,
        request: ApiGatewayProxyRequest,
    ) -> Invocation<'call, ApiGatewayProxyResponse> {
        self.invocations.lock().unwrap().push(function.to_owned());
        Box::pin(async move {
            match function {
                "echo" => {
                    let mut response = ApiGatewayProxyResponse::default();
                    (response.status_code, response.body) = (201, Some(json!(request).to_string().into()));
                    Outcome::Response(response)
                }
                "malformed" => Outcome::Response(ApiGatewayProxyResponse::default()),
                "absent" => Outcome::Failure("it cannot be run".to_owned()),
                "hanging" => Outcome::Timeout,
                _ => Outcome::Error("an error".to_owned()),
            }
        })
    }

    fn authorize<'call>(&'call self, function: &'call str, mut event: Value) -> Invocation<'call, Value> {
        self.invocations.lock().unwrap().push(function.to_owned());
        if self.disabled.load(Ordering::Relaxed) {
            event["headers"]["authorization"] = Value::from("disabled");
        }
        Box::pin(async move { authorized(&event) })
    }
}

impl Functions {
    fn invoked(&self, name: &str) -> usize {
        self.invocations.lock().unwrap().iter().filter(|invoked| *invoked == name).count()
    }
}

/// A text that stands for a key's SHA-256.
fn usage_key(key: &str) -> String {
    let digits = key.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).cycle().take(64).collect()
}

fn plan_keys() -> UsagePlanKeys {
    let keys = UsagePlanKeys::in_memory();
    for (key, plan) in [("good", "enterprise"), ("other", "enterprise"), ("slow", "free"), ("slow-too", "free")] {
        keys.put(&usage_key(key), plan).unwrap();
    }
    keys
}

fn start(functions: &Arc<Functions>) -> Result<Gateway, Error> {
    Gateway::start(&template(), Arc::<Functions>::clone(functions), plan_keys(), 0)
}

fn authorized(event: &Value) -> Outcome<Value> {
    let error = |message: &str| Outcome::Error(message.to_owned());
    let policy = |effect: &str| {
        let statement = json!({"Effect": effect, "Action": "execute-api:Invoke", "Resource": "*/live/*"});
        Outcome::Response(json!({
            "principalId": "key-1",
            "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "context": {"tenantId": "tenant-1"},
            "usageIdentifierKey": usage_key(event["headers"]["authorization"].as_str().unwrap_or_default()),
        }))
    };
    match event["headers"]["authorization"].as_str() {
        Some("good" | "other" | "slow" | "slow-too" | "planless") => policy("Allow"),
        Some("denied") => policy("Deny"),
        Some("broken") => error("the database is down"),
        _ => error("Unauthorized"),
    }
}

fn template() -> Template {
    let route = |path: &str, binary: &str, authorizer: Option<&str>| Route {
        method: "POST".to_owned(),
        path: path.to_owned(),
        binary: binary.to_owned(),
        authorizer: authorizer.map(str::to_owned),
        key_required: authorizer.is_some(),
        throttle: None,
    };
    let authorizer = Authorizer {
        binary: "authorizer".to_owned(),
        identity_headers: vec!["Authorization".to_owned()],
        identity_query: Vec::new(),
        reauthorize_every: Duration::from_mins(1),
    };
    let response = |status| GatewayResponse {
        status: Some(status),
        template: Some("$context.error.responseType".to_owned()),
        headers: vec![("X-Request-Id".to_owned(), "context.requestId".to_owned())],
    };
    Template {
        stage: "live".to_owned(),
        tables: Vec::new(),
        functions: BTreeMap::new(),
        routes: vec![
            route("/echo/{id}", "echo", Some("Bearer")),
            route("/open", "echo", None),
            route("/absent", "absent", None),
            route("/hanging", "hanging", None),
            route("/malformed", "malformed", None),
            route("/failing", "failing", None),
            Route { throttle: Some(Throttle { rate: 10.0, burst: 20 }), ..route("/limited", "echo", None) },
            Route { throttle: Some(Throttle { rate: 10.0, burst: 20 }), ..route("/keyed", "echo", Some("Bearer")) },
        ],
        authorizers: BTreeMap::from([("Bearer".to_owned(), authorizer)]),
        gateway_responses: BTreeMap::from([
            ("MISSING_AUTHENTICATION_TOKEN".to_owned(), response(404)),
            ("AUTHORIZER_FAILURE".to_owned(), response(503)),
            ("DEFAULT_4XX".to_owned(), GatewayResponse { status: None, ..response(0) }),
            ("DEFAULT_5XX".to_owned(), response(500)),
        ]),
        usage_plans: BTreeMap::from([
            ("free".to_owned(), UsagePlan { throttle: Some(Throttle { rate: 10.0, burst: 20 }), quota: None }),
            ("enterprise".to_owned(), UsagePlan { throttle: None, quota: None }),
        ]),
        ..Template::default()
    }
}

async fn post(gateway: &Gateway, path: &str, keys: impl IntoIterator<Item = &str>, body: Vec<u8>) -> (u16, String) {
    let mut request = Request::post(format!("{}{path}", gateway.base_url())).header("Host", "elsewhere.example");
    for key in keys {
        request = request.header("Authorization", key);
    }
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request.body(Full::new(Bytes::from(body))).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    assert!(response.headers().contains_key("x-amzn-requestid"));
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn unauthorized_requests_reach_no_function() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Arc::<Functions>::default();
    let gateway = start(&functions)?;
    let send = |path, key| post(&gateway, path, key, b"{}".to_vec());
    assert_eq!(send("/none", Some("good")).await, (404, "MISSING_AUTHENTICATION_TOKEN".to_owned()));
    assert_eq!(send("/echo/1", None).await, (401, "UNAUTHORIZED".to_owned()));
    assert_eq!(functions.invocations.lock().map(|invoked| invoked.len()).ok(), Some(0));
    assert_eq!(send("/echo/1", Some("bad")).await, (401, "UNAUTHORIZED".to_owned()));
    assert_eq!(send("/echo/1", Some("denied")).await, (403, "ACCESS_DENIED".to_owned()));
    assert_eq!(send("/echo/1", Some("planless")).await, (403, "INVALID_API_KEY".to_owned()));
    assert_eq!(send("/echo/1", Some("broken")).await, (503, "AUTHORIZER_FAILURE".to_owned()));
    assert_eq!(functions.invoked("echo"), 0);
    gateway.stop().await;
    Ok(())
}

/// In every order of a valid and an invalid key.
#[tokio::test]
async fn a_cached_policy_of_one_key_does_not_count_for_another() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Arc::<Functions>::default();
    let gateway = start(&functions)?;
    let status = async |keys: &[&'static str]| post(&gateway, "/echo/1", keys.iter().copied(), Vec::new()).await.0;
    assert_eq!(status(&["bad", "good"]).await, 401);
    assert_eq!(status(&["bad"]).await, 401);
    assert_eq!(status(&["good", "good"]).await, 401);
    assert_eq!((functions.invoked("authorizer"), functions.invoked("echo")), (1, 0));
    assert_eq!(status(&["good"]).await, 201);
    assert_eq!(status(&["good", "bad"]).await, 401);
    Ok(())
}

#[tokio::test]
async fn the_authorizer_is_invoked_once_for_a_key() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Arc::<Functions>::default();
    let gateway = start(&functions)?;
    let sent = br#"{"requestContext":{"authorizer":{"tenantId":"another"}}}"#;
    let send = || post(&gateway, "/echo/a%2Fb?x=%20", Some("good"), sent.to_vec());
    let (first, second, third) = tokio::join!(send(), send(), send());
    for (status, event) in [first, second, third, send().await] {
        let event: Value = serde_json::from_str(&event)?;
        assert_eq!(status, 201);
        assert_eq!(event["requestContext"]["authorizer"], json!({"principalId": "key-1", "tenantId": "tenant-1"}));
        assert_eq!(event["requestContext"]["domainName"], gateway.address.to_string());
        assert_eq!(event["pathParameters"], json!({"id": "a%2Fb"}));
        assert_eq!(event["body"].as_str().map(str::as_bytes), Some(sent.as_slice()));
    }
    assert_eq!((functions.invoked("authorizer"), functions.invoked("echo")), (1, 4));
    gateway.stop().await;
    Ok(())
}

#[tokio::test]
async fn failing_functions_and_large_bodies_get_a_response() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Arc::<Functions>::default();
    let gateway = start(&functions)?;
    assert_eq!(post(&gateway, "/malformed", None, Vec::new()).await, (500, "INTEGRATION_FAILURE".to_owned()));
    for path in ["/failing", "/absent"] {
        assert_eq!(post(&gateway, path, None, Vec::new()).await, (500, "INTEGRATION_FAILURE".to_owned()), "{path}");
    }
    assert_eq!(post(&gateway, "/hanging", None, Vec::new()).await, (500, "INTEGRATION_TIMEOUT".to_owned()));
    let (status, event) = post(&gateway, "/open", None, b"\xff".to_vec()).await;
    assert_eq!((status, event.contains(r#""body":"/w==""#)), (201, true));
    let too_large = vec![b'x'; BODY_LIMIT + 1];
    assert_eq!(post(&gateway, "/open", None, too_large).await, (413, "REQUEST_TOO_LARGE".to_owned()));
    assert_eq!(functions.invoked("echo"), 1);
    gateway.stop().await;
    Ok(())
}

/// A gateway with these settings.
fn with_settings(settings: Settings) -> Result<Gateway, Error> {
    let functions = Arc::<Functions>::default();
    Gateway::serve(&template(), functions, plan_keys(), listen(0)?, settings)
}

/// What the gateway sends to a client that sends this at once, and then a byte each 10 ms until it is disconnected.
async fn response_to_slow(gateway: &Gateway, start: &'static [u8]) -> std::io::Result<String> {
    let (mut reader, mut writer) = tokio::net::TcpStream::connect(gateway.address).await?.into_split();
    let sending = tokio::spawn(async move {
        let mut sent = writer.write_all(start).await;
        while sent.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
            sent = writer.write_all(b"x").await;
        }
    });
    let mut response = Vec::new();
    match reader.read_to_end(&mut response).await {
        // A byte that arrives after the end of the connection resets it.
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        read => drop(read?),
    }
    sending.abort();
    Ok(String::from_utf8_lossy(&response).into_owned())
}

#[tokio::test]
async fn a_slow_client_is_ended() -> Result<(), Box<dyn std::error::Error>> {
    let limits = Limits { client_timeout: Duration::from_millis(300), ..Settings::default().limits };
    let gateway = with_settings(Settings { limits, ..Settings::default() })?;
    let began = Instant::now();
    assert_eq!(response_to_slow(&gateway, b"POST /open HTTP/1.1\r\nhost: x").await?, "");
    let slow_body = b"POST /open HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n";
    let response = response_to_slow(&gateway, slow_body).await?;
    assert!(response.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{response}");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    Ok(())
}

#[tokio::test]
async fn a_connection_beyond_the_limit_gets_a_503() -> Result<(), Box<dyn std::error::Error>> {
    let limits = Limits { connections: 2, ..Settings::default().limits };
    let gateway = with_settings(Settings { limits, ..Settings::default() })?;
    let open = async || {
        let mut stream = tokio::net::TcpStream::connect(gateway.address).await?;
        stream.write_all(b"POST /open HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n").await?;
        let mut start = [0; 12];
        stream.read_exact(&mut start).await?;
        Ok::<_, std::io::Error>((stream, String::from_utf8_lossy(&start).into_owned()))
    };
    let (first, status) = open().await?;
    assert_eq!(status, "HTTP/1.1 201");
    let (_second, status) = open().await?;
    assert_eq!(status, "HTTP/1.1 201");
    let (mut refused, status) = open().await?;
    assert_eq!(status, "HTTP/1.1 503");
    let mut rest = String::new();
    refused.read_to_string(&mut rest).await?;
    let (head, body) = rest.split_once("\r\n\r\n").ok_or("no body")?;
    assert!(head.contains("Retry-After: 1") && head.contains(&format!("Content-Length: {}", body.len())), "{head}");
    assert_eq!(serde_json::from_str::<Value>(body)?["code"], "SERVICE_UNAVAILABLE");
    drop(first);
    let deadline = Instant::now() + Duration::from_secs(5);
    while open().await?.1 != "HTTP/1.1 201" {
        assert!(Instant::now() < deadline, "no connection becomes free");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

#[tokio::test]
async fn the_callers_address_and_the_domain_are_the_proxys() -> Result<(), Box<dyn std::error::Error>> {
    let direct = with_settings(Settings::default())?;
    let behind = with_settings(Settings { behind_proxy: Some("consent.example".to_owned()), ..Settings::default() })?;
    let address = async |gateway: &Gateway, forwarded: &[&str]| {
        let mut request = Request::post(format!("{}/open", gateway.base_url()));
        for addresses in forwarded {
            request = request.header("x-forwarded-for", *addresses);
        }
        let client = Client::builder(TokioExecutor::new()).build_http();
        let response = client.request(request.body(Full::new(Bytes::new()))?).await?;
        let event: Value = serde_json::from_slice(&response.into_body().collect().await?.to_bytes())?;
        let context = &event["requestContext"];
        let domain =
            if gateway.address == direct.address { direct.address.to_string() } else { "consent.example".to_owned() };
        assert_eq!(context["domainName"], domain);
        Ok::<_, Box<dyn std::error::Error>>(context["identity"]["sourceIp"].clone())
    };
    let forwarded = ["203.0.113.7", "198.51.100.9, 192.0.2.1"];
    assert_eq!(address(&direct, &forwarded).await?, "127.0.0.1");
    assert_eq!(address(&behind, &forwarded).await?, "192.0.2.1");
    assert_eq!(address(&behind, &["2001:db8::1"]).await?, "2001:db8::1");
    for none in [&[][..], &["unknown"], &["192.0.2.1, "]] {
        assert_eq!(address(&behind, none).await?, "127.0.0.1");
    }
    Ok(())
}

/// A gateway whose clocks stand still, and a function that advances them by a number of milliseconds.
fn with_stopped_clocks(functions: &Arc<Functions>) -> Result<(Gateway, impl Fn(u64)), Box<dyn std::error::Error>> {
    let passed = Arc::new(AtomicU64::new(0));
    let (shown, shown_too) = (Arc::clone(&passed), Arc::clone(&passed));
    let start = Instant::now();
    let clock = Clock::new(move || {
        let passed = i64::try_from(shown.load(Ordering::Relaxed)).unwrap_or_default();
        Timestamp::from_milliseconds(1_770_000_000_000 + passed).unwrap()
    });
    let random = Random::new(|bytes| bytes.fill(7));
    let ages = move || start + Duration::from_millis(shown_too.load(Ordering::Relaxed));
    let listener = listen(0)?;
    let address = listener.local_addr()?;
    let api = Api::new(&template(), Arc::<Functions>::clone(functions), plan_keys(), address, (clock, random), ages);
    let gateway = Gateway::run(api, listener)?;
    Ok((gateway, move |milliseconds| {
        passed.fetch_add(milliseconds, Ordering::Relaxed);
    }))
}

#[tokio::test]
async fn a_plans_limit_applies_to_each_key_by_itself() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Arc::<Functions>::default();
    let (gateway, advance) = with_stopped_clocks(&functions)?;
    let calls = async |key: &str, calls: usize| {
        let mut statuses = BTreeMap::new();
        for _ in 0..calls {
            let (status, body) = post(&gateway, "/echo/1", Some(key), Vec::new()).await;
            assert!(status == 201 || body == "THROTTLED", "{body}");
            *statuses.entry(status).or_insert(0) += 1;
        }
        statuses
    };
    assert_eq!(calls("slow", 30).await, BTreeMap::from([(201, 20), (429, 10)]));
    assert_eq!(calls("slow-too", 20).await, BTreeMap::from([(201, 20)]));
    assert_eq!(calls("good", 30).await, BTreeMap::from([(201, 30)]));
    // An unknown key does not use up a plan.
    assert_eq!(post(&gateway, "/echo/1", Some("bad"), Vec::new()).await.0, 401);
    advance(500);
    assert_eq!(calls("slow", 30).await, BTreeMap::from([(201, 5), (429, 25)]));
    assert_eq!(functions.invoked("echo"), 75);
    Ok(())
}

#[tokio::test]
async fn a_methods_limit_applies_to_all_callers_together() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Arc::<Functions>::default();
    let (gateway, advance) = with_stopped_clocks(&functions)?;
    let calls = async |path: &str, key: Option<&str>, calls: usize| {
        let mut statuses = BTreeMap::new();
        for _ in 0..calls {
            let (status, body) = post(&gateway, path, key, Vec::new()).await;
            assert!(status != 429 || body == "THROTTLED", "{body}");
            *statuses.entry(status).or_insert(0) += 1;
        }
        statuses
    };
    assert_eq!(calls("/limited", None, 30).await, BTreeMap::from([(201, 20), (429, 10)]));
    assert_eq!(calls("/open", None, 30).await, BTreeMap::from([(201, 30)]));
    // Requests that try out keys do not overload the authorizer.
    assert_eq!(calls("/keyed", Some("bad"), 30).await, BTreeMap::from([(401, 20), (429, 10)]));
    assert_eq!(functions.invoked("authorizer"), 20);
    assert_eq!(calls("/keyed", Some("good"), 1).await, BTreeMap::from([(429, 1)]));
    advance(500);
    assert_eq!(calls("/keyed", Some("good"), 30).await, BTreeMap::from([(201, 5), (429, 25)]));
    assert_eq!(calls("/limited", None, 30).await, BTreeMap::from([(201, 5), (429, 25)]));
    Ok(())
}

#[tokio::test]
async fn a_disabled_key_fails_once_the_cached_policy_expires() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Arc::<Functions>::default();
    let (gateway, advance) = with_stopped_clocks(&functions)?;
    let status = async || post(&gateway, "/echo/1", Some("good"), Vec::new()).await.0;
    assert_eq!(status().await, 201);
    functions.disabled.store(true, Ordering::Relaxed);
    advance(59_999);
    assert_eq!(status().await, 201);
    advance(1);
    assert_eq!(status().await, 401);
    assert_eq!(status().await, 401);
    Ok(())
}
