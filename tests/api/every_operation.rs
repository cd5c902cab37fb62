//! The rules of every operation of openapi.yaml: an unknown id gets a 404, and input that openapi.yaml does not
//! describe gets an error before anything is changed.

use assent_tests::client::Request;
use assent_tests::fixtures::{SESSION, Tenant, erasure_path, now, record_path, text, with};
use assent_tests::operations::{Operation, Resources, operations, path_of, unknown_id};
use assent_tests::strictness::Call;
use assent_tests::system::System;
use chrono::Datelike;
use futures_util::stream::{self, StreamExt};
use hyper::Method;
use serde_json::{Value, json};
use ulid::Ulid;

crate::trials![
    unknown_and_foreign_ids_are_the_same_404,
    malformed_ids_are_not_found,
    only_json_objects_are_taken,
    unknown_members_are_named_with_the_nearest,
    required_members_are_named,
    every_operation_describes_its_errors,
    a_body_is_taken_where_one_is_described,
    a_query_parameter_is_taken_where_it_is_described,
    limits_are_whole_numbers_from_1_to_200,
    authentication_and_size_are_checked_first,
    a_reading_as_of_another_day_counts_no_access,
    a_body_that_cannot_be_decoded_is_a_body,
];

/// How many requests are under way at once.
const AT_ONCE: usize = 4;

/// Each operation with each path parameter that names a resource, with two exceptions: a principal's id may be any
/// text, and an unknown principal has no records (the erasure has tests of its own); and the site session of an end
/// user gets a 403 for another project.
async fn lookups(system: &System) -> Vec<(Operation, String)> {
    let mut lookups = Vec::new();
    // Without a key, an id is nobody's own.
    for operation in operations(system).await.into_iter().filter(Operation::needs_credential) {
        let left_out = if operation.is_for_end_users() { "projectId" } else { "principalId" };
        for parameter in operation.path_parameters().into_iter().filter(|parameter| *parameter != left_out) {
            assert!(operation.may_have_status(404), "{} has no 404", operation.id);
            lookups.push((operation.clone(), parameter.to_owned()));
        }
    }
    lookups
}

/// A call that is valid except for this id in its path.
fn looking_up(resources: &Resources, (operation, parameter): &(Operation, String), id: &str) -> Request {
    let id = |other: &str| if other == parameter { id } else { resources.id(other) }.to_owned();
    resources.call_at(operation, path_of(&operation.route, id))
}

async fn unknown_and_foreign_ids_are_the_same_404(system: &'static System) {
    let (resources, foreign) = (Resources::new(system).await, Resources::new(system).await);
    let before = [system.contents.of(resources.tenant.id).await, system.contents.of(foreign.tenant.id).await];
    for lookup in lookups(system).await {
        let (operation, parameter) = &lookup;
        let mut responses = Vec::new();
        let ids = match parameter.as_str() {
            "versionEntry" => vec!["2"],
            // No ids of resources, and the id of a notice that anyone may read.
            "version" | "language" | "registeredNoticeId" => Vec::new(),
            _ => vec![foreign.id(parameter)],
        };
        for id in ids.into_iter().chain([unknown_id(parameter), "malformed%00"]) {
            let response = resources.tenant.send(looking_up(&resources, &lookup, id)).await;
            responses.push(with(&response.expect_error(404, "NOT_FOUND"), "requestId", None));
        }
        assert!(responses.iter().all(|response| *response == responses[0]), "{}: {responses:?}", operation.id);
        // An error of the request itself comes first.
        let path = looking_up(&resources, &lookup, unknown_id(parameter)).path().to_owned();
        let wrong = if operation.takes_body() {
            resources.bare_call_at(operation, path).json(&json!({"nonsense": 1}))
        } else {
            resources.bare_call_at(operation, format!("{path}?nonsense=1"))
        };
        resources.tenant.send(wrong).await.expect_error(400, "BAD_REQUEST");
    }
    // A session is changed by the id in the body.
    let mut responses = Vec::new();
    for id in [foreign.id("sessionId"), unknown_id("sessionId")] {
        let response = resources.tenant.patch(SESSION, &json!({"sessionId": id, "isChild": true})).await;
        responses.push(with(&response.expect_error(404, "NOT_FOUND"), "requestId", None));
    }
    assert_eq!(responses[0], responses[1]);
    let after = [system.contents.of(resources.tenant.id).await, system.contents.of(foreign.tenant.id).await];
    for (before, after) in before.iter().zip(after) {
        before.expect_unchanged(&after);
    }
}

