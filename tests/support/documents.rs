//! Each document that lists the API's routes lists the same ones, with the same functions.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assent_local::template::Template;
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::{Value, json};

/// A method, a path, and the function that serves it.
type Routes = BTreeSet<(String, String, String)>;

/// What browsers ask by themselves: no caller's concern, and answered by cargo-lambda's router of its own accord.
const OF_BROWSERS: &str = "OPTIONS";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace's root").to_owned()
}

fn template() -> Template {
    Template::read(root().join("template.yaml")).expect("template.yaml")
}

fn routes_of_the_template() -> Routes {
    let routes = template().routes.into_iter().filter(|route| route.method != OF_BROWSERS);
    routes.map(|route| (route.method, route.path, route.binary)).collect()
}

/// What cargo knows of the workspace.
fn cargo() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn texts<'a>(values: &'a Value, name: &str) -> Vec<(&'a Value, String)> {
    let values = values.as_array().expect("a list");
    values.iter().map(|value| (value, value[name].as_str().expect("a text").to_owned())).collect()
}

#[test]
fn the_local_router_has_the_templates_routes() {
    let cargo = cargo();
    let router = cargo["metadata"]["lambda"]["watch"]["router"].as_object().expect("the router");
    let served: Routes = router
        .iter()
        .flat_map(|(path, routes)| {
            texts(routes, "method").into_iter().map(move |(route, method)| {
                (method, path.clone(), route["function"].as_str().expect("a function").to_owned())
            })
        })
        .filter(|(method, ..)| method != OF_BROWSERS)
        .collect();
    assert_eq!(served, routes_of_the_template());
}

#[test]
fn the_description_has_the_templates_routes() {
    let text = fs::read_to_string(root().join("openapi.yaml")).expect("openapi.yaml");
    let documents = Yaml::load_from_str(&text).expect("YAML");
    let paths = documents[0]["paths"].as_mapping().expect("paths");
    let mut described = Routes::new();
    for (path, operations) in paths {
        for (method, operation) in operations.as_mapping().expect("operations") {
            let method = method.as_str().expect("a method").to_uppercase();
            if ["PARAMETERS", OF_BROWSERS].contains(&method.as_str()) {
                continue;
            }
            let function = operation["operationId"].as_str().expect("an operationId");
            described.insert((method, path.as_str().expect("a path").to_owned(), function.to_owned()));
        }
    }
    assert_eq!(described, routes_of_the_template());
}

#[test]
fn the_description_lists_the_scopes_that_it_asks_for() {
    let text = fs::read_to_string(root().join("openapi.yaml")).expect("openapi.yaml");
    let (_, list) = text.split_once("A key holds some of").expect("the list");
    let (list, _) = list.split_once("each with").expect("its end");
    let listed: BTreeSet<&str> = list.split('`').skip(1).step_by(2).collect();
    let asked = text.lines().filter_map(|line| line.trim().strip_prefix("x-scope: ")?.split(':').next());
    assert_eq!(listed, asked.collect());
}

#[test]
fn every_function_is_built_and_deployed() {
    let cargo = cargo();
    let packages = texts(&cargo["packages"], "name");
    let (package, _) = packages.iter().find(|(_, name)| name == "assent-functions").expect("the functions");
    let binaries =
        texts(&package["targets"], "name").into_iter().filter(|(target, _)| target["kind"] == json!(["bin"]));
    let built: BTreeSet<String> = binaries.map(|(_, name)| name).collect();
    let deployed: BTreeSet<String> = template().functions.into_values().map(|function| function.binary).collect();
    assert_eq!(built, deployed);
    let serving: BTreeSet<String> = routes_of_the_template().into_iter().map(|(.., function)| function).collect();
    let silent: Vec<&String> = deployed.difference(&serving).collect();
    assert_eq!(silent, ["authorizer", "site-preflight"], "functions without a route");
}

#[test]
fn the_readme_has_a_row_for_every_route() {
    let text = fs::read_to_string(root().join("README.md")).expect("README.md");
    let rows: BTreeSet<(String, String)> = text
        .lines()
        .filter_map(|line| {
            let route = line.strip_prefix("| ")?.trim_start_matches('*').strip_prefix('`')?.split('`').next()?;
            let (method, path) = route.split_once(' ')?;
            path.starts_with('/').then(|| (method.to_owned(), path.to_owned()))
        })
        .collect();
    let routes: BTreeSet<(String, String)> =
        routes_of_the_template().into_iter().map(|(method, path, _)| (method, path)).collect();
    assert_eq!(rows, routes);
}
