//! `GET /.well-known/jwks.json`

use std::collections::BTreeSet;

use assent_tests::client::Request;
use assent_tests::fault_proxy::{Fault, Matching};
use assent_tests::jose::{JWKS, PublishedKeys};
use assent_tests::system::System;
use assent_tests::verifier::verified;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![gives_public_keys_without_a_key, is_unavailable_without_its_table];

async fn gives_public_keys_without_a_key(system: &'static System) {
    let kid = system.rotate_signing_key().await;
    let keys = PublishedKeys::read(&system.client).await;
    assert!(keys.names().contains(&kid.as_str()));
    // No member of a private key.
    for key in keys.all() {
        let members: BTreeSet<&str> = key.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        assert_eq!(members, BTreeSet::from(["alg", "crv", "kid", "kty", "use", "x"]));
        let kind = ["kty", "crv", "alg", "use"].map(|name| key[name].clone());
        assert_eq!(kind, ["OKP", "Ed25519", "EdDSA", "sig"].map(|text| json!(text)));
    }
    let names: BTreeSet<&str> = keys.names().into_iter().collect();
    assert_eq!(names.len(), keys.all().len());
    let response = system.client.send(Request::new(Method::GET, JWKS)).await;
    assert_eq!(response.header("cache-control"), Some("public, max-age=300"));
    let whole = response.expect(200);
    assert_eq!(whole.as_object().map(serde_json::Map::len), Some(1));
    let line =
        |kid: &Value| format!("key {}: valid, Ed25519, named by its thumbprint\n", kid.as_str().unwrap_or_default());
    let names = whole["keys"].as_array().into_iter().flatten().map(|key| line(&key["kid"])).collect();
    assert_eq!(verified(&whole.to_string()), (names, true));
}

async fn is_unavailable_without_its_table(system: &'static System) {
    let faults = system.own_faults().await;
    let function = system.lone_function("jwks", &faults.url()).await;
    let event = Request::new(Method::GET, JWKS).event(&Value::Null);
    let ask = async || function.response(&event).await;
    let down = faults.strike(Matching::every(&"SigningKeysTable"), Fault::Cut, usize::MAX);
    let refused = ask().await;
    refused.expect_error(503, "SERVICE_UNAVAILABLE");
    assert_eq!(refused.header("cache-control"), Some("no-store"));
    drop(down);
    ask().await.expect(200);
}
