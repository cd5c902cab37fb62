//! The `Idempotency-Key` header: a call under a key takes effect once, however often it is sent.
//!
//! The tests compare all items of a tenant in the database itself, so they would see a second effect.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use assent_tests::client::{Request, Response};
use assent_tests::contents::{Effect, ItemKey};
use assent_tests::fault_proxy::{Fault, Matching};
use assent_tests::fixtures::{
    CATALOG, Caller, GRANTS, NOTICES, PROJECTS, RECORDS, SESSION, Tenant, Visitor, accepted, child_grant,
    consent_type_path, consent_type_with_triple, erasure_path, events_path, grant, grant_path, grievance_path,
    in_future, notice, now, record, session_path, sha256, site, text, unique, unique_label, until_after, version_path,
    versions_path, with, withdraw_path,
};
use assent_tests::like::time;
use assent_tests::operations::{Operation, Resources, operations, path_of, unknown_id};
use assent_tests::race::{Round, at_once, until_overlapping};
use assent_tests::system::System;
use assent_tests::trail::KEYS_TABLE;
use assent_tests::writes::{Call, SHAPES, Shape, Write};
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use hyper::Method;
use serde_json::{Value, json};
use sha2::Sha256;

crate::trials![
    every_operation_that_writes_stores_its_response_for_a_day,
    other_errors_come_before_the_reuse_of_a_key,
    an_idempotency_key_may_be_any_printable_ascii,
    a_read_takes_no_idempotency_key,
    an_error_is_not_stored,
    a_patch_that_changes_nothing_is_not_stored,
    responses_with_personal_data_are_stored_encrypted,
    stored_items_do_not_confirm_a_guessed_key,
    the_data_key_of_a_visitor_outlives_their_stored_responses;
    on each engine:
    the_gateway_and_function_urls_share_idempotency_keys,
    without_a_key_a_repeat_is_another_call,
    another_call_under_the_key_is_refused,
    keys_belong_to_one_caller,
    keys_belong_to_one_end_user,
    malformed_keys_name_the_header,
    a_repeat_gets_the_response_though_the_state_has_changed,
    identical_calls_at_once_have_one_effect,
    two_bodies_at_once_have_one_effect,
    twenty_five_new_consent_types_fit_under_a_key,
    a_lost_response_is_one_effect,
    a_repeat_gets_the_response_that_was_lost,
    after_a_day_the_key_is_new,
];

const HEADER: &str = "Idempotency-Key";
const RESPONSES_TABLE: &str = "StoredResponsesTable";
/// How many identical calls a race sends.
const CROWD: usize = 20;
const DAY: i64 = 24 * 60 * 60;

/// Selects the writes that store a response for this tenant.
fn keeping(tenant: &Tenant) -> Matching {
    Matching::writes(&RESPONSES_TABLE).and(&tenant.id)
}

/// The operations whose response is a secret that is not stored, so that it cannot be replayed.
const NOT_STORED: [&str; 3] = ["create-site-session", "create-portal-session", "create-console-session"];

/// All other operations that write.
async fn every_operation_that_writes_stores_its_response_for_a_day(system: &'static System) {
    assert_eq!(system.contents.expiry_attribute(RESPONSES_TABLE), Some("expiresAt"));
    let operations = operations(system).await.into_iter();
    for operation in operations.filter(|it| it.writes() && !NOT_STORED.contains(&it.id.as_str())) {
        let resources = Resources::new(system).await;
        let (tenant, request) = (&resources.tenant, resources.call(&operation).header(HEADER, "key"));
        let from = now().timestamp();
        let first = tenant.send(request.clone()).await;
        let to = now().timestamp();
        assert_eq!((first.status(), first.replayed()), (operation.success(), false), "{first}");
        let before = system.contents.of(tenant.id).await;
        for _ in 0..2 {
            tenant.send(request.clone()).await.expect_replay_of(&first);
        }
        before.expect_unchanged(&system.contents.of(tenant.id).await);

        let responses: Vec<_> = before.in_table(RESPONSES_TABLE).collect();
        assert_eq!(responses.len(), 1, "{}: {responses:?}", operation.id);
        let (key, item) = responses[0];
        assert!(key.partition.starts_with(&format!("{}#", tenant.id)), "{key:?}");
        let expiry: i64 = item["expiresAt"].as_n().expect("a number").parse().expect("seconds");
        assert!((from + DAY..=to + DAY).contains(&expiry), "{}: {expiry}", operation.id);
    }
}

