//! Compares a whole JSON body with an expected one in which ids and times are placeholders.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;
use ulid::Ulid;
use uuid::Uuid;

/// Fails with every difference between the two, field by field.
///
/// Placeholders in `expected`:
/// `<time>` (ISO 8601, UTC, milliseconds), `<uuid>`, `<sha256>` (lowercase hex), `<text>` (not
/// empty), `<any text>`, `<epoch seconds>` (a whole number near now), `<ip>`, and `<ntc_>`, `<cr_>`, `<grnt_>`
/// (that prefix and a ULID).
#[track_caller]
pub fn assert_like(actual: &Value, expected: &Value) {
    let mut differences = Vec::new();
    compare("", actual, expected, &mut differences);
    assert!(differences.is_empty(), "the body differs:\n  {}\nwhole body: {actual:#}", differences.join("\n  "));
}

fn compare(path: &str, actual: &Value, expected: &Value, differences: &mut Vec<String>) {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            for (name, expected) in expected {
                match actual.get(name) {
                    Some(actual) => compare(&format!("{path}.{name}"), actual, expected, differences),
                    None => differences.push(format!("{path}.{name} is missing")),
                }
            }
            for (name, value) in actual {
                if !expected.contains_key(name) {
                    differences.push(format!("{path}.{name} is not expected: {value}"));
                }
            }
        }
        (Value::Array(actual), Value::Array(expected)) if actual.len() == expected.len() => {
            for (index, (actual, expected)) in actual.iter().zip(expected).enumerate() {
                compare(&format!("{path}[{index}]"), actual, expected, differences);
            }
        }
        (actual, Value::String(kind)) if is_kind(kind) => {
            differences.extend((!is_of_kind(actual, kind)).then(|| format!("{path} is not {kind}: {actual}")));
        }
        (actual, expected) => {
            differences.extend((actual != expected).then(|| format!("{path} is {actual}, expected {expected}")));
        }
    }
}

fn is_kind(text: &str) -> bool {
    text.starts_with('<') && text.ends_with('>')
}

fn is_of_kind(value: &Value, kind: &str) -> bool {
    if kind == "<epoch seconds>" {
        return value.as_i64().is_some_and(|seconds| (now().timestamp() - seconds).abs() < 3600);
    }
    let Some(text) = value.as_str() else { return false };
    match kind {
        "<time>" => is_time(text),
        "<uuid>" => text.len() == 36 && Uuid::parse_str(text).is_ok(),
        "<sha256>" => text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
        "<any text>" => true,
        "<text>" => !text.trim().is_empty(),
        "<ip>" => text.parse::<std::net::IpAddr>().is_ok(),
        _ => kind
            .strip_prefix('<')
            .and_then(|kind| kind.strip_suffix('>'))
            .and_then(|prefix| text.strip_prefix(prefix))
            .is_some_and(|id| id.len() == 26 && Ulid::from_string(id).is_ok()),
    }
}

/// The machine's time.
#[expect(clippy::disallowed_methods, reason = "what is tested runs by the real clock")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Whether this is a time as responses write it: `2026-04-05T12:00:00.000Z`.
pub fn is_time(text: &str) -> bool {
    text.len() == 24 && NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.3fZ").is_ok()
}

/// Parses a time of a response.
#[track_caller]
pub fn time(value: &Value) -> DateTime<Utc> {
    let text = value.as_str().unwrap_or_default();
    assert!(is_time(text), "not a time: {value}");
    text.parse().expect("a time in RFC 3339")
}

/// Formats a time as responses do.
pub fn as_text(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn placeholders_are_recognised() {
        let actual = json!({
            "id": "ntc_01ARZ3NDEKTSV4RRFFQ69G5FAV", "at": "2026-04-05T12:00:00.000Z",
            "list": [1, {"key": "00000000-0000-0000-0000-000000000000"}],
        });
        assert_like(&actual, &json!({"id": "<ntc_>", "at": "<time>", "list": [1, {"key": "<uuid>"}]}));
    }

    #[test]
    fn every_difference_is_named() {
        let mut differences = Vec::new();
        compare(
            "",
            &json!({"id": "cr_01ARZ3NDEKTSV4RRFFQ69G5FAV", "at": "2026-04-05T12:00:00Z", "more": 1}),
            &json!({"id": "<ntc_>", "at": "<time>", "less": 1}),
            &mut differences,
        );
        assert_eq!(differences.len(), 4, "{differences:?}");
    }
}
