//! A database in memory that records what each call consumes of each partition key. It computes that from the sizes of
//! the items, and compares the sum with what the database itself counts.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use assent_local::database::Engine;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

use crate::capacity::{Sizes, Touched, consumed, named, size};
use crate::contents::ItemKey;
use crate::fault_proxy::{WRITES, halves_in};

const TARGET: &str = "x-amz-target";
const PREFIX: &str = "DynamoDB_20120810.";

/// A recorded call.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The operation.
    pub operation: String,
    /// What it consumed, computed from the sizes of the items.
    pub touched: Vec<Touched>,
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

    /// Takes the calls since the last time. What was computed of each must be what the database counted.
    pub fn take(&self) -> Vec<Recorded> {
        let calls = std::mem::take(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner).calls);
        for call in &calls {
            let computed: u64 = call.touched.iter().map(|touched| touched.halves.read + touched.halves.write).sum();
            assert_eq!(computed, call.counted, "halves of units that were computed and counted: {call:?}");
        }
        calls
    }

    async fn pass(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let target = request.headers().get(TARGET).unwrap_or_default();
        let operation = target.strip_prefix(PREFIX).expect("an operation").to_owned();
        let mut body: Value = serde_json::from_slice(request.body().bytes().expect("a body")).expect("JSON");
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
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
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
        state.calls.push(Recorded { operation: operation.to_owned(), touched, counted });
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