async fn the_gateway_and_function_urls_share_idempotency_keys(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (gateway, function_urls) = (&system.client, &system.function_urls().await);
    for shape in SHAPES {
        for (one, other) in [(gateway, function_urls), (function_urls, gateway)] {
            let write = shape.prepare(&tenant).await;
            let key = unique("call");
            let first = one.send(write.call.under(&tenant, &key)).await;
            assert_eq!(first.status(), write.status, "{shape:?}: {first}");
            other.send(write.call.under(&tenant, &key)).await.expect_replay_of(&first);
        }
    }
}

async fn without_a_key_a_repeat_is_another_call(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for shape in SHAPES {
        let write = shape.prepare(&tenant).await;
        let first = tenant.send(write.call.under(&tenant, &unique("call"))).await;
        assert_eq!(first.status(), write.status, "{shape:?}: {first}");
        for request in [write.call.by(&tenant), write.call.under(&tenant, &unique("call"))] {
            write.expect_second(&tenant.send(request).await);
        }
    }
}

/// Another body, another path, another endpoint, and another method of one path.
async fn another_call_under_the_key_is_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for shape in SHAPES {
        let write = shape.prepare(&tenant).await;
        let key = unique("call");
        let first = tenant.send(write.call.under(&tenant, &key)).await;
        assert_eq!(first.status(), write.status, "{shape:?}: {first}");
        let before = system.contents.of(tenant.id).await;
        let project = tenant.posting(PROJECTS, &json!({"name": "Shop"})).header(HEADER, &key);
        let mut others = vec![write.other.under(&tenant, &key), project];
        if let Some(body) = &write.call.body {
            // A body with one more space is another body.
            let spaced = serde_json::to_string_pretty(body).expect("a text");
            others.push(Call { body: None, ..write.call.clone() }.under(&tenant, &key).bytes(spaced));
        }
        if shape == Shape::Change {
            others.push(tenant.posting(SESSION, &json!({})).header(HEADER, &key));
        }
        for other in others {
            tenant.send(other).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
        }
        before.expect_unchanged(&system.contents.of(tenant.id).await);
        tenant.send(write.call.under(&tenant, &key)).await.expect_replay_of(&first);
        // Under a key of its own the other call succeeds.
        let other = tenant.send(write.other.under(&tenant, &unique("call"))).await;
        assert_eq!((other.status(), other.replayed()), (write.status, false), "{shape:?}: {other}");
    }
}

async fn other_errors_come_before_the_reuse_of_a_key(system: &'static System) {
    let resources = Resources::new(system).await;
    let tenant = &resources.tenant;
    let scopeless = tenant.with_scopes(&["exports:read"]).await;
    let key = unique("call");
    tenant.send(tenant.posting(PROJECTS, &json!({"name": "Shop"})).header(HEADER, &key)).await.expect(201);
    for operation in operations(system).await.into_iter().filter(Operation::writes) {
        let path = path_of(&operation.route, |parameter| resources.id(parameter).to_owned());
        let nobody = Request::new(operation.method.clone(), &path).header(HEADER, &key);
        tenant.send(nobody).await.expect_error(401, "UNAUTHORIZED");
        if !operation.is_for_any_key() {
            let unscoped = scopeless.request(operation.method.clone(), &path).header(HEADER, &key);
            tenant.send(unscoped).await.expect_error(403, "FORBIDDEN");
        }
        let request = || resources.bare_call_at(&operation, &path).header(HEADER, &key);
        tenant.send(request().bytes(" ".repeat(1024 * 1024 + 1))).await.expect_error(413, "PAYLOAD_TOO_LARGE");
        if operation.takes_body() {
            let text = request().header("content-type", "text/plain").bytes("text");
            tenant.send(text).await.expect_error(415, "UNSUPPORTED_MEDIA_TYPE");
            tenant.send(request()).await.expect_error(400, "BAD_REQUEST");
            let faulty = tenant.send(request().json(&json!({"nonsense": 1}))).await;
            faulty.expect_error(400, "BAD_REQUEST");
            assert!(faulty.error_fields().contains(&"nonsense".to_owned()), "{faulty}");
        } else {
            tenant.send(request().bytes("{}")).await.expect_error(400, "BAD_REQUEST");
        }
        for parameter in operation.path_parameters() {
            let id = |other: &str| if other == parameter { unknown_id(other) } else { resources.id(other) }.to_owned();
            let absent = resources.call_at(&operation, path_of(&operation.route, id)).header(HEADER, &key);
            tenant.send(absent).await.expect_error(404, "NOT_FOUND");
        }
    }
    let unknown = json!({"sessionId": unknown_id("sessionId"), "isChild": true});
    tenant.send(tenant.patching(SESSION, &unknown).header(HEADER, &key)).await.expect_error(404, "NOT_FOUND");

    let (notice, grant) = (tenant.create_notice().await, tenant.create_grant("user-1").await);
    let consent = record(&grant, &notice, "user-1");
    for (field, value, code) in [
        ("grantId", json!(unknown_id("grantId")), "INVALID_GRANT"),
        ("consentNoticeId", json!("nothing"), "INVALID_NOTICE"),
        ("purposes[0].code", json!("nothing"), "INVALID_PURPOSE"),
    ] {
        let body = with(&consent, field, Some(value));
        tenant.send(tenant.posting(RECORDS, &body).header(HEADER, &key)).await.expect_error(400, code);
    }
}

