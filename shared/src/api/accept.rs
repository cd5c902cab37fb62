//! `Accept` (RFC 9110, section 12.5.1): which of the media types of a response a
//! client prefers.

use crate::api::{Request, Response};

/// The weight of a media range without `q`, in thousandths.
const FULL: u16 = 1000;

impl Request {
    /// Which of these media types the client prefers, and the first of them if it
    /// accepts none or has no preference: a response in another type than asked for is
    /// of more use than none.
    pub fn preferred(&self, offered: &[&'static str]) -> &'static str {
        let accepted = self.http.list_header("Accept").unwrap_or_default();
        preferred(&accepted, offered)
    }
}

impl Response {
    /// Sets the media type, which [`Request::preferred`] has chosen.
    #[must_use]
    pub fn negotiated(self, media_type: &str) -> Self {
        self.with("Content-Type", media_type.to_owned()).with("Vary", "Accept".to_owned())
    }
}

fn preferred(accepted: &str, offered: &[&'static str]) -> &'static str {
    let ranges: Vec<(&str, u16)> = split(accepted, ',').into_iter().filter_map(range).collect();
    let (mut best, mut most) = (offered.first().copied().unwrap_or_default(), 0);
    for media_type in offered {
        let weight = weight(&ranges, media_type);
        if weight > most {
            (best, most) = (media_type, weight);
        }
    }
    best
}

/// The weight of a media type: that of the most specific range that includes it.
fn weight(ranges: &[(&str, u16)], media_type: &str) -> u16 {
    let kind = media_type.split('/').next().unwrap_or_default();
    let matching = ranges.iter().filter_map(|(range, weight)| {
        let specificity = match range.split_once('/') {
            _ if range.eq_ignore_ascii_case(media_type) => 2,
            Some((of, "*")) if of.eq_ignore_ascii_case(kind) => 1,
            Some(("*", "*")) => 0,
            _ => return None,
        };
        Some((specificity, *weight))
    });
    matching.max().map_or(0, |(_, weight)| weight)
}

/// A media range and its weight. Its other parameters do not matter, because no
/// response differs in them. `None` if the weight is malformed.
fn range(element: &str) -> Option<(&str, u16)> {
    let mut parts = split(element, ';').into_iter();
    let range = parts.next()?;
    let weights = parts.filter_map(|parameter| parameter.split_once('='));
    match weights.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("q")) {
        None => Some((range, FULL)),
        Some((_, weight)) => Some((range, thousandths(weight)?)),
    }
}

/// A weight of 0 to 1 with at most three decimals (RFC 9110, section 12.4.2).
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(whole, "0" | "1") {
        return None;
    }
    format!("{whole}{decimals:0<3}").parse().ok().filter(|weight| *weight <= FULL)
}

/// The trimmed parts between separators that are not within a quoted string.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let parts = text.split(|c| {
        let is_separator = c == separator && !quoted;
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        is_separator
    });
    parts.map(|part| part.trim_matches([' ', '\t'])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const JSON: &str = "application/json";
    const LINKED: &str = "application/ld+json";

    fn chosen(accepted: &str) -> &'static str {
        preferred(accepted, &[JSON, LINKED])
    }

    #[test]
    fn the_type_with_the_greatest_weight_is_chosen() {
        for accepted in [
            "application/ld+json",
            "APPLICATION/LD+JSON",
            "application/json;q=0.5, application/ld+json;q=0.501",
            "application/json;q=0, */*",
            "text/html, application/ld+json;q=0.1",
            "application/*;q=0.2,application/ld+json",
            "application/ld+json;profile=\"http://www.w3.org/ns/json-ld#compacted\"",
            "text/x;a=\"\\\",application/json\", application/ld+json",
            "application/json;q=0.9\t,\tapplication/ld+json ; q=1.000",
        ] {
            assert_eq!(chosen(accepted), LINKED, "{accepted}");
        }
    }

    #[test]
    fn the_first_type_is_chosen_without_a_preference_for_another() {
        for accepted in [
            "",
            "*/*",
            "application/*",
            "application/json",
            "application/json, application/ld+json",
            "application/ld+json;q=0.5, */*",
            "application/ld+json;q=0",
            "application/ld+json;q=1.001",
            "application/ld+json;q=2",
            "application/ld+json;q=-1",
            "application/ld+json;q=0.0001",
            "application/ld+json;q=",
            "application/ld+json;Q=0",
            "text/html",
            "application/ld",
            "ld+json",
            "*/ld+json",
            ",;,=;q",
            "\"application/ld+json",
            "text/x;a=\", application/ld+json",
        ] {
            assert_eq!(chosen(accepted), JSON, "{accepted}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(accepted in any::<String>()) {
            prop_assert!([JSON, LINKED].contains(&chosen(&accepted)));
        }

        #[test]
        fn a_weight_orders_as_its_number(left in 0_u16..=1000, right in 0_u16..=1000) {
            let written = |weight: u16| format!("{}.{:03}", weight / 1000, weight % 1000);
            let accepted = format!("{JSON};q={}, {LINKED};q={}", written(left), written(right));
            prop_assert_eq!(chosen(&accepted), if right > left { LINKED } else { JSON });
        }
    }
}
