//! Checks that template.yaml deploys the operations that openapi.yaml declares.

use std::collections::{BTreeMap, BTreeSet};

use saphyr::{LoadableYamlNode as _, Yaml};

use crate::openapi::Operation;

/// A method, a path and an authorizer.
type Route = (String, String, String);

/// The method of preflights, which openapi.yaml does not declare.
const PREFLIGHT: &str = "OPTIONS";

/// The variable with which webhooks reach the machine of whoever develops. On AWS they would reach the function's own.
const FOR_DEVELOPMENT: &str = "ASSENT_WEBHOOKS_TO_LOOPBACK";
/// The types of events that invoke a worker, which is a function that serves no HTTP.
const TRIGGERS: [&str; 3] = ["DynamoDB", "Schedule", "ScheduleV2"];

/// The binaries of the workers.
pub(crate) fn workers(text: &str) -> Result<BTreeSet<String>, String> {
    let documents = Yaml::load_from_str(text).map_err(|error| format!("template.yaml: {error}"))?;
    let resources = documents.first().and_then(|document| document.as_mapping_get("Resources"));
    let resources = resources.and_then(Yaml::as_mapping).into_iter().flatten().map(|(_, resource)| resource);
    let workers = resources.filter(|resource| events(resource, &TRIGGERS).next().is_some());
    let binaries = workers.filter_map(|resource| text_at(resource, &["Metadata", "BuildProperties", "Binary"]));
    Ok(binaries.map(str::to_owned).collect())
}

/// The disagreements between template.yaml and the operations. `others` are the
/// binaries that serve no operation.
pub(crate) fn errors(
    text: &str,
    operations: &[Operation],
    others: &BTreeSet<&str>,
    workers: &BTreeSet<String>,
) -> Vec<String> {
    let documents = match Yaml::load_from_str(text) {
        Ok(documents) => documents,
        Err(error) => return vec![format!("template.yaml: {error}")],
    };
    let resources = documents.first().and_then(|document| document.as_mapping_get("Resources"));
    let mut errors = Vec::new();
    if text.contains(FOR_DEVELOPMENT) {
        errors.push(format!("template.yaml: {FOR_DEVELOPMENT} is for development alone"));
    }
    let mut deployed: BTreeMap<&str, Vec<Route>> = BTreeMap::new();
    for (name, resource) in resources.and_then(Yaml::as_mapping).into_iter().flatten() {
        if text_at(resource, &["Type"]) != Some("AWS::Serverless::Function") {
            continue;
        }
        let name = name.as_str().unwrap_or_default();
        let Some(binary) = text_at(resource, &["Metadata", "BuildProperties", "Binary"]) else {
            errors.push(format!("template.yaml: {name} has no Binary"));
            continue;
        };
        if deployed.insert(binary, routes(resource)).is_some() {
            errors.push(format!("template.yaml: two functions have the Binary {binary}"));
        }
    }
    for Operation { id, method, path, authorizer, .. } in operations {
        if workers.contains(id) {
            errors.push(format!("template.yaml: {id} serves an operation, so no stream or schedule may invoke it"));
        }
        let expected = (method.clone(), path.clone(), (*authorizer).to_owned());
        match deployed.remove(id.as_str()) {
            None => errors.push(format!("template.yaml: no function has the Binary {id}, for {method} {path}")),
            Some(routes) if routes == [expected.clone()] => {}
            Some(routes) => errors.push(format!(
                "template.yaml: {id} must have the route {}, and has {}",
                shown(&[expected]),
                shown(&routes)
            )),
        }
    }
    for other in others {
        match deployed.remove(other) {
            None => errors.push(format!("template.yaml: no function has the Binary {other} of functions/Cargo.toml")),
            Some(routes) if routes.iter().all(|(method, ..)| method == PREFLIGHT) => {}
            Some(routes) => {
                errors.push(format!("openapi.yaml does not declare the route of {other}: {}", shown(&routes)));
            }
        }
    }
    errors.extend(deployed.iter().map(|(binary, routes)| {
        if workers.contains(*binary) {
            return format!("template.yaml: functions/Cargo.toml has no [[bin]] {binary}, which a trigger invokes");
        }
        format!("openapi.yaml has no operationId {binary}, which template.yaml deploys: {}", shown(routes))
    }));
    errors
}

/// The events of a function that have one of these types.
fn events<'a>(function: &'a Yaml<'a>, types: &[&str]) -> impl Iterator<Item = &'a Yaml<'a>> {
    let events = at(function, &["Properties", "Events"]).and_then(Yaml::as_mapping).into_iter().flatten();
    events.map(|(_, event)| event).filter(|event| text_at(event, &["Type"]).is_some_and(|kind| types.contains(&kind)))
}

fn routes(function: &Yaml<'_>) -> Vec<Route> {
    events(function, &["Api"])
        .map(|event| {
            let text = |names: &[&str]| text_at(event, names).unwrap_or("nothing").to_owned();
            (
                text(&["Properties", "Method"]).to_uppercase(),
                text(&["Properties", "Path"]),
                text(&["Properties", "Auth", "Authorizer"]),
            )
        })
        .collect()
}

