//! No table, log or response contains a key or a token.

use assent_tests::client::Request;
use assent_tests::fixtures::{GRANTS, PROJECTS, RECORDS, Tenant, accepted, events_path, sha256, state_path};
use assent_tests::system::System;
use hyper::Method;
use serde_json::json;

crate::trials![keys_and_tokens_are_stored_and_logged_nowhere];

async fn keys_and_tokens_are_stored_and_logged_nowhere(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let key = tenant.key.as_str();
    let project = tenant.create_project().await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let consent_type = tenant.create_consent_type().await;
    tenant.create_record().await;
    visitor.post(events_path(&project), &accepted(&consent_type)).await.expect(201);
    let again = tenant.posting(GRANTS, &json!({"principalId": "user-1", "scopes": ["a"]}));
    tenant.send(again.header("idempotency-key", "once")).await.expect(201);

    // They are also sent in wrong positions: each call gets an error that does not repeat them.
    for secret in [key, visitor.token()] {
        for request in [
            Request::new(Method::GET, PROJECTS).header("authorization", format!("Bearer {secret}x")),
            Request::new(Method::GET, PROJECTS).header("authorization", format!("Basic {secret}")),
            Request::new(Method::GET, PROJECTS).header("x-api-key", secret),
            Request::new(Method::GET, state_path(&project)).header("x-session", format!("{secret}x")),
            Request::new(Method::GET, format!("/{secret}")),
            tenant.request(Method::GET, format!("{GRANTS}/{secret}")),
            tenant.request(Method::GET, format!("{RECORDS}?cursor={secret}")),
            tenant.request(Method::GET, format!("{GRANTS}?{secret}=1&status={secret}")).header("x-other", secret),
        ] {
            let response = system.client.send(request).await;
            assert!((400..500).contains(&response.status()), "{response}");
        }
    }

    let everything = system.contents.of_all().await;
    let log = system.log();
    assert!(!everything.mentioning(&sha256(key)).is_empty() && log.contains("responded"), "nothing was looked at");
    for secret in [key, visitor.token()] {
        assert_eq!(everything.mentioning(secret), [] as [&_; 0]);
        assert!(!log.contains(secret), "the log holds a secret");
    }
}
