//! Files that are made only by the published rules: they are valid, and every change to them is found.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::*;

const TENANT: &str = "27390631-775e-4aba-8130-48ec1a2d57da";
const RECORD: &str = "cr_01M80CAKF7TDZTPC40ZQWMC00J";
const GIVEN: &str = "2026-11-22T02:35:34.728Z";
const PERSON: &str = "asha-7261";

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// Sets the hash of an entry. All members are ASCII and all numbers are small, so that `serde_json` writes canonical JSON
/// (RFC 8785).
fn hashed(entry: &mut Value) {
    let mut text = entry.clone();
    for member in ["personal", "hash"] {
        text.as_object_mut().unwrap().remove(member);
    }
    text["tenant"] = json!(TENANT);
    text["subject"] = json!(format!("record/{RECORD}"));
    entry["hash"] = json!(sha256(&text.to_string()));
}

/// The response of the audit endpoint for a trail of `length` entries, in one page.
fn trail(length: usize) -> Value {
    let mut entries: Vec<Value> = Vec::new();
    for action in ["record.created", "record.withdrawn", "record.erased"].iter().cycle().take(length) {
        let personal = json!({"reason": "Because", "salt": "6465d344af805996a49792ad13229ee7"});
        let mut entry = json!({
            "id": format!("aud_{}", entries.len()),
            "sequence": entries.len() + 1,
            "action": action,
            "actor": "2d4e0e0e-14e1-4f1d-ae7f-22018049ab85",
            "occurredAt": GIVEN,
            "details": {"grantId": "grnt_1"},
            "sealed": format!("{}.L7O-fwYS7gX9450NBp4c", sha256(&personal.to_string())),
            "personal": personal,
            "previousHash": entries.last().map(|entry| &entry["hash"]),
        });
        hashed(&mut entry);
        entries.push(entry);
    }
    json!({
        "tenantId": TENANT, "subject": format!("record/{RECORD}"), "recordId": RECORD,
        "anonymized": false, "chain": {"valid": true, "length": length, "head": entries.last().map(|entry| &entry["hash"])},
        "entries": entries, "nextCursor": null,
    })
}

/// The same in pages of one entry. The chain grows between the pages.
fn pages(whole: &Value) -> Vec<Value> {
    let entries = whole["entries"].as_array().unwrap();
    let page = |(index, entry): (usize, &Value)| {
        let mut page = whole.clone();
        page["entries"] = json!([entry]);
        page["chain"]["length"] = json!((index + 2).min(entries.len()));
        page["chain"]["head"] = entries[(index + 1).min(entries.len() - 1)]["hash"].clone();
        page["nextCursor"] = if index + 1 < entries.len() { json!("more") } else { Value::Null };
        page
    };
    entries.iter().enumerate().map(page).collect()
}

fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn jwks() -> Value {
    let x = URL_SAFE_NO_PAD.encode(signing_key().verifying_key());
    let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)));
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x}]})
}

fn kid() -> Value {
    jwks()["keys"][0]["kid"].clone()
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::read(jwks().to_string().as_bytes()).unwrap());

fn signed(payload: &Value) -> String {
    signed_with(&json!({"alg": "EdDSA", "kid": kid(), "typ": "JWT"}), payload)
}