/// Malformed variants of an id: with a character more or less, in the other case, or with the prefix of another kind.
fn near(id: &str) -> Vec<String> {
    let mut near =
        vec![format!("{id}0"), format!("{id}%20"), format!("{id}%2F"), format!("{id}%00"), id.to_lowercase()];
    near.extend((id.len() > 1).then(|| id[..id.len() - 1].to_owned()));
    near.extend((id.len() == 36).then(|| id.replace('-', "")));
    let ulid = id.rsplit(['_', '-']).next().filter(|ulid| Ulid::from_string(ulid).is_ok());
    let year = now().year();
    let years = [format!("ER-{year}-"), format!("ER-{}-", year - 1), format!("er-{year}-"), format!("GRV-{year}-")];
    let prefixes =
        years.iter().map(String::as_str).chain(["", "ER-", "ntc_", "cr_", "grnt_", "grv_", "exp_", "wdr_", "GRNT_"]);
    near.extend(ulid.into_iter().flat_map(|ulid| prefixes.clone().map(move |prefix| format!("{prefix}{ulid}"))));
    near.retain(|near| near != id);
    near
}

async fn malformed_ids_are_not_found(system: &'static System) {
    let resources = Resources::new(system).await;
    let (long, many) = ("x".repeat(3000), "%23".repeat(1000));
    let malformed = [
        "x",
        "cr_",
        "grnt_",
        "cr_01ARZ3NDEKTSV4RRFFQ69G5FA",
        "cr_81ARZ3NDEKTSV4RRFFQ69G5FAV",
        "0",
        "null",
        "%00",
        "%2F",
        "%2e%2e",
        "..",
        ".",
        "a%2Fb",
        "%25",
        "%",
        "%zz",
        "%ff%fe",
        "%E2%82%AC",
        "a+b",
        "a%20b",
        ":x",
        "*",
        "{recordId}",
        "00000000000000000000000000000000",
        "%7B44499771-03fb-4f0c-8620-88f538385446%7D",
        &long,
        &many,
    ];
    let before = system.contents.of(resources.tenant.id).await;
    for lookup in lookups(system).await {
        let near = near(resources.id(&lookup.1));
        let requests = malformed.into_iter().chain(near.iter().map(String::as_str));
        let requests = requests.map(|id| resources.tenant.send(looking_up(&resources, &lookup, id)));
        stream::iter(requests)
            .buffer_unordered(AT_ONCE)
            .for_each(async |response| {
                response.expect_error(404, "NOT_FOUND");
            })
            .await;
    }
    before.expect_unchanged(&system.contents.of(resources.tenant.id).await);
}

/// A valid call of each operation that takes a body.
fn calls<'a>(resources: &'a Resources, operations: &'a [Operation]) -> impl Iterator<Item = Call<'a>> {
    operations.iter().filter_map(|operation| {
        let path = path_of(&operation.route, |parameter| resources.id(parameter).to_owned());
        let body = resources.body(operation)?;
        Some(Call { caller: &resources.tenant, method: operation.method.clone(), path, body })
    })
}

async fn only_json_objects_are_taken(system: &'static System) {
    let (resources, operations) = (Resources::new(system).await, operations(system).await);
    let before = system.contents.of(resources.tenant.id).await;
    let calls = calls(&resources, &operations);
    stream::iter(calls).for_each_concurrent(AT_ONCE, async |call| call.takes_only_json_objects().await).await;
    before.expect_unchanged(&system.contents.of(resources.tenant.id).await);
}