async fn keys_belong_to_one_caller(system: &'static System) {
    let (tenant, stranger) = (Tenant::new(system).await, Tenant::new(system).await);
    let colleague = tenant.with_scopes(&["*"]).await;
    for shape in SHAPES {
        let write = shape.prepare(&tenant).await;
        let key = unique("call");
        let first = tenant.send(write.call.under(&tenant, &key)).await;
        assert_eq!(first.status(), write.status, "{shape:?}: {first}");
        write.expect_second(&colleague.send(write.call.under(&colleague, &key)).await);
        let of_stranger = stranger.send(write.call.under(&stranger, &key)).await;
        assert!(!of_stranger.replayed() && of_stranger.status() != 422, "{of_stranger}");
        // Each caller gets its own response.
        tenant.send(write.call.under(&tenant, &key)).await.expect_replay_of(&first);
        if shape.needs_nothing() {
            assert_eq!(of_stranger.status(), write.status, "{shape:?}: {of_stranger}");
            stranger.send(write.call.under(&stranger, &key)).await.expect_replay_of(&of_stranger);
            assert_ne!(of_stranger.body(), first.body());
        }
    }
}

async fn keys_belong_to_one_end_user(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let one = tenant.create_visitor(&project, &json!({"userId": "one"})).await;
    let in_another_tab = tenant.create_visitor(&project, &json!({"userId": "one"})).await;
    let another = tenant.create_visitor(&project, &json!({"userId": "another"})).await;
    let event = |visitor: &Visitor| visitor.posting(events_path(&project), &accepted(&id)).header(HEADER, "key");
    let first = one.send(event(&one)).await;
    one.send(event(&one)).await.expect_replay_of(&first);
    in_another_tab.send(event(&in_another_tab)).await.expect_replay_of(&first);
    let of_another = another.send(event(&another)).await;
    let of_key = tenant.send(tenant.posting(events_path(&project), &accepted(&id)).header(HEADER, "key")).await;
    let mut users = BTreeSet::new();
    for response in [&first, &of_another, &of_key] {
        assert!(!response.replayed(), "{response}");
        users.insert(text(&response.expect(201)["items"][0], "concordId"));
    }
    assert!(users.len() == 3 && users.contains(&one.concord_id) && users.contains(&another.concord_id), "{users:?}");
    assert_eq!(system.contents.of(tenant.id).await.in_table(RESPONSES_TABLE).count(), 3);
    assert_eq!(one.get(events_path(&project)).await.expect(200)["count"], 1);
}

async fn malformed_keys_name_the_header(system: &'static System) {
    let (tenant, function_urls) = (Tenant::new(system).await, system.function_urls().await);
    for shape in SHAPES {
        let write = shape.prepare(&tenant).await;
        let before = system.contents.of(tenant.id).await;
        let long = "k".repeat(256);
        for key in [b"".as_slice(), long.as_bytes(), "é".as_bytes(), b"\xff", b"a\tb"] {
            let response = tenant.send(write.call.by(&tenant).header(HEADER, key)).await;
            response.expect_field_errors(400, "BAD_REQUEST", &[HEADER]);
            // cargo-lambda's router accepts only ASCII headers.
            if key.is_ascii() {
                let response = function_urls.send(write.call.by(&tenant).header(HEADER, key)).await;
                response.expect_field_errors(400, "BAD_REQUEST", &[HEADER]);
            }
        }
        before.expect_unchanged(&system.contents.of(tenant.id).await);
    }
}

async fn an_idempotency_key_may_be_any_printable_ascii(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let printable: String = ('!'..='~').collect();
    let (longest, escaped) = ("k".repeat(255), "#".repeat(255));
    let body = json!({"name": "Shop"});
    let mut made = BTreeSet::new();
    for key in
        ["k", "K", &longest, &escaped, &printable, "a b", "a#b", "a%23b", "a%2523b", "\"8e03978e\"", "a\\b", "a,b"]
    {
        let request = tenant.posting(PROJECTS, &body).header(HEADER, key);
        let first = tenant.send(request.clone()).await;
        assert!(made.insert(text(&first.expect(201), "id")), "{key}: {first}");
        tenant.send(request).await.expect_replay_of(&first);
    }
}

