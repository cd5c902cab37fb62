//! `POST /v1/dpdp/exports`, `GET …/{exportId}`

use std::collections::BTreeSet;

use assent_tests::client::Response;
use assent_tests::fixtures::{
    Caller, EXPORTS, RECORDS, Tenant, erasure_path, export, export_path, in_future, notice, record, record_path, text,
    unique, with, withdraw_path,
};
use assent_tests::jose::PublishedKeys;
use assent_tests::like::{as_text, time};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use assent_tests::verifier::{verified, verified_with};
use chrono::Duration;
use futures_util::stream::{self, StreamExt};
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    exports_the_consents_of_a_period,
    reads_the_records_as_they_are_now,
    both_ends_of_the_period_are_in_it,
    a_day_means_its_beginning,
    later_records_are_not_in_it,
    a_period_that_lies_ahead_is_empty,
    exports_the_records_of_one_principal,
    a_right_of_access_needs_a_principal,
    takes_every_type,
    leaves_out_parts_that_are_not_asked_for,
    the_action_log_is_verified_without_a_server,
    the_second_page_begins_where_the_first_ends,
    the_pages_make_up_the_export,
    a_repeat_under_a_key_is_one_export,
    cursors_belong_to_their_export,
    an_expired_export_is_gone,
    dynamodb_removes_an_expired_export,
    creation_is_strict;
    on each engine:
    a_large_first_page_is_replayed_under_a_key,
];

/// Creates records of a principal one after the other, and returns them in this order.
async fn records(caller: &Caller, principal: &str, count: usize) -> Vec<Value> {
    let (notice, grant) = (caller.create_notice().await, caller.create_grant(principal).await);
    let mut records = Vec::new();
    for _ in 0..count {
        records.push(caller.post(RECORDS, &record(&grant, &notice, principal)).await.expect(201));
    }
    records
}

/// The ids of the records in a response; asserts that its counts agree.
#[track_caller]
fn ids(body: &Value) -> Vec<String> {
    let records = body["data"]["consentRecords"].as_array().expect("records");
    assert_eq!(body["recordCount"], json!(records.len()));
    assert_eq!(body["truncated"], json!(!body["nextCursor"].is_null()));
    records.iter().map(|record| text(record, "recordId")).collect()
}

fn newest_first(records: &[Value]) -> Vec<String> {
    records.iter().rev().map(|record| text(record, "recordId")).collect()
}

/// The body of an export of this period.
fn between(from: &str, to: &str) -> Value {
    json!({"type": "dpdp-audit", "dateFrom": from, "dateTo": to})
}

async fn asked(caller: &Caller, body: &Value) -> Value {
    caller.post(EXPORTS, body).await.expect(201)
}

async fn exports_the_consents_of_a_period(system: &'static System) {
    let (tenant, other) = (Tenant::new(system).await, Tenant::new(system).await);
    // The export does not contain a record of another organisation.
    other.create_record().await;
    let made = tenant.create_record().await;
    let response = tenant.post(EXPORTS, &export()).await;
    let listed = tenant.get(RECORDS).await.expect(200)["records"].clone();
    let trail = trail_of(&tenant, &made).await;
    let body = response.expect_like(
        201,
        &json!({
            "exportId": "<exp_>",
            "type": "dpdp-audit",
            "format": "json",
            "recordCount": 1,
            "truncated": false,
            "data": {"consentRecords": listed, "actionLog": [trail]},
            "nextCursor": null,
            "expiresAt": "<time>",
            "createdAt": "<time>",
        }),
    );
    assert_eq!(ids(&body), newest_first(&[made]));
    assert_eq!(time(&body["expiresAt"]) - time(&body["createdAt"]), Duration::days(7));
    assert_eq!(response.header("location"), Some(export_path(&body).as_str()));
    assert_eq!(tenant.get(export_path(&body)).await.expect(200), body);
}

