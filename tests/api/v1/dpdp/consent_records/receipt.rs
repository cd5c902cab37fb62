//! `GET /v1/dpdp/consent-records/{recordId}/receipt`
//!
//! `assent_tests::receipts` checks what holds for every receipt: its published schema, what it lacks, its signature.

use assent_tests::client::Request;
use assent_tests::fault_proxy::Matching;
use assent_tests::fixtures::{
    NOTICES, ORGANISATION, RECIPIENTS, RECORDS, Tenant, complete_draft, complete_record, erasure_path, in_future,
    notice, organisation, public_path, publish_path, recipient, recipient_path, record, record_path, text, unique,
    with, withdraw_path,
};
use assent_tests::jose::PublishedKeys;
use assent_tests::like::assert_like;
use assent_tests::race::{ARRIVAL, PATIENCE};
use assent_tests::receipts::{self, events, linked_receipt, receipt, receipt_path, states};
use assent_tests::system::System;
use assent_tests::verifier::verified_with;
use chrono::Duration;
use futures_util::future::join;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    a_receipt_states_what_was_decided,
    a_receipt_says_what_is_missing,
    a_receipt_holds_the_data_of_the_purposes_that_were_decided,
    a_receipt_states_what_has_become_of_the_consent,
    denials_renewals_and_the_end_of_time_are_events,
    who_decided_is_not_named,
    a_receipt_names_who_receives_the_data_that_was_granted,
    a_receipt_is_linked_data_for_those_who_ask,
    the_largest_receipt_is_made_in_both_forms,
    a_client_chooses_the_form,
    no_event_is_later_than_the_receipt,
];

/// A published notice in Hindi, and a record of it: `analytics` granted, `orders` denied.
async fn decided(tenant: &Tenant, principal: &str) -> (Value, Value) {
    let grant = tenant.create_grant(principal).await;
    let notice = tenant.publish_notice(&["hi"]).await.remove(0);
    let body = with(&complete_record(&grant, &notice, principal), "method", Some(json!("toggle")));
    let body = with(&body, "shownAt", Some(json!("2026-01-01T00:00:00.000Z")));
    (tenant.post(RECORDS, &body).await.expect(201), notice)
}

async fn set_organisation(tenant: &Tenant, body: &Value) {
    tenant.send(tenant.request(Method::PUT, ORGANISATION).json(body)).await.expect(200);
}