async fn a_read_takes_no_idempotency_key(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.create_session().await;
    let path = session_path(&session);
    let key = unique("call");
    for key in [key.as_str(), key.as_str(), "", "é"] {
        let read = tenant.send(tenant.request(Method::GET, &path).header(HEADER, key)).await;
        assert!(!read.replayed());
        assert_eq!(read.expect(200), session);
    }
    tenant.send(tenant.posting(SESSION, &json!({})).header(HEADER, &key)).await.expect(201);
}

async fn an_error_is_not_stored(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let no_response_is_stored = async || {
        assert_eq!(system.contents.of(tenant.id).await.in_table(RESPONSES_TABLE).count(), 0);
    };
    let mut succeeding = Vec::new();

    // A 404; afterwards the version is added.
    let id = tenant.create_consent_type().await;
    let edit = tenant.patching(version_path(&id, "2"), &json!({"description": "New"})).header(HEADER, "absent");
    tenant.send(edit.clone()).await.expect_error(404, "NOT_FOUND");
    tenant.post(versions_path(&id), &json!({"url": "https://example.com/2"})).await.expect(201);
    succeeding.push((edit, 200));

    // A 400; afterwards the notice is registered.
    let grant = tenant.create_grant("user-1").await;
    let notice = notice();
    let consent = tenant.posting(RECORDS, &record(&grant, &notice, "user-1")).header(HEADER, "unregistered");
    tenant.send(consent.clone()).await.expect_error(400, "INVALID_NOTICE");
    tenant.post(NOTICES, &notice).await.expect(201);
    succeeding.push((consent, 201));

    // A 400; afterwards the body is corrected.
    let faulty = tenant.posting(PROJECTS, &json!({"nam": "Shop"})).header(HEADER, "faulty");
    tenant.send(faulty).await.expect_error(400, "BAD_REQUEST");
    succeeding.push((tenant.posting(PROJECTS, &json!({"name": "Shop"})).header(HEADER, "faulty"), 201));

    // A 422; afterwards the consent type is created.
    let (project, label) = (tenant.create_project().await, unique_label());
    let item = json!({"category": "marketing", "subcategory": "email", "label": label,
        "consentState": "accepted", "consentAction": "import"});
    let events = tenant.posting(events_path(&project), &json!({"items": [item]})).header(HEADER, "unknown");
    tenant.send(events.clone()).await.expect_error(422, "UNPROCESSABLE_ENTITY");
    tenant.post(CATALOG, &consent_type_with_triple(&label)).await.expect(201);
    succeeding.push((events, 201));

    // A 409; afterwards the other consent type is deleted.
    let rival = consent_type_with_triple(&unique_label());
    let taken = text(&tenant.post(CATALOG, &rival).await.expect(201), "id");
    let request = tenant.posting(CATALOG, &rival).header(HEADER, "taken");
    tenant.send(request.clone()).await.expect_error(409, "CONFLICT");
    tenant.delete(consent_type_path(&taken)).await.expect_no_content();
    succeeding.push((request, 201));

    // A 409, which stays; the key can be used for another call.
    let record = tenant.create_record().await;
    let withdrawal = tenant.posting(withdraw_path(&record), &json!({"reason": "x"}));
    tenant.send(withdrawal.clone()).await.expect(200);
    tenant.send(withdrawal.header(HEADER, "conflict")).await.expect_error(409, "ALREADY_WITHDRAWN");
    succeeding.push((tenant.posting(SESSION, &json!({})).header(HEADER, "conflict"), 201));

    // A 401 and a 403; afterwards the caller has the permission.
    let begin = || Request::new(Method::POST, SESSION).json(&json!({})).header(HEADER, "nobody");
    tenant.send(begin()).await.expect_error(401, "UNAUTHORIZED");
    succeeding.push((tenant.posting(SESSION, &json!({})).header(HEADER, "nobody"), 201));

    // A 503; afterwards the database is available again.
    let session = tenant.posting(SESSION, &json!({})).header(HEADER, "unavailable-for-now");
    let down = system.faults.strike(Matching::every(&RESPONSES_TABLE).and(&tenant.id), Fault::Cut, usize::MAX);
    tenant.send(session.clone()).await.expect_error(503, "SERVICE_UNAVAILABLE");
    drop(down);
    succeeding.push((session, 201));

    no_response_is_stored().await;
    for (request, status) in succeeding {
        let first = tenant.send(request.clone()).await;
        assert_eq!((first.status(), first.replayed()), (status, false), "{first}");
        tenant.send(request).await.expect_replay_of(&first);
    }
}

