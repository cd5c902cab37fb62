//! The certificates of a database that a function trusts.

use std::path::PathBuf;

use assent_tests::client::{Request, Response};
use assent_tests::fixtures::unique;
use assent_tests::system::System;
use assent_tests::tls::Tls;
use hyper::Method;
use serde_json::Value;

crate::trials![
    a_configured_certificate_is_trusted,
    other_certificates_than_amazons_are_not_trusted,
    a_function_with_an_unusable_certificate_file_does_not_start,
];

async fn a_configured_certificate_is_trusted(system: &'static System) {
    let tls = Tls::before(system.database_url(), &folder()).await.expect("a server");
    let named = tls.certificates.to_str().expect("a path");
    health(system, &tls, &[("AWS_CA_BUNDLE", named)]).await.expect(200);
    // The first call used the connection that was opened in advance.
    assert_eq!(tls.opened.load(std::sync::atomic::Ordering::Relaxed), 1);
}

async fn other_certificates_than_amazons_are_not_trusted(system: &'static System) {
    let tls = Tls::before(system.database_url(), &folder()).await.expect("a server");
    health(system, &tls, &[]).await.expect_error(503, "SERVICE_UNAVAILABLE");
}

async fn a_function_with_an_unusable_certificate_file_does_not_start(system: &'static System) {
    let folder = folder();
    let tls = Tls::before(system.database_url(), &folder).await.expect("a server");
    let certificate = std::fs::read_to_string(&tls.certificates).expect("a certificate");
    let spoilt = certificate.replacen("MII", "MI%", 1);
    for (name, text) in [("empty.pem", ""), ("words.pem", "no certificate"), ("spoilt.pem", &spoilt)] {
        std::fs::write(folder.join(name), text).expect("a file");
    }
    for name in ["absent.pem", "empty.pem", "words.pem", "spoilt.pem"] {
        let file = folder.join(name);
        let variables = [("AWS_CA_BUNDLE", file.to_str().expect("a path"))];
        let started = system.start_lone_function("health", &tls.url, &variables).await;
        assert!(started.is_err(), "{name}");
    }
}

async fn health(system: &System, tls: &Tls, variables: &[(&str, &str)]) -> Response {
    let function = system.lone_function_with("health", &tls.url, variables).await;
    function.response(&Request::new(Method::GET, "/health").event(&Value::Null)).await
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(unique("trust"))
}
