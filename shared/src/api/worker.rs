//! Workers: functions that serve no HTTP. The stream of a table invokes one with
//! the changes of the table, or a schedule invokes one each minute.
//!
//! A stream is only a hint: `DynamoDB` may deliver a record twice, late or not at
//! all, and the schedule does what a stream left undone. So a record that fails
//! is logged, and never fails its batch: the batch would be delivered again, and
//! the records behind it would wait.

use crate::{
    api::{
        AsyncHandler, Error,
        endpoint::{RuntimeError, block_on, start_logging},
    },
    domain::{Clock, Random, RequestContext, Timestamp},
    environment::Environment,
    log,
    store::{Database, ItemKey},
};
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
use lambda_http::{LambdaEvent, lambda_runtime, service_fn};
use serde_json::{Map, Number, Value, json};
use std::panic::AssertUnwindSafe;

/// The records of a batch that are handled at the same time.
const AT_ONCE: usize = 10;

/// A function that a stream or a schedule invokes.
pub struct Worker {
    database: Database,
    work: Work,
    /// The name in log lines.
    name: String,
    clock: Clock,
    random: Random,
}

enum Work {
    Stream(Box<dyn HandleRecord>),
    Schedule(Box<dyn HandleTime>),
}

/// A change of an item, from the stream of its table.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamRecord {
    /// The partition key of the item.
    pub pk: String,
    /// The sort key of the item.
    pub sk: String,
    /// The item after the change, as JSON: binary attributes are base64, and sets
    /// are arrays. Empty if the item was deleted, or the stream has no new images.
    /// The item may have changed again since.
    pub image: Map<String, Value>,
}

/// An `async fn(&State, &RequestContext, &StreamRecord) -> Result<(), Error>`.
pub trait AsyncRecordHandler<'a, S: 'a>: Send + Sync {
    /// The future that the function returns.
    type Future: Future<Output = Result<(), Error>> + Send + 'a;

    /// Calls the function.
    fn call(&self, state: &'a S, context: &'a RequestContext, record: &'a StreamRecord) -> Self::Future;
}

impl<'a, S: 'a, F, O> AsyncRecordHandler<'a, S> for F
where
    F: Fn(&'a S, &'a RequestContext, &'a StreamRecord) -> O + Send + Sync,
    O: Future<Output = Result<(), Error>> + Send + 'a,
{
    type Future = O;

    fn call(&self, state: &'a S, context: &'a RequestContext, record: &'a StreamRecord) -> O {
        self(state, context, record)
    }
}

/// Used as a trait object, so that [`Worker`] has no type parameters.
trait HandleRecord: Send + Sync {
    fn handle<'a>(&'a self, context: &'a RequestContext, record: &'a StreamRecord) -> BoxFuture<'a, Result<(), Error>>;
}

trait HandleTime: Send + Sync {
    fn handle<'a>(&'a self, context: &'a RequestContext) -> BoxFuture<'a, Result<(), Error>>;
}

/// A work function with its state.
struct Stateful<S, H> {
    state: S,
    handler: H,
}

impl<S, H> HandleRecord for Stateful<S, H>
where
    S: Send + Sync,
    H: for<'a> AsyncRecordHandler<'a, S>,
{
    fn handle<'a>(&'a self, context: &'a RequestContext, record: &'a StreamRecord) -> BoxFuture<'a, Result<(), Error>> {
        self.handler.call(&self.state, context, record).boxed()
    }
}

impl<S, H> HandleTime for Stateful<S, H>
where
    S: Send + Sync,
    H: for<'a> AsyncHandler<'a, S, RequestContext, ()>,
{
    fn handle<'a>(&'a self, context: &'a RequestContext) -> BoxFuture<'a, Result<(), Error>> {
        self.handler.call(&self.state, context).boxed()
    }
}

impl Worker {
    /// Handles the changes of a table: `work` is called with each record of its stream.
    pub fn on_stream<S, H>(database: &Database, state: S, work: H) -> Self
    where
        S: Send + Sync + 'static,
        H: for<'a> AsyncRecordHandler<'a, S> + 'static,
    {
        Self::new(database, Work::Stream(Box::new(Stateful { state, handler: work })))
    }

    /// Works at the times of a schedule. The time that the schedule gives is the time of
    /// the run, if the clock is not already beyond it: what a run writes must not be
    /// older than it is.
    pub fn on_schedule<S, H>(database: &Database, state: S, work: H) -> Self
    where
        S: Send + Sync + 'static,
        H: for<'a> AsyncHandler<'a, S, RequestContext, ()> + 'static,
    {
        Self::new(database, Work::Schedule(Box::new(Stateful { state, handler: work })))
    }

