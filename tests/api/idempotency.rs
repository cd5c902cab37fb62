//! The `Idempotency-Key` header: a call under a key is made once, however often it is sent.
//!
//! That nothing happens twice is seen in the database itself, of which a tenant's items are
//! compared one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use assent_tests::client::{Answer, Request};
use assent_tests::contents::{Effect, Place};
use assent_tests::fault_proxy::{Fault, Matching};
use assent_tests::fixtures::{
    CATALOG, Caller, EXPORTS, GRANTS, GRIEVANCES, NOTICES, PROJECTS, RECORDS, SESSION, Tenant, Visitor, accepted,
    consent_type, events_path, grant, grievance, grievance_path, in_future, notice, now, record, sha256, text, unique,
    version_path, with, withdraw_path,
};
use assent_tests::race::{Heat, at_once, until_overlapping};
use assent_tests::system::System;
use assent_tests::trail::KEYS_TABLE;
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use hyper::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use ulid::Ulid;
use uuid::Uuid;

crate::trials![
    every_route_that_writes_is_tried_here,
    a_repeat_is_the_same_answer_and_nothing_more,
    both_ways_in_know_the_same_calls,
    without_a_key_a_repeat_is_a_call_of_its_own,
    a_repeat_counts_nothing_twice,
    another_body_or_path_under_the_key_is_refused,
    another_endpoint_under_the_key_is_refused,
    what_else_is_wrong_is_told_before_the_reuse,
    keys_belong_to_one_caller,
    keys_belong_to_one_end_user,
    malformed_keys_name_the_header,
    any_printable_ascii_is_a_key,
    a_reading_takes_no_key,
    a_refusal_is_not_kept,
    what_is_personal_is_kept_sealed,
    no_guess_at_a_key_is_confirmed,
    a_visitors_data_key_ends_and_its_answers_end_before,
    a_patch_that_changes_nothing_is_not_kept,
    a_repeat_is_answered_though_the_world_has_changed,
    a_record_is_given_again_after_its_processing_ended,
    identical_calls_at_once_have_one_effect,
    two_bodies_at_once_have_one_effect,
    twenty_five_new_consent_types_fit_under_a_key,
    a_lost_answer_is_one_effect,
    an_answer_that_never_came_is_had_by_asking_again,
    an_answer_is_kept_for_a_day,
    after_a_day_the_key_is_new,
];

const HEADER: &str = "Idempotency-Key";
const ANSWERS: &str = "StoredResponsesTable";
/// How many identical calls a race sends.
const CROWD: usize = 20;
const DAY: i64 = 24 * 60 * 60;

/// Every way in which a call has an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Notice,
    Translation,
    Grant,
    ChildGrant,
    Revocation,
    Record,
    Withdrawal,
    WithdrawalWithGrant,
    Grievance,
    GrievanceStep,
    Export,
    Session,
    SessionChange,
    SessionClosing,
    ConsentType,
    PlacedConsentType,
    ConsentTypeEdit,
    ConsentTypeDeletion,
    Version,
    VersionEdit,
    Project,
    Events,
}

const KINDS: [Kind; 22] = [
    Kind::Notice,
    Kind::Translation,
    Kind::Grant,
    Kind::ChildGrant,
    Kind::Revocation,
    Kind::Record,
    Kind::Withdrawal,
    Kind::WithdrawalWithGrant,
    Kind::Grievance,
    Kind::GrievanceStep,
    Kind::Export,
    Kind::Session,
    Kind::SessionChange,
    Kind::SessionClosing,
    Kind::ConsentType,
    Kind::PlacedConsentType,
    Kind::ConsentTypeEdit,
    Kind::ConsentTypeDeletion,
    Kind::Version,
    Kind::VersionEdit,
    Kind::Project,
    Kind::Events,
];

/// What a call is made of.
#[derive(Clone, Debug)]
struct Sent {
    method: Method,
    path: String,
    body: Option<Value>,
}

impl Sent {
    fn new(method: Method, path: impl Into<String>, body: Value) -> Self {
        Self { method, path: path.into(), body: Some(body) }
    }

    fn by(&self, caller: &Caller) -> Request {
        let request = caller.request(self.method.clone(), &self.path);
        match &self.body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    fn under(&self, caller: &Caller, key: &str) -> Request {
        self.by(caller).header(HEADER, key)
    }
}

/// A call that has an effect, and another of the same endpoint that could have it instead.
struct Write {
    sent: Sent,
    other: Sent,
    status: u16,
}

impl Kind {
    /// The route as the template has it.
    fn route(self) -> (Method, &'static str) {
        match self {
            Self::Notice | Self::Translation => (Method::POST, NOTICES),
            Self::Grant | Self::ChildGrant => (Method::POST, GRANTS),
            Self::Revocation => (Method::DELETE, "/v1/grants/{grantId}"),
            Self::Record => (Method::POST, RECORDS),
            Self::Withdrawal | Self::WithdrawalWithGrant => {
                (Method::POST, "/v1/dpdp/consent-records/{recordId}/withdraw")
            }
            Self::Grievance => (Method::POST, GRIEVANCES),
            Self::GrievanceStep => (Method::PATCH, "/v1/dpdp/grievances/{grievanceId}"),
            Self::Export => (Method::POST, EXPORTS),
            Self::Session => (Method::POST, SESSION),
            Self::SessionChange | Self::SessionClosing => (Method::PATCH, SESSION),
            Self::ConsentType | Self::PlacedConsentType => (Method::POST, CATALOG),
            Self::ConsentTypeEdit => (Method::PATCH, "/open-api/v1/consent-catalog/{consentCatalogId}"),
            Self::ConsentTypeDeletion => (Method::DELETE, "/open-api/v1/consent-catalog/{consentCatalogId}"),
            Self::Version => (Method::POST, "/open-api/v1/consent-catalog/{consentCatalogId}/version"),
            Self::VersionEdit => {
                (Method::PATCH, "/open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}")
            }
            Self::Project => (Method::POST, PROJECTS),
            Self::Events => (Method::POST, "/site-v1/{projectId}/consent-events"),
        }
    }

