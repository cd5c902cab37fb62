//! Invokes the workers of the template: with the records of the tables' streams, and at the times of schedules.
//!
//! On AWS, Lambda's event source mappings and `EventBridge` do this. Streams are read from the embedded database only.
//! Before another database, workers run on their schedules alone, which do everything that streams begin, but later.

mod unreliable;

use std::sync::Arc;
use std::time::Duration;

use assent_shared::domain::{Clock, Random, Timestamp};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

pub use self::unreliable::Unreliable;
use crate::Error;
use crate::database::Engine;
use crate::functions::{InvokeWorker, Outcome, ended};
use crate::template::{ACCOUNT, REGION, Schedule, StreamMapping, Template};

/// The records that may wait for one worker. Those beyond them are left to its schedule.
const WAITING: usize = 10_000;
/// The pause after streams could not be read.
const PAUSE: Duration = Duration::from_secs(1);

/// Which triggers run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TriggersConfig {
    /// How records of streams get to the workers.
    pub streams: Streams,
    /// Whether schedules run.
    pub schedules: Schedules,
}

/// How records of streams get to the workers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Streams {
    /// In their order.
    #[default]
    Ordered,
    /// As [`Unreliable`] passes them on.
    Unreliable {
        /// Which records are lost or doubled depends on it.
        seed: u64,
    },
    /// Not at all.
    Off,
}

/// Whether schedules run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Schedules {
    /// At once, and then at their times.
    #[default]
    On,
    /// Only when a test invokes their workers.
    Off,
}

/// Running triggers. Dropping them stops them, without waiting for the workers.
pub struct Triggers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Triggers {
    /// Starts the triggers of the template. The streams are those of `database`, if there is one. Only one may read them
    /// at a time.
    pub fn start(
        template: &Template,
        workers: &Arc<dyn InvokeWorker>,
        database: Option<&Engine>,
        config: TriggersConfig,
    ) -> Self {
        let (stop, stopping) = watch::channel(false);
        let mut tasks = JoinSet::new();
        if let Some(database) = database.filter(|_| config.streams != Streams::Off) {
            let mut queues = Vec::new();
            for mapping in &template.stream_mappings {
                let (queue, records) = mpsc::channel(WAITING);
                let unreliable = match config.streams {
                    Streams::Unreliable { seed } => Some(Unreliable::new(seed)),
                    Streams::Ordered | Streams::Off => None,
                };
                queues.push((mapping.clone(), queue));
                let (mapping, workers) = (mapping.clone(), Arc::clone(workers));
                tasks.spawn(pass_on(mapping, records, workers, unreliable, stopping.clone()));
            }
            tasks.spawn(read_streams(database.clone(), queues, stopping.clone()));
        }
        if config.schedules == Schedules::On {
            for schedule in &template.schedules {
                tasks.spawn(follow(schedule.clone(), Arc::clone(workers), stopping.clone()));
            }
        }
        Self { stop, tasks }
    }

