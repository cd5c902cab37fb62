//! `POST` and `GET /v1/grants`, `GET` and `DELETE /v1/grants/{grantId}`

use assent_tests::client::Response;
use assent_tests::fixtures::{
    GRANTS, ODD_PRINCIPALS, RECORDS, Tenant, grant, grant_path, in_future, now, record, text, until_after, with,
};
use assent_tests::like::{as_text, time};
use assent_tests::pages::{pages, texts};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use chrono::Duration;
use hyper::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

crate::trials![
    creates_and_reads_a_grant,
    times_are_normalised,
    refuses_invalid_field_values,
    takes_the_longest_field_values,
    a_child_has_a_subset_of_its_parents_scopes,
    a_child_cannot_exceed_its_parent,
    a_child_needs_a_usable_parent,
    delegation_goes_ten_deep_and_no_deeper,
    revocation_reaches_every_descendant_and_nothing_else,
    revoking_again_changes_nothing,
    an_expired_grant_is_not_usable,
    lists_grants_as_they_are_read,
    lists_by_principal_and_status,
    a_principal_id_may_be_any_text,
    unknown_filters_are_refused,
    a_filter_that_few_grants_pass_finds_all_of_them,
];

async fn child(tenant: &Tenant, parent: &Value, changes: &[(&str, Option<Value>)]) -> Response {
    let mut body = json!({
        "principalId": parent["principalId"],
        "scopes": ["orders:read"],
        "parentGrantId": parent["grantId"],
    });
    for (field, value) in changes {
        body = with(&body, field, value.clone());
    }
    tenant.post(GRANTS, &body).await
}

async fn creates_and_reads_a_grant(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let expected = json!({
        "grantId": "<grnt_>",
        "principalId": "user-1",
        "scopes": ["profile:read", "orders:read"],
        "status": "active",
        "parentGrantId": null,
        "expiresAt": null,
        "createdAt": "<time>",
        "revokedAt": null,
    });
    let response = tenant.post(GRANTS, &grant("user-1")).await;
    let body = response.expect_like(201, &expected);
    assert_eq!(response.header("location"), Some(grant_path(&body).as_str()));
    let read = tenant.get(grant_path(&body)).await.expect(200);
    assert_eq!(read, body);
    let nulls = json!({"principalId": "user-1", "scopes": ["profile:read", "orders:read"], "expiresAt": null, "parentGrantId": null});
    tenant.post(GRANTS, &nulls).await.expect_like(201, &expected);
}

async fn times_are_normalised(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let body = with(&grant("user-1"), "expiresAt", Some(json!("2199-04-05T17:30:00.1+05:30")));
    let created = tenant.post(GRANTS, &body).await.expect(201);
    assert_eq!(created["expiresAt"], "2199-04-05T12:00:00.100Z");
}

fn call(tenant: &Tenant) -> Call<'_> {
    Call { caller: tenant, method: Method::POST, path: GRANTS.to_owned(), body: grant("user-1") }
}

async fn refuses_invalid_field_values(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let many: Vec<Value> = (0..51).map(|index| json!(format!("scope{index}"))).collect();
    let spoiled = [
        each("principalId", not_texts(256)),
        each("scopes", vec![json!([]), json!("profile:read"), json!({}), json!(many)]),
        each("scopes[1]", not_texts(128)),
        each("scopes[1]", vec![Value::Null, json!("profile:read")]),
        each("expiresAt", not_texts(100)),
        each(
            "expiresAt",
            ["tomorrow", "2199-02-30T00:00:00Z", "2199-01-01T00:00:00", "2201-01-01T00:00:00Z", "1969-12-31T23:59:59Z"]
                .map(|time| json!(time))
                .to_vec(),
        ),
    ]
    .concat();
    call(&tenant).refuses(&spoiled).await;
}

async fn takes_the_longest_field_values(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let fifty: Vec<Value> = (0..50).map(|index| json!(format!("{index:0128}"))).collect();
    for (field, value) in [
        ("principalId", json!("é".repeat(256))),
        ("principalId", json!("a/b#c%20 d\te")),
        ("scopes", json!(fifty)),
        ("expiresAt", json!("2200-12-31T23:59:59.999Z")),
    ] {
        let created = tenant.post(GRANTS, &with(&grant("user-1"), field, Some(value.clone()))).await.expect(201);
        assert_eq!(created[field], value);
        assert_eq!(tenant.get(grant_path(&created)).await.expect(200), created);
    }
}

