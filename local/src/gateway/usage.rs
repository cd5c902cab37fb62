//! The throttles of methods, and the usage plans of keys.
//!
//! They count like API Gateway: each method has a token bucket for all callers together. Each key has a token bucket for
//! its plan, and then a quota, to which throttled requests do not count. API Gateway distributes its buckets over many
//! machines, so that its limits are approximate; here they are exact. A restart resets the counts.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use assent_shared::domain::Timestamp;
use chrono::{DateTime, Datelike as _};

use super::responses::Kind;
use crate::template::{Period, Route, Throttle, UsagePlan};
use crate::usage_plans::UsagePlanKeys;

/// The token buckets of the methods, by method and path.
#[derive(Debug, Default)]
pub(super) struct MethodUsage(Mutex<HashMap<(String, String), Bucket>>);

/// The usage plans, their keys, and the usage of each key.
#[derive(Debug)]
pub(super) struct Usage {
    plans: BTreeMap<String, UsagePlan>,
    keys: UsagePlanKeys,
    meters: Mutex<HashMap<(String, String), Meter>>,
}

/// The usage of a plan by a key.
#[derive(Debug)]
struct Meter {
    bucket: Bucket,
    /// The number of the quota's period that is being counted.
    period: i64,
    count: u64,
}

/// The used part of a token bucket. It shrinks by the throttle's rate.
#[derive(Debug)]
struct Bucket {
    used: f64,
    at: Timestamp,
}

impl MethodUsage {
    /// Counts a request to this method. The error is the kind of API Gateway's response.
    pub(super) fn admit(&self, route: &Route, now: Timestamp) -> Result<(), Kind> {
        let Some(throttle) = route.throttle else { return Ok(()) };
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let method = (route.method.clone(), route.path.clone());
        buckets.entry(method).or_insert(Bucket { used: 0.0, at: now }).take(throttle, now)
    }
}

impl Usage {
    pub(super) fn new(plans: &BTreeMap<String, UsagePlan>, keys: UsagePlanKeys) -> Self {
        Self { plans: plans.clone(), keys, meters: Mutex::default() }
    }

    /// Counts a request with this key. The error is the kind of API Gateway's response.
    pub(super) fn admit(&self, key: Option<&str>, now: Timestamp) -> Result<(), Kind> {
        let key = key.ok_or(Kind::InvalidApiKey)?;
        let name = self.keys.plan_of(key).ok_or(Kind::InvalidApiKey)?;
        let plan = self.plans.get(&name).ok_or(Kind::InvalidApiKey)?;
        let period = plan.quota.map(|quota| number_of(quota.period, now)).unwrap_or_default();
        let bucket = Bucket { used: 0.0, at: now };
        let mut meters = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        let meter = meters.entry((name, key.to_owned())).or_insert(Meter { bucket, period, count: 0 });
        if let Some(throttle) = plan.throttle {
            meter.bucket.take(throttle, now)?;
        }
        if let Some(quota) = plan.quota {
            if meter.period != period {
                (meter.period, meter.count) = (period, 0);
            }
            if meter.count >= quota.limit {
                return Err(Kind::QuotaExceeded);
            }
            meter.count += 1;
        }
        Ok(())
    }
}

impl Bucket {
    fn take(&mut self, throttle: Throttle, now: Timestamp) -> Result<(), Kind> {
        // A clock that is set back neither frees nor uses tokens.
        let passed = u64::try_from(now.milliseconds() - self.at.milliseconds()).unwrap_or_default();
        self.used = (self.used - Duration::from_millis(passed).as_secs_f64() * throttle.rate).max(0.0);
        self.at = now;
        // The tolerance covers rounding errors.
        if self.used + 1.0 > f64::from(throttle.burst) + 1e-6 {
            return Err(Kind::Throttled);
        }
        self.used += 1.0;
        Ok(())
    }
}

