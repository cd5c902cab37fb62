//! The open connections. There is room for so many; a new one is let in at the cost of the one that has been silent
//! the longest, so that clients which send nothing, or half a request, keep nobody out for long.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};

/// How often it is looked whether somebody has been silent for too long.
const POLL: Duration = Duration::from_millis(20);

/// What is asked of the clients, all of them and each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// How many connections may be open.
    pub(super) connections: usize,
    /// How long a client may be silent while others wait to be let in.
    pub(super) silence: Duration,
}

#[derive(Debug)]
pub(super) struct Connections {
    limits: Limits,
    tasks: JoinSet<()>,
    open: HashMap<Id, (AbortHandle, Arc<Standing>)>,
    /// Told when a connection has had its answer.
    answered: Arc<Notify>,
}

/// Whose turn it is on a connection.
#[derive(Debug)]
pub(super) struct Standing {
    /// Since when it is the client's; none while it is the gateway's.
    waiting_since: Mutex<Option<Instant>>,
    answered: Arc<Notify>,
}

/// For as long as it is there, the connection has an answer to wait for.
#[derive(Debug)]
pub(super) struct Answering<'standing>(&'standing Standing);

impl Standing {
    /// The request has been read: the turn is the gateway's.
    pub(super) fn answering(&self) -> Answering<'_> {
        self.set(None);
        Answering(self)
    }

    fn set(&self, waiting_since: Option<Instant>) {
        *self.waiting_since.lock().unwrap_or_else(PoisonError::into_inner) = waiting_since;
    }

    fn waiting_since(&self) -> Option<Instant> {
        *self.waiting_since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        self.0.set(Some(Instant::now()));
        self.0.answered.notify_one();
    }
}

impl Connections {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, tasks: JoinSet::new(), open: HashMap::new(), answered: Arc::default() }
    }

    /// Lets one in; there must be room.
    pub(super) fn spawn<F>(&mut self, connection: impl FnOnce(Arc<Standing>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let waiting_since = Mutex::new(Some(Instant::now()));
        let standing = Arc::new(Standing { waiting_since, answered: Arc::clone(&self.answered) });
        let task = self.tasks.spawn(connection(Arc::clone(&standing)));
        self.open.insert(task.id(), (task, standing));
    }

    /// Waits for the end of any of them; for ever where there is none.
    pub(super) async fn next_end(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(ended) => {
                self.open.remove(&ended.map_or_else(|error: JoinError| error.id(), |(id, ())| id));
            }
            None => std::future::pending().await,
        }
    }

    /// Waits for the end of all of them.
    pub(super) async fn all_ends(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }

    /// Makes room for one more. Where every one of them waits for its answer, or has only just come, so does this.
    pub(super) async fn make_room(&mut self) {
        while self.open.len() >= self.limits.connections {
            let answered = Arc::clone(&self.answered);
            if self.close_idlest() {
                self.next_end().await;
            } else {
                tokio::select! {
                    () = self.next_end() => {}
                    () = answered.notified() => {}
                    () = tokio::time::sleep(POLL) => {}
                }
            }
        }
    }

    /// Closes the one whose client has been silent the longest, unless none has been for long.
    pub(super) fn close_idlest(&self) -> bool {
        let silent = self.open.values().filter_map(|(task, standing)| Some((standing.waiting_since()?, task)));
        let idlest = silent.min_by_key(|(since, _)| *since);
        match idlest.filter(|(since, _)| since.elapsed() >= self.limits.silence) {
            Some((_, task)) => {
                task.abort();
                true
            }
            None => false,
        }
    }
}
