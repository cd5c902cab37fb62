//! `GET /v1/events` and `/v1/events/{eventId}`, and the events that changes of consents write

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration as Time;

use assent_local::hosted::Hosted;
use assent_shared::domain::{Random, RequestContext};
use assent_shared::store::Shards;
use assent_tests::client::Request;
use assent_tests::contents::Items;
use assent_tests::fault_proxy::{Fault, Matching};
use assent_tests::fixtures::{
    FEED, GRANTS, NOTICES, RECORDS, SESSION, Tenant, child_grant, decisions, erasure_path, grant, grant_path,
    key_header, notice, record, refusal, text, unique, with, withdraw_path, withdrawals_path,
};
use assent_tests::lone_system::{LoneSystem, call};
use assent_tests::moved_clock::MovedClock;
use assent_tests::pages::Page;
use assent_tests::race::{at_once, until_overlapping};
use assent_tests::system::System;
use assent_tests::telling::Telling;
use assent_tests::trail::{ENTRIES_TABLE, KEYS_TABLE};
use futures_util::future::{join, join_all, join3};
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    a_record_says_what_was_given_and_what_ended,
    a_denial_ends_purposes_of_other_records,
    a_renewal_ends_what_it_does_not_grant_again,
    a_withdrawal_of_a_person_has_an_event_for_each_record,
    a_revocation_names_what_is_live_beneath,
    an_erasure_names_its_records_and_seals_the_person,
    a_session_says_what_was_removed_and_added,
    what_changes_nothing_has_no_event,
    an_event_has_no_personal_data,
    a_failed_withdrawal_leaves_no_event,
    the_feed_begins_with_the_oldest_and_ends_before_the_present,
    the_feed_shows_each_event_once_while_its_shards_change,
    other_tenants_events_are_not_found,
    a_recipient_sees_what_it_is_told_of;
    on each engine:
    of_several_withdrawals_at_once_one_has_an_event,
];

const EVENTS_TABLE: &str = "EventsTable";

/// The tenant's events, the oldest first, as the endpoint shows them. Asserts that the audit entries name them, each as
/// often as it says.
async fn events(system: &'static System, tenant: &Tenant) -> Vec<Value> {
    let items = system.contents.of(tenant.id).await;
    let ids: BTreeSet<String> = ids(&items);
    let reads = ids.iter().map(async |id| tenant.get(format!("{FEED}/{id}")).await.expect(200));
    let events = join_all(reads).await;
    let mut expected = BTreeMap::new();
    for event in &events {
        let mut subject = |kind: &str, id: &Value, number: &Value| {
            let id = id.as_str().expect("an id");
            expected.insert((format!("{kind}/{id}"), number.as_u64().expect("a number")), text(event, "id"));
        };
        match (&event["grantId"], &event["sessionId"], &event["recordId"]) {
            (id @ Value::String(_), _, _) => subject("grant", id, &event["subjectSequence"]),
            (_, id @ Value::String(_), _) => subject("session", id, &event["subjectSequence"]),
            (_, _, id @ Value::String(_)) => subject("record", id, &event["subjectSequence"]),
            _ => {
                for record in event["records"].as_array().expect("records") {
                    subject("record", &record["recordId"], &record["subjectSequence"]);
                }
            }
        }
    }
    assert_eq!(named(&items, tenant), expected, "{events:#?}");
    events
}

fn ids(items: &Items) -> BTreeSet<String> {
    let keys = items.in_table(EVENTS_TABLE).map(|(key, _)| key.sort.clone());
    keys.filter(|sort| sort.starts_with("evt_")).collect()
}

/// The events that audit entries name, by the subject and the number of the entry.
fn named(items: &Items, tenant: &Tenant) -> BTreeMap<(String, u64), String> {
    let entries = items.in_table(ENTRIES_TABLE).filter_map(|(key, item)| {
        let entry: Value = serde_json::from_str(item["entry"].as_s().expect("a text")).expect("JSON");
        let subject = key.partition.trim_start_matches(&format!("{}#", tenant.id)).to_owned();
        let event_id = entry["details"]["eventId"].as_str()?.to_owned();
        Some(((subject, entry["sequence"].as_u64().expect("a number")), event_id))
    });
    entries.collect()
}