async fn a_child_has_a_subset_of_its_parents_scopes(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let expiry = in_future(Duration::days(10));
    let parent = with(&grant("user-1"), "expiresAt", Some(json!(expiry)));
    let parent = tenant.post(GRANTS, &parent).await.expect(201);
    let body = child(&tenant, &parent, &[]).await.expect_like(
        201,
        &json!({
            "grantId": "<grnt_>",
            "principalId": "user-1",
            "scopes": ["orders:read"],
            "status": "active",
            "parentGrantId": parent["grantId"],
            "expiresAt": expiry,
            "createdAt": "<time>",
            "revokedAt": null,
        }),
    );
    assert_eq!(tenant.get(grant_path(&body)).await.expect(200), body);
    let earlier = json!(in_future(Duration::days(9)));
    let body = child(&tenant, &parent, &[("expiresAt", Some(earlier.clone()))]).await.expect(201);
    assert_eq!(body["expiresAt"], earlier);
    child(&tenant, &parent, &[("expiresAt", Some(json!(expiry)))]).await.expect(201);
    let all = child(&tenant, &parent, &[("scopes", Some(json!(["orders:read", "profile:read"])))]).await;
    all.expect(201);
}

async fn a_child_cannot_exceed_its_parent(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let parent = with(&grant("user-1"), "expiresAt", Some(json!(in_future(Duration::days(10)))));
    let parent = tenant.post(GRANTS, &parent).await.expect(201);
    for change in [
        ("scopes", Some(json!(["orders:read", "orders:write"]))),
        ("principalId", Some(json!("user-2"))),
        ("expiresAt", Some(json!(in_future(Duration::days(11))))),
    ] {
        child(&tenant, &parent, &[change]).await.expect_error(400, "INVALID_GRANT");
    }
}

async fn a_child_needs_a_usable_parent(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let other = Tenant::new(system).await;
    let parent = tenant.create_grant("user-1").await;
    let foreign = other.create_grant("user-1").await;
    for id in [json!("grnt_01ARZ3NDEKTSV4RRFFQ69G5FAV"), json!("nonsense"), json!("a/b"), foreign["grantId"].clone()] {
        child(&tenant, &parent, &[("parentGrantId", Some(id))]).await.expect_error(400, "INVALID_GRANT");
    }
    for value in [json!(5), json!([])] {
        child(&tenant, &parent, &[("parentGrantId", Some(value))]).await.expect_field_errors(
            400,
            "BAD_REQUEST",
            &["parentGrantId"],
        );
    }
    tenant.delete(grant_path(&parent)).await.expect_no_content();
    child(&tenant, &parent, &[]).await.expect_error(400, "INVALID_GRANT");
}

async fn delegation_goes_ten_deep_and_no_deeper(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let mut deepest = tenant.create_grant("user-1").await;
    for _ in 1..10 {
        deepest = child(&tenant, &deepest, &[]).await.expect(201);
    }
    child(&tenant, &deepest, &[]).await.expect_error(400, "INVALID_GRANT");
}

async fn revocation_reaches_every_descendant_and_nothing_else(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let root = tenant.create_grant("user-1").await;
    let branch = child(&tenant, &root, &[]).await.expect(201);
    let sibling = child(&tenant, &root, &[]).await.expect(201);
    let mut below =
        vec![child(&tenant, &branch, &[]).await.expect(201), child(&tenant, &branch, &[]).await.expect(201)];
    below.push(child(&tenant, &below[0], &[]).await.expect(201));

    tenant.delete(grant_path(&branch)).await.expect_no_content();
    for revoked in below.iter().chain([&branch]) {
        let read = tenant.get(grant_path(revoked)).await.expect(200);
        assert_eq!(read["status"], "revoked", "{read}");
        assert!((now() - time(&read["revokedAt"])).abs() < Duration::minutes(1));
        let body = record(revoked, &notice, "user-1");
        tenant.post(RECORDS, &body).await.expect_error(400, "INVALID_GRANT");
        child(&tenant, revoked, &[]).await.expect_error(400, "INVALID_GRANT");
    }
    for untouched in [&root, &sibling] {
        assert_eq!(tenant.get(grant_path(untouched)).await.expect(200), *untouched);
        tenant.post(RECORDS, &record(untouched, &notice, "user-1")).await.expect(201);
    }
}

async fn revoking_again_changes_nothing(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let grant = tenant.create_grant("user-1").await;
    tenant.delete(grant_path(&grant)).await.expect_no_content();
    let first = tenant.get(grant_path(&grant)).await.expect(200);
    tenant.delete(grant_path(&grant)).await.expect_no_content();
    assert_eq!(tenant.get(grant_path(&grant)).await.expect(200), first);
}

async fn an_expired_grant_is_not_usable(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let expiry = now() + Duration::seconds(3);
    let short = with(&grant("user-1"), "expiresAt", Some(json!(as_text(expiry))));
    let short = tenant.post(GRANTS, &short).await.expect(201);
    until_after(expiry).await;
    child(&tenant, &short, &[]).await.expect_error(400, "INVALID_GRANT");
    tenant.post(RECORDS, &record(&short, &notice, "user-1")).await.expect_error(400, "INVALID_GRANT");
    tenant.delete(grant_path(&short)).await.expect_no_content();
}

/// The ids that this query finds, read in small pages.
async fn found(tenant: &Tenant, query: &str) -> Vec<String> {
    texts(&pages(tenant, &format!("{GRANTS}?limit=2&{query}"), "grants").await, "grantId")
}

