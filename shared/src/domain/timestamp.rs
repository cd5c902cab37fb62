//! Moments, to the millisecond, in UTC.

use crate::domain::text::Invalid;
use chrono::{DateTime, Datelike, Duration, Months, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// A moment, written `2026-04-05T12:00:00.000Z`. Its precision is a millisecond,
/// so that the stored moment is the one that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// The moment `milliseconds` after 1970 began; `None` outside chrono's range.
    pub fn from_milliseconds(milliseconds: i64) -> Option<Self> {
        DateTime::from_timestamp_millis(milliseconds).map(Self)
    }

    /// Parses any form of RFC 3339 within the years 1970 to 2200. The result is in
    /// UTC and truncated to milliseconds.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        let moment = DateTime::parse_from_rfc3339(value)
            .map_err(|_| Invalid::new("must be an RFC 3339 date and time such as 2026-04-05T12:00:00Z"))?
            .with_timezone(&Utc);
        if !(1970..=2200).contains(&moment.year()) {
            return Err(Invalid::new("must lie in the years 1970 to 2200"));
        }
        Self::from_milliseconds(moment.timestamp_millis())
            .ok_or_else(|| Invalid::new("must lie in the years 1970 to 2200"))
    }

    /// The same, or a day such as `2026-04-05`, which means the start of the day.
    pub fn parse_day_or_moment(value: &str) -> Result<Self, Invalid> {
        let day = value.len() == 10 && !value.contains(':');
        let moment = if day { Self::parse(&format!("{value}T00:00:00Z")) } else { Self::parse(value) };
        moment.map_err(|_| {
            Invalid::new("must be a day such as 2026-04-05 or an RFC 3339 date and time, in the years 1970 to 2200")
        })
    }

    /// The same as [`Self::parse`], but the moment must be after `now`.
    pub fn parse_ahead(value: &str, now: Self) -> Result<Self, Invalid> {
        let moment = Self::parse(value)?;
        if moment <= now {
            return Err(Invalid::new("must be in the future"));
        }
        Ok(moment)
    }

    /// The same as [`Self::parse`], but the moment must not be after `now`.
    pub fn parse_past(value: &str, now: Self) -> Result<Self, Invalid> {
        let moment = Self::parse(value)?;
        if moment > now {
            return Err(Invalid::new("must not be in the future"));
        }
        Ok(moment)
    }

    /// Milliseconds since 1970 began.
    pub fn milliseconds(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// Whole seconds since 1970 began, as the consent catalog shows times.
    pub fn seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// Its day in UTC, such as `2026-04-05`.
    pub fn day(self) -> String {
        let mut day = self.to_string();
        day.truncate("2026-04-05".len());
        day
    }

    /// Its year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// This many days of 24 hours later, or the last moment there is.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        Self(self.0.checked_add_signed(Duration::days(i64::from(days))).unwrap_or(DateTime::<Utc>::MAX_UTC))
    }

    /// The same time of day this many calendar months later. If that month is too
    /// short for the day, the last day of the month.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        Self(self.0.checked_add_months(Months::new(months)).unwrap_or(DateTime::<Utc>::MAX_UTC))
    }

    /// A millisecond later, or the last moment there is.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_signed(Duration::milliseconds(1)).unwrap_or(DateTime::<Utc>::MAX_UTC))
    }

    /// This many seconds later, or the last moment there is.
    #[must_use]
    pub fn plus_seconds(self, seconds: u32) -> Self {
        Self(self.0.checked_add_signed(Duration::seconds(i64::from(seconds))).unwrap_or(DateTime::<Utc>::MAX_UTC))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        DateTime::parse_from_rfc3339(&text).map(|moment| Self(moment.with_timezone(&Utc))).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_rfc_3339_form_is_normalised() {
        for (written, shown) in [
            ("2026-04-05T12:00:00Z", "2026-04-05T12:00:00.000Z"),
            ("2026-04-05t12:00:00z", "2026-04-05T12:00:00.000Z"),
            ("2026-04-05T17:30:00.1239+05:30", "2026-04-05T12:00:00.123Z"),
        ] {
            assert_eq!(Timestamp::parse(written).map(|time| time.to_string()), Ok(shown.to_owned()));
        }
    }

    #[test]
    fn invalid_dates_are_errors() {
        for bad in [
            "2026-02-30T00:00:00Z",
            "2026-04-05",
            "2026-04-05T12:00:00",
            "1969-12-31T23:59:59Z",
            "2201-01-01T00:00:00Z",
            "tomorrow",
            "",
        ] {
            assert!(Timestamp::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_means_its_start() {
        let read = |written: &str| Timestamp::parse_day_or_moment(written).map(|time| time.to_string());
        assert_eq!(read("2026-04-05"), Ok("2026-04-05T00:00:00.000Z".to_owned()));
        assert_eq!(read("2026-04-05T01:00:00+05:30"), Ok("2026-04-04T19:30:00.000Z".to_owned()));
        for bad in ["2026-02-30", "2026-4-5", "05-04-2026", "20260405", "2026-04-05Z", "+026-04-05", ""] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_moment_ahead_is_strictly_later() {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        assert!(Timestamp::parse_ahead("2026-01-01T00:00:00Z", now).is_err());
        assert!(Timestamp::parse_ahead("2026-01-01T00:00:00.001Z", now).is_ok());
        assert!(Timestamp::parse_past("2026-01-01T00:00:00Z", now).is_ok());
        assert!(Timestamp::parse_past("2026-01-01T00:00:00.001Z", now).is_err());
    }

    #[test]
    fn a_month_after_the_31st_is_the_last_day_of_the_next() {
        let last_of_january = Timestamp::parse("2026-01-31T10:00:00Z").unwrap();
        assert_eq!(last_of_january.plus_months(1).to_string(), "2026-02-28T10:00:00.000Z");
    }

    proptest! {
        #[test]
        fn a_shown_moment_parses_to_itself(milliseconds in 0i64..7_258_118_400_000) {
            let moment = Timestamp::from_milliseconds(milliseconds).unwrap();
            prop_assert_eq!(Timestamp::parse(&moment.to_string()), Ok(moment));
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = Timestamp::parse(&text);
        }
    }
}
