//! `POST /v1/dpdp/consent-records/{recordId}/withdraw`

use assent_tests::fixtures::{
    GRANTS, RECORDS, Tenant, decisions, grant_path, now, record, record_path, text, unique, until_after, with,
    withdraw_path,
};
use assent_tests::jose::PublishedKeys;
use assent_tests::like::{as_text, time};
use assent_tests::receipts::{receipt, states};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use assent_tests::verifier::verified_with;
use chrono::Duration;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    the_flags_say_what_was_done,
    a_grant_revoked_before_is_revoked,
    other_records_of_the_grant_keep_their_status,
    some_purposes_end_and_others_remain,
    no_purpose_remains_of_a_record_that_has_expired,
    purposes_that_cannot_end_are_refused,
    is_strict;
    on each engine:
    withdraws_as_documented,
    the_grant_and_its_descendants_go_with_it,
    withdrawing_again_is_a_conflict,
];

async fn withdraws_as_documented(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let request = json!({
        "reason": "No longer wish to share data for analytics",
        "revokeGrant": true,
        "deleteProcessedData": true,
    });
    let body = tenant.post(withdraw_path(&record), &request).await.expect_like(
        200,
        &json!({
            "recordId": record["recordId"],
            "status": "withdrawn",
            "withdrawnAt": "<time>",
            "grantRevoked": true,
            "dataDeleted": true,
        }),
    );
    assert!((now() - time(&body["withdrawnAt"])).abs() < Duration::minutes(1));
    let read = tenant.get(record_path(&record)).await.expect(200);
    assert_eq!(read["status"], "withdrawn");
    assert_eq!(read["withdrawnAt"], body["withdrawnAt"]);
    assert_eq!(read["withdrawnReason"], "No longer wish to share data for analytics");
    let grant = tenant.get(grant_path(&record)).await.expect(200);
    assert_eq!(grant["status"], "revoked");
    let apart = time(&grant["revokedAt"]) - time(&body["withdrawnAt"]);
    assert!(apart.abs() < Duration::seconds(5), "{grant}");
}

async fn the_flags_say_what_was_done(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (request, grant_revoked, data_deleted) in [
        (json!({"reason": "x"}), false, false),
        (json!({"reason": "x", "revokeGrant": null, "deleteProcessedData": null}), false, false),
        (json!({"reason": "x", "revokeGrant": false, "deleteProcessedData": true}), false, true),
        (json!({"reason": "x", "revokeGrant": true}), true, false),
    ] {
        let record = tenant.create_record().await;
        let body = tenant.post(withdraw_path(&record), &request).await.expect(200);
        assert_eq!((&body["grantRevoked"], &body["dataDeleted"]), (&json!(grant_revoked), &json!(data_deleted)));
        let grant = tenant.get(grant_path(&record)).await.expect(200);
        assert_eq!(grant["status"] == "revoked", grant_revoked, "{grant}");
    }
}

async fn the_grant_and_its_descendants_go_with_it(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let withdrawn = tenant.create_record().await;
    let principal = text(&withdrawn, "dataPrincipalId");
    let child = json!({"principalId": principal, "scopes": ["orders:read"], "parentGrantId": withdrawn["grantId"]});
    let child = tenant.post(GRANTS, &child).await.expect(201);
    let request = json!({"reason": "x", "revokeGrant": true});
    tenant.post(withdraw_path(&withdrawn), &request).await.expect(200);
    let read = tenant.get(grant_path(&child)).await.expect(200);
    assert_eq!(read["status"], "revoked");
    let notice = tenant.create_notice().await;
    tenant.post(RECORDS, &record(&child, &notice, &principal)).await.expect_error(400, "INVALID_GRANT");
}

async fn a_grant_revoked_before_is_revoked(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for asked in [true, false] {
        let record = tenant.create_record().await;
        let grant = grant_path(&record);
        tenant.delete(&grant).await.expect_no_content();
        let before = tenant.get(&grant).await.expect(200);
        let request = json!({"reason": "x", "revokeGrant": asked});
        let body = tenant.post(withdraw_path(&record), &request).await.expect(200);
        assert_eq!(body["grantRevoked"], asked);
        // The time of the first revocation stays.
        assert_eq!(tenant.get(&grant).await.expect(200), before);
    }
}

