//! `GET /site-v1/{projectId}/consent-types`

use assent_tests::client::{Request, Response};
use assent_tests::fixtures::{
    CATALOG, Tenant, consent_type_path, consent_type_with_triple, unique_label, versions_path,
};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![lists_types_with_their_latest_versions, is_for_everybody, pages_belong_to_their_project];

async fn read(system: &System, path: &str) -> Response {
    system.client.send(Request::new(Method::GET, path)).await
}

async fn lists_types_with_their_latest_versions(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = format!("/site-v1/{}/consent-types", tenant.create_project().await);
    assert_eq!(read(system, &path).await.expect(200), json!({"consentTypes": [], "nextCursor": null}));
    let mut body = consent_type_with_triple(&unique_label());
    body["validStates"] = json!(["accepted", "declined"]);
    body["consentDuration"] = json!("P30D");
    let created = tenant.post(CATALOG, &body).await.expect(201);
    let id = created["id"].as_str().expect("an id");
    tenant.post(versions_path(id), &json!({"url": "https://example.com/2", "description": "x"})).await.expect(201);
    let mut expected = json!({
        "id": id, "validStates": ["accepted", "declined"], "consentDuration": "P30D",
        "latest": {"version": 2, "url": "https://example.com/2", "description": "x"},
    });
    for member in ["title", "description", "type", "category", "subcategory", "label"] {
        expected[member] = created[member].clone();
    }
    let listed = read(system, &path).await;
    assert_eq!(listed.expect(200), json!({"consentTypes": [expected], "nextCursor": null}));
    // Neither the tenant nor its other resources can be read from it.
    assert!(!listed.body().to_string().contains(&tenant.id.to_string()));
    tenant.delete(consent_type_path(id)).await.expect_no_content();
    assert_eq!(read(system, &path).await.expect(200)["consentTypes"], json!([]));
}

async fn is_for_everybody(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let path = format!("/site-v1/{project}/consent-types");
    let response = read(system, &path).await;
    response.expect(200);
    assert_eq!(response.header("cache-control"), Some("public, max-age=60"), "{response}");
    assert_eq!(response.header("access-control-allow-origin"), Some("*"), "{response}");
    // A credential changes nothing, not even a wrong one.
    let with_junk = Request::new(Method::GET, &path).header("authorization", "junk").header("x-session", "junk");
    assert_eq!(system.client.send(with_junk).await.expect(200), response.body());
    let preflight = Request::new(Method::OPTIONS, &path).header("origin", "https://shop.example");
    system.client.send(preflight.header("access-control-request-method", "GET")).await.expect_no_content();
    for absent in ["44499771-03fb-4f0c-8620-88f538385446", "nonsense", "%00", "%23site"] {
        let response = read(system, &format!("/site-v1/{absent}/consent-types")).await;
        response.expect_error(404, "NOT_FOUND");
        assert_eq!(response.header("cache-control"), Some("no-store"), "{response}");
    }
    read(system, &format!("{path}?limit=0&foo=1")).await.expect_field_errors(400, "BAD_REQUEST", &["limit", "foo"]);
}

async fn pages_belong_to_their_project(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = format!("/site-v1/{}/consent-types", tenant.create_project().await);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.insert(0, tenant.create_consent_type().await);
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let ids_of = |page: &Value| -> Vec<Value> {
        page["consentTypes"].as_array().into_iter().flatten().map(|listed| listed["id"].clone()).collect()
    };
    let first = read(system, &format!("{path}?limit=2")).await.expect(200);
    let cursor = first["nextCursor"].as_str().expect("a cursor");
    let second = read(system, &format!("{path}?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!([ids_of(&first), ids_of(&second)].concat(), ids);
    assert_eq!(second["nextCursor"], Value::Null);
    let other = format!("/site-v1/{}/consent-types?cursor={cursor}", tenant.create_project().await);
    read(system, &other).await.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
}