/// The types of events with their purposes.
fn told(events: &[Value]) -> Vec<(String, Vec<String>)> {
    let purposes = |event: &Value| serde_json::from_value(event["purposes"].clone()).expect("texts");
    events.iter().map(|event| (text(event, "type"), purposes(event))).collect()
}

fn of(kind: &str, purposes: &[&str]) -> (String, Vec<String>) {
    (kind.to_owned(), purposes.iter().map(ToString::to_string).collect())
}

/// The body of a record with these decisions.
fn deciding(grant: &Value, notice: &Value, decided: &[(&str, &str)]) -> Value {
    with(&record(grant, notice, "user-1"), "purposes", Some(decisions(decided)))
}

const BOTH: [(&str, &str); 2] = [("analytics", "granted"), ("personalization", "granted")];

async fn a_record_says_what_was_given_and_what_ended(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let given = tenant.post(RECORDS, &deciding(&grant, &notice, &BOTH)).await.expect(201);
    for body in [json!({"reason": "x", "purposes": ["analytics"]}), json!({"reason": "x"})] {
        tenant.post(withdraw_path(&given), &body).await.expect(200);
    }
    let found = events(system, &tenant).await;
    let expected = [
        of("consent.given", &["analytics", "personalization"]),
        of("consent.withdrawn", &["analytics"]),
        of("consent.withdrawn", &["personalization"]),
    ];
    assert_eq!(told(&found), expected);
    for (event, number) in found.iter().zip(1..) {
        assert_eq!((&event["recordId"], event["subjectSequence"].as_i64()), (&given["recordId"], Some(number)));
        let ends = if number == 1 { given["processingExpiresAt"].clone() } else { Value::Null };
        assert_eq!(event["expiresAt"], ends);
    }
    assert_eq!(found[0]["occurredAt"], given["createdAt"]);
    // It is kept as long as the record, and a month more.
    let items = system.contents.of(tenant.id).await;
    for (_, item) in items.in_table(EVENTS_TABLE).filter(|(key, _)| key.sort.starts_with("evt_")) {
        assert!(item.contains_key("removableAt"), "{item:?}");
    }
}

async fn a_denial_ends_purposes_of_other_records(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    for _ in 0..2 {
        tenant.post(RECORDS, &deciding(&grant, &notice, &BOTH)).await.expect(201);
    }
    tenant.post(RECORDS, &refusal(&notice, "user-1", &["analytics"])).await.expect(201);
    let mut found = told(&events(system, &tenant).await);
    found.sort();
    let given = of("consent.given", &["analytics", "personalization"]);
    let withdrawn = of("consent.withdrawn", &["analytics"]);
    assert_eq!(found, [given.clone(), given, withdrawn.clone(), withdrawn]);
}

async fn a_renewal_ends_what_it_does_not_grant_again(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let first = tenant.post(RECORDS, &deciding(&grant, &notice, &BOTH)).await.expect(201);
    let renewing = |record: &Value, decided: &[(&str, &str)]| {
        with(&deciding(&grant, &notice, decided), "renews", Some(record["recordId"].clone()))
    };
    let second = tenant.post(RECORDS, &renewing(&first, &BOTH)).await.expect(201);
    let some = [("analytics", "granted"), ("personalization", "denied")];
    let third = tenant.post(RECORDS, &renewing(&second, &some)).await.expect(201);
    let mut found = events(system, &tenant).await;
    found.sort_by_key(|event| (text(event, "type"), text(event, "recordId")));
    let both = of("consent.given", &["analytics", "personalization"]);
    let expected =
        [both.clone(), both, of("consent.given", &["analytics"]), of("consent.withdrawn", &["personalization"])];
    assert_eq!(told(&found), expected);
    let records: Vec<&Value> = found.iter().map(|event| &event["recordId"]).collect();
    assert_eq!(records, [&first, &second, &third, &second].map(|record| &record["recordId"]));
}

