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

    pub(super) fn remember(
        &mut self,
        now: Instant,
        token: String,
        (digest, answer): (u64, TransactWriteItemsResponse),
    ) {
        if now.duration_since(self.since) > KNOWN {
            self.old = std::mem::take(&mut self.young);
            self.since = now;
        }
        self.young.insert(token, (digest, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_for_a_minute_and_for_two_at_the_most() {
        let (mut tokens, began) = (Tokens::new(), Instant::now());
        let mut remember = |seconds: u64, token: &str, known: &[&str]| {
            let answer = (seconds, TransactWriteItemsResponse::default());
            tokens.remember(began + Duration::from_secs(seconds), token.to_owned(), answer);
            let found: Vec<_> = ["a", "b", "c", "d"].into_iter().filter(|token| tokens.find(token).is_some()).collect();
            assert_eq!(found, known);
        };
        remember(0, "a", &["a"]);
        remember(59, "b", &["a", "b"]);
        remember(62, "c", &["a", "b", "c"]);
        remember(124, "d", &["c", "d"]);
    }
}
