//! `GET` and `PUT /v1/organisation`

use assent_tests::fixtures::{ORGANISATION, Tenant, organisation, with};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    a_tenant_has_a_name_before_it_says_more,
    a_put_replaces_everything,
    is_strict,
    nobody_else_sees_it;
    on each engine:
    a_put_that_comes_second_is_refused_by_if_match,
];

fn putting(tenant: &Tenant, body: &Value) -> assent_tests::client::Request {
    tenant.request(Method::PUT, ORGANISATION).json(body)
}

async fn a_tenant_has_a_name_before_it_says_more(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let unset = tenant.get(ORGANISATION).await;
    let body = unset.expect(200);
    assert_eq!(body["name"], tenant.name);
    for member in ["address", "contact", "jurisdiction", "storageLocations", "dataProtectionOfficer", "updatedAt"] {
        assert_eq!(body.get(member), Some(&Value::Null), "{member}");
    }
    let tag = unset.header("etag").expect("an ETag").to_owned();
    tenant.send(putting(&tenant, &organisation()).header("If-Match", &tag)).await.expect(200);
    tenant
        .send(putting(&tenant, &organisation()).header("If-Match", &tag))
        .await
        .expect_error(412, "PRECONDITION_FAILED");
}

async fn a_put_replaces_everything(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let set = tenant
        .send(putting(&tenant, &organisation()))
        .await
        .expect_like(200, &with(&organisation(), "updatedAt", Some(json!("<time>"))));
    assert_eq!(tenant.get(ORGANISATION).await.expect(200), set);
    let less = json!({"name": "Acme", "jurisdiction": "SG", "contact": null});
    let left = json!({
        "name": "Acme", "address": null, "contact": null, "jurisdiction": "SG", "storageLocations": null,
        "dataProtectionOfficer": null, "updatedAt": "<time>",
    });
    let set = tenant.send(putting(&tenant, &less)).await.expect_like(200, &left);
    assert_eq!(tenant.get(ORGANISATION).await.expect(200), set);
    let officer = json!({"name": "Acme", "dataProtectionOfficer": {"name": "A", "email": "a@b"}});
    let set = tenant.send(putting(&tenant, &officer)).await.expect(200);
    assert_eq!(set["dataProtectionOfficer"], json!({"name": "A", "email": "a@b", "phone": null}));
}

async fn is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let call = Call { caller: &tenant, method: Method::PUT, path: ORGANISATION.to_owned(), body: organisation() };
    let spoiled = [
        each("name", not_texts(500)),
        each("address", not_texts(2000)),
        each("contact", not_texts(500)),
        each("jurisdiction", not_texts(500)),
        each("storageLocations", vec![json!([]), json!("IN"), json!(vec!["x"; 51])]),
        each("storageLocations[1]", vec![json!("IN"), json!(""), json!(1)]),
        each("dataProtectionOfficer", vec![json!("Jane"), json!([])]),
        each("dataProtectionOfficer.name", not_texts(200)),
        each("dataProtectionOfficer.email", vec![json!("jane"), json!("")]),
        each("dataProtectionOfficer.phone", vec![json!("12"), json!("+0")]),
    ]
    .concat();
    call.refuses(&spoiled).await;
    let faulty = json!({"address": 1, "storageLocation": ["IN"], "dataProtectionOfficer": {"name": "A"}});
    tenant.send(putting(&tenant, &faulty)).await.expect_field_errors(
        400,
        "BAD_REQUEST",
        &["name", "address", "storageLocation", "dataProtectionOfficer.email"],
    );
    let huge = json!({"name": "\u{1f642}".repeat(500), "address": "\u{1f642}".repeat(2000),
        "storageLocations": (0..50).map(|n| format!("{n:03}{}", "\u{1f642}".repeat(497))).collect::<Vec<_>>()});
    tenant.send(putting(&tenant, &huge)).await.expect(200);
}

async fn nobody_else_sees_it(system: &'static System) {
    let (tenant, other) = (Tenant::new(system).await, Tenant::new(system).await);
    tenant.send(putting(&tenant, &organisation())).await.expect(200);
    assert_eq!(other.get(ORGANISATION).await.expect(200)["address"], Value::Null);
}

async fn a_put_that_comes_second_is_refused_by_if_match(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let tag = tenant.get(ORGANISATION).await.header("etag").expect("an ETag").to_owned();
    let held = assent_tests::fault_proxy::Matching::writes(&tenant.id).and(&"Bengaluru");
    let late = tenant.send(putting(&tenant, &organisation()).header("If-Match", &tag));
    let early = json!({"name": "Early"});
    let early = tenant.send(putting(&tenant, &early).header("If-Match", &tag));
    let (late, early) = assent_tests::race::overtaken(system, held, late, early).await;
    early.expect(200);
    late.expect_error(412, "PRECONDITION_FAILED");
    assert_eq!(tenant.get(ORGANISATION).await.expect(200)["name"], "Early");
}
