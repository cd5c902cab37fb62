//! Caches of what was read from the database, so that calls of many persons do not meet at the key that all of them
//! read. A function keeps a cache for as long as its process lives. No cache has a clock: the time is passed in.
//!
//! What never changes again is cached for good. What may change is cached for [`RECENT`], which the API's documentation
//! states; the signing key and the numbers of shards, whose changes wait for that, for a minute. That something does not exist
//! is not cached, except that an API key does not.

use crate::{
    domain::{RequestContext, Timestamp},
    store::key::Key,
};
use lru::LruCache;
use std::sync::{Mutex, PoisonError};

/// For how many milliseconds something that may change is used after it was read.
pub(super) const RECENT: i64 = 5_000;
/// What an entry takes beside its key and its value, in bytes.
const ENTRY: usize = 200;

/// A cache of what never changes, by the key of its item. If it is full, it drops what was not used for the longest
/// time.
pub(super) struct Cache<V> {
    most: usize,
    entries: Mutex<Entries<V>>,
}

struct Entries<V> {
    /// What the entries take together.
    bytes: usize,
    /// The values, each with what its entry takes.
    values: LruCache<Key, (usize, V)>,
}

impl<V: Clone> Cache<V> {
    /// An empty cache of this many bytes at most. The size of a value is that of its JSON, and it takes about twice as
    /// much memory; so a function's caches have a few megabytes in all, of the 256 that it has.
    pub(super) fn new(most: usize) -> Self {
        Self { most, entries: Mutex::new(Entries { bytes: 0, values: LruCache::unbounded() }) }
    }

    /// The value of this key.
    pub(super) fn get(&self, key: &Key) -> Option<V> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.values.get(key).map(|(_, value)| value.clone())
    }

    /// Adds a value of this size, or puts it in the place of an earlier one. One that is larger than the cache is not
    /// added.
    pub(super) fn put(&self, key: Key, value: V, size: usize) {
        let bytes = ENTRY + key.len() + size;
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier =
            if bytes > self.most { entries.values.pop(&key) } else { entries.values.put(key, (bytes, value)) };
        entries.bytes -= earlier.map_or(0, |(bytes, _)| bytes);
        if bytes <= self.most {
            entries.bytes += bytes;
        }
        while entries.bytes > self.most
            && let Some((_, (bytes, _))) = entries.values.pop_lru()
        {
            entries.bytes -= bytes;
        }
    }
}

/// A cache of what may change, so that a value is used for a limited time only.
pub(super) struct TimedCache<V> {
    cache: Cache<(Timestamp, V)>,
    life: i64,
}

impl<V: Clone> TimedCache<V> {
    /// An empty cache of this many bytes at most, whose values are used for this many milliseconds.
    pub(super) fn new(most: usize, life: i64) -> Self {
        Self { cache: Cache::new(most), life }
    }

    /// The value of this key, unless it is too old. A time in the future, after the clock was set back, is too old.
    pub(super) fn get(&self, key: &Key, now: Timestamp) -> Option<V> {
        let (since, value) = self.cache.get(key)?;
        (0..self.life).contains(&(now.milliseconds() - since.milliseconds())).then_some(value)
    }

    /// The same for a request. One that was begun again gets nothing: it may have been begun again because of what is
    /// cached.
    pub(super) fn get_for(&self, key: &Key, context: &RequestContext) -> Option<V> {
        if context.is_begun_again() { None } else { self.get(key, context.now) }
    }

    /// Adds a value of this size. `now` is a time before it was read.
    pub(super) fn put(&self, key: Key, value: V, size: usize, now: Timestamp) {
        self.cache.put(key, (now, value), size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clock, Random};
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn key(number: usize) -> Key {
        Key::of_no_tenant(&[&format!("{number:04}")], &["x"])
    }

    /// What an entry with one of these keys takes.
    fn taken(size: usize) -> usize {
        ENTRY + key(0).len() + size
    }

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_milliseconds(1_770_000_000_000 + milliseconds).unwrap()
    }