    /// What the same call gets that is made a second time, and not as a repeat.
    fn second(self) -> Option<(u16, &'static str)> {
        match self {
            Self::Notice | Self::Translation | Self::PlacedConsentType => Some((409, "CONFLICT")),
            Self::Withdrawal | Self::WithdrawalWithGrant => Some((409, "ALREADY_WITHDRAWN")),
            Self::GrievanceStep => Some((409, "INVALID_TRANSITION")),
            Self::SessionClosing => Some((409, "SESSION_CLOSED")),
            Self::ConsentTypeDeletion => Some((404, "NOT_FOUND")),
            _ => None,
        }
    }

    /// Whether it needs nothing that was made before.
    fn stands_alone(self) -> bool {
        matches!(
            self,
            Self::Notice
                | Self::Grant
                | Self::Grievance
                | Self::Export
                | Self::Session
                | Self::ConsentType
                | Self::PlacedConsentType
                | Self::Project
        )
    }

    /// Whether the other call cannot follow the one.
    fn is_final(self) -> bool {
        matches!(self, Self::Withdrawal | Self::WithdrawalWithGrant)
    }

    /// Whether the same call, made a second time, changes nothing any more.
    fn changes_once(self) -> bool {
        matches!(self, Self::Revocation | Self::SessionChange | Self::ConsentTypeEdit)
    }