fn shown(routes: &[Route]) -> String {
    let shown: Vec<String> =
        routes.iter().map(|(method, path, authorizer)| format!("{method} {path} (Authorizer: {authorizer})")).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
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

    fn function(binary: &str, method: &str, path: &str, authorizer: &str) -> String {
        let name = binary.replace('-', "");
        format!(
            "
  {name}:
    Type: AWS::Serverless::Function
    Metadata: {{ BuildProperties: {{ Binary: {binary} }} }}
    Properties:
      Events:
        Route:
          Type: Api
          Properties: {{ RestApiId: !Ref Api, Method: {method}, Path: '{path}', Auth: {{ Authorizer: {authorizer} }} }}
"
        )
    }

    fn template() -> String {
        [
            "Resources:\n  Table: { Type: AWS::DynamoDB::Table }",
            &function("get-notice", "get", "/v1/notices/{noticeId}", "Bearer"),
            &function("create-events", "post", "/site-v1/events", "Site"),
            &function("health", "get", "/health", "NONE"),
            &function("preflight", "options", "/site-v1/events", "NONE"),
        ]
        .concat()
    }

    fn errors_in(template: &str) -> Vec<String> {
        errors(template, &operations(), &BTreeSet::from(["preflight"]), &workers(template).unwrap())
    }

    #[test]
    fn a_template_that_agrees_has_no_errors() {
        assert_eq!(errors_in(&template()), [""; 0]);
    }

    #[test]
    fn webhooks_reach_no_loopback_on_aws() {
        let variable = "Globals:\n  Function: { Environment: { Variables: { ASSENT_WEBHOOKS_TO_LOOPBACK: '1' } } }\n";
        let expected = "template.yaml: ASSENT_WEBHOOKS_TO_LOOPBACK is for development alone";
        assert_eq!(errors_in(&format!("{variable}{}", template())), [expected]);
    }

    #[test]
    fn a_function_serves_only_its_operation() {
        for (old, new, actual) in [
            ("Method: get, Path: '/health'", "Method: post, Path: '/health'", "POST /health (Authorizer: NONE)"),
            ("'/health'", "'/healthy'", "GET /healthy (Authorizer: NONE)"),
            ("'/health', Auth: { Authorizer: NONE }", "'/health'", "GET /health (Authorizer: nothing)"),
        ] {
            let expected = "template.yaml: health must have the route GET /health (Authorizer: NONE), and has ";
            assert_eq!(errors_in(&template().replace(old, new)), [format!("{expected}{actual}")]);
        }
    }

    #[test]
    fn every_operation_is_deployed_and_nothing_else() {
        let other = template().replace("Binary: health", "Binary: wealth");
        let expected = [
            "template.yaml: no function has the Binary health, for GET /health",
            "openapi.yaml has no operationId wealth, which template.yaml deploys: GET /health (Authorizer: NONE)",
        ];
        assert_eq!(errors_in(&other), expected);
        let twice = format!("{}{}", template(), function("health", "get", "/health", "NONE").replace("health:", "h:"));
        assert_eq!(errors_in(&twice), ["template.yaml: two functions have the Binary health"]);
        let nameless = template().replace("Binary: health", "Other: health");
        assert_eq!(errors_in(&nameless)[0], "template.yaml: health has no Binary");
    }

    #[test]
    fn other_functions_serve_only_preflights() {
        let expected = "openapi.yaml does not declare the route of preflight: GET /site-v1/events (Authorizer: NONE)";
        assert_eq!(errors_in(&template().replace("options", "get")), [expected]);
        let expected = "template.yaml: no function has the Binary sweep of functions/Cargo.toml";
        let others = BTreeSet::from(["preflight", "sweep"]);
        assert_eq!(errors(&template(), &operations(), &others, &BTreeSet::new()), [expected]);
    }

    #[test]
    fn workers_are_the_functions_with_a_trigger() {
        let worker = |binary: &str, trigger: &str| {
            function(binary, "get", "/", "NONE").replace("Type: Api", &format!("Type: {trigger}"))
        };
        let template = [template(), worker("relay", "DynamoDB"), worker("sweep", "ScheduleV2")].concat();
        assert_eq!(workers(&template), Ok(BTreeSet::from(["relay".to_owned(), "sweep".to_owned()])));
        let declared = BTreeSet::from(["preflight", "relay", "sweep"]);
        let workers = workers(&template).unwrap();
        assert_eq!(errors(&template, &operations(), &declared, &workers), [""; 0]);
        let undeclared = BTreeSet::from(["preflight", "relay"]);
        let expected = "template.yaml: functions/Cargo.toml has no [[bin]] sweep, which a trigger invokes";
        assert_eq!(errors(&template, &operations(), &undeclared, &workers), [expected]);
        let both = template.replace("Binary: relay", "Binary: other").replace("Binary: sweep", "Binary: health");
        let both = both.replacen("Binary: health", "Binary: sweep", 1);
        let expected = "template.yaml: health serves an operation, so no stream or schedule may invoke it";
        assert!(errors_in(&both).contains(&expected.to_owned()), "{:?}", errors_in(&both));
    }
}
