//! A proxy between the functions and the database. It can hold requests until several are under way at once, and it can
//! cause the faults of networks and busy databases: errors, throttling, lost responses.
//!
//! A fault strikes only the requests that its [`Matching`] selects. Each test selects ids that only it uses, so tests
//! that run side by side do not disturb each other.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, Uri, http};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The operations that write.
pub(crate) const WRITES: &[&str] = &["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"];

/// Which requests to `DynamoDB` a fault strikes.
#[derive(Clone, Debug)]
pub struct Matching {
    operations: &'static [&'static str],
    containing: Vec<String>,
}

impl Matching {
    /// Every request whose body has this text.
    pub fn every(text: &impl ToString) -> Self {
        Self { operations: &[], containing: vec![text.to_string()] }
    }

    /// Every request that writes and whose body has this text.
    pub fn writes(text: &impl ToString) -> Self {
        Self { operations: WRITES, containing: vec![text.to_string()] }
    }

    /// Requests of these operations whose body has this text.
    pub fn operations(operations: &'static [&'static str], text: &impl ToString) -> Self {
        Self { operations, containing: vec![text.to_string()] }
    }

    /// Only requests whose body also has this text.
    #[must_use]
    pub fn and(mut self, text: &impl ToString) -> Self {
        self.containing.push(text.to_string());
        self
    }

    fn fits(&self, operation: &str, body: &str) -> bool {
        (self.operations.is_empty() || self.operations.contains(&operation))
            && self.containing.iter().all(|text| body.contains(text.as_str()))
    }
}

/// What happens to a matching request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The error of a conflict with another transaction; nothing is written.
    TransactionConflict,
    /// A `ThrottlingException`; nothing is written.
    Throttling,
    /// The error of a partition without throughput left; nothing is written.
    ThroughputExceeded,
    /// The database does the work, but its response is lost: the connection is cut.
    LoseResponse,
    /// The connection is cut before the database sees the request.
    Cut,
    /// An unknown error.
    Garbage,
}

struct Barrier {
    wanted: usize,
    patience: Duration,
    arrived: AtomicUsize,
    /// `None` while requests are held; then whether all wanted requests were held at once.
    opened: watch::Sender<Option<bool>>,
}

impl Barrier {
    fn new(wanted: usize, patience: Duration) -> Arc<Self> {
        Arc::new(Self { wanted, patience, arrived: AtomicUsize::new(0), opened: watch::Sender::new(None) })
    }

    fn open(&self, together: bool) {
        self.opened.send_if_modified(|opened| {
            let first = opened.is_none();
            if first {
                *opened = Some(together);
            }
            first
        });
    }

    async fn pass(self: Arc<Self>) {
        let mut opened = self.opened.subscribe();
        if opened.borrow().is_some() {
            return;
        }
        let arrived = self.arrived.fetch_add(1, Ordering::SeqCst) + 1;
        if arrived == 1 {
            let barrier = Arc::clone(&self);
            tokio::spawn(async move {
                tokio::time::sleep(barrier.patience).await;
                barrier.open(false);
            });
        }
        if arrived >= self.wanted {
            self.open(true);
        }
        // The sender lives in `self`, so this ends only when the barrier opens.
        let _ = opened.wait_for(Option::is_some).await;
    }
}

/// Where a call to the database is halted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Before the database sees the call.
    Before,
    /// After the database has responded, before the function gets the response.
    After,
}

enum Action {
    /// Halts every call for good after so many have passed.
    Halt {
        spared: AtomicUsize,
        moment: Moment,
    },
    /// Lets each request wait for up to so long before the database sees it.
    Delay {
        longest: Duration,
        dice: AtomicU64,
    },
    Strike {
        fault: Fault,
        spared: AtomicUsize,
        left: AtomicUsize,
    },
    /// Holds requests before the database sees them.
    Hold(Arc<Barrier>),
    /// Holds the responses of the database.
    HoldResponses(Arc<Barrier>),
    /// Counts requests and items.
    Measure(Mutex<Cost>),
    /// Asks the database for the consumed capacity of each request, and adds it up.
    Weigh(Mutex<Consumption>),
}

/// The cost of reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    /// How many requests reached the database.
    pub requests: usize,
    /// How many items the database returned.
    pub items: usize,
}

/// The database calls and the capacity that they consumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consumption {
    /// The number of calls.
    pub calls: usize,
    /// Halves of read units.
    pub read_halves: u64,
    /// Halves of write units.
    pub write_halves: u64,
}

