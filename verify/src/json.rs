//! Parses JSON strictly, so that all readers see the same values in it.

use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// Parses the JSON values that follow one another in a text. An object with a repeated member is an error.
pub(crate) fn values(text: &[u8]) -> Result<Vec<Value>, serde_json::Error> {
    let values = serde_json::Deserializer::from_slice(text).into_iter::<Strict>();
    values.map(|value| value.map(|Strict(value)| value)).collect()
}

/// Parses the only JSON value of a text.
pub(crate) fn value(text: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice::<Strict>(text).map(|Strict(value)| value)
}

/// The text of a member.
pub(crate) fn text<'a>(object: &'a Value, member: &str) -> Result<&'a str, String> {
    object.get(member).and_then(Value::as_str).ok_or_else(|| format!("it has no {member}"))
}

/// The RFC 8785 canonical JSON.
pub(crate) fn canonical(value: &Value) -> Option<String> {
    serde_json_canonicalizer::to_string(value).ok()
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> DeserializeSeed<'de> for StrictVisitor {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element_seed(StrictVisitor)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.insert(name, members.next_value_seed(StrictVisitor)?).is_some() {
                return Err(A::Error::custom("an object has the same member twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_may_follow_one_another() {
        assert_eq!(values(b"{\"a\":1}\n[2] 3.5 \"x\"").unwrap(), [json!({"a": 1}), json!([2]), json!(3.5), json!("x")]);
        assert!(values(b" \n").unwrap().is_empty());
        assert!(value(b"{} {}").is_err());
    }

    #[test]
    fn ambiguous_and_malformed_json_is_an_error() {
        for bad in ["{", "{} {", r#"{"a":1,"a":2}"#, r#"[{"b":{"c":1,"c":1}}]"#, "1e999", "NaN", &"[".repeat(10_000)] {
            assert!(values(bad.as_bytes()).is_err(), "{bad:.20}");
        }
        assert!(values(&[b'"', 0xff, b'"']).is_err());
    }
}
