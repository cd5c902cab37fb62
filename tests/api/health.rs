//! `GET /health`

use std::collections::BTreeSet;

use assent_tests::client::Request;
use assent_tests::system::System;
use hyper::Method;
use serde_json::json;

crate::trials![
    responds_without_a_key,
    openapi_json_may_be_cached_but_health_may_not,
    each_response_has_an_id_of_its_own,
    unknown_routes_are_not_found
];

async fn responds_without_a_key(system: &'static System) {
    let response = system.client.send(Request::new(Method::GET, "/health")).await;
    let description = system.client.send(Request::new(Method::GET, "/openapi.json")).await.expect(200);
    response.expect_like(200, &json!({"status": "ok", "version": description["info"]["version"]}));
}

async fn openapi_json_may_be_cached_but_health_may_not(system: &'static System) {
    for (path, kept) in [("/openapi.json", "public, max-age=300"), ("/health", "no-store")] {
        let response = system.client.send(Request::new(Method::GET, path)).await;
        response.expect(200);
        assert_eq!(response.header("cache-control"), Some(kept), "{path}");
    }
}

async fn each_response_has_an_id_of_its_own(system: &'static System) {
    let mut ids = BTreeSet::new();
    for _ in 0..5 {
        // An id that the caller sends is ignored.
        let request = Request::new(Method::GET, "/health").header("x-request-id", "mine");
        ids.insert(system.client.send(request).await.header("x-request-id").map(ToOwned::to_owned));
    }
    assert!(ids.len() == 5 && !ids.contains(&Some("mine".to_owned())), "{ids:?}");
}

async fn unknown_routes_are_not_found(system: &'static System) {
    for (method, path) in [
        (Method::GET, "/"),
        (Method::GET, "/v1"),
        (Method::GET, "/v1/dpdp/consent-notices/a/b/c/d"),
        (Method::POST, "/health"),
        (Method::PUT, "/v1/grants"),
        (Method::GET, "/healthy"),
        (Method::GET, "/HEALTH"),
    ] {
        system.client.send(Request::new(method, path)).await.expect_error(404, "NOT_FOUND");
    }
}
