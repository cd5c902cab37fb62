//! Converts openapi.yaml to JSON for the function `openapi`, to web pages for the functions of `/docs`, and the schema of
//! receipts for the function that publishes it. Parsing YAML at each start would take longer than everything else that
//! the functions do then.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

const DESCRIPTION: &str = "../openapi.yaml";
/// Where the schemas of openapi.yaml are, and where those of a JSON Schema of its own.
const SCHEMAS: (&str, &str) = ("#/components/schemas/", "#/$defs/");

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DESCRIPTION}");
    let text = fs::read_to_string(DESCRIPTION)?;
    let documents = Yaml::load_from_str(&text)?;
    let description = documents.first().and_then(json).ok_or("openapi.yaml has a value that JSON cannot express")?;
    let receipt = schema(&description, "Receipt").ok_or("openapi.yaml lacks a schema that a receipt refers to")?;
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("openapi.json"), description.to_string())?;
    fs::write(Path::new(&folder).join("consent-receipt.json"), receipt.to_string())?;
    write_reference(&text, Path::new(&folder))
}

/// Writes the pages of `/docs`, and a Rust file that lists them.
fn write_reference(text: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    let reference = assent_reference::render(text)?;
    println!("cargo::rustc-env=REFERENCE_POLICY={}", reference.policy);
    fs::write(folder.join("reference.html"), reference.index)?;
    fs::create_dir_all(folder.join("reference"))?;
    let mut list = "&[\n".to_owned();
    for (name, page) in reference.pages {
        fs::write(folder.join("reference").join(format!("{name}.html")), page)?;
        writeln!(list, "    (\"{name}\", include_str!(\"reference/{name}.html\")),")?;
    }
    list.push_str("]\n");
    fs::write(folder.join("reference.rs"), list)?;
    Ok(())
}

/// A schema of the description as a JSON Schema by itself, with all that it refers to.
fn schema(description: &Value, name: &str) -> Option<Value> {
    let mut definitions = Map::new();
    let mut referred = vec![name.to_owned()];
    while let Some(name) = referred.pop() {
        if !definitions.contains_key(&name) {
            let mut schema = description.pointer("/components/schemas")?.get(&name)?.clone();
            move_references(&mut schema, &mut referred);
            definitions.insert(name, schema);
        }
    }
    Some(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("{}{name}", SCHEMAS.1),
        "$defs": definitions,
    }))
}

/// Makes references point to the definitions of a schema by itself, and collects their names.
fn move_references(schema: &mut Value, referred: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && let Some(name) = reference.strip_prefix(SCHEMAS.0).map(str::to_owned)
            {
                *reference = format!("{}{name}", SCHEMAS.1);
                referred.push(name);
            }
            members.values_mut().for_each(|member| move_references(member, referred));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| move_references(item, referred)),
        _ => {}
    }
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