    /// Stops the triggers, and waits until the workers have finished, at most for this time.
    pub async fn stop(mut self, timeout: Duration) {
        let _ = self.stop.send(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(timeout, all).await.is_err() {
            tracing::warn!("a worker has not finished");
        }
    }
}

/// Invokes the workers with the records that are in the streams now, in the order of the template. Returns the number of
/// records. For tests in which nothing happens by itself.
pub async fn pass_on_once(
    template: &Template,
    workers: &dyn InvokeWorker,
    database: &Engine,
    mut unreliable: Option<&mut Unreliable>,
) -> Result<usize, Error> {
    let records = database.take_stream_records().await?;
    for mapping in &template.stream_mappings {
        let own = records.iter().filter(|record| record.table == mapping.table && mapping.takes(&record.event));
        let mut own: Vec<Value> = own.map(|record| record.event.clone()).collect();
        if let Some(unreliable) = &mut unreliable {
            own = unreliable.pass(&mapping.worker, own);
        }
        for batch in own.chunks(mapping.batch_size) {
            invoke(workers, &mapping.worker, stream_event(batch)).await;
        }
    }
    Ok(records.len())
}

/// Hands the records of all streams to the workers' queues, as soon as they are written.
async fn read_streams(
    database: Engine,
    queues: Vec<(StreamMapping, mpsc::Sender<Value>)>,
    stopping: watch::Receiver<bool>,
) {
    while !*stopping.borrow() {
        let pause = match database.take_stream_records().await {
            Ok(records) if records.is_empty() => None,
            Ok(records) => {
                for record in records {
                    let takes = |mapping: &StreamMapping| mapping.table == record.table && mapping.takes(&record.event);
                    for (mapping, queue) in queues.iter().filter(|(mapping, _)| takes(mapping)) {
                        if queue.try_send(record.event.clone()).is_err() {
                            tracing::warn!(worker = mapping.worker, "a record waits for the schedule");
                        }
                    }
                }
                continue;
            }
            Err(_) if database.has_ended() => return,
            Err(error) => {
                tracing::error!(%error, "the tables' streams cannot be read");
                Some(PAUSE)
            }
        };
        let wait = async {
            match pause {
                None => database.changed().await,
                Some(pause) => tokio::time::sleep(pause).await,
            }
        };
        tokio::select! {
            () = wait => {}
            () = ended(stopping.clone()) => return,
        }
    }
}

/// Invokes the worker of a mapping with what is in its queue.
async fn pass_on(
    mapping: StreamMapping,
    mut queue: mpsc::Receiver<Value>,
    workers: Arc<dyn InvokeWorker>,
    mut unreliable: Option<Unreliable>,
    stopping: watch::Receiver<bool>,
) {
    let mut running = JoinSet::new();
    loop {
        let mut batch = Vec::new();
        let received = tokio::select! {
            biased;
            () = ended(stopping.clone()) => break,
            received = queue.recv_many(&mut batch, mapping.batch_size) => received,
        };
        if received == 0 {
            break;
        }
        if let Some(unreliable) = &mut unreliable {
            batch = unreliable.pass(&mapping.worker, batch);
        }
        if batch.is_empty() {
            continue;
        }
        while running.len() >= mapping.concurrency {
            running.join_next().await;
        }
        let (workers, worker) = (Arc::clone(&workers), mapping.worker.clone());
        running.spawn(async move { invoke(workers.as_ref(), &worker, stream_event(&batch)).await });
    }
    while running.join_next().await.is_some() {}
}

/// Invokes a worker at once, for what an earlier run left undone, and then at each of its times.
async fn follow(schedule: Schedule, workers: Arc<dyn InvokeWorker>, stopping: watch::Receiver<bool>) {
    let (clock, random) = (Clock::system(), Random::system());
    let mut ticks = tokio::time::interval(schedule.interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = ended(stopping.clone()) => return,
        }
        let event = schedule_event(clock.now(), &random.uuid().to_string());
        invoke(workers.as_ref(), &schedule.worker, event).await;
    }
}

async fn invoke(workers: &dyn InvokeWorker, worker: &str, event: Value) {
    let reason = match workers.work(worker, event).await {
        Outcome::Response(_) => return,
        Outcome::Error(reason) | Outcome::Failure(reason) => reason,
        Outcome::Timeout => "it did not respond in time".to_owned(),
    };
    tracing::error!(worker, reason, "a worker failed");
}

fn stream_event(records: &[Value]) -> Value {
    json!({ "Records": records })
}

/// The event of a schedule at this time.
pub fn schedule_event(time: Timestamp, id: &str) -> Value {
    json!({
        "version": "0",
        "id": id,
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": time.to_string(),
        "region": REGION,
        "resources": [],
        "detail": {},
    })
}

#[cfg(test)]
mod tests;
