//! `GET /v1/schemas/consent-receipt-1.json`
//!
//! `assent_tests::receipts` validates the receipts of all tests under it.

use assent_tests::client::Request;
use assent_tests::system::System;
use hyper::Method;
use serde_json::Value;

crate::trials![the_schema_is_that_of_the_description];

async fn the_schema_is_that_of_the_description(system: &'static System) {
    let read = async |path: &str| system.client.send(Request::new(Method::GET, path)).await;
    let response = read("/v1/schemas/consent-receipt-1.json").await;
    assert_eq!(response.header("cache-control"), Some("public, max-age=300"));
    let schema = response.expect(200);
    let described = read("/openapi.json").await.expect(200);
    let definitions = schema["$defs"].as_object().expect("definitions");
    assert_eq!(schema["$ref"], "#/$defs/Receipt");
    for (name, definition) in definitions {
        let described =
            described["components"]["schemas"][name].to_string().replace("#/components/schemas/", "#/$defs/");
        assert_eq!(serde_json::from_str::<Value>(&described).ok().as_ref(), Some(definition), "{name}");
    }
}
