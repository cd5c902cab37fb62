//! The gateway over HTTP, before functions that are played by one small server.

use std::collections::BTreeMap;
use std::sync::Mutex;

use http::StatusCode;
use http_body_util::Limited;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::*;
use crate::template::{GatewayResponse, Route};

/// Plays the invoke API: an authorizer, and functions named after what they do.
struct Functions {
    url: String,
    invocations: Arc<Mutex<Vec<String>>>,
    _server: JoinSet<()>,
}

impl Functions {
    async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let invocations = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&invocations);
        let mut server = JoinSet::new();
        server.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let noted = Arc::clone(&noted);
                let service = service_fn(move |request: Request<Incoming>| {
                    let noted = Arc::clone(&noted);
                    async move {
                        let name = request.uri().path().split('/').nth(3).unwrap_or_default().to_owned();
                        let event = Limited::new(request.into_body(), usize::MAX).collect().await.unwrap().to_bytes();
                        noted.lock().unwrap().push(name.clone());
                        let (status, answer) = played(&name, &serde_json::from_slice(&event).unwrap());
                        let mut response = Response::new(Full::new(Bytes::from(answer.to_string())));
                        *response.status_mut() = status;
                        Ok::<_, Infallible>(response)
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Ok(Self { url, invocations, _server: server })
    }

    fn invoked(&self, name: &str) -> usize {
        self.invocations.lock().unwrap().iter().filter(|invoked| *invoked == name).count()
    }
}

fn played(function: &str, event: &Value) -> (StatusCode, Value) {
    let error = |message: &str| (StatusCode::INTERNAL_SERVER_ERROR, json!({"errorType": "E", "errorMessage": message}));
    let policy = |effect: &str| {
        let statement = json!({"Effect": effect, "Action": "execute-api:Invoke", "Resource": "*/live/*"});
        let answer = json!({
            "principalId": "key-1",
            "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "context": {"tenantId": "tenant-1"},
        });
        (StatusCode::OK, answer)
    };
    match (function, event["headers"]["authorization"].as_str()) {
        ("authorizer", Some("good")) => policy("Allow"),
        ("authorizer", Some("denied")) => policy("Deny"),
        ("authorizer", Some("broken")) => error("the database is away"),
        ("authorizer", _) => error("Unauthorized"),
        ("echo", _) => (StatusCode::OK, json!({"statusCode": 201, "body": event.to_string()})),
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
            route("/malformed", "malformed", None),
            route("/faulty", "faulty", None),
        ],
        authorizers: BTreeMap::from([("Bearer".to_owned(), authorizer)]),
        gateway_responses: BTreeMap::from([
            ("MISSING_AUTHENTICATION_TOKEN".to_owned(), response(404)),
            ("AUTHORIZER_FAILURE".to_owned(), response(503)),
            ("DEFAULT_4XX".to_owned(), GatewayResponse { status: None, ..response(0) }),
            ("DEFAULT_5XX".to_owned(), response(500)),
        ]),
    }
}

async fn post(gateway: &Gateway, path: &str, key: Option<&str>, body: Vec<u8>) -> (u16, String) {
    let mut request = Request::post(format!("{}{path}", gateway.base_url()));
    if let Some(key) = key {
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
    let gateway = Gateway::start(&template(), &functions.url, 0).await?;
    let answer = |path, key| post(&gateway, path, key, b"{}".to_vec());
    assert_eq!(answer("/none", Some("good")).await, (404, "MISSING_AUTHENTICATION_TOKEN".to_owned()));
    assert_eq!(answer("/echo/1", None).await, (401, "UNAUTHORIZED".to_owned()));
    assert_eq!(functions.invocations.lock().map(|invoked| invoked.len()).ok(), Some(0));
    assert_eq!(answer("/echo/1", Some("bad")).await, (401, "UNAUTHORIZED".to_owned()));
    assert_eq!(answer("/echo/1", Some("denied")).await, (403, "ACCESS_DENIED".to_owned()));
    assert_eq!(answer("/echo/1", Some("broken")).await, (503, "AUTHORIZER_FAILURE".to_owned()));
    assert_eq!(functions.invoked("echo"), 0);
    gateway.stop().await;
    Ok(())
}

#[tokio::test]
async fn who_may_call_is_asked_about_once() -> Result<(), Box<dyn std::error::Error>> {
    let functions = Functions::start().await?;
    let gateway = Gateway::start(&template(), &functions.url, 0).await?;
    let sent = br#"{"requestContext":{"authorizer":{"tenantId":"another"}}}"#;
    let answer = || post(&gateway, "/echo/a%2Fb?x=%20", Some("good"), sent.to_vec());
    let (first, second, third) = tokio::join!(answer(), answer(), answer());
    for (status, event) in [first, second, third, answer().await] {
        let event: Value = serde_json::from_str(&event)?;
        assert_eq!(status, 201);
        assert_eq!(event["requestContext"]["authorizer"], json!({"principalId": "key-1", "tenantId": "tenant-1"}));
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
    let gateway = Gateway::start(&template(), &functions.url, 0).await?;
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
    let gateway = Gateway::start(&template(), &format!("http://{nowhere}"), 0).await?;
    assert_eq!(post(&gateway, "/open", None, Vec::new()).await, (500, "INTEGRATION_FAILURE".to_owned()));
    assert_eq!(post(&gateway, "/echo/1", Some("good"), Vec::new()).await, (503, "AUTHORIZER_FAILURE".to_owned()));
    Ok(())
}