async fn a_patch_that_changes_nothing_is_not_stored(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.create_session().await;
    let same = json!({"sessionId": session["sessionId"], "isChild": false});
    let before = system.contents.of(tenant.id).await;
    let request = tenant.patching(SESSION, &same).header(HEADER, "key");
    for _ in 0..2 {
        let response = tenant.send(request.clone()).await;
        assert!(!response.replayed(), "{response}");
        assert_eq!(response.expect(200), session);
    }
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    // So the key can be used for another call.
    let change = json!({"sessionId": session["sessionId"], "isChild": true});
    let changed = tenant.send(tenant.patching(SESSION, &change).header(HEADER, "key")).await;
    assert_eq!(changed.expect(200)["isChild"], true);
    tenant.send(request).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
}

/// Calls that would get an error or another response if they were not repeats.
async fn a_repeat_gets_the_response_though_the_state_has_changed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let call = async |caller: &Caller, request: Request| {
        let keyed = request.clone().header(HEADER, unique("call"));
        let response = caller.send(keyed.clone()).await;
        assert!((200..300).contains(&response.status()) && !response.replayed(), "{response}");
        (request, keyed, response)
    };
    let notice = tenant.create_notice().await;
    let mut repeats = Vec::new();

    // The processing of a record has ended.
    let grant = tenant.create_grant("user-1").await;
    let end = json!(in_future(chrono::Duration::seconds(3)));
    let short = with(&record(&grant, &notice, "user-1"), "processingExpiresAt", Some(end.clone()));
    let ended = call(&tenant, tenant.posting(RECORDS, &short)).await;

    // The grants are revoked.
    let (request, keyed, response) = call(&tenant, tenant.posting(RECORDS, &record(&grant, &notice, "user-1"))).await;
    tenant.delete(grant_path(&grant)).await.expect_no_content();
    tenant.send(request).await.expect_error(400, "INVALID_GRANT");
    repeats.push((keyed, response));
    let parent = tenant.create_grant("user-1").await;
    let (request, keyed, response) = call(&tenant, tenant.posting(GRANTS, &child_grant(&parent, "user-1"))).await;
    tenant.delete(grant_path(&parent)).await.expect_no_content();
    tenant.send(request).await.expect_error(400, "INVALID_GRANT");
    repeats.push((keyed, response));

    // The record is withdrawn; the replayed response to its creation still says `active`.
    let grant = tenant.create_grant("user-1").await;
    let (_, keyed, response) = call(&tenant, tenant.posting(RECORDS, &record(&grant, &notice, "user-1"))).await;
    tenant.post(withdraw_path(&response.body()), &json!({"reason": "x"})).await.expect(200);
    assert_eq!(response.body()["status"], "active");
    repeats.push((keyed, response));

    // One session is closed; another no longer has the state that `If-Match` requires.
    let session = tenant.create_session().await;
    let change = json!({"sessionId": session["sessionId"], "isChild": true});
    let (request, keyed, response) = call(&tenant, tenant.patching(SESSION, &change)).await;
    tenant.patch(SESSION, &json!({"sessionId": session["sessionId"], "closed": true})).await.expect(200);
    tenant.send(request).await.expect_error(409, "SESSION_CLOSED");
    repeats.push((keyed, response));
    let session = tenant.post(SESSION, &json!({})).await;
    let change = json!({"sessionId": session.body()["sessionId"], "isChild": true});
    let demanding = tenant.patching(SESSION, &change).header("If-Match", session.header("etag").expect("an ETag"));
    let (request, keyed, response) = call(&tenant, demanding).await;
    tenant.send(request).await.expect_error(412, "PRECONDITION_FAILED");
    repeats.push((keyed, response));

    // An end user has consented to the edited version.
    let (project, id) = (tenant.create_project().await, tenant.create_consent_type().await);
    let edit = tenant.patching(version_path(&id, "1"), &json!({"url": "https://example.com/1"}));
    let (request, keyed, response) = call(&tenant, edit).await;
    let events = tenant.posting(events_path(&project), &accepted(&id));
    tenant.send(events.clone()).await.expect(201);
    tenant.send(request).await.expect_error(409, "CONSENT_VERSION_IN_USE");
    repeats.push((keyed, response));

    // There is a newer version.
    let clocked = system.clocked().await;
    let on_site = tenant.by(&clocked.client);
    let (request, keyed, response) = call(&on_site, events).await;
    tenant.post(versions_path(&id), &json!({"url": "https://example.com/2"})).await.expect(201);
    clocked.pass(Duration::from_secs(5));
    assert_eq!(on_site.send(request).await.expect(201)["items"][0]["version"], 2);
    repeats.push((keyed, response));

    until_after(time(&end)).await;
    let (request, keyed, response) = ended;
    tenant.send(request).await.expect_field_errors(400, "BAD_REQUEST", &["processingExpiresAt"]);
    repeats.push((keyed, response));

    let before = system.contents.of(tenant.id).await;
    for (keyed, response) in repeats {
        tenant.send(keyed).await.expect_replay_of(&response);
    }
    before.expect_unchanged(&system.contents.of(tenant.id).await);
}

