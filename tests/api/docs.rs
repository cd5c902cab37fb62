//! `GET /docs` and `GET /docs/{operation}`
//!
//! The crate `reference` tests what the pages say.

use assent_tests::client::{Request, Response};
use assent_tests::operations::operations;
use assent_tests::system::System;
use hyper::Method;

crate::trials![
    anyone_reads_the_index_and_the_page_of_each_operation,
    a_page_of_nothing_is_not_found,
    a_page_loads_and_runs_nothing,
];

async fn read(system: &System, path: &str) -> Response {
    system.client.send(Request::new(Method::GET, path)).await
}

async fn anyone_reads_the_index_and_the_page_of_each_operation(system: &'static System) {
    let index = read(system, "/docs").await;
    assert_eq!(index.status(), 200, "{index}");
    for operation in operations(system).await {
        let path = format!("docs/{}", operation.id);
        assert!(index.text().contains(&format!("href=\"{path}\"")), "{path}");
        let page = read(system, &format!("/{path}")).await;
        assert_eq!(page.status(), 200, "{page}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(
            page.text().contains(&format!("<b>{}</b> <code>{}</code>", operation.method, operation.route)),
            "{page}"
        );
    }
    for shared in ["responses", "types", "receive-consent-withdrawn"] {
        assert_eq!(read(system, &format!("/docs/{shared}")).await.status(), 200, "{shared}");
    }
}

async fn a_page_of_nothing_is_not_found(system: &'static System) {
    for name in ["nothing", "HEALTH", "health.html", "health%00", "..%2Fopenapi.json", "%ff", "health%20"] {
        read(system, &format!("/docs/{name}")).await.expect_error(404, "NOT_FOUND");
    }
}

async fn a_page_loads_and_runs_nothing(system: &'static System) {
    for path in ["/docs", "/docs/health"] {
        let page = read(system, path).await;
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        for closed in ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(closed), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("cache-control"), Some("public, max-age=300"));
    }
}
