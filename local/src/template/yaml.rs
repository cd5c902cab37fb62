//! Converts YAML with CloudFormation's short tags to JSON with their long forms: `!Ref A` becomes `{"Ref": "A"}`.

use saphyr::{LoadableYamlNode as _, Scalar, Tag, Yaml};
use serde_json::{Map, Number, Value, json};

/// Reads one YAML document.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let documents = Yaml::load_from_str(text).map_err(|error| error.to_string())?;
    match documents.as_slice() {
        [document] => json(document),
        documents => Err(format!("one YAML document is expected, but there are {}", documents.len())),
    }
}

fn json(node: &Yaml<'_>) -> Result<Value, String> {
    match node {
        Yaml::Value(scalar) => scalar_json(scalar),
        Yaml::Sequence(items) => items.iter().map(json).collect::<Result<_, _>>().map(Value::Array),
        Yaml::Mapping(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                object.insert(key_text(key)?, json(value)?);
            }
            Ok(Value::Object(object))
        }
        Yaml::Tagged(tag, value) => tagged(tag, json(value)?),
        Yaml::Representation(..) | Yaml::Alias(_) | Yaml::BadValue => Err("a value that YAML cannot read".to_owned()),
    }
}

fn scalar_json(scalar: &Scalar<'_>) -> Result<Value, String> {
    Ok(match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => Value::Bool(*value),
        Scalar::Integer(value) => Value::from(*value),
        Scalar::FloatingPoint(value) => {
            Value::Number(Number::from_f64(value.into_inner()).ok_or("a number that is not finite")?)
        }
        Scalar::String(value) => Value::String(value.to_string()),
    })
}

/// The key of a mapping as text: `200:` is the text "200".
fn key_text(key: &Yaml<'_>) -> Result<String, String> {
    match json(key)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(value) => Ok(value.to_string()),
        other => Err(format!("{other} cannot be a key")),
    }
}

fn tagged(tag: &Tag, value: Value) -> Result<Value, String> {
    if tag.is_yaml_core_schema() {
        return Ok(value);
    }
    Ok(match tag.suffix.as_str() {
        "Ref" => json!({ "Ref": value }),
        "Condition" => json!({ "Condition": value }),
        "GetAtt" => {
            let value = match &value {
                Value::String(text) => {
                    let (resource, attribute) =
                        text.split_once('.').ok_or_else(|| format!("!GetAtt {text} names no attribute"))?;
                    json!([resource, attribute])
                }
                _ => value,
            };
            json!({ "Fn::GetAtt": value })
        }
        function => {
            let mut object = Map::new();
            object.insert(format!("Fn::{function}"), value);
            Value::Object(object)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_tags_become_their_long_forms() {
        let value = parse(
            "a: !Ref Table\nb: !Sub 'x-${Table}'\nc: !GetAtt Function.Arn\nd: !GetAtt [Function, Arn]\n\
             e: !Join [',', [!Ref A, b]]\nf: !If [C, 1, 2]",
        );
        assert_eq!(
            value,
            Ok(json!({
                "a": {"Ref": "Table"},
                "b": {"Fn::Sub": "x-${Table}"},
                "c": {"Fn::GetAtt": ["Function", "Arn"]},
                "d": {"Fn::GetAtt": ["Function", "Arn"]},
                "e": {"Fn::Join": [",", [{"Ref": "A"}, "b"]]},
                "f": {"Fn::If": ["C", 1, 2]},
            }))
        );
    }

    #[test]
    fn scalars_keep_their_types() {
        let value = parse("a: 1\nb: '1'\nc: true\nd: ~\ne: 1.5\nf: 2010-09-09\n200: x\ng: >-\n  two\n  lines");
        assert_eq!(
            value,
            Ok(json!({
                "a": 1, "b": "1", "c": true, "d": null, "e": 1.5, "f": "2010-09-09", "200": "x", "g": "two lines"
            }))
        );
    }

    #[test]
    fn malformed_documents_are_errors() {
        for text in ["a: [1", "a: 1\n---\nb: 2", "a: 1\na: 2", "", "!GetAtt Function"] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
