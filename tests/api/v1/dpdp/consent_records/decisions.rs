//! Decisions in `POST /v1/dpdp/consent-records`: denials, how the person decided, and renewals.

use assent_tests::fixtures::{
    NOTICES, RECORDS, Tenant, complete_draft, complete_record, decisions, in_future, publish_path, record, record_path,
    refusal, text, unique, with, withdraw_path,
};
use assent_tests::jose::PublishedKeys;
use assent_tests::receipts::{receipt, states};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use assent_tests::verifier::verified_with;
use chrono::Duration;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    granted_and_denied_purposes_are_recorded_and_proved,
    a_refusal_needs_no_grant_and_no_end,
    every_purpose_of_a_gated_notice_is_decided,
    a_denial_ends_the_purpose_in_the_active_records_of_the_notice,
    a_denial_in_more_than_ten_records_is_refused,
    an_erasure_removes_who_decided,
    a_record_is_renewed_once,
    only_the_persons_own_active_records_are_renewed,
    is_strict;
    on each engine:
    a_denial_that_renews_ends_each_record_once,
];

async fn granted_and_denied_purposes_are_recorded_and_proved(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let (grant, notice) = (tenant.create_grant(&principal).await, tenant.create_notice().await);
    let mut body = record(&grant, &notice, &principal);
    body["purposes"] = decisions(&[("personalization", "denied"), ("analytics", "granted")]);
    body["method"] = json!("toggle");
    body["shownAt"] = json!("2026-01-01T05:30:00+05:30");
    body["channel"] = json!("web");
    body["actor"] = json!({"type": "principal"});
    let created = tenant.post(RECORDS, &body).await.expect(201);
    let shown = [
        ("method", json!("toggle")),
        ("shownAt", json!("2026-01-01T00:00:00.000Z")),
        ("channel", json!("web")),
        ("actor", json!({"type": "principal"})),
        ("status", json!("active")),
        (
            "purposes",
            json!([
                {"code": "personalization", "description": "Personalized recommendations", "decision": "denied"},
                {
                    "code": "analytics", "description": "Usage analytics for service improvement",
                    "decision": "granted",
                },
            ]),
        ),
    ];
    let read = tenant.get(record_path(&created)).await.expect(200);
    for (name, value) in &shown {
        assert_eq!((&created[name], &read[name]), (value, value), "{name}");
    }
    let keys = PublishedKeys::read(&system.client).await;
    let said = keys.verified(&text(&created["consentProof"], "proofJwt")).expect("a good signature");
    assert_eq!(said["purposes"], json!(["analytics"]));
    assert_eq!(said["deniedPurposes"], json!(["personalization"]));
    assert_eq!((&said["method"], &said["actorType"]), (&json!("toggle"), &json!("principal")));
    assert_eq!(said["shownAt"], "2026-01-01T00:00:00.000Z");
    assert!(verified_with(&read.to_string(), &keys).1);
    let mut turned = read.clone();
    turned["purposes"][0]["decision"] = json!("granted");
    assert!(!verified_with(&turned.to_string(), &keys).1, "a denial was passed off as a consent");
    let receipt = receipt(&tenant, &created).await;
    let decided: Vec<&Value> = receipt["piiProcessing"]["purposes"]
        .as_array()
        .expect("purposes")
        .iter()
        .map(|purpose| &purpose["decision"])
        .collect();
    assert_eq!(decided, ["denied", "granted"]);
    let trail = tenant.get(format!("{}/audit", record_path(&created))).await.expect(200);
    let details = &trail["entries"][0]["details"];
    assert_eq!(details["purposes"], json!(["analytics"]));
    assert_eq!(details["deniedPurposes"], json!(["personalization"]));
    // What was denied cannot be withdrawn.
    let denied = json!({"reason": "x", "purposes": ["personalization"]});
    tenant.post(withdraw_path(&created), &denied).await.expect_error(409, "ALREADY_WITHDRAWN");
}

