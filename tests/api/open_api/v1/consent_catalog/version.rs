//! `POST /open-api/v1/consent-catalog/{consentCatalogId}/version`,
//! `GET` and `PATCH …/version/{versionEntry}`

use assent_tests::fixtures::{Tenant, accepted, events_path, site, version_path, versions_path, with};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};

use super::not_urls;

crate::trials![
    adds_versions_one_after_the_other,
    absent_fields_stay_as_they_are,
    the_same_patch_twice_is_the_same,
    a_version_in_use_cannot_be_edited,
    only_the_version_that_was_consented_to_is_in_use,
    creation_is_strict,
    patch_is_strict,
    unknown_and_malformed_versions_are_not_found;
    on each engine:
    the_documented_patch,
];

async fn adds_versions_one_after_the_other(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = tenant.create_consent_type().await;
    for number in ["2", "3"] {
        let body = json!({"url": format!("https://example.com/v{number}"), "description": "Edition"});
        let response = tenant.post(versions_path(&id), &body).await;
        let created = response.expect_like(
            201,
            &json!({
                "companyId": tenant.id.to_string(),
                "consentCatalogId": id,
                "version": number,
                "type": "privacyPolicy",
                "createdAt": "<epoch seconds>",
                "url": format!("https://example.com/v{number}"),
                "description": "Edition",
                "isUsed": false,
            }),
        );
        assert_eq!(response.header("location"), Some(version_path(&id, number).as_str()));
        assert_eq!(tenant.get(version_path(&id, number)).await.expect(200), created);
    }
    let bare = tenant.post(versions_path(&id), &json!({"url": "https://example.com/4", "description": null})).await;
    assert_eq!(bare.expect(201)["description"], Value::Null);
}

async fn the_documented_patch(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = tenant.create_consent_type().await;
    let second = json!({"url": "https://example.com/v2", "description": "Second"});
    let second = tenant.post(versions_path(&id), &second).await.expect(201);
    let change = json!({
        "url": "https://example.com/updated-policy-v2.1",
        "description": "Minor updates to clarify data usage practices.",
    });
    let patched = tenant.patch(version_path(&id, "2"), &change).await.expect_like(
        200,
        &json!({
            "companyId": tenant.id.to_string(),
            "consentCatalogId": id,
            "version": "2",
            "type": "privacyPolicy",
            "createdAt": second["createdAt"],
            "url": "https://example.com/updated-policy-v2.1",
            "description": "Minor updates to clarify data usage practices.",
            "isUsed": false,
        }),
    );
    assert_eq!(tenant.get(version_path(&id, "2")).await.expect(200), patched);
    // The other version has not changed.
    assert_eq!(tenant.get(version_path(&id, "1")).await.expect(200)["url"], "https://example.com/policy");
}

async fn absent_fields_stay_as_they_are(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = version_path(&tenant.create_consent_type().await, "1");
    let before = tenant.get(&path).await.expect(200);
    let only_url = tenant.patch(&path, &json!({"url": "https://example.com/new"})).await.expect(200);
    assert_eq!(only_url, with(&before, "url", Some(json!("https://example.com/new"))));
    let only_description = tenant.patch(&path, &json!({"url": null, "description": "New"})).await.expect(200);
    assert_eq!(only_description, with(&only_url, "description", Some(json!("New"))));
}

async fn the_same_patch_twice_is_the_same(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = version_path(&tenant.create_consent_type().await, "1");
    let change = json!({"url": "https://example.com/new", "description": "New"});
    let once = tenant.patch(&path, &change).await.expect(200);
    assert_eq!(tenant.patch(&path, &change).await.expect(200), once);
    assert_eq!(tenant.get(&path).await.expect(200), once);
}

