//! `GET /v1/dpdp/consent-records/{recordId}/audit`, and the verifier that needs no server

use std::time::Duration;

use assent_tests::contents::Items;
use assent_tests::fault_proxy::Matching;
use assent_tests::fixtures::{
    RECORDS, Tenant, erasure_path, record, record_path, sha256, text, unique, with, withdraw_path,
};
use assent_tests::pages::{page, pages};
use assent_tests::race::{PATIENCE, until_overlapping};
use assent_tests::system::System;
use assent_tests::trail::{ENTRIES_TABLE, KEYS_TABLE, Trail};
use assent_tests::verifier::verified;
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    shows_everything_that_happened_to_a_consent,
    a_withdrawal_is_shown_until_its_data_is_deleted,
    nothing_personal_is_shown_after_an_erasure,
    removed_personal_data_is_found,
    the_pages_make_up_the_trail,
    cursors_belong_to_their_trail,
    any_change_of_an_entry_is_found,
    an_entry_that_cannot_be_decrypted_is_invalid;
    on each engine:
    a_reader_beside_a_withdrawal_sees_a_whole_chain,
];

const ARRIVAL: Duration = Duration::from_secs(20);

fn path(record: &Value) -> String {
    format!("{}/audit", record_path(record))
}

async fn audit(tenant: &Tenant, record: &Value) -> Value {
    tenant.get(path(record)).await.expect(200)
}

/// This member of each entry.
fn all<'a>(body: &'a Value, name: &str) -> Vec<&'a Value> {
    body["entries"].as_array().expect("entries").iter().map(|entry| &entry[name]).collect()
}

fn is_valid(body: &Value) -> bool {
    let valid = body["chain"]["valid"].as_bool().expect("a flag");
    assert_eq!(body["chain"].get("firstInvalidSequence").is_none(), valid, "{body}");
    valid
}

/// Asserts that the endpoint and the offline verifier both find the chain valid.
#[track_caller]
fn expect_valid(body: &Value) {
    assert!(is_valid(body), "{body:#}");
    let count = body["entries"].as_array().map_or(0, Vec::len);
    let entries = if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") };
    assert_eq!(verified(&body.to_string()), (format!("{}: valid, {entries}\n", text(body, "subject")), true));
}

/// Asserts that the endpoint and the offline verifier both name this entry as the first invalid one.
#[track_caller]
fn expect_invalid(body: &Value, sequence: u64, about: &str) {
    assert_eq!(body["chain"]["firstInvalidSequence"], json!(sequence), "{about}: {body:#}");
    assert!(!is_valid(body));
    let (output, good) = verified(&body.to_string());
    assert!(
        !good && output.starts_with(&format!("{}: invalid: entry {sequence} ", text(body, "subject"))),
        "{about}: {output}"
    );
}

/// The items of audit trails and stored responses that contain the text.
fn traces(items: &Items, text: &str) -> Vec<String> {
    let tables = [ENTRIES_TABLE, KEYS_TABLE, "StoredResponsesTable"];
    let keys = items.mentioning(text).into_iter().filter(|key| tables.contains(&key.table.as_str()));
    keys.map(|key| format!("{key:?}")).collect()
}