async fn a_withdrawal_of_a_person_has_an_event_for_each_record(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    // More than one step takes.
    let count = 30;
    for _ in 0..count {
        tenant.post(RECORDS, &record(&grant, &notice, "user-1")).await.expect(201);
    }
    let order = json!({"purposes": ["analytics"], "reason": "x"});
    tenant.post(withdrawals_path("user-1"), &order).await.expect(201);
    let found = events(system, &tenant).await;
    assert_eq!(told(&found)[count..], vec![of("consent.withdrawn", &["analytics"]); count]);
    let records: BTreeSet<String> = found[count..].iter().map(|event| text(event, "recordId")).collect();
    assert_eq!(records.len(), count);
}

async fn a_revocation_names_what_is_live_beneath(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    let root = tenant.create_grant("user-1").await;
    let child = tenant.post(GRANTS, &child_grant(&root, "user-1")).await.expect(201);
    let other_child = tenant.post(GRANTS, &child_grant(&root, "user-1")).await.expect(201);
    let other = tenant.create_grant("user-1").await;
    let give = async |grant: &Value, purpose: &str| {
        tenant.post(RECORDS, &deciding(grant, &notice, &[(purpose, "granted")])).await.expect(201)
    };
    let (of_root, of_child) = (give(&root, "analytics").await, give(&child, "personalization").await);
    let told_before = give(&other_child, "analytics").await;
    let withdrawn = give(&root, "personalization").await;
    let of_other = give(&other, "analytics").await;
    tenant.post(withdraw_path(&withdrawn), &json!({"reason": "x"})).await.expect(200);
    let count = events(system, &tenant).await.len();

    tenant.delete(grant_path(&other_child)).await.expect_no_content();
    tenant.delete(grant_path(&root)).await.expect_no_content();
    tenant.delete(grant_path(&root)).await.expect_no_content();
    tenant.delete(grant_path(&tenant.create_grant("user-1").await)).await.expect_no_content();
    // What is withdrawn at the same time is told by an event of its own.
    let order = json!({"reason": "x", "revokeGrant": true});
    tenant.post(withdraw_path(&of_other), &order).await.expect(200);
    let found = events(system, &tenant).await.split_off(count);
    let revoked: Vec<&Value> = found.iter().filter(|event| event["type"] == "grant.revoked").collect();
    assert_eq!(found.len(), 5);
    let beneath = |record: &Value, purpose: &str| json!({"recordId": record["recordId"], "purposes": [purpose], "subjectSequence": null});
    for (event, grant, purposes, records) in [
        (revoked[0], &other_child, json!(["analytics"]), json!([beneath(&told_before, "analytics")])),
        (
            revoked[1],
            &root,
            json!(["analytics", "personalization"]),
            json!([beneath(&of_root, "analytics"), beneath(&of_child, "personalization")]),
        ),
        (revoked[3], &other, json!([]), json!([])),
    ] {
        assert_eq!((&event["grantId"], &event["purposes"]), (&grant["grantId"], &purposes));
        assert_eq!((&event["records"], &event["recordId"]), (&records, &Value::Null));
        assert_eq!(event["subjectSequence"], 2);
    }
    assert_eq!((&revoked[2]["purposes"], &revoked[2]["records"]), (&json!([]), &json!([])));
}