fn signed_with(header: &Value, payload: &Value) -> String {
    let [header, payload] = [header, payload].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let signature = signing_key().sign(format!("{header}.{payload}").as_bytes());
    format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

fn claims() -> Value {
    let commitment = hex::encode(Sha256::new().chain_update([0xab; 32]).chain_update(PERSON).finalize());
    json!({
        "iat": 1_795_314_934, "tenantId": TENANT, "recordId": RECORD, "grantId": "grnt_1",
        "consentNoticeId": "privacy-notice", "consentNoticeVersion": "3.0", "consentNoticeLanguage": "en",
        "consentNoticeHash": "1c07", "purposes": ["analytics", "marketing"], "consentGivenAt": GIVEN,
        "dataPrincipalCommitment": commitment,
    })
}

/// The signed parts of the response to GET of a record.
fn record() -> Value {
    json!({
        "recordId": RECORD, "grantId": "grnt_1", "dataPrincipalId": PERSON, "commitmentSalt": "ab".repeat(32),
        "consentNoticeId": "privacy-notice", "consentNoticeVersion": "3.0", "consentNoticeLanguage": "en",
        "consentNoticeHash": "1c07", "purposes": [{"code": "analytics"}, {"code": "marketing"}],
        "consentGivenAt": GIVEN, "createdAt": GIVEN,
        "consentProof": {
            "type": "JWS-EdDSA", "alg": "EdDSA", "kid": kid(), "proofJwt": signed(&claims()), "signedAt": GIVEN,
        },
    })
}

fn receipt() -> Value {
    let receipt = json!({
        "receiptMetadata": {"schemaVersion": "x", "issuedAt": GIVEN},
        "recordHeader": {"recordId": RECORD},
        "events": [{"eventState": "given"}],
    });
    json!({"receiptJws": signed(&receipt), "receipt": receipt, "kid": kid()})
}

/// A receipt in the terms of DPV.
fn linked_receipt() -> Value {
    let receipt = json!({
        "@context": {"dpv": "https://w3id.org/dpv#"},
        "@type": "dpv:ConsentReceipt",
        "dpv:hasRecordOfActivity": {"dct:identifier": RECORD, "dpv:hasConsentStatus": [{"@type": "dpv:ConsentGiven"}]},
    });
    json!({
        "@context": {"receipt": "@graph"}, "receiptJws": signed(&receipt), "receipt": receipt, "kid": kid(),
    })
}

fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    *document.pointer_mut(pointer).unwrap() = value;
    document
}

fn without(mut document: Value, member: &str) -> Value {
    document.as_object_mut().unwrap().remove(member);
    document
}

fn verdicts_on(text: &str) -> Vec<String> {
    let verdicts = verify(documents(text.as_bytes()).unwrap(), Some(&KEYS));
    verdicts.iter().map(ToString::to_string).collect()
}

/// The verdict on the only item in a document.
#[track_caller]
fn only(document: &Value) -> String {
    let verdicts = verdicts_on(&document.to_string());
    assert_eq!(verdicts.len(), 1, "{verdicts:?}");
    verdicts[0].clone()
}

/// Whether a text can be parsed, holds items, and all of them are valid.
fn all_valid(text: &[u8]) -> bool {
    let verdicts = documents(text).map(|documents| verify(documents, Some(&KEYS))).unwrap_or_default();
    !verdicts.is_empty() && verdicts.iter().all(Verdict::is_valid)
}

/// The entry that the verdict names.
#[track_caller]
fn bad(document: &Value) -> Option<usize> {
    let verdict = only(document);
    let (_, entry) = verdict.split_once("invalid: entry ")?;
    Some(entry.split_once(' ').unwrap().0.parse().unwrap())
}

