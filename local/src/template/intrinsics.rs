//! CloudFormation's intrinsic functions that template.yaml uses.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The values of a template's names: the defaults of parameters, and the logical ids of resources.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, Value>);

/// The account in local ARNs.
pub(crate) const ACCOUNT: &str = "000000000000";
/// The region in local ARNs.
pub(crate) const REGION: &str = "us-east-1";

impl Names {
    /// Reads the defaults of the template's parameters. A parameter without a default, which must be given on AWS, is "".
    pub(super) fn of(template: &Value) -> Self {
        let mut names = BTreeMap::from([
            ("AWS::AccountId".to_owned(), Value::from(ACCOUNT)),
            ("AWS::Partition".to_owned(), Value::from("aws")),
            ("AWS::Region".to_owned(), Value::from(REGION)),
            ("AWS::StackName".to_owned(), Value::from("local")),
            ("AWS::URLSuffix".to_owned(), Value::from("amazonaws.com")),
        ]);
        let parameters = template.get("Parameters").and_then(Value::as_object);
        for (name, parameter) in parameters.into_iter().flatten() {
            let default = parameter.get("Default").cloned().unwrap_or_else(|| Value::from(""));
            names.insert(name.clone(), default);
        }
        Self(names)
    }

    /// Replaces `Ref`, `Sub`, `GetAtt` and `Join` everywhere. Other functions are left unchanged, and are an error where
    /// their property is read.
    pub(super) fn resolve(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => {
                Value::Array(items.iter().filter(|item| !is_no_value(item)).map(|item| self.resolve(item)).collect())
            }
            Value::Object(object) => self.intrinsic(object).unwrap_or_else(|| {
                let kept = object.iter().filter(|(_, value)| !is_no_value(value));
                Value::Object(kept.map(|(key, value)| (key.clone(), self.resolve(value))).collect())
            }),
            scalar => scalar.clone(),
        }
    }

    fn intrinsic(&self, object: &Map<String, Value>) -> Option<Value> {
        let mut entries = object.iter();
        let (Some((function, argument)), None) = (entries.next(), entries.next()) else { return None };
        match function.as_str() {
            "Ref" => Some(self.reference(argument.as_str()?)),
            "Fn::GetAtt" => {
                let argument = self.resolve(argument);
                let [resource, attribute] = argument.as_array()?.as_slice() else { return None };
                Some(Value::from(format!("{}.{}", resource.as_str()?, attribute.as_str()?)))
            }
            "Fn::Sub" => match argument {
                Value::String(text) => Some(Value::from(self.substitute(text, &Map::new()))),
                Value::Array(parts) => {
                    let [Value::String(text), Value::Object(variables)] = parts.as_slice() else { return None };
                    Some(Value::from(self.substitute(text, variables)))
                }
                _ => None,
            },
            "Fn::Join" => {
                let [Value::String(separator), parts] = argument.as_array()?.as_slice() else { return None };
                let parts = self.resolve(parts);
                let parts: Option<Vec<_>> = parts.as_array()?.iter().map(text).collect();
                Some(Value::from(parts?.join(separator)))
            }
            _ => None,
        }
    }

    /// The default of a parameter, or the name itself, which is the logical id of a resource.
    fn reference(&self, name: &str) -> Value {
        self.0.get(name).cloned().unwrap_or_else(|| Value::from(name))
    }

    /// Replaces `${Name}` and `${Resource.Attribute}`. `${!Name}` is a literal `${Name}`.
    fn substitute(&self, template: &str, variables: &Map<String, Value>) -> String {
        let mut result = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            result.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                result.push_str("${");
                rest = after;
                continue;
            };
            if let Some(literal) = name.strip_prefix('!') {
                result.push_str("${");
                result.push_str(literal);
                result.push('}');
            } else {
                let value = match variables.get(name) {
                    Some(value) => self.resolve(value),
                    None => self.reference(name),
                };
                result.push_str(&text(&value).unwrap_or_default());
            }
            rest = after;
        }
        result.push_str(rest);
        result
    }
}

fn is_no_value(value: &Value) -> bool {
    value.get("Ref").and_then(Value::as_str) == Some("AWS::NoValue")
}

/// A scalar as text, in CloudFormation's format.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resolved(value: &Value) -> Value {
        Names::of(&json!({"Parameters": {"Stage": {"Default": "live"}, "Days": {"Default": 30}}})).resolve(value)
    }

    #[test]
    fn references_are_defaults_or_logical_ids() {
        assert_eq!(resolved(&json!({"Ref": "Stage"})), json!("live"));
        assert_eq!(resolved(&json!({"Ref": "Days"})), json!(30));
        assert_eq!(resolved(&json!({"Ref": "GrantsTable"})), json!("GrantsTable"));
        assert_eq!(resolved(&json!({"Fn::GetAtt": ["Authorizer", "Arn"]})), json!("Authorizer.Arn"));
    }

    #[test]
    fn substitutions_replace_variables_and_resources_but_not_literals() {
        let sub = json!({"Fn::Sub": ["${A}/${Stage}/${Days}/${Table.Arn}/${!Kept}/$", {"A": {"Ref": "Stage"}}]});
        assert_eq!(resolved(&sub), json!("live/live/30/Table.Arn/${Kept}/$"));
        assert_eq!(resolved(&json!({"Fn::Sub": "open ${"})), json!("open ${"));
        assert_eq!(resolved(&json!({"Fn::Join": ["-", ["a", {"Ref": "Stage"}, 3]]})), json!("a-live-3"));
    }

    #[test]
    fn absent_values_vanish_and_unknown_functions_stay() {
        let value =
            json!({"a": {"Ref": "AWS::NoValue"}, "b": [1, {"Ref": "AWS::NoValue"}], "c": {"Fn::If": ["x", 1, 2]}});
        assert_eq!(resolved(&value), json!({"b": [1], "c": {"Fn::If": ["x", 1, 2]}}));
    }
}