impl Consumption {
    fn add(&mut self, operation: &str, response: &Value) {
        self.calls += 1;
        let halves = halves_in(response);
        if WRITES.contains(&operation) { self.write_halves += halves } else { self.read_halves += halves }
    }
}

impl Action {
    fn barrier(&self) -> Option<&Arc<Barrier>> {
        match self {
            Self::Hold(barrier) | Self::HoldResponses(barrier) => Some(barrier),
            Self::Halt { .. } | Self::Delay { .. } | Self::Strike { .. } | Self::Measure(_) | Self::Weigh(_) => None,
        }
    }
}

struct Rule {
    matching: Matching,
    action: Action,
    struck: AtomicUsize,
}

type Rules = Arc<Mutex<Vec<Arc<Rule>>>>;

/// Every call that went through any of the proxies of this process.
static CALLS: Mutex<BTreeSet<DatabaseCall>> = Mutex::new(BTreeSet::new());

/// A call of a function to a table, as a policy must allow it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DatabaseCall {
    /// The function's name: the application in the `User-Agent` of its calls.
    pub function: String,
    /// An IAM action: `dynamodb:GetItem`.
    pub action: String,
    /// The table, or the index of a table: `GrantsTable`, `GrantsTable/index/ByPrincipal`.
    pub resource: String,
}

/// The calls of all functions so far, through any of the proxies.
pub fn calls_so_far() -> BTreeSet<DatabaseCall> {
    CALLS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The IAM actions and resources of a request: a transaction has one pair for each of its items
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html>).
fn actions(operation: &str, body: &Value) -> Vec<(String, String)> {
    let action = |name: &str, on: &Value| {
        let table = on["TableName"].as_str().expect("a table");
        let resource = match on["IndexName"].as_str() {
            Some(index) => format!("{table}/index/{index}"),
            None => table.to_owned(),
        };
        (format!("dynamodb:{name}"), resource)
    };
    let parts = |kinds: &[(&str, &str)]| {
        let items = body["TransactItems"].as_array().expect("items");
        let named = |item: &Value| {
            let (kind, name) = kinds.iter().find(|(kind, _)| item.get(kind).is_some()).expect("a known kind");
            action(name, &item[kind])
        };
        items.iter().map(named).collect()
    };
    match operation {
        "TransactWriteItems" => parts(&[
            ("Put", "PutItem"),
            ("Update", "UpdateItem"),
            ("Delete", "DeleteItem"),
            ("ConditionCheck", "ConditionCheckItem"),
        ]),
        "TransactGetItems" => parts(&[("Get", "GetItem")]),
        "BatchGetItem" | "BatchWriteItem" => {
            let tables = body["RequestItems"].as_object().expect("tables");
            tables.keys().map(|table| (format!("dynamodb:{operation}"), table.clone())).collect()
        }
        _ => vec![action(operation, body)],
    }
}