async fn other_records_of_the_grant_keep_their_status(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant(&principal).await;
    let body = record(&grant, &notice, &principal);
    let one = tenant.post(RECORDS, &body).await.expect(201);
    let other = tenant.post(RECORDS, &body).await.expect(201);
    tenant.post(withdraw_path(&one), &json!({"reason": "x", "revokeGrant": true})).await.expect(200);
    let read = tenant.get(record_path(&other)).await.expect(200);
    assert_eq!(read["status"], "active");
    let second = tenant.post(withdraw_path(&other), &json!({"reason": "x", "revokeGrant": true})).await.expect(200);
    assert_eq!(second["grantRevoked"], true);
}

/// A new record of both usual purposes.
async fn record_of_two(tenant: &Tenant) -> Value {
    let principal = unique("user");
    let (grant, notice) = (tenant.create_grant(&principal).await, tenant.create_notice().await);
    let purposes = json!([{"code": "analytics", "description": "x"}, {"code": "personalization", "description": "x"}]);
    let body = with(&record(&grant, &notice, &principal), "purposes", Some(purposes));
    tenant.post(RECORDS, &body).await.expect(201)
}

async fn some_purposes_end_and_others_remain(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = record_of_two(&tenant).await;
    let body = json!({"reason": "No more", "purposes": ["personalization"]});
    let first = tenant.post(withdraw_path(&record), &body).await.expect_like(
        200,
        &json!({
            "recordId": record["recordId"],
            "status": "active",
            "withdrawnAt": "<time>",
            "withdrawnPurposes": ["personalization"],
            "remainingPurposes": ["analytics"],
            "grantRevoked": false,
            "dataDeleted": false,
        }),
    );
    let read = tenant.get(record_path(&record)).await;
    let etag = read.header("etag").map(ToOwned::to_owned);
    let read = read.expect(200);
    assert_eq!((&read["status"], &read["withdrawnAt"]), (&json!("active"), &json!(null)));
    assert_eq!(read["purposes"][1]["withdrawnAt"], first["withdrawnAt"]);
    assert!(read["purposes"][0].get("withdrawnAt").is_none() && read["purposes"][1].get("decision").is_none());
    // The proof is of what was given, so it still verifies.
    let keys = PublishedKeys::read(&system.client).await;
    let (said, verified) = verified_with(&read.to_string(), &keys);
    assert!(verified, "{said}");
    // Those that have ended do not end again, even beside the last one, with which the whole consent ends.
    let rest = json!({"reason": "Nothing", "purposes": ["analytics", "personalization"], "revokeGrant": true});
    tenant.post(withdraw_path(&record), &rest).await.expect_like(
        200,
        &json!({
            "recordId": record["recordId"],
            "status": "withdrawn",
            "withdrawnAt": "<time>",
            "grantRevoked": true,
            "dataDeleted": false,
        }),
    );
    let last = tenant.get(record_path(&record)).await;
    assert_ne!(last.header("etag").map(ToOwned::to_owned), etag);
    let last = last.expect(200);
    assert_eq!((&last["status"], &last["withdrawnReason"]), (&json!("withdrawn"), &json!("Nothing")));
    assert_eq!(last["purposes"][1]["withdrawnAt"], first["withdrawnAt"]);
    tenant.post(withdraw_path(&record), &body).await.expect_error(409, "ALREADY_WITHDRAWN");
    let trail = tenant.get(format!("{}/audit", record_path(&record))).await.expect(200);
    assert_eq!(trail["chain"]["valid"], true);
    assert_eq!(trail["entries"][1]["action"], "record.purposes_withdrawn");
    assert_eq!(trail["entries"][1]["details"]["purposes"], json!(["personalization"]));
    assert_eq!(trail["entries"][1]["personal"]["reason"], "No more");
    assert_eq!(trail["entries"][2]["action"], "record.withdrawn");
    assert_eq!(trail["entries"][2]["details"]["purposes"], json!(["analytics"]));
    let receipt = receipt(&tenant, &record).await;
    let both = vec!["analytics", "personalization"];
    let expected = [("given", both), ("withdrawn", vec!["personalization"]), ("withdrawn", vec!["analytics"])];
    assert_eq!(states(&receipt), expected);
}

