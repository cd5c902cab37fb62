//! The tokens of recent transactions, each with the digest of its request and its response.
//!
//! dynoxide keeps tokens too, but each transaction goes through all tokens of the last ten minutes.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use dynoxide::actions::transact_write_items::TransactWriteItemsResponse;

/// The shortest time for which a token is kept. A client repeats a transaction within seconds: the SDK stops after 8 s,
/// and a function after 29 s.
const KEPT: Duration = Duration::from_mins(1);

type Responses = HashMap<String, (u64, TransactWriteItemsResponse)>;

pub(super) struct Tokens {
    since: Instant,
    young: Responses,
    /// The tokens of the minute before.
    old: Responses,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), young: Responses::new(), old: Responses::new() }
    }

    /// The digest of the request with this token, and its response.
    pub(super) fn find(&self, token: &str) -> Option<&(u64, TransactWriteItemsResponse)> {
        self.young.get(token).or_else(|| self.old.get(token))
    }

    pub(super) fn remember(
        &mut self,
        now: Instant,
        token: String,
        (digest, response): (u64, TransactWriteItemsResponse),
    ) {
        if now.duration_since(self.since) > KEPT {
            self.old = std::mem::take(&mut self.young);
            self.since = now;
        }
        self.young.insert(token, (digest, response));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_for_one_to_two_minutes() {
        let (mut tokens, began) = (Tokens::new(), Instant::now());
        let mut remember = |seconds: u64, token: &str, known: &[&str]| {
            let response = (seconds, TransactWriteItemsResponse::default());
            tokens.remember(began + Duration::from_secs(seconds), token.to_owned(), response);
            let found: Vec<_> = ["a", "b", "c", "d"].into_iter().filter(|token| tokens.find(token).is_some()).collect();
            assert_eq!(found, known);
        };
        remember(0, "a", &["a"]);
        remember(59, "b", &["a", "b"]);
        remember(62, "c", &["a", "b", "c"]);
        remember(124, "d", &["c", "d"]);
    }
}