/// The number of the current day, week or month since a fixed date.
fn number_of(period: Period, now: Timestamp) -> i64 {
    let date = DateTime::from_timestamp_millis(now.milliseconds()).unwrap_or_default().date_naive();
    let days = i64::from(date.num_days_from_ce());
    match period {
        Period::Day => days,
        // Day 1 of the common era was a Monday, so each day whose number is divisible by 7 is a Sunday.
        Period::Week => days.div_euclid(7),
        Period::Month => i64::from(date.year()) * 12 + i64::from(date.month0()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Quota;

    const PLAIN: &str = "2026-04-30T23:59:59.000Z";

    fn at(text: &str, milliseconds: i64) -> Timestamp {
        let start = Timestamp::parse(text).unwrap().milliseconds();
        Timestamp::from_milliseconds(start + milliseconds).unwrap()
    }

    fn usage(throttle: Option<Throttle>, quota: Option<Quota>) -> Usage {
        let keys = UsagePlanKeys::in_memory();
        for key in ["a", "b"] {
            keys.put(&key.repeat(64), "free").unwrap();
        }
        keys.put(&"c".repeat(64), "unknown").unwrap();
        Usage::new(&BTreeMap::from([("free".to_owned(), UsagePlan { throttle, quota })]), keys)
    }

    /// The number of admitted requests out of `calls` requests at this moment.
    fn admitted(usage: &Usage, key: &str, calls: usize, now: Timestamp) -> usize {
        let key = key.repeat(64);
        (0..calls).filter(|_| usage.admit(Some(&key), now).is_ok()).count()
    }

    #[test]
    fn a_bucket_holds_its_burst_and_fills_at_its_rate() {
        let usage = usage(Some(Throttle { rate: 10.0, burst: 20 }), None);
        assert_eq!(admitted(&usage, "a", 50, at(PLAIN, 0)), 20);
        assert_eq!(usage.admit(Some(&"a".repeat(64)), at(PLAIN, 99)), Err(Kind::Throttled));
        assert_eq!(admitted(&usage, "a", 50, at(PLAIN, 100)), 1);
        assert_eq!(admitted(&usage, "a", 50, at(PLAIN, 1100)), 10);
        // A constant rate at the throttle's limit is never throttled.
        let steady = (1..=100).map(|call| admitted(&usage, "a", 1, at(PLAIN, 2000 + call * 100))).sum::<usize>();
        assert_eq!(steady, 100);
        assert_eq!(admitted(&usage, "a", 50, at(PLAIN, 3_600_000)), 20);
    }

    #[test]
    fn keys_are_counted_separately() {
        let usage = usage(Some(Throttle { rate: 10.0, burst: 20 }), None);
        assert_eq!(admitted(&usage, "a", 1000, at(PLAIN, 0)), 20);
        assert_eq!(admitted(&usage, "b", 20, at(PLAIN, 0)), 20);
    }

    #[test]
    fn a_clock_that_is_set_back_frees_no_tokens() {
        let usage = usage(Some(Throttle { rate: 10.0, burst: 2 }), None);
        assert_eq!(admitted(&usage, "a", 3, at(PLAIN, 5000)), 2);
        assert_eq!(admitted(&usage, "a", 3, at(PLAIN, 0)), 0);
        assert_eq!(admitted(&usage, "a", 3, at(PLAIN, 100)), 1);
    }

    #[test]
    fn a_quota_is_reset_with_each_period() {
        for (period, next) in [
            (Period::Day, "2026-05-01T00:00:00.000Z"),
            (Period::Week, "2026-05-03T00:00:00.000Z"),
            (Period::Month, "2026-05-01T00:00:00.000Z"),
        ] {
            let usage = usage(None, Some(Quota { limit: 3, period }));
            assert_eq!(admitted(&usage, "a", 5, at(PLAIN, 0)), 3, "{period:?}");
            assert_eq!(usage.admit(Some(&"a".repeat(64)), at(next, -1)), Err(Kind::QuotaExceeded), "{period:?}");
            assert_eq!(admitted(&usage, "b", 1, at(next, -1)), 1, "{period:?}");
            assert_eq!(admitted(&usage, "a", 5, at(next, 0)), 3, "{period:?}");
        }
    }

    #[test]
    fn throttled_requests_do_not_count_to_the_quota() {
        let quota = Quota { limit: 3, period: Period::Day };
        let usage = usage(Some(Throttle { rate: 1.0, burst: 2 }), Some(quota));
        let noon = "2026-04-30T12:00:00.000Z";
        assert_eq!(admitted(&usage, "a", 10, at(noon, 0)), 2);
        assert_eq!(usage.admit(Some(&"a".repeat(64)), at(noon, 0)), Err(Kind::Throttled));
        assert_eq!(admitted(&usage, "a", 10, at(noon, 9000)), 1);
        assert_eq!(usage.admit(Some(&"a".repeat(64)), at(noon, 19_000)), Err(Kind::QuotaExceeded));
    }

    #[test]
    fn each_method_has_one_bucket_for_all_callers() {
        let route = |method: &str, throttle| Route {
            method: method.to_owned(),
            path: "/open".to_owned(),
            binary: "open".to_owned(),
            authorizer: None,
            key_required: false,
            throttle,
        };
        let throttle = Some(Throttle { rate: 10.0, burst: 20 });
        let (read, write, free) = (route("GET", throttle), route("POST", throttle), route("PUT", None));
        let usage = MethodUsage::default();
        let admitted = |route: &Route, milliseconds| {
            (0..50).filter(|_| usage.admit(route, at(PLAIN, milliseconds)).is_ok()).count()
        };
        assert_eq!((admitted(&read, 0), admitted(&write, 0), admitted(&free, 0)), (20, 20, 50));
        assert_eq!(usage.admit(&read, at(PLAIN, 99)), Err(Kind::Throttled));
        assert_eq!(admitted(&read, 500), 5);
    }

    #[test]
    fn a_key_needs_a_plan() {
        let usage = usage(None, None);
        assert_eq!(usage.admit(Some(&"a".repeat(64)), at(PLAIN, 0)), Ok(()));
        for key in [None, Some("c".repeat(64)), Some("d".repeat(64)), Some("../a".to_owned()), Some(String::new())] {
            assert_eq!(usage.admit(key.as_deref(), at(PLAIN, 0)), Err(Kind::InvalidApiKey), "{key:?}");
        }
    }
}