async fn an_erasure_names_its_records_and_seals_the_person(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("person");
    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant(&person).await;
    let given = tenant.post(RECORDS, &record(&grant, &notice, &person)).await.expect(201);
    let withdrawn = tenant.post(RECORDS, &record(&grant, &notice, &person)).await.expect(201);
    tenant.post(withdraw_path(&withdrawn), &json!({"reason": "x"})).await.expect(200);
    tenant.post(RECORDS, &refusal(&notice, &person, &["personalization"])).await.expect(201);
    let before = events(system, &tenant).await.len();
    let erasure = tenant.erase(&person).await;
    let kept = erasure["retained"].as_array().expect("categories").iter();
    assert_eq!(kept.filter(|kept| kept["category"] == "undelivered_notifications").count(), 1);
    // All steps of a call have one time.
    let mut found = events(system, &tenant).await.split_off(before);
    found.sort_by_key(|event| event["type"] == "consent.erased");
    assert_eq!(told(&found), [of("grant.revoked", &[]), of("consent.erased", &[])]);
    assert_eq!((&found[0]["grantId"], &found[0]["records"]), (&grant["grantId"], &json!([])));
    let erased = |record: &Value, number: u64| json!({"recordId": record["recordId"], "purposes": ["analytics"], "subjectSequence": number});
    assert_eq!(found[1]["records"], json!([erased(&given, 2), erased(&withdrawn, 3)]));
    // Only the key of the event opens the person's id.
    let items = system.contents.of(tenant.id).await;
    let id = text(&found[1], "id");
    let (_, item) = items.in_table(EVENTS_TABLE).find(|(key, _)| key.sort == id).expect("the event");
    assert!(item.contains_key("sealedPrincipalId"), "{item:?}");
    let keys: Vec<&String> = items.in_table(KEYS_TABLE).map(|(key, _)| &key.partition).collect();
    assert_eq!(keys, [&format!("{}#event/{id}", tenant.id)]);

    // Nobody is told of the erasure of a person who never gave anything.
    let other = tenant.create_grant("user-2").await;
    let erasure = tenant.erase("user-2").await;
    let mut kept = erasure["retained"].as_array().expect("categories").iter();
    assert!(kept.all(|kept| kept["category"] != "undelivered_notifications"), "{erasure}");
    let last = events(system, &tenant).await.split_off(before + 2);
    assert_eq!((told(&last), &last[0]["grantId"]), (vec![of("grant.revoked", &[])], &other["grantId"]));
}

async fn a_session_says_what_was_removed_and_added(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let begun = tenant.post(SESSION, &json!({"consentedPurposes": ["one", "two"]})).await.expect(201);
    for change in [
        json!({"consentedPurposes": ["two", "three"]}),
        json!({"consentedPurposes": ["three", "two"]}),
        json!({"metadata": {"a": 1}}),
        json!({"consentedPurposes": ["three", "two", "four"]}),
        json!({"closed": true}),
    ] {
        tenant.patch(SESSION, &with(&change, "sessionId", Some(begun["sessionId"].clone()))).await.expect(200);
    }
    let found = events(system, &tenant).await;
    let changed = "session.consent_changed";
    assert_eq!(told(&found), [of(changed, &["one"]), of(changed, &[])]);
    let added: Vec<&Value> = found.iter().map(|event| &event["addedPurposes"]).collect();
    assert_eq!(added, [&json!(["three"]), &json!(["four"])]);
    assert!(found.iter().all(|event| event["sessionId"] == begun["sessionId"]), "{found:?}");
}

async fn what_changes_nothing_has_no_event(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = tenant.create_notice().await;
    tenant.post(RECORDS, &refusal(&notice, "user-1", &["analytics"])).await.expect(201);
    assert_eq!(events(system, &tenant).await, Vec::<Value>::new());
    let grant = tenant.create_grant("user-1").await;
    let giving = tenant.posting(RECORDS, &record(&grant, &notice, "user-1")).header("Idempotency-Key", "one");
    let given = tenant.send(giving.clone()).await.expect(201);
    tenant.send(giving).await.expect(201);
    let order = json!({"reason": "x"});
    let withdrawing = tenant.posting(withdraw_path(&given), &order).header("Idempotency-Key", "two");
    for _ in 0..2 {
        tenant.send(withdrawing.clone()).await.expect(200);
    }
    tenant.post(withdraw_path(&given), &order).await.expect_error(409, "ALREADY_WITHDRAWN");
    let all = json!({"purposes": ["analytics"], "reason": "x"});
    tenant.post(withdrawals_path("user-1"), &all).await.expect_error(409, "ALREADY_WITHDRAWN");
    tenant.post(RECORDS, &record(&grant, &notice, "user-2")).await.expect_error(400, "INVALID_GRANT");
    assert_eq!(
        told(&events(system, &tenant).await),
        [of("consent.given", &["analytics"]), of("consent.withdrawn", &["analytics"])]
    );
}

