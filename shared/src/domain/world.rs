//! The clock and the dice, passed in, so that everything else is a function
//! of its inputs.

use crate::domain::Timestamp;
use ulid::Ulid;
use uuid::Uuid;

/// A moment and the dice: what one call happens by. Whatever the call checks,
/// stores and shows, it is of this one moment.
#[derive(Clone, Copy)]
pub struct Occasion<'world> {
    /// The moment.
    pub now: Timestamp,
    world: &'world World,
}

impl Occasion<'_> {
    /// How many milliseconds ago its moment was.
    pub fn age(&self) -> i64 {
        self.world.now().milliseconds() - self.now.milliseconds()
    }

    /// Fresh random bytes.
    pub fn random<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        self.world.random()
    }

    /// A fresh ULID of this moment.
    pub fn ulid(&self) -> Ulid {
        Ulid::from_parts(self.milliseconds(), u128::from_be_bytes(self.random()))
    }

    /// A fresh random UUID (version 4).
    pub fn uuid(&self) -> Uuid {
        self.world.uuid()
    }

    /// A fresh UUID (version 7) that sorts by its moment.
    pub fn sortable_uuid(&self) -> Uuid {
        uuid::Builder::from_unix_timestamp_millis(self.milliseconds(), &self.random()).into_uuid()
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.now.milliseconds()).unwrap_or_default()
    }
}

/// Where the time and fresh identifiers come from.
pub struct World {
    clock: Clock,
    dice: Dice,
}

type Clock = Box<dyn Fn() -> Timestamp + Send + Sync>;
type Dice = Box<dyn Fn(&mut [u8]) + Send + Sync>;

impl World {
    /// The system's clock and its cryptographic random generator.
    ///
    /// # Panics
    /// Where the system has neither: nothing can be served then.
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "the one place where the real clock and randomness enter; a system without either cannot serve a request"
    )]
    pub fn real() -> Self {
        Self::new(
            || {
                Timestamp::from_milliseconds(chrono::Utc::now().timestamp_millis())
                    .expect("the clock is within chrono's range")
            },
            |bytes| getrandom::fill(bytes).expect("the system has a random generator"),
        )
    }

    /// A clock and dice of the caller's.
    pub fn new(
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        dice: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self { clock: Box::new(clock), dice: Box::new(dice) }
    }

    /// This moment, with these dice.
    pub fn occasion(&self) -> Occasion<'_> {
        Occasion { now: self.now(), world: self }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Fresh random bytes.
    pub fn random<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        (self.dice)(&mut bytes);
        bytes
    }

    /// A fresh random UUID (version 4).
    pub fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.random()).into_uuid()
    }
}