async fn lists_grants_as_they_are_read(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let root = tenant.create_grant("user-1").await;
    let branch = child(&tenant, &root, &[]).await.expect(201);
    let leaf = child(&tenant, &branch, &[]).await.expect(201);
    tenant.delete(grant_path(&branch)).await.expect_no_content();
    let mut expected = Vec::new();
    for grant in [&leaf, &branch, &root] {
        expected.push(tenant.get(grant_path(grant)).await.expect(200));
    }
    assert_eq!(expected[0]["status"], "revoked", "by its parent's revocation");
    let body = tenant.get(GRANTS).await.expect(200);
    assert_eq!(body, json!({"grants": expected, "nextCursor": null}));
    let body = tenant.get(format!("{GRANTS}?principalId=user-1")).await.expect(200);
    assert_eq!(body, json!({"grants": expected, "nextCursor": null}));
}

async fn lists_by_principal_and_status(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = |grant: &Value| text(grant, "grantId");
    let mut active = Vec::new();
    let mut revoked = Vec::new();
    for number in 0..6 {
        for principal in ["user-1", "user-2"] {
            let grant = tenant.create_grant(principal).await;
            if number % 2 == 0 {
                tenant.delete(grant_path(&grant)).await.expect_no_content();
                revoked.insert(0, (principal, id(&grant)));
            } else {
                active.insert(0, (principal, id(&grant)));
            }
        }
    }
    let expiry = now() + Duration::seconds(2);
    let short = with(&grant("user-1"), "expiresAt", Some(json!(as_text(expiry))));
    let short = id(&tenant.post(GRANTS, &short).await.expect(201));
    until_after(expiry).await;
    let of = |grants: &[(&str, String)], principal: &str| -> Vec<String> {
        grants.iter().filter(|(whose, _)| *whose == principal).map(|(_, id)| id.clone()).collect()
    };
    let all = |grants: &[(&str, String)]| -> Vec<String> { grants.iter().map(|(_, id)| id.clone()).collect() };
    assert_eq!(found(&tenant, "status=active").await, all(&active));
    assert_eq!(found(&tenant, "status=revoked").await, all(&revoked));
    assert_eq!(found(&tenant, "status=expired").await, [short.as_str()]);
    assert_eq!(found(&tenant, "principalId=user-2").await.len(), 6);
    assert_eq!(found(&tenant, "principalId=user-1").await.len(), 7);
    for principal in ["user-1", "user-2"] {
        let query = |status: &str| format!("principalId={principal}&status={status}");
        assert_eq!(found(&tenant, &query("active")).await, of(&active, principal));
        assert_eq!(found(&tenant, &query("revoked")).await, of(&revoked, principal));
    }
    assert_eq!(found(&tenant, "principalId=user-2&status=expired").await, Vec::<String>::new());
    assert_eq!(found(&tenant, "principalId=user").await, Vec::<String>::new());
}

async fn a_principal_id_may_be_any_text(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let mut made = Vec::new();
    for principal in ODD_PRINCIPALS {
        made.push((principal, text(&tenant.create_grant(principal).await, "grantId")));
    }
    for (principal, id) in made {
        let encoded = utf8_percent_encode(principal, NON_ALPHANUMERIC);
        assert_eq!(found(&tenant, &format!("principalId={encoded}")).await, [id], "{principal}");
    }
}

async fn unknown_filters_are_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for status in ["Active", "withdrawn", "", "active,revoked", "%20active"] {
        let response = tenant.get(format!("{GRANTS}?status={status}")).await;
        response.expect_field_errors(400, "BAD_REQUEST", &["status"]);
    }
    for principal in ["", "%20", "%00", &"x".repeat(257)] {
        let response = tenant.get(format!("{GRANTS}?principalId={principal}")).await;
        response.expect_field_errors(400, "BAD_REQUEST", &["principalId"]);
    }
    tenant.get(format!("{GRANTS}?principalId=a&principalId=b")).await.expect_field_errors(
        400,
        "BAD_REQUEST",
        &["principalId"],
    );
}

async fn a_filter_that_few_grants_pass_finds_all_of_them(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let mut revoked = Vec::new();
    for number in 0..150 {
        let grant = tenant.create_grant("user-1").await;
        if [0, 1, 77, 149].contains(&number) {
            tenant.delete(grant_path(&grant)).await.expect_no_content();
            revoked.insert(0, text(&grant, "grantId"));
        }
    }
    for query in ["status=revoked", "status=revoked&principalId=user-1"] {
        for limit in [1, 3, 4, 200] {
            let read = pages(&tenant, &format!("{GRANTS}?limit={limit}&{query}"), "grants").await;
            assert_eq!(texts(&read, "grantId"), revoked, "{query}, limit {limit}");
            assert!(read.iter().all(|page| page.items.len() <= limit));
        }
    }
}
