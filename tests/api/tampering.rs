//! If an audit trail is changed in the database itself, the endpoint names the first invalid entry.

use assent_tests::contents::ItemKey;
use assent_tests::fault_proxy::scrambled;
use assent_tests::fixtures::{
    EXPORTS, RECORDS, Tenant, erasure_path, export, export_path, record_path, text, withdraw_path,
};
use assent_tests::system::System;
use assent_tests::trail::{ENTRIES_TABLE, KEYS_TABLE, Trail, chain_attribute};
use aws_sdk_dynamodb::types::AttributeValue;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    one_flipped_bit_anywhere_is_found,
    entries_removed_exchanged_and_doubled_are_found,
    missing_last_entries_are_found,
    an_entry_beyond_the_end_is_found,
    a_moved_entry_is_found,
    a_chain_that_differs_from_its_record_is_found,
    a_spoilt_data_key_is_not_taken_for_a_deleted_one,
    an_export_shows_which_trail_was_tampered_with,
];

/// How many bits of each entry are flipped.
const BITS: u64 = 24;

/// A record that was withdrawn, and then erased: three entries.
struct Tampered {
    tenant: Tenant,
    system: &'static System,
    record: Value,
    trail: Trail,
}

impl Tampered {
    async fn new(system: &'static System) -> Self {
        let tenant = Tenant::new(system).await;
        let record = tenant.create_record().await;
        tenant.post(withdraw_path(&record), &json!({"reason": "No more"})).await.expect(200);
        let path = erasure_path(&text(&record, "dataPrincipalId"));
        let erased = tenant.send(tenant.request(Method::POST, path)).await.expect(201);
        assert_eq!(erased["status"], "completed");
        let trail = Trail::of_record(&system.contents.of(tenant.id).await, tenant.id, &text(&record, "recordId"));
        assert_eq!(trail.actions(), ["record.created", "record.withdrawn", "record.erased"]);
        let tampered = Self { tenant, system, record, trail };
        assert_eq!(tampered.first_invalid().await, None);
        tampered
    }

    /// The first invalid entry that the endpoint names.
    async fn first_invalid(&self) -> Option<u64> {
        let path = format!("{}/audit", record_path(&self.record));
        let body = self.tenant.get(path).await.expect(200);
        let named = body["chain"].get("firstInvalidSequence").map(|named| named.as_u64().expect("a number"));
        assert_eq!(body["chain"]["valid"], json!(named.is_none()), "{body:#}");
        named
    }

    /// Replaces the entries of the trail with these.
    async fn put(&self, entries: &[&Value]) {
        for sequence in 1..=4 {
            let key = self.key(sequence);
            match entries.get(sequence - 1) {
                Some(entry) => self.put_at(&key, entry).await,
                None => self.system.contents.delete(&key).await,
            }
        }
    }

    async fn put_at(&self, key: &ItemKey, entry: &Value) {
        let members = [("pk", &key.partition), ("sk", &key.sort), ("entry", &entry.to_string())];
        let item = members.map(|(name, value)| (name.to_owned(), AttributeValue::S(value.clone())));
        self.system.contents.put(ENTRIES_TABLE, vec![item.into_iter().collect()]).await;
    }

    /// Asserts that the endpoint names this entry on every page, however short the pages are, and an export too.
    async fn expect_in_every_response(&self, first_invalid: u64, about: &str) {
        assert_eq!(self.first_invalid().await, Some(first_invalid), "{about}");
        let mut chains = Vec::new();
        let mut query = "?limit=1".to_owned();
        loop {
            let path = format!("{}/audit{query}", record_path(&self.record));
            let body = self.tenant.get(path).await.expect(200);
            chains.push(body["chain"].clone());
            let Some(cursor) = body["nextCursor"].as_str() else { break };
            query = format!("?limit=1&cursor={cursor}");
        }
        let made = self.tenant.post(EXPORTS, &export()).await.expect(201);
        chains.push(made["data"]["actionLog"][0]["chain"].clone());
        for chain in chains {
            let named = (&chain["valid"], &chain["firstInvalidSequence"]);
            assert_eq!(named, (&json!(false), &json!(first_invalid)), "{about}");
        }
    }

    fn key(&self, sequence: usize) -> ItemKey {
        let first = &self.trail.keys[0];
        let sort = first.sort.trim_end_matches('1').trim_end_matches('0');
        let width = first.sort.len() - sort.len();
        ItemKey { sort: format!("{sort}{sequence:0width$}"), ..first.clone() }
    }

