//! API keys that were asked for a moment ago and are not there: who goes on
//! sending one costs a read every few seconds, and not one each time.

use crate::domain::{Timestamp, api_key::ApiKeyHash};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// For how many milliseconds a key that is not there counts as unknown, also
/// where it was made meanwhile. The contract names it.
const REMEMBERED: i64 = 5_000;
/// How many keys are remembered at once: some hundred kilobytes. Whoever makes
/// more of them up pays for no more than their reads.
const MOST: usize = 1024;

/// Keys that are not there, and since when that is known.
#[derive(Default)]
pub(super) struct UnknownKeys(Mutex<HashMap<ApiKeyHash, Timestamp>>);

impl UnknownKeys {
    /// Whether the key was found not to be there a moment ago.
    pub(super) fn has(&self, key: &ApiKeyHash, now: Timestamp) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).is_some_and(|since| is_fresh(*since, now))
    }

    /// That the key is not there, as far as there is room to remember it.
    pub(super) fn add(&self, key: &ApiKeyHash, now: Timestamp) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MOST {
            keys.retain(|_, since| is_fresh(*since, now));
        }
        if keys.len() < MOST {
            keys.insert(key.clone(), now);
        }
    }
}

/// A clock that was set back makes nothing fresh.
fn is_fresh(since: Timestamp, now: Timestamp) -> bool {
    (0..REMEMBERED).contains(&(now.milliseconds() - since.milliseconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> ApiKeyHash {
        ApiKeyHash::parse(&format!("{number:064x}")).unwrap()
    }

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_milliseconds(1_770_000_000_000 + milliseconds).unwrap()
    }

    #[test]
    fn a_key_is_unknown_for_so_long_and_no_longer() {
        let keys = UnknownKeys::default();
        assert!(!keys.has(&key(1), at(0)));
        keys.add(&key(1), at(0));
        for (milliseconds, unknown) in [(-1, false), (0, true), (4_999, true), (5_000, false), (60_000, false)] {
            assert_eq!(keys.has(&key(1), at(milliseconds)), unknown, "{milliseconds}");
            assert!(!keys.has(&key(2), at(milliseconds)), "{milliseconds}");
        }
    }

    #[test]
    fn no_more_keys_are_remembered_than_there_is_room_for() {
        let keys = UnknownKeys::default();
        for number in 0..=MOST {
            keys.add(&key(number), at(0));
        }
        assert!(keys.has(&key(MOST - 1), at(0)));
        assert!(!keys.has(&key(MOST), at(0)));
        // What is forgotten makes room.
        keys.add(&key(MOST), at(REMEMBERED));
        assert!(keys.has(&key(MOST), at(REMEMBERED)));
        assert_eq!(keys.0.lock().unwrap().len(), 1);
    }
}
