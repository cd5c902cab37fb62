//! Races that prove that they were races: requests are sent at once, held before the database until all
//! of them have arrived, and let go together.

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::{join, join_all};

use crate::client::{Answer, Client, Request};
use crate::fault_proxy::Matching;
use crate::system::{Engine, System};

/// How long a race waits for the last of its requests: below the 3 s after which a function abandons an attempt and
/// sends it again.
pub const PATIENCE: Duration = Duration::from_millis(2500);
/// How long a request may take from the client to the database.
pub const ARRIVAL: Duration = Duration::from_secs(20);
/// How often a race is tried. The first attempts start the processes of the functions, and seldom overlap.
const ATTEMPTS: usize = 40;
/// How many rounds of all races may be left without all their answers. A function that gives up too early would do so
/// in every round.
const UNANSWERED: usize = 16;

/// How one attempt at a race ended.
pub struct Round {
    /// The answers, in the order of the requests.
    pub answers: Vec<Answer>,
    /// Whether all the requests were held before the database at the same moment.
    pub overlapped: bool,
}

impl Round {
    /// How many answers have this status.
    pub fn count(&self, status: u16) -> usize {
        self.answers.iter().filter(|answer| answer.status() == status).count()
    }

    /// The answers of this status.
    pub fn of(&self, status: u16) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(move |answer| answer.status() == status)
    }
}

/// Makes a call, and another meanwhile, while the first one's matching request is held on its way to the database: so
/// the other one gets there first.
pub async fn overtaken<A, B>(
    system: &System,
    held: Matching,
    call: impl Future<Output = A>,
    other: impl Future<Output = B>,
) -> (A, B) {
    let held = system.faults.hold(held, PATIENCE);
    let meanwhile = async {
        assert!(held.wait_until_struck(1, ARRIVAL).await, "the call never reached the database");
        let other = other.await;
        held.release();
        other
    };
    join(call, meanwhile).await
}

/// Sends all the requests at once; each one's first matching request to the database is held until all have arrived.
/// None where `DynamoDB` Local, which on a busy machine takes seconds for transactions that contend, left one of them
/// without an answer (503): of that round nothing can be said. It may do so a few times in all; on dynoxide that answer
/// is one like any other.
pub async fn at_once(system: &System, client: &Client, held: Matching, requests: Vec<Request>) -> Option<Round> {
    let barrier = system.faults.hold_until(held, requests.len(), PATIENCE);
    let answers = join_all(requests.into_iter().map(|request| client.send(request))).await;
    let round = Round { answers, overlapped: barrier.held_all_at_once() };
    let unanswered = round.count(503);
    if system.engine == Engine::Dynoxide || unanswered == 0 {
        return Some(round);
    }
    let before = system.unanswered_rounds.fetch_add(1, Ordering::Relaxed);
    eprintln!(
        "{unanswered} of {} requests at once were left without an answer: they are made anew",
        round.answers.len()
    );
    assert!(before < UNANSWERED, "more than {UNANSWERED} races in which not all was answered");
    None
}

/// Repeats a race, each time with fresh ids, until its requests truly overlapped and all were answered; the race itself
/// asserts its outcome whenever they were answered, and says whether they overlapped. One race runs at a time: side by
/// side they would starve each other of overlap.
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
    loop {
        if let Some(outcome) = race().await {
            return outcome;
        }
    }
}