async fn no_purpose_remains_of_a_record_that_has_expired(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let expiry = now() + Duration::seconds(3);
    let mut body = with(&record(&grant, &notice, "user-1"), "processingExpiresAt", Some(json!(as_text(expiry))));
    body["purposes"] = decisions(&[("analytics", "granted"), ("personalization", "granted")]);
    let created = tenant.post(RECORDS, &body).await.expect(201);
    let order = json!({
        "reason": "x", "purposes": ["analytics"], "revokeGrant": true, "deleteProcessedData": true,
    });
    tenant.post(withdraw_path(&created), &order).await.expect_error(422, "PURPOSES_REMAIN");
    until_after(expiry).await;
    let withdrawn = tenant.post(withdraw_path(&created), &order).await.expect(200);
    let expected = json!({
        "recordId": created["recordId"], "status": "expired", "withdrawnAt": withdrawn["withdrawnAt"],
        "grantRevoked": true, "dataDeleted": true,
    });
    assert_eq!(withdrawn, expected);
    tenant.post(withdraw_path(&created), &order).await.expect_error(409, "ALREADY_WITHDRAWN");
    let rest = tenant.post(withdraw_path(&created), &json!({"reason": "x"})).await.expect(200);
    assert_eq!(rest["status"], "withdrawn");
}

async fn purposes_that_cannot_end_are_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = record_of_two(&tenant).await;
    let asking = async |body: Value| tenant.post(withdraw_path(&record), &body).await;
    let unknown = json!({"reason": "x", "purposes": ["analytics", "Analytics", "marketing"]});
    asking(unknown).await.expect_field_errors(400, "INVALID_PURPOSE", &["purposes[1]", "purposes[2]"]);
    for flag in ["revokeGrant", "deleteProcessedData"] {
        let body = json!({"reason": "x", "purposes": ["analytics"], flag: true});
        asking(body).await.expect_error(422, "PURPOSES_REMAIN");
    }
    let one = json!({"reason": "x", "purposes": ["analytics"]});
    asking(one.clone()).await.expect(200);
    asking(one).await.expect_error(409, "ALREADY_WITHDRAWN");
    let read = tenant.get(record_path(&record)).await.expect(200);
    assert_eq!(read["status"], "active");
}

async fn withdrawing_again_is_a_conflict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let path = withdraw_path(&record);
    let first = tenant.post(&path, &json!({"reason": "First"})).await.expect(200);
    let again = json!({"reason": "Second", "revokeGrant": true, "deleteProcessedData": true});
    tenant.post(&path, &again).await.expect_error(409, "ALREADY_WITHDRAWN");
    // The second withdrawal changed nothing.
    let read = tenant.get(record_path(&record)).await.expect(200);
    assert_eq!((&read["withdrawnReason"], &read["withdrawnAt"]), (&json!("First"), &first["withdrawnAt"]));
    let grant = tenant.get(grant_path(&record)).await.expect(200);
    assert_eq!(grant["status"], "active");
}

async fn is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let call = Call {
        caller: &tenant,
        method: Method::POST,
        path: withdraw_path(&record),
        body: json!({"reason": "x", "purposes": ["analytics"], "revokeGrant": false, "deleteProcessedData": false}),
    };
    let not_flags = || vec![json!("true"), json!(1), json!([]), json!({})];
    let spoiled =
        [each("reason", not_texts(2000)), each("revokeGrant", not_flags()), each("deleteProcessedData", not_flags())]
            .concat();
    call.refuses(&spoiled).await;
    let not_purposes = [json!("analytics"), json!([]), json!([1]), json!([""]), json!(["analytics", "analytics"])];
    for purposes in not_purposes {
        let body = with(&call.body, "purposes", Some(purposes));
        tenant.post(&call.path, &body).await.expect_error(400, "BAD_REQUEST");
    }
    let faulty = json!({"revokeGrant": "yes", "deleteProcessedData": 0, "why": "x"});
    let fields = ["reason", "revokeGrant", "deleteProcessedData", "why"];
    tenant.post(&call.path, &faulty).await.expect_field_errors(400, "BAD_REQUEST", &fields);
    // None of these calls withdrew the consent. The longest reason is accepted.
    tenant.post(&call.path, &json!({"reason": "é".repeat(2000)})).await.expect(200);
}
