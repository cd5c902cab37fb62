//! `GET /openapi.json`: this API's own description, openapi.yaml as JSON. No
//! key is needed.

use assent_shared::api::{self, Answer, Method};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let documents = Yaml::load_from_str(include_str!("../openapi.yaml"))?;
    let description = documents.first().and_then(json).ok_or("openapi.yaml holds what JSON cannot")?;
    api::serve_everyone(Method::Get, "/openapi.json", async || Ok(Answer::ok(&description))).await
}

fn json(node: &Yaml<'_>) -> Option<Value> {
    Some(match node {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => Value::from(*value),
        Yaml::Value(Scalar::Integer(value)) => Value::from(*value),
        Yaml::Value(Scalar::FloatingPoint(value)) => Value::from(value.into_inner()),
        Yaml::Value(Scalar::String(value)) => Value::from(value.as_ref()),
        Yaml::Sequence(items) => Value::Array(items.iter().map(json).collect::<Option<_>>()?),
        Yaml::Mapping(members) => {
            let members = members.iter().map(|(name, value)| Some((name_of(name)?, json(value)?)));
            Value::Object(members.collect::<Option<Map<_, _>>>()?)
        }
        _ => return None,
    })
}

/// A member's name; a status such as `200` reads as a number.
fn name_of(name: &Yaml<'_>) -> Option<String> {
    match json(name)? {
        Value::String(name) => Some(name),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
