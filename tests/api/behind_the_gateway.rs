//! A function without a gateway checks the API key itself.

use assent_tests::client::Request;
use assent_tests::fixtures::{GRANTS, Tenant};
use assent_tests::system::System;
use hyper::Method;
use serde_json::Value;

crate::trials![the_context_of_an_authorizer_is_believed_only_behind_one];

/// Any program on the machine can send an event to the port of `cargo lambda watch`.
async fn the_context_of_an_authorizer_is_believed_only_behind_one(system: &'static System) {
    let tenant = Tenant::new(system).await;
    tenant.create_grant("user-1").await;
    let variables = [("API_KEYS_TABLE", "ApiKeysTable")];
    let alone = system.lone_function_with("list-grants", system.database_url(), &variables).await;
    let request = || Request::new(Method::GET, GRANTS);
    alone.response(&request().event(&tenant.authorizer())).await.expect_error(401, "UNAUTHORIZED");
    let with_key = request().header("authorization", format!("Bearer {}", tenant.key));
    alone.response(&with_key.event(&Value::Null)).await.expect(200);

    // On AWS, only the authorizer has access to the table of API keys.
    let behind = system.lone_function("list-grants", system.database_url()).await;
    behind.response(&request().event(&tenant.authorizer())).await.expect(200);
    let with_key = request().header("authorization", format!("Bearer {}", tenant.key));
    behind.response(&with_key.event(&Value::Null)).await.expect_error(401, "UNAUTHORIZED");
}
