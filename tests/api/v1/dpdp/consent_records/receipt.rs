//! `GET /v1/dpdp/consent-records/{recordId}/receipt`

use assent_tests::fixtures::{RECORDS, Tenant, erasure_path, record, record_path, text, unique, with, withdraw_path};
use assent_tests::jose::PublishedKeys;
use assent_tests::like::assert_like;
use assent_tests::system::System;
use assent_tests::verifier::{verified, verified_with};
use hyper::Method;
use serde_json::{Value, json};

crate::trials![a_receipt_states_what_was_consented_to, a_receipt_states_what_has_become_of_the_consent,];

/// The receipt of a record; asserts that it equals the payload of its JWS.
async fn receipt(system: &System, tenant: &Tenant, record: &Value) -> Value {
    let body = tenant.get(format!("{}/receipt", record_path(record))).await.expect(200);
    assert_like(
        &with(&body, "receipt", None),
        &json!({
            "receiptJws": "<text>",
            "kid": "<text>",
            "jwksUri": format!("http://{}/.well-known/jwks.json", system.client.authority()),
        }),
    );
    let keys = PublishedKeys::read(&system.client).await;
    assert_eq!(keys.verified(&text(&body, "receiptJws")).as_ref(), Ok(&body["receipt"]));
    // The offline verifier finds it valid, and a changed one invalid.
    let name = format!("receipt of {}", text(record, "recordId"));
    let valid = format!("{name}: valid, all of it is signed by key {}\n", text(&body, "kid"));
    assert_eq!(verified_with(&body.to_string(), &keys), (valid, true));
    let no_keys = format!("{name}: not verified: give the published keys, --jwks JWKS\n");
    assert_eq!(verified(&body.to_string()), (no_keys, false));
    let mut changed = body.clone();
    changed["receipt"]["events"] = json!([]);
    let output = format!("{name}: invalid: its receipt is not what was signed\n");
    assert_eq!(verified_with(&changed.to_string(), &keys), (output, false));
    body["receipt"].clone()
}

async fn a_receipt_states_what_was_consented_to(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let (grant, notice) = (tenant.create_grant(&principal).await, tenant.create_notice().await);
    let created = tenant.post(RECORDS, &record(&grant, &notice, &principal)).await.expect(201);
    let receipt = receipt(system, &tenant, &created).await;
    let proof = text(&created["consentProof"], "proofJwt");
    let proof = PublishedKeys::read(&system.client).await.verified(&proof).expect("a good signature");
    assert_like(
        &receipt,
        &json!({
            "receiptMetadata": {"schemaVersion": "urn:assent:receipt-subset:1", "issuedAt": "<time>"},
            "recordHeader": {
                "schemaVersion": "urn:assent:receipt-subset:1",
                "recordId": created["recordId"],
                "piiPrincipalId": proof["dataPrincipalCommitment"],
            },
            "piiProcessing": {
                "privacyNotice": {
                    "noticeId": notice["noticeId"],
                    "version": "2.0",
                    "language": "en",
                    "contentHash": notice["contentHash"],
                },
                "purposes": [{
                    "purpose": "analytics",
                    "description": "Usage analytics for service improvement",
                    "lawfulBasis": "consent",
                }],
                "piiInformation": [{"piiType": "profile:read"}, {"piiType": "orders:read"}],
                "piiControllers": [tenant.id],
                "grantId": grant["grantId"],
                "processingExpiresAt": created["processingExpiresAt"],
                "retentionUntil": created["retentionUntil"],
                "withdrawalMethod": format!("POST {}", withdraw_path(&created)),
            },
            "partyIdentification": [
                {"partyId": tenant.id, "partyName": tenant.name, "partyRole": "data fiduciary"},
            ],
            "events": [{
                "eventTime": created["createdAt"],
                "eventType": "record.created",
                "eventState": "given",
                "validUntil": created["processingExpiresAt"],
            }],
        }),
    );
    assert!(!receipt.to_string().contains(&principal));
    // Neither receipt counted as an access.
    self::receipt(system, &tenant, &created).await;
    let read = tenant.get(record_path(&created)).await.expect(200);
    assert_eq!(read["accessCount"], 1);
}

async fn a_receipt_states_what_has_become_of_the_consent(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.create_record().await;
    let (principal, reason) = (text(&created, "dataPrincipalId"), unique("reason"));
    let first = receipt(system, &tenant, &created).await;
    let mut events = first["events"].as_array().expect("events").clone();

    let withdrawal = json!({"reason": reason, "deleteProcessedData": true});
    let withdrawn = tenant.post(withdraw_path(&created), &withdrawal).await.expect(200);
    let second = receipt(system, &tenant, &created).await;
    events.push(json!({
        "eventTime": withdrawn["withdrawnAt"],
        "eventType": "record.withdrawn",
        "eventState": "withdrawn",
    }));
    assert_eq!(second["events"], json!(events));

    let erasure = erasure_path(&principal);
    let erased = tenant.send(tenant.request(Method::POST, erasure)).await.expect(201);
    assert_eq!(erased["status"], "completed");
    let third = receipt(system, &tenant, &created).await;
    let erased_at = tenant.get(record_path(&created)).await.expect(200)["erasedAt"].clone();
    events.push(json!({"eventTime": erased_at, "eventType": "record.erased", "eventState": "erased"}));
    assert_eq!(third["events"], json!(events));

    // The other sections stay as they were, and never name the person.
    for later in [&second, &third] {
        for section in ["recordHeader", "piiProcessing", "partyIdentification"] {
            assert_eq!(later[section], first[section]);
        }
    }
    for receipt in [&first, &second, &third] {
        let text = receipt.to_string();
        assert!(!text.contains(&principal) && !text.contains(&reason), "{text}");
    }
}
