//! Triggers on an embedded database, with workers as on AWS.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use assent_shared::api::{Error as ApiError, StreamRecord, Worker};
use assent_shared::domain::RequestContext;
use tokio::sync::Semaphore;

use super::*;
use crate::database::Commits;
use crate::database::streams::tests::{count, put, template as tables};
use crate::functions::Invocation;

type TestResult = Result<(), Box<dyn std::error::Error>>;

/// What workers have handled.
#[derive(Clone)]
struct Seen {
    records: Arc<Mutex<Vec<(String, Instant)>>>,
    times: Arc<Mutex<Vec<Timestamp>>>,
    /// A permit lets a record pass.
    gate: Arc<Semaphore>,
    begun: Arc<AtomicUsize>,
}

impl Seen {
    fn new(open: bool) -> Self {
        let gate = Arc::new(Semaphore::new(if open { Semaphore::MAX_PERMITS } else { 0 }));
        Self { records: Arc::default(), times: Arc::default(), gate, begun: Arc::default() }
    }

    fn records(&self) -> Vec<String> {
        let mut records: Vec<_> = self.records.lock().unwrap().iter().map(|(record, _)| record.clone()).collect();
        records.sort();
        records
    }

    async fn reach(&self, records: usize) {
        until(|| self.records.lock().unwrap().len() >= records).await;
    }
}

