//! The operations that openapi.yaml declares.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode as _, Yaml};

/// The parts of an operation that other files repeat.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    /// The binary that serves it.
    pub(crate) id: String,
    /// In upper case.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) summary: String,
    /// The path relative to `functions/`.
    pub(crate) file: String,
    /// The area and the access; `None` if no key is needed, or any key will do.
    pub(crate) scope: Option<(String, String)>,
    pub(crate) audience: Audience,
    /// The authorizer of stacks/gateway.yaml.
    pub(crate) authorizer: &'static str,
    pub(crate) input: Input,
    /// Whether it implements somebody else's documentation (`x-source`).
    pub(crate) has_source: bool,
}

/// Named as in `assent_shared::api::operation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    Everyone,
    Keys,
    EndUsers,
    Persons,
    Operators,
    Open,
}

/// Named as in `assent_shared::api::operation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Nothing,
    Query,
    Body,
    Form,
}

/// The scope of an operation that is for any key.
const ANY: &str = "any";
/// The members of a path that are not operations.
const NO_OPERATIONS: [&str; 4] = ["description", "parameters", "servers", "summary"];
const METHODS: [&str; 5] = ["delete", "get", "patch", "post", "put"];

/// All operations, in the order of openapi.yaml. `scopes` is the text of the Rust
/// file that names the areas of scopes.
pub(crate) fn read(text: &str, scopes: &str) -> Result<Vec<Operation>, String> {
    let documents = Yaml::load_from_str(text).map_err(|error| format!("openapi.yaml: {error}"))?;
    let document = documents.first().ok_or("openapi.yaml is empty")?;
    let paths = document.as_mapping_get("paths").and_then(Yaml::as_mapping).ok_or("openapi.yaml has no paths")?;
    let mut operations = Vec::new();
    for (path, item) in paths {
        let path = path.as_str().ok_or("openapi.yaml: a path is not text")?;
        for (method, declared) in item.as_mapping().into_iter().flatten() {
            let method = method.as_str().unwrap_or_default();
            if NO_OPERATIONS.contains(&method) {
                continue;
            }
            let here = format!("openapi.yaml: {} {path}", method.to_uppercase());
            if !METHODS.contains(&method) {
                return Err(format!("{here}: the method must be one of {}", METHODS.join(", ")));
            }
            let declaration = Declaration { document, item, declared };
            let operation = declaration.operation(method, path).map_err(|error| format!("{here}: {error}"))?;
            if let Some((area, _)) = &operation.scope
                && !scopes.contains(&format!("\"{area}\""))
            {
                return Err(format!(
                    "{here}: x-scope names the area {area}, which shared/src/domain/scope.rs does not have"
                ));
            }
            operations.push(operation);
        }
    }
    for (what, of) in [("operationId", (|it| &it.id) as fn(&Operation) -> &String), ("x-function", |it| &it.file)] {
        let mut seen = BTreeMap::new();
        for operation in &operations {
            let route = format!("{} {}", operation.method, operation.path);
            if let Some(other) = seen.insert(of(operation), route.clone()) {
                return Err(format!("openapi.yaml: {other} and {route} have the same {what}, {}", of(operation)));
            }
        }
    }
    Ok(operations)
}

/// An operation in openapi.yaml.
struct Declaration<'a> {
    document: &'a Yaml<'a>,
    /// The entry of the path.
    item: &'a Yaml<'a>,
    declared: &'a Yaml<'a>,
}

impl<'a> Declaration<'a> {
    fn operation(&self, method: &str, path: &str) -> Result<Operation, String> {
        let (id, file) = (self.text("operationId")?, self.text("x-function")?);
        if !is_name(id, '-') {
            return Err(format!(
                "operationId is the name of a binary, so it must consist of a-z, 0-9 and -, but is {id}"
            ));
        }
        // At most one folder, because the modules of the functions' library have one level.
        let stem = file.strip_suffix(".rs").unwrap_or_default();
        if !stem.split('/').all(|part| is_name(&part.replace('-', "_"), '_')) || stem.split('/').count() > 2 {
            return Err(format!("x-function must be a file such as records/get.rs, but is {file}"));
        }
        let scope = self.scope()?;
        let (audience, authorizer) = self.callers()?;
        Ok(Operation {
            id: id.to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: self.text("summary")?.to_owned(),
            file: file.to_owned(),
            scope,
            audience,
            authorizer,
            input: self.input()?,
            has_source: self.declared.contains_mapping_key("x-source"),
        })
    }

