//! How soon a recipient has to confirm that it has ceased: an ISO 8601 duration.

use crate::domain::Invalid;
use serde::{Deserialize, Serialize};
use std::{fmt, ops::RangeInclusive};

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;
const WEEK: u32 = 7 * DAY;
/// From one minute to 90 days, in minutes.
const MINUTES: RangeInclusive<u32> = 1..=90 * DAY;

/// A duration of one minute to 90 days. Months and years are not part of it, because they have no fixed length. Two
/// texts of the same duration, as `PT24H` and `P1D`, are equal, and it is shown in days, hours and minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AckWithin {
    minutes: u32,
}

impl AckWithin {
    /// `PnW`, or `PnDTnHnM` of which any parts but all may be left out.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        let minutes = minutes(value).filter(|minutes| MINUTES.contains(minutes)).map(|minutes| Self { minutes });
        minutes.ok_or_else(|| {
            Invalid::new(
                "must be an ISO 8601 duration from PT1M to P90D, in weeks alone, or in days, hours and minutes",
            )
        })
    }

    /// Its seconds.
    pub fn seconds(self) -> u32 {
        self.minutes * 60
    }
}

impl Default for AckWithin {
    /// Seven days.
    fn default() -> Self {
        Self { minutes: WEEK }
    }
}

impl fmt::Display for AckWithin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, hours, minutes) = (self.minutes / DAY, self.minutes % DAY / HOUR, self.minutes % HOUR);
        let part = |count: u32, unit: char| if count == 0 { String::new() } else { format!("{count}{unit}") };
        let time = format!("{}{}", part(hours, 'H'), part(minutes, 'M'));
        write!(formatter, "P{}{}{time}", part(days, 'D'), if time.is_empty() { "" } else { "T" })
    }
}

impl From<AckWithin> for String {
    fn from(duration: AckWithin) -> Self {
        duration.to_string()
    }
}

impl TryFrom<String> for AckWithin {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

/// The minutes of a duration, if it is well-formed and they can be counted.
fn minutes(text: &str) -> Option<u32> {
    let text = text.strip_prefix('P').filter(|text| !text.is_empty())?;
    if let Some(weeks) = text.strip_suffix('W') {
        return number(weeks)?.checked_mul(WEEK);
    }
    let (date, time) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (text, ""),
    };
    let (days, rest) = part(date, 'D')?;
    let (hours, time) = part(time, 'H')?;
    let (minutes, time) = part(time, 'M')?;
    if !rest.is_empty() || !time.is_empty() {
        return None;
    }
    days.checked_mul(DAY)?.checked_add(hours.checked_mul(HOUR)?)?.checked_add(minutes)
}

/// The number before the unit, which is 0 if the unit is left out, and the text after it.
fn part(text: &str, unit: char) -> Option<(u32, &str)> {
    match text.split_once(unit) {
        None => Some((0, text)),
        Some((digits, rest)) => Some((number(digits)?, rest)),
    }
}

/// A number of digits alone: `u32`'s own parser takes a sign, too.
fn number(digits: &str) -> Option<u32> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_duration_is_shown_in_days_hours_and_minutes() {
        for (text, shown, seconds) in [
            ("PT1M", "PT1M", 60),
            ("PT90M", "PT1H30M", 5_400),
            ("PT24H", "P1D", 86_400),
            ("P1W", "P7D", 604_800),
            ("P0DT1H", "PT1H", 3_600),
            ("P1DT1M", "P1DT1M", 86_460),
            ("P007D", "P7D", 604_800),
            ("P89DT23H60M", "P90D", 7_776_000),
        ] {
            let duration = AckWithin::parse(text).unwrap();
            assert_eq!((duration.to_string().as_str(), duration.seconds()), (shown, seconds), "{text}");
        }
        assert_eq!(AckWithin::default().to_string(), "P7D");
    }

    #[test]
    fn what_is_malformed_or_out_of_range_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "P1DT",
            "P7",
            "7D",
            "p7d",
            "P7d",
            "P-7D",
            "P+7D",
            "-P7D",
            "P7.5D",
            "PT0M",
            "P0D",
            "P0W",
            "P1M",
            "P1Y",
            "PT60S",
            "P1DT60S",
            "P1W1D",
            "P1WT1H",
            "PD",
            "PTH",
            "PT1M1H",
            "P1H",
            "PT1D",
            "P1D1D",
            "P 7D",
            "P7D ",
            "PT1H1H",
            "P90DT1M",
            "P91D",
            "P13W",
            "PT129601M",
            "P4294967296D",
            "P99999999999999999999D",
            "PT4294967295H",
            "P\u{0661}D",
        ] {
            assert!(AckWithin::parse(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn each_text_of_a_duration_has_the_same_minutes(days in 0_u32..91, hours in 0_u32..40, minutes in 0_u32..100) {
            let total = days * DAY + hours * HOUR + minutes;
            let parsed = AckWithin::parse(&format!("P{days}DT{hours}H{minutes}M"));
            prop_assert_eq!(parsed.is_ok(), (1..=129_600).contains(&total));
            if let Ok(duration) = parsed {
                prop_assert_eq!(duration.seconds(), total * 60);
                prop_assert_eq!(AckWithin::parse(&duration.to_string()), Ok(duration));
                let stored = serde_json::to_value(duration).unwrap();
                prop_assert_eq!(&stored, &duration.to_string());
                prop_assert_eq!(serde_json::from_value::<AckWithin>(stored).unwrap(), duration);
            }
        }

        #[test]
        fn no_text_causes_a_panic_and_what_parses_is_shown_once(text in "P?[0-9]{0,11}[WDTHMS.]?T?[0-9]{0,11}[HMS]?\\PC?") {
            if let Ok(duration) = AckWithin::parse(&text) {
                let shown = duration.to_string();
                prop_assert_eq!(AckWithin::parse(&shown).map(|again| again.to_string()), Ok(shown));
            }
        }
    }
}
