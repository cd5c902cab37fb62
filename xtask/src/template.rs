//! Checks that template.yaml deploys the operations that openapi.yaml declares.

use std::collections::{BTreeMap, BTreeSet};

use saphyr::{LoadableYamlNode as _, Yaml};

use crate::openapi::Operation;

/// A method, a path and an authorizer.
type Route = (String, String, String);

/// The method of preflights, which openapi.yaml does not declare.
const PREFLIGHT: &str = "OPTIONS";

/// The disagreements between template.yaml and the operations. `others` are the
/// binaries that serve no operation.
pub(crate) fn errors(text: &str, operations: &[Operation], others: &BTreeSet<&str>) -> Vec<String> {
    let documents = match Yaml::load_from_str(text) {
        Ok(documents) => documents,
        Err(error) => return vec![format!("template.yaml: {error}")],
    };
    let resources = documents.first().and_then(|document| document.as_mapping_get("Resources"));
    let mut errors = Vec::new();
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
        format!("openapi.yaml has no operationId {binary}, which template.yaml deploys: {}", shown(routes))
    }));
    errors
}

fn routes(function: &Yaml<'_>) -> Vec<Route> {
    let events = at(function, &["Properties", "Events"]).and_then(Yaml::as_mapping).into_iter().flatten();
    let events = events.map(|(_, event)| event).filter(|event| text_at(event, &["Type"]) == Some("Api"));
    events
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
        errors(template, &operations(), &BTreeSet::from(["preflight"]))
    }

    #[test]
    fn a_template_that_agrees_has_no_errors() {
        assert_eq!(errors_in(&template()), [""; 0]);
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
        assert_eq!(errors(&template(), &operations(), &BTreeSet::from(["preflight", "sweep"])), [expected]);
    }
}