/// Records the calls of a function. Requests without an application in their `User-Agent` come from no function.
fn remember(headers: &http::HeaderMap, operation: &str, body: &str) {
    let agent = headers.get(http::header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    remember_of(agent, operation, body);
}

/// Records the calls of the function that this `User-Agent` names.
pub(crate) fn remember_of(agent: &str, operation: &str, body: &str) {
    let Some(function) = agent.split(' ').find_map(|part| part.strip_prefix("app/")) else { return };
    let Ok(body) = serde_json::from_str(body) else { return };
    let calls = actions(operation, &body).into_iter().map(|(action, resource)| {
        let function = function.to_owned();
        DatabaseCall { function, action, resource }
    });
    CALLS.lock().unwrap_or_else(PoisonError::into_inner).extend(calls);
}

fn lock(rules: &Rules) -> MutexGuard<'_, Vec<Arc<Rule>>> {
    rules.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A rule that is active until it is dropped.
pub struct ActiveRule {
    rules: Rules,
    rule: Arc<Rule>,
}

impl ActiveRule {
    /// How many requests it has struck or held so far.
    pub fn struck(&self) -> usize {
        self.rule.struck.load(Ordering::SeqCst)
    }

    /// For [`FaultProxy::measure`]: the cost since the last call.
    pub fn cost(&self) -> Cost {
        match &self.rule.action {
            Action::Measure(cost) => std::mem::take(&mut *cost.lock().unwrap_or_else(PoisonError::into_inner)),
            _ => Cost::default(),
        }
    }

    /// For [`FaultProxy::weigh`]: the consumption since the last call.
    pub fn consumption(&self) -> Consumption {
        match &self.rule.action {
            Action::Weigh(consumption) => {
                std::mem::take(&mut *consumption.lock().unwrap_or_else(PoisonError::into_inner))
            }
            _ => Consumption::default(),
        }
    }

    /// For a barrier: whether all wanted requests were held at the same moment.
    pub fn held_all_at_once(&self) -> bool {
        self.rule.action.barrier().is_some_and(|barrier| *barrier.opened.borrow() == Some(true))
    }

    /// For a barrier: releases the held requests, and lets all later ones pass.
    pub fn release(&self) {
        if let Some(barrier) = self.rule.action.barrier() {
            barrier.open(false);
        }
    }

    /// Waits until the rule has struck or held so many requests; returns false after `patience`.
    pub async fn wait_until_struck(&self, wanted: usize, patience: Duration) -> bool {
        let deadline = tokio::time::Instant::now() + patience;
        while self.struck() < wanted {
            if tokio::time::Instant::now() > deadline {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        true
    }
}

impl Drop for ActiveRule {
    fn drop(&mut self) {
        self.release();
        lock(&self.rules).retain(|rule| !Arc::ptr_eq(rule, &self.rule));
    }
}

/// The proxy, which runs until it is dropped.
pub struct FaultProxy {
    address: SocketAddr,
    rules: Rules,
    connections: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl FaultProxy {
    /// Starts a proxy on a free port of 127.0.0.1, before the database at this address
    /// (`http://host:port`).
    pub async fn start(database: &str) -> io::Result<Self> {
        let authority = database
            .parse::<Uri>()
            .ok()
            .and_then(|uri| uri.authority().cloned())
            .ok_or_else(|| io::Error::other(format!("not an address: {database}")))?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let rules = Rules::default();
        let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        let upstream = Upstream { authority, client, rules: Arc::clone(&rules) };
        let connections = Arc::<AtomicUsize>::default();
        let server = tokio::spawn(accept(listener, upstream, Arc::clone(&connections)));
        Ok(Self { address, rules, connections, server })
    }

    /// How many connections have been opened to it.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Strikes the next `count` matching requests.
    pub fn strike(&self, matching: Matching, fault: Fault, count: usize) -> ActiveRule {
        self.add(matching, Action::Strike { fault, spared: AtomicUsize::new(0), left: AtomicUsize::new(count) })
    }

    /// Lets so many matching requests pass, and strikes every later one.
    pub fn strike_after(&self, matching: Matching, spared: usize, fault: Fault) -> ActiveRule {
        let (spared, left) = (AtomicUsize::new(spared), AtomicUsize::new(usize::MAX));
        self.add(matching, Action::Strike { fault, spared, left })
    }

    /// Holds matching requests until so many have arrived, then releases all of them at once. After `patience`, counted
    /// from the first, it releases them in any case. Keep `patience` below the time after which the functions abandon
    /// an attempt (3 s).
    pub fn hold_until(&self, matching: Matching, wanted: usize, patience: Duration) -> ActiveRule {
        self.add(matching, Action::Hold(Barrier::new(wanted, patience)))
    }

    /// Holds matching requests until [`ActiveRule::release`], or until `patience` ends.
    pub fn hold(&self, matching: Matching, patience: Duration) -> ActiveRule {
        self.hold_until(matching, usize::MAX, patience)
    }

    /// Lets matching requests reach the database, and holds its responses until [`ActiveRule::release`], or until
    /// `patience` ends.
    pub fn hold_responses(&self, matching: Matching, patience: Duration) -> ActiveRule {
        self.add(matching, Action::HoldResponses(Barrier::new(usize::MAX, patience)))
    }

    /// Lets so many calls pass and halts the next one, before the database sees it or after it has responded. The
    /// function never gets a response. A test that waits until the call is struck knows exactly how far the function
    /// has come.
    pub fn halt(&self, spared: usize, moment: Moment) -> ActiveRule {
        self.add(Matching::every(&""), Action::Halt { spared: AtomicUsize::new(spared), moment })
    }

    /// Delays each matching request by up to `longest`. The delay depends on the seed and on the order of arrival, so
    /// that requests that are sent at once reach the database in many orders.
    pub fn delay(&self, matching: Matching, longest: Duration, seed: u64) -> ActiveRule {
        self.add(matching, Action::Delay { longest, dice: AtomicU64::new(seed) })
    }

    /// Lets everything pass, and counts matching requests and the items that they read.
    pub fn measure(&self, matching: Matching) -> ActiveRule {
        self.add(matching, Action::Measure(Mutex::default()))
    }

    /// Lets everything pass, and adds up the capacity that matching requests consume.
    pub fn weigh(&self, matching: Matching) -> ActiveRule {
        self.add(matching, Action::Weigh(Mutex::default()))
    }

    fn add(&self, matching: Matching, action: Action) -> ActiveRule {
        let rule = Arc::new(Rule { matching, action, struck: AtomicUsize::new(0) });
        lock(&self.rules).push(Arc::clone(&rule));
        ActiveRule { rules: Arc::clone(&self.rules), rule }
    }
}

type Body = BoxBody<Bytes, hyper::Error>;

#[derive(Clone)]
struct Upstream {
    authority: http::uri::Authority,
    client: Client<HttpConnector, Full<Bytes>>,
    rules: Rules,
}

async fn accept(listener: TcpListener, upstream: Upstream, connections: Arc<AtomicUsize>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        connections.fetch_add(1, Ordering::SeqCst);
        let upstream = upstream.clone();
        tokio::spawn(async move {
            // An error here is a connection that was cut: by a fault, or by the caller.
            let _ = serve(stream, upstream).await;
        });
    }
}

async fn serve(stream: TcpStream, upstream: Upstream) -> Result<(), hyper::Error> {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let upstream = upstream.clone();
        async move { upstream.respond(request).await }
    });
    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await
}

impl Upstream {
    /// An error makes hyper cut the connection without a response.
    async fn respond(&self, request: Request<Incoming>) -> io::Result<Response<Body>> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        let operation = head
            .headers
            .get("x-amz-target")
            .and_then(|target| target.to_str().ok())
            .and_then(|target| target.rsplit('.').next())
            .unwrap_or_default()
            .to_owned();
        // Without an operation, the request only opens or checks a connection. It is no call to the database.
        if operation.is_empty() {
            return self.forward(head, body).await;
        }
        let text = String::from_utf8_lossy(&body);
        remember(&head.headers, &operation, &text);

        if let Some((rule, moment)) = self.halting(&operation, &text) {
            if moment == Moment::After {
                self.forward(head, body).await?.into_body().collect().await.map_err(io::Error::other)?;
            }
            rule.struck.fetch_add(1, Ordering::SeqCst);
            return std::future::pending().await;
        }
        if let Some(wait) = self.delaying(&operation, &text) {
            tokio::time::sleep(wait).await;
        }
        self.pass(&operation, &text, |action| matches!(action, Action::Hold(_))).await;
        let fault = self.fault(&operation, &text);
        match fault {
            None | Some(Fault::LoseResponse) => {
                let asking = self.asking(&operation, &text, &body);
                let response = self.forward(head, asking).await?;
                let response = self.measured(&operation, &text, response).await?;
                self.pass(&operation, &text, |action| matches!(action, Action::HoldResponses(_))).await;
                if fault.is_some() {
                    let _ = response.into_body().collect().await;
                    return Err(io::Error::other("response lost"));
                }
                Ok(response)
            }
            Some(Fault::Cut) => Err(io::Error::other("cut")),
            Some(fault) => Ok(error_response(fault, &operation, &text)),
        }
    }

    /// The rule that halts this call, if there is one.
    fn halting(&self, operation: &str, body: &str) -> Option<(Arc<Rule>, Moment)> {
        lock(&self.rules).iter().filter(|rule| rule.matching.fits(operation, body)).find_map(|rule| {
            let Action::Halt { spared, moment } = &rule.action else { return None };
            let let_through = spared.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            let_through.is_err().then(|| (Arc::clone(rule), *moment))
        })
    }

    /// The delay of this call, if it has one.
    fn delaying(&self, operation: &str, body: &str) -> Option<Duration> {
        lock(&self.rules).iter().filter(|rule| rule.matching.fits(operation, body)).find_map(|rule| {
            let Action::Delay { longest, dice } = &rule.action else { return None };
            let turn = dice.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            let part = u32::try_from(scrambled(turn) % 1024).unwrap_or_default();
            Some(*longest * part / 1024)
        })
    }

    /// Waits at every barrier of this kind that is still closed.
    async fn pass(&self, operation: &str, body: &str, kind: impl Fn(&Action) -> bool) {
        let closed: Vec<Arc<Barrier>> = lock(&self.rules)
            .iter()
            .filter(|rule| kind(&rule.action) && rule.matching.fits(operation, body))
            .filter_map(|rule| {
                let barrier = rule.action.barrier().filter(|barrier| barrier.opened.borrow().is_none())?;
                rule.struck.fetch_add(1, Ordering::SeqCst);
                Some(Arc::clone(barrier))
            })
            .collect();
        for barrier in closed {
            barrier.pass().await;
        }
    }

    /// Counts the items and the capacity of the response, if a rule measures them.
    async fn measured(&self, operation: &str, body: &str, response: Response<Body>) -> io::Result<Response<Body>> {
        let measures = |rule: &&Arc<Rule>| {
            matches!(rule.action, Action::Measure(_) | Action::Weigh(_)) && rule.matching.fits(operation, body)
        };
        let rules: Vec<Arc<Rule>> = lock(&self.rules).iter().filter(measures).cloned().collect();
        if rules.is_empty() {
            return Ok(response);
        }
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.map_err(io::Error::other)?.to_bytes();
        let parsed = serde_json::from_slice(&bytes).unwrap_or_default();
        for rule in rules {
            match &rule.action {
                Action::Measure(cost) => {
                    let mut cost = cost.lock().unwrap_or_else(PoisonError::into_inner);
                    cost.requests += 1;
                    cost.items += items_in(&parsed);
                }
                Action::Weigh(consumption) => {
                    consumption.lock().unwrap_or_else(PoisonError::into_inner).add(operation, &parsed);
                }
                _ => {}
            }
        }
        Ok(Response::from_parts(head, Full::new(bytes).map_err(|never: Infallible| match never {}).boxed()))
    }

    /// The body of the request, which also asks for the consumed capacity if a rule adds it up. The functions do not
    /// ask for it, because they do not need it.
    fn asking(&self, operation: &str, text: &str, body: &Bytes) -> Bytes {
        let weighs = |rule: &Arc<Rule>| matches!(rule.action, Action::Weigh(_)) && rule.matching.fits(operation, text);
        if !lock(&self.rules).iter().any(weighs) {
            return body.clone();
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(mut request)) => {
                request.insert("ReturnConsumedCapacity".to_owned(), json!("TOTAL"));
                Bytes::from(Value::Object(request).to_string())
            }
            _ => body.clone(),
        }
    }

    fn fault(&self, operation: &str, body: &str) -> Option<Fault> {
        lock(&self.rules).iter().filter(|rule| rule.matching.fits(operation, body)).find_map(|rule| {
            let Action::Strike { fault, spared, left } = &rule.action else { return None };
            let counted = |count: usize| count.checked_sub(1);
            if spared.fetch_update(Ordering::SeqCst, Ordering::SeqCst, counted).is_ok() {
                return None;
            }
            left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, counted).ok()?;
            rule.struck.fetch_add(1, Ordering::SeqCst);
            Some(*fault)
        })
    }

    async fn forward(&self, head: http::request::Parts, body: Bytes) -> io::Result<Response<Body>> {
        let path = head.uri.path_and_query().cloned().unwrap_or_else(|| http::uri::PathAndQuery::from_static("/"));
        let uri = Uri::builder()
            .scheme("http")
            .authority(self.authority.clone())
            .path_and_query(path)
            .build()
            .map_err(io::Error::other)?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = head.method;
        *request.uri_mut() = uri;
        // The signature covers the caller's host header, so it is passed on unchanged.
        *request.headers_mut() = head.headers;
        // The length may have changed; hyper sets the header.
        request.headers_mut().remove(http::header::CONTENT_LENGTH);
        let response = self.client.request(request).await.map_err(io::Error::other)?;
        Ok(response.map(BodyExt::boxed))
    }
}