async fn an_event_has_no_personal_data(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (person, reason) = (unique("person"), unique("reason"));
    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant(&person).await;
    let given = tenant.post(RECORDS, &record(&grant, &notice, &person)).await.expect(201);
    let order = json!({"reason": reason, "revokeGrant": true});
    tenant.post(withdraw_path(&given), &order).await.expect(200);
    let session = json!({"consentedPurposes": ["one"], "dataPrincipalId": person, "metadata": {"name": person}});
    let session = tenant.post(SESSION, &session).await.expect(201);
    let change = json!({"sessionId": session["sessionId"], "consentedPurposes": [], "metadata": {"more": person}});
    tenant.patch(SESSION, &change).await.expect(200);
    tenant.erase(&person).await;
    let kinds: Vec<String> = events(system, &tenant).await.iter().map(|event| text(event, "type")).collect();
    assert_eq!(kinds.len(), 5, "{kinds:?}");
    let items = system.contents.of(tenant.id).await;
    for secret in [&person, &reason] {
        let found = items.mentioning(secret);
        assert!(found.iter().all(|key| key.table != EVENTS_TABLE), "{found:?}");
    }
}

async fn a_failed_withdrawal_leaves_no_event(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let given = tenant.create_record().await;
    let id = text(&given, "recordId");
    let struck = system.faults.strike(Matching::operations(&["TransactWriteItems"], &id), Fault::Garbage, 100);
    tenant.post(withdraw_path(&given), &json!({"reason": "x"})).await.expect_error(500, "INTERNAL_SERVER_ERROR");
    assert!(struck.struck() > 0);
    drop(struck);
    assert_eq!(told(&events(system, &tenant).await), [of("consent.given", &["analytics"])]);
    tenant.post(withdraw_path(&given), &json!({"reason": "x"})).await.expect(200);
    assert_eq!(events(system, &tenant).await.len(), 2);
}

async fn of_several_withdrawals_at_once_one_has_an_event(system: &'static System) {
    until_overlapping(system, async || {
        let tenant = Tenant::new(system).await;
        let given = tenant.create_record().await;
        let order = json!({"reason": "x"});
        let requests = vec![tenant.posting(withdraw_path(&given), &order); 3];
        let held = Matching::operations(&["TransactWriteItems"], &text(&given, "recordId"));
        let round = at_once(system, &system.client, held, requests).await?;
        assert_eq!((round.count(200), round.count(409)), (1, 2));
        assert_eq!(events(system, &tenant).await.len(), 2);
        Some(round.overlapped)
    })
    .await;
}

async fn other_tenants_events_are_not_found(system: &'static System) {
    let (tenant, other) = (Tenant::new(system).await, Tenant::new(system).await);
    tenant.create_record().await;
    let path = format!("{FEED}/{}", text(&events(system, &tenant).await[0], "id"));
    tenant.get(&path).await.expect(200);
    other.get(&path).await.expect_error(404, "NOT_FOUND");
    for id in ["evt_", "evt_01HXYZ5D6E7F8G9H0J1K2M3N4P", "x"] {
        tenant.get(format!("{FEED}/{id}")).await.expect_error(404, "NOT_FOUND");
    }
    tenant.get(format!("{FEED}?type=consent.denied")).await.expect_field_errors(400, "BAD_REQUEST", &["type"]);
    tenant.with_scopes(&["events:read"]).await.get(&path).await.expect_error(403, "FORBIDDEN");
    tenant.with_scopes(&["deliveries:read"]).await.get(&path).await.expect(200);
}

/// A system whose clock the test moves, and the context of calls by its key.
async fn moved() -> (MovedClock, LoneSystem, Value) {
    let clock = MovedClock::at_present();
    let system = LoneSystem::start(clock.clock(), Random::system()).await;
    let (name, value) = key_header(RECORDS, &system.key);
    let context = system.authorized(name, &value).await;
    (clock, system, context)
}