/// Sends calls under one key at once, holds them until all have found the key unused and are about to write, and
/// asserts that only one takes effect.
async fn round_of(
    system: &'static System,
    shape: Shape,
    alone: &BTreeMap<String, Effect>,
    calls: impl Fn(&Write) -> Vec<Call>,
) -> Option<(Tenant, Write, String, Round)> {
    let tenant = Tenant::new(system).await;
    let write = shape.prepare(&tenant).await;
    let key = unique("call");
    let before = system.contents.of(tenant.id).await;
    let requests = calls(&write).iter().map(|call| call.under(&tenant, &key)).collect();
    let round = at_once(system, &tenant.client, keeping(&tenant), requests).await?;
    let effect = before.until(&system.contents.of(tenant.id).await);
    assert_eq!(&effect, alone, "{shape:?}");
    Some((tenant, write, key, round))
}

async fn identical_calls_at_once_have_one_effect(system: &'static System) {
    for shape in SHAPES {
        let alone = shape.effect(system, Some("key")).await;
        until_overlapping(system, async || {
            let crowd = |write: &Write| vec![write.call.clone(); CROWD];
            let (tenant, write, key, round) = round_of(system, shape, &alone, crowd).await?;
            assert_eq!(round.count(write.status), CROWD, "{shape:?}: {:?}", round.responses);
            let (given_again, made): (Vec<&Response>, Vec<&Response>) =
                round.responses.iter().partition(|response| response.replayed());
            // The same change a second time changes nothing.
            assert!(made.len() == 1 || (!round.overlapped && shape == Shape::Change), "{shape:?}: {made:?}");
            for response in given_again {
                response.expect_replay_of(made[0]);
            }
            for response in &made {
                response.expect_equal(made[0]);
            }
            tenant.send(write.call.under(&tenant, &key)).await.expect_replay_of(made[0]);
            Some(round.overlapped)
        })
        .await;
    }
}

async fn two_bodies_at_once_have_one_effect(system: &'static System) {
    for shape in SHAPES {
        let alone = shape.effect(system, Some("key")).await;
        until_overlapping(system, async || {
            let two = |write: &Write| vec![write.call.clone(), write.other.clone()];
            let (tenant, write, key, round) = round_of(system, shape, &alone, two).await?;
            assert_eq!((round.count(write.status), round.count(422)), (1, 1), "{shape:?}: {:?}", round.responses);
            for (response, call) in round.responses.iter().zip([&write.call, &write.other]) {
                let again = tenant.send(call.under(&tenant, &key)).await;
                if response.status() == write.status {
                    assert!(!response.replayed());
                    again.expect_replay_of(response);
                } else {
                    response.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
                    again.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
                }
            }
            Some(round.overlapped)
        })
        .await;
    }
}

async fn twenty_five_new_consent_types_fit_under_a_key(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = tenant.create_project().await;
    let types = join_all((0..25).map(|_| tenant.create_consent_type())).await;
    let items: Vec<Value> = types.iter().map(|id| accepted(id)["items"][0].clone()).collect();
    let request = tenant.posting(events_path(&project), &json!({"items": items})).header(HEADER, "key");
    let first = tenant.send(request.clone()).await;
    let events = first.expect(201);
    assert_eq!(events["count"], 25);
    let of_events = system.contents.of(tenant.id).await;
    assert_eq!(of_events.in_table("ConsentEventsTable").filter(|(key, _)| key.sort.starts_with("event#")).count(), 25);
    let before = system.contents.of(tenant.id).await;
    tenant.send(request).await.expect_replay_of(&first);
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    for id in types {
        assert_eq!(tenant.get(version_path(&id, "1")).await.expect(200)["isUsed"], true);
    }
}

async fn a_lost_response_is_one_effect(system: &'static System) {
    for shape in SHAPES {
        let alone = shape.effect(system, Some("key")).await;
        let tenant = Tenant::new(system).await;
        for count in [1, 2] {
            let write = shape.prepare(&tenant).await;
            let key = unique("call");
            let before = system.contents.of(tenant.id).await;
            let lost = system.faults.strike(keeping(&tenant), Fault::LoseResponse, count);
            let first = tenant.send(write.call.under(&tenant, &key)).await;
            assert_eq!((first.status(), lost.struck()), (write.status, count), "{shape:?}: {first}");
            assert_eq!(before.until(&system.contents.of(tenant.id).await), alone, "{shape:?}");
            tenant.send(write.call.under(&tenant, &key)).await.expect_replay_of(&first);
        }
    }
}

