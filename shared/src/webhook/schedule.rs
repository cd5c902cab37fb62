//! When a webhook is tried again that was not taken.

use crate::domain::Timestamp;
use std::time::UNIX_EPOCH;

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
/// The specification's schedule: the time, in seconds, between each attempt and the one before. It ends after 75 hours.
const DELAYS: [u32; 10] =
    [0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/// The longest time that a recipient can put off the next attempt, in seconds.
const LONGEST: u32 = 24 * HOUR;

/// When the next attempt is due, after `made` attempts, the last of them at this moment; `None` after the last one.
/// The recipient may ask for a later moment, but not for an earlier one.
pub fn next_attempt(made: u32, last: Timestamp, retry_after: Option<RetryAfter>) -> Option<Timestamp> {
    let delay = *DELAYS.get(usize::try_from(made).ok()?)?;
    let asked = retry_after.map(|asked| asked.moment(last).min(last.plus_seconds(LONGEST)));
    Some(asked.unwrap_or(last).max(last.plus_seconds(delay)))
}

/// What a recipient asks for with `Retry-After` (RFC 9110 section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// After this many seconds.
    Seconds(u32),
    /// Not before this moment.
    Moment(Timestamp),
}

impl RetryAfter {
    /// Reads the value of the header; `None` if it is neither a number of seconds nor an HTTP date.
    pub fn parse(value: &str) -> Option<Self> {
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            // A number that is too large is a long time.
            return Some(Self::Seconds(value.parse().unwrap_or(u32::MAX)));
        }
        let since_1970 = httpdate::parse_http_date(value).ok()?.duration_since(UNIX_EPOCH).ok()?;
        Timestamp::from_milliseconds(since_1970.as_millis().try_into().ok()?).map(Self::Moment)
    }

    fn moment(self, received: Timestamp) -> Timestamp {
        match self {
            Self::Seconds(seconds) => received.plus_seconds(seconds),
            Self::Moment(moment) => moment,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_schedule_is_that_of_the_specification() {
        let start = at("2026-01-01T00:00:00Z");
        let mut attempts = Vec::new();
        let mut last = start;
        while let Some(next) = next_attempt(attempts.len().try_into().unwrap(), last, None) {
            attempts.push((next.seconds() - start.seconds(), next.milliseconds() % 1000));
            last = next;
        }
        // The column "Time since start" of the specification, in hours, minutes and seconds.
        let expected = [
            (0, 0, 0),
            (0, 0, 5),
            (0, 5, 5),
            (0, 35, 5),
            (2, 35, 5),
            (7, 35, 5),
            (17, 35, 5),
            (31, 35, 5),
            (51, 35, 5),
            (75, 35, 5),
        ];
        assert_eq!(attempts, expected.map(|(hours, minutes, seconds)| (hours * 3600 + minutes * 60 + seconds, 0)));
    }

    #[test]
    fn a_recipient_puts_off_the_next_attempt_by_a_day_at_most() {
        let last = at("2026-01-01T00:00:00Z");
        let date = |text: &str| Some(RetryAfter::Moment(at(text)));
        for (made, asked, next) in [
            (1, Some(RetryAfter::Seconds(0)), "2026-01-01T00:00:05Z"),
            (1, Some(RetryAfter::Seconds(4)), "2026-01-01T00:00:05Z"),
            (1, Some(RetryAfter::Seconds(120)), "2026-01-01T00:02:00Z"),
            (9, Some(RetryAfter::Seconds(120)), "2026-01-02T00:00:00Z"),
            (1, Some(RetryAfter::Seconds(u32::MAX)), "2026-01-02T00:00:00Z"),
            (1, date("2025-01-01T00:00:00Z"), "2026-01-01T00:00:05Z"),
            (1, date("2026-01-01T01:00:00Z"), "2026-01-01T01:00:00Z"),
            (1, date("2030-01-01T00:00:00Z"), "2026-01-02T00:00:00Z"),
        ] {
            assert_eq!(next_attempt(made, last, asked), Some(at(next)), "{made} {asked:?}");
        }
        assert_eq!(next_attempt(10, last, Some(RetryAfter::Seconds(1))), None);
    }

    #[test]
    fn both_forms_of_the_header_are_read() {
        let moment = Some(RetryAfter::Moment(at("1994-11-06T08:49:37Z")));
        for (value, read) in [
            ("120", Some(RetryAfter::Seconds(120))),
            ("0", Some(RetryAfter::Seconds(0))),
            ("99999999999999999999999", Some(RetryAfter::Seconds(u32::MAX))),
            ("Sun, 06 Nov 1994 08:49:37 GMT", moment),
            // The obsolete forms of a date, which a recipient of one must take too.
            ("Sunday, 06-Nov-94 08:49:37 GMT", moment),
            ("Sun Nov  6 08:49:37 1994", moment),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("soon", None),
            ("1994-11-06T08:49:37Z", None),
        ] {
            assert_eq!(RetryAfter::parse(value), read, "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic_or_leaves_the_bounds(value in any::<String>(), seconds: u32, made in 0_u32..12) {
            let last = at("2026-01-01T00:00:00Z");
            for asked in [RetryAfter::parse(&value), RetryAfter::parse(&seconds.to_string()), None] {
                let next = next_attempt(made, last, asked);
                prop_assert_eq!(next.is_some(), made < 10);
                if let Some(next) = next {
                    prop_assert!(next >= next_attempt(made, last, None).unwrap());
                    prop_assert!(next <= last.plus_seconds(24 * 3600));
                }
            }
        }
    }
}
