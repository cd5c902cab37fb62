//! The gateway over HTTP, before functions that are played by one small server.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use assent_shared::domain::Timestamp;
use http::StatusCode;
use http_body_util::Limited;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;

use super::*;
use crate::template::{GatewayResponse, Route, Throttle, UsagePlan};

/// Plays the invoke API: an authorizer, and functions named after what they do.
struct Functions {
    url: String,
    invocations: Arc<Mutex<Vec<String>>>,
    /// Whether every key has been switched off.
    disabled: Arc<AtomicBool>,
    _server: JoinSet<()>,
}

impl Functions {
    async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let invocations = Arc::new(Mutex::new(Vec::new()));
        let disabled = Arc::new(AtomicBool::new(false));
        let (noted, off) = (Arc::clone(&invocations), Arc::clone(&disabled));
        let mut server = JoinSet::new();
        server.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (noted, off) = (Arc::clone(&noted), Arc::clone(&off));
                let service = service_fn(move |request: Request<Incoming>| {
                    let (noted, off) = (Arc::clone(&noted), Arc::clone(&off));
                    async move {
                        let name = request.uri().path().split('/').nth(3).unwrap_or_default().to_owned();
                        let event = Limited::new(request.into_body(), usize::MAX).collect().await.unwrap().to_bytes();
                        noted.lock().unwrap().push(name.clone());
                        let mut event: Value = serde_json::from_slice(&event).unwrap();
                        if off.load(Ordering::Relaxed) {
                            event["headers"]["authorization"] = Value::from("disabled");
                        }
                        if name == "slow" {
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                        let (status, answer) = played(&name, &event);
                        let mut response = Response::new(Full::new(Bytes::from(answer.to_string())));
                        *response.status_mut() = status;
                        Ok::<_, Infallible>(response)
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Ok(Self { url, invocations, disabled, _server: server })
    }

    fn invoked(&self, name: &str) -> usize {
        self.invocations.lock().unwrap().iter().filter(|invoked| *invoked == name).count()
    }
}

/// What stands for a key's SHA-256.
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

async fn start(functions_url: &str) -> Result<Gateway, Error> {
    Gateway::start(&template(), functions_url, plan_keys(), 0).await
}

fn played(function: &str, event: &Value) -> (StatusCode, Value) {
    let error = |message: &str| (StatusCode::INTERNAL_SERVER_ERROR, json!({"errorType": "E", "errorMessage": message}));
    let policy = |effect: &str| {
        let statement = json!({"Effect": effect, "Action": "execute-api:Invoke", "Resource": "*/live/*"});
        let answer = json!({
            "principalId": "key-1",
            "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "context": {"tenantId": "tenant-1"},
            "usageIdentifierKey": usage_key(event["headers"]["authorization"].as_str().unwrap_or_default()),
        });
        (StatusCode::OK, answer)
    };
    match (function, event["headers"]["authorization"].as_str()) {
        ("authorizer", Some("good" | "other" | "slow" | "slow-too" | "planless")) => policy("Allow"),
        ("authorizer", Some("denied")) => policy("Deny"),
        ("authorizer", Some("broken")) => error("the database is away"),
        ("authorizer", _) => error("Unauthorized"),
        ("echo" | "slow", _) => (StatusCode::OK, json!({"statusCode": 201, "body": event.to_string()})),
        ("malformed", _) => (StatusCode::OK, json!({"status": 200})),
        _ => error("a fault"),
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
            route("/slow", "slow", None),
            route("/malformed", "malformed", None),
            route("/faulty", "faulty", None),
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
async fn who_may_not_call_meets_no_function() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Functions::start().await?;
    let gateway = start(&functions.url).await?;
    let answer = |path, key| post(&gateway, path, key, b"{}".to_vec());
    assert_eq!(answer("/none", Some("good")).await, (404, "MISSING_AUTHENTICATION_TOKEN".to_owned()));
    assert_eq!(answer("/echo/1", None).await, (401, "UNAUTHORIZED".to_owned()));
    assert_eq!(functions.invocations.lock().map(|invoked| invoked.len()).ok(), Some(0));
    assert_eq!(answer("/echo/1", Some("bad")).await, (401, "UNAUTHORIZED".to_owned()));
    assert_eq!(answer("/echo/1", Some("denied")).await, (403, "ACCESS_DENIED".to_owned()));
    assert_eq!(answer("/echo/1", Some("planless")).await, (403, "INVALID_API_KEY".to_owned()));
    assert_eq!(answer("/echo/1", Some("broken")).await, (503, "AUTHORIZER_FAILURE".to_owned()));
    assert_eq!(functions.invoked("echo"), 0);
    gateway.stop().await;
    Ok(())
}

/// Whichever of the two is good, and whichever comes first.
#[tokio::test]
async fn what_is_known_of_one_key_answers_for_no_other() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Functions::start().await?;
    let gateway = start(&functions.url).await?;
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
async fn who_may_call_is_asked_about_once() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Functions::start().await?;
    let gateway = start(&functions.url).await?;
    let sent = br#"{"requestContext":{"authorizer":{"tenantId":"another"}}}"#;
    let answer = || post(&gateway, "/echo/a%2Fb?x=%20", Some("good"), sent.to_vec());
    let (first, second, third) = tokio::join!(answer(), answer(), answer());
    for (status, event) in [first, second, third, answer().await] {
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
async fn bad_functions_and_large_bodies_are_answered() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Functions::start().await?;
    let gateway = start(&functions.url).await?;
    assert_eq!(post(&gateway, "/malformed", None, Vec::new()).await, (500, "INTEGRATION_FAILURE".to_owned()));
    assert_eq!(post(&gateway, "/faulty", None, Vec::new()).await, (500, "INTEGRATION_FAILURE".to_owned()));
    let (status, event) = post(&gateway, "/open", None, b"\xff".to_vec()).await;
    assert_eq!((status, event.contains(r#""body":"/w==""#)), (201, true));
    let too_large = vec![b'x'; BODY_LIMIT + 1];
    assert_eq!(post(&gateway, "/open", None, too_large).await, (413, "REQUEST_TOO_LARGE".to_owned()));
    assert_eq!(functions.invoked("echo"), 1);
    gateway.stop().await;
    Ok(())
}

#[tokio::test]
async fn functions_that_are_away_are_a_failure() -> Result<(), Box<dyn std::error::Error>> {
    let nowhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?.local_addr()?;
    let gateway = start(&format!("http://{nowhere}")).await?;
    assert_eq!(post(&gateway, "/open", None, Vec::new()).await, (500, "INTEGRATION_FAILURE".to_owned()));
    assert_eq!(post(&gateway, "/echo/1", Some("good"), Vec::new()).await, (503, "AUTHORIZER_FAILURE".to_owned()));
    Ok(())
}

/// A gateway whose clocks stand still until they are advanced by so many milliseconds.
async fn still(functions_url: &str, limits: Limits) -> Result<(Gateway, impl Fn(u64)), Box<dyn std::error::Error>> {
    let passed = Arc::new(AtomicU64::new(0));
    let (shown, shown_too) = (Arc::clone(&passed), Arc::clone(&passed));
    let start = Instant::now();
    let world = World::new(
        move || {
            let passed = i64::try_from(shown.load(Ordering::Relaxed)).unwrap_or_default();
            Timestamp::from_milliseconds(1_770_000_000_000 + passed).unwrap()
        },
        |bytes| bytes.fill(7),
    );
    let clock = move || start + Duration::from_millis(shown_too.load(Ordering::Relaxed));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let api = Api::new(&template(), functions_url, plan_keys(), listener.local_addr()?, world, clock);
    let gateway = Gateway::run(api, listener, limits);
    Ok((gateway, move |milliseconds| {
        passed.fetch_add(milliseconds, Ordering::Relaxed);
    }))
}

#[tokio::test]
async fn a_key_meets_its_plans_limit_and_no_other_key_does() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Functions::start().await?;
    let (gateway, advance) = still(&functions.url, LIMITS).await?;
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
    // Nobody who is unknown uses a plan up.
    assert_eq!(post(&gateway, "/echo/1", Some("bad"), Vec::new()).await.0, 401);
    advance(500);
    assert_eq!(calls("slow", 30).await, BTreeMap::from([(201, 5), (429, 25)]));
    assert_eq!(functions.invoked("echo"), 75);
    Ok(())
}

#[tokio::test]
async fn a_method_meets_its_limit_whoever_calls() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Functions::start().await?;
    let (gateway, advance) = still(&functions.url, LIMITS).await?;
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
    // Whoever tries keys out does not keep the authorizer busy.
    assert_eq!(calls("/keyed", Some("bad"), 30).await, BTreeMap::from([(401, 20), (429, 10)]));
    assert_eq!(functions.invoked("authorizer"), 20);
    assert_eq!(calls("/keyed", Some("good"), 1).await, BTreeMap::from([(429, 1)]));
    advance(500);
    assert_eq!(calls("/keyed", Some("good"), 30).await, BTreeMap::from([(201, 5), (429, 25)]));
    assert_eq!(calls("/limited", None, 30).await, BTreeMap::from([(201, 5), (429, 25)]));
    Ok(())
}

#[tokio::test]
async fn a_refusal_counts_once_the_kept_answer_is_too_old() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Functions::start().await?;
    let (gateway, advance) = still(&functions.url, LIMITS).await?;
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

#[tokio::test]
async fn silent_clients_keep_nobody_out() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Functions::start().await?;
    let limits = Limits { connections: 4, silence: Duration::from_millis(250) };
    let (gateway, _) = still(&functions.url, limits).await?;
    let mut silent = Vec::new();
    for (place, sent) in ["", "POST /open HT", "POST /open HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf"]
        .iter()
        .cycle()
        .take(24)
        .enumerate()
    {
        let mut stream = TcpStream::connect(gateway.address).await?;
        // It may have been closed by now.
        let _ = stream.write_all(sent.as_bytes()).await;
        silent.push(stream);
        if place % 6 == 5 {
            assert_eq!(post(&gateway, "/open", None, Vec::new()).await.0, 201);
        }
    }
    // Whoever waits for an answer gets it, however many come meanwhile.
    let slow = async || post(&gateway, "/slow", None, Vec::new()).await.0;
    let answered = tokio::join!(slow(), slow(), slow(), slow(), slow(), slow());
    assert_eq!(answered, (201, 201, 201, 201, 201, 201));
    Ok(())
}