async fn a_refusal_needs_no_grant_and_no_end(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (principal, notice) = (unique("user"), tenant.create_notice().await);
    let created = tenant.post(RECORDS, &refusal(&notice, &principal, &["analytics"])).await.expect(201);
    assert_eq!((&created["status"], &created["grantId"]), (&json!("denied"), &json!(null)));
    assert_eq!(created["processingExpiresAt"], json!(null));
    let read = tenant.get(record_path(&created)).await.expect(200);
    assert_eq!((&read["status"], &read["scopes"]), (&json!("denied"), &json!([])));
    let keys = PublishedKeys::read(&system.client).await;
    assert!(verified_with(&read.to_string(), &keys).1);
    assert_eq!(states(&receipt(&tenant, &created).await), [("refused", vec!["analytics"])]);
    let listed = tenant.get(format!("{RECORDS}?status=denied")).await.expect(200);
    assert_eq!(listed["records"][0]["recordId"], created["recordId"]);
    tenant.post(withdraw_path(&created), &json!({"reason": "x"})).await.expect_error(409, "NOT_ACTIVE");
    // A grant that is named must fit all the same.
    let mut body = refusal(&notice, &principal, &["analytics"]);
    body["grantId"] = tenant.create_grant(&unique("other")).await["grantId"].clone();
    tenant.post(RECORDS, &body).await.expect_field_errors(400, "INVALID_GRANT", &["grantId"]);
    // Who grants something needs both, and so does a body whose purposes cannot be read.
    body["grantId"] = json!(null);
    for purposes in [decisions(&[("analytics", "granted"), ("personalization", "denied")]), json!([])] {
        let response = tenant.post(RECORDS, &with(&body, "purposes", Some(purposes))).await;
        response.expect_error(400, "BAD_REQUEST");
        for field in ["grantId", "processingExpiresAt"] {
            assert_eq!(response.message_of(field), "is required");
        }
    }
}

async fn every_purpose_of_a_gated_notice_is_decided(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let grant = tenant.create_grant("user-1").await;
    let draft = complete_draft("en");
    tenant.post(NOTICES, &draft).await.expect(201);
    let body = complete_record(&grant, &draft, "user-1");
    tenant.post(RECORDS, &body).await.expect_error(400, "INVALID_NOTICE");
    tenant.post(publish_path(&draft), &json!({})).await.expect(200);
    for (left, missing) in [(0, "orders"), (1, "analytics")] {
        let some = json!([body["purposes"][left]]);
        let response = tenant.post(RECORDS, &with(&body, "purposes", Some(some))).await;
        response.expect_field_errors(400, "DECISION_MISSING", &["purposes"]);
        assert_eq!(response.message_of("purposes"), format!("has no decision about {missing}"));
    }
    let created = tenant.post(RECORDS, &body).await.expect(201);
    assert!(created["documentHash"].is_string(), "{created}");
    // A purpose without a decision is granted.
    tenant.post(RECORDS, &with(&body, "purposes[1].decision", None)).await.expect(201);
}

async fn a_denial_ends_the_purpose_in_the_active_records_of_the_notice(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let (notice, other_notice) = (tenant.create_notice().await, tenant.create_notice().await);
    let (grant, others_grant) = (tenant.create_grant(&principal).await, tenant.create_grant("other").await);
    let both = decisions(&[("analytics", "granted"), ("personalization", "granted")]);
    let create = async |grant: &Value, notice: &Value, principal: &str, purposes: Option<&Value>| {
        let body = record(grant, notice, principal);
        let body = purposes.map_or(body.clone(), |purposes| with(&body, "purposes", Some(purposes.clone())));
        tenant.post(RECORDS, &body).await.expect(201)
    };
    let of_both = create(&grant, &notice, &principal, Some(&both)).await;
    let of_one = create(&grant, &notice, &principal, None).await;
    let of_another_notice = create(&grant, &other_notice, &principal, None).await;
    let of_another_person = create(&others_grant, &notice, "other", None).await;
    let denial = tenant.post(RECORDS, &refusal(&notice, &principal, &["analytics"])).await.expect(201);

    let read = tenant.get(record_path(&of_both)).await.expect(200);
    assert_eq!(read["status"], "active");
    assert_eq!(read["purposes"][0]["deniedBy"], denial["recordId"]);
    assert_eq!(read["purposes"][0]["withdrawnAt"], denial["createdAt"]);
    assert!(read["purposes"][1].get("withdrawnAt").is_none());
    let read = tenant.get(record_path(&of_one)).await.expect(200);
    assert_eq!((&read["status"], &read["withdrawnAt"]), (&json!("withdrawn"), &denial["createdAt"]));
    assert_eq!(read["withdrawnReason"], json!(null));
    for untouched in [&of_another_notice, &of_another_person] {
        let read = tenant.get(record_path(untouched)).await.expect(200);
        assert_eq!(read["status"], "active");
        assert!(read["purposes"][0].get("withdrawnAt").is_none());
    }
    for (ended, action) in [(&of_both, "record.purposes_withdrawn"), (&of_one, "record.withdrawn")] {
        let trail = tenant.get(format!("{}/audit", record_path(ended))).await.expect(200);
        assert_eq!(trail["chain"]["valid"], true);
        let entry = &trail["entries"][1];
        assert_eq!(entry["action"], action);
        let event_id = &entry["details"]["eventId"];
        let details = json!({"purposes": ["analytics"], "deniedBy": denial["recordId"], "eventId": event_id});
        assert_eq!(entry["details"], details);
    }
    // The person can grant it again.
    let again = create(&grant, &notice, &principal, None).await;
    assert_eq!(tenant.get(record_path(&again)).await.expect(200)["status"], "active");
}

