//! Runs the smoke test, which `make smoke` runs on a deployed system, on this one.

use std::path::Path;
use std::process::Output;

use assent_tests::fixtures::Tenant;
use assent_tests::system::System;
use tokio::process::Command;

crate::trials![
    the_smoke_test_passes,
    the_smoke_test_says_what_is_wrong,
    the_smoke_test_gives_up_on_a_key_without_a_limit,
];

async fn smoke(system: &System, key: &str) -> Output {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/smoke");
    let mut command = Command::new(program);
    command.env("API_URL", format!("http://{}", system.client.authority())).env("API_KEY", key).kill_on_drop(true);
    command.output().await.expect("the smoke test runs")
}

async fn the_smoke_test_passes(system: &'static System) {
    let free = Tenant::new(system).await.on_plan("free").await;
    let output = smoke(system, &free.key).await;
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.lines().filter(|line| line.starts_with("ok ")).count(), 7, "{said}");
}

async fn the_smoke_test_gives_up_on_a_key_without_a_limit(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let output = smoke(system, &tenant.key).await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("400 calls") && said.contains("plan free"), "{output:?}");
}

async fn the_smoke_test_says_what_is_wrong(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let free = tenant.on_plan("free").await;
    system.disable_key(&free.key).await;
    let output = smoke(system, &free.key).await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("401"), "{output:?}");
    assert!(!said.contains(&free.key), "{said}");
}
