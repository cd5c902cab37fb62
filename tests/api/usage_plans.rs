//! Usage plans, and how long the gateway caches the response of the authorizer.

use std::time::Duration;

use assent_tests::client::{Client, Response};
use assent_tests::fixtures::{PROJECTS, Tenant, state_path};
use assent_tests::system::System;
use futures_util::future::join_all;
use serde_json::json;
use tokio::time::{Instant, sleep};

crate::trials![
    a_free_key_reaches_its_limit_and_no_other_tenant_is_affected,
    a_site_session_counts_against_the_key_that_issued_it,
    a_key_on_no_plan_is_refused,
    a_disabled_key_is_refused_once_the_cached_response_has_expired,
];

/// How many calls were let through; asserts that the others got a 429.
fn admitted(responses: &[Response]) -> usize {
    let (fine, refused): (Vec<_>, Vec<_>) = responses.iter().partition(|response| response.status() == 200);
    for response in refused {
        response.expect_error(429, "TOO_MANY_REQUESTS");
        assert_eq!(response.header("retry-after"), Some("1"), "{response}");
        assert_eq!(response.header("access-control-allow-origin"), Some("*"), "{response}");
    }
    fine.len()
}

async fn a_free_key_reaches_its_limit_and_no_other_tenant_is_affected(system: &'static System) {
    let limit = system.usage_plan("free").throttle.expect("a throttle");
    let burst = usize::try_from(limit.burst).expect("a burst");
    let (tenant, other) = (Tenant::new(system).await, Tenant::new(system).await);
    let (free, others_free) = (tenant.on_plan("free").await, other.on_plan("free").await);

    // Far more calls at once than the limit allows while they arrive.
    let started = Instant::now();
    let responses = join_all((0..burst * 4).map(|_| free.get(PROJECTS))).await;
    let admitted_at_once = admitted(&responses);
    let others = join_all((0..burst / 2).map(|_| others_free.get(PROJECTS))).await;
    let own_other = join_all((0..burst * 2).map(|_| tenant.get(PROJECTS))).await;
    let most = f64::from(limit.burst) + limit.rate * started.elapsed().as_secs_f64() + 1.0;
    let within = u32::try_from(admitted_at_once).is_ok_and(|admitted| f64::from(admitted) <= most);
    assert!(admitted_at_once >= burst && within, "{admitted_at_once} of {}, at the most {most}", responses.len());
    assert!(admitted_at_once < responses.len(), "no call was refused");

    // It affects neither another tenant's key on the same plan nor this tenant's key on another plan.
    assert_eq!(admitted(&others), others.len());
    assert_eq!(admitted(&own_other), own_other.len());

    // After the time in Retry-After it is let through again.
    sleep(Duration::from_secs(1)).await;
    free.get(PROJECTS).await.expect(200);
}

async fn a_site_session_counts_against_the_key_that_issued_it(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (project, free) = (tenant.create_project().await, tenant.on_plan("free").await);
    let visitor = free.create_visitor(&project, &json!({})).await;
    let others_visitor = tenant.create_visitor(&project, &json!({})).await;
    visitor.get(state_path(&project)).await.expect(200);
    // The key stays at its limit while its visitor calls. A 429 costs the gateway little, and few calls are let
    // through, so the functions have little work.
    let at_the_limit = async {
        loop {
            admitted(&join_all((0..20).map(|_| free.get(PROJECTS))).await);
        }
    };
    let visits = async {
        let started = Instant::now();
        loop {
            let response = visitor.get(state_path(&project)).await;
            if admitted(&[response]) == 0 {
                break;
            }
            assert!(started.elapsed() < Duration::from_secs(30), "the visitor never felt the limit");
        }
        for _ in 0..3 {
            others_visitor.get(state_path(&project)).await.expect(200);
        }
    };
    tokio::select! {
        () = at_the_limit => {}
        () = visits => {}
    }
}

async fn a_key_on_no_plan_is_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let planless = tenant.on_no_plan().await;
    let body = planless.get(PROJECTS).await.expect_error(403, "FORBIDDEN");
    assert_eq!(body["message"], "This API key is switched off or on no usage plan");
    // This path needs no key.
    system.client.send(assent_tests::client::Request::new(hyper::Method::GET, "/health")).await.expect(200);
    // Once it is on a plan, it is let through.
    system.put_on_plan(&planless.key, "pro");
    planless.get(PROJECTS).await.expect(200);
}

async fn a_disabled_key_is_refused_once_the_cached_response_has_expired(system: &'static System) {
    let keep = Duration::from_secs(2);
    let gateway = system.forgetful_gateway(keep).await;
    let tenant = Tenant::new(system).await;
    let (key, other) = (tenant.on_plan("pro").await, tenant.on_plan("pro").await);
    let client = Client::new(gateway.base_url());
    let (key, other) = (key.by(&client), other.by(&client));
    let project = tenant.create_project().await;
    let clocked = system.clocked().await;
    let visitor = key.by(&clocked.client).create_visitor(&project, &json!({})).await;
    key.get(PROJECTS).await.expect(200);

    system.disable_key(&key.key).await;
    let disabled = Instant::now();
    // The gateway does not cache the authorizer's response for a site session. The authorizer caches the key.
    visitor.get(state_path(&project)).await.expect(200);
    clocked.pass(Duration::from_secs(5));
    visitor.get(state_path(&project)).await.expect_error(401, "UNAUTHORIZED");
    loop {
        let asked = disabled.elapsed();
        let response = key.get(PROJECTS).await;
        if response.status() == 401 {
            break;
        }
        response.expect(200);
        assert!(asked <= keep, "accepted {asked:?} after it was disabled");
        sleep(Duration::from_millis(50)).await;
    }
    key.get(PROJECTS).await.expect_error(401, "UNAUTHORIZED");
    other.get(PROJECTS).await.expect(200);
    gateway.stop().await;
}