async fn reads_the_records_as_they_are_now(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let made = tenant.create_record().await;
    let created = asked(&tenant, &export()).await;
    assert_eq!(created["data"]["consentRecords"][0]["status"], "active");
    tenant.post(withdraw_path(&made), &json!({"reason": "No more"})).await.expect(200);
    for _ in 0..2 {
        let read = tenant.get(export_path(&created)).await.expect(200);
        let record = &read["data"]["consentRecords"][0];
        assert_eq!((&record["status"], &record["withdrawnReason"]), (&json!("withdrawn"), &json!("No more")));
        assert_eq!((&record["accessCount"], &record["lastAccessedAt"]), (&json!(0), &Value::Null));
    }
}

async fn both_ends_of_the_period_are_in_it(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let made = records(&tenant, "user-1", 3).await;
    let moments: Vec<_> = made.iter().map(|record| time(&record["createdAt"])).collect();
    assert!(moments.windows(2).all(|pair| pair[0] < pair[1]), "{moments:?}");
    let (first, last, moment) = (moments[0], moments[2], Duration::milliseconds(1));
    for (from, to, expected) in [
        (first, last, &made[..]),
        (first + moment, last, &made[1..]),
        (first, last - moment, &made[..2]),
        (moments[1], moments[1], &made[1..2]),
        (last + moment, last + moment, &[]),
        (first - moment, first - moment, &[]),
    ] {
        for principal in [Value::Null, json!("user-1")] {
            let body = with(&between(&as_text(from), &as_text(to)), "dataPrincipalId", Some(principal));
            let created = asked(&tenant, &body).await;
            assert_eq!(ids(&created), newest_first(expected), "{body}");
            assert_eq!(ids(&tenant.get(export_path(&created)).await.expect(200)), newest_first(expected), "{body}");
        }
    }
    // The same moment, written in another time zone.
    let elsewhere = chrono::FixedOffset::east_opt(19_800).expect("an offset");
    let written = moments[1].with_timezone(&elsewhere).to_rfc3339();
    assert_eq!(ids(&asked(&tenant, &between(&written, &written)).await), newest_first(&made[1..2]));
}

async fn a_day_means_its_beginning(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let made = records(&tenant, "user-1", 1).await;
    let day = |ahead| (time(&made[0]["createdAt"]) + Duration::days(ahead)).format("%Y-%m-%d").to_string();
    assert_eq!(ids(&asked(&tenant, &between(&day(0), &day(1))).await), newest_first(&made));
    assert_eq!(ids(&asked(&tenant, &between(&day(-1), &day(0))).await), newest_first(&[]));
    assert_eq!(ids(&asked(&tenant, &between(&day(1), &day(1))).await), newest_first(&[]));
    assert_eq!(ids(&asked(&tenant, &between("1970-01-01", "2200-12-31T23:59:59.999Z")).await), newest_first(&made));
}

async fn later_records_are_not_in_it(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let earlier = records(&tenant, "user-1", 1).await;
    let created = asked(&tenant, &export()).await;
    let later = records(&tenant, "user-1", 1).await;
    assert_eq!(ids(&tenant.get(export_path(&created)).await.expect(200)), newest_first(&earlier));
    let both = [earlier, later].concat();
    assert_eq!(ids(&asked(&tenant, &export()).await), newest_first(&both));
}

async fn a_period_that_lies_ahead_is_empty(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let body = between(&in_future(Duration::days(1)), &in_future(Duration::days(2)));
    let created = asked(&tenant, &body).await;
    let made = records(&tenant, "user-1", 1).await;
    assert_eq!(made.len(), 1);
    for body in [&created, &tenant.get(export_path(&created)).await.expect(200)] {
        assert_eq!(ids(body), newest_first(&[]));
    }
}

async fn exports_the_records_of_one_principal(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (one, other) = (records(&tenant, "user-1", 2).await, records(&tenant, "user-2", 1).await);
    for (principal, expected) in [("user-1", &one[..]), ("user-2", &other[..]), ("user-3", &[])] {
        let created = asked(&tenant, &with(&export(), "dataPrincipalId", Some(json!(principal)))).await;
        assert_eq!(ids(&created), newest_first(expected));
        assert_eq!(tenant.get(export_path(&created)).await.expect(200), created);
    }
}

