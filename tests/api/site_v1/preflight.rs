//! `OPTIONS /site-v1/{projectId}/…`, and the responses that a page on a site may read.

use std::time::Duration;

use assent_tests::client::{Client, Request, Response};
use assent_tests::fixtures::{PROJECTS, Tenant, events_path, state_path, text, visitors_path};
use assent_tests::system::System;
use hyper::Method;
use serde_json::json;

crate::trials![
    a_projects_own_pages_may_call_it,
    other_pages_may_not,
    the_projects_domains_decide_within_five_seconds,
    a_page_may_read_the_responses,
    the_rest_of_the_api_is_not_for_pages,
    no_page_issues_sessions,
];

async fn ask(client: &Client, path: impl Into<String>, origin: &str) -> Response {
    let request = Request::new(Method::OPTIONS, path).header("origin", origin);
    client.send(request.header("access-control-request-method", "POST")).await
}

async fn a_projects_own_pages_may_call_it(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let event = format!("{}/44499771-03fb-4f0c-8620-88f538385446", events_path(&project));
    for path in [events_path(&project), event, state_path(&project)] {
        for origin in ["https://shop.example", "https://www.shop.example"] {
            let response = ask(&system.client, &path, origin).await;
            response.expect_no_content();
            assert_eq!(response.header("access-control-allow-origin"), Some(origin), "{response}");
            let headers = response.header("access-control-allow-headers").unwrap_or_default();
            for name in ["Content-Type", "X-Session", "Idempotency-Key"] {
                assert!(headers.split(", ").any(|allowed| allowed == name), "{response}");
            }
            assert_eq!(response.header("access-control-allow-methods"), Some("GET, POST"), "{response}");
            assert_eq!(response.header("vary"), Some("Origin"), "{response}");
        }
    }
}

async fn other_pages_may_not(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let homeless = text(&tenant.post(PROJECTS, &json!({"name": "No site"})).await.expect(201), "id");
    let none = "44499771-03fb-4f0c-8620-88f538385446";
    for (project, origin) in [
        (project.as_str(), "https://evil.example"),
        (&project, "http://shop.example"),
        (&project, "https://shop.example.evil.example"),
        (&project, "null"),
        (&homeless, "https://shop.example"),
        (none, "https://shop.example"),
        ("nonsense", "https://shop.example"),
        ("%00", "https://shop.example"),
    ] {
        let response = ask(&system.client, events_path(project), origin).await;
        response.expect_error(403, "FORBIDDEN");
        assert_eq!(response.header("access-control-allow-origin"), None, "{response}");
    }
    let response = system.client.send(Request::new(Method::OPTIONS, events_path(&project))).await;
    response.expect_error(403, "FORBIDDEN");
}

async fn the_projects_domains_decide_within_five_seconds(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let clocked = system.clocked().await;
    let project = tenant.create_project().await;
    let path = format!("{PROJECTS}/{project}");
    let admitted = async |origin: &str| {
        let response = ask(&clocked.client, events_path(&project), origin).await;
        if response.status() != 204 {
            response.expect_error(403, "FORBIDDEN");
            return false;
        }
        // A browser repeats it no longer than this.
        assert_eq!(response.header("access-control-max-age"), Some("5"), "{response}");
        true
    };
    let domains = ["shop.example", "boutique.example", "http://localhost:3000", "http://127.0.0.1:3000"];
    tenant.patch(&path, &json!({"domains": domains})).await.expect(200);
    for (origin, expected) in [
        ("https://shop.example", true),
        ("https://www.boutique.example", true),
        ("http://localhost:3000", true),
        ("http://127.0.0.1:3000", true),
        ("http://boutique.example", false),
        ("https://example", false),
        ("http://127.0.0.2:3000", false),
    ] {
        assert_eq!(admitted(origin).await, expected, "{origin}");
    }
    // A function may admit a page for five seconds after its domain was removed, and no longer. A new domain holds at
    // once.
    tenant.patch(&path, &json!({"domain": "shop.example"})).await.expect(200);
    clocked.pass(Duration::from_millis(4_999));
    assert!(admitted("https://boutique.example").await);
    clocked.pass(Duration::from_millis(1));
    assert!(!admitted("https://boutique.example").await);
    assert!(admitted("https://shop.example").await);
    tenant.patch(&path, &json!({"domains": []})).await.expect(200);
    clocked.pass(Duration::from_secs(5));
    assert!(!admitted("https://shop.example").await);
    tenant.patch(&path, &json!({"domain": "boutique.example"})).await.expect(200);
    assert!(admitted("https://boutique.example").await);
    tenant.delete(&path).await.expect_no_content();
    clocked.pass(Duration::from_millis(4_999));
    assert!(admitted("https://boutique.example").await);
    clocked.pass(Duration::from_millis(1));
    assert!(!admitted("https://boutique.example").await);
}

async fn a_page_may_read_the_responses(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let fine = visitor.get(state_path(&project)).await;
    fine.expect(200);
    let bad = visitor.post(events_path(&project), &json!({})).await;
    bad.expect_error(400, "BAD_REQUEST");
    let nobody = system.client.send(Request::new(Method::GET, state_path(&project))).await;
    nobody.expect_error(401, "UNAUTHORIZED");
    for response in [fine, bad, nobody] {
        assert_eq!(response.header("access-control-allow-origin"), Some("*"), "{response}");
        let exposed = response.header("access-control-expose-headers").unwrap_or_default();
        assert!(exposed.contains("Retry-After") && exposed.contains("X-Request-Id"), "{response}");
    }
}

async fn the_rest_of_the_api_is_not_for_pages(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let response = tenant.get(PROJECTS).await;
    response.expect(200);
    assert_eq!(response.header("access-control-allow-origin"), None, "{response}");
    ask(&system.client, PROJECTS, "https://shop.example").await.expect_error(404, "NOT_FOUND");
}

/// This call needs a secret key, which no page has.
async fn no_page_issues_sessions(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    ask(&system.client, visitors_path(&project), "https://shop.example").await.expect_error(404, "NOT_FOUND");
    let issued = tenant.post(visitors_path(&project), &json!({})).await;
    issued.expect(201);
    assert_eq!(issued.header("access-control-allow-origin"), None, "{issued}");
    assert_eq!(issued.header("access-control-expose-headers"), None, "{issued}");
}