async fn the_feed_begins_with_the_oldest_and_ends_before_the_present(_: &'static System) {
    let (clock, system, context) = moved().await;
    let read = async |query: &str| {
        let request = Request::new(Method::GET, format!("{FEED}?{query}"));
        Page::of(&system.call("list-events", &request, &context).await, "events")
    };
    let post = async |function: &str, path: &str, body: &Value, status: u16| {
        let request = Request::new(Method::POST, path).json(body);
        system.call(function, &request, &context).await.expect(status)
    };
    let empty = read("limit=5").await;
    assert_eq!((empty.items.len(), empty.next), (0, None));
    let notice = post("create-consent-notice", NOTICES, &notice(), 201).await;
    let grant = post("create-grant", GRANTS, &grant("user-1"), 201).await;
    let body = record(&grant, &notice, "user-1");
    let mut given = Vec::new();
    for _ in 0..5 {
        clock.pass(Time::from_secs(1));
        let made = post("create-consent-record", RECORDS, &body, 201).await;
        given.push(text(&made, "recordId"));
    }
    clock.pass(Time::from_secs(1));
    post("withdraw-consent-record", &format!("{RECORDS}/{}/withdraw", given[1]), &json!({"reason": "x"}), 200).await;
    // The oldest is now five seconds old.
    clock.pass(Time::from_millis(14_999));
    assert_eq!(read("limit=5").await.items.len(), 0);
    clock.pass(Time::from_millis(2));
    let first = read("limit=5").await;
    assert_eq!(first.texts("recordId"), given[..1]);
    // Nothing follows yet; the reader keeps its place.
    let cursor = first.next.expect("a cursor");
    let again = read(&format!("cursor={cursor}")).await;
    assert_eq!((again.items.len(), again.next.as_ref()), (0, Some(&cursor)));
    clock.pass(Time::from_secs(10));
    let next = read(&format!("cursor={cursor}&limit=3")).await;
    assert_eq!(next.texts("recordId"), given[1..4]);
    let last = read(&format!("cursor={}&limit=3", next.next.expect("a cursor"))).await;
    assert_eq!(last.texts("type"), ["consent.given", "consent.withdrawn"]);
    // With a type, a page has only those, and the place moves on beyond the others.
    let withdrawn = read("type=consent.withdrawn&limit=1").await;
    assert_eq!(withdrawn.texts("recordId"), given[1..2]);
    let none = read("type=consent.erased&limit=1").await;
    assert_eq!(none.items.len(), 0);
    let after = read(&format!("type=consent.erased&limit=1&cursor={}", none.next.clone().expect("a cursor"))).await;
    assert_eq!((after.items.len(), after.next), (0, none.next));
}