async fn a_receipt_states_what_was_decided(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    set_organisation(&tenant, &organisation()).await;
    let (created, notice) = decided(&tenant, &principal).await;
    let receipt = self::receipt(&tenant, &created).await;
    let proof = text(&created["consentProof"], "proofJwt");
    let proof = PublishedKeys::read(&system.client).await.verified(&proof).expect("a good signature");
    let here = |path: &str| format!("http://{}{path}", system.client.authority());
    let schema = here("/v1/schemas/consent-receipt-1.json");
    let validity = format!("{}/{}", text(&created, "createdAt"), text(&created, "processingExpiresAt"));
    let (person, said) = (&proof["dataPrincipalCommitment"], organisation());
    let event = |time: &Value, entity: &Value, state: &str, purposes: &[&str]| {
        json!({
            "eventTime": time, "validityDuration": null, "entityId": entity, "eventType": "expressed",
            "eventState": state, "purposes": purposes,
        })
    };
    assert_like(
        &receipt,
        &json!({
            "receiptMetadata": {"schemaVersion": schema, "receiptId": "<text>", "issuedAt": "<time>"},
            "recordHeader": {
                "schemaVersion": schema,
                "recordId": created["recordId"],
                "piiPrincipalId": person,
                "status": "active",
                "renews": null,
                "renewedBy": null,
                "erasedAt": null,
                "retentionUntil": created["retentionUntil"],
            },
            "piiProcessing": {
                "privacyNotice": {
                    "noticeId": notice["noticeId"],
                    "version": "1.0",
                    "language": "hi",
                    "contentHash": notice["contentHash"],
                    "documentHash": notice["documentHash"],
                    "url": here(&public_path(&notice)),
                },
                "purposes": [
                    {
                        "purpose": "analytics", "description": "To count visits (hi)", "lawfulBasis": "consent",
                        "piiInformation": ["visits"], "services": "A faster shop (hi)", "decision": "granted",
                    },
                    {
                        "purpose": "orders", "description": "To tell you where your order is (hi)",
                        "lawfulBasis": null, "piiInformation": ["email"], "services": "Orders (hi)",
                        "decision": "denied",
                    },
                ],
                "piiInformation": [
                    {"piiAttributeId": "email", "piiType": "Your e-mail address (hi)"},
                    {"piiAttributeId": "visits", "piiType": "The pages that you visit (hi)"},
                ],
                "piiControllers": [tenant.id],
                "storageLocations": ["IN", "SG"],
                "retentionPeriod": validity,
                "jurisdiction": "IN",
                "recipientThirdParties": null,
                "withdrawalMethod": "https://shop.example/withdraw",
                "privacyRights": {
                    "rights": "https://shop.example/rights", "complaint": "https://shop.example/complain",
                },
                "grantId": created["grantId"],
                "scopes": ["profile:read", "orders:read"],
            },
            "partyIdentification": [{
                "partyId": tenant.id,
                "partyName": said["name"],
                "partyAddress": said["address"],
                "partyContact": said["contact"],
                "partyRole": "pii_controller",
                "partyType": "organisation",
                "dataProtectionOfficer": said["dataProtectionOfficer"],
            }],
            "events": [
                event(&created["shownAt"], &json!(tenant.id), "requested", &["analytics", "orders"]),
                with(
                    &event(&created["createdAt"], person, "given", &["analytics"]),
                    "validityDuration",
                    Some(json!(validity)),
                ),
                event(&created["createdAt"], person, "refused", &["orders"]),
            ],
            // No recipient is registered.
            "missing": ["piiProcessing.recipientThirdParties"],
        }),
    );
    assert!(!receipt.to_string().contains(&principal));
    // No receipt counts as an access, and each has an id of its own.
    let another = self::receipt(&tenant, &created).await;
    assert_ne!(another["receiptMetadata"]["receiptId"], receipt["receiptMetadata"]["receiptId"]);
    assert_eq!(tenant.get(record_path(&created)).await.expect(200)["accessCount"], 1);
}

async fn a_receipt_says_what_is_missing(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.create_record().await;
    let unset = receipt(&tenant, &created).await;
    assert_eq!(
        unset["missing"],
        json!([
            "piiProcessing.piiInformation",
            "piiProcessing.storageLocations",
            "piiProcessing.jurisdiction",
            "piiProcessing.recipientThirdParties",
            "partyIdentification.partyAddress",
            "partyIdentification.partyContact",
            "events.eventType",
        ])
    );
    assert_eq!(unset["partyIdentification"][0]["partyName"], tenant.name);
    let withdrawal = format!("POST {}", withdraw_path(&created));
    assert_eq!(unset["piiProcessing"]["withdrawalMethod"], withdrawal);
    assert_eq!(unset["piiProcessing"]["privacyRights"], json!({"rights": null, "complaint": null}));
    // A profile that says nothing but a name leaves everything else missing.
    set_organisation(&tenant, &json!({"name": "Acme"})).await;
    let named = receipt(&tenant, &created).await;
    assert_eq!(named["missing"], unset["missing"]);
    assert_eq!(named["partyIdentification"][0]["partyName"], "Acme");
    // Who reads the notice finds its contact, so it is not missing.
    let (decided, _) = decided(&tenant, &unique("user")).await;
    let contact = receipt(&tenant, &decided).await["partyIdentification"][0]["partyContact"].clone();
    assert_eq!(contact, "privacy@shop.example");
}

async fn a_receipt_holds_the_data_of_the_purposes_that_were_decided(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let mut notice = notice();
    notice["dataItems"] = ["clicks", "name", "orders"].map(|code| json!({"code": code, "description": code})).into();
    notice["purposes"][0]["dataItems"] = json!(["clicks"]);
    notice["purposes"][1]["dataItems"] = json!(["orders"]);
    tenant.post(NOTICES, &notice).await.expect(201);
    let grant = tenant.create_grant(&principal).await;
    let created = tenant.post(RECORDS, &record(&grant, &notice, &principal)).await.expect(201);
    // `orders` is needed only for the purpose that nobody was asked about, and `name` perhaps for any.
    let receipt = receipt(&tenant, &created).await;
    let item = |code: &str| json!({"piiAttributeId": code, "piiType": code});
    assert_eq!(receipt["piiProcessing"]["piiInformation"], json!([item("clicks"), item("name")]));
    assert_eq!(receipt["piiProcessing"]["purposes"][0]["piiInformation"], json!(["clicks"]));
    let (linked, _) = linked_receipt(&tenant, &created).await;
    let recorded = &linked["dpv:hasRecordOfActivity"];
    let of = |part: &Value| part["dpv:hasPersonalData"][0]["dct:identifier"].clone();
    assert_eq!((of(&recorded["dpv:hasProcess"][0]), of(recorded)), (json!("clicks"), json!("name")));
}