/// The database makes the change, but all its responses are lost: only a repeat shows the caller that the change was
/// made.
async fn a_repeat_gets_the_response_that_was_lost(system: &'static System) {
    for shape in SHAPES {
        let alone = shape.effect(system, Some("key")).await;
        let tenant = Tenant::new(system).await;
        let write = shape.prepare(&tenant).await;
        let key = unique("call");
        let before = system.contents.of(tenant.id).await;
        let lost = system.faults.strike(keeping(&tenant), Fault::LoseResponse, usize::MAX);
        tenant.send(write.call.under(&tenant, &key)).await.expect_error(503, "SERVICE_UNAVAILABLE");
        assert!(lost.struck() > 1, "{shape:?}");
        drop(lost);
        let again = tenant.send(write.call.under(&tenant, &key)).await;
        assert_eq!((again.status(), again.replayed()), (write.status, true), "{shape:?}: {again}");
        assert_eq!(before.until(&system.contents.of(tenant.id).await), alone, "{shape:?}");
    }
}

async fn responses_with_personal_data_are_stored_encrypted(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("person");
    let under = |request: Request, key: &str| request.header(HEADER, key);
    let grant = under(tenant.posting(GRANTS, &grant(&person)), "the grant's");
    let (granted, notice) = (tenant.send(grant.clone()).await, tenant.create_notice().await);
    let record = under(tenant.posting(RECORDS, &record(&granted.body(), &notice, &person)), "the record's");
    let recorded = tenant.send(record.clone()).await;
    let begin = json!({"dataPrincipalId": person, "metadata": {"name": person}});
    let session = under(tenant.posting(SESSION, &begin), "the session's");
    let begun = tenant.send(session.clone()).await;
    let change = json!({"sessionId": begun.body()["sessionId"], "metadata": {"also": person}});
    let change = under(tenant.patching(SESSION, &change), "the change's");
    let changed = tenant.send(change.clone()).await;
    let path = grievance_path(&tenant.create_grievance(&person).await);
    let step = under(tenant.patching(path, &json!({"status": "in_review"})), "the step's");
    let stepped = tenant.send(step.clone()).await;
    let calls = [(&grant, &granted), (&record, &recorded), (&session, &begun), (&change, &changed), (&step, &stepped)];
    for (request, response) in calls {
        assert!(response.to_string().contains(&person), "{response}");
        tenant.send(request.clone()).await.expect_replay_of(response);
    }
    let items = system.contents.of(tenant.id).await;
    assert_eq!(items.in_table(RESPONSES_TABLE).count(), 5);
    let telling = items.mentioning(&person);
    assert!(!telling.is_empty() && telling.iter().all(|key| key.table != RESPONSES_TABLE), "{telling:?}");
    for (_, item) in items.in_table(RESPONSES_TABLE) {
        assert!(!format!("{item:?}").contains("the step's"), "{item:?}");
    }

    // When the data key of the record's trail is deleted, only the stored responses about this record become
    // unreadable.
    let order = json!({"reason": "No more", "deleteProcessedData": true});
    let withdrawal = under(tenant.posting(withdraw_path(&recorded.body()), &order), "the withdrawal's");
    let withdrawn = tenant.send(withdrawal.clone()).await;
    withdrawn.expect(200);
    tenant.send(record.clone()).await.expect_error(410, "GONE");
    tenant.send(withdrawal.clone()).await.expect_replay_of(&withdrawn);
    tenant.send(grant.clone()).await.expect_replay_of(&granted);

    let erasure = erasure_path(&person);
    tenant.send(tenant.request(Method::POST, erasure)).await.expect(201);
    for (request, _) in calls {
        tenant.send(request.clone()).await.expect_error(410, "GONE");
    }
    tenant.send(withdrawal).await.expect_replay_of(&withdrawn);
}