    /// Makes what the call needs.
    async fn prepare(self, caller: &Caller) -> Write {
        let (method, route) = self.route();
        let write = |path: &str, body: Value, other: Value| Write {
            sent: Sent::new(method.clone(), path, body),
            other: Sent::new(method.clone(), path, other),
            status: if method == Method::PATCH { 200 } else { 201 },
        };
        let url = |edition: u8| json!({"url": format!("https://example.com/{edition}")});
        match self {
            Self::Notice => write(route, notice(), notice()),
            Self::Translation => {
                let notice = notice();
                caller.post(NOTICES, &notice).await.expect(201);
                let in_language = |language: &str| with(&notice, "language", Some(json!(language)));
                write(route, in_language("hi"), in_language("ta"))
            }
            Self::Grant => write(route, grant("user-1"), grant("user-2")),
            Self::ChildGrant => {
                let parent = caller.create_grant("user-1").await;
                let child = |scope: &str| json!({"principalId": "user-1", "scopes": [scope], "parentGrantId": parent["grantId"]});
                write(route, child("orders:read"), child("profile:read"))
            }
            Self::Revocation => {
                let (grant, other) = (caller.create_grant("user-1").await, caller.create_grant("user-1").await);
                let revocation = |grant: &Value| Sent { method: Method::DELETE, path: grant_path(grant), body: None };
                Write { sent: revocation(&grant), other: revocation(&other), status: 204 }
            }
            Self::Record => {
                let (notice, grant) = (caller.create_notice().await, caller.create_grant("user-1").await);
                let body = record(&grant, &notice, "user-1");
                let later = in_future(chrono::Duration::days(300));
                write(route, body.clone(), with(&body, "processingExpiresAt", Some(json!(later))))
            }
            Self::Withdrawal | Self::WithdrawalWithGrant => {
                let record = caller.create_record().await;
                let body = |reason: &str| json!({"reason": reason, "revokeGrant": self == Self::WithdrawalWithGrant});
                Write { status: 200, ..write(&withdraw_path(&record), body("One"), body("Another")) }
            }
            Self::Grievance => Write { status: 202, ..write(route, grievance("user-1"), grievance("user-2")) },
            Self::GrievanceStep => {
                let in_review = async || {
                    let path = grievance_path(&caller.create_grievance("user-1").await);
                    caller.patch(&path, &json!({"status": "in_review"})).await.expect(200);
                    Sent::new(method.clone(), path, json!({"status": "resolved", "resolution": "Done"}))
                };
                Write { sent: in_review().await, other: in_review().await, status: 200 }
            }
            Self::Export => {
                let body = |to: &str| json!({"type": "dpdp-audit", "dateFrom": "2026-01-01", "dateTo": to});
                write(route, body("2026-02-01"), body("2026-03-01"))
            }
            Self::Session => write(route, json!({}), json!({"isChild": true})),
            Self::SessionChange => {
                let id = text(&caller.create_session().await, "sessionId");
                let body = |purpose: &str| json!({"sessionId": id, "consentedPurposes": [purpose]});
                write(route, body("one"), body("another"))
            }
            Self::SessionClosing => {
                let (one, another) = (caller.create_session().await, caller.create_session().await);
                let body = |session: &Value| json!({"sessionId": session["sessionId"], "closed": true, "closureReason": "Done"});
                write(route, body(&one), body(&another))
            }
            Self::ConsentType => write(route, consent_type(), with(&consent_type(), "title", Some(json!("Another")))),
            Self::PlacedConsentType => write(route, placed(&label()), placed(&label())),
            Self::ConsentTypeEdit => {
                let path = type_path(&caller.create_consent_type().await);
                write(&path, json!({"title": "One"}), json!({"title": "Another"}))
            }
            Self::ConsentTypeDeletion => {
                let (id, other) = (caller.create_consent_type().await, caller.create_consent_type().await);
                let deletion = |id: &str| Sent { method: Method::DELETE, path: type_path(id), body: None };
                Write { sent: deletion(&id), other: deletion(&other), status: 204 }
            }
            Self::Version => {
                let id = caller.create_consent_type().await;
                write(&format!("{CATALOG}/{id}/version"), url(1), url(2))
            }
            Self::VersionEdit => {
                let id = caller.create_consent_type().await;
                write(&version_path(&id, "1"), url(1), url(2))
            }
            Self::Project => write(route, json!({"name": "Shop"}), json!({"name": "Another"})),
            Self::Events => {
                let (project, id) = (caller.create_project().await, caller.create_consent_type().await);
                let declined = with(&accepted(&id), "items[0].consentState", Some(json!("declined")));
                write(&events_path(&project), accepted(&id), declined)
            }
        }
    }
}

fn grant_path(grant: &Value) -> String {
    format!("{GRANTS}/{}", text(grant, "grantId"))
}

fn type_path(id: &str) -> String {
    format!("{CATALOG}/{id}")
}

/// A label that is taken by no consent type.
fn label() -> String {
    unique("label").replace('-', "_")
}

/// The body of a consent type in the place that this label completes.
fn placed(label: &str) -> Value {
    let mut body = consent_type();
    for (field, value) in [("category", "c"), ("subcategory", "s"), ("label", label)] {
        body[field] = json!(value);
    }
    body
}

/// The writes that remember an answer of this tenant's.
fn remembering(tenant: &Tenant) -> Matching {
    Matching::writes(&ANSWERS).and(&tenant.id)
}

/// What one call of this kind does to the database, the answer that is kept included.
async fn effect_of(system: &'static System, kind: Kind) -> BTreeMap<String, Effect> {
    let tenant = Tenant::new(system).await;
    let write = kind.prepare(&tenant).await;
    let before = system.contents.of(tenant.id).await;
    let answer = tenant.send(write.sent.under(&tenant, "key")).await;
    assert_eq!(answer.status(), write.status, "{kind:?}: {answer}");
    let effect = before.until(&system.contents.of(tenant.id).await);
    assert_eq!(effect.get(ANSWERS).map(|answers| answers.added), Some(1), "{kind:?}: {effect:?}");
    assert!(effect.len() > 1, "{kind:?}: {effect:?}");
    effect
}

async fn every_route_that_writes_is_tried_here(system: &'static System) {
    // A site session is in its token alone, which is kept nowhere to be given again. An erasure goes
    // by steps, of which the last keeps the answer; its repeats are tried where its steps are.
    let apart = ["/site-v1/{projectId}/sessions", "/v1/dpdp/data-principals/{principalId}/erasure"];
    let writes = |method: &Method, path: &str| method != Method::GET && !apart.contains(&path);
    let routes = system.routes_with_keys().into_iter().filter(|(method, path)| writes(method, path));
    let routes: BTreeSet<(String, String)> = routes.map(|(method, path)| (method.to_string(), path)).collect();
    let tried = KINDS.map(Kind::route).into_iter().map(|(method, path)| (method.to_string(), path.to_owned()));
    assert_eq!(tried.collect::<BTreeSet<_>>(), routes);
}

async fn a_repeat_is_the_same_answer_and_nothing_more(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for kind in KINDS {
        let write = kind.prepare(&tenant).await;
        let key = unique("call");
        let first = tenant.send(write.sent.under(&tenant, &key)).await;
        assert_eq!((first.status(), first.replayed()), (write.status, false), "{kind:?}: {first}");
        let before = system.contents.of(tenant.id).await;
        for _ in 0..2 {
            tenant.send(write.sent.under(&tenant, &key)).await.expect_replay_of(&first);
        }
        before.expect_unchanged(&system.contents.of(tenant.id).await);
    }
}

async fn both_ways_in_know_the_same_calls(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (gateway, function_urls) = (&system.client, &system.function_urls().await);
    for kind in KINDS {
        for (one, other) in [(gateway, function_urls), (function_urls, gateway)] {
            let write = kind.prepare(&tenant).await;
            let key = unique("call");
            let first = one.send(write.sent.under(&tenant, &key)).await;
            assert_eq!(first.status(), write.status, "{kind:?}: {first}");
            other.send(write.sent.under(&tenant, &key)).await.expect_replay_of(&first);
        }
    }
}

async fn without_a_key_a_repeat_is_a_call_of_its_own(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for kind in KINDS {
        let write = kind.prepare(&tenant).await;
        let first = tenant.send(write.sent.under(&tenant, &unique("call"))).await;
        assert_eq!(first.status(), write.status, "{kind:?}: {first}");
        for request in [write.sent.by(&tenant), write.sent.under(&tenant, &unique("call"))] {
            is_second(kind, &tenant.send(request).await, write.status);
        }
    }
}

/// Asserts that an answer is that of a call which meets the effect of an equal one.
#[track_caller]
fn is_second(kind: Kind, answer: &Answer, status: u16) {
    assert!(!answer.replayed(), "{kind:?}: {answer}");
    match kind.second() {
        Some((status, code)) => {
            answer.expect_error(status, code);
        }
        None => assert_eq!(answer.status(), status, "{kind:?}: {answer}"),
    }
}

async fn a_repeat_counts_nothing_twice(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let thrice = async |sent: Sent| {
        let key = unique("call");
        let answers = [0; 3].map(|_| tenant.send(sent.under(&tenant, &key)));
        let mut told = Vec::new();
        for answer in answers {
            told.push(answer.await);
        }
        told[1].expect_replay_of(&told[0]);
        told[2].expect_replay_of(&told[0]);
        told.swap_remove(0)
    };

    let id = tenant.create_consent_type().await;
    let versions = format!("{CATALOG}/{id}/version");
    let version = Sent::new(Method::POST, &versions, json!({"url": "https://example.com/2"}));
    assert_eq!(thrice(version.clone()).await.expect(201)["version"], "2");
    tenant.get(version_path(&id, "3")).await.expect_error(404, "NOT_FOUND");
    assert_eq!(tenant.send(version.by(&tenant)).await.expect(201)["version"], "3");

    let record = tenant.create_record().await;
    let withdrawal = Sent::new(Method::POST, withdraw_path(&record), json!({"reason": "x", "revokeGrant": true}));
    let withdrawn = thrice(withdrawal.clone()).await.expect(200);
    let read = tenant.get(format!("{RECORDS}/{}", text(&record, "recordId"))).await.expect(200);
    assert_eq!((&read["withdrawnAt"], &read["accessCount"]), (&withdrawn["withdrawnAt"], &json!(1)));
    tenant.send(withdrawal.by(&tenant)).await.expect_error(409, "ALREADY_WITHDRAWN");

    let grant = tenant.create_grant("user-1").await;
    thrice(Sent { method: Method::DELETE, path: grant_path(&grant), body: None }).await.expect_no_content();
    let revoked = tenant.get(grant_path(&grant)).await.expect(200);
    assert_eq!(revoked["status"], "revoked");

    let session = tenant.create_session().await;
    let closing = json!({"sessionId": session["sessionId"], "closed": true});
    let closing = Sent::new(Method::PATCH, SESSION, closing);
    let closed = thrice(closing.clone()).await.expect(200);
    assert_eq!(closed["closed"], true);
    assert_eq!(tenant.get(format!("{SESSION}/{}", text(&session, "sessionId"))).await.expect(200), closed);
    tenant.send(closing.by(&tenant)).await.expect_error(409, "SESSION_CLOSED");

    let project = tenant.create_project().await;
    thrice(Sent::new(Method::POST, events_path(&project), accepted(&id))).await.expect(201);
    assert_eq!(events_of(system, &tenant).await, 1);
}

/// How many consent events the tenant has.
async fn events_of(system: &'static System, tenant: &Tenant) -> usize {
    let items = system.contents.of(tenant.id).await;
    items.in_table("ConsentEventsTable").filter(|(place, _)| place.sort.starts_with("event#")).count()
}

async fn another_body_or_path_under_the_key_is_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for kind in KINDS {
        let write = kind.prepare(&tenant).await;
        let key = unique("call");
        let first = tenant.send(write.sent.under(&tenant, &key)).await;
        assert_eq!(first.status(), write.status, "{kind:?}: {first}");
        let before = system.contents.of(tenant.id).await;
        let mut others = vec![write.other.under(&tenant, &key)];
        if let Some(body) = &write.sent.body {
            // A body is the same to the byte, or another.
            let spaced = serde_json::to_string_pretty(body).expect("a text");
            if spaced.len() > body.to_string().len() {
                others.push(Sent { body: None, ..write.sent.clone() }.under(&tenant, &key).bytes(spaced));
            }
        } else {
            let with_body = write.sent.under(&tenant, &key).bytes("{}");
            tenant.send(with_body).await.expect_error(400, "BAD_REQUEST");
        }
        for other in others {
            let answer = tenant.send(other).await;
            // What was deleted, closed or resolved is so, whatever the key was used for.
            if kind.second() != Some((answer.status(), text(&answer.body(), "code").as_str())) {
                answer.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
            }
        }
        before.expect_unchanged(&system.contents.of(tenant.id).await);
        tenant.send(write.sent.under(&tenant, &key)).await.expect_replay_of(&first);
        // The key was what stood in the way.
        let other = tenant.send(write.other.under(&tenant, &unique("call"))).await;
        if !kind.is_final() {
            assert_eq!((other.status(), other.replayed()), (write.status, false), "{kind:?}: {other}");
        }
    }
}