    /// Replaces the entries of the trail, and asserts that the endpoint names this entry.
    async fn expect(&self, entries: &[&Value], first_invalid: usize, about: &str) {
        self.put(entries).await;
        assert_eq!(self.first_invalid().await, u64::try_from(first_invalid).ok(), "{about}");
    }
}

async fn one_flipped_bit_anywhere_is_found(system: &'static System) {
    let tampered = Tampered::new(system).await;
    for (key, entry) in tampered.trail.keys.iter().zip(&tampered.trail.entries) {
        let sequence = entry["sequence"].as_u64();
        let stored = entry.to_string();
        for turn in 0..BITS {
            let mut bytes = stored.clone().into_bytes();
            let bit = usize::try_from(scrambled(turn + 1000 * sequence.unwrap_or_default())).unwrap_or_default();
            // Only the lower seven bits are flipped: the database takes only UTF-8, and ASCII stays ASCII.
            let position = bit / 7 % bytes.len();
            bytes[position] ^= 1 << (bit % 7);
            let changed = String::from_utf8(bytes).expect("ASCII");
            system.contents.set_text(key, "entry", &changed).await;
            assert_eq!(tampered.first_invalid().await, sequence, "{changed}");
        }
        system.contents.set_text(key, "entry", &stored).await;
        assert_eq!(tampered.first_invalid().await, None);
    }
}

async fn entries_removed_exchanged_and_doubled_are_found(system: &'static System) {
    let tampered = Tampered::new(system).await;
    let [first, second, third] = &tampered.trail.entries[..] else { unreachable!("three entries") };
    // One is removed, and those after it move up.
    tampered.expect(&[second, third], 1, "without the first").await;
    tampered.expect(&[first, third], 2, "without the second").await;
    tampered.expect(&[second, first, third], 1, "the first two exchanged").await;
    tampered.expect(&[first, third, second], 2, "the last two exchanged").await;
    tampered.expect(&[third, second, first], 1, "backwards").await;
    tampered.expect(&[first, first, second, third], 2, "the first doubled").await;
    tampered.expect(&[first, second, second, third], 3, "the second doubled").await;
    tampered.expect(&[first, second, third, third], 4, "the third doubled").await;
    // The same entry of another record.
    let other = Tampered::new(system).await;
    let [of_other, ..] = &other.trail.entries[..] else { unreachable!("three entries") };
    tampered.expect(&[of_other, second, third], 1, "another's first").await;
    let of_same_tenant = tampered.tenant.create_record().await;
    let items = system.contents.of(tampered.tenant.id).await;
    let trail = Trail::of_record(&items, tampered.tenant.id, &text(&of_same_tenant, "recordId"));
    tampered.expect(&[&trail.entries[0], second, third], 1, "a sibling's first").await;

    tampered.put(&[first, second, third]).await;
    assert_eq!(tampered.first_invalid().await, None);
}

async fn missing_last_entries_are_found(system: &'static System) {
    let tampered = Tampered::new(system).await;
    let [first, second, third] = &tampered.trail.entries[..] else { unreachable!("three entries") };
    tampered.expect(&[first, second], 3, "without the last").await;
    tampered.expect(&[first], 2, "without the last two").await;
    tampered.expect(&[], 1, "without any").await;
    tampered.put(&[first, second, third]).await;
    assert_eq!(tampered.first_invalid().await, None);
}

/// The additional entry is right after the end, further on, and under keys that no entry can have.
async fn an_entry_beyond_the_end_is_found(system: &'static System) {
    let (tampered, other) = (Tampered::new(system).await, Tampered::new(system).await);
    let last = tampered.key(3).sort;
    let of_an_entry = [4, 5, 8, 1_000_003].map(|sequence| tampered.key(sequence).sort);
    let of_none = [format!("{last}0"), "entry#99999999999999999999".to_owned(), "zzz".to_owned()];
    for sort in of_an_entry.into_iter().chain(of_none) {
        let key = ItemKey { sort, ..tampered.key(1) };
        for entry in [&other.trail.entries[0], &tampered.trail.entries[2]] {
            tampered.put_at(&key, entry).await;
            tampered.expect_in_every_response(4, &key.sort).await;
        }
        tampered.system.contents.delete(&key).await;
        assert_eq!(tampered.first_invalid().await, None);
    }
    // Even many of them do not hide the valid entries.
    for sequence in 10..40 {
        tampered.put_at(&tampered.key(sequence), &other.trail.entries[0]).await;
    }
    tampered.expect_in_every_response(4, "thirty entries").await;
}

