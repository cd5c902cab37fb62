//! Races whose requests truly overlap: they are sent at once, held before the database until all have arrived, and then
//! released together.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};

use crate::client::{Client, Request, Response};
use crate::fault_proxy::Matching;
use crate::system::{Engine, System};

/// How long a race waits for the last of its requests: below the 3 s after which a function abandons an attempt and
/// sends it again.
pub const PATIENCE: Duration = Duration::from_millis(2500);
/// How long one call is held while another is made: below the 8 s after which a function gives up. The attempt that it
/// abandons after 3 s is sent again, and held again.
const OVERTAKING: Duration = Duration::from_secs(7);
/// How long a request may take from the client to the database.
pub const ARRIVAL: Duration = Duration::from_secs(20);
/// How often a race is tried. The first attempts start the processes of the functions, and seldom overlap.
const ATTEMPTS: usize = 40;
/// How many rounds, of all races together, may be repeated because a request got a 503. A function that gives up too
/// early would cause a 503 in every round.
const INCOMPLETE_ROUNDS: usize = 16;

/// How one attempt at a race ended.
pub struct Round {
    /// The responses, in the order of the requests.
    pub responses: Vec<Response>,
    /// Whether all the requests were held before the database at the same moment.
    pub overlapped: bool,
}

impl Round {
    /// How many responses have this status.
    pub fn count(&self, status: u16) -> usize {
        self.responses.iter().filter(|response| response.status() == status).count()
    }

    /// The responses with this status.
    pub fn of(&self, status: u16) -> impl Iterator<Item = &Response> {
        self.responses.iter().filter(move |response| response.status() == status)
    }
}

/// Makes a call whose matching request is held before the database, and makes the other call meanwhile, so that the
/// other one reaches the database first.
pub async fn overtaken<A, B>(
    system: &System,
    held: Matching,
    call: impl Future<Output = A>,
    other: impl Future<Output = B>,
) -> (A, B) {
    let held = system.faults.hold(held, OVERTAKING);
    let meanwhile = async {
        assert!(held.wait_until_struck(1, ARRIVAL).await, "the call never reached the database");
        let began = Instant::now();
        let other = other.await;
        assert!(began.elapsed() < OVERTAKING, "the other call took {:?}, so the held one came first", began.elapsed());
        held.release();
        other
    };
    join(call, meanwhile).await
}

/// Sends all the requests at once; each one's first matching request to the database is held until all have arrived.
///
/// Returns `None` if a request got a 503 on `DynamoDB` Local, which on a busy machine takes seconds for contending
/// transactions: such a round shows nothing and is repeated, a few times in all. On dynoxide a 503 counts like any
/// other response.
pub async fn at_once(system: &System, client: &Client, held: Matching, requests: Vec<Request>) -> Option<Round> {
    let barrier = system.faults.hold_until(held, requests.len(), PATIENCE);
    let responses = join_all(requests.into_iter().map(|request| client.send(request))).await;
    let round = Round { responses, overlapped: barrier.held_all_at_once() };
    let unavailable = round.count(503);
    if system.engine == Engine::Dynoxide || unavailable == 0 {
        return Some(round);
    }
    let before = system.incomplete_rounds.fetch_add(1, Ordering::Relaxed);
    eprintln!("{unavailable} of {} concurrent requests got a 503: the round is repeated", round.responses.len());
    assert!(before < INCOMPLETE_ROUNDS, "more than {INCOMPLETE_ROUNDS} rounds with a 503");
    None
}

/// Repeats a race, each time with fresh ids, until its requests overlapped and none got a 503. The race asserts its
/// outcome itself, and returns whether the requests overlapped. Only one race runs at a time, because side by side they
/// would seldom overlap.
pub async fn until_overlapping(system: &System, race: impl AsyncFn() -> Option<bool>) {
    let _alone = system.racing.lock().await;
    for _ in 0..ATTEMPTS {
        if race().await == Some(true) {
            return;
        }
    }
    panic!("in {ATTEMPTS} attempts the requests never overlapped without a 503");
}

/// Repeats a race until no request got a 503, and returns its result.
pub async fn until_complete<T>(race: impl AsyncFn() -> Option<T>) -> T {
    loop {
        if let Some(outcome) = race().await {
            return outcome;
        }
    }
}