async fn a_right_of_access_needs_a_principal(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let body = with(&export(), "type", Some(json!("gdpr-article-15")));
    for principal in [None, Some(Value::Null)] {
        let body = with(&body, "dataPrincipalId", principal);
        tenant.post(EXPORTS, &body).await.expect_field_errors(400, "BAD_REQUEST", &["dataPrincipalId"]);
    }
    let mine = records(&tenant, "user-1", 1).await;
    tenant.create_record().await;
    let created = asked(&tenant, &with(&body, "dataPrincipalId", Some(json!("user-1")))).await;
    assert_eq!((ids(&created), &created["type"]), (newest_first(&mine), &json!("gdpr-article-15")));
}

async fn takes_every_type(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for kind in ["dpdp-audit", "gdpr-article-15", "eu-ai-act-conformance"] {
        let mut body = with(&export(), "type", Some(json!(kind)));
        body["dataPrincipalId"] = json!("user-1");
        body["format"] = json!("json");
        let created = asked(&tenant, &body).await;
        assert_eq!((&created["type"], &created["format"]), (&json!(kind), &json!("json")));
    }
}

async fn leaves_out_parts_that_are_not_asked_for(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let made = tenant.create_record().await;
    for log in [true, false] {
        let mut body = export();
        body["includeActionLog"] = json!(log);
        let created = asked(&tenant, &body).await;
        assert_eq!((ids(&created).len(), created["data"].get("actionLog").is_some()), (1, log));
        body["includeConsentRecords"] = json!(false);
        let created = asked(&tenant, &body).await;
        let trails = if log { json!({"actionLog": [trail_of(&tenant, &made).await]}) } else { json!({}) };
        assert_eq!((&created["data"], &created["recordCount"]), (&trails, &json!(0)));
        assert_eq!((&created["truncated"], &created["nextCursor"]), (&json!(false), &Value::Null));
        assert_eq!(tenant.get(export_path(&created)).await.expect(200), created);
    }
}

/// The whole audit trail of a record, as its own endpoint returns it.
async fn trail_of(caller: &Caller, record: &Value) -> Value {
    let path = format!("{}/audit", record_path(record));
    with(&caller.get(path).await.expect(200), "nextCursor", None)
}

async fn the_action_log_is_verified_without_a_server(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let made = records(&tenant, "user-1", 3).await;
    for (record, delete) in made.iter().zip([false, true]) {
        let request = json!({"reason": "No more", "deleteProcessedData": delete});
        tenant.post(withdraw_path(record), &request).await.expect(200);
    }
    for records in [true, false] {
        let created = asked(&tenant, &with(&export(), "includeConsentRecords", Some(json!(records)))).await;
        let first = tenant.get(format!("{}?limit=2", export_path(&created))).await.expect(200);
        let second = rest(&tenant, &first, 2).await;
        assert_eq!(second.len(), 1);
        let pages = format!("{first}{}", second[0]);
        let trail = |length: usize, record: &Value| {
            let entries = if length == 1 { "1 entry".to_owned() } else { format!("{length} entries") };
            format!("record/{}: valid, {entries}", text(record, "recordId"))
        };
        let mut expected = vec![trail(1, &made[2]), trail(2, &made[1]), trail(2, &made[0])];
        if records {
            expected.extend(made.iter().map(|record| {
                let kid = text(&record["consentProof"], "kid");
                let what = "valid, the consent as it was given is signed by key";
                format!("consent record {}: {what} {kid}", text(record, "recordId"))
            }));
        }
        expected.sort();
        for text in [created.to_string(), pages.clone()] {
            let (output, good) = verified_with(&text, &PublishedKeys::read(&system.client).await);
            let mut output: Vec<&str> = output.lines().collect();
            output.sort_unstable();
            assert_eq!((output, good), (expected.iter().map(String::as_str).collect(), true));
            // The records need the keys, the trails do not.
            let (output, good) = verified(&text);
            assert_eq!(
                (output.matches("not verified: give the published keys").count(), good),
                (if records { 3 } else { 0 }, !records)
            );
        }
        let flags = all_of(&created, "anonymized");
        assert_eq!(flags, [json!(false), json!(true), json!(false)]);
        let tampered = pages.replace("record.withdrawn", "record.erased");
        let (output, good) = verified(&tampered);
        assert!(
            !good && output.matches("entry 2 was changed").count() == 2 && output.contains("valid, 1 entry"),
            "{output}"
        );
    }
}