/// Records are created, and a reader follows the feed meanwhile, while an operator changes the number of its shards again
/// and again. It sees each event once, in order.
async fn the_feed_shows_each_event_once_while_its_shards_change(_: &'static System) {
    let (clock, system, context) = moved().await;
    let (first, second) = (
        system.instances(&clock.clock(), &Random::system()).await,
        system.instances(&clock.clock(), &Random::system()).await,
    );
    let made = Mutex::new(BTreeSet::new());
    let post = async |instance: &Hosted, function: &str, path: &str, body: &Value| {
        call(instance, function, &Request::new(Method::POST, path).json(body), &context).await.expect(201)
    };
    let notice = post(&first, "create-consent-notice", NOTICES, &notice()).await;
    let grant = post(&first, "create-grant", GRANTS, &grant("user-1")).await;
    let body = record(&grant, &notice, "user-1");
    let create = async |instance: &Hosted, count: usize| {
        for _ in 0..count {
            let created = post(instance, "create-consent-record", RECORDS, &body).await;
            made.lock().expect("no panic").insert(text(&created, "recordId"));
            clock.pass(Time::from_secs(20));
        }
    };
    let seen = Mutex::new((Vec::<Value>::new(), None::<String>));
    let follow = async |limits: &[usize]| {
        for limit in limits {
            let cursor = seen.lock().expect("no panic").1.clone();
            let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let request = Request::new(Method::GET, format!("{FEED}?limit={limit}{cursor}"));
            let page = Page::of(&system.call("list-events", &request, &context).await, "events");
            let mut seen = seen.lock().expect("no panic");
            seen.0.extend(page.items);
            seen.1 = page.next;
        }
    };
    let change = async |shards: u16| {
        let context = RequestContext::new(&clock.clock(), &Random::system());
        let shards = Shards::new(shards).expect("a power of two");
        let changed = system.database.change_shards("EventsTable", system.tenant, "feed", shards, &context).await;
        changed.expect("a change").expect("a valid number");
    };
    create(&first, 6).await;
    // An epoch begins twenty minutes after its change, so in the midst of the round after it.
    for shards in [4, 16, 2, 64] {
        let creating = join_all([create(&first, 15), create(&second, 15), create(&first, 15)]);
        join3(creating, follow(&[7, 3, 50, 1, 20, 200]), change(shards)).await;
    }
    join(create(&first, 12), create(&second, 12)).await;
    clock.pass(Time::from_secs(21));
    follow(&[50, 50, 50, 50, 200]).await;
    let seen = seen.lock().expect("no panic").0.clone();
    let ids: Vec<String> = seen.iter().map(|event| text(event, "id")).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    let records: Vec<String> = seen.iter().map(|event| text(event, "recordId")).collect();
    assert_eq!(records.len(), 210);
    assert_eq!(records.into_iter().collect::<BTreeSet<_>>(), made.lock().expect("no panic").clone());
}

/// Its key shows a recipient no event of others, and no purpose of others.
async fn a_recipient_sees_what_it_is_told_of(_: &'static System) {
    let telling = Telling::start().await;
    let pull =
        async |purposes: &[&str]| telling.register(json!({"kind": "pull"}), &json!({"purposes": purposes})).await;
    let (one, other, none) = (pull(&["analytics"]).await, pull(&["*"]).await, pull(&["elsewhere"]).await);
    let notice = telling.post("create-consent-notice", NOTICES, &notice()).await.expect(201);
    let grant = telling.post("create-grant", GRANTS, &grant("user-1")).await.expect(201);
    let given = telling.post("create-consent-record", RECORDS, &deciding(&grant, &notice, &BOTH)).await.expect(201);
    telling.clock.pass(Time::from_millis(1));
    telling.withdraw(&given).await;
    telling.clock.pass(Time::from_millis(1));
    let erasure = Request::new(Method::POST, erasure_path("user-1"));
    telling.call("erase-data-principal", erasure).await.expect(201);
    telling.clock.pass(Time::from_secs(1));
    let late = pull(&["*"]).await;
    telling.clock.pass(Time::from_mins(1));
    let seen = async |recipient: &Value| {
        let page = telling.get_as(recipient, "list-events", FEED).await.expect(200);
        page["events"].as_array().expect("events").clone()
    };
    let both = ["analytics", "personalization"];
    for (recipient, own) in [(&one, &both[..1]), (&other, &both[..])] {
        let events = seen(recipient).await;
        assert_eq!(
            told(&events),
            [of("consent.given", own), of("consent.withdrawn", own), of("consent.erased", &[])],
            "{events:#?}"
        );
        assert_eq!(events[2]["records"][0]["purposes"], json!(own));
        let page = telling.get_as(recipient, "list-events", &format!("{FEED}?type=consent.erased")).await.expect(200);
        assert_eq!(page["events"], json!([events[2]]));
        for event in &events {
            let path = format!("{FEED}/{}", text(event, "id"));
            assert_eq!(telling.get_as(recipient, "get-event", &path).await.expect(200), *event);
            telling.get_as(&none, "get-event", &path).await.expect_error(404, "NOT_FOUND");
            telling.get_as(&late, "get-event", &path).await.expect_error(404, "NOT_FOUND");
        }
    }
    assert_eq!((seen(&none).await, seen(&late).await), (vec![], vec![]));
    // The organisation sees all, that the grant was revoked too.
    assert_eq!(telling.get("list-events", FEED).await["events"].as_array().map(Vec::len), Some(4));
}
