//! `GET /assent.js`

use std::io::Write as _;

use assent_tests::client::Request;
use assent_tests::system::System;
use flate2::{Compression, write::GzEncoder};
use hyper::Method;

crate::trials![every_site_may_load_the_script, the_script_is_small, the_script_takes_no_liberties];

/// The greatest size of the script, compressed.
const BYTES: usize = 3000;

async fn script(system: &System) -> String {
    let response = system.client.send(Request::new(Method::GET, "/assent.js")).await;
    assert_eq!(response.status(), 200, "{response}");
    response.text().to_owned()
}

async fn every_site_may_load_the_script(system: &'static System) {
    let request = Request::new(Method::GET, "/assent.js").header("origin", "https://shop.example");
    let response = system.client.send(request).await;
    for (name, value) in [
        ("content-type", "text/javascript; charset=utf-8"),
        ("cache-control", "public, max-age=300"),
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        assert_eq!(response.header(name), Some(value), "{response}");
    }
}

async fn the_script_is_small(system: &'static System) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(script(system).await.as_bytes()).expect("memory");
    let size = encoder.finish().expect("memory").len();
    assert!(size <= BYTES, "{size} bytes");
}

/// What a Content Security Policy or a law may forbid to a script on another's page.
async fn the_script_takes_no_liberties(system: &'static System) {
    let script = script(system).await;
    for forbidden in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "cookie",
        "Storage",
        "style",
    ] {
        assert!(!script.contains(forbidden), "{forbidden}");
    }
    for needed in ["globalPrivacyControl", "X-Session", "version"] {
        assert!(script.contains(needed), "{needed}");
    }
}
