//! The clock and the source of randomness. They are passed in, so that tests can
//! set them.

use crate::domain::Timestamp;
use std::sync::Arc;
use ulid::Ulid;
use uuid::Uuid;

/// A clock.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that returns the time of `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The system's clock.
    ///
    /// # Panics
    /// If the system's time is outside the range of a timestamp: no request can be served then.
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "only this function reads the real clock; a system without one cannot serve a request"
    )]
    pub fn system() -> Self {
        Self::new(|| {
            Timestamp::from_milliseconds(chrono::Utc::now().timestamp_millis())
                .expect("the clock is within chrono's range")
        })
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// A source of random bytes.
#[derive(Clone)]
pub struct Random(Arc<Fill>);

impl Random {
    /// A source that fills a buffer with `fill`.
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// The system's cryptographic random generator.
    ///
    /// # Panics
    /// If the system has none: no request can be served then.
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "only this function reads real randomness; a system without it cannot serve a request"
    )]
    pub fn system() -> Self {
        Self::new(|bytes| getrandom::fill(bytes).expect("the system has a random generator"))
    }

    /// Random bytes.
    pub fn bytes<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        (self.0)(&mut bytes);
        bytes
    }

    /// A random UUID (version 4).
    pub fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }
}

/// The moment of one request, and its source of randomness. Everything that the
/// request checks, stores and shows is as of this moment.
#[derive(Clone)]
pub struct RequestContext {
    /// The moment at which the request arrived, or at which it was last begun again.
    pub now: Timestamp,
    arrived: Timestamp,
    is_begun_again: bool,
    clock: Clock,
    random: Random,
}

impl RequestContext {
    /// The context of a request that arrives now.
    pub fn new(clock: &Clock, random: &Random) -> Self {
        let now = clock.now();
        Self { now, arrived: now, is_begun_again: false, clock: clock.clone(), random: random.clone() }
    }

    /// The context of the same request when it is begun again, on data that has changed since.
    #[must_use]
    pub fn begun_again(&self) -> Self {
        Self { now: self.clock.now(), is_begun_again: true, ..self.clone() }
    }

    /// Whether the request was begun again.
    pub fn is_begun_again(&self) -> bool {
        self.is_begun_again
    }

    /// The same, with the system's clock and random generator.
    pub fn system() -> Self {
        Self::new(&Clock::system(), &Random::system())
    }

    /// The milliseconds since the request arrived.
    pub fn age(&self) -> i64 {
        self.clock.now().milliseconds() - self.arrived.milliseconds()
    }

    /// Random bytes.
    pub fn random<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        self.random.bytes()
    }

    /// A new ULID with the time of this moment.
    pub fn ulid(&self) -> Ulid {
        Ulid::from_parts(self.milliseconds(), u128::from_be_bytes(self.random()))
    }

    /// A new random UUID (version 4).
    pub fn uuid(&self) -> Uuid {
        self.random.uuid()
    }

    /// A new UUID (version 7), which sorts by this moment.
    pub fn sortable_uuid(&self) -> Uuid {
        uuid::Builder::from_unix_timestamp_millis(self.milliseconds(), &self.random()).into_uuid()
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.now.milliseconds()).unwrap_or_default()
    }
}