/// Only the key of the entry is wrong; its text and its order are right.
async fn a_moved_entry_is_found(system: &'static System) {
    let tampered = Tampered::new(system).await;
    let last = &tampered.trail.entries[2];
    tampered.system.contents.delete(&tampered.key(3)).await;
    tampered.put_at(&tampered.key(8), last).await;
    tampered.expect_in_every_response(3, "moved").await;
    tampered.put_at(&ItemKey { sort: "a".to_owned(), ..tampered.key(1) }, last).await;
    tampered.expect_in_every_response(1, "before the first").await;
}

async fn a_chain_that_differs_from_its_record_is_found(system: &'static System) {
    let tampered = Tampered::new(system).await;
    let partition = format!("{}#{}", tampered.tenant.id, text(&tampered.record, "recordId"));
    let record = ItemKey { table: "ConsentRecordsTable".to_owned(), partition, sort: "record".to_owned() };
    let hashes: Vec<String> = tampered.trail.entries.iter().map(|entry| text(entry, "hash")).collect();
    let [first, second, third] = &hashes[..] else { unreachable!("three entries") };
    let flipped = format!("{}{}", if third.starts_with('0') { '1' } else { '0' }, &third[1..]);
    for (length, head, first_invalid) in [
        (3, &flipped, Some(3)),
        (3, second, Some(3)),
        (3, first, Some(3)),
        (2, third, Some(3)),
        // The chain as it was before the erasure, whose entry is still there.
        (2, second, Some(3)),
        (1, first, Some(2)),
        (4, third, Some(4)),
        (1_000_000, third, Some(4)),
        (3, third, None),
    ] {
        system.contents.set(&record, "chain", chain_attribute(length, head)).await;
        assert_eq!(tampered.first_invalid().await, first_invalid, "length {length}, head {head}");
    }
}

/// The key was not deleted, so the record is not anonymised, and a withdrawal must not treat it as if it were.
async fn a_spoilt_data_key_is_not_taken_for_a_deleted_one(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let record = tenant.create_record().await;
    let id = text(&record, "recordId");
    let partition = format!("{}#record/{id}", tenant.id);
    let key = ItemKey { table: KEYS_TABLE.to_owned(), partition, sort: "key".to_owned() };
    let items = system.contents.of(tenant.id).await;
    let good = items.at(KEYS_TABLE, &key.partition, &key.sort).expect("the key")["key"].clone();
    let texts = ["", "no key", &"0".repeat(62), &"0".repeat(64)].map(|text| AttributeValue::S(text.to_owned()));
    for spoilt in texts.into_iter().chain([AttributeValue::Null(true), AttributeValue::N("1".to_owned())]) {
        system.contents.set(&key, "key", spoilt.clone()).await;
        let body = tenant.get(format!("{RECORDS}/{id}/audit")).await.expect(200);
        assert_eq!(body["anonymized"], false, "{spoilt:?}");
        assert_eq!(body["chain"]["valid"], false, "{spoilt:?}");
        assert_eq!(body["chain"]["firstInvalidSequence"], 1, "{spoilt:?}");
    }
    let withdrawal = tenant.post(withdraw_path(&record), &json!({"reason": "No more"})).await;
    withdrawal.expect_error(500, "INTERNAL_SERVER_ERROR");

    system.contents.set(&key, "key", good).await;
    tenant.post(withdraw_path(&record), &json!({"reason": "No more"})).await.expect(200);
    let body = tenant.get(format!("{RECORDS}/{id}/audit")).await.expect(200);
    assert_eq!((&body["anonymized"], &body["chain"]["valid"]), (&json!(false), &json!(true)));
}

async fn an_export_shows_which_trail_was_tampered_with(system: &'static System) {
    let tampered = Tampered::new(system).await;
    let [first, second, _] = &tampered.trail.entries[..] else { unreachable!("three entries") };
    tampered.put(&[first, second]).await;
    let made = tampered.tenant.post(EXPORTS, &export()).await.expect(201);
    let read = tampered.tenant.get(export_path(&made)).await.expect(200);
    for export in [made, read] {
        let chain = &export["data"]["actionLog"][0]["chain"];
        assert_eq!((&chain["valid"], &chain["firstInvalidSequence"]), (&json!(false), &json!(3)), "{chain}");
    }
}