async fn shows_everything_that_happened_to_a_consent(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let made = tenant.create_record().await;
    let subject = format!("record/{}", text(&made, "recordId"));
    let body = tenant.get(path(&made)).await.expect_like(
        200,
        &json!({
            "tenantId": tenant.id,
            "subject": subject,
            "recordId": made["recordId"],
            "entries": [{
                "id": "<aud_>",
                "sequence": 1,
                "action": "record.created",
                "actor": tenant.key_id,
                "occurredAt": made["createdAt"],
                "details": {
                    "grantId": made["grantId"],
                    "consentNoticeId": made["consentNoticeId"],
                    "consentNoticeVersion": made["consentNoticeVersion"],
                    "consentNoticeLanguage": made["consentNoticeLanguage"],
                    "consentNoticeHash": made["consentNoticeHash"],
                    "purposes": ["analytics"],
                    "processingExpiresAt": made["processingExpiresAt"],
                    "eventId": "<evt_>",
                },
                "sealed": "<text>",
                "personal": {"dataPrincipalId": made["dataPrincipalId"], "salt": "<text>"},
                "previousHash": null,
                "hash": "<sha256>",
            }],
            "anonymized": false,
            "chain": {"valid": true, "length": 1, "head": "<sha256>"},
            "nextCursor": null,
        }),
    );
    expect_valid(&body);

    let withdrawal = tenant.post(withdraw_path(&made), &json!({"reason": "No more"})).await.expect(200);
    let after = audit(&tenant, &made).await;
    expect_valid(&after);
    assert_eq!(all(&after, "action"), ["record.created", "record.withdrawn"]);
    assert_eq!(after["entries"][0], body["entries"][0], "what happened before stays as it was");
    let entry = &after["entries"][1];
    assert_eq!((&entry["occurredAt"], &entry["sequence"]), (&withdrawal["withdrawnAt"], &json!(2)));
    assert_eq!(entry["personal"]["reason"], "No more");
    assert_eq!(entry["previousHash"], body["entries"][0]["hash"]);
    assert_eq!((&after["chain"]["length"], &after["chain"]["head"]), (&json!(2), &entry["hash"]));

    // Anyone can compute the hash. For these members, serde_json's output is the canonical form of RFC 8785.
    for entry in after["entries"].as_array().expect("entries") {
        let mut hashed = with(&with(entry, "personal", None), "hash", None);
        hashed["tenant"] = json!(tenant.id);
        hashed["subject"] = json!(subject);
        assert_eq!(entry["hash"], sha256(&hashed.to_string()));
        let (digest, _) = entry["sealed"].as_str().and_then(|sealed| sealed.split_once('.')).expect("a digest");
        assert_eq!(digest, sha256(&entry["personal"].to_string()));
    }
    // Reading the trail does not count as an access to the record, and returns the same again.
    assert_eq!(audit(&tenant, &made).await, after);
    let read = tenant.get(record_path(&made)).await.expect(200);
    assert_eq!(read["accessCount"], 1);
}

async fn a_withdrawal_is_shown_until_its_data_is_deleted(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for revoke in [false, true] {
        for delete in [false, true] {
            let made = tenant.create_record().await;
            let (principal, reason) = (text(&made, "dataPrincipalId"), unique("because"));
            let before = audit(&tenant, &made).await;
            let request = json!({"reason": reason, "revokeGrant": revoke, "deleteProcessedData": delete});
            let request = tenant.posting(withdraw_path(&made), &request).header("idempotency-key", unique("key"));
            let withdrawn = tenant.send(request.clone()).await.expect(200);
            assert_eq!((&withdrawn["grantRevoked"], &withdrawn["dataDeleted"]), (&json!(revoke), &json!(delete)));

            let response = tenant.get(path(&made)).await;
            let after = response.expect(200);
            expect_valid(&after);
            assert_eq!(after["anonymized"], delete);
            assert_eq!(all(&after, "action"), ["record.created", "record.withdrawn"]);
            let details = &after["entries"][1]["details"];
            assert_eq!((&details["revokeGrant"], &details["deleteProcessedData"]), (&json!(revoke), &json!(delete)));
            // The entries have not changed; they only cannot be decrypted any more.
            assert_eq!(all(&after, "hash")[0], all(&before, "hash")[0]);
            assert_eq!(all(&after, "sealed")[0], all(&before, "sealed")[0]);
            let shows = |text: &str| response.to_string().contains(text);
            assert_eq!((shows(&principal), shows(&reason)), (!delete, !delete));
            assert_eq!(all(&after, "personal").iter().all(|personal| personal.is_null()), delete);
            assert_eq!(all(&before, "personal")[0]["dataPrincipalId"], json!(principal));

            let repeated = tenant.send(request).await;
            assert!(!repeated.to_string().contains(&reason) && !repeated.to_string().contains(&principal));
            let items = system.contents.of(tenant.id).await;
            for text in [&principal, &reason] {
                // It was never stored in clear, whatever the flags.
                assert_eq!(traces(&items, text), Vec::<String>::new());
                assert!(!system.log().contains(text.as_str()), "the log has {text}");
            }
            let has_key = Trail::of_record(&items, tenant.id, &text(&made, "recordId")).has_key;
            assert_eq!(has_key, !delete);
            // The record itself stays, as evidence.
            let read = tenant.get(record_path(&made)).await.expect(200);
            assert_eq!((&read["dataPrincipalId"], &read["withdrawnReason"]), (&json!(principal), &json!(reason)));
        }
    }
}

