//! CloudFormation's intrinsic functions that template.yaml uses.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The values of a template's names: parameters, the logical ids of resources, and conditions.
#[derive(Debug, Default)]
pub(super) struct Names {
    values: BTreeMap<String, Value>,
    conditions: Map<String, Value>,
}

/// The account in local ARNs.
pub(crate) const ACCOUNT: &str = "000000000000";
/// The region in local ARNs.
pub(crate) const REGION: &str = "us-east-1";

impl Names {
    /// Reads the template's parameters, with the values given here, or their defaults. A parameter without a default, which
    /// must be given on AWS, is "".
    pub(super) fn of(template: &Value, given: &Map<String, Value>) -> Self {
        let mut values = BTreeMap::from([
            ("AWS::AccountId".to_owned(), Value::from(ACCOUNT)),
            ("AWS::Partition".to_owned(), Value::from("aws")),
            ("AWS::Region".to_owned(), Value::from(REGION)),
            ("AWS::StackName".to_owned(), Value::from("local")),
            ("AWS::URLSuffix".to_owned(), Value::from("amazonaws.com")),
        ]);
        let parameters = template.get("Parameters").and_then(Value::as_object);
        for (name, parameter) in parameters.into_iter().flatten() {
            let value = given.get(name).or_else(|| parameter.get("Default"));
            values.insert(name.clone(), value.cloned().unwrap_or_else(|| Value::from("")));
        }
        let conditions = template.get("Conditions").and_then(Value::as_object).cloned().unwrap_or_default();
        Self { values, conditions }
    }

    /// Gives a name a value: `Data.Outputs.Stream` is the output of a nested stack.
    pub(super) fn define(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// Replaces `Ref`, `Sub`, `GetAtt`, `Join` and `If` everywhere. Other functions are left unchanged, and are an error
    /// where their property is read.
    pub(super) fn resolve(&self, value: &Value) -> Value {
        match self.chosen(value) {
            Value::Array(items) => {
                let kept = items.iter().filter(|item| !self.is_absent(item));
                Value::Array(kept.map(|item| self.resolve(item)).collect())
            }
            Value::Object(object) => self.intrinsic(object).unwrap_or_else(|| {
                let kept = object.iter().filter(|(_, value)| !self.is_absent(value));
                Value::Object(kept.map(|(key, value)| (key.clone(), self.resolve(value))).collect())
            }),
            scalar => scalar.clone(),
        }
    }

    /// What remains of a value whose `If`s are decided.
    fn chosen<'value>(&self, value: &'value Value) -> &'value Value {
        let parts = only(value).filter(|(function, _)| *function == "Fn::If");
        let Some([Value::String(condition), then, otherwise]) =
            parts.and_then(|(_, parts)| parts.as_array()).map(Vec::as_slice)
        else {
            return value;
        };
        match self.is_met(condition) {
            Some(met) => self.chosen(if met { then } else { otherwise }),
            None => value,
        }
    }

    fn is_absent(&self, value: &Value) -> bool {
        self.chosen(value).get("Ref").and_then(Value::as_str) == Some("AWS::NoValue")
    }

    /// Whether a condition is met. `None` if it is unknown, or uses functions that are not supported here.
    pub(super) fn is_met(&self, condition: &str) -> Option<bool> {
        self.is_true(self.conditions.get(condition)?)
    }

    fn is_true(&self, expression: &Value) -> Option<bool> {
        let (function, argument) = only(expression)?;
        if function == "Condition" {
            return self.is_met(argument.as_str()?);
        }
        let arguments = argument.as_array()?;
        let mut terms = arguments.iter().map(|term| self.is_true(term));
        match (function, arguments.as_slice()) {
            ("Fn::Equals", [left, right]) => Some(text(&self.resolve(left))? == text(&self.resolve(right))?),
            ("Fn::Not", [_]) => terms.next()?.map(|met| !met),
            ("Fn::And", _) => terms.try_fold(true, |all, met| Some(all && met?)),
            ("Fn::Or", _) => terms.try_fold(false, |any, met| Some(any || met?)),
            _ => None,
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
                Some(self.reference(&format!("{}.{}", resource.as_str()?, attribute.as_str()?)))
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

    /// The value of a name, or the name itself, which is the logical id of a resource, or an attribute of one.
    fn reference(&self, name: &str) -> Value {
        self.values.get(name).cloned().unwrap_or_else(|| Value::from(name))
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

/// The function and the argument of `{"Ref": "Name"}` and the like.
fn only(value: &Value) -> Option<(&str, &Value)> {
    let mut entries = value.as_object()?.iter();
    let entry = entries.next()?;
    entries.next().is_none().then_some((entry.0.as_str(), entry.1))
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
        let template = json!({
            "Parameters": {"Stage": {"Default": "live"}, "Days": {"Default": 30}, "Given": {"Default": "before"}},
            "Conditions": {
                "IsLive": {"Fn::Equals": [{"Ref": "Stage"}, "live"]},
                "IsOther": {"Fn::Not": [{"Condition": "IsLive"}]},
                "Both": {"Fn::And": [{"Condition": "IsLive"}, {"Condition": "IsOther"}]},
                "Either": {"Fn::Or": [{"Condition": "IsOther"}, {"Fn::Equals": [{"Ref": "Days"}, "30"]}]},
                "Unread": {"Fn::Equals": [{"Fn::Select": [0, ["a"]]}, "a"]},
            },
        });
        let mut names = Names::of(&template, &Map::from_iter([("Given".to_owned(), Value::from("given"))]));
        names.define("Data.Outputs.Stream", Value::from("Table.StreamArn"));
        names.resolve(value)
    }

    #[test]
    fn references_are_defaults_or_logical_ids() {
        assert_eq!(resolved(&json!({"Ref": "Stage"})), json!("live"));
        assert_eq!(resolved(&json!({"Ref": "Days"})), json!(30));
        assert_eq!(resolved(&json!({"Ref": "GrantsTable"})), json!("GrantsTable"));
        assert_eq!(resolved(&json!({"Fn::GetAtt": ["Authorizer", "Arn"]})), json!("Authorizer.Arn"));
        assert_eq!(resolved(&json!({"Ref": "Given"})), json!("given"));
        assert_eq!(resolved(&json!({"Fn::GetAtt": ["Data", "Outputs.Stream"]})), json!("Table.StreamArn"));
    }

    #[test]
    fn a_condition_chooses_a_value_or_none() {
        for (condition, chosen) in [("IsLive", 1), ("IsOther", 2), ("Both", 2), ("Either", 1)] {
            assert_eq!(resolved(&json!([{"Fn::If": [condition, 1, 2]}])), json!([chosen]), "{condition}");
        }
        let nested = json!({"a": {"Fn::If": ["IsOther", 1, {"Fn::If": ["IsLive", {"Ref": "Stage"}, 2]}]}});
        assert_eq!(resolved(&nested), json!({"a": "live"}));
        let absent = json!({"Fn::If": ["IsLive", {"Ref": "AWS::NoValue"}, 1]});
        assert_eq!(resolved(&json!({"a": absent, "b": [absent, 2]})), json!({"b": [2]}));
        let unread = json!({"a": {"Fn::If": ["Unread", 1, 2]}});
        assert_eq!(resolved(&unread), unread);
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