    fn text(&self, member: &str) -> Result<&'a str, String> {
        let value = self.declared.as_mapping_get(member).ok_or_else(|| format!("{member} is missing"))?;
        value.as_str().ok_or_else(|| format!("{member} is not text"))
    }

    fn scope(&self) -> Result<Option<(String, String)>, String> {
        if !self.declared.contains_mapping_key("x-scope") {
            return Ok(None);
        }
        let scope = self.text("x-scope")?;
        if scope == ANY {
            return Ok(None);
        }
        match scope.split_once(':') {
            Some((area, access @ ("read" | "write"))) if is_name(area, '-') => {
                Ok(Some((area.to_owned(), access.to_owned())))
            }
            _ => Err(format!("x-scope must be {ANY}, or such as notices:read or notices:write, but is {scope}")),
        }
    }

    /// The callers of the operation, and the authorizer, from its security schemes.
    /// A scheme with a key must repeat the scope.
    fn callers(&self) -> Result<(Audience, &'static str), String> {
        let security = self.declared.as_mapping_get("security").and_then(Yaml::as_sequence);
        let security = security.ok_or("security is missing: it must be [] if no key is needed")?;
        let (mut bearer, mut api_key, mut session) = (false, false, false);
        let (mut person, mut operator) = (false, false);
        let of_key = || match self.text("x-scope")? {
            ANY => Ok::<_, String>(vec![]),
            scope => Ok(vec![scope]),
        };
        for (scheme, roles) in security.iter().filter_map(Yaml::as_mapping).flatten() {
            let roles: Vec<&str> = roles.as_sequence().into_iter().flatten().filter_map(Yaml::as_str).collect();
            let expected = match scheme.as_str() {
                Some("bearer") => {
                    bearer = true;
                    of_key()?
                }
                Some("apiKey") => {
                    api_key = true;
                    of_key()?
                }
                Some("siteSession") => {
                    session = true;
                    vec![]
                }
                Some("personCookie") => {
                    person = true;
                    vec![]
                }
                Some("operatorCookie") => {
                    operator = true;
                    vec![]
                }
                other => return Err(format!("security names {}, which is unknown", other.unwrap_or("nothing"))),
            };
            if roles != expected {
                return Err("in security, each key must have only the scope of x-scope, and a session none".to_owned());
            }
        }
        let audience = match (bearer || api_key, session, person, operator) {
            (false, false, false, false) => Audience::Open,
            (true, false, false, false) => Audience::Keys,
            (false, true, false, false) => Audience::EndUsers,
            (true, true, false, false) => Audience::Everyone,
            (false, false, true, false) => Audience::Persons,
            (false, false, false, true) => Audience::Operators,
            _ => return Err("a page takes only its own cookie".to_owned()),
        };
        if self.declared.contains_mapping_key("x-scope") != (audience != Audience::Open) {
            return Err("an operation needs x-scope if and only if it has security".to_owned());
        }
        let authorizer = match (bearer, api_key, session) {
            _ if person || operator => "Page",
            (false, false, false) => "NONE",
            (true, false, false) => "Bearer",
            (false, true, false) => "ApiKey",
            _ => "Site",
        };
        Ok((audience, authorizer))
    }

    fn input(&self) -> Result<Input, String> {
        let of_both = [self.item, self.declared].map(|it| it.as_mapping_get("parameters").and_then(Yaml::as_sequence));
        let mut query = false;
        for parameter in of_both.into_iter().flatten().flatten() {
            query |= self.resolved(parameter)?.as_mapping_get("in").and_then(Yaml::as_str) == Some("query");
        }
        match (self.declared.contains_mapping_key("requestBody"), query) {
            (true, true) => Err("it has a body and a query, but a function reads only one of them".to_owned()),
            (true, false) if self.takes_form() => Ok(Input::Form),
            (true, false) => Ok(Input::Body),
            (false, true) => Ok(Input::Query),
            (false, false) => Ok(Input::Nothing),
        }
    }

    fn takes_form(&self) -> bool {
        let content = self.declared.as_mapping_get("requestBody").and_then(|body| body.as_mapping_get("content"));
        content.is_some_and(|content| content.contains_mapping_key("application/x-www-form-urlencoded"))
    }

    fn resolved(&self, parameter: &'a Yaml<'a>) -> Result<&'a Yaml<'a>, String> {
        let Some(reference) = parameter.as_mapping_get("$ref").and_then(Yaml::as_str) else { return Ok(parameter) };
        let name = reference.strip_prefix("#/components/parameters/").unwrap_or_default();
        let components = self.document.as_mapping_get("components");
        let parameters = components.and_then(|components| components.as_mapping_get("parameters"));
        let found = parameters.and_then(|parameters| parameters.as_mapping_get(name));
        found.ok_or_else(|| format!("the parameter {reference} does not exist"))
    }
}

