//! A cache of API keys that do not exist, so that repeated requests with such a key
//! cost a read every few seconds and not a read each.

use crate::domain::{Timestamp, api_key::ApiKeyHash};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// For how many milliseconds a key that was not found counts as unknown, even if it
/// was created meanwhile. The API's documentation states this time.
const REMEMBERED: i64 = 5_000;
/// The most keys in the cache, which take some hundred kilobytes. Further unknown keys
/// cost a read each.
const MOST: usize = 1024;

/// Keys that were not found, and when.
#[derive(Default)]
pub(super) struct UnknownKeys(Mutex<HashMap<ApiKeyHash, Timestamp>>);

impl UnknownKeys {
    /// Whether the key was recently not found.
    pub(super) fn has(&self, key: &ApiKeyHash, now: Timestamp) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).is_some_and(|since| is_fresh(*since, now))
    }

    /// Adds a key that was not found, if there is room.
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

/// A time in the future, after the clock was set back, is not fresh.
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
    fn a_key_is_unknown_for_five_seconds() {
        let keys = UnknownKeys::default();
        assert!(!keys.has(&key(1), at(0)));
        keys.add(&key(1), at(0));
        for (milliseconds, unknown) in [(-1, false), (0, true), (4_999, true), (5_000, false), (60_000, false)] {
            assert_eq!(keys.has(&key(1), at(milliseconds)), unknown, "{milliseconds}");
            assert!(!keys.has(&key(2), at(milliseconds)), "{milliseconds}");
        }
    }

    #[test]
    fn the_number_of_keys_is_limited() {
        let keys = UnknownKeys::default();
        for number in 0..=MOST {
            keys.add(&key(number), at(0));
        }
        assert!(keys.has(&key(MOST - 1), at(0)));
        assert!(!keys.has(&key(MOST), at(0)));
        // Expired keys make room.
        keys.add(&key(MOST), at(REMEMBERED));
        assert!(keys.has(&key(MOST), at(REMEMBERED)));
        assert_eq!(keys.0.lock().unwrap().len(), 1);
    }
}
