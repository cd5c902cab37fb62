//! The tokens of transactions: what was asked for under each, and answered.
//!
//! dynoxide has this too, and looks at every token of the last ten minutes at each transaction.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use dynoxide::actions::transact_write_items::TransactWriteItemsResponse;

/// How long a token is known at the least. Whoever repeats a transaction does so within seconds: the SDK gives up after
/// 8, and a function ends after 29.
const KNOWN: Duration = Duration::from_mins(1);

type Answers = HashMap<String, (u64, TransactWriteItemsResponse)>;

pub(super) struct Tokens {
    since: Instant,
    young: Answers,
    /// Those of the minute before.
    old: Answers,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), young: Answers::new(), old: Answers::new() }
    }

    /// The digest of what was asked under this token, and the answer.
    pub(super) fn find(&self, token: &str) -> Option<&(u64, TransactWriteItemsResponse)> {
        self.young.get(token).or_else(|| self.old.get(token))
    }

    pub(super) fn remember(&mut self, token: String, digest: u64, answer: TransactWriteItemsResponse) {
        if self.since.elapsed() > KNOWN {
            self.old = std::mem::take(&mut self.young);
            self.since = Instant::now();
        }
        self.young.insert(token, (digest, answer));
    }
}
