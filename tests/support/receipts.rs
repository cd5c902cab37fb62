//! Receipts of consents, each checked by what holds for every receipt.

use boon::{Compiler, Schemas};
use serde_json::{Value, json};

use crate::client::{Client, Request, Response};
use crate::fixtures::{Caller, record_path, text};
use crate::jose::PublishedKeys;
use crate::verifier::{verified, verified_with};

/// The mandatory fields that may be missing, as a receipt names them.
const MAY_BE_MISSING: [&str; 8] = [
    "piiProcessing.piiInformation",
    "piiProcessing.storageLocations",
    "piiProcessing.jurisdiction",
    "piiProcessing.recipientThirdParties",
    "partyIdentification.partyAddress",
    "partyIdentification.partyContact",
    "events.entityId",
    "events.eventType",
];

/// The path of the receipt of a record.
pub fn receipt_path(record: &Value) -> String {
    format!("{}/receipt", record_path(record))
}

/// The receipt of a record. Asserts what holds for every receipt.
pub async fn receipt(caller: &Caller, record: &Value) -> Value {
    let response = caller.get(receipt_path(record)).await;
    check(&caller.client, &response).await;
    response.body()["receipt"].clone()
}

/// The receipt of a record in the terms of DPV, with its whole document. Asserts that it is what was signed.
pub async fn linked_receipt(caller: &Caller, record: &Value) -> (Value, Value) {
    let request = caller.request(hyper::Method::GET, receipt_path(record)).header("accept", "application/ld+json");
    let response = caller.send(request).await;
    let body = response.expect(200);
    assert_eq!(
        (response.header("content-type"), response.header("vary")),
        (Some("application/ld+json"), Some("Accept"))
    );
    assert_eq!(body["@context"], json!({"receipt": "@graph"}));
    let id = &body["receipt"]["dpv:hasRecordOfActivity"]["dct:identifier"];
    check_signature(&caller.client, &body, id).await;
    (body["receipt"].clone(), body)
}

/// Asserts that a response is a receipt that is valid under its published schema, that it lists what it lacks, and that
/// it is what was signed.
pub async fn check(client: &Client, response: &Response) {
    let body = response.expect(200);
    assert_eq!((response.header("content-type"), response.header("vary")), (Some("application/json"), Some("Accept")));
    let receipt = &body["receipt"];
    check_schema(client, receipt).await;
    let missing: Vec<&str> = MAY_BE_MISSING.into_iter().filter(|field| is_missing(receipt, field)).collect();
    assert_eq!(receipt["missing"], json!(missing), "{receipt}");
    let issued_at = receipt["receiptMetadata"]["issuedAt"].as_str();
    let times: Vec<Option<&str>> = events(receipt).iter().map(|event| event["eventTime"].as_str()).collect();
    assert!(times.is_sorted() && times.iter().all(|time| *time <= issued_at), "{receipt}");
    check_signature(client, &body, &receipt["recordHeader"]["recordId"]).await;
}

/// The events of a receipt.
pub fn events(receipt: &Value) -> &[Value] {
    receipt["events"].as_array().expect("events")
}

/// The state and the purposes of each event of a receipt.
pub fn states(receipt: &Value) -> Vec<(&str, Vec<&str>)> {
    let each = events(receipt).iter().map(|event| {
        let purposes = event["purposes"].as_array().into_iter().flatten().filter_map(Value::as_str);
        (event["eventState"].as_str().expect("a state"), purposes.collect())
    });
    each.collect()
}

/// Asserts that a receipt is valid under the schema that it names, as that schema is published.
async fn check_schema(client: &Client, receipt: &Value) {
    let url = text(&receipt["receiptMetadata"], "schemaVersion");
    assert_eq!(receipt["recordHeader"]["schemaVersion"], url);
    let path = url.find("/v1/").and_then(|start| url.get(start..)).expect("the path of the schema");
    let schema = client.send(Request::new(hyper::Method::GET, path)).await.expect(200);
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("https://assent.example/schema", schema).expect("a schema");
    let schema = compiler.compile("https://assent.example/schema", &mut schemas).expect("a valid schema");
    if let Err(error) = schemas.validate(receipt, schema) {
        panic!("{error:#}\n{receipt:#}");
    }
    // A schema that accepts everything would prove nothing.
    for (pointer, wrong) in [("/missing", json!(["x"])), ("/recordHeader/recordId", json!("x")), ("/events", json!([]))]
    {
        let mut wrongly = receipt.clone();
        *wrongly.pointer_mut(pointer).expect("a member") = wrong;
        assert!(schemas.validate(&wrongly, schema).is_err(), "{pointer}");
    }
    let mut silent = receipt.clone();
    silent["missing"] = json!([]);
    let knows_recipients = !receipt["piiProcessing"]["recipientThirdParties"].is_null();
    assert_eq!(schemas.validate(&silent, schema).is_ok(), knows_recipients);
}

fn is_missing(receipt: &Value, field: &str) -> bool {
    let (section, member) = field.split_once('.').expect("a member of a section");
    let is_missing = |part: &Value| match &part[member] {
        // It may be known that there are none.
        Value::Array(_) if member == "recipientThirdParties" => false,
        Value::Array(items) => items.is_empty(),
        value => value.is_null(),
    };
    match &receipt[section] {
        Value::Array(parts) => parts.iter().any(is_missing),
        part => is_missing(part),
    }
}

/// Asserts that the receipt in a response is what its JWS signs, and that the offline verifier finds it valid, and a
/// changed one invalid.
async fn check_signature(client: &Client, body: &Value, record_id: &Value) {
    let keys = PublishedKeys::read(client).await;
    assert_eq!(keys.verified(&text(body, "receiptJws")).as_ref(), Ok(&body["receipt"]));
    let name = format!("receipt of {}", record_id.as_str().expect("an id"));
    let valid = format!("{name}: valid, all of it is signed by key {}\n", text(body, "kid"));
    assert_eq!(verified_with(&body.to_string(), &keys), (valid, true));
    let no_keys = format!("{name}: not verified: give the published keys, --jwks JWKS\n");
    assert_eq!(verified(&body.to_string()), (no_keys, false));
    let mut changed = body.clone();
    changed["receipt"]["added"] = json!([]);
    let output = format!("{name}: invalid: its receipt is not what was signed\n");
    assert_eq!(verified_with(&changed.to_string(), &keys), (output, false));
}