/// The members of the objects in a body, named as in the details of an error. Members that may contain any JSON are
/// left out.
fn members(value: &Value, at: &str, members_of_all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                if !["metadata", "evidence"].contains(&name.as_str()) {
                    self::members(value, &path, members_of_all);
                }
                members_of_all.push(path);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                self::members(element, &format!("{at}[{index}]"), members_of_all);
            }
        }
        _ => {}
    }
}

async fn unknown_members_are_named_with_the_nearest(system: &'static System) {
    let (resources, operations) = (Resources::new(system).await, operations(system).await);
    let before = system.contents.of(resources.tenant.id).await;
    for call in calls(&resources, &operations) {
        let mut known = Vec::new();
        members(&call.body, "", &mut known);
        assert!(!known.is_empty());
        for known in known {
            call.names_the_nearest(&format!("{known}x"), &known).await;
        }
    }
    before.expect_unchanged(&system.contents.of(resources.tenant.id).await);
}

async fn required_members_are_named(system: &'static System) {
    let (resources, operations) = (Resources::new(system).await, operations(system).await);
    let before = system.contents.of(resources.tenant.id).await;
    let taking = operations.iter().filter(|operation| operation.takes_body());
    for (operation, call) in taking.zip(calls(&resources, &operations)) {
        let required = operation.required_members();
        let required: Vec<&str> = required.iter().map(String::as_str).collect();
        call.requires(&required).await;
        // All of them at once.
        let outermost: Vec<&str> = required.into_iter().filter(|name| !name.contains('.')).collect();
        if !outermost.is_empty() {
            let nothing = resources.bare_call_at(operation, &call.path).json(&json!({}));
            resources.tenant.send(nothing).await.expect_field_errors(400, "BAD_REQUEST", &outermost);
        }
    }
    before.expect_unchanged(&system.contents.of(resources.tenant.id).await);
}

async fn every_operation_describes_its_errors(system: &'static System) {
    for operation in operations(system).await {
        assert!(operation.may_have_status(400), "{} has no 400", operation.id);
    }
}

async fn a_body_is_taken_where_one_is_described(system: &'static System) {
    let resources = Resources::new(system).await;
    for operation in operations(system).await.iter().filter(|operation| !operation.takes_body()) {
        let call = || absent(&resources, operation, "");
        for body in ["{}", "{\"eraseAt\":\"2099-01-01T00:00:00Z\"}", "null", "nonsense", " "] {
            for content_type in ["application/json", "text/plain"] {
                let response = resources.tenant.send(call().header("content-type", content_type).bytes(body)).await;
                response.expect_error(400, "BAD_REQUEST");
                assert_eq!(response.body()["message"], "This operation takes no body", "{response}");
            }
        }
        // An empty body is no body, whatever its content type.
        for content_type in ["application/json", "text/plain"] {
            let response = resources.tenant.send(call().header("content-type", content_type)).await;
            assert!([200, 201, 404].contains(&response.status()), "{response}");
        }
    }
}

/// A call without a body and with unknown ids, except for the project of a site.
fn absent(resources: &Resources, operation: &Operation, query: &str) -> Request {
    let is_of_site = operation.route.starts_with("/site-v1/");
    let known = |parameter: &str| is_of_site && parameter == "projectId";
    let id = |parameter: &str| if known(parameter) { resources.id(parameter) } else { "absent" }.to_owned();
    resources.bare_call_at(operation, path_of(&operation.route, id) + query)
}