async fn a_version_in_use_cannot_be_edited(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    // Any consent event marks a version as used, even a refusal: the end user has decided about this text.
    for state in ["implied", "viewed", "accepted", "declined"] {
        let id = tenant.create_consent_type().await;
        let path = version_path(&id, "1");
        let event = with(&accepted(&id), "items[0].consentState", Some(json!(state)));
        tenant.post(events_path(&project), &event).await.expect(201);
        let used = tenant.get(&path).await.expect(200);
        assert_eq!(used["isUsed"], true);
        let same = json!({"url": used["url"]});
        for change in [json!({"url": "https://example.com/other"}), json!({"description": "x"}), same] {
            tenant.patch(&path, &change).await.expect_error(409, "CONSENT_VERSION_IN_USE");
        }
        assert_eq!(tenant.get(&path).await.expect(200), used);
    }
}

async fn only_the_version_that_was_consented_to_is_in_use(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    tenant.post(events_path(&project), &accepted(&id)).await.expect(201);
    tenant.post(versions_path(&id), &json!({"url": "https://example.com/2"})).await.expect(201);
    tenant.patch(version_path(&id, "2"), &json!({"description": "Still open"})).await.expect(200);
    let event = tenant.post(events_path(&project), &accepted(&id)).await.expect(201);
    assert_eq!(event["items"][0]["version"], 2);
    tenant
        .patch(version_path(&id, "2"), &json!({"description": "x"}))
        .await
        .expect_error(409, "CONSENT_VERSION_IN_USE");
    assert_eq!(tenant.get(version_path(&id, "1")).await.expect(200)["isUsed"], true);
}

async fn creation_is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = tenant.create_consent_type().await;
    let call = Call {
        caller: &tenant,
        method: Method::POST,
        path: versions_path(&id),
        body: json!({"url": "https://example.com/2", "description": "x"}),
    };
    call.refuses(&[each("url", not_urls()), each("description", not_texts(2000))].concat()).await;
    // None of these calls created a version.
    assert_eq!(tenant.post(&call.path, &call.body).await.expect(201)["version"], "2");
}

async fn patch_is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = tenant.create_consent_type().await;
    let call = Call {
        caller: &tenant,
        method: Method::PATCH,
        path: version_path(&id, "1"),
        body: json!({"url": "https://example.com/2", "description": "x"}),
    };
    call.refuses(&[each("url", not_urls()), each("description", not_texts(2000))].concat()).await;
    for nothing in [json!({}), json!({"url": null}), json!({"url": null, "description": null})] {
        tenant.patch(&call.path, &nothing).await.expect_error(400, "BAD_REQUEST");
    }
    // Members that cannot be changed.
    for field in ["version", "type", "isUsed", "createdAt", "companyId", "consentCatalogId"] {
        let body = with(&call.body, field, Some(json!("x")));
        tenant.patch(&call.path, &body).await.expect_field_errors(400, "BAD_REQUEST", &[field]);
    }
    let both = json!({"url": "nowhere", "description": "", "extra": 1});
    tenant.patch(&call.path, &both).await.expect_field_errors(400, "BAD_REQUEST", &["url", "description", "extra"]);
}

async fn unknown_and_malformed_versions_are_not_found(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let id = tenant.create_consent_type().await;
    for version in [
        "2",
        "0",
        "01",
        "-1",
        "+1",
        "1.0",
        "1e0",
        "latest",
        "4294967296",
        "99999999999999999999",
        "%31%30",
        "1%20",
        "%00",
        "1%2F1",
    ] {
        let path = version_path(&id, version);
        tenant.get(&path).await.expect_error(404, "NOT_FOUND");
        tenant.patch(&path, &json!({"description": "x"})).await.expect_error(404, "NOT_FOUND");
    }
    // A percent-encoded digit is decoded once.
    tenant.get(version_path(&id, "%31")).await.expect(200);
    tenant.get(version_path(&id, "%2531")).await.expect_error(404, "NOT_FOUND");
    // Upper case names the same UUID.
    assert_eq!(tenant.get(version_path(&id.to_uppercase(), "1")).await.expect(200)["consentCatalogId"], id);
}
