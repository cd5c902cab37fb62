//! Races that prove themselves: requests are sent at once, held before the database until all of
//! them are there, and let go together.

use std::time::Duration;

use futures_util::future::join_all;

use crate::client::{Answer, Client, Request};
use crate::fault_proxy::Matching;
use crate::system::{Engine, System};

/// How long a race waits for the last of its requests: below the 3 s after which a function abandons an attempt and
/// sends it again.
pub const PATIENCE: Duration = Duration::from_millis(2500);
/// The first attempts start the functions' instances, one each 100 ms; they seldom overlap.
const ATTEMPTS: usize = 40;

/// How one attempt at a race ended.
pub struct Heat {
    /// The answers, in the order of the requests.
    pub answers: Vec<Answer>,
    /// Whether all the requests were held before the database at the same moment.
    pub overlapped: bool,
}

impl Heat {
    /// How many answers have this status.
    pub fn count(&self, status: u16) -> usize {
        self.answers.iter().filter(|answer| answer.status() == status).count()
    }

    /// The answers of this status.
    pub fn of(&self, status: u16) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(move |answer| answer.status() == status)
    }
}

/// Sends all the requests at once; each one's first matching request to the database is held until all have arrived.
/// None where `DynamoDB` Local, which takes seconds for contended transactions on a busy machine, left one of them with
/// the answer that nothing is known: of that heat nothing can be said. On dynoxide that answer is one like any other.
pub async fn at_once(system: &System, client: &Client, held: Matching, requests: Vec<Request>) -> Option<Heat> {
    let barrier = system.faults.hold_until(held, requests.len(), PATIENCE);
    let answers = join_all(requests.into_iter().map(|request| client.send(request))).await;
    let heat = Heat { answers, overlapped: barrier.held_all_at_once() };
    (system.engine == Engine::Dynoxide || heat.count(503) == 0).then_some(heat)
}

/// Repeats a race, each time with fresh ids, until its requests truly overlapped and all were answered; the race itself
/// asserts its outcome every time, and says whether they overlapped. One race runs at a time: side by side they would
/// starve each other of overlap.
pub async fn until_overlapping(system: &System, race: impl AsyncFn() -> Option<bool>) {
    let _alone = system.racing.lock().await;
    for _ in 0..ATTEMPTS {
        if race().await == Some(true) {
            return;
        }
    }
    panic!("in {ATTEMPTS} attempts the requests never overlapped and were all answered");
}

/// What a race gives, the first time that all its requests were answered.
pub async fn until_answered<T>(race: impl AsyncFn() -> Option<T>) -> T {
    for _ in 0..ATTEMPTS {
        if let Some(outcome) = race().await {
            return outcome;
        }
    }
    panic!("in {ATTEMPTS} attempts the requests were never all answered");
}