async fn another_endpoint_under_the_key_is_refused(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let project = Sent::new(Method::POST, PROJECTS, json!({"name": "Shop"}));
    let of_the_project = unique("call");
    let made = tenant.send(project.under(&tenant, &of_the_project)).await;
    made.expect(201);
    for kind in KINDS {
        let write = kind.prepare(&tenant).await;
        let before = system.contents.of(tenant.id).await;
        let answer = tenant.send(write.sent.under(&tenant, &of_the_project)).await;
        if kind == Kind::Project {
            // This is the very call that was made.
            answer.expect_replay_of(&made);
            continue;
        }
        answer.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
        before.expect_unchanged(&system.contents.of(tenant.id).await);

        let key = unique("call");
        let first = tenant.send(write.sent.under(&tenant, &key)).await;
        assert_eq!(first.status(), write.status, "{kind:?}: {first}");
        tenant.send(project.under(&tenant, &key)).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
    }
    // One path, two methods.
    let session = tenant.create_session().await;
    let begun = unique("call");
    tenant.send(tenant.posting(SESSION, &json!({})).header(HEADER, &begun)).await.expect(201);
    let change = tenant.patching(SESSION, &json!({"sessionId": session["sessionId"], "isChild": true}));
    tenant.send(change.header(HEADER, &begun)).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
    let path = format!("{SESSION}/{}", text(&session, "sessionId"));
    assert_eq!(tenant.get(path).await.expect(200), session);
}

