//! What a partition takes: a token bucket.

/// Reads and writes, in half units or as a limit of them in a second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Amount {
    pub(crate) write: f64,
    pub(crate) read: f64,
}

/// What a partition takes in a second, in halves of units
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html>).
pub(crate) const PARTITION: Amount = Amount { write: 2_000.0, read: 6_000.0 };
/// The seconds for which `DynamoDB` keeps what was not used
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html>).
pub(crate) const BURST: f64 = 300.0;

/// A partition, or a whole table. It begins as if nobody had used it for long.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    limit: Amount,
    /// How many seconds of its limit it keeps.
    kept: f64,
    left: Amount,
    /// Until when it has been filled.
    at: f64,
    /// The present second, and what was asked for in it.
    second: f64,
    asked: Amount,
    /// The fullest second, as a part of the limit.
    fullest: f64,
}

impl Bucket {
    pub(crate) fn new(limit: Amount, kept: f64) -> Self {
        let left = Amount { write: limit.write * kept, read: limit.read * kept };
        Self { limit, kept, left, at: 0.0, second: 0.0, asked: Amount::default(), fullest: 0.0 }
    }

    /// Counts what is asked for, whether it is given or not.
    pub(crate) fn ask(&mut self, now: f64, amount: Amount) {
        if now.floor() > self.second {
            self.second = now.floor();
            self.asked = Amount::default();
        }
        self.asked.write += amount.write;
        self.asked.read += amount.read;
        let part = (self.asked.write / self.limit.write).max(self.asked.read / self.limit.read);
        self.fullest = self.fullest.max(part);
    }

    /// Whether it has so much left.
    pub(crate) fn has(&mut self, now: f64, amount: Amount) -> bool {
        let filled = |left: f64, limit: f64| (left + limit * (now - self.at)).min(limit * self.kept);
        self.left =
            Amount { write: filled(self.left.write, self.limit.write), read: filled(self.left.read, self.limit.read) };
        self.at = now;
        self.left.write >= amount.write && self.left.read >= amount.read
    }

    pub(crate) fn take(&mut self, amount: Amount) {
        self.left.write -= amount.write;
        self.left.read -= amount.read;
    }

    /// What was asked for in its fullest second, as a part of its limit.
    pub(crate) fn fullest(&self) -> f64 {
        self.fullest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITE: Amount = Amount { write: 2.0, read: 0.0 };

    fn taken(bucket: &mut Bucket, now: f64) -> u32 {
        let mut taken = 0;
        while bucket.has(now, WRITE) {
            bucket.take(WRITE);
            taken += 1;
        }
        taken
    }

    #[test]
    fn a_partition_takes_1_000_writes_a_second_and_keeps_none_without_a_burst() {
        let mut bucket = Bucket::new(PARTITION, 1.0);
        assert_eq!([0.0, 0.0, 0.5, 100.0].map(|now| taken(&mut bucket, now)), [1_000, 0, 500, 1_000]);
    }

    #[test]
    fn a_burst_is_300_seconds_of_what_was_not_used() {
        let mut bucket = Bucket::new(PARTITION, BURST);
        assert_eq!([0.0, 1.0, 10_000.0].map(|now| taken(&mut bucket, now)), [300_000, 1_000, 300_000]);
    }

    #[test]
    fn reads_and_writes_have_limits_of_their_own() {
        let mut bucket = Bucket::new(PARTITION, 1.0);
        taken(&mut bucket, 0.0);
        let read = Amount { write: 0.0, read: 6_000.0 };
        assert!(bucket.has(0.0, read));
        bucket.take(read);
        assert!(!bucket.has(0.0, Amount { write: 0.0, read: 1.0 }));
    }

    #[test]
    fn the_fullest_second_is_what_was_asked_for() {
        let mut bucket = Bucket::new(PARTITION, 1.0);
        for now in [0.0, 0.9, 1.0, 3.5] {
            bucket.ask(now, Amount { write: 3_000.0, read: 0.0 });
        }
        assert!((bucket.fullest() - 3.0).abs() < 1e-9);
    }
}