#[test]
fn a_trail_is_valid_whole_and_page_by_page() {
    let (one, other) = (trail(3), trail(1));
    let in_pages = pages(&one);
    let lines = in_pages.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let mixed = json!([in_pages[0], in_pages[1], in_pages[2], other]).to_string();
    let export = |trails: Value| json!({"exportId": "exp_1", "data": {"consentRecords": [], "actionLog": trails}});
    let name = format!("record/{RECORD}: valid,");
    let (three, one_entry) = (format!("{name} 3 entries"), format!("{name} 1 entry"));
    for (text, expected) in [
        (one.to_string(), vec![&three]),
        (json!(in_pages).to_string(), vec![&three]),
        (lines, vec![&three]),
        // The same page twice.
        (format!("{one} {one}"), vec![&three, &three]),
        (mixed, vec![&three, &one_entry]),
        (format!("{}{}", export(json!([one])), export(json!([other]))), vec![&three, &one_entry]),
    ] {
        assert_eq!(verdicts_on(&text), expected.into_iter().cloned().collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn every_change_to_a_trail_is_found() {
    let whole = trail(3);
    for index in 0..3 {
        for (member, value) in [
            ("action", json!("record.read")),
            ("actor", json!("b3c0a2de-7f0a-4d4f-9f35-000000000000")),
            ("occurredAt", json!("2020-01-01T00:00:00.000Z")),
            ("details", json!({"grantId": "grnt_2"})),
            ("sealed", Value::Null),
            ("personal", json!({"reason": "Another"})),
            // Removed, though the trail says that it can still be decrypted.
            ("personal", Value::Null),
            ("sequence", json!(9)),
            ("hash", Value::Null),
            ("tenant", json!(TENANT)),
            ("subject", whole["subject"].clone()),
            ("more", json!(1)),
        ] {
            let mut changed = whole.clone();
            changed["entries"][index][member] = value;
            assert_eq!(bad(&changed), Some(index + 1), "{member}");
        }
        let mut missing = whole.clone();
        missing["entries"].as_array_mut().unwrap().remove(index);
        assert_eq!(bad(&missing), Some(index + 1));
        let mut hidden = whole.clone();
        hidden["entries"][index].as_object_mut().unwrap().remove("personal");
        assert_eq!(bad(&hidden), Some(index + 1));
        let mut cut = pages(&whole);
        cut.truncate(index + 1);
        assert_eq!(bad(&json!(cut)), Some(index + 2).filter(|_| index < 2));
    }
    for (pointer, value, at) in [
        ("/tenantId", json!("b3c0a2de-7f0a-4d4f-9f35-000000000000"), 1),
        ("/subject", json!("record/cr_2"), 1),
        ("/recordId", json!("cr_2"), 1),
        ("/anonymized", json!(true), 1),
        ("/chain/length", json!(4), 4),
        ("/chain/length", json!(2), 3),
        ("/chain/length", json!(u64::MAX), 4),
        ("/chain/head", whole["entries"][1]["hash"].clone(), 3),
        ("/chain/head", Value::Null, 3),
        ("/chain/valid", json!(false), 1),
    ] {
        assert_eq!(bad(&with(whole.clone(), pointer, value)), Some(at), "{pointer}");
    }
    let mut named = whole.clone();
    named["chain"]["firstInvalidSequence"] = json!(2);
    assert_eq!(bad(&named), Some(2));
    // No record has a trail without an entry.
    let empty = with(whole.clone(), "/entries", json!([]));
    assert_eq!(bad(&with(empty, "/chain", json!({"valid": true, "length": 0, "head": null}))), Some(1));
    // The statements of an earlier page are checked as well.
    let mut grown = pages(&whole);
    grown[0]["chain"]["head"] = whole["entries"][2]["hash"].clone();
    assert_eq!(bad(&json!(grown)), Some(2));
}

#[test]
fn personal_data_is_shown_unless_the_trail_is_anonymized() {
    let mut gone = with(trail(3), "/anonymized", json!(true));
    for index in 0..3 {
        gone["entries"][index]["personal"] = Value::Null;
    }
    assert_eq!(only(&gone), format!("record/{RECORD}: valid, 3 entries"));
    let hides = "does not show its encrypted data, though the response says that it can be decrypted";
    assert_eq!(
        only(&with(gone.clone(), "/anonymized", json!(false))),
        format!("record/{RECORD}: invalid: entry 1 {hides}")
    );
    let one = with(trail(3), "/entries/1/personal", Value::Null);
    assert_eq!(only(&one), format!("record/{RECORD}: invalid: entry 2 {hides}"));
    // It was deleted between the reading of two pages.
    let (before, after) = (pages(&trail(2)), pages(&gone));
    assert_eq!(only(&json!([before[0], after[1], after[2]])), format!("record/{RECORD}: valid, 3 entries"));
    // An entry without encrypted data.
    let mut plain = trail(1);
    plain["entries"][0]["sealed"] = Value::Null;
    plain["entries"][0]["personal"] = Value::Null;
    hashed(&mut plain["entries"][0]);
    plain["chain"]["head"] = plain["entries"][0]["hash"].clone();
    assert_eq!(only(&plain), format!("record/{RECORD}: valid, 1 entry"));
    plain["entries"][0]["personal"] = json!({"reason": "Because"});
    assert_eq!(bad(&plain), Some(1));
}

#[test]
fn an_invalid_item_hides_no_other() {
    let changed = with(trail(2), "/entries/1/action", json!("record.read"));
    let text = format!("{changed}{}{}", json!({"grantId": "grnt_1", "scopes": []}), trail(1));
    assert_eq!(
        verdicts_on(&text),
        [
            format!("record/{RECORD}: invalid: entry 2 was changed, or is another chain's"),
            "document 2: not verified: it looks like a grant".to_owned(),
            format!("record/{RECORD}: valid, 1 entry"),
        ]
    );
}

#[test]
fn a_record_is_verified_by_its_proof() {
    let kid = kid().as_str().unwrap().to_owned();
    let valid = format!("consent record {RECORD}: valid, the consent as it was given is signed by key {kid}");
    assert_eq!(only(&record()), valid);
    assert_eq!(
        verdicts_on(&json!({"records": [record(), record()], "nextCursor": null}).to_string()),
        [&*valid, &*valid]
    );
    let export = json!({"exportId": "exp_1", "data": {"consentRecords": [record()], "actionLog": [trail(1)]}});
    assert_eq!(verdicts_on(&export.to_string()), [valid.clone(), format!("record/{RECORD}: valid, 1 entry")]);

    let is = |record: &Value, expected: &str| assert_eq!(only(record), format!("consent record {RECORD}: {expected}"));
    for (pointer, named) in [
        ("/grantId", "grantId"),
        ("/consentNoticeId", "consentNoticeId"),
        ("/consentNoticeVersion", "consentNoticeVersion"),
        ("/consentNoticeLanguage", "consentNoticeLanguage"),
        ("/consentNoticeHash", "consentNoticeHash"),
        ("/purposes/0/code", "purposes"),
        ("/consentGivenAt", "consentGivenAt"),
        ("/createdAt", "createdAt"),
        ("/dataPrincipalId", "dataPrincipalId"),
        ("/consentProof/kid", "consentProof.kid"),
        ("/consentProof/alg", "consentProof.alg"),
        ("/consentProof/signedAt", "consentProof.signedAt"),
    ] {
        is(&with(record(), pointer, json!("another")), &format!("invalid: its {named} is not what was signed"));
    }
    is(&with(record(), "/purposes", json!([{"code": "analytics"}])), "invalid: its purposes is not what was signed");
    is(&with(record(), "/commitmentSalt", json!("AB".repeat(32))), "invalid: its commitmentSalt is not lowercase hex");
    is(&with(record(), "/dataPrincipalId", Value::Null), "invalid: it names nobody, though it has a commitmentSalt");
    let nobody = with(with(record(), "/dataPrincipalId", Value::Null), "/commitmentSalt", Value::Null);
    is(&nobody, "invalid: it names nobody, though it is not erased");
    let mut erased = nobody;
    erased["status"] = json!("erased");
    assert!(all_valid(erased.to_string().as_bytes()));
    // The response to the record's creation has no salt.
    let created = without(without(without(record(), "commitmentSalt"), "purposes"), "consentGivenAt");
    let reason = "the person can only be verified with the commitmentSalt that GET of the record shows";
    is(&created, &format!("not verified: {reason}"));
    // The proof has denied purposes apart from the granted ones.
    let mut says = claims();
    says["purposes"] = json!(["analytics"]);
    says["deniedPurposes"] = json!(["marketing"]);
    says["method"] = json!("toggle");
    let mut decided = with(record(), "/consentProof/proofJwt", json!(signed(&says)));
    is(&decided, "invalid: its purposes is not what was signed");
    decided["purposes"] =
        json!([{"code": "analytics", "decision": "granted"}, {"code": "marketing", "decision": "denied"}]);
    is(&decided, "invalid: its method is not what was signed");
    decided["method"] = json!("toggle");
    assert_eq!(only(&decided), valid);
    // A purpose that ended later was still granted.
    let ended = json!([{"code": "analytics", "withdrawnAt": GIVEN}, {"code": "marketing", "decision": "denied"}]);
    assert_eq!(only(&with(decided.clone(), "/purposes", ended)), valid);
    for decision in [json!("granted"), json!("withheld"), json!(null)] {
        is(&with(decided.clone(), "/purposes/1/decision", decision), "invalid: its purposes is not what was signed");
    }
    let dropped = json!([{"code": "analytics", "decision": "granted"}]);
    is(&with(decided, "/purposes", dropped), "invalid: its deniedPurposes is not what was signed");
    // The proof and the record name the same document of the notice, or neither does.
    let mut of_document = claims();
    of_document["documentHash"] = json!("8f43");
    let mut whole = with(record(), "/consentProof/proofJwt", json!(signed(&of_document)));
    is(&whole, "invalid: its documentHash is not what was signed");
    whole["documentHash"] = json!("8f43");
    assert_eq!(only(&whole), valid);
    whole["documentHash"] = json!("8f44");
    is(&whole, "invalid: its documentHash is not what was signed");
    let mut unsigned = record();
    unsigned["documentHash"] = json!("8f43");
    is(&unsigned, "invalid: its documentHash is not what was signed");
    // The valid proof of another record.
    let mut claims = claims();
    claims["recordId"] = json!("cr_2");
    let another = with(record(), "/consentProof/proofJwt", json!(signed(&claims)));
    is(&another, "invalid: its recordId is not what was signed");
}

#[test]
fn a_receipt_is_verified_by_its_signature() {
    let kid = kid().as_str().unwrap().to_owned();
    assert_eq!(only(&receipt()), format!("receipt of {RECORD}: valid, all of it is signed by key {kid}"));
    for (pointer, named) in [("/receipt/events", "receipt"), ("/kid", "kid")] {
        let changed = only(&with(receipt(), pointer, json!("another")));
        assert_eq!(changed, format!("receipt of {RECORD}: invalid: its {named} is not what was signed"));
    }
    let linked = linked_receipt();
    assert_eq!(only(&linked), format!("receipt of {RECORD}: valid, all of it is signed by key {kid}"));
    let changed = only(&with(linked.clone(), "/receipt/dpv:hasRecordOfActivity/dpv:hasConsentStatus", json!([])));
    assert_eq!(changed, format!("receipt of {RECORD}: invalid: its receipt is not what was signed"));
    let turned = only(&with(linked.clone(), "/@context", json!({"receipt": "@graph", "dpv:hasConsentStatus": "x:y"})));
    assert_eq!(turned, format!("receipt of {RECORD}: invalid: its @context is not that of a signed receipt"));
    let mut bare = linked;
    bare.as_object_mut().and_then(|receipt| receipt.remove("@context"));
    assert_eq!(only(&bare), turned);
    // Signed, but not a receipt.
    let claims = claims();
    let other = json!({"receiptJws": signed(&claims), "receipt": claims, "kid": kid});
    assert_eq!(only(&other), "receipt of (no id): invalid: its receipt is not what was signed");
}

#[test]
fn a_jws_is_verified_by_itself() {
    let kid = kid().as_str().unwrap().to_owned();
    let by = format!("valid, all of it is signed by key {kid}");
    let linked = &linked_receipt()["receiptJws"];
    assert_eq!(verdicts_on(linked.as_str().unwrap()), [format!("signed receipt of {RECORD}: {by}")]);
    let receipt = receipt()["receiptJws"].as_str().unwrap().to_owned();
    assert_eq!(verdicts_on(&format!("{receipt}\n")), [format!("signed receipt of {RECORD}: {by}")]);
    assert_eq!(verdicts_on(&signed(&claims())), [format!("proof of consent record {RECORD}: {by}")]);
    let other = "a JWS: not verified: it is neither the proof of a consent nor a receipt";
    assert_eq!(verdicts_on(&signed(&json!({"sub": "x"}))), [other]);
    for (header, reason) in [
        (json!({"alg": "none", "kid": kid}), "invalid: its JWS is not signed with EdDSA"),
        (json!({"alg": "EdDSA", "kid": kid, "crit": ["exp"]}), "invalid: its JWS is not signed with EdDSA"),
        (json!({"alg": "EdDSA"}), "invalid: its JWS names no key"),
        (json!({"alg": "EdDSA", "kid": "k\n"}), r"not verified: it names the key k\n, which is not among those given"),
    ] {
        assert_eq!(verdicts_on(&signed_with(&header, &claims())), [format!("a JWS: {reason}")]);
    }
    let (unsigned, _) = receipt.rsplit_once('.').unwrap();
    assert_eq!(verdicts_on(&format!("{unsigned}.")), ["a JWS: invalid: its signature is malformed"]);
    let wrong = "a JWS: invalid: its signature is wrong: the content was changed, or signed by another key";
    assert_eq!(verdicts_on(&format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode([1; 64]))), [wrong]);
}

#[test]
fn no_signature_is_valid_without_keys() {
    let verdicts_on = |document: &Value| {
        let verdicts = verify(documents(document.to_string().as_bytes()).unwrap(), None);
        assert!(verdicts.iter().all(|verdict| !verdict.is_valid()));
        verdicts.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let give = "not verified: give the published keys, --jwks JWKS";
    assert_eq!(verdicts_on(&record()), format!("consent record {RECORD}: {give}"));
    assert_eq!(verdicts_on(&receipt()), format!("receipt of {RECORD}: {give}"));
    assert_eq!(verdicts_on(&json!(signed(&claims()))), format!("proof of consent record {RECORD}: {give}"));
    // Errors that can be found without keys are reported all the same.
    let changed = with(record(), "/grantId", json!("grnt_2"));
    assert_eq!(verdicts_on(&changed), format!("consent record {RECORD}: invalid: its grantId is not what was signed"));
}

#[test]
fn keys_are_verified_too() {
    let kid = kid().as_str().unwrap().to_owned();
    assert_eq!(only(&jwks()), format!("key {kid}: valid, Ed25519, named by its thumbprint"));
    let small = URL_SAFE_NO_PAD.encode([0; 32]);
    for (member, value, reason) in [
        ("d", json!("secret"), "it holds its private part, d, which must never be published"),
        ("kty", json!("EC"), "it is not an Ed25519 key (kty OKP, crv Ed25519)"),
        ("crv", json!("X25519"), "it is not an Ed25519 key (kty OKP, crv Ed25519)"),
        ("use", json!("enc"), "it is not for EdDSA signatures (alg EdDSA, use sig)"),
        ("alg", Value::Null, "it is not for EdDSA signatures (alg EdDSA, use sig)"),
        ("x", json!("AA"), "its x is not an Ed25519 public key"),
        ("x", json!(small), "its x is not an Ed25519 public key"),
    ] {
        let mut jwks = jwks();
        jwks["keys"][0][member] = value;
        assert_eq!(only(&jwks), format!("key {kid}: invalid: {reason}"), "{member}");
        let refused = Keys::read(jwks.to_string().as_bytes()).unwrap_err();
        assert_eq!(refused, format!("has a bad key: key {kid}: {reason}"));
        assert!(!refused.contains("secret"));
    }
    let renamed = with(jwks(), "/keys/0/kid", json!("mine"));
    assert_eq!(only(&renamed), "key mine: invalid: its kid is not its thumbprint (RFC 7638)");
    for (bad, reason) in [
        (json!({"keys": []}), "has no key"),
        (record(), "is not a JWKS file: it has no list of keys"),
        (json!({"keys": [1]}), "has a bad key: a key without kid: it is not an Ed25519 key (kty OKP, crv Ed25519)"),
    ] {
        assert_eq!(Keys::read(bad.to_string().as_bytes()).unwrap_err(), reason);
    }
    assert_eq!(only(&json!({"keys": []})), "JWKS: invalid: it has no key");
}

#[test]
fn other_documents_are_recognised() {
    for (document, kind) in [
        (json!(1), "it is not an object, so it is not from the API"),
        (json!("text"), "it is not an object, so it is not from the API"),
        (json!({}), "its kind is unknown; its members: "),
        (json!({"a\u{1b}": 1, "b": 2}), r"its kind is unknown; its members: a\u{1b}, b"),
        (
            json!({"statusCode": 404, "error": "Not Found", "message": "x", "requestId": "y"}),
            "it looks like an error response",
        ),
        (json!({"noticeId": "n", "version": "1", "contentHash": "x"}), "it looks like a consent notice"),
        (without(record(), "consentProof"), "it looks like a consent record without its consentProof"),
        (json!({"exportId": "exp_1", "data": {}}), "it looks like an export that holds no records and no trails"),
        (without(trail(1), "tenantId"), "it looks like an audit trail, but it has no tenantId"),
        (with(trail(1), "/chain", json!([])), "it looks like an audit trail, but it is not an object"),
    ] {
        assert_eq!(only(&document), format!("document 1: not verified: {kind}"));
    }
    let mut more = trail(1);
    more["remark"] = json!("Verified by the regulator");
    assert_eq!(
        only(&more),
        "document 1: not verified: it looks like an audit trail, but it has the unknown member remark"
    );
    // All parts of an export are found.
    let export = json!({"exportId": "exp_1", "data": {"consentRecords": [record()], "actionLog": {"a": trail(1)}}});
    assert_eq!(verdicts_on(&export.to_string())[1], "document 1.2: not verified: its kind is unknown; its members: a");
    // Two readers could see two different trails.
    let twice = trail(1).to_string().replacen('{', "{\"anonymized\":false,", 1);
    for (text, reason) in [
        (twice.as_bytes(), "is neither JSON nor a JWS: an object has the same member twice"),
        (b"PK\x03\x04 and so on", "is neither JSON nor a JWS, but looks like a ZIP archive: unpack it first"),
        (
            b"\n-----BEGIN PRIVATE KEY-----",
            "is neither JSON nor a JWS, but looks like PEM: keys are given as a JWKS file",
        ),
        (b"{", "is neither JSON nor a JWS: EOF while parsing an object at line 1 column 1"),
    ] {
        assert!(documents(text).unwrap_err().starts_with(reason), "{:?}", documents(text));
    }
    assert_eq!(documents(b" \n"), Ok(Vec::new()));
}

#[test]
fn control_characters_in_a_name_are_escaped() {
    let named = with(trail(1), "/subject", json!("record/\u{1b}[2J\n"));
    assert_eq!(only(&named), r"record/\u{1b}[2J\n: invalid: entry 1 was changed, or is another chain's");
    let named = with(record(), "/recordId", json!("cr\u{202e}"));
    assert!(only(&named).starts_with(r"consent record cr\u{202e}: invalid"));
}

/// A file of each kind.
static FILES: LazyLock<[Value; 7]> = LazyLock::new(|| {
    [trail(3), json!(pages(&trail(2))), record(), receipt(), linked_receipt(), jwks(), json!(signed(&claims()))]
});

#[test]
fn the_unchanged_files_are_valid() {
    assert!(FILES.iter().all(|file| all_valid(file.to_string().as_bytes())));
}

/// The parts of a document that are verified: of `createdAt` and `signedAt` the seconds, and of a cursor its presence.
fn covered(document: &Value) -> Value {
    let mut covered = document.clone();
    for pointer in ["/createdAt", "/consentProof/signedAt", "/nextCursor", "/0/nextCursor"] {
        match covered.pointer_mut(pointer) {
            Some(Value::String(text)) if text.starts_with("20") && text.is_char_boundary(19) => text.truncate(19),
            Some(Value::String(text)) if pointer.ends_with("Cursor") => text.clear(),
            _ => {}
        }
    }
    covered
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Every flipped bit in a file is found, unless the file has the same meaning with it.
    #[test]
    fn a_flipped_bit_is_found(file in any::<prop::sample::Index>(), bit in any::<prop::sample::Index>()) {
        let file = file.get(&*FILES);
        let mut text = file.to_string().into_bytes();
        let bit = bit.index(text.len() * 8);
        text[bit / 8] ^= 1 << (bit % 8);
        let same = documents(&text).is_ok_and(|documents| documents.len() == 1 && covered(&documents[0]) == covered(file));
        prop_assert_eq!(all_valid(&text), same, "{}", String::from_utf8_lossy(&text));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        all_valid(&bytes);
        let _ = Keys::read(&bytes);
    }

    /// Every value is replaced by another.
    #[test]
    fn no_document_causes_a_panic(file in any::<prop::sample::Index>(), index in any::<prop::sample::Index>(), value in values()) {
        let mut document = file.get(&*FILES).clone();
        let mut pointers = Vec::new();
        list_pointers(&document, String::new(), &mut pointers);
        *document.pointer_mut(index.get::<String>(&pointers)).unwrap() = value;
        all_valid(document.to_string().as_bytes());
        let _ = verify(vec![document.clone()], None);
        let _ = Keys::read(document.to_string().as_bytes());
    }
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[{"keys": 1, "records": [1], "data": {"actionLog": 1}}]])),
        Just(json!("eyJhbGciOiJFZERTQSIsImtpZCI6IngifQ.W10.AA")),
    ]
}

fn list_pointers(value: &Value, at: String, all: &mut Vec<String>) {
    if let Value::Array(values) = value {
        for (index, value) in values.iter().enumerate() {
            list_pointers(value, format!("{at}/{index}"), all);
        }
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        list_pointers(value, format!("{at}/{name}"), all);
    }
    all.push(at);
}
