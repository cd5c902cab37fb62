//! Converts openapi.yaml to JSON for the function `openapi`. Parsing YAML at each
//! start would take longer than everything else that the function does then.

use std::{env, error::Error, fs, path::Path};

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value};

const DESCRIPTION: &str = "../openapi.yaml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DESCRIPTION}");
    let text = fs::read_to_string(DESCRIPTION)?;
    let documents = Yaml::load_from_str(&text)?;
    let description = documents.first().and_then(json).ok_or("openapi.yaml has a value that JSON cannot express")?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("openapi.json"), description.to_string())?;
    Ok(())
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

/// The name of a member. A status such as `200` is parsed as a number.
fn name_of(name: &Yaml<'_>) -> Option<String> {
    match json(name)? {
        Value::String(name) => Some(name),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