    fn new(database: &Database, work: Work) -> Self {
        let environment = database.environment();
        Self {
            database: database.clone(),
            work,
            name: environment.variable("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default(),
            clock: environment.clock(),
            random: environment.random(),
        }
    }

    /// Opens the connection to the database.
    pub async fn connect(&self) {
        self.database.connect(1).await;
    }

    /// Handles an event of a stream or of a schedule. Fails if the event cannot be
    /// read, or if the work of a schedule fails.
    pub async fn handle(&self, event: Value) -> Result<Value, RuntimeError> {
        match &self.work {
            Work::Stream(handler) => {
                let records = event.get("Records").and_then(Value::as_array).ok_or("the event has no records")?;
                let handling = |record| self.handle_record(handler.as_ref(), record);
                stream::iter(records).for_each_concurrent(AT_ONCE, handling).await;
                Ok(json!({ "batchItemFailures": [] }))
            }
            Work::Schedule(handler) => {
                let time = event.get("time").and_then(Value::as_str).ok_or("the event has no time")?;
                let time = Timestamp::parse(time).map_err(|_| "the time of the event is not a time")?;
                let clock = self.clock.clone();
                let context = RequestContext::new(&Clock::new(move || clock.now().max(time)), &self.random);
                self.logged(handler.handle(&context)).await?;
                Ok(Value::Null)
            }
        }
    }

    async fn handle_record(&self, handler: &dyn HandleRecord, record: &Value) {
        let context = RequestContext::new(&self.clock, &self.random);
        let handling = async {
            let record = StreamRecord::read(record)
                .ok_or_else(|| Error::Internal("a record of the stream cannot be read".to_owned()))?;
            handler.handle(&context, &record).await
        };
        let _ = self.logged(handling).await;
    }

    /// Awaits some work, and logs its error or its panic.
    async fn logged(&self, work: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
        let caught = AssertUnwindSafe(work).catch_unwind().await;
        let result = caught.unwrap_or_else(|_panic| Err(Error::Internal("panicked".to_owned())));
        if let Err(error) = &result {
            tracing::error!(worker = self.name, %error, WorkFailed = 1, "work failed");
        }
        result
    }
}

impl StreamRecord {
    /// The primary key of the item.
    pub fn key(&self) -> ItemKey {
        ItemKey { partition: self.pk.clone(), sort: self.sk.clone() }
    }