async fn nothing_personal_is_shown_after_an_erasure(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (principal, reason) = (unique("user"), unique("because"));
    let (notice, grant) = (tenant.create_notice().await, tenant.create_grant(&principal).await);
    let mut made = Vec::new();
    for withdrawal in [None, Some(false), Some(true)] {
        let one = tenant.post(RECORDS, &record(&grant, &notice, &principal)).await.expect(201);
        if let Some(delete) = withdrawal {
            let request = json!({"reason": reason, "deleteProcessedData": delete});
            tenant.post(withdraw_path(&one), &request).await.expect(200);
        }
        made.push(one);
    }
    let erasure = tenant.request(Method::POST, erasure_path(&principal));
    assert_eq!(tenant.send(erasure).await.expect(201)["status"], "completed");
    for (one, length) in made.iter().zip([2, 3, 3]) {
        let response = tenant.get(path(one)).await;
        let body = response.expect(200);
        expect_valid(&body);
        assert_eq!((&body["anonymized"], &body["chain"]["length"]), (&json!(true), &json!(length)));
        assert_eq!(all(&body, "action").last(), Some(&&json!("record.erased")));
        assert!(all(&body, "personal").iter().all(|personal| personal.is_null()));
        assert!(!response.to_string().contains(&principal) && !response.to_string().contains(&reason));
    }
    let items = system.contents.of(tenant.id).await;
    for text in [&principal, &reason] {
        assert!(items.mentioning(text).is_empty(), "{:?}", items.mentioning(text));
        assert!(!system.log().contains(text.as_str()), "the log has {text}");
    }
}

/// `personal` is not part of the entry's hash, so a person who passes the response on could remove it.
async fn removed_personal_data_is_found(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let made = tenant.create_record().await;
    tenant.post(withdraw_path(&made), &json!({"reason": "No more"})).await.expect(200);
    let body = audit(&tenant, &made).await;
    expect_valid(&body);
    for (index, sequence) in [(0, 1), (1, 2)] {
        let mut hidden = body.clone();
        hidden["entries"][index]["personal"] = Value::Null;
        let (output, good) = verified(&hidden.to_string());
        assert!(
            !good && output.contains(&format!(": invalid: entry {sequence} does not show its encrypted data")),
            "{output}"
        );
    }
}

