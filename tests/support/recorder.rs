//! A database in memory that records what each call consumes of each partition key. It computes that from the sizes of
//! the items, and compares the sum with what the database itself counts. It can also halt a call, as a slow function is
//! halted, or let the function end there, as a crash does.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use assent_local::database::Engine;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task;

use crate::capacity::{Sizes, Touched, consumed, named, of_indexes, size};
use crate::contents::ItemKey;
use crate::fault_proxy::{Moment, WRITES, halves_in, remember_of};

const TARGET: &str = "x-amz-target";
const PREFIX: &str = "DynamoDB_20120810.";

/// A recorded call.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The operation.
    pub operation: String,
    /// What it consumed, computed from the sizes of the items.
    pub touched: Vec<Touched>,
    /// What indexes consumed, in halves of units.
    indexed: u64,
    /// The units that the database counted, in halves.
    counted: u64,
}

impl Recorded {
    /// Whether it writes.
    pub fn writes(&self) -> bool {
        WRITES.contains(&self.operation.as_str())
    }
}

/// Records the calls that go through its client. All writes must, from the first item on.
#[derive(Clone)]
pub struct Recorder {
    database: SharedHttpConnector,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    sizes: Sizes,
    calls: Vec<Recorded>,
    halting: Option<Halting>,
    /// The invocations that have crashed.
    crashed: HashSet<task::Id>,
}

/// A call that will be halted.
struct Halting {
    /// How many calls pass before it.
    passing: usize,
    /// Whether only writes count.
    is_write: bool,
    moment: Moment,
    arrival: oneshot::Sender<Option<task::Id>>,
    go: oneshot::Receiver<()>,
}

/// A call that is halted, or will be. Without its release it never ends.
pub struct Halt {
    recorder: Recorder,
    arrival: oneshot::Receiver<Option<task::Id>>,
    go: oneshot::Sender<()>,
    invocation: Option<task::Id>,
}

impl Halt {
    /// Waits until the call is halted.
    pub async fn struck(&mut self) {
        match (&mut self.arrival).await {
            Ok(invocation) => self.invocation = invocation,
            Err(_) => std::future::pending().await,
        }
    }

    /// Lets the call go on.
    pub fn release(self) {
        let _ = self.go.send(());
    }

    /// Ends the invocation that made the call: nothing more of it reaches the database.
    pub fn crash(self) {
        self.recorder.lock().crashed.extend(self.invocation);
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Recorder")
    }
}

impl HttpConnector for Recorder {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let recorder = self.clone();
        HttpConnectorFuture::new(async move { recorder.pass(&request).await })
    }
}

impl Recorder {
    /// Records the calls of this database.
    pub fn before(engine: &Engine) -> Self {
        Self { database: engine.connector(), state: Arc::default() }
    }

