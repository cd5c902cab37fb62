//! `POST` and `GET /v1/projects`

use assent_tests::fixtures::{PROJECTS, Tenant};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![creates_a_project, the_domain_is_optional, is_strict, lists_projects];

async fn creates_a_project(system: &'static System) {
    let tenant = Tenant::new(system).await;
    tenant.post(PROJECTS, &json!({"name": "Shop", "domain": "shop.example"})).await.expect_like(
        201,
        &json!({
            "id": "<uuid>",
            "organization": tenant.id.to_string(),
            "name": "Shop",
            "domain": "shop.example",
            "createdAt": "<time>",
        }),
    );
}

async fn the_domain_is_optional(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for body in [json!({"name": "Shop"}), json!({"name": "Shop", "domain": null})] {
        let created = tenant.post(PROJECTS, &body).await.expect(201);
        assert_eq!(created["domain"], Value::Null);
    }
}

async fn is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let call = Call {
        caller: &tenant,
        method: Method::POST,
        path: PROJECTS.to_owned(),
        body: json!({"name": "Shop", "domain": "shop.example"}),
    };
    let spoiled =
        [each("name", not_texts(200)), each("name", vec![json!("x")]), each("domain", not_texts(500))].concat();
    call.refuses(&spoiled).await;
    tenant.post(PROJECTS, &json!({"name": "é".repeat(200)})).await.expect(201);
    tenant.post(PROJECTS, &json!({"name": "ab"})).await.expect(201);
}

async fn lists_projects(system: &'static System) {
    let tenant = Tenant::new(system).await;
    assert_eq!(tenant.get(PROJECTS).await.expect(200), json!({"projects": [], "nextCursor": null}));
    let mut expected = Vec::new();
    for body in [json!({"name": "Shop", "domain": "shop.example"}), json!({"name": "Shop"})] {
        expected.insert(0, tenant.post(PROJECTS, &body).await.expect(201));
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    assert_eq!(tenant.get(PROJECTS).await.expect(200), json!({"projects": expected, "nextCursor": null}));
}