async fn a_denial_in_more_than_ten_records_is_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let (grant, notice) = (tenant.create_grant(&principal).await, tenant.create_notice().await);
    let mut records = Vec::new();
    for _ in 0..11 {
        records.push(tenant.post(RECORDS, &record(&grant, &notice, &principal)).await.expect(201));
    }
    let denial = refusal(&notice, &principal, &["analytics"]);
    let before = system.contents.of(tenant.id).await;
    tenant.post(RECORDS, &denial).await.expect_error(409, "TOO_MANY_RECORDS");
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    // Records that have ended do not count.
    tenant.post(withdraw_path(&records[0]), &json!({"reason": "x"})).await.expect(200);
    tenant.post(RECORDS, &denial).await.expect(201);
    let listed = tenant.get(format!("{RECORDS}?status=active")).await.expect(200);
    assert_eq!(listed["records"], json!([]));
}

async fn a_denial_that_renews_ends_each_record_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let (grant, notice) = (tenant.create_grant(&principal).await, tenant.create_notice().await);
    let body = record(&grant, &notice, &principal);
    let (renewed, other) =
        (tenant.post(RECORDS, &body).await.expect(201), tenant.post(RECORDS, &body).await.expect(201));
    let mut denial = refusal(&notice, &principal, &["analytics"]);
    denial["renews"] = renewed["recordId"].clone();
    let denial = tenant.post(RECORDS, &denial).await.expect(201);
    let read = tenant.get(record_path(&renewed)).await.expect(200);
    assert_eq!((&read["status"], &read["renewedBy"]), (&json!("renewed"), &denial["recordId"]));
    let read = tenant.get(record_path(&other)).await.expect(200);
    assert_eq!((&read["status"], &read["purposes"][0]["deniedBy"]), (&json!("withdrawn"), &denial["recordId"]));
}

async fn an_erasure_removes_who_decided(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (principal, actor, reference, channel) = (unique("user"), unique("parent"), unique("DL"), unique("call with"));
    let (grant, notice) = (tenant.create_grant(&principal).await, tenant.create_notice().await);
    let mut body = record(&grant, &notice, &principal);
    let verification = json!({"method": "digilocker", "reference": reference, "at": "2026-01-01T00:00:00.000Z"});
    body["actor"] = json!({"type": "guardian", "id": actor, "verification": verification});
    body["channel"] = json!(channel);
    let created = tenant.post(RECORDS, &body).await.expect(201);
    assert_eq!((&created["actor"], &created["channel"]), (&body["actor"], &body["channel"]));
    let audit = format!("{}/audit", record_path(&created));
    let entry = tenant.get(&audit).await.expect(200)["entries"][0].clone();
    let left = json!({"type": "guardian", "verification": {"method": "digilocker", "at": "2026-01-01T00:00:00.000Z"}});
    assert_eq!(entry["details"]["actor"], left);
    assert_eq!(entry["personal"]["actorId"], json!(actor));
    assert_eq!(entry["personal"]["verificationReference"], json!(reference));
    assert_eq!(entry["personal"]["channel"], json!(channel));
    tenant.erase(&principal).await;
    assert_eq!(tenant.get(record_path(&created)).await.expect(200)["actor"], left);
    assert_eq!(tenant.get(&audit).await.expect(200)["entries"][0]["personal"], json!(null));
    let contents = system.contents.of(tenant.id).await;
    for secret in [&actor, &reference, &channel] {
        assert!(contents.mentioning(secret).is_empty(), "{secret} is left");
    }
}

async fn a_record_is_renewed_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let (grant, notice) = (tenant.create_grant(&principal).await, tenant.create_notice().await);
    let body = record(&grant, &notice, &principal);
    let first = tenant.post(RECORDS, &body).await.expect(201);
    let renewal = with(&body, "renews", Some(first["recordId"].clone()));
    let second = tenant.post(RECORDS, &renewal).await.expect(201);
    assert_eq!((&second["renews"], &second["status"]), (&first["recordId"], &json!("active")));
    let read = tenant.get(record_path(&first)).await.expect(200);
    assert_eq!((&read["status"], &read["renewedBy"]), (&json!("renewed"), &second["recordId"]));
    assert_eq!(read["renewedAt"], second["createdAt"]);
    let keys = PublishedKeys::read(&system.client).await;
    assert!(verified_with(&read.to_string(), &keys).1);
    let trail = tenant.get(format!("{}/audit", record_path(&first))).await.expect(200);
    assert_eq!(trail["entries"][1]["action"], "record.renewed");
    assert_eq!(trail["entries"][1]["details"], json!({"renewedBy": second["recordId"]}));
    let listed = tenant.get(format!("{RECORDS}?status=renewed")).await.expect(200);
    assert_eq!(listed["records"].as_array().map(Vec::len), Some(1));
    tenant.post(RECORDS, &renewal).await.expect_error(409, "NOT_ACTIVE");
    tenant.post(withdraw_path(&first), &json!({"reason": "x"})).await.expect_error(409, "NOT_ACTIVE");
    tenant.post(withdraw_path(&second), &json!({"reason": "x"})).await.expect(200);
}