async fn what_else_is_wrong_is_told_before_the_reuse(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let scopeless = tenant.with_scopes(&["exports:read"]).await;
    let key = unique("call");
    let project = Sent::new(Method::POST, PROJECTS, json!({"name": "Shop"}));
    tenant.send(project.under(&tenant, &key)).await.expect(201);
    for kind in KINDS {
        let (method, _) = kind.route();
        let Sent { path, .. } = kind.prepare(&tenant).await.sent;
        let request = |caller: &Caller| caller.request(method.clone(), &path).header(HEADER, &key);
        let unknown = Request::new(method.clone(), &path).header(HEADER, &key);
        tenant.send(unknown).await.expect_error(401, "UNAUTHORIZED");
        tenant.send(request(&scopeless)).await.expect_error(403, "FORBIDDEN");
        tenant.send(request(&tenant).bytes(" ".repeat(1024 * 1024 + 1))).await.expect_error(413, "PAYLOAD_TOO_LARGE");
        if method == Method::DELETE {
            continue;
        }
        let text = request(&tenant).header("content-type", "text/plain").bytes("text");
        tenant.send(text).await.expect_error(415, "UNSUPPORTED_MEDIA_TYPE");
        tenant.send(request(&tenant)).await.expect_error(400, "BAD_REQUEST");
        let faulty = tenant.send(request(&tenant).json(&json!({"nonsense": 1}))).await;
        faulty.expect_error(400, "BAD_REQUEST");
        assert!(faulty.faulty_fields().contains(&"nonsense".to_owned()), "{faulty}");
    }

    let uuid = Uuid::nil();
    let of_no_record = json!({"recordId": format!("cr_{}", Ulid::nil())});
    let of_no_grant = json!({"grantId": format!("grnt_{}", Ulid::nil())});
    let url = json!({"url": "https://example.com/"});
    let absent = [
        Sent { method: Method::DELETE, path: grant_path(&of_no_grant), body: None },
        Sent::new(Method::POST, withdraw_path(&of_no_record), json!({"reason": "x"})),
        Sent::new(Method::POST, withdraw_path(&of_no_record), json!({"reason": "x", "revokeGrant": true})),
        Sent::new(Method::PATCH, SESSION, json!({"sessionId": uuid, "isChild": true})),
        Sent::new(Method::POST, format!("{CATALOG}/{uuid}/version"), url.clone()),
        Sent::new(Method::PATCH, version_path(&uuid.to_string(), "1"), url.clone()),
        Sent::new(Method::POST, events_path(&uuid.to_string()), accepted(&uuid.to_string())),
    ];
    let mut untold = Vec::new();
    for sent in absent {
        let answer = tenant.send(sent.under(&tenant, &key)).await;
        if answer.status() != 404 {
            untold.push(answer.to_string());
        }
    }
    assert!(untold.is_empty(), "{untold:#?}");

    let notice = tenant.create_notice().await;
    let grant = tenant.create_grant("user-1").await;
    let consent = record(&grant, &notice, "user-1");
    for (field, value, code) in [
        ("grantId", of_no_grant["grantId"].clone(), "INVALID_GRANT"),
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
    for kind in KINDS {
        let write = kind.prepare(&tenant).await;
        let key = unique("call");
        let first = tenant.send(write.sent.under(&tenant, &key)).await;
        assert_eq!(first.status(), write.status, "{kind:?}: {first}");
        is_second(kind, &colleague.send(write.sent.under(&colleague, &key)).await, write.status);
        let of_stranger = stranger.send(write.sent.under(&stranger, &key)).await;
        assert!(!of_stranger.replayed() && of_stranger.status() != 422 || kind == Kind::Events, "{of_stranger}");
        if kind.stands_alone() {
            assert_eq!(of_stranger.status(), write.status, "{kind:?}: {of_stranger}");
        }
        // Each has its own answer.
        tenant.send(write.sent.under(&tenant, &key)).await.expect_replay_of(&first);
        if kind.stands_alone() {
            stranger.send(write.sent.under(&stranger, &key)).await.expect_replay_of(&of_stranger);
            assert_ne!(of_stranger.body(), first.body());
        }
    }
}

async fn keys_belong_to_one_end_user(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (project, id) = (tenant.create_project().await, tenant.create_consent_type().await);
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
    for answer in [&first, &of_another, &of_key] {
        assert!(!answer.replayed(), "{answer}");
        users.insert(text(&answer.expect(201)["items"][0], "concordId"));
    }
    assert!(users.len() == 3 && users.contains(&one.concord_id) && users.contains(&another.concord_id), "{users:?}");
    assert_eq!(system.contents.of(tenant.id).await.in_table(ANSWERS).count(), 3);
}

async fn malformed_keys_name_the_header(system: &'static System) {
    let (tenant, function_urls) = (Tenant::new(system).await, system.function_urls().await);
    for kind in KINDS {
        let write = kind.prepare(&tenant).await;
        let before = system.contents.of(tenant.id).await;
        let long = "k".repeat(256);
        for key in [b"".as_slice(), long.as_bytes(), "é".as_bytes(), b"\xff", b"a\tb"] {
            let answer = tenant.send(write.sent.by(&tenant).header(HEADER, key)).await;
            answer.expect_faults(400, "BAD_REQUEST", &[HEADER]);
            // cargo-lambda's router takes no header beyond ASCII.
            if key.is_ascii() {
                let answer = function_urls.send(write.sent.by(&tenant).header(HEADER, key)).await;
                answer.expect_faults(400, "BAD_REQUEST", &[HEADER]);
            }
        }
        before.expect_unchanged(&system.contents.of(tenant.id).await);
    }
}

async fn any_printable_ascii_is_a_key(system: &'static System) {
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

async fn a_reading_takes_no_key(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.create_session().await;
    let path = format!("{SESSION}/{}", text(&session, "sessionId"));
    let key = unique("call");
    for key in [key.as_str(), key.as_str(), "", "é"] {
        let read = tenant.send(tenant.request(Method::GET, &path).header(HEADER, key)).await;
        assert!(!read.replayed());
        assert_eq!(read.expect(200), session);
    }
    tenant.send(tenant.posting(SESSION, &json!({})).header(HEADER, &key)).await.expect(201);
}

async fn a_refusal_is_not_kept(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let nothing_is_kept = async || {
        assert_eq!(system.contents.of(tenant.id).await.in_table(ANSWERS).count(), 0);
    };
    let mut succeeding = Vec::new();

    // 404: then the version is added.
    let id = tenant.create_consent_type().await;
    let edit = tenant.patching(version_path(&id, "2"), &json!({"description": "New"})).header(HEADER, "absent");
    tenant.send(edit.clone()).await.expect_error(404, "NOT_FOUND");
    tenant.post(format!("{CATALOG}/{id}/version"), &json!({"url": "https://example.com/2"})).await.expect(201);
    succeeding.push((edit, 200));

    // 400: then the notice is registered.
    let grant = tenant.create_grant("user-1").await;
    let notice = notice();
    let consent = tenant.posting(RECORDS, &record(&grant, &notice, "user-1")).header(HEADER, "unregistered");
    tenant.send(consent.clone()).await.expect_error(400, "INVALID_NOTICE");
    tenant.post(NOTICES, &notice).await.expect(201);
    succeeding.push((consent, 201));

    // 400: then the body is mended.
    let faulty = tenant.posting(PROJECTS, &json!({"nam": "Shop"})).header(HEADER, "faulty");
    tenant.send(faulty).await.expect_error(400, "BAD_REQUEST");
    succeeding.push((tenant.posting(PROJECTS, &json!({"name": "Shop"})).header(HEADER, "faulty"), 201));

    // 422: then the consent type is made.
    let (project, label) = (tenant.create_project().await, label());
    let item = json!({"category": "c", "subcategory": "s", "label": label,
        "consentState": "accepted", "consentAction": "import"});
    let events = tenant.posting(events_path(&project), &json!({"items": [item]})).header(HEADER, "unknown");
    tenant.send(events.clone()).await.expect_error(422, "UNPROCESSABLE_ENTITY");
    tenant.post(CATALOG, &placed(&label)).await.expect(201);
    succeeding.push((events, 201));

    // 409: then the other consent type is deleted.
    let rival = placed(&unique("rival").replace('-', "_"));
    let taken = text(&tenant.post(CATALOG, &rival).await.expect(201), "id");
    let request = tenant.posting(CATALOG, &rival).header(HEADER, "taken");
    tenant.send(request.clone()).await.expect_error(409, "CONFLICT");
    tenant.delete(type_path(&taken)).await.expect_no_content();
    succeeding.push((request, 201));

    // 409, which stays one: the key is free for another call.
    let record = tenant.create_record().await;
    let withdrawal = tenant.posting(withdraw_path(&record), &json!({"reason": "x"}));
    tenant.send(withdrawal.clone()).await.expect(200);
    tenant.send(withdrawal.header(HEADER, "conflict")).await.expect_error(409, "ALREADY_WITHDRAWN");
    succeeding.push((tenant.posting(SESSION, &json!({})).header(HEADER, "conflict"), 201));

    // 401 and 403: then the caller may.
    let begin = || Request::new(Method::POST, SESSION).json(&json!({})).header(HEADER, "nobody");
    tenant.send(begin()).await.expect_error(401, "UNAUTHORIZED");
    succeeding.push((tenant.posting(SESSION, &json!({})).header(HEADER, "nobody"), 201));

    // 503: then the database is back.
    let session = tenant.posting(SESSION, &json!({})).header(HEADER, "unavailable-for-now");
    let down = system.faults.strike(Matching::every(&ANSWERS).and(&tenant.id), Fault::Cut, usize::MAX);
    tenant.send(session.clone()).await.expect_error(503, "SERVICE_UNAVAILABLE");
    drop(down);
    succeeding.push((session, 201));

    nothing_is_kept().await;
    for (request, status) in succeeding {
        let first = tenant.send(request.clone()).await;
        assert_eq!((first.status(), first.replayed()), (status, false), "{first}");
        tenant.send(request).await.expect_replay_of(&first);
    }
}

async fn a_patch_that_changes_nothing_is_not_kept(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let session = tenant.create_session().await;
    let same = json!({"sessionId": session["sessionId"], "isChild": false});
    let before = system.contents.of(tenant.id).await;
    let request = tenant.patching(SESSION, &same).header(HEADER, "key");
    for _ in 0..2 {
        let answer = tenant.send(request.clone()).await;
        assert!(!answer.replayed(), "{answer}");
        assert_eq!(answer.expect(200), session);
    }
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    // So the key is free.
    let change = json!({"sessionId": session["sessionId"], "isChild": true});
    let changed = tenant.send(tenant.patching(SESSION, &change).header(HEADER, "key")).await;
    assert_eq!(changed.expect(200)["isChild"], true);
    tenant.send(request).await.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
}

async fn a_repeat_is_answered_though_the_world_has_changed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let first = async |kind: Kind| {
        let write = kind.prepare(&tenant).await;
        let request = write.sent.under(&tenant, &unique("call"));
        let answer = tenant.send(request.clone()).await;
        assert_eq!(answer.status(), write.status, "{kind:?}: {answer}");
        (write.sent, request, answer)
    };
    let mut repeats = Vec::new();

    // The grants are revoked.
    let (sent, request, answer) = first(Kind::Record).await;
    tenant.delete(grant_path(&answer.body())).await.expect_no_content();
    tenant.send(sent.by(&tenant)).await.expect_error(400, "INVALID_GRANT");
    repeats.push((request, answer));
    let (sent, request, answer) = first(Kind::ChildGrant).await;
    tenant.delete(format!("{GRANTS}/{}", text(&answer.body(), "parentGrantId"))).await.expect_no_content();
    tenant.send(sent.by(&tenant)).await.expect_error(400, "INVALID_GRANT");
    repeats.push((request, answer));

    // The record is withdrawn; what was told of its creation stays `active`.
    let (_, request, answer) = first(Kind::Record).await;
    tenant.post(withdraw_path(&answer.body()), &json!({"reason": "x"})).await.expect(200);
    assert_eq!(answer.body()["status"], "active");
    repeats.push((request, answer));

    // The session is closed.
    let (sent, request, answer) = first(Kind::SessionChange).await;
    let closing = json!({"sessionId": answer.body()["sessionId"], "closed": true});
    tenant.patch(SESSION, &closing).await.expect(200);
    tenant.send(sent.by(&tenant)).await.expect_error(409, "SESSION_CLOSED");
    repeats.push((request, answer));

    // The session has another state than the one demanded.
    let session = tenant.post(SESSION, &json!({})).await;
    let state = session.header("etag").expect("an ETag").to_owned();
    let change = json!({"sessionId": session.body()["sessionId"], "isChild": true});
    let demanding = tenant.patching(SESSION, &change).header("If-Match", state);
    let request = demanding.clone().header(HEADER, unique("call"));
    let answer = tenant.send(request.clone()).await;
    answer.expect(200);
    tenant.send(demanding).await.expect_error(412, "PRECONDITION_FAILED");
    repeats.push((request, answer));

    // An end user has consented to the edited version.
    let (sent, request, answer) = first(Kind::VersionEdit).await;
    let project = tenant.create_project().await;
    let id = text(&answer.body(), "consentCatalogId");
    tenant.post(events_path(&project), &accepted(&id)).await.expect(201);
    tenant.send(sent.by(&tenant)).await.expect_error(409, "CONSENT_VERSION_IN_USE");
    repeats.push((request, answer));

    // There is a newer version.
    let (sent, request, answer) = first(Kind::Events).await;
    let id = text(&answer.body()["items"][0], "consentType");
    tenant.post(format!("{CATALOG}/{id}/version"), &json!({"url": "https://example.com/2"})).await.expect(201);
    assert_eq!(tenant.send(sent.by(&tenant)).await.expect(201)["items"][0]["version"], 2);
    repeats.push((request, answer));

    let before = system.contents.of(tenant.id).await;
    for (request, answer) in repeats {
        tenant.send(request).await.expect_replay_of(&answer);
    }
    before.expect_unchanged(&system.contents.of(tenant.id).await);
}

async fn a_record_is_given_again_after_its_processing_ended(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (notice, grant) = (tenant.create_notice().await, tenant.create_grant("user-1").await);
    let end = in_future(chrono::Duration::seconds(3));
    let body = with(&record(&grant, &notice, "user-1"), "processingExpiresAt", Some(json!(end)));
    let request = tenant.posting(RECORDS, &body);
    let first = tenant.send(request.clone().header(HEADER, "key")).await;
    first.expect(201);
    tokio::time::sleep(Duration::from_secs(4)).await;
    tenant.send(request.clone()).await.expect_faults(400, "BAD_REQUEST", &["processingExpiresAt"]);
    tenant.send(request.header(HEADER, "key")).await.expect_replay_of(&first);
}

/// Sends calls under one key at once, which are held until all have found it unused and are about
/// to write; asserts that they come to one effect.
async fn heat_of(
    system: &'static System,
    kind: Kind,
    alone: &BTreeMap<String, Effect>,
    sent: impl Fn(&Write) -> Vec<Sent>,
) -> Option<(Tenant, Write, String, Heat)> {
    let tenant = Tenant::new(system).await;
    let write = kind.prepare(&tenant).await;
    let key = unique("call");
    let before = system.contents.of(tenant.id).await;
    let requests = sent(&write).iter().map(|sent| sent.under(&tenant, &key)).collect();
    let heat = at_once(system, &tenant.client, remembering(&tenant), requests).await?;
    let effect = before.until(&system.contents.of(tenant.id).await);
    assert_eq!(&effect, alone, "{kind:?}");
    Some((tenant, write, key, heat))
}

async fn identical_calls_at_once_have_one_effect(system: &'static System) {
    for kind in KINDS {
        let alone = effect_of(system, kind).await;
        until_overlapping(system, async || {
            let crowd = |write: &Write| vec![write.sent.clone(); CROWD];
            let (tenant, write, key, heat) = heat_of(system, kind, &alone, crowd).await?;
            assert_eq!(heat.count(write.status), CROWD, "{kind:?}: {:?}", heat.answers);
            let (given_again, made): (Vec<&Answer>, Vec<&Answer>) =
                heat.answers.iter().partition(|answer| answer.replayed());
            // A change that comes when it has been made by its like already changes nothing.
            assert!(made.len() == 1 || (!heat.overlapped && kind.changes_once()), "{kind:?}: {made:?}");
            for answer in given_again {
                answer.expect_replay_of(made[0]);
            }
            for answer in &made {
                answer.expect_equal(made[0]);
            }
            tenant.send(write.sent.under(&tenant, &key)).await.expect_replay_of(made[0]);
            Some(heat.overlapped)
        })
        .await;
    }
}

async fn two_bodies_at_once_have_one_effect(system: &'static System) {
    for kind in KINDS {
        let alone = effect_of(system, kind).await;
        until_overlapping(system, async || {
            let two = |write: &Write| vec![write.sent.clone(), write.other.clone()];
            let (tenant, write, key, heat) = heat_of(system, kind, &alone, two).await?;
            assert_eq!((heat.count(write.status), heat.count(422)), (1, 1), "{kind:?}: {:?}", heat.answers);
            for (answer, sent) in heat.answers.iter().zip([&write.sent, &write.other]) {
                let again = tenant.send(sent.under(&tenant, &key)).await;
                if answer.status() == write.status {
                    assert!(!answer.replayed());
                    again.expect_replay_of(answer);
                } else {
                    answer.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
                    again.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
                }
            }
            Some(heat.overlapped)
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
    assert_eq!(events_of(system, &tenant).await, 25);
    let before = system.contents.of(tenant.id).await;
    tenant.send(request).await.expect_replay_of(&first);
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    for id in types {
        assert_eq!(tenant.get(version_path(&id, "1")).await.expect(200)["isUsed"], true);
    }
}

async fn a_lost_answer_is_one_effect(system: &'static System) {
    for kind in KINDS {
        let alone = effect_of(system, kind).await;
        let tenant = Tenant::new(system).await;
        for count in [1, 2] {
            let write = kind.prepare(&tenant).await;
            let key = unique("call");
            let before = system.contents.of(tenant.id).await;
            let lost = system.faults.strike(remembering(&tenant), Fault::LoseAnswer, count);
            let first = tenant.send(write.sent.under(&tenant, &key)).await;
            assert_eq!((first.status(), lost.struck()), (write.status, count), "{kind:?}: {first}");
            assert_eq!(before.until(&system.contents.of(tenant.id).await), alone, "{kind:?}");
            tenant.send(write.sent.under(&tenant, &key)).await.expect_replay_of(&first);
        }
    }
}

/// The database does it, and no answer comes however often the function asks: the caller learns
/// only from a repeat that it was done.
async fn an_answer_that_never_came_is_had_by_asking_again(system: &'static System) {
    for kind in KINDS {
        let alone = effect_of(system, kind).await;
        let tenant = Tenant::new(system).await;
        let write = kind.prepare(&tenant).await;
        let key = unique("call");
        let before = system.contents.of(tenant.id).await;
        let lost = system.faults.strike(remembering(&tenant), Fault::LoseAnswer, usize::MAX);
        tenant.send(write.sent.under(&tenant, &key)).await.expect_error(503, "SERVICE_UNAVAILABLE");
        assert!(lost.struck() > 1, "{kind:?}");
        drop(lost);
        let again = tenant.send(write.sent.under(&tenant, &key)).await;
        assert_eq!((again.status(), again.replayed()), (write.status, true), "{kind:?}: {again}");
        assert_eq!(before.until(&system.contents.of(tenant.id).await), alone, "{kind:?}");
    }
}

async fn an_answer_is_kept_for_a_day(system: &'static System) {
    assert_eq!(system.contents.expiry_attribute(ANSWERS), Some("expiresAt"));
    for kind in KINDS {
        let tenant = Tenant::new(system).await;
        let write = kind.prepare(&tenant).await;
        let from = now().timestamp();
        let answer = tenant.send(write.sent.under(&tenant, "key")).await;
        assert_eq!(answer.status(), write.status, "{kind:?}: {answer}");
        let to = now().timestamp();
        let items = system.contents.of(tenant.id).await;
        let (place, item) = items.in_table(ANSWERS).next().expect("an answer");
        assert!(place.partition.starts_with(&format!("{}#", tenant.id)), "{place:?}");
        let expiry: i64 = item["expiresAt"].as_n().expect("a number").parse().expect("seconds");
        assert!((from + DAY..=to + DAY).contains(&expiry), "{kind:?}: {expiry}");
    }
}

async fn what_is_personal_is_kept_sealed(system: &'static System) {
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
    for (request, answer) in calls {
        assert!(answer.to_string().contains(&person), "{answer}");
        tenant.send(request.clone()).await.expect_replay_of(answer);
    }
    let items = system.contents.of(tenant.id).await;
    assert_eq!(items.in_table(ANSWERS).count(), 5);
    let telling = items.mentioning(&person);
    assert!(!telling.is_empty() && telling.iter().all(|place| place.table != ANSWERS), "{telling:?}");
    for (_, item) in items.in_table(ANSWERS) {
        assert!(!format!("{item:?}").contains("the step's"), "{item:?}");
    }

    // With the key of the record's trail its answer goes, and nobody else's.
    let order = json!({"reason": "No more", "deleteProcessedData": true});
    let withdrawal = under(tenant.posting(withdraw_path(&recorded.body()), &order), "the withdrawal's");
    let withdrawn = tenant.send(withdrawal.clone()).await;
    withdrawn.expect(200);
    tenant.send(record.clone()).await.expect_error(410, "GONE");
    tenant.send(withdrawal.clone()).await.expect_replay_of(&withdrawn);
    tenant.send(grant.clone()).await.expect_replay_of(&granted);

    let erasure = format!("/v1/dpdp/data-principals/{person}/erasure");
    tenant.send(tenant.request(Method::POST, erasure)).await.expect(201);
    for (request, _) in calls {
        tenant.send(request.clone()).await.expect_error(410, "GONE");
    }
    tenant.send(withdrawal).await.expect_replay_of(&withdrawn);
}

/// A key such as `erase-` and a name, and the request under it, are guessed easily: whoever has the
/// tables, or a backup of them, must not find the guess there.
async fn no_guess_at_a_key_is_confirmed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = unique("person");
    let (grant, notice) = (tenant.create_grant(&person).await, tenant.create_notice().await);
    tenant.post(RECORDS, &record(&grant, &notice, &person)).await.expect(201);
    let erasure = Sent { method: Method::POST, path: format!("/v1/dpdp/data-principals/{person}/erasure"), body: None };
    let (project, consent_type) = (tenant.create_project().await, tenant.create_consent_type().await);
    let visitor = tenant.create_visitor(&project, &json!({"userId": person})).await;
    let consent = Sent::new(Method::POST, events_path(&project), accepted(&consent_type));
    let (key, visitors) = (format!("erase-{person}"), format!("consent-{person}"));
    visitor.send(visitor.posting(&consent.path, &accepted(&consent_type)).header(HEADER, &visitors)).await.expect(201);
    tenant.send(erasure.under(&tenant, &key)).await.expect(201);

    let items = system.contents.of(tenant.id).await;
    assert_eq!(items.in_table(ANSWERS).count(), 2);
    for (sent, key) in [(&erasure, &key), (&consent, &visitors)] {
        let body = sent.body.as_ref().map(Value::to_string).unwrap_or_default();
        let request = [sent.method.as_str(), &sent.path, &body];
        for guess in [sha256(key), code(key, &[]), code("", &[key]), code(key, &request), code("", &request)] {
            assert_eq!(items.mentioning(&guess), [] as [&_; 0], "{key}");
        }
    }
    // Nor does the answer's place tell who called.
    for (place, _) in items.in_table(ANSWERS) {
        for caller in [tenant.key_id.to_string(), visitor.concord_id.clone(), project.clone()] {
            assert!(!place.partition.contains(&caller), "{place:?}");
        }
    }
}

/// The HMAC of texts, each behind its length, under a key that anybody may guess.
fn code(key: &str, texts: &[&str]) -> String {
    let mut code = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key");
    for text in texts {
        code.update(&(text.len() as u64).to_be_bytes());
        code.update(text.as_bytes());
    }
    code.finalize().into_bytes().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Nothing but answers is sealed under it.
async fn a_visitors_data_key_ends_and_its_answers_end_before(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (project, id) = (tenant.create_project().await, tenant.create_consent_type().await);
    let visitor = tenant.create_visitor(&project, &json!({})).await;
    let partition = format!("{}#end_user/{project}/{}", tenant.id, visitor.concord_id);
    let place = Place { table: KEYS_TABLE.to_owned(), partition, sort: "key".to_owned() };
    assert_eq!(system.contents.expiry_attribute(KEYS_TABLE), Some("removableAt"));
    let end = async || {
        let items = system.contents.of(tenant.id).await;
        let item = items.at(&place.table, &place.partition, &place.sort).expect("a data key");
        item.get("removableAt").and_then(|end| end.as_n().ok()?.parse::<i64>().ok()).expect("an end")
    };
    let event = |key: &str| visitor.posting(events_path(&project), &accepted(&id)).header(HEADER, key);
    let began = now().timestamp();
    let first = visitor.send(event("first")).await;
    first.expect(201);
    let kept = 31 * DAY;
    let created = end().await;
    assert!((began + kept..=now().timestamp() + kept).contains(&created), "{created}");

    // A key that will do is left alone.
    let second = visitor.send(event("second")).await;
    second.expect(201);
    assert_eq!(end().await, created);

    // One that would go before the answer does, or that never would, gets another end.
    system.contents.set_number(&place, "removableAt", began + DAY - 60).await;
    let third = visitor.send(event("third")).await;
    third.expect(201);
    assert!(end().await >= created);
    system.contents.set(&place, "removableAt", AttributeValue::Null(true)).await;
    let fourth = visitor.send(event("fourth")).await;
    fourth.expect(201);
    assert!(end().await >= created);
    for (key, answer) in [("first", &first), ("second", &second), ("third", &third), ("fourth", &fourth)] {
        visitor.send(event(key)).await.expect_replay_of(answer);
    }
}

async fn after_a_day_the_key_is_new(system: &'static System) {
    for kind in KINDS {
        let tenant = Tenant::new(system).await;
        let write = kind.prepare(&tenant).await;
        // The database removes what has expired some time later.
        let expire = async || {
            let items = system.contents.of(tenant.id).await;
            let (place, _) = items.in_table(ANSWERS).next().expect("an answer");
            system.contents.set_number(place, "expiresAt", now().timestamp()).await;
        };
        let request = write.sent.under(&tenant, "key");
        let first = tenant.send(request.clone()).await;
        assert_eq!(first.status(), write.status, "{kind:?}: {first}");
        tenant.send(request.clone()).await.expect_replay_of(&first);
        expire().await;
        is_second(kind, &tenant.send(request.clone()).await, write.status);
        if kind.second().is_some() || kind.changes_once() {
            // The second had no effect, so the old answer is still there, and still expired.
            is_second(kind, &tenant.send(request).await, write.status);
        } else {
            assert!(tenant.send(request).await.replayed(), "{kind:?}");
            expire().await;
        }
        let other = write.other.under(&tenant, "key");
        if !kind.is_final() {
            let answer = tenant.send(other.clone()).await;
            assert_eq!((answer.status(), answer.replayed()), (write.status, false), "{kind:?}: {answer}");
            tenant.send(other).await.expect_replay_of(&answer);
        }
    }
}