async fn a_query_parameter_is_taken_where_it_is_described(system: &'static System) {
    let resources = Resources::new(system).await;
    for operation in operations(system).await {
        for other in ["asOf", "nonsense"].into_iter().filter(|other| !operation.query.iter().any(|it| it == other)) {
            let query = format!("?{other}=2020-01-01");
            let response = resources.tenant.send(absent(&resources, &operation, &query)).await;
            response.expect_field_errors(400, "BAD_REQUEST", &[other]);
            assert!(!response.message_of(other).contains("did you mean"), "{response}");
        }
        for known in &operation.query {
            let misspelt = format!("{known}x");
            let response = resources.tenant.send(absent(&resources, &operation, &format!("?{misspelt}=1"))).await;
            response.expect_field_errors(400, "BAD_REQUEST", &[&misspelt]);
            assert!(response.message_of(&misspelt).ends_with(&format!("did you mean {known}?")), "{response}");
        }
        // A question mark alone does not count as a parameter.
        let response = resources.tenant.send(absent(&resources, &operation, "?")).await;
        let expected: &[u16] = if operation.takes_body() { &[400] } else { &[200, 201, 404] };
        assert!(expected.contains(&response.status()), "{response}");
        assert!(response.status() < 400 || response.error_fields().is_empty(), "{response}");
    }
}

async fn limits_are_whole_numbers_from_1_to_200(system: &'static System) {
    let resources = Resources::new(system).await;
    for operation in operations(system).await.iter().filter(|it| it.query.iter().any(|name| name == "limit")) {
        let path = path_of(&operation.route, |parameter| resources.id(parameter).to_owned());
        let refused = async |query: &str, fields: &[&str]| {
            let response = resources.tenant.send(resources.call_at(operation, format!("{path}?{query}"))).await;
            response.expect_field_errors(400, "BAD_REQUEST", fields);
        };
        for limit in ["0", "201", "-1", "1.5", "text", "", "%20", "%2B1", "1e1", "99999999999999999999", "5%00"] {
            refused(&format!("limit={limit}"), &["limit"]).await;
        }
        refused("limit=5&limit=5", &["limit"]).await;
        refused("limit=0&limit=5", &["limit"]).await;
        refused("cursor=x", &["cursor"]).await;
        refused("limit=x&cursor=x&nonsense=1", &["limit", "cursor", "nonsense"]).await;
    }
}

async fn authentication_and_size_are_checked_first(system: &'static System) {
    let resources = Resources::new(system).await;
    let scopeless = resources.tenant.with_scopes(&["exports:read"]).await;
    for operation in operations(system).await.iter().filter(|operation| !operation.takes_body()) {
        let wrong = |request: Request| request.header("content-type", "application/json").bytes("{}");
        if operation.needs_credential() {
            let path = absent(&resources, operation, "?asOf=1").path().to_owned();
            let nobody = wrong(Request::new(operation.method.clone(), &path));
            resources.tenant.send(nobody).await.expect_error(401, "UNAUTHORIZED");
            if !operation.route.starts_with("/v1/dpdp/exports") && !operation.is_for_any_key() {
                let unscoped = wrong(scopeless.request(operation.method.clone(), &path));
                resources.tenant.send(unscoped).await.expect_error(403, "FORBIDDEN");
            }
        }
        let large = absent(&resources, operation, "?asOf=1").bytes(" ".repeat(1024 * 1024 + 1));
        resources.tenant.send(large).await.expect_error(413, "PAYLOAD_TOO_LARGE");
    }
}

async fn a_reading_as_of_another_day_counts_no_access(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = record_path(&tenant.create_record().await);
    let before = system.contents.of(tenant.id).await;
    tenant.get(format!("{path}?asOf=2020-01-01")).await.expect_field_errors(400, "BAD_REQUEST", &["asOf"]);
    before.expect_unchanged(&system.contents.of(tenant.id).await);
}

/// No gateway sends such a body, but it must not count as an empty one.
async fn a_body_that_cannot_be_decoded_is_a_body(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let path = erasure_path(&text(&record, "dataPrincipalId"));
    let mut event = tenant.request(Method::POST, path).event(&tenant.authorizer());
    event["body"] = json!("no base64");
    event["isBase64Encoded"] = json!(true);
    let before = system.contents.of(tenant.id).await;
    let function = system.lone_function("erase-data-principal", system.database_url()).await;
    function.response(&event).await.expect_error(400, "BAD_REQUEST");
    before.expect_unchanged(&system.contents.of(tenant.id).await);
}