async fn until(reached: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !reached() {
        assert!(Instant::now() < deadline, "it does not happen");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn relay(seen: &Seen, _context: &RequestContext, record: &StreamRecord) -> Result<(), ApiError> {
    seen.begun.fetch_add(1, Ordering::SeqCst);
    let passed = seen.gate.acquire().await;
    drop(passed);
    seen.records.lock().unwrap().push((record.sk.clone(), Instant::now()));
    Ok(())
}

async fn sweep(seen: &Seen, context: &RequestContext) -> Result<(), ApiError> {
    seen.times.lock().unwrap().push(context.now);
    Ok(())
}

struct Workers(HashMap<&'static str, Worker>);

impl InvokeWorker for Workers {
    fn work<'call>(&'call self, worker: &'call str, event: Value) -> Invocation<'call, Value> {
        Box::pin(async move {
            match self.0[worker].handle(event).await {
                Ok(response) => Outcome::Response(response),
                Err(error) => Outcome::Error(error.to_string()),
            }
        })
    }
}

fn workers(engine: &Engine, seen: &Seen) -> Arc<dyn InvokeWorker> {
    let database = engine.connect();
    Arc::new(Workers(HashMap::from([
        ("relay", Worker::on_stream(&database, seen.clone(), relay)),
        ("sweep", Worker::on_schedule(&database, seen.clone(), sweep)),
    ])))
}

/// The tables, with these events of functions.
fn template() -> Template {
    let relay = json!({ "Events": { "Stream": { "Type": "DynamoDB", "Properties": {
        "Stream": "Events.StreamArn",
        "BatchSize": 10,
        "FilterCriteria": { "Filters": [{ "Pattern": r#"{"dynamodb": {"NewImage": {"work": {"S": ["relay"]}}}}"# }] },
    } } } });
    let sweep = json!({ "Events": { "Each": { "Type": "Schedule", "Properties": { "Schedule": "rate(1 minute)" } } } });
    let mut template = tables();
    template.add_triggers("relay", &relay).unwrap();
    template.add_triggers("sweep", &sweep).unwrap();
    template
}

async fn database() -> Result<Engine, Error> {
    let engine = Engine::memory()?;
    engine.create_tables(&tables()).await?;
    Ok(engine)
}

const TIMEOUT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_worker_gets_the_records_of_its_filter() -> TestResult {
    let (engine, seen) = (database().await?, Seen::new(true));
    put(&engine, "Events", "before", "relay").await?;
    let triggers = Triggers::start(&template(), &workers(&engine, &seen), Some(&engine), TriggersConfig::default());
    for number in 0..25 {
        let (name, work) = if number % 5 == 0 { ("other", "none") } else { ("event", "relay") };
        put(&engine, "Events", &format!("{name}-{number:02}"), work).await?;
    }
    seen.reach(21).await;
    let mut expected: Vec<String> =
        (0..25).filter(|number| number % 5 != 0).map(|number| format!("event-{number:02}")).collect();
    expected.insert(0, "before".to_owned());
    assert_eq!(seen.records(), expected);
    assert_eq!(count(&engine).await?, 0);
    triggers.stop(TIMEOUT).await;
    Ok(())
}

#[tokio::test]
async fn a_record_arrives_soon_after_the_commit() -> TestResult {
    let directory = std::env::temp_dir().join(format!("assent-triggers-{}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    let (engine, seen) = (Engine::open(&directory.join("dynamodb.sqlite"), Commits::Synced)?, Seen::new(true));
    engine.create_tables(&tables()).await?;
    let triggers = Triggers::start(&template(), &workers(&engine, &seen), Some(&engine), TriggersConfig::default());
    let mut delays = Vec::new();
    for number in 0..20 {
        put(&engine, "Events", &number.to_string(), "relay").await?;
        let committed = Instant::now();
        seen.reach(number + 1).await;
        let arrived = seen.records.lock().unwrap().last().map(|(_, arrived)| *arrived).ok_or("no record")?;
        delays.push(arrived.saturating_duration_since(committed));
    }
    delays.sort();
    // The machine may be busy with other tests at times.
    assert!(delays[10] < Duration::from_millis(100), "{delays:?}");
    triggers.stop(TIMEOUT).await;
    drop(engine);
    Ok(std::fs::remove_dir_all(&directory)?)
}

#[tokio::test]
async fn a_schedule_runs_at_once_with_the_time_of_the_system() -> TestResult {
    let (engine, seen) = (database().await?, Seen::new(true));
    let before = Clock::system().now();
    let triggers = Triggers::start(&template(), &workers(&engine, &seen), None, TriggersConfig::default());
    until(|| !seen.times.lock().unwrap().is_empty()).await;
    let after = Clock::system().now();
    triggers.stop(TIMEOUT).await;
    let times = seen.times.lock().unwrap();
    assert!(matches!(times.as_slice(), [time] if (before..=after).contains(time)), "{times:?}");
    Ok(())
}

#[tokio::test]
async fn a_schedule_runs_again_after_its_interval() -> TestResult {
    let (engine, seen) = (Engine::memory()?, Seen::new(true));
    let mut template = template();
    let interval = Duration::from_millis(100);
    template.schedules[0].interval = interval;
    let begun = Instant::now();
    let triggers = Triggers::start(&template, &workers(&engine, &seen), None, TriggersConfig::default());
    until(|| seen.times.lock().unwrap().len() == 3).await;
    assert!(begun.elapsed() >= 2 * interval);
    triggers.stop(TIMEOUT).await;
    Ok(())
}

#[tokio::test]
async fn streams_and_schedules_can_be_off() -> TestResult {
    let (engine, seen) = (database().await?, Seen::new(true));
    let config = TriggersConfig { streams: Streams::Off, schedules: Schedules::Off };
    let triggers = Triggers::start(&template(), &workers(&engine, &seen), Some(&engine), config);
    put(&engine, "Events", "1", "relay").await?;
    tokio::time::sleep(Duration::from_millis(200)).await;
    triggers.stop(TIMEOUT).await;
    assert!(seen.records().is_empty() && seen.times.lock().unwrap().is_empty());
    assert_eq!(count(&engine).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_stop_waits_for_the_workers() -> TestResult {
    let (engine, seen) = (database().await?, Seen::new(false));
    let triggers = Triggers::start(&template(), &workers(&engine, &seen), Some(&engine), TriggersConfig::default());
    put(&engine, "Events", "1", "relay").await?;
    until(|| seen.begun.load(Ordering::SeqCst) == 1).await;
    let mut stopped = tokio::spawn(triggers.stop(TIMEOUT));
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut stopped).await.is_err());
    // What comes after the stop waits for the next start.
    put(&engine, "Events", "2", "relay").await?;
    seen.gate.add_permits(10);
    stopped.await?;
    assert_eq!(seen.records(), ["1"]);
    assert_eq!(count(&engine).await?, 1);
    Ok(())
}

#[tokio::test]
async fn records_can_be_passed_on_by_hand() -> TestResult {
    let (engine, seen) = (database().await?, Seen::new(true));
    let workers = workers(&engine, &seen);
    for number in 0..200 {
        put(&engine, "Events", &format!("{number:03}"), "relay").await?;
    }
    let mut unreliable = Unreliable::new(1);
    let passed = pass_on_once(&template(), workers.as_ref(), &engine, Some(&mut unreliable)).await?;
    assert_eq!((passed, count(&engine).await?), (200, 0));
    let mut records = seen.records();
    let all = records.len();
    records.dedup();
    assert!(records.len() < 200 && records.len() < all, "{} of {all}", records.len());
    assert_eq!(pass_on_once(&template(), workers.as_ref(), &engine, None).await?, 0);
    put(&engine, "Events", "last", "relay").await?;
    assert_eq!(pass_on_once(&template(), workers.as_ref(), &engine, None).await?, 1);
    assert!(seen.records().contains(&"last".to_owned()));
    Ok(())
}