/// A member of each trail in an export.
fn all_of(export: &Value, name: &str) -> Vec<Value> {
    let trails = export["data"]["actionLog"].as_array().expect("trails");
    trails.iter().map(|trail| trail[name].clone()).collect()
}

/// The pages that follow this one.
async fn rest(caller: &Caller, first: &Value, limit: usize) -> Vec<Value> {
    let mut pages: Vec<Value> = Vec::new();
    while let Some(cursor) = pages.last().unwrap_or(first)["nextCursor"].as_str() {
        pages.push(caller.get(format!("{}?limit={limit}&cursor={cursor}", export_path(first))).await.expect(200));
    }
    pages
}

async fn the_second_page_begins_where_the_first_ends(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (notice, grant) = (tenant.create_notice().await, tenant.create_grant("user-1").await);
    let made = stream::iter(0..53).map(async |_| {
        let made = tenant.post(RECORDS, &record(&grant, &notice, "user-1")).await.expect(201);
        text(&made, "recordId")
    });
    let mut made: Vec<String> = made.buffer_unordered(6).collect().await;
    made.sort_unstable();
    made.reverse();
    let first = asked(&tenant, &export()).await;
    assert_eq!((ids(&first).len(), &first["truncated"]), (50, &json!(true)));
    let after = rest(&tenant, &first, 200).await;
    assert_eq!(after.len(), 1);
    assert_eq!([ids(&first), ids(&after[0])].concat(), made);
    // Without a limit, a page has the same size.
    assert_eq!(tenant.get(export_path(&first)).await.expect(200), first);
}

async fn the_pages_make_up_the_export(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let made = records(&tenant, "user-1", 9).await;
    let (from, to) = (text(&made[1], "createdAt"), text(&made[7], "createdAt"));
    for principal in [Value::Null, json!("user-1")] {
        let body = with(&between(&from, &to), "dataPrincipalId", Some(principal));
        let created = asked(&tenant, &body).await;
        for limit in [1, 3, 7, 8] {
            let first = tenant.get(format!("{}?limit={limit}", export_path(&created))).await.expect(200);
            let after = rest(&tenant, &first, limit).await;
            let sizes: Vec<usize> = [&first].into_iter().chain(&after).map(|page| ids(page).len()).collect();
            assert_eq!(sizes.len(), 7_usize.div_ceil(limit), "{sizes:?}");
            let all: Vec<String> = [&first].into_iter().chain(&after).flat_map(ids).collect();
            assert_eq!(all, newest_first(&made[1..8]));
        }
    }
}