/// Whether the text begins with a lowercase letter, and consists of lowercase letters, digits and the separator.
fn is_name(text: &str, separator: char) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == separator)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const SCOPES: &str = r#"Self::Notices => "notices", Self::Events => "events","#;

    /// Operations that use all features together.
    pub(crate) const DESCRIPTION: &str = "
paths:
  /v1/notices/{noticeId}:
    parameters:
      - $ref: '#/components/parameters/noticeId'
    get:
      operationId: get-notice
      x-function: notices/get.rs
      summary: Read a notice
      x-scope: notices:read
      security:
        - bearer: [notices:read]
      parameters:
        - $ref: '#/components/parameters/limit'
  /site-v1/events:
    post:
      operationId: create-events
      x-function: site-events/create.rs
      x-source: A vendor
      summary: Record events
      x-scope: events:write
      security:
        - siteSession: []
        - bearer: [events:write]
        - apiKey: [events:write]
      requestBody: {}
  /health:
    get:
      operationId: health
      x-function: health.rs
      summary: Check the health
      security: []
components:
  parameters:
    noticeId: { name: noticeId, in: path }
    limit: { name: limit, in: query }
";

    pub(crate) fn operations() -> Vec<Operation> {
        read(DESCRIPTION, SCOPES).unwrap()
    }

    /// The error for the description after a replacement.
    fn error(old: &str, new: &str) -> String {
        assert!(DESCRIPTION.contains(old), "{old}");
        read(&DESCRIPTION.replacen(old, new, 1), SCOPES).expect_err("an error")
    }

    #[test]
    fn an_operation_is_read_whole() {
        let operations = operations();
        let [get, create, health] = operations.as_slice() else { panic!("{operations:?}") };
        let scope = |area: &str, access: &str| Some((area.to_owned(), access.to_owned()));
        assert_eq!((get.method.as_str(), get.path.as_str()), ("GET", "/v1/notices/{noticeId}"));
        assert_eq!((get.id.as_str(), get.file.as_str()), ("get-notice", "notices/get.rs"));
        assert_eq!((&get.scope, get.audience, get.authorizer), (&scope("notices", "read"), Audience::Keys, "Bearer"));
        assert_eq!((get.input, get.has_source), (Input::Query, false));
        assert_eq!(create.scope, scope("events", "write"));
        assert_eq!((create.audience, create.authorizer), (Audience::Everyone, "Site"));
        assert_eq!((create.input, create.has_source), (Input::Body, true));
        assert_eq!((&health.scope, health.audience, health.authorizer), (&None, Audience::Open, "NONE"));
        assert_eq!(health.input, Input::Nothing);
    }

    #[test]
    fn the_security_schemes_decide_the_audience() {
        let of = |security: &str| {
            let description = DESCRIPTION.replace("security: []", &format!("{security}\n      x-scope: events:read"));
            let operations = read(&description, SCOPES).unwrap();
            (operations[2].audience, operations[2].authorizer)
        };
        assert_eq!(of("security: [{ siteSession: [] }]"), (Audience::EndUsers, "Site"));
        assert_eq!(of("security: [{ apiKey: [events:read] }]"), (Audience::Keys, "ApiKey"));
        assert_eq!(of("security: [{ personCookie: [] }]"), (Audience::Persons, "Page"));
        assert_eq!(of("security: [{ operatorCookie: [] }]"), (Audience::Operators, "Page"));
        assert_eq!(of("security: [{ apiKey: [events:read] }, { bearer: [events:read] }]"), (Audience::Keys, "Site"));
    }

    #[test]
    fn an_operation_may_be_for_any_key() {
        let any = "security: [{ bearer: [] }]\n      x-scope: any";
        let operations = read(&DESCRIPTION.replace("security: []", any), SCOPES).unwrap();
        assert_eq!((&operations[2].scope, operations[2].audience), (&None, Audience::Keys));
        let message = error("security: []", "security: [{ bearer: [] }]");
        assert!(message.ends_with("x-scope is missing"), "{message}");
        let message = error("security: []", "security: [{ bearer: [], operatorCookie: [] }]\n      x-scope: any");
        assert!(message.ends_with("a page takes only its own cookie"), "{message}");
    }

    #[test]
    fn a_missing_member_is_an_error() {
        let message = error("      x-function: notices/get.rs\n", "");
        assert_eq!(message, "openapi.yaml: GET /v1/notices/{noticeId}: x-function is missing");
        let message = error("      operationId: health\n", "");
        assert_eq!(message, "openapi.yaml: GET /health: operationId is missing");
        let message = error("      security: []\n", "");
        assert_eq!(message, "openapi.yaml: GET /health: security is missing: it must be [] if no key is needed");
        let message = error("    limit: ", "    other: ");
        assert!(message.ends_with("the parameter #/components/parameters/limit does not exist"), "{message}");
    }

    #[test]
    fn two_operations_cannot_share_a_function() {
        let message = error("x-function: health.rs", "x-function: notices/get.rs");
        let expected =
            "openapi.yaml: GET /v1/notices/{noticeId} and GET /health have the same x-function, notices/get.rs";
        assert_eq!(message, expected);
        let message = error("operationId: health", "operationId: get-notice");
        assert!(message.ends_with("have the same operationId, get-notice"), "{message}");
    }

    #[test]
    fn an_unknown_scope_is_an_error() {
        let message = read(&DESCRIPTION.replace("notices:read", "notes:read"), SCOPES).expect_err("an error");
        let expected = "openapi.yaml: GET /v1/notices/{noticeId}: x-scope names the area notes, which \
                        shared/src/domain/scope.rs does not have";
        assert_eq!(message, expected);
        let message = error("x-scope: notices:read", "x-scope: notices:erase");
        assert!(
            message.ends_with("x-scope must be any, or such as notices:read or notices:write, but is notices:erase"),
            "{message}"
        );
    }

    #[test]
    fn scope_and_security_must_agree() {
        let message = error("bearer: [notices:read]", "bearer: [notices:write]");
        assert!(
            message.ends_with("in security, each key must have only the scope of x-scope, and a session none"),
            "{message}"
        );
        let message = error("security: []", "security: []\n      x-scope: events:read");
        assert!(message.ends_with("an operation needs x-scope if and only if it has security"), "{message}");
        let message = error("- bearer: [notices:read]", "- cookie: []");
        assert!(message.ends_with("security names cookie, which is unknown"), "{message}");
    }

    #[test]
    fn unsupported_declarations_are_errors() {
        let message = error("requestBody: {}", "requestBody: {}\n      parameters: [{ name: a, in: query }]");
        assert!(message.ends_with("it has a body and a query, but a function reads only one of them"), "{message}");
        let message = error("    post:", "    head:");
        assert_eq!(
            message,
            "openapi.yaml: HEAD /site-v1/events: the method must be one of delete, get, patch, post, put"
        );
        for file in ["notices/get", "a/b/c.rs", "/get.rs", "../get.rs", "Get.rs"] {
            let message = error("x-function: notices/get.rs", &format!("x-function: {file}"));
            assert!(
                message.ends_with(&format!("x-function must be a file such as records/get.rs, but is {file}")),
                "{message}"
            );
        }
    }

    #[test]
    fn the_description_lists_the_areas_of_its_scopes() {
        let file = |name: &str| std::fs::read_to_string(format!("{}/../{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let text = file("openapi.yaml");
        let operations = read(&text, &file("shared/src/domain/scope.rs")).unwrap();
        let used: BTreeSet<String> = operations.into_iter().filter_map(|it| it.scope).map(|(area, _)| area).collect();
        let (_, list) = text.split_once("A key holds some of").expect("the list");
        let (list, _) = list.split_once("each with").expect("its end");
        assert_eq!(list.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<_>>(), used);
    }
}