async fn the_pages_make_up_the_trail(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let made = tenant.create_record().await;
    tenant.post(withdraw_path(&made), &json!({"reason": "No more"})).await.expect(200);
    let whole = audit(&tenant, &made).await;
    let mut documents = Vec::new();
    let mut cursor = None;
    loop {
        let query = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let body = tenant.get(format!("{}?limit=1{query}", path(&made))).await.expect(200);
        // Each page describes the whole chain.
        assert_eq!(body["chain"], whole["chain"]);
        cursor = body["nextCursor"].as_str().map(ToOwned::to_owned);
        documents.push(body);
        if cursor.is_none() {
            break;
        }
    }
    let entries: Vec<&Value> = documents.iter().flat_map(|page| page["entries"].as_array().expect("entries")).collect();
    assert_eq!(json!(entries), whole["entries"]);
    assert_eq!(documents.len(), 2);
    let subject = text(&whole, "subject");
    let lines = documents.iter().map(|page| format!("{page:#}")).collect::<Vec<_>>().join("\n");
    for text in [json!(documents).to_string(), lines] {
        assert_eq!(verified(&text), (format!("{subject}: valid, 2 entries\n"), true));
    }
    // Without the last page.
    let (output, good) = verified(&documents[0].to_string());
    assert_eq!((output, good), (format!("{subject}: invalid: entry 2 is missing\n"), false));
    // With a higher limit, one page contains all entries.
    for limit in [2, 200] {
        let all = pages(&tenant, &format!("{}?limit={limit}", path(&made)), "entries").await;
        assert_eq!((all.len(), json!(all[0].items)), (1, whole["entries"].clone()));
    }
}

async fn cursors_belong_to_their_trail(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (one, other) = (tenant.create_record().await, tenant.create_record().await);
    for made in [&one, &other] {
        tenant.post(withdraw_path(made), &json!({"reason": "No more"})).await.expect(200);
    }
    let first = |made: &Value| format!("{}?limit=1", path(made));
    let cursor = page(&tenant, &first(&one), "entries", None).await.next.expect("a cursor");
    let refused = async |path: String, field: &str| {
        tenant.get(path).await.expect_field_errors(400, "BAD_REQUEST", &[field]);
    };
    refused(format!("{}&cursor={cursor}", first(&other)), "cursor").await;
    refused(format!("{RECORDS}?cursor={cursor}"), "cursor").await;
    for spoiled in
        [cursor.to_lowercase(), format!("{cursor}A"), cursor[1..].to_owned(), "2".to_owned(), "%00".to_owned()]
    {
        if spoiled != cursor {
            refused(format!("{}&cursor={spoiled}", first(&one)), "cursor").await;
        }
    }
}

async fn any_change_of_an_entry_is_found(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (made, other) = (tenant.create_record().await, tenant.create_record().await);
    for record in [&made, &other] {
        tenant.post(withdraw_path(record), &json!({"reason": "No more"})).await.expect(200);
    }
    let items = system.contents.of(tenant.id).await;
    let trail = |record: &Value| Trail::of_record(&items, tenant.id, &text(record, "recordId"));
    let (own, foreign) = (trail(&made), trail(&other));
    assert_eq!((own.keys.len(), own.verified()), (2, Ok(())));
    expect_valid(&audit(&tenant, &made).await);

    for (index, key) in own.keys.iter().enumerate() {
        let sequence = u64::try_from(index + 1).expect("a number");
        let stored = own.entries[index].clone();
        let entry = |name: &str, value: Value| with(&stored, name, Some(value)).to_string();
        let texts = [
            String::new(),
            "{".to_owned(),
            "null".to_owned(),
            "[]".to_owned(),
            "1e999".to_owned(),
            "\"\\u0000\"".to_owned(),
            "[".repeat(100_000),
            format!("{}{}", "[".repeat(100), "]".repeat(100)),
            format!("{{\"sealed\":\"{}\"}}", "x".repeat(300_000)),
            stored.to_string().replacen('{', "{\"action\":\"x\",", 1),
            own.entries[1 - index].to_string(),
            foreign.entries[index].to_string(),
            entry("action", json!("record.read")),
            entry("occurredAt", json!("2020-01-01T00:00:00.000Z")),
            entry("sequence", json!(sequence + 0x1000)),
            entry("sequence", json!("1")),
            entry("actor", Value::Null),
            entry("details", json!({})),
            entry("sealed", Value::Null),
            entry("sealed", json!("x.y")),
            entry("sealed", foreign.entries[index]["sealed"].clone()),
            entry("previousHash", json!("0".repeat(64))),
            entry("hash", json!("0".repeat(64))),
            entry("hash", Value::Null),
            entry("personal", json!({"reason": "Another"})),
            entry("tenant", json!(tenant.id)),
            entry("subject", json!("record/cr_01ARZ3NDEKTSV4RRFFQ69G5FAV")),
            entry("more", json!({"deep": [1, 2.5, null]})),
        ];
        for text in texts {
            system.contents.set_text(key, "entry", &text).await;
            let about = text.chars().take(60).collect::<String>();
            expect_invalid(&audit(&tenant, &made).await, sequence, &about);
        }
        // A number instead of a text.
        system.contents.set_number(key, "entry", 1).await;
        expect_invalid(&audit(&tenant, &made).await, sequence, "a number");
        system.contents.delete(key).await;
        expect_invalid(&audit(&tenant, &made).await, sequence, "removed");
        let keys = [("pk", &key.partition), ("sk", &key.sort)].map(|(name, value)| (name.to_owned(), value.clone()));
        let item = keys.into_iter().chain([("entry".to_owned(), stored.to_string())]);
        let item = item.map(|(name, value)| (name, AttributeValue::S(value))).collect();
        system.contents.put(ENTRIES_TABLE, vec![item]).await;
        expect_valid(&audit(&tenant, &made).await);
    }

    // One entry too many.
    let sort = own.keys[1].sort.replace("00002", "00003");
    assert_ne!(sort, own.keys[1].sort);
    let more = [("pk", own.keys[1].partition.clone()), ("sk", sort), ("entry", own.entries[1].to_string())];
    let more = more.map(|(name, value)| (name.to_owned(), AttributeValue::S(value)));
    system.contents.put(ENTRIES_TABLE, vec![more.into_iter().collect()]).await;
    expect_invalid(&audit(&tenant, &made).await, 3, "one too many");
    // The other trail is as it was.
    expect_valid(&audit(&tenant, &other).await);
}