    /// The client through which the database is called.
    pub fn http_client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| connector.clone())
    }

    /// Halts the next call but so many, or the next write.
    pub fn halt(&self, passing: usize, is_write: bool, moment: Moment) -> Halt {
        let ((arrived, arrival), (go, going)) = (oneshot::channel(), oneshot::channel());
        self.lock().halting = Some(Halting { passing, is_write, moment, arrival: arrived, go: going });
        Halt { recorder: self.clone(), arrival, go, invocation: None }
    }

    /// Halts no call any more that is not halted yet.
    pub fn halt_none(&self) {
        self.lock().halting = None;
    }

    /// Takes the calls since the last time. What was computed of each must be what the database counted.
    pub fn take(&self) -> Vec<Recorded> {
        let calls = std::mem::take(&mut self.lock().calls);
        for call in &calls {
            let computed: u64 = call.touched.iter().map(|touched| touched.halves.read + touched.halves.write).sum();
            assert_eq!(
                computed + call.indexed,
                call.counted,
                "halves of units that were computed and counted: {call:?}"
            );
        }
        calls
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The halves of read units and of write units that the database has counted since the last time.
    pub fn counted(&self) -> (u64, u64) {
        let calls = std::mem::take(&mut self.lock().calls);
        let of = |writes| calls.iter().filter(|call| call.writes() == writes).map(|call| call.counted).sum();
        (of(false), of(true))
    }

    async fn pass(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let invocation = task::try_id();
        let halting = self.halting(invocation, WRITES.contains(&operation_of(request))).await;
        match halting {
            Some(Halting { moment: Moment::Before, arrival, go, .. }) => {
                halted(invocation, arrival, go).await;
                self.forward(request).await
            }
            Some(Halting { moment: Moment::After, arrival, go, .. }) => {
                let response = self.forward(request).await;
                halted(invocation, arrival, go).await;
                response
            }
            None => self.forward(request).await,
        }
    }

    /// How this call is to be halted, if it is. One of an invocation that has crashed never returns.
    async fn halting(&self, invocation: Option<task::Id>, is_write: bool) -> Option<Halting> {
        if invocation.is_some_and(|invocation| self.lock().crashed.contains(&invocation)) {
            std::future::pending::<()>().await;
        }
        let mut state = self.lock();
        let halting = state.halting.as_mut().filter(|halting| is_write || !halting.is_write)?;
        match halting.passing.checked_sub(1) {
            Some(passing) => {
                halting.passing = passing;
                None
            }
            None => state.halting.take(),
        }
    }

    async fn forward(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let operation = operation_of(request).to_owned();
        let mut body: Value = serde_json::from_slice(request.body().bytes().expect("a body")).expect("JSON");
        remember_of(request.headers().get("user-agent").unwrap_or_default(), &operation, &body.to_string());
        body["ReturnConsumedCapacity"] = json!("TOTAL");
        let response = self.send(&operation, &body).await?;
        if response.status().is_success() {
            let said = serde_json::from_slice(response.body().bytes().expect("a body")).expect("JSON");
            self.record(&operation, &body, &said).await?;
        }
        Ok(response)
    }

    async fn send(&self, operation: &str, body: &Value) -> Result<HttpResponse, ConnectorError> {
        let mut request = HttpRequest::new(SdkBody::from(body.to_string()));
        request.headers_mut().insert(TARGET, format!("{PREFIX}{operation}"));
        self.database.call(request).await
    }

    async fn record(&self, operation: &str, body: &Value, response: &Value) -> Result<(), ConnectorError> {
        let keys = named(operation, body);
        let mut written = Vec::new();
        if WRITES.contains(&operation) {
            for key in &keys {
                written.push((key.clone(), self.size_of(key).await?));
            }
        }
        let mut state = self.lock();
        let sizes = |state: &State| -> Sizes {
            keys.iter().filter_map(|key| Some((key.clone(), *state.sizes.get(key)?))).collect()
        };
        let before = sizes(&state);
        for (key, size) in written {
            match size {
                Some(size) => state.sizes.insert(key, size),
                None => state.sizes.remove(&key),
            };
        }
        let touched = consumed(operation, body, response, &before, &sizes(&state));
        let counted = halves_in(response);
        let indexed = of_indexes(operation, body);
        state.calls.push(Recorded { operation: operation.to_owned(), touched, indexed, counted });
        Ok(())
    }

    async fn size_of(&self, key: &ItemKey) -> Result<Option<usize>, ConnectorError> {
        let wanted = json!({
            "TableName": key.table,
            "Key": {"pk": {"S": key.partition}, "sk": {"S": key.sort}},
            "ConsistentRead": true,
        });
        let response = self.send("GetItem", &wanted).await?;
        let said: Value = serde_json::from_slice(response.body().bytes().expect("a body")).expect("JSON");
        Ok(said.get("Item").map(size))
    }
}

fn operation_of(request: &HttpRequest) -> &str {
    request.headers().get(TARGET).and_then(|target| target.strip_prefix(PREFIX)).expect("an operation")
}

/// Says that a call is halted, and waits until it may go on.
async fn halted(invocation: Option<task::Id>, arrival: oneshot::Sender<Option<task::Id>>, go: oneshot::Receiver<()>) {
    let _ = arrival.send(invocation);
    if go.await.is_err() {
        std::future::pending::<()>().await;
    }
}
