//! Puts the resources of a template and of the local templates in its nested stacks together.

use serde_json::{Map, Value};

use super::intrinsics::Names;
use super::yaml;

/// The parameters that stacks get here, whatever the template gives them: a table has its logical id as its name.
const HERE: [(&str, &str); 2] = [("TablePrefix", ""), ("TableArnPrefix", "")];

/// The resources of all stacks by their logical ids, of which none may occur twice, without those whose condition is not
/// met. References are resolved, and the properties of SAM's resources are over the globals of their kind. `nested` are the
/// paths and texts of the templates that the template may name.
pub(super) fn resources(text: &str, nested: &[(&str, &str)]) -> Result<Map<String, Value>, String> {
    let root = yaml::parse(text)?;
    let mut names = Names::of(&root, &Map::new());
    let mut found = Map::new();
    let mut waiting: Vec<_> = members(&root, "Resources")
        .filter(|(_, resource)| kind(resource) == Some("AWS::CloudFormation::Stack"))
        .map(|(id, resource)| (id, resource.get("Properties").unwrap_or(&Value::Null)))
        .collect();
    while let Some(first) = waiting.first() {
        // A stack may get outputs of others, which come first.
        let ready = waiting.iter().position(|(_, stack)| missing_output(&names.resolve(stack)).is_none());
        let Some(ready) = ready else {
            let missing = missing_output(&names.resolve(first.1)).unwrap_or_default();
            return Err(format!("{}.{missing}: no stack has this output", first.0));
        };
        let (id, stack) = waiting.remove(ready);
        let stack = names.resolve(stack);
        let path = stack.get("TemplateURL").and_then(Value::as_str).unwrap_or_default();
        let (_, text) = nested
            .iter()
            .find(|(known, _)| *known == path)
            .ok_or_else(|| format!("{id}: the template {path} does not belong to this program"))?;
        let document = yaml::parse(text).map_err(|reason| format!("{path}: {reason}"))?;
        let mut parameters = stack.get("Parameters").and_then(Value::as_object).cloned().unwrap_or_default();
        for (name, value) in HERE {
            if parameters.contains_key(name) {
                parameters.insert(name.to_owned(), Value::from(value));
            }
        }
        let inner = Names::of(&document, &parameters);
        let document = inner.resolve(&document);
        for (name, output) in members(&document, "Outputs") {
            names.define(&format!("{id}.Outputs.{name}"), output.get("Value").cloned().unwrap_or_default());
        }
        add(&document, &inner, &mut found).map_err(|reason| format!("{path}: {reason}"))?;
    }
    add(&names.resolve(&root), &names, &mut found)?;
    Ok(found)
}

fn add(document: &Value, names: &Names, found: &mut Map<String, Value>) -> Result<(), String> {
    for (id, resource) in members(document, "Resources") {
        let condition = resource.get("Condition").and_then(Value::as_str);
        if condition.and_then(|condition| names.is_met(condition)) == Some(false) {
            continue;
        }
        let mut resource = resource.clone();
        let sort = kind(&resource).and_then(|kind| kind.strip_prefix("AWS::Serverless::"));
        if let Some(globals) = sort.and_then(|sort| document.pointer(&format!("/Globals/{sort}"))) {
            let mut properties = globals.clone();
            overlay(&mut properties, resource.get("Properties").unwrap_or(&Value::Null));
            if let Some(resource) = resource.as_object_mut() {
                resource.insert("Properties".to_owned(), properties);
            }
        }
        if found.insert(id.clone(), resource).is_some() {
            return Err(format!("another stack has a resource {id}, too"));
        }
    }
    Ok(())
}

fn members<'a>(document: &'a Value, section: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    document.get(section).and_then(Value::as_object).into_iter().flatten()
}

fn kind(resource: &Value) -> Option<&str> {
    resource.get("Type").and_then(Value::as_str)
}

/// A parameter of a stack whose value is an output that is not known.
fn missing_output(stack: &Value) -> Option<String> {
    let is_missing = |value: &Value| value.as_str().is_some_and(|text| text.contains(".Outputs."));
    members(stack, "Parameters").find(|(_, value)| is_missing(value)).map(|(name, _)| name.clone())
}

/// Objects are merged, anything else is replaced.
fn overlay(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                overlay(below.entry(key).or_insert(Value::Null), value);
            }
        }
        (_, Value::Null) => {}
        (below, above) => *below = above.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ROOT: &str = "
Parameters:
  Days: {Type: Number, Default: 30}
  OtherStream: {Type: String, Default: ''}
Conditions:
  Adopts: !Not [!Equals [!Ref OtherStream, '']]
Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: stacks/data.yaml}
  Consents:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: stacks/grants.yaml
      Parameters:
        Days: !Ref Days
        TablePrefix: !Sub '${AWS::StackName}-'
        Stream: !If [Adopts, !Ref OtherStream, !GetAtt Data.Outputs.Stream]
  Topic: {Type: AWS::SNS::Topic}
";
    const DATA: &str = "
Resources:
  GrantsTable: {Type: AWS::DynamoDB::Table}
Outputs:
  Stream: {Value: !GetAtt GrantsTable.StreamArn}
";
    const GRANTS: &str = "
Parameters:
  Days: {Type: String}
  TablePrefix: {Type: String}
  Stream: {Type: String}
  Alias: {Type: String, Default: live}
Globals:
  Function:
    Timeout: 10
    Environment: {Variables: {GRANTS_TABLE: !Sub '${TablePrefix}GrantsTable', DAYS: !Ref Days}}
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties: {Stream: !Ref Stream, AutoPublishAlias: !Ref Alias, Timeout: 5}
";

    fn read(root: &str, data: &str) -> Result<Map<String, Value>, String> {
        resources(root, &[("stacks/data.yaml", data), ("stacks/grants.yaml", GRANTS)])
    }

    #[test]
    fn stacks_get_their_parameters_and_globals() -> Result<(), String> {
        let found = read(ROOT, DATA)?;
        assert_eq!(found.keys().collect::<Vec<_>>().len(), 5);
        let expected = json!({
            "Stream": "GrantsTable.StreamArn", "AutoPublishAlias": "live", "Timeout": 5,
            "Environment": {"Variables": {"GRANTS_TABLE": "GrantsTable", "DAYS": 30}}
        });
        assert_eq!(found["Function"]["Properties"], expected);
        let adopted = read(
            &ROOT.replace("OtherStream: {Type: String, Default: ''}", "OtherStream: {Type: String, Default: other}"),
            DATA,
        )?;
        assert_eq!(adopted["Function"]["Properties"]["Stream"], "other");
        Ok(())
    }

    #[test]
    fn what_does_not_fit_together_is_an_error() {
        let refused = |root: &str, data: &str| read(root, data).map(|_| ()).unwrap_err();
        let unknown = refused(&ROOT.replace("stacks/data.yaml", "stacks/dates.yaml"), DATA);
        assert_eq!(unknown, "Data: the template stacks/dates.yaml does not belong to this program");
        let twice = refused(ROOT, &DATA.replace("GrantsTable: {", "Function: {"));
        assert_eq!(twice, "stacks/grants.yaml: another stack has a resource Function, too");
        assert_eq!(
            refused(&ROOT.replace("  Topic:", "  GrantsTable:"), DATA),
            "another stack has a resource GrantsTable, too"
        );
        let missing = refused(ROOT, &DATA.replace("  Stream: ", "  Other: "));
        assert_eq!(missing, "Consents.Stream: no stack has this output");
    }
}