    #[test]
    fn a_full_cache_drops_what_was_used_longest_ago() {
        let cache = Cache::new(3 * taken(10));
        for number in 0..3 {
            cache.put(key(number), number, 10);
        }
        assert_eq!(cache.get(&key(0)), Some(0));
        cache.put(key(3), 3, 10);
        assert_eq!([0, 1, 2, 3].map(|number| cache.get(&key(number))), [Some(0), None, Some(2), Some(3)]);
        // A large value takes the place of several.
        cache.put(key(4), 4, 2 * taken(10) - taken(0));
        assert_eq!([0, 2, 3, 4].map(|number| cache.get(&key(number))), [None, None, Some(3), Some(4)]);
    }

    #[test]
    fn a_value_takes_the_place_of_an_earlier_one() {
        let cache = Cache::new(taken(10));
        cache.put(key(0), "first", 10);
        cache.put(key(0), "second", 3);
        assert_eq!(cache.get(&key(0)), Some("second"));
        assert_eq!(cache.entries.lock().unwrap().bytes, taken(3));
    }

    #[test]
    fn what_is_larger_than_the_cache_is_not_cached() {
        let cache = Cache::new(taken(10));
        cache.put(key(0), "old", 10);
        cache.put(key(1), "large", 11);
        assert_eq!((cache.get(&key(0)), cache.get(&key(1))), (Some("old"), None));
        // Nor is an earlier value of the same key kept.
        cache.put(key(0), "large", 11);
        assert_eq!(cache.get(&key(0)), None);
        assert_eq!(cache.entries.lock().unwrap().bytes, 0);
    }

    #[test]
    fn a_value_ends_with_its_life() {
        let cache = TimedCache::new(1000, RECENT);
        assert_eq!(cache.get(&key(0), at(0)), None);
        cache.put(key(0), 7, 0, at(0));
        for (milliseconds, expected) in [(0, Some(7)), (4_999, Some(7)), (5_000, None), (60_000, None), (1, Some(7))] {
            assert_eq!(cache.get(&key(0), at(milliseconds)), expected, "{milliseconds}");
        }
        // A read does not prolong it, and another value does.
        cache.put(key(0), 8, 0, at(4_000));
        assert_eq!([8_999, 9_000].map(|now| cache.get(&key(0), at(now))), [Some(8), None]);
    }

    #[test]
    fn nothing_is_used_from_the_future() {
        let cache = TimedCache::new(1000, RECENT);
        cache.put(key(0), 7, 0, at(0));
        assert_eq!([-1, -3_600_000].map(|now| cache.get(&key(0), at(now))), [None, None]);
    }

    #[test]
    fn a_request_that_was_begun_again_reads_anew() {
        let cache = TimedCache::new(1000, RECENT);
        cache.put(key(0), 7, 0, at(0));
        let context = RequestContext::new(&Clock::new(|| at(0)), &Random::new(|_| ()));
        assert_eq!(cache.get_for(&key(0), &context), Some(7));
        assert_eq!(cache.get_for(&key(0), &context.begun_again()), None);
    }

    proptest! {
        #[test]
        fn it_never_takes_more_than_it_may(puts in prop::collection::vec((0..8_usize, 0..600_usize), 0..60)) {
            let (cache, mut last) = (Cache::new(1500), HashMap::new());
            for (number, size) in puts {
                cache.put(key(number), size, size);
                last.insert(number, size);
                let entries = cache.entries.lock().unwrap();
                let sum: usize = entries.values.iter().map(|(_, (bytes, _))| *bytes).sum();
                prop_assert!(entries.bytes == sum && sum <= 1500);
                // The value is the last one that was put.
                for (key, (_, value)) in &entries.values {
                    prop_assert!(last.iter().any(|(number, size)| *key == self::key(*number) && value == size));
                }
                prop_assert_eq!(entries.values.peek(&key(number)).is_some(), taken(size) <= 1500);
            }
        }
    }
}