async fn an_entry_that_cannot_be_decrypted_is_invalid(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (made, other) = (tenant.create_record().await, tenant.create_record().await);
    let items = system.contents.of(tenant.id).await;
    let key_of = |record: &Value| {
        let partition = format!("{}#record/{}", tenant.id, text(record, "recordId"));
        let found = items.in_table(KEYS_TABLE).find(|(key, _)| key.partition == partition);
        let (key, item) = found.expect("a key");
        (key.clone(), item["key"].as_s().expect("a text").clone())
    };
    let ((key, own), (_, foreign)) = (key_of(&made), key_of(&other));
    system.contents.set_text(&key, "key", &foreign).await;
    let body = audit(&tenant, &made).await;
    expect_invalid(&body, 1, "another's key");
    assert_eq!((&body["anonymized"], &body["entries"][0]["personal"]), (&json!(false), &Value::Null));
    // A malformed key decrypts nothing, and the call still succeeds.
    for broken in ["", "zz", "00"] {
        system.contents.set_text(&key, "key", broken).await;
        assert!(audit(&tenant, &made).await["entries"][0]["personal"].is_null());
    }
    system.contents.set_text(&key, "key", &own).await;
    expect_valid(&audit(&tenant, &made).await);
}

/// The record has been read, its entries have not, when the withdrawal adds one.
async fn a_reader_beside_a_withdrawal_sees_a_whole_chain(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for delete in [false, true] {
        until_overlapping(system, async || {
            let made = tenant.create_record().await;
            let record_id = text(&made, "recordId");
            let held = system.faults.hold(Matching::operations(&["Query"], &ENTRIES_TABLE).and(&record_id), PATIENCE);
            let reading = audit(&tenant, &made);
            let withdrawing = async {
                assert!(held.wait_until_struck(1, ARRIVAL).await);
                let request = json!({"reason": "No more", "deleteProcessedData": delete});
                tenant.post(withdraw_path(&made), &request).await.expect(200);
                held.release();
            };
            let (body, ()) = join(reading, withdrawing).await;
            expect_valid(&body);
            Some(body["chain"]["length"] == 2)
        })
        .await;
    }
}
