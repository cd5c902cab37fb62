//! What openapi.yaml does not say a call takes, the call refuses: on every endpoint, and before it
//! does anything.

use assent_tests::client::{Answer, Request};
use assent_tests::fixtures::{RECORDS, Tenant, Visitor, text};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    every_operation_says_that_it_may_refuse,
    a_body_is_taken_where_one_is_described,
    a_query_parameter_is_taken_where_it_is_described,
    who_calls_and_what_is_too_much_are_told_first,
    a_reading_as_of_another_day_counts_no_access,
    a_body_that_cannot_be_decoded_is_a_body,
];

/// An operation as openapi.yaml has it.
struct Operation {
    method: Method,
    path: String,
    described: Value,
    /// The names of its query parameters.
    query: Vec<String>,
}

impl Operation {
    fn takes_body(&self) -> bool {
        !self.described["requestBody"].is_null()
    }

    fn needs_key(&self) -> bool {
        self.described["security"] != json!([])
    }
}

/// Whoever may call all of them, between them.
struct Callers {
    tenant: Tenant,
    visitor: Visitor,
}

impl Callers {
    async fn new(system: &'static System) -> Self {
        let tenant = Tenant::new(system).await;
        let project = tenant.create_project().await;
        let visitor = tenant.create_visitor(&project, &json!({})).await;
        Self { tenant, visitor }
    }

    /// A call of this operation by who may make it. What its path names is not there; but a site's
    /// project is.
    fn calling(&self, operation: &Operation, query: &str) -> Request {
        let path = operation.path.replace("{projectId}", &self.visitor.project);
        let segments: Vec<&str> =
            path.split('/').map(|segment| if segment.starts_with('{') { "absent" } else { segment }).collect();
        let request = Request::new(operation.method.clone(), segments.join("/") + query);
        if path.starts_with("/site-v1/") && operation.method == Method::GET {
            request.header("x-session", &self.visitor.token)
        } else {
            self.tenant.with_key(request)
        }
    }

    async fn send(&self, request: Request) -> Answer {
        self.tenant.send(request).await
    }
}

/// All operations, as the system describes itself.
async fn operations(system: &'static System) -> Vec<Operation> {
    let description = system.client.send(Request::new(Method::GET, "/openapi.json")).await.expect(200);
    let resolved = |parameter: &Value| match parameter["$ref"].as_str() {
        Some(reference) => description.pointer(reference.trim_start_matches('#')).expect("a parameter").clone(),
        None => parameter.clone(),
    };
    let mut operations = Vec::new();
    for (path, members) in description["paths"].as_object().expect("paths") {
        for (method, described) in
            members.as_object().expect("operations").iter().filter(|(name, _)| *name != "parameters")
        {
            let of_both = [&members["parameters"], &described["parameters"]].map(Value::as_array);
            let parameters = of_both.into_iter().flatten().flatten().map(resolved);
            let query = parameters.filter(|parameter| parameter["in"] == "query");
            operations.push(Operation {
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                described: described.clone(),
                query: query.map(|parameter| text(&parameter, "name")).collect(),
            });
        }
    }
    assert!(operations.len() > system.routes_with_keys().len(), "not all are described");
    operations
}

async fn every_operation_says_that_it_may_refuse(system: &'static System) {
    for Operation { method, path, described, .. } in operations(system).await {
        assert!(described["responses"]["400"].is_object(), "{method} {path} has no 400");
    }
}

async fn a_body_is_taken_where_one_is_described(system: &'static System) {
    let callers = Callers::new(system).await;
    for operation in operations(system).await.iter().filter(|operation| !operation.takes_body()) {
        let call = || callers.calling(operation, "");
        for body in ["{}", "{\"eraseAt\":\"2099-01-01T00:00:00Z\"}", "null", "nonsense", " "] {
            for content_type in ["application/json", "text/plain"] {
                let answer = callers.send(call().header("content-type", content_type).bytes(body)).await;
                answer.expect_error(400, "BAD_REQUEST");
                assert_eq!(answer.body()["message"], "This call takes no body", "{answer}");
            }
        }
        // No bytes are no body, whatever was said of them.
        for content_type in ["application/json", "text/plain"] {
            let answer = callers.send(call().header("content-type", content_type)).await;
            assert!([200, 404].contains(&answer.status()), "{answer}");
        }
    }
}

async fn a_query_parameter_is_taken_where_it_is_described(system: &'static System) {
    let callers = Callers::new(system).await;
    for operation in operations(system).await {
        for other in ["asOf", "nonsense"] {
            let answer = callers.send(callers.calling(&operation, &format!("?{other}=2020-01-01"))).await;
            answer.expect_faults(400, "BAD_REQUEST", &[other]);
            assert!(!answer.message_of(other).contains("did you mean"), "{answer}");
        }
        for known in &operation.query {
            let misspelt = format!("{known}x");
            let answer = callers.send(callers.calling(&operation, &format!("?{misspelt}=1"))).await;
            answer.expect_faults(400, "BAD_REQUEST", &[&misspelt]);
            assert!(answer.message_of(&misspelt).ends_with(&format!("did you mean {known}?")), "{answer}");
        }
        // Nothing after the question mark is no parameter.
        let answer = callers.send(callers.calling(&operation, "?")).await;
        let expected: &[u16] = if operation.takes_body() { &[400] } else { &[200, 404] };
        assert!(expected.contains(&answer.status()) && answer.faulty_fields().is_empty(), "{answer}");
    }
}

async fn who_calls_and_what_is_too_much_are_told_first(system: &'static System) {
    let callers = Callers::new(system).await;
    let scopeless = callers.tenant.with_scopes(&["exports:read"]).await;
    for operation in operations(system).await.iter().filter(|operation| !operation.takes_body()) {
        let wrong = |request: Request| request.header("content-type", "application/json").bytes("{}");
        if operation.needs_key() {
            let path = callers.calling(operation, "?asOf=1").path().to_owned();
            let nobody = wrong(Request::new(operation.method.clone(), &path));
            callers.send(nobody).await.expect_error(401, "UNAUTHORIZED");
            if !operation.path.starts_with("/v1/dpdp/exports") {
                let unscoped = wrong(scopeless.request(operation.method.clone(), &path));
                callers.send(unscoped).await.expect_error(403, "FORBIDDEN");
            }
        }
        let large = callers.calling(operation, "?asOf=1").bytes(" ".repeat(1024 * 1024 + 1));
        callers.send(large).await.expect_error(413, "PAYLOAD_TOO_LARGE");
    }
}

async fn a_reading_as_of_another_day_counts_no_access(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let path = format!("{RECORDS}/{}", text(&record, "recordId"));
    let before = system.contents.of(tenant.id).await;
    tenant.get(format!("{path}?asOf=2020-01-01")).await.expect_faults(400, "BAD_REQUEST", &["asOf"]);
    before.expect_unchanged(&system.contents.of(tenant.id).await);
}

/// No gateway sends one; but whoever does is not answered as if there were none.
async fn a_body_that_cannot_be_decoded_is_a_body(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let path = format!("/v1/dpdp/data-principals/{}/erasure", text(&record, "dataPrincipalId"));
    let mut event = tenant.request(Method::POST, path).event(&tenant.authorizer());
    event["body"] = json!("no base64");
    event["isBase64Encoded"] = json!(true);
    let before = system.contents.of(tenant.id).await;
    let function = system.lone_function("erase-data-principal", system.database_url()).await;
    function.answer(&event).await.expect_error(400, "BAD_REQUEST");
    before.expect_unchanged(&system.contents.of(tenant.id).await);
}