async fn only_the_persons_own_active_records_are_renewed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let (grant, notice) = (tenant.create_grant(&principal).await, tenant.create_notice().await);
    let body = record(&grant, &notice, &principal);
    let of_another = tenant.create_record().await;
    let foreign = Tenant::new(system).await.create_record_of(&principal).await;
    let withdrawn = tenant.post(RECORDS, &body).await.expect(201);
    tenant.post(withdraw_path(&withdrawn), &json!({"reason": "x"})).await.expect(200);
    let denied = tenant.post(RECORDS, &refusal(&notice, &principal, &["personalization"])).await.expect(201);
    let erased = tenant.create_record().await;
    tenant.erase(&text(&erased, "dataPrincipalId")).await;
    let before = tenant.get(RECORDS).await.expect(200)["totalRecords"].clone();
    for (renews, status, code) in [
        (&of_another["recordId"], 400, "INVALID_RENEWAL"),
        (&foreign["recordId"], 400, "INVALID_RENEWAL"),
        (&erased["recordId"], 400, "INVALID_RENEWAL"),
        (&json!("cr_01ARZ3NDEKTSV4RRFFQ69G5FAV"), 400, "INVALID_RENEWAL"),
        (&json!("the last one"), 400, "INVALID_RENEWAL"),
        (&withdrawn["recordId"], 409, "NOT_ACTIVE"),
        (&denied["recordId"], 409, "NOT_ACTIVE"),
    ] {
        let response = tenant.post(RECORDS, &with(&body, "renews", Some(renews.clone()))).await;
        response.expect_error(status, code);
        if status == 400 {
            assert_eq!(response.error_fields(), ["renews"]);
        }
    }
    assert_eq!(tenant.get(RECORDS).await.expect(200)["totalRecords"], before);
}

async fn is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let mut body = record(&grant, &notice, "user-1");
    body["purposes"] = decisions(&[("analytics", "granted")]);
    let past = in_future(Duration::days(-1));
    body["actor"] = json!({
        "type": "operator", "id": "staff-1", "verification": {"method": "id card", "reference": "x", "at": past},
    });
    for (name, value) in [("method", "spoken"), ("channel", "telephone"), ("shownAt", past.as_str())] {
        body[name] = json!(value);
    }
    let call = Call { caller: &tenant, method: Method::POST, path: RECORDS.to_owned(), body };
    let ahead = json!(in_future(Duration::minutes(1)));
    let spoiled = [
        each("purposes[0].decision", vec![json!("Granted"), json!("withdrawn"), json!(true), json!("")]),
        each("method", vec![json!("tap"), json!(""), json!(1)]),
        each("shownAt", vec![ahead.clone(), json!("yesterday"), json!(0)]),
        each("channel", not_texts(128)),
        each("actor", vec![json!("guardian"), json!([])]),
        each("actor.type", vec![json!("parent"), json!("")]),
        each("actor.id", not_texts(256)),
        each("actor.verification.method", not_texts(128)),
        each("actor.verification.reference", not_texts(128)),
        each("actor.verification.at", vec![ahead, json!("soon")]),
        each("renews", not_texts(128)),
    ]
    .concat();
    call.refuses(&spoiled).await;
    call.requires(&[
        "actor.type",
        "actor.verification.method",
        "actor.verification.reference",
        "actor.verification.at",
    ])
    .await;
    let twice = decisions(&[("analytics", "granted"), ("analytics", "denied")]);
    let response = tenant.post(RECORDS, &with(&call.body, "purposes", Some(twice))).await;
    response.expect_field_errors(400, "BAD_REQUEST", &["purposes[1].code"]);
    let unknown = decisions(&[("analytics", "granted"), ("marketing", "denied")]);
    let response = tenant.post(RECORDS, &with(&call.body, "purposes", Some(unknown))).await;
    response.expect_field_errors(400, "INVALID_PURPOSE", &["purposes[1].code"]);
    // Null counts as absent, and the body as it is succeeds.
    let mut bare = call.body.clone();
    for name in ["method", "shownAt", "channel", "actor", "renews"] {
        bare[name] = json!(null);
    }
    bare["purposes"][0]["decision"] = json!(null);
    let created = tenant.post(RECORDS, &bare).await.expect(201);
    for name in ["purposes", "method", "shownAt", "channel", "actor", "renews"] {
        assert!(created.get(name).is_none(), "{created}");
    }
    tenant.post(RECORDS, &call.body).await.expect(201);
}