/// A response that is stored under an idempotency key must fit into one item of 400 KB.
async fn a_large_first_page_is_replayed_under_a_key(system: &'static System) {
    let tenant = Tenant::new(system).await;
    // Each quote is escaped in the record's JSON, and again in Lambda's response.
    let purpose = |number: usize| json!({"code": format!("{number:02}"), "description": "\"".repeat(981)});
    let mut heavy = notice();
    heavy["purposes"] = (0..50).map(purpose).collect();
    tenant.post(assent_tests::fixtures::NOTICES, &heavy).await.expect(201);
    let grant = tenant.create_grant("user-1").await;
    let light = records(&tenant, "user-1", 1).await;
    let mut made = Vec::new();
    for count in [50, 50, 32, 50] {
        let mut body = record(&grant, &heavy, "user-1");
        body["purposes"] = (0..count).map(purpose).collect();
        made.push(tenant.post(RECORDS, &body).await.expect(201));
    }
    for kept in (0..=4).map(|count| [&light[..], &made[..count]].concat()) {
        let last = kept.last().expect("a record");
        let body = between("2020-01-01", &text(last, "createdAt"));
        let posting = || tenant.posting(EXPORTS, &body).header("Idempotency-Key", unique("call"));
        let request = posting();
        let response = tenant.send(request.clone()).await;
        let first = response.expect(201);
        tenant.send(request).await.expect_replay_of(&response);
        let all: Vec<String> = [&first].into_iter().chain(&rest(&tenant, &first, 200).await).flat_map(ids).collect();
        assert_eq!(all, newest_first(&kept));
        // A page that is read without an idempotency key contains all of them.
        assert_eq!(ids(&tenant.get(export_path(&first)).await.expect(200)), newest_first(&kept));
    }
}

async fn a_repeat_under_a_key_is_one_export(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let made = tenant.create_record().await;
    let body = with(&export(), "dataPrincipalId", Some(made["dataPrincipalId"].clone()));
    let request = tenant.posting(EXPORTS, &body).header("Idempotency-Key", "key");
    let first = tenant.send(request.clone()).await;
    first.expect(201);
    let before = system.contents.of(tenant.id).await;
    tenant.send(request.clone()).await.expect_replay_of(&first);
    // The response is not stored: the same export is read again.
    tenant.post(withdraw_path(&made), &json!({"reason": "No more"})).await.expect(200);
    let again = tenant.send(request.clone()).await;
    assert!(again.replayed());
    let again = again.expect(201);
    assert_eq!(again["exportId"], first.body()["exportId"]);
    assert_eq!(again["data"]["consentRecords"][0]["status"], "withdrawn");
    let after = system.contents.of(tenant.id).await;
    let exports: [BTreeSet<_>; 2] = [&before, &after].map(|items| items.in_table(TABLE).map(|(key, _)| key).collect());
    assert_eq!(exports[0].len(), 2, "the export, and its entry in the principal's list");
    assert_eq!(exports[0], exports[1]);
    let other = tenant.posting(EXPORTS, &export()).header("Idempotency-Key", "key");
    tenant.send(other).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
    let person = text(&made, "dataPrincipalId");
    tenant.send(tenant.request(Method::POST, erasure_path(&person))).await.expect(201);
    tenant.send(request).await.expect_error(410, "GONE");
}

async fn cursors_belong_to_their_export(system: &'static System) {
    let (tenant, stranger) = (Tenant::new(system).await, Tenant::new(system).await);
    records(&tenant, "user-1", 2).await;
    records(&stranger, "user-1", 2).await;
    let (one, other) = (asked(&tenant, &export()).await, asked(&tenant, &export()).await);
    let foreign = asked(&stranger, &export()).await;
    let page = async |caller: &Caller, export: &Value, query: &str| -> Response {
        caller.get(format!("{}?{query}", export_path(export))).await
    };
    let cursor = text(&page(&tenant, &one, "limit=1").await.expect(200), "nextCursor");
    page(&tenant, &one, &format!("cursor={cursor}")).await.expect(200);
    let listed = text(&tenant.get(format!("{RECORDS}?limit=1")).await.expect(200), "nextCursor");
    let altered: String = cursor.chars().rev().collect();
    let foreign_cursor = text(&page(&stranger, &foreign, "limit=1").await.expect(200), "nextCursor");
    for (export, cursor) in
        [(&other, &cursor), (&one, &altered), (&one, &listed), (&one, &foreign_cursor), (&one, &cursor[1..].to_owned())]
    {
        let response = page(&tenant, export, &format!("cursor={cursor}")).await;
        response.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
    }
    page(&stranger, &foreign, &format!("cursor={cursor}")).await.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
    tenant.get(format!("{RECORDS}?cursor={cursor}")).await.expect_field_errors(400, "BAD_REQUEST", &["cursor"]);
}