async fn a_receipt_states_what_has_become_of_the_consent(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (principal, reason) = (unique("user"), unique("reason"));
    let (grant, notice) = (tenant.create_grant(&principal).await, tenant.create_notice().await);
    let purposes = json!([{"code": "analytics", "description": "x"}, {"code": "personalization", "description": "x"}]);
    let body = with(&record(&grant, &notice, &principal), "purposes", Some(purposes));
    let created = tenant.post(RECORDS, &body).await.expect(201);
    let other = tenant.post(RECORDS, &body).await.expect(201);
    let first = receipt(&tenant, &created).await;
    let given = ("given", vec!["analytics", "personalization"]);
    assert_eq!(states(&first), vec![given.clone()]);

    let some = json!({"reason": reason, "purposes": ["personalization"]});
    let some = tenant.post(withdraw_path(&created), &some).await.expect(200);
    let second = receipt(&tenant, &created).await;
    assert_eq!(second["recordHeader"]["status"], "active");
    assert_eq!(second["piiProcessing"]["purposes"][1]["withdrawnAt"], some["withdrawnAt"]);

    let all = json!({"reason": reason, "deleteProcessedData": true});
    let all = tenant.post(withdraw_path(&created), &all).await.expect(200);
    let third = receipt(&tenant, &created).await;
    let withdrawn = [given.clone(), ("withdrawn", vec!["personalization"]), ("withdrawn", vec!["analytics"])];
    assert_eq!(states(&third), withdrawn);
    assert_eq!(events(&third)[1]["eventTime"], some["withdrawnAt"]);
    assert_eq!(events(&third)[2]["eventTime"], all["withdrawnAt"]);
    assert_eq!(third["recordHeader"]["status"], "withdrawn");

    let erased = tenant.send(tenant.request(Method::POST, erasure_path(&principal))).await.expect(201);
    assert_eq!(erased["status"], "completed");
    // What had ended does not end once more; what had not ends with the erasure.
    let (fourth, terminated) = (receipt(&tenant, &created).await, receipt(&tenant, &other).await);
    assert_eq!(states(&fourth), withdrawn);
    assert_eq!(states(&terminated), [given, ("terminated", vec!["analytics", "personalization"])]);
    for (receipt, record) in [(&fourth, &created), (&terminated, &other)] {
        let erased_at = tenant.get(record_path(record)).await.expect(200)["erasedAt"].clone();
        assert_eq!(
            (&receipt["recordHeader"]["status"], &receipt["recordHeader"]["erasedAt"]),
            (&json!("erased"), &erased_at)
        );
    }
    assert_eq!(events(&terminated)[1]["eventTime"], terminated["recordHeader"]["erasedAt"]);

    for receipt in [&first, &second, &third, &fourth, &terminated] {
        let text = receipt.to_string();
        assert!(!text.contains(&principal) && !text.contains(&reason), "{text}");
    }
    assert_eq!(fourth["recordHeader"]["piiPrincipalId"], first["recordHeader"]["piiPrincipalId"]);
}