/// A pseudorandom number that depends only on this one (`SplitMix64`).
pub fn scrambled(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// How many items a response of `DynamoDB` contains.
fn items_in(response: &Value) -> usize {
    let of_batch = response.get("Responses").and_then(Value::as_object);
    let of_batch = of_batch.into_iter().flat_map(|tables| tables.values().filter_map(Value::as_array)).map(Vec::len);
    let of_query = response.get("Items").and_then(Value::as_array).map(Vec::len);
    of_batch.chain(of_query).sum::<usize>() + usize::from(response.get("Item").is_some())
}

/// The consumed capacity in a response, in halves of units.
pub(crate) fn halves_in(response: &Value) -> u64 {
    let consumed = response.get("ConsumedCapacity").cloned().unwrap_or_default();
    let tables = if let Value::Array(tables) = consumed { tables } else { vec![consumed] };
    let halves = tables.iter().filter_map(|table| table.get("CapacityUnits")?.as_f64()).map(|units| units * 2.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number of halves")]
    halves.map(|halves| halves.round() as u64).sum()
}

fn error_response(fault: Fault, operation: &str, body: &str) -> Response<Body> {
    const OF_DYNAMODB: &str = "com.amazonaws.dynamodb.v20120810#";
    let error = match fault {
        Fault::TransactionConflict | Fault::ThroughputExceeded if operation == "TransactWriteItems" => {
            let reason = match fault {
                Fault::TransactionConflict => {
                    json!({"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"})
                }
                _ => json!({"Code": "ProvisionedThroughputExceeded", "Message": "The throughput was exceeded"}),
            };
            // DynamoDB gives one reason for each action; here the first action conflicts.
            let actions = serde_json::from_str::<Value>(body)
                .ok()
                .and_then(|body| body.get("TransactItems")?.as_array().map(Vec::len))
                .unwrap_or(1);
            let reasons: Vec<Value> =
                std::iter::once(reason).chain(std::iter::repeat(json!({"Code": "None"}))).take(actions).collect();
            json!({
                "__type": format!("{OF_DYNAMODB}TransactionCanceledException"),
                "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
                "CancellationReasons": reasons,
            })
        }
        Fault::TransactionConflict => json!({
            "__type": format!("{OF_DYNAMODB}TransactionConflictException"),
            "message": "Transaction is ongoing for the item",
        }),
        Fault::Throttling => json!({
            "__type": "com.amazon.coral.availability#ThrottlingException",
            "message": "Rate of requests exceeds the allowed throughput.",
        }),
        Fault::ThroughputExceeded => json!({
            "__type": format!("{OF_DYNAMODB}ProvisionedThroughputExceededException"),
            "message": "The level of configured provisioned throughput for the table was exceeded.",
        }),
        Fault::Garbage | Fault::LoseResponse | Fault::Cut => json!({
            "__type": "com.example#SecretDetailOfTheDatabase",
            "message": "secret detail of the database",
        }),
    };
    // Without x-amz-crc32, clients do not check the checksum.
    let bytes = Bytes::from(error.to_string());
    let mut response = Response::new(Full::new(bytes).map_err(|never: Infallible| match never {}).boxed());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/x-amz-json-1.0"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database that counts what reaches it.
    async fn database() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let reached = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&reached);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let counter = Arc::clone(&counter);
                tokio::spawn(async move {
                    let service = service_fn(move |_: Request<Incoming>| {
                        counter.fetch_add(1, Ordering::SeqCst);
                        async { Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"{}")))) }
                    });
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        (url, reached)
    }

    #[test]
    fn a_request_has_its_iam_actions() {
        let on = |table: &str| json!({"TableName": table, "Key": {}});
        let done = |operation: &str, body: &Value| -> Vec<String> {
            actions(operation, body).into_iter().map(|(action, resource)| format!("{action} {resource}")).collect()
        };
        assert_eq!(done("GetItem", &on("A")), ["dynamodb:GetItem A"]);
        let by_index = json!({"TableName": "A", "IndexName": "I"});
        assert_eq!(done("Query", &by_index), ["dynamodb:Query A/index/I"]);
        let of_two = json!({"RequestItems": {"A": {}, "B": {}}});
        assert_eq!(done("BatchGetItem", &of_two), ["dynamodb:BatchGetItem A", "dynamodb:BatchGetItem B"]);
        let items = json!([{"Put": on("A")}, {"Update": on("A")}, {"Delete": on("B")}, {"ConditionCheck": on("C")}]);
        let transaction = ["PutItem A", "UpdateItem A", "DeleteItem B", "ConditionCheckItem C"];
        assert_eq!(
            done("TransactWriteItems", &json!({"TransactItems": items})),
            transaction.map(|done| format!("dynamodb:{done}"))
        );
    }

    async fn call(proxy: &FaultProxy, operation: &str, body: Value) -> Option<(u16, Value)> {
        let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
        let request = Request::post(proxy.url())
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .body(Full::new(Bytes::from(body.to_string())))
            .expect("a request");
        let (head, body) = client.request(request).await.ok()?.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        Some((head.status.as_u16(), serde_json::from_slice(&body).expect("JSON")))
    }

    #[tokio::test]
    async fn only_matching_requests_are_struck_and_only_so_often() {
        let (url, reached) = database().await;
        let proxy = FaultProxy::start(&url).await.expect("a proxy");
        let rule = proxy.strike(Matching::writes(&"mine").and(&"this"), Fault::Throttling, 1);
        let write = json!({"Item": "mine and this"});
        assert_eq!(call(&proxy, "PutItem", json!({"Item": "mine"})).await, Some((200, json!({}))));
        assert_eq!(call(&proxy, "GetItem", write.clone()).await, Some((200, json!({}))));
        let (status, body) = call(&proxy, "PutItem", write.clone()).await.expect("a response");
        assert_eq!((status, body["__type"].as_str()), (400, Some("com.amazon.coral.availability#ThrottlingException")));
        assert_eq!(call(&proxy, "PutItem", write).await, Some((200, json!({}))));
        assert_eq!((rule.struck(), reached.load(Ordering::SeqCst)), (1, 3));
    }

    #[tokio::test]
    async fn a_request_with_a_lost_response_reaches_the_database_and_a_cut_one_does_not() {
        let (url, reached) = database().await;
        let proxy = FaultProxy::start(&url).await.expect("a proxy");
        let cut = proxy.strike(Matching::every(&"mine"), Fault::Cut, usize::MAX);
        assert_eq!(call(&proxy, "GetItem", json!("mine")).await, None);
        assert_eq!(reached.load(Ordering::SeqCst), 0);
        drop(cut);
        let _lost = proxy.strike(Matching::every(&"mine"), Fault::LoseResponse, 1);
        assert_eq!(call(&proxy, "GetItem", json!("mine")).await, None);
        assert_eq!(reached.load(Ordering::SeqCst), 1);
        assert_eq!(call(&proxy, "GetItem", json!("mine")).await, Some((200, json!({}))));
    }

    #[tokio::test]
    async fn a_transaction_has_a_reason_for_each_action() {
        let (url, reached) = database().await;
        let proxy = FaultProxy::start(&url).await.expect("a proxy");
        for (fault, code) in [
            (Fault::TransactionConflict, "TransactionConflict"),
            (Fault::ThroughputExceeded, "ProvisionedThroughputExceeded"),
        ] {
            let _rule = proxy.strike(Matching::every(&"mine"), fault, 1);
            let items = json!({"TransactItems": ["mine", {}, {}]});
            let (_, body) = call(&proxy, "TransactWriteItems", items).await.expect("a response");
            let codes: Vec<_> =
                body["CancellationReasons"].as_array().into_iter().flatten().map(|reason| &reason["Code"]).collect();
            assert_eq!(codes, [code, "None", "None"]);
        }
        assert_eq!(reached.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn a_barrier_opens_when_all_are_there_and_then_stays_open() {
        let (url, reached) = database().await;
        let proxy = FaultProxy::start(&url).await.expect("a proxy");
        let barrier = proxy.hold_until(Matching::every(&"mine"), 3, Duration::from_secs(5));
        let early =
            async { tokio::join!(call(&proxy, "GetItem", json!("mine")), call(&proxy, "GetItem", json!("mine"))) };
        let late = async {
            assert!(barrier.wait_until_struck(2, Duration::from_secs(5)).await);
            assert_eq!(reached.load(Ordering::SeqCst), 0);
            call(&proxy, "GetItem", json!("mine")).await
        };
        tokio::join!(early, late);
        assert!(barrier.held_all_at_once());
        assert_eq!(call(&proxy, "GetItem", json!("mine")).await, Some((200, json!({}))));
        assert_eq!((barrier.struck(), reached.load(Ordering::SeqCst)), (3, 4));
    }

    #[tokio::test]
    async fn a_barrier_reports_that_it_waited_in_vain() {
        let (url, _) = database().await;
        let proxy = FaultProxy::start(&url).await.expect("a proxy");
        let barrier = proxy.hold_until(Matching::every(&"mine"), 2, Duration::from_millis(50));
        assert_eq!(call(&proxy, "GetItem", json!("mine")).await, Some((200, json!({}))));
        assert!(!barrier.held_all_at_once());
    }
}