const TABLE: &str = "ExportsTable";

async fn an_expired_export_is_gone(system: &'static System) {
    let (tenant, other) = (Tenant::new(system).await, Tenant::new(system).await);
    records(&tenant, "user-1", 2).await;
    let created = asked(&tenant, &export()).await;
    let path = export_path(&created);
    let cursor = text(&tenant.get(format!("{path}?limit=1")).await.expect(200), "nextCursor");
    let items = system.contents.of(tenant.id).await;
    let (key, item) = items.in_table(TABLE).next().expect("an export");
    assert_eq!(item["expiresAt"].as_s().ok(), created["expiresAt"].as_str().map(ToOwned::to_owned).as_ref());
    let set = async |ahead: Duration| system.contents.set_text(key, "expiresAt", &in_future(ahead)).await;
    set(Duration::minutes(1)).await;
    tenant.get(&path).await.expect(200);
    set(Duration::milliseconds(-1)).await;
    tenant.get(&path).await.expect_error(410, "GONE");
    tenant.get(format!("{path}?cursor={cursor}")).await.expect_error(410, "GONE");
    // Another organisation does not learn that the export existed.
    other.get(&path).await.expect_error(404, "NOT_FOUND");
    tenant.get(format!("{path}?limit=0")).await.expect_field_errors(400, "BAD_REQUEST", &["limit"]);
}

async fn dynamodb_removes_an_expired_export(system: &'static System) {
    let tenant = Tenant::new(system).await;
    assert_eq!(system.contents.expiry_attribute(TABLE), Some("removableAt"));
    let created = asked(&tenant, &with(&export(), "dataPrincipalId", Some(json!("user-1")))).await;
    let removable = (time(&created["expiresAt"]) + Duration::days(30)).timestamp().to_string();
    let items = system.contents.of(tenant.id).await;
    let items: Vec<_> = items.in_table(TABLE).map(|(_, item)| item).collect();
    assert_eq!(items.len(), 2);
    for item in items {
        assert_eq!(item["removableAt"].as_n().ok(), Some(&removable));
    }
}

async fn creation_is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let body = with(&export(), "dataPrincipalId", Some(json!("user-1")));
    let call = Call { caller: &tenant, method: Method::POST, path: EXPORTS.to_owned(), body };
    call.refuses(&each("dataPrincipalId", not_texts(256))).await;
    call.refuses(&each("type", [not_texts(30), vec![json!("dpdp_audit"), json!("DPDP-AUDIT")]].concat())).await;
    call.refuses(&each("format", [not_texts(30), vec![json!("csv"), json!("JSON")]].concat())).await;
    let bad_dates =
        ["2026-02-30", "2026-4-5", "20260405", "tomorrow", "1969-12-31", "2201-01-01", "2026-04-05T12:00:00"];
    for field in ["dateFrom", "dateTo"] {
        call.refuses(&each(field, [not_texts(40), bad_dates.map(|date| json!(date)).to_vec()].concat())).await;
    }
    let not_flags = vec![json!("true"), json!(1), json!([]), json!({})];
    call.refuses(&each("includeActionLog", not_flags.clone())).await;
    call.refuses(&each("includeConsentRecords", not_flags)).await;
    let reversed = between("2026-04-05T00:00:00.001Z", "2026-04-05");
    tenant.post(EXPORTS, &reversed).await.expect_field_errors(400, "BAD_REQUEST", &["dateFrom"]);
    tenant.post(EXPORTS, &between("2026-04-05", "2026-04-05")).await.expect(201);
    // All errors at once.
    let mut bad = reversed;
    bad["type"] = json!("gdpr-article-15");
    bad["format"] = json!("pdf");
    bad["more"] = json!(1);
    let response = tenant.post(EXPORTS, &bad).await;
    response.expect_field_errors(400, "BAD_REQUEST", &["dateFrom", "dataPrincipalId", "format", "more"]);
}
