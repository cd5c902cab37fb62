//! Checks that the stacks deploy the operations that openapi.yaml declares.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use saphyr::{LoadableYamlNode as _, Yaml};

use crate::openapi::Operation;

/// The variable with which webhooks reach the machine of whoever develops. On AWS they would reach the function's own.
const FOR_DEVELOPMENT: &str = "ASSENT_WEBHOOKS_TO_LOOPBACK";
/// The types of events that invoke a worker, which is a function that serves no HTTP.
const TRIGGERS: [&str; 3] = ["DynamoDB", "Schedule", "ScheduleV2"];

/// A template in `stacks/`.
pub(crate) struct Stack {
    /// As in messages: `stacks/consents.yaml`.
    name: String,
    text: String,
}

/// The templates of the folder, by their names.
pub(crate) fn stacks(folder: &Path) -> io::Result<Vec<Stack>> {
    let mut stacks = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("stacks/{}", entry.file_name().to_string_lossy());
        stacks.push(Stack { name, text: fs::read_to_string(entry.path())? });
    }
    stacks.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(stacks)
}

/// A function of a stack.
struct Function {
    stack: String,
    /// The logical id.
    id: String,
    binary: Option<String>,
    is_worker: bool,
    has_route: bool,
}

fn functions(stacks: &[Stack]) -> Result<Vec<Function>, String> {
    let mut functions = Vec::new();
    for Stack { name, text } in stacks {
        let documents = Yaml::load_from_str(text).map_err(|error| format!("{name}: {error}"))?;
        let resources = documents.first().and_then(|document| document.as_mapping_get("Resources"));
        for (id, resource) in resources.and_then(Yaml::as_mapping).into_iter().flatten() {
            if text_at(resource, &["Type"]) == Some("AWS::Serverless::Function") {
                functions.push(Function {
                    stack: name.clone(),
                    id: id.as_str().unwrap_or_default().to_owned(),
                    binary: text_at(resource, &["Metadata", "BuildProperties", "Binary"]).map(str::to_owned),
                    is_worker: has_event(resource, &TRIGGERS),
                    has_route: has_event(resource, &["Api"]),
                });
            }
        }
    }
    Ok(functions)
}

/// The binaries of the workers.
pub(crate) fn workers(stacks: &[Stack]) -> Result<BTreeSet<String>, String> {
    let workers = functions(stacks)?.into_iter().filter(|function| function.is_worker);
    Ok(workers.filter_map(|function| function.binary).collect())
}

/// The disagreements between the stacks and the operations. `others` are the binaries that serve no operation.
pub(crate) fn errors(
    stacks: &[Stack],
    operations: &[Operation],
    others: &BTreeSet<&str>,
    workers: &BTreeSet<String>,
) -> Vec<String> {
    let functions = match functions(stacks) {
        Ok(functions) => functions,
        Err(error) => return vec![error],
    };
    let mut errors = Vec::new();
    for Stack { name, .. } in stacks.iter().filter(|stack| stack.text.contains(FOR_DEVELOPMENT)) {
        errors.push(format!("{name}: {FOR_DEVELOPMENT} is for development alone"));
    }
    let mut deployed: BTreeMap<&str, &str> = BTreeMap::new();
    for Function { stack, id, binary, has_route, .. } in &functions {
        if *has_route {
            errors.push(format!("{stack}: {id} declares a route, which comes from openapi.yaml"));
        }
        let Some(binary) = binary else {
            errors.push(format!("{stack}: {id} has no Binary"));
            continue;
        };
        if deployed.insert(binary, stack).is_some() {
            errors.push(format!("{stack}: two functions have the Binary {binary}"));
        }
    }
    for Operation { id, method, path, .. } in operations {
        match deployed.remove(id.as_str()) {
            None => errors.push(format!("stacks/: no function has the Binary {id}, for {method} {path}")),
            Some(stack) if workers.contains(id) => {
                errors.push(format!("{stack}: {id} serves an operation, so no stream or schedule may invoke it"));
            }
            Some(_) => {}
        }
    }
    for other in others {
        if deployed.remove(other).is_none() {
            errors.push(format!("stacks/: no function has the Binary {other} of functions/Cargo.toml"));
        }
    }
    errors.extend(deployed.iter().map(|(binary, stack)| {
        if workers.contains(*binary) {
            return format!("{stack}: functions/Cargo.toml has no [[bin]] {binary}, which a trigger invokes");
        }
        format!("openapi.yaml has no operationId {binary}, which {stack} deploys")
    }));
    errors
}

fn has_event(function: &Yaml<'_>, types: &[&str]) -> bool {
    let events = at(function, &["Properties", "Events"]).and_then(Yaml::as_mapping).into_iter().flatten();
    events.map(|(_, event)| event).any(|event| text_at(event, &["Type"]).is_some_and(|kind| types.contains(&kind)))
}

