//! The parts of openapi.yaml.

use saphyr::{Scalar, Yaml};
use serde_json::Value;

/// The whole description.
pub(crate) struct Description<'a> {
    pub(crate) root: &'a Yaml<'a>,
    /// The operations of `paths`, then those of `webhooks`.
    pub(crate) operations: Vec<Operation<'a>>,
}

/// An operation or a webhook.
pub(crate) struct Operation<'a> {
    pub(crate) id: &'a str,
    /// In upper case.
    pub(crate) method: String,
    /// The path, or the name of the webhook.
    pub(crate) path: &'a str,
    pub(crate) is_webhook: bool,
    pub(crate) tag: &'a str,
    pub(crate) summary: &'a str,
    /// The entry of the path, which has the parameters of all its operations.
    pub(crate) item: &'a Yaml<'a>,
    pub(crate) declared: &'a Yaml<'a>,
}

impl<'a> Description<'a> {
    pub(crate) fn new(root: &'a Yaml<'a>) -> Result<Self, String> {
        let mut operations = Vec::new();
        for (member, is_webhook) in [("paths", false), ("webhooks", true)] {
            for (path, item) in members(get(root, member)) {
                for (method, declared) in members(Some(item)).filter(|(name, _)| *name != "parameters") {
                    let missing = |what: &str| format!("{method} {path} has no {what}");
                    let text = |what: &str| text_of(declared, what).ok_or_else(|| missing(what));
                    let tag = items(get(declared, "tags")).find_map(Yaml::as_str);
                    operations.push(Operation {
                        id: text("operationId")?,
                        method: method.to_uppercase(),
                        path,
                        is_webhook,
                        tag: tag.ok_or_else(|| missing("tag"))?,
                        summary: text("summary")?,
                        item,
                        declared,
                    });
                }
            }
        }
        Ok(Self { root, operations })
    }

    /// The components of a kind, such as `schemas`.
    pub(crate) fn components(&self, kind: &str) -> impl Iterator<Item = (&'a str, &'a Yaml<'a>)> {
        members(get(self.root, "components").and_then(|components| get(components, kind)))
    }

    /// What the node refers to, with its name, if it has a `$ref`.
    pub(crate) fn referred(&self, node: &'a Yaml<'a>) -> Result<Option<(&'a str, &'a Yaml<'a>)>, String> {
        let Some(reference) = text_of(node, "$ref") else { return Ok(None) };
        let mut parts = reference.strip_prefix("#/components/").unwrap_or_default().split('/');
        let found = match (parts.next(), parts.next(), parts.next()) {
            (Some(kind), Some(name), None) => self.components(kind).find(|(other, _)| *other == name),
            _ => None,
        };
        found.map(Some).ok_or_else(|| format!("{reference} leads nowhere"))
    }

    /// The node itself, or what it refers to.
    pub(crate) fn resolved(&self, node: &'a Yaml<'a>) -> Result<&'a Yaml<'a>, String> {
        Ok(self.referred(node)?.map_or(node, |(_, referred)| referred))
    }

    /// The value as JSON of several lines, with what each `$ref` in it refers to.
    pub(crate) fn json(&self, value: &'a Yaml<'a>) -> Result<String, String> {
        let mut out = String::new();
        self.write_json(value, 0, &mut out)?;
        Ok(out)
    }

    fn write_json(&self, value: &'a Yaml<'a>, depth: usize, out: &mut String) -> Result<(), String> {
        let value = self.resolved(value)?;
        let (brackets, children): (_, Vec<(Option<&str>, &Yaml<'_>)>) = match value {
            Yaml::Mapping(_) => (['{', '}'], members(Some(value)).map(|(name, value)| (Some(name), value)).collect()),
            Yaml::Sequence(items) => (['[', ']'], items.iter().map(|item| (None, item)).collect()),
            scalar => {
                out.push_str(&self::scalar(scalar)?.to_string());
                return Ok(());
            }
        };
        let [open, close] = brackets;
        let indent = |depth: usize| format!("\n{}", "  ".repeat(depth));
        out.push(open);
        for (index, (name, child)) in children.iter().enumerate() {
            out.push_str(if index > 0 { "," } else { "" });
            out.push_str(&indent(depth + 1));
            if let Some(name) = name {
                out.push_str(&Value::from(*name).to_string());
                out.push_str(": ");
            }
            self.write_json(child, depth + 1, out)?;
        }
        out.push_str(&if children.is_empty() { String::new() } else { indent(depth) });
        out.push(close);
        Ok(())
    }
}

/// A member of a mapping.
pub(crate) fn get<'a>(node: &'a Yaml<'a>, name: &str) -> Option<&'a Yaml<'a>> {
    node.as_mapping_get(name)
}

/// A member of a mapping that is text.
pub(crate) fn text_of<'a>(node: &'a Yaml<'a>, name: &str) -> Option<&'a str> {
    get(node, name)?.as_str()
}

/// The members of a mapping whose names are text. openapi.yaml puts quotes around the others, which are statuses.
pub(crate) fn members<'a>(node: Option<&'a Yaml<'a>>) -> impl Iterator<Item = (&'a str, &'a Yaml<'a>)> {
    node.and_then(Yaml::as_mapping).into_iter().flatten().filter_map(|(name, value)| Some((name.as_str()?, value)))
}

/// The items of a sequence.
pub(crate) fn items<'a>(node: Option<&'a Yaml<'a>>) -> impl Iterator<Item = &'a Yaml<'a>> {
    node.and_then(Yaml::as_sequence).into_iter().flatten()
}

/// A value that is neither a mapping nor a sequence.
pub(crate) fn scalar(value: &Yaml<'_>) -> Result<Value, String> {
    match value {
        Yaml::Value(Scalar::Null) => Ok(Value::Null),
        Yaml::Value(Scalar::Boolean(value)) => Ok(Value::from(*value)),
        Yaml::Value(Scalar::Integer(value)) => Ok(Value::from(*value)),
        Yaml::Value(Scalar::FloatingPoint(value)) => Ok(Value::from(value.into_inner())),
        Yaml::Value(Scalar::String(value)) => Ok(Value::from(value.as_ref())),
        other => Err(format!("{other:?} is no value of JSON")),
    }
}