async fn denials_renewals_and_the_end_of_time_are_events(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = unique("user");
    let (grant, notice) = (tenant.create_grant(&principal).await, tenant.create_notice().await);
    let old = tenant.post(RECORDS, &record(&grant, &notice, &principal)).await.expect(201);
    let renewing = with(&record(&grant, &notice, &principal), "renews", Some(old["recordId"].clone()));
    let new = tenant.post(RECORDS, &renewing).await.expect(201);
    let (before, after) = (receipt(&tenant, &old).await, receipt(&tenant, &new).await);
    assert_eq!(states(&before), [("given", vec!["analytics"]), ("terminated", vec!["analytics"])]);
    assert_eq!(
        (&before["recordHeader"]["renewedBy"], &before["recordHeader"]["status"]),
        (&new["recordId"], &json!("renewed"))
    );
    assert_eq!(states(&after), [("renewed", vec!["analytics"])]);
    assert_eq!(after["recordHeader"]["renews"], old["recordId"]);

    // A denial in another record ends the purpose, as a withdrawal.
    let denial = json!({
        "processingExpiresAt": in_future(Duration::days(9)), "dataPrincipalId": principal, "consentNoticeId": notice["noticeId"],
        "purposes": [{"code": "analytics", "description": "x", "decision": "denied"}],
    });
    let denial = tenant.post(RECORDS, &denial).await.expect(201);
    let (denied, ended) = (receipt(&tenant, &denial).await, receipt(&tenant, &new).await);
    assert_eq!(states(&denied), [("refused", vec!["analytics"])]);
    assert_eq!(
        (&denied["piiProcessing"]["retentionPeriod"], &denied["piiProcessing"]["grantId"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(states(&ended), [("renewed", vec!["analytics"]), ("withdrawn", vec!["analytics"])]);
    assert_eq!(events(&ended)[1]["eventTime"], denial["createdAt"]);

    let other = unique("user");
    let grant = tenant.create_grant(&other).await;
    let soon = json!(in_future(Duration::seconds(3)));
    let lapsing = with(&record(&grant, &notice, &other), "processingExpiresAt", Some(soon));
    let lapsing = tenant.post(RECORDS, &lapsing).await.expect(201);
    while tenant.get(record_path(&lapsing)).await.expect(200)["status"] != "expired" {
        assert_eq!(states(&receipt(&tenant, &lapsing).await)[0], ("given", vec!["analytics"]));
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let lapsed = receipt(&tenant, &lapsing).await;
    assert_eq!(states(&lapsed), [("given", vec!["analytics"]), ("expired", vec!["analytics"])]);
    assert_eq!(events(&lapsed)[1]["eventTime"], lapsing["processingExpiresAt"]);
    assert_eq!(lapsed["recordHeader"]["status"], "expired");
    // An expired consent can still be withdrawn.
    tenant.post(withdraw_path(&lapsing), &json!({"reason": "x"})).await.expect(200);
    let withdrawn = receipt(&tenant, &lapsing).await;
    assert_eq!(states(&withdrawn)[1..], [("expired", vec!["analytics"]), ("withdrawn", vec!["analytics"])]);
}

async fn who_decided_is_not_named(system: &'static System) {
    let tenant = Tenant::new(system).await;
    set_organisation(&tenant, &organisation()).await;
    let principal = unique("child");
    let (grant, notice) = (tenant.create_grant(&principal).await, tenant.publish_notice(&["en"]).await.remove(0));
    let body = complete_record(&grant, &notice, &principal);
    for (role, entity) in [
        ("guardian", json!(null)),
        ("nominee", json!(null)),
        ("consent_manager", json!(null)),
        ("operator", json!(tenant.id)),
    ] {
        let (decider, reference) = (unique("decider"), unique("reference"));
        let verification = json!({"method": "otp", "reference": reference, "at": "2026-01-01T00:00:00Z"});
        let actor = json!({"type": role, "id": decider, "verification": verification});
        let created = tenant.post(RECORDS, &with(&body, "actor", Some(actor))).await.expect(201);
        let receipt = receipt(&tenant, &created).await;
        assert_eq!((&events(&receipt)[0]["entityId"], &events(&receipt)[1]["entityId"]), (&entity, &entity), "{role}");
        let (linked, _) = linked_receipt(&tenant, &created).await;
        for text in [receipt.to_string(), linked.to_string()] {
            assert!(!text.contains(&decider) && !text.contains(&reference) && !text.contains(&principal), "{text}");
        }
    }
}

async fn a_receipt_names_who_receives_the_data_that_was_granted(system: &'static System) {
    let (tenant, other) = (Tenant::new(system).await, Tenant::new(system).await);
    set_organisation(&tenant, &organisation()).await;
    let (created, _) = decided(&tenant, &unique("user")).await;
    let register = async |tenant: &Tenant, name: &str, role: &str, purposes: Value| {
        let body = [("name", json!(name)), ("role", json!(role)), ("purposes", purposes)];
        let body = body.into_iter().fold(recipient(), |body, (member, value)| with(&body, member, Some(value)));
        let made = tenant.post(RECIPIENTS, &body).await.expect(201);
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        made
    };
    let named = |receipt: &Value| receipt["piiProcessing"]["recipientThirdParties"].clone();
    // Others' recipients, and systems of the organisation itself, are no recipients.
    register(&other, "Another's", "processor", json!(["*"])).await;
    register(&tenant, "Warehouse", "own_system", json!(["*"])).await;
    let none = receipt(&tenant, &created).await;
    assert_eq!((named(&none), &none["missing"]), (json!(null), &json!(["piiProcessing.recipientThirdParties"])));

    // The person denied `orders`: it is known that nobody receives anything.
    let mail = register(&tenant, "Mail", "processor", json!(["orders", "billing"])).await;
    let nobody = receipt(&tenant, &created).await;
    assert_eq!((named(&nobody), &nobody["missing"]), (json!([]), &json!([])));

    let counter = register(&tenant, "Counter", "third_party", json!(["analytics"])).await;
    let bare =
        json!({"name": "Everywhere", "role": "joint_fiduciary", "purposes": ["*"], "delivery": {"kind": "manual"}});
    let everywhere = tenant.post(RECIPIENTS, &bare).await.expect(201);
    let party = |of: &Value, contact: Value, country: Value| {
        json!({
            "partyId": of["id"], "partyName": of["name"], "partyContact": contact, "partyRole": of["role"],
            "country": country, "purposes": ["analytics"],
        })
    };
    let of_counter = party(&counter, json!("privacy@mail.example"), json!("IN"));
    let of_everywhere = party(&everywhere, json!(null), json!(null));
    let both = receipt(&tenant, &created).await;
    assert_eq!((named(&both), &both["missing"]), (json!([of_everywhere, of_counter]), &json!([])));
    let (linked, _) = linked_receipt(&tenant, &created).await;
    let record = &linked["dpv:hasRecordOfActivity"];
    // Nothing is missing now.
    let profile = |name: &str| json!({"@id": format!("dpv-27560:{name}")});
    assert_eq!((&linked["dct:conformsTo"], &record["dct:conformsTo"]), (&profile("receipt"), &profile("record")));
    assert_eq!(
        record["dpv:hasEntity"].as_array().map(|entities| entities[1..].to_vec()),
        Some(vec![
            json!({
                "@id": "_:recipient0", "@type": ["dpv:DataController", "dpv:Recipient"],
                "dpv:hasIdentifier": everywhere["id"], "dpv:hasName": "Everywhere",
            }),
            json!({
                "@id": "_:recipient1", "@type": ["dpv:ThirdParty", "dpv:Recipient"],
                "dpv:hasIdentifier": counter["id"], "dpv:hasName": "Counter",
                "dpv:hasContact": "privacy@mail.example",
                "dpv:hasLocation": {"@type": "dpv:Location", "dct:title": "IN"},
            }),
        ])
    );
    let receivers = json!([{"@id": "_:recipient0"}, {"@id": "_:recipient1"}]);
    assert_eq!(record["dpv:hasProcess"][0]["dpv:hasRecipient"], receivers);
    assert_eq!(record["dpv:hasProcess"][1].get("dpv:hasRecipient"), None, "denied");

    // A receipt says what is so when it is made, also of a consent that has ended.
    tenant.patch(recipient_path(&mail), &json!({"purposes": ["analytics"], "country": null})).await.expect(200);
    tenant.delete(recipient_path(&counter)).await.expect_no_content();
    tenant.post(withdraw_path(&created), &json!({"reason": "x"})).await.expect(200);
    let of_mail = party(&mail, json!("privacy@mail.example"), json!(null));
    assert_eq!(named(&receipt(&tenant, &created).await), json!([of_everywhere, of_mail]));
    for left in [&mail, &everywhere] {
        tenant.delete(recipient_path(left)).await.expect_no_content();
    }
    assert_eq!(named(&receipt(&tenant, &created).await), json!(null));
}

/// The processes of a receipt of [`decided`], in the terms of DPV. What is stored ends as `until` says.
fn processes(until: &Value) -> Value {
    let words = |words: &str| json!({"@language": "hi", "@value": words});
    let places = ["IN", "SG"].map(|place| json!({"@type": "dpv:Location", "dct:title": place}));
    json!([
        {
            "@type": "dpv:Process",
            "dpv:hasPurpose": {
                "@id": "_:purpose0", "@type": "dpv:Purpose", "dct:identifier": "analytics",
                "dct:description": words("To count visits (hi)"),
            },
            "dpv:hasLegalBasis": {"@id": "dpv:Consent"},
            "dpv:hasPersonalData": [{
                "@id": "_:data1", "@type": "dpv:PersonalData", "dct:identifier": "visits",
                "dct:description": words("The pages that you visit (hi)"),
            }],
            "dpv:hasService": {"@type": "dpv:Service", "dct:description": words("A faster shop (hi)")},
            "dpv:hasStorageCondition": [
                {"@id": "_:locations", "@type": "dpv:StorageLocation", "dpv:hasLocation": places},
                {"@id": "_:retention", "@type": "dpv:StorageDuration", "dpv:hasDuration": until},
            ],
        },
        {
            "@type": "dpv:Process",
            "dpv:hasPurpose": {
                "@id": "_:purpose1", "@type": "dpv:Purpose", "dct:identifier": "orders",
                "dct:description": words("To tell you where your order is (hi)"),
            },
            "dpv:hasPersonalData": [{
                "@id": "_:data0", "@type": "dpv:PersonalData", "dct:identifier": "email",
                "dct:description": words("Your e-mail address (hi)"),
            }],
            "dpv:hasService": {"@type": "dpv:Service", "dct:description": words("Orders (hi)")},
            "dpv:hasStorageCondition": [],
        },
    ])
}

async fn a_receipt_is_linked_data_for_those_who_ask(system: &'static System) {
    let tenant = Tenant::new(system).await;
    set_organisation(&tenant, &organisation()).await;
    let (created, notice) = decided(&tenant, &unique("user")).await;
    let plain = receipt(&tenant, &created).await;
    let (linked, document) = linked_receipt(&tenant, &created).await;
    let controller = json!({"@id": format!("urn:uuid:{}", tenant.id)});
    let moment = |time: &Value| json!({"@type": "xsd:dateTime", "@value": time});
    let person = json!({"@id": "_:person"});
    let until = json!({"@type": "dpv:UntilTimeDuration", "rdf:value": moment(&created["processingExpiresAt"])});
    let rights = ["https://shop.example/rights", "https://shop.example/complain"]
        .map(|link| json!({"@type": "dpv:DataSubjectRight", "dpv:isExercisedAt": {"@id": link}}));
    let status = |types: &[&str], time: &Value, by: &Value, purposes: &[&str]| {
        let purposes: Vec<Value> = purposes.iter().map(|purpose| json!({"@id": purpose})).collect();
        json!({
            "@type": types, "dpv:isIndicatedAtTime": moment(time), "dpv:isIndicatedBy": by, "dpv:hasPurpose": purposes,
        })
    };
    assert_like(
        &linked,
        &json!({
            "@context": [null, {
                "dcat": "http://www.w3.org/ns/dcat#",
                "dct": "http://purl.org/dc/terms/",
                "dpv": "https://w3id.org/dpv#",
                "dpv-27560": "https://w3id.org/dpv/schema/dpv-27560#",
                "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
                "xsd": "http://www.w3.org/2001/XMLSchema#",
            }],
            "@type": "dpv:ConsentReceipt",
            "dpv:hasIdentifier": "<text>",
            "dct:created": {"@type": "xsd:dateTime", "@value": "<time>"},
            "dct:publisher": controller,
            // No `dct:conformsTo`: the recipients are missing.
            "dpv:hasRecordOfActivity": {
                "@type": "dpv:ConsentRecord",
                "dct:identifier": created["recordId"],
                "dpv:hasDataSubject": {
                    "@id": "_:person", "@type": "dpv:DataSubject",
                    "dct:identifier": plain["recordHeader"]["piiPrincipalId"],
                },
                "dpv:hasDataController": controller,
                "dpv:hasEntity": [{
                    "@id": controller["@id"],
                    "@type": ["dpv:DataController", "dpv:Organisation"],
                    "dpv:hasIdentifier": tenant.id,
                    "dpv:hasName": "Acme Shops Pvt Ltd",
                    "dpv:hasAddress": "1 MG Road\nBengaluru 560001",
                    "dpv:hasContact": "privacy@acme.example",
                    "dpv:hasDataProtectionOfficer": {
                        "@type": "dpv:DataProtectionOfficer",
                        "dpv:hasName": "Jane Doe",
                        "dpv:hasContact": ["dpo@acme.example", "+91-9876543210"],
                    },
                }],
                "dpv:hasJurisdiction": {"@type": "dpv:Location", "dct:title": "IN"},
                "dpv:hasNotice": {
                    "@id": format!("http://{}{}", system.client.authority(), public_path(&notice)),
                    "@type": "dpv:ConsentNotice",
                    "dct:identifier": notice["noticeId"],
                    "dcat:version": "1.0",
                    "dct:language": "hi",
                },
                "dpv:hasConsentControl": {
                    "@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": {"@id": "https://shop.example/withdraw"},
                },
                "dpv:hasRight": rights,
                "dpv:hasProcess": processes(&until),
                "dpv:hasConsentStatus": [
                    status(
                        &["dpv:ConsentRequested"],
                        &created["shownAt"], &controller, &["_:purpose0", "_:purpose1"],
                    ),
                    with(
                        &status(
                            &["dpv:ConsentGiven", "dpv:ExpressedConsent"],
                            &created["createdAt"], &person, &["_:purpose0"],
                        ),
                        "dpv:hasDuration",
                        Some(until.clone()),
                    ),
                    status(
                        &["dpv:ConsentRefused"],
                        &created["createdAt"], &person, &["_:purpose1"],
                    ),
                ],
            },
        }),
    );
    // Who changes the context of the document changes its meaning, and does not escape the verifier.
    let keys = PublishedKeys::read(&system.client).await;
    let turned = with(&document, "@context", Some(json!({"receipt": "@graph", "dpv": "https://example.com/"})));
    let (output, valid) = verified_with(&turned.to_string(), &keys);
    assert!(!valid && output.ends_with("invalid: its @context is not that of a signed receipt\n"), "{output}");
}

async fn a_client_chooses_the_form(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.create_record().await;
    let asking = async |accepted: &[&[u8]]| {
        let request = tenant.request(Method::GET, receipt_path(&created));
        let request = accepted.iter().fold(request, |request, line| request.header("accept", line));
        tenant.send(request).await
    };
    let long = "application/ld+json;q=0.5,".repeat(150);
    for (accepted, expected) in [
        (&[][..], "application/json"),
        (&[&b"*/*"[..]], "application/json"),
        (&[&b"text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"[..]], "application/json"),
        (&[&b"image/png"[..]], "application/json"),
        (&[&b"application/json;q=0"[..]], "application/json"),
        (&[&b"application/ld+json;q=0, application/json;q=0"[..]], "application/json"),
        (&[&b"application/ld+json;q=1e3"[..]], "application/json"),
        (&[&b"application/ld+json;q=nan"[..]], "application/json"),
        (&[&b"\xff\xfe"[..]], "application/json"),
        (&[&b"\""[..]], "application/json"),
        (&[&b",,;;==,,"[..]], "application/json"),
        (&[&b"application/ld+json\"; application/json"[..]], "application/json"),
        (&[long.as_bytes()], "application/ld+json"),
        (&[&b"application/ld+json"[..]], "application/ld+json"),
        (&[&b"application/json;q=0.1"[..], &b"APPLICATION/LD+JSON ; q=0.2"[..]], "application/ld+json"),
    ] {
        let response = asking(accepted).await;
        assert_eq!(response.status(), 200, "{accepted:?}: {response}");
        assert_eq!(response.header("content-type"), Some(expected), "{accepted:?}");
        assert_eq!(response.header("vary"), Some("Accept"));
        if expected == "application/json" {
            receipts::check(&system.client, &response).await;
        }
    }
    // An error is JSON, whatever the client prefers.
    let unknown = format!("{RECORDS}/cr_01ARZ3NDEKTSV4RRFFQ69G5FAV/receipt");
    let request = tenant.request(Method::GET, unknown).header("accept", "application/ld+json");
    tenant.send(request).await.expect_error(404, "NOT_FOUND");
}

/// A notice of 50 purposes and 100 data items that has as much text as a notice may have, an organisation that says
/// as much as it may say, and as many recipients as there may be.
async fn the_largest_receipt_is_made_in_both_forms(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let code = |kind: char, number: usize| format!("{kind}{number:063}");
    let items: Vec<String> = (0..100).map(|number| code('d', number)).collect();
    // Each character takes two bytes of JSON.
    let words = "\"".repeat(215);
    let described = |code: &String| json!({"code": code, "description": words});
    let purpose = |number: usize| {
        let needed: Vec<&String> = items.iter().cycle().skip(number * 4).take(4).collect();
        json!({"code": code('p', number), "description": words, "services": words, "dataItems": needed})
    };
    let mut notice = complete_draft("en");
    notice["purposes"] = (0..50).map(purpose).collect();
    notice["dataItems"] = items.iter().map(described).collect();
    tenant.post(NOTICES, &notice).await.expect(201);
    tenant.post(publish_path(&notice), &json!({})).await.expect(200);
    let place = |number: usize| format!("{number:02}{}", "\"".repeat(498));
    set_organisation(
        &tenant,
        &json!({
            "name": "\"".repeat(500), "address": "\"".repeat(2000), "contact": "\"".repeat(500),
            "jurisdiction": "\"".repeat(500), "storageLocations": (0..50).map(place).collect::<Vec<_>>(),
        }),
    )
    .await;
    let mut receiver = recipient();
    for member in ["name", "contact", "country"] {
        receiver[member] = json!("\"".repeat(500));
    }
    receiver["purposes"] = (0..50).map(|number| code('p', number)).collect();
    for _ in 0..100 {
        tenant.post(RECIPIENTS, &receiver).await.expect(201);
    }
    let principal = unique("user");
    let mut body = record(&tenant.create_grant(&principal).await, &notice, &principal);
    body["purposes"] = (0..50).map(|number| json!({"code": code('p', number), "description": "x"})).collect();
    let created = tenant.post(RECORDS, &body).await.expect(201);
    for number in 0..49 {
        let withdrawal = json!({"reason": "x", "purposes": [code('p', number)]});
        tenant.post(withdraw_path(&created), &withdrawal).await.expect(200);
    }
    tenant.post(withdraw_path(&created), &json!({"reason": "x"})).await.expect(200);
    let largest = receipt(&tenant, &created).await;
    assert_eq!(largest["piiProcessing"]["piiInformation"].as_array().map(Vec::len), Some(100));
    assert_eq!(events(&largest).len(), 51);
    assert_eq!(largest["piiProcessing"]["recipientThirdParties"].as_array().map(Vec::len), Some(100));
    let plain = tenant.get(receipt_path(&created)).await.expect(200).to_string();
    let (_, linked) = linked_receipt(&tenant, &created).await;
    // A function may respond with 6 MB, in which the body is a JSON string.
    for body in [plain, linked.to_string()] {
        let bytes = json!(body).to_string().len();
        assert!((1_000_000..4_000_000).contains(&bytes), "{bytes} bytes");
    }
}

/// The record is read only after it was withdrawn, which is after the request for the receipt has arrived.
async fn no_event_is_later_than_the_receipt(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.create_record().await;
    let faults = system.own_faults().await;
    let sign = system.lone_function("get-consent-receipt", &faults.url()).await;
    let held = faults.hold(Matching::every(&text(&created, "recordId")), PATIENCE);
    let request = Request::new(Method::GET, receipt_path(&created)).event(&tenant.authorizer());
    let withdrawal = async {
        assert!(held.wait_until_struck(1, ARRIVAL).await, "the record was never read");
        let withdrawn = tenant.post(withdraw_path(&created), &json!({"reason": "x"})).await.expect(200);
        held.release();
        withdrawn
    };
    let (signed, withdrawn) = join(sign.response(&request), withdrawal).await;
    receipts::check(&system.client, &signed).await;
    let receipt = signed.body()["receipt"].clone();
    assert_eq!(states(&receipt), [("given", vec!["analytics"]), ("withdrawn", vec!["analytics"])]);
    assert_eq!(receipt["receiptMetadata"]["issuedAt"], withdrawn["withdrawnAt"]);
    assert_eq!(receipt["recordHeader"]["status"], "withdrawn");
}