fn at<'a>(node: &'a Yaml<'a>, names: &[&str]) -> Option<&'a Yaml<'a>> {
    names.iter().try_fold(node, |node, name| node.as_mapping_get(name))
}

fn text_at<'a>(node: &'a Yaml<'a>, names: &[&str]) -> Option<&'a str> {
    at(node, names)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::tests::operations;

    fn function(binary: &str, event: &str) -> String {
        let name = binary.replace('-', "");
        format!(
            "
  {name}:
    Type: AWS::Serverless::Function
    Metadata: {{ BuildProperties: {{ Binary: {binary} }} }}
    Properties:
      Events: {{ {event} }}
"
        )
    }

    fn notices() -> String {
        ["Resources:\n  Table: { Type: AWS::DynamoDB::Table }", &function("get-notice", "")].concat()
    }

    fn sites() -> String {
        ["Resources:", &function("create-events", ""), &function("health", ""), &function("preflight", "")].concat()
    }

    fn stacks(texts: [&str; 2]) -> Vec<Stack> {
        let named = ["stacks/notices.yaml", "stacks/sites.yaml"].into_iter().zip(texts);
        named.map(|(name, text)| Stack { name: name.to_owned(), text: text.to_owned() }).collect()
    }

    fn errors_in(sites: &str, others: &[&str]) -> Vec<String> {
        let stacks = stacks([&notices(), sites]);
        errors(&stacks, &operations(), &others.iter().copied().collect(), &workers(&stacks).unwrap())
    }

    #[test]
    fn stacks_that_agree_have_no_errors() {
        assert_eq!(errors_in(&sites(), &["preflight"]), [""; 0]);
    }

    #[test]
    fn webhooks_reach_no_loopback_on_aws() {
        let variable = "Globals:\n  Function: { Environment: { Variables: { ASSENT_WEBHOOKS_TO_LOOPBACK: '1' } } }\n";
        let expected = "stacks/sites.yaml: ASSENT_WEBHOOKS_TO_LOOPBACK is for development alone";
        assert_eq!(errors_in(&format!("{variable}{}", sites()), &["preflight"]), [expected]);
    }

    #[test]
    fn no_function_declares_a_route() {
        let with_route = format!("{}{}", sites(), function("other", "Route: { Type: Api }"));
        let expected = "stacks/sites.yaml: other declares a route, which comes from openapi.yaml";
        assert_eq!(errors_in(&with_route, &["other", "preflight"]), [expected]);
    }

    #[test]
    fn every_operation_is_deployed_and_nothing_else() {
        let expected = [
            "stacks/: no function has the Binary health, for GET /health",
            "openapi.yaml has no operationId wealth, which stacks/sites.yaml deploys",
        ];
        assert_eq!(errors_in(&sites().replace("Binary: health", "Binary: wealth"), &["preflight"]), expected);
        // Two functions may not have one binary, in two stacks either.
        let twice = format!("{}{}", sites(), function("get-notice", ""));
        assert_eq!(errors_in(&twice, &["preflight"]), ["stacks/sites.yaml: two functions have the Binary get-notice"]);
        let nameless = sites().replace("Binary: health", "Other: health");
        assert_eq!(errors_in(&nameless, &["preflight"])[0], "stacks/sites.yaml: health has no Binary");
        let expected = "stacks/: no function has the Binary sweep of functions/Cargo.toml";
        assert_eq!(errors_in(&sites(), &["preflight", "sweep"]), [expected]);
    }

    #[test]
    fn workers_are_the_functions_with_a_trigger() {
        let triggers = [("relay", "Stream: { Type: DynamoDB }"), ("sweep", "Minute: { Type: ScheduleV2 }")];
        let sites = [sites(), triggers.map(|(binary, event)| function(binary, event)).concat()].concat();
        let found = workers(&stacks([&notices(), &sites]));
        assert_eq!(found, Ok(BTreeSet::from(["relay".to_owned(), "sweep".to_owned()])));
        assert_eq!(errors_in(&sites, &["preflight", "relay", "sweep"]), [""; 0]);
        let expected = "stacks/sites.yaml: functions/Cargo.toml has no [[bin]] sweep, which a trigger invokes";
        assert_eq!(errors_in(&sites, &["preflight", "relay"]), [expected]);
        let both = sites.replace("Binary: health", "Binary: other").replace("Binary: sweep", "Binary: health");
        let expected = "stacks/sites.yaml: health serves an operation, so no stream or schedule may invoke it";
        assert!(errors_in(&both, &["preflight", "relay"]).contains(&expected.to_owned()));
    }
}
