//! `POST` and `GET /v1/projects`, and `GET`, `PATCH` and `DELETE /v1/projects/{projectId}`

use std::time::Duration;

use assent_tests::fault_proxy::Matching;
use assent_tests::fixtures::{
    PROJECTS, Tenant, accepted, erasure_counts, events_path, site, state_path, text, visitors_path,
};
use assent_tests::race::overtaken;
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    creates_a_project,
    the_domain_is_optional,
    a_project_has_up_to_twenty_domains,
    is_strict,
    a_change_is_strict,
    lists_projects,
    a_project_is_read_and_changed,
    a_deleted_project_is_gone_and_its_events_stay,
    other_tenants_projects_are_not_found;
    on each engine:
    a_change_that_comes_after_the_deletion_finds_nothing,
    a_deletion_that_comes_after_a_change_deletes_what_it_sees,
    an_event_that_is_overtaken_by_the_deletion_is_evidence,
];

fn project_path(project: &str) -> String {
    format!("{PROJECTS}/{project}")
}

async fn creates_a_project(system: &'static System) {
    let tenant = Tenant::new(system).await;
    tenant.post(PROJECTS, &json!({"name": "Shop", "domain": "shop.example"})).await.expect_like(
        201,
        &json!({
            "id": "<uuid>",
            "organization": tenant.id.to_string(),
            "name": "Shop",
            "domain": "shop.example",
            "domains": ["shop.example"],
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

async fn a_project_has_up_to_twenty_domains(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let domains: Vec<String> = (0..20).map(|number| format!("shop{number}.example")).collect();
    let created = tenant.post(PROJECTS, &json!({"name": "Shop", "domains": domains})).await.expect(201);
    assert_eq!((&created["domain"], &created["domains"]), (&json!("shop0.example"), &json!(domains)));
    let created = tenant.post(PROJECTS, &json!({"name": "Shop", "domains": []})).await.expect(201);
    assert_eq!((&created["domain"], &created["domains"]), (&Value::Null, &json!([])));
    let both = json!({"name": "Shop", "domain": "a.example", "domains": ["b.example"]});
    tenant.post(PROJECTS, &both).await.expect_field_errors(400, "BAD_REQUEST", &["domain"]);
    let over: Vec<String> = (0..21).map(|number| format!("shop{number}.example")).collect();
    for (domains, named) in [
        (json!(over), "domains"),
        (json!("a.example"), "domains"),
        (json!(["a.example", "a.example"]), "domains[1]"),
        (json!(["a.example", ""]), "domains[1]"),
        (json!(["a.example", null]), "domains[1]"),
        (json!(["x".repeat(501)]), "domains[0]"),
    ] {
        let response = tenant.post(PROJECTS, &json!({"name": "Shop", "domains": domains})).await;
        response.expect_field_errors(400, "BAD_REQUEST", &[named]);
    }
}

async fn a_change_is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = project_path(&tenant.create_project().await);
    let before = tenant.get(&path).await.expect(200);
    for (body, named) in [
        (json!({}), vec!["name"]),
        (json!({"name": null, "domains": null}), vec!["name"]),
        (json!({"name": "x", "domains": 1, "color": "red"}), vec!["name", "domains", "color"]),
        (json!({"domain": "a.example", "domains": []}), vec!["domain"]),
    ] {
        tenant.patch(&path, &body).await.expect_field_errors(400, "BAD_REQUEST", &named);
    }
    assert_eq!(tenant.get(&path).await.expect(200), before);
}

async fn a_project_is_read_and_changed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.post(PROJECTS, &json!({"name": "Shop", "domain": "shop.example"})).await;
    let path = created.header("location").expect("a Location").to_owned();
    assert_eq!(tenant.get(&path).await.expect(200), created.expect(201));
    let mut expected = created.body();
    for (change, domains, name) in [
        (json!({"domains": ["a.example", "b.example"]}), json!(["a.example", "b.example"]), "Shop"),
        (json!({"name": "Store"}), json!(["a.example", "b.example"]), "Store"),
        (json!({"domain": "c.example"}), json!(["c.example"]), "Store"),
        (json!({"domains": []}), json!([]), "Store"),
    ] {
        expected["domain"] = domains.get(0).cloned().unwrap_or_default();
        expected["domains"] = domains;
        expected["name"] = json!(name);
        assert_eq!(tenant.patch(&path, &change).await.expect(200), expected);
        assert_eq!(tenant.get(&path).await.expect(200), expected);
        assert_eq!(tenant.get(PROJECTS).await.expect(200)["projects"], json!([expected]));
    }
    let before = system.contents.of(tenant.id).await;
    tenant.patch(&path, &json!({"name": "Store"})).await.expect(200);
    before.expect_unchanged(&system.contents.of(tenant.id).await);
}

async fn a_deleted_project_is_gone_and_its_events_stay(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let clocked = system.clocked().await;
    let on_site = tenant.by(&clocked.client);
    let path = project_path(&project);
    let types = format!("/site-v1/{project}/consent-types");
    let visitor = on_site.create_visitor(&project, &json!({"userId": "user-1"})).await;
    let event = visitor.post(events_path(&project), &accepted(&id)).await.expect(201)["items"][0].clone();
    visitor.get(state_path(&project)).await.expect(200);
    on_site.get(&types).await.expect(200);
    tenant.delete(&path).await.expect_no_content();
    tenant.get(&path).await.expect_error(404, "NOT_FOUND");
    tenant.patch(&path, &json!({"name": "Shop"})).await.expect_error(404, "NOT_FOUND");
    tenant.delete(&path).await.expect_error(404, "NOT_FOUND");
    assert_eq!(tenant.get(PROJECTS).await.expect(200)["projects"], json!([]));
    // What its pages call may find it for five seconds, and no longer.
    clocked.pass(Duration::from_millis(4_999));
    visitor.get(state_path(&project)).await.expect(200);
    on_site.get(&types).await.expect(200);
    let late = visitor.post(events_path(&project), &accepted(&id)).await.expect(201)["items"][0].clone();
    clocked.pass(Duration::from_millis(1));
    // Its sessions have ended, and there are no new ones.
    for path in
        [events_path(&project), state_path(&project), format!("{}/{}", events_path(&project), text(&event, "id"))]
    {
        visitor.get(path).await.expect_error(404, "NOT_FOUND");
    }
    visitor.post(events_path(&project), &accepted(&id)).await.expect_error(404, "NOT_FOUND");
    on_site.post(events_path(&project), &accepted(&id)).await.expect_error(404, "NOT_FOUND");
    on_site.post(visitors_path(&project), &json!({})).await.expect_error(404, "NOT_FOUND");
    on_site.get(&types).await.expect_error(404, "NOT_FOUND");
    // The evidence stays, until it is erased.
    assert_eq!(tenant.get(events_path(&project)).await.expect(200)["items"], json!([late, event]));
    assert_eq!(erasure_counts(&tenant.erase("user-1").await), [0, 0, 0, 0, 0, 0, 2]);
    assert_eq!(tenant.get(events_path(&project)).await.expect(200)["items"], json!([]));
}

async fn other_tenants_projects_are_not_found(system: &'static System) {
    let (tenant, other) = (Tenant::new(system).await, Tenant::new(system).await);
    let project = tenant.create_project().await;
    let path = project_path(&project);
    other.get(&path).await.expect_error(404, "NOT_FOUND");
    other.patch(&path, &json!({"name": "Mine"})).await.expect_error(404, "NOT_FOUND");
    other.delete(&path).await.expect_error(404, "NOT_FOUND");
    other.get(events_path(&project)).await.expect_error(404, "NOT_FOUND");
    assert_eq!(tenant.get(&path).await.expect(200)["name"], "Shop");
}

async fn a_change_that_comes_after_the_deletion_finds_nothing(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let path = project_path(&project);
    let held = Matching::writes(&project).and(&"Another");
    let another = json!({"name": "Another"});
    let change = tenant.patch(&path, &another);
    let (change, deletion) = overtaken(system, held, change, tenant.delete(&path)).await;
    deletion.expect_no_content();
    change.expect_error(404, "NOT_FOUND");
    tenant.get(&path).await.expect_error(404, "NOT_FOUND");
}

async fn a_deletion_that_comes_after_a_change_deletes_what_it_sees(system: &'static System) {
    for (matches, status) in [(false, 204), (true, 412)] {
        let tenant = Tenant::new(system).await;
        let project = tenant.create_project().await;
        let path = project_path(&project);
        let tag = tenant.get(&path).await.header("etag").expect("an ETag").to_owned();
        let mut deletion = tenant.request(Method::DELETE, &path);
        if matches {
            deletion = deletion.header("If-Match", tag);
        }
        let held = Matching::writes(&project).and(&"deletedAt");
        let another = json!({"name": "Another"});
        let (deletion, change) = overtaken(system, held, tenant.send(deletion), tenant.patch(&path, &another)).await;
        change.expect(200);
        assert_eq!(deletion.status(), status, "{deletion}");
    }
}

async fn an_event_that_is_overtaken_by_the_deletion_is_evidence(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let clocked = system.clocked().await;
    let on_site = tenant.by(&clocked.client);
    let held = Matching::writes(&id).and(&"ConsentEventsTable");
    let body = accepted(&id);
    let event = on_site.post(events_path(&project), &body);
    let (event, deletion) = overtaken(system, held, event, tenant.delete(project_path(&project))).await;
    deletion.expect_no_content();
    let recorded = event.expect(201)["items"].clone();
    assert_eq!(tenant.get(events_path(&project)).await.expect(200)["items"], recorded);
    clocked.pass(Duration::from_secs(5));
    on_site.post(events_path(&project), &body).await.expect_error(404, "NOT_FOUND");
}