/// A key like `erase-anna` and its request are easy to guess: somebody who has the tables or a backup must not be able
/// to confirm the guess.
async fn stored_items_do_not_confirm_a_guessed_key(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("person");
    let (grant, notice) = (tenant.create_grant(&person).await, tenant.create_notice().await);
    tenant.post(RECORDS, &record(&grant, &notice, &person)).await.expect(201);
    let erasure = Call { method: Method::POST, path: erasure_path(&person), body: None };
    let (project, consent_type) = (tenant.create_project().await, tenant.create_consent_type().await);
    let visitor = tenant.create_visitor(&project, &json!({"userId": person})).await;
    let (path, body) = (events_path(&project), Some(accepted(&consent_type)));
    let consent = Call { method: Method::POST, path, body };
    let (key, visitors) = (format!("erase-{person}"), format!("consent-{person}"));
    visitor.send(visitor.posting(&consent.path, &accepted(&consent_type)).header(HEADER, &visitors)).await.expect(201);
    tenant.send(erasure.under(&tenant, &key)).await.expect(201);

    let items = system.contents.of(tenant.id).await;
    assert_eq!(items.in_table(RESPONSES_TABLE).count(), 2);
    for (sent, key) in [(&erasure, &key), (&consent, &visitors)] {
        let body = sent.body.as_ref().map(Value::to_string).unwrap_or_default();
        let request = [sent.method.as_str(), &sent.path, &body];
        for guess in [sha256(key), code(key, &[]), code("", &[key]), code(key, &request), code("", &request)] {
            assert_eq!(items.mentioning(&guess), [] as [&_; 0], "{key}");
        }
    }
    // The key of the item does not show the caller.
    for (key, _) in items.in_table(RESPONSES_TABLE) {
        for caller in [tenant.key_id.to_string(), visitor.concord_id.clone(), project.clone()] {
            assert!(!key.partition.contains(&caller), "{key:?}");
        }
    }
}

/// The HMAC of texts, each after its length, under this key.
fn code(key: &str, texts: &[&str]) -> String {
    let mut code = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key");
    for text in texts {
        code.update(&(text.len() as u64).to_be_bytes());
        code.update(text.as_bytes());
    }
    code.finalize().into_bytes().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The data key of an end user encrypts only stored responses.
async fn the_data_key_of_a_visitor_outlives_their_stored_responses(system: &'static System) {
    let (tenant, project, id) = site(system).await;
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let partition = format!("{}#end_user/{project}/{}", tenant.id, visitor.concord_id);
    let data_key = ItemKey { table: KEYS_TABLE.to_owned(), partition, sort: "key".to_owned() };
    assert_eq!(system.contents.expiry_attribute(KEYS_TABLE), Some("removableAt"));
    let end = async || {
        let items = system.contents.of(tenant.id).await;
        let item = items.at(&data_key.table, &data_key.partition, &data_key.sort).expect("a data key");
        item.get("removableAt").and_then(|end| end.as_n().ok()?.parse::<i64>().ok()).expect("an end")
    };
    let event = |key: &str| visitor.posting(events_path(&project), &accepted(&id)).header(HEADER, key);
    let began = now().timestamp();
    let first = visitor.send(event("first")).await;
    first.expect(201);
    let kept = 31 * DAY;
    let created = end().await;
    assert!((began + kept..=now().timestamp() + kept).contains(&created), "{created}");

    // A data key that outlives the response is not changed.
    let second = visitor.send(event("second")).await;
    second.expect(201);
    assert_eq!(end().await, created);

    // A data key that would be removed before the response, or never, gets a new expiry.
    system.contents.set_number(&data_key, "removableAt", began + DAY - 60).await;
    let third = visitor.send(event("third")).await;
    third.expect(201);
    assert!(end().await >= created);
    system.contents.set(&data_key, "removableAt", AttributeValue::Null(true)).await;
    let fourth = visitor.send(event("fourth")).await;
    fourth.expect(201);
    assert!(end().await >= created);
    for (key, response) in [("first", &first), ("second", &second), ("third", &third), ("fourth", &fourth)] {
        visitor.send(event(key)).await.expect_replay_of(response);
    }
}

async fn after_a_day_the_key_is_new(system: &'static System) {
    for shape in SHAPES {
        let tenant = Tenant::new(system).await;
        let write = shape.prepare(&tenant).await;
        // The database removes expired items some time later.
        let expire = async || {
            let items = system.contents.of(tenant.id).await;
            let (key, _) = items.in_table(RESPONSES_TABLE).next().expect("a response");
            system.contents.set_number(key, "expiresAt", now().timestamp()).await;
        };
        let request = write.call.under(&tenant, "key");
        let first = tenant.send(request.clone()).await;
        assert_eq!(first.status(), write.status, "{shape:?}: {first}");
        tenant.send(request.clone()).await.expect_replay_of(&first);
        expire().await;
        let second = tenant.send(request.clone()).await;
        write.expect_second(&second);
        if second.status() == write.status && shape != Shape::Change {
            tenant.send(request).await.expect_replay_of(&second);
            expire().await;
        } else {
            // The second call had no effect, so the old, expired response is still stored.
            write.expect_second(&tenant.send(request).await);
        }
        let other = write.other.under(&tenant, "key");
        let response = tenant.send(other.clone()).await;
        assert_eq!((response.status(), response.replayed()), (write.status, false), "{shape:?}: {response}");
        tenant.send(other).await.expect_replay_of(&response);
    }
}