    /// A record of an event, whose attributes have the form of `DynamoDB`'s API.
    fn read(record: &Value) -> Option<Self> {
        let change = record.get("dynamodb")?;
        let key = |name: &str| change.pointer(&format!("/Keys/{name}/S")).and_then(Value::as_str).map(str::to_owned);
        let image = change.get("NewImage").map_or_else(|| Some(Map::new()), plain_map)?;
        Some(Self { pk: key("pk")?, sk: key("sk")?, image })
    }
}

/// Attributes without the names of their types.
fn plain_map(attributes: &Value) -> Option<Map<String, Value>> {
    attributes.as_object()?.iter().map(|(name, value)| Some((name.clone(), plain(value)?))).collect()
}

fn plain(attribute: &Value) -> Option<Value> {
    let (kind, value) = attribute.as_object()?.iter().next()?;
    match kind.as_str() {
        "S" | "B" | "BOOL" | "SS" | "BS" => Some(value.clone()),
        "N" => number(value),
        "NULL" => Some(Value::Null),
        "L" => value.as_array()?.iter().map(plain).collect(),
        "M" => plain_map(value).map(Value::Object),
        "NS" => value.as_array()?.iter().map(number).collect(),
        _ => None,
    }
}

fn number(text: &Value) -> Option<Value> {
    text.as_str()?.parse::<Number>().ok().map(Value::Number)
}

/// Runs a worker as the Lambda function of this process, until the process ends.
pub fn run_worker(make: fn(&Environment) -> Result<Worker, RuntimeError>) -> Result<(), RuntimeError> {
    block_on(async {
        start_logging();
        let worker = make(&Environment::of_process())?;
        worker.connect().await;
        let worker = &worker;
        let served = lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| {
            let (event, context) = event.into_parts();
            log::within(&context.request_id, context.xray_trace_id.as_deref(), worker.handle(event))
        }));
        served.await
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        collections::BTreeMap,
        sync::{
            Arc, Mutex,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    #[derive(Clone, Default)]
    struct Seen {
        records: Arc<Mutex<Vec<StreamRecord>>>,
        times: Arc<Mutex<Vec<Timestamp>>>,
        running: Arc<AtomicUsize>,
        most_running: Arc<AtomicUsize>,
    }

    async fn see(seen: &Seen, context: &RequestContext, record: &StreamRecord) -> Result<(), Error> {
        let running = seen.running.fetch_add(1, Ordering::SeqCst) + 1;
        seen.most_running.fetch_max(running, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(1)).await;
        seen.running.fetch_sub(1, Ordering::SeqCst);
        match record.sk.as_str() {
            "fails" => Err(Error::Internal("on purpose".to_owned())),
            "panics" => std::panic::resume_unwind(Box::new("on purpose")),
            _ => {
                seen.times.lock().unwrap().push(context.now);
                seen.records.lock().unwrap().push(record.clone());
                Ok(())
            }
        }
    }

    async fn note_time(seen: &Seen, context: &RequestContext) -> Result<(), Error> {
        if context.now.year() == 2031 {
            return Err(Error::Internal("too late".to_owned()));
        }
        seen.times.lock().unwrap().extend([context.now, context.begun_again().now]);
        Ok(())
    }

    fn database() -> Database {
        let clock = Clock::new(|| moment("2026-01-02T03:04:05Z"));
        Database::from_environment(&Environment::given(BTreeMap::new()).with_clock(clock, Random::system()))
    }

    fn moment(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn record(sk: &str) -> Value {
        json!({ "eventName": "INSERT", "dynamodb": { "Keys": { "pk": { "S": "tenant" }, "sk": { "S": sk } } } })
    }

    async fn on_stream(seen: &Seen, records: Vec<Value>) -> Value {
        let worker = Worker::on_stream(&database(), seen.clone(), see);
        worker.handle(json!({ "Records": records })).await.unwrap()
    }

    #[tokio::test]
    async fn a_record_that_fails_does_not_concern_the_others() {
        let seen = Seen::default();
        let keyless = json!({ "dynamodb": { "Keys": {} } });
        let records = vec![record("fails"), record("one"), record("panics"), keyless, json!(null), record("two")];
        assert_eq!(on_stream(&seen, records).await, json!({ "batchItemFailures": [] }));
        let mut handled: Vec<_> = seen.records.lock().unwrap().iter().map(|record| record.sk.clone()).collect();
        handled.sort();
        assert_eq!(handled, ["one", "two"]);
        assert_eq!(*seen.times.lock().unwrap(), [moment("2026-01-02T03:04:05Z"); 2]);
    }

    #[tokio::test]
    async fn some_records_are_handled_at_the_same_time() {
        let seen = Seen::default();
        on_stream(&seen, (0..25).map(|number| record(&number.to_string())).collect()).await;
        assert_eq!(seen.records.lock().unwrap().len(), 25);
        assert_eq!(seen.most_running.load(Ordering::SeqCst), AT_ONCE);
    }

    #[tokio::test]
    async fn a_record_has_the_new_image() {
        let seen = Seen::default();
        let mut changed = record("evt_1");
        changed["dynamodb"]["NewImage"] = json!({
            "text": { "S": "x" },
            "number": { "N": "1.5" },
            "yes": { "BOOL": true },
            "nothing": { "NULL": true },
            "bytes": { "B": "AAEC" },
            "list": { "L": [{ "M": { "in": { "N": "2" } } }] },
            "set": { "SS": ["a", "b"] },
            "numbers": { "NS": ["1", "2"] },
        });
        on_stream(&seen, vec![changed]).await;
        let expected = json!({
            "text": "x",
            "number": 1.5,
            "yes": true,
            "nothing": null,
            "bytes": "AAEC",
            "list": [{ "in": 2 }],
            "set": ["a", "b"],
            "numbers": [1, 2],
        });
        let records = seen.records.lock().unwrap();
        assert_eq!((records[0].pk.as_str(), records[0].sk.as_str()), ("tenant", "evt_1"));
        assert_eq!(Value::Object(records[0].image.clone()), expected);
    }

    #[tokio::test]
    async fn the_clock_of_a_scheduled_run_is_its_time() {
        let seen = Seen::default();
        let worker = Worker::on_schedule(&database(), seen.clone(), note_time);
        assert!(worker.handle(json!({ "time": "2030-06-07T08:09:00Z" })).await.is_ok());
        assert_eq!(*seen.times.lock().unwrap(), [moment("2030-06-07T08:09:00Z"); 2]);
        for bad in [json!({}), json!({ "time": 1 }), json!({ "time": "soon" }), json!({ "Records": [] })] {
            assert!(worker.handle(bad).await.is_err());
        }
        let failed = worker.handle(json!({ "time": "2031-06-07T08:09:00Z" })).await;
        assert_eq!(failed.err().map(|error| error.to_string()), Some("too late".to_owned()));
    }

    #[tokio::test]
    async fn a_run_that_comes_late_is_not_in_the_past() {
        let seen = Seen::default();
        let worker = Worker::on_schedule(&database(), seen.clone(), note_time);
        assert!(worker.handle(json!({ "time": "2026-01-02T03:04:00Z" })).await.is_ok());
        assert_eq!(*seen.times.lock().unwrap(), [moment("2026-01-02T03:04:05Z"); 2]);
    }

    #[tokio::test]
    async fn an_event_without_records_is_an_error() {
        let worker = Worker::on_stream(&database(), Seen::default(), see);
        assert!(worker.handle(json!({ "time": "2030-06-07T08:09:00Z" })).await.is_err());
    }
}
