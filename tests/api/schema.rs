//! The versions of items. What each release has stored is read as it was, and an item of a newer version is neither read
//! nor changed.
//!
//! `tests/fixtures/items/VERSION.json` has the items of all kinds that the release has, and what the API said of them. That
//! of the present version is written by
//! `ASSENT_WRITE_FIXTURE=1 cargo test --workspace --test api -- --exact schema::what_each_release_stored_is_read`; those of
//! earlier releases never change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use assent_shared::domain::{Clock, Random, RequestContext, Tenant as TenantId};
use assent_shared::store::{Shards, TENANT_LISTS};
use assent_tests::ceilings::seeded_random;
use assent_tests::client::Request;
use assent_tests::fixtures::{
    CATALOG, CHECKS, EXPORTS, FEED, GRANTS, GRIEVANCES, NOTICES, ORGANISATION, PROJECTS, RECIPIENTS, RECORDS, SESSION,
    Tenant, accepted, child_grant, complete_draft, consent_type_path, consent_type_with_triple, decisions_path,
    draft_path, erasure_path, events_path, export, export_path, grant, grant_path, grievance, grievance_path,
    key_header, notice, organisation, public_path, publish_path, recipient, recipient_path, record, record_path,
    records_path, refusal, session_path, state_path, text, version_path, visitors_path, with, withdraw_path,
    withdrawals_path,
};
use assent_tests::lone_system::{LoneSystem, call};
use assent_tests::moved_clock::MovedClock;
use assent_tests::portal::{PORTAL_SESSIONS, Page, form, path_of};
use assent_tests::stored_items::{Tables, kind_of, kinds, write};
use assent_tests::system::System;
use assent_tests::telling::{DELIVERIES, delivery_path};
use hyper::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

crate::trials![
    what_each_release_stored_is_read,
    an_item_of_a_newer_version_is_neither_read_nor_changed,
    an_item_without_a_version_is_not_read,
];

/// The test of what all other tests have stored, which runs after them.
pub(crate) fn after_all() -> Vec<libtest_mimic::Trial> {
    vec![crate::trial(every_kind_of_item_is_in_the_fixture)]
}

/// When the items of every fixture began to be stored, in milliseconds since 1970, and when they are read.
const STORED_AT: i64 = 1_790_000_000_000;
pub(crate) const READ_AT: i64 = STORED_AT + 3 * 60 * 60 * 1_000;
/// The attribute of the version.
const VERSION: &str = "v";
/// The members of answers that are different each time.
const RANDOM: [&str; 2] = ["receiptId", "receiptJws"];
/// Of one person, whose withdrawal is still in progress.
const MANY: usize = 25;

/// What a release stored, and what it said of it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Fixture {
    tenant: TenantId,
    key: String,
    answers: Vec<Answer>,
    pub(crate) items: Tables,
}

/// A call and its answer.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Answer {
    function: String,
    method: String,
    path: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    body: Value,
    status: u16,
    answer: Value,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/items")
}

pub(crate) fn present() -> PathBuf {
    folder().join(concat!(env!("CARGO_PKG_VERSION"), ".json"))
}

impl Fixture {
    /// It as JSON, with a line for each answer and each item.
    fn lines(&self) -> String {
        let lines = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join(",\n");
        let answers: Vec<Value> = self.answers.iter().map(|answer| json!(answer)).collect();
        let tables = self.items.iter().map(|(table, items)| format!("\"{table}\":[\n{}\n]", lines(items)));
        let tables: Vec<String> = tables.collect();
        format!(
            "{{\"tenant\":{},\"key\":{},\"answers\":[\n{}\n],\"items\":{{\n{}\n}}}}\n",
            json!(self.tenant),
            json!(self.key),
            lines(&answers),
            tables.join(",\n")
        )
    }

    pub(crate) fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).expect("a fixture: tests/api/schema.rs says how to write one");
        serde_json::from_str(&text).expect("a fixture")
    }
}

/// A system whose clock and randomness are those of all fixtures.
struct Stage {
    clock: MovedClock,
    system: LoneSystem,
    context: Value,
}

impl Stage {
    /// An empty one.
    async fn empty() -> Self {
        let clock = MovedClock::at(STORED_AT);
        let system = LoneSystem::start(clock.clock(), seeded_random(7 << 32)).await;
        Self::of(clock, system).await
    }

    /// One with the items of a fixture.
    async fn with(fixture: &Fixture) -> Self {
        let clock = MovedClock::at(READ_AT);
        let random = Random::system();
        let system = LoneSystem::of(clock.clock(), random, fixture.tenant, fixture.key.clone()).await;
        write(system.database.client(), &fixture.items).await;
        Self::of(clock, system).await
    }

    async fn of(clock: MovedClock, system: LoneSystem) -> Self {
        let (name, value) = key_header(RECORDS, &system.key);
        let context = system.authorized(name, &value).await;
        Self { clock, system, context }
    }

    async fn send(&self, function: &str, request: Request, status: u16) -> Value {
        let response = self.system.call(function, &request, &self.context).await;
        assert_eq!(response.status(), status, "{function}: {response}");
        if status == 204 { Value::Null } else { response.body() }
    }

    async fn post(&self, function: &str, path: impl Into<String>, body: &Value) -> Value {
        let status = match function {
            "create-grievance" => 202,
            _ if function.starts_with("create-") || function.ends_with("-data-principal") => 201,
            _ => 200,
        };
        let request = Request::new(Method::POST, path);
        self.send(function, if body.is_null() { request } else { request.json(body) }, status).await
    }

    /// What a call answers now.
    async fn answer(&self, call: &Answer) -> Answer {
        let mut request = Request::new(call.method.parse().expect("a method"), &call.path);
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        if !call.body.is_null() {
            request = request.json(&call.body);
        }
        let response = self.system.call(&call.function, &request, &self.context).await;
        Answer {
            function: call.function.clone(),
            method: call.method.clone(),
            path: call.path.clone(),
            headers: call.headers.clone(),
            body: call.body.clone(),
            status: response.status(),
            // Of a page the status says whether its items were read; its looks may change.
            answer: if response.text().starts_with('<') { Value::Null } else { response.body() },
        }
    }
}

/// Stores items of all kinds. Returns the calls that read them.
#[expect(clippy::too_many_lines, reason = "it is one story, in which each step needs those before")]
async fn store_all(stage: &Stage) -> Vec<Answer> {
    let mut calls = Vec::new();
    let mut reads = |function: &str, path: String| calls.push(reading(function, path));
    let post = async |function: &str, path: &str, body: Value| stage.post(function, path, &body).await;
    let get = async |function: &str, path: String| stage.send(function, Request::new(Method::GET, path), 200).await;
    // Lists are spread over two shards from twenty minutes on.
    let random = seeded_random(3 << 32);
    for (list, table) in TENANT_LISTS {
        let context = RequestContext::new(&stage.clock.clock(), &random);
        let two = Shards::new(2).expect("a power of two");
        let changed = stage.system.database.change_shards(table, stage.system.tenant, list, two, &context).await;
        changed.expect("a change").expect("a valid number");
    }

    stage.send("replace-organisation", Request::new(Method::PUT, ORGANISATION).json(&organisation()), 200).await;
    reads("get-organisation", ORGANISATION.to_owned());

    let all = json!(["*"]);
    let told = with(&with(&recipient(), "purposes", Some(all.clone())), "delivery", Some(json!({"kind": "pull"})));
    let asks = post("create-recipient", RECIPIENTS, told).await;
    // Nobody listens there.
    let webhook = json!({"kind": "webhook", "url": "http://127.0.0.1:9/hook"});
    let called = with(&with(&recipient(), "purposes", Some(all)), "delivery", Some(webhook));
    let called = post("create-recipient", RECIPIENTS, called).await;
    let ended = post("create-recipient", RECIPIENTS, recipient()).await;
    stage.send("end-recipient", Request::new(Method::DELETE, recipient_path(&ended)), 204).await;
    reads("list-recipients", RECIPIENTS.to_owned());
    reads("get-recipient", recipient_path(&called));

    let shown = post("create-consent-notice", NOTICES, notice_named("privacy")).await;
    let draft = with(&complete_draft("en"), "noticeId", Some(json!("terms")));
    post("create-consent-notice", NOTICES, draft.clone()).await;
    post("publish-consent-notice", &publish_path(&draft), json!({})).await;
    let later = with(&with(&draft, "version", Some(json!("9.0"))), "title", Some(json!("Later")));
    post("create-consent-notice", NOTICES, later.clone()).await;
    assert!(draft_path(&later).contains("9.0"));
    reads("list-consent-notices", NOTICES.to_owned());
    reads("get-consent-notice", format!("{NOTICES}/privacy"));
    reads("get-consent-notice", format!("{NOTICES}/terms"));
    reads("get-public-notice", public_path(&shown));

    let person = "asha-1";
    let parent = post("create-grant", GRANTS, grant(person)).await;
    let child = post("create-grant", GRANTS, child_grant(&parent, person)).await;
    let revoked = post("create-grant", GRANTS, grant(person)).await;
    stage.send("revoke-grant", Request::new(Method::DELETE, grant_path(&revoked)), 204).await;
    reads("list-grants", GRANTS.to_owned());
    reads("list-grants", format!("{GRANTS}?principalId={person}"));
    reads("get-grant", grant_path(&child));
    reads("get-grant", grant_path(&revoked));

    let given = post("create-consent-record", RECORDS, record(&parent, &shown, person)).await;
    let withdrawn = post("create-consent-record", RECORDS, record(&child, &shown, person)).await;
    // Under a key, whose repeat is answered from the stored response.
    let once = BTreeMap::from([("Idempotency-Key".to_owned(), "once".to_owned())]);
    let reason = json!({"reason": "No longer", "deleteProcessedData": true});
    let order = Request::new(Method::POST, withdraw_path(&withdrawn)).json(&reason).header("Idempotency-Key", "once");
    stage.send("withdraw-consent-record", order, 200).await;
    let denied = post("create-consent-record", RECORDS, refusal(&shown, "asha-2", &["analytics"])).await;
    let question = json!({"dataPrincipalId": person, "purpose": "analytics"});
    let logged = json!({"items": [question], "log": true});
    post("check-consents", CHECKS, logged).await;
    get("get-consent-record", record_path(&given)).await;
    for of in [&given, &withdrawn, &denied] {
        reads("get-consent-record", record_path(of));
        reads("get-consent-record-audit", format!("{}/audit", record_path(of)));
    }
    reads("get-consent-receipt", format!("{}/receipt", record_path(&given)));
    reads("list-consent-records", RECORDS.to_owned());
    reads("list-data-principal-records", records_path(person));
    reads("list-data-principal-decisions", decisions_path(person));
    calls.push(Answer { headers: once, ..posting("withdraw-consent-record", withdraw_path(&withdrawn), reason) });
    calls.push(posting("check-consents", CHECKS.to_owned(), json!({"items": [question]})));
    let mut reads = |function: &str, path: String| calls.push(reading(function, path));

    let session = json!({"consentedPurposes": ["one"], "dataPrincipalId": person, "metadata": {"deep": [1.5, null]}});
    let session = post("create-dpdp-session", SESSION, session).await;
    let change = json!({"sessionId": text(&session, "sessionId"), "consentedPurposes": ["two"]});
    stage.send("update-dpdp-session", Request::new(Method::PATCH, SESSION).json(&change), 200).await;
    reads("get-dpdp-session", session_path(&session));

    let complaint = post("create-grievance", GRIEVANCES, grievance(person)).await;
    let step = Request::new(Method::PATCH, grievance_path(&complaint)).json(&json!({"status": "in_review"}));
    stage.send("update-grievance", step, 200).await;
    reads("list-grievances", GRIEVANCES.to_owned());
    reads("list-grievances", format!("{GRIEVANCES}?dataPrincipalId={person}"));
    reads("get-grievance", grievance_path(&complaint));

    // A link in a message; one that was opened; and a form that was sent in its session.
    let (name, value) = key_header(PORTAL_SESSIONS, &stage.system.key);
    let link = async |delivery: &str| {
        let body = json!({"dataPrincipalId": person, "delivery": delivery});
        let request = Request::new(Method::POST, PORTAL_SESSIONS).header(name, value.clone()).json(&body);
        path_of(&stage.send("create-portal-session", request, 201).await)
    };
    reads("open-portal", link("message").await);
    let request = Request::new(Method::GET, link("redirect").await);
    let opened = stage.system.call("open-portal", &request, &stage.context).await;
    let cookie = opened.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie");
    let context = stage.system.authorized("cookie", cookie).await;
    let request = Request::new(Method::GET, "/p/grievances").header("cookie", cookie);
    let page = stage.system.call("show-portal-grievances", &request, &context).await;
    let fields = [("token", Page::of(page, 200).field("token")), ("description", "Too many mails".to_owned())];
    let request = Request::new(Method::POST, "/p/grievances").header("cookie", cookie);
    let request = form(request, &fields.each_ref().map(|(name, value)| (*name, value.as_str())));
    Page::of(stage.system.call("complain-on-portal", &request, &context).await, 200);

    let asked = with(&export(), "dataPrincipalId", Some(json!(person)));
    let asked = post("create-export", EXPORTS, asked).await;
    reads("get-export", export_path(&asked));

    // What follows is spread over two shards.
    stage.clock.pass(Duration::from_mins(25));
    // A withdrawal that has not ended, because the time of its call had.
    let of_many = async |number: usize| {
        let grant = post("create-grant", GRANTS, grant("many")).await;
        let shown = post("create-consent-notice", NOTICES, notice_named(&format!("many-{number}"))).await;
        post("create-consent-record", RECORDS, record(&grant, &shown, "many")).await;
    };
    for number in 0..MANY {
        of_many(number).await;
    }
    let ahead = stage.clock.clone();
    let hasty = Clock::new(move || {
        ahead.pass(Duration::from_secs(6));
        ahead.clock().now()
    });
    let everything = json!({"purposes": "*", "reason": "All of it"});
    let functions = stage.system.instances(&hasty, &seeded_random(5 << 32)).await;
    let order = Request::new(Method::POST, withdrawals_path("many")).json(&everything);
    let begun = call(&functions, "withdraw-data-principal", &order, &stage.context).await;
    assert_eq!(begun.body()["status"], "in_progress", "{begun}");
    reads("get-withdrawal", format!("/v1/dpdp/withdrawals/{}", text(&begun.body(), "withdrawalId")));

    let erased = post("create-grant", GRANTS, grant("gone")).await;
    post("create-consent-record", RECORDS, record(&erased, &shown, "gone")).await;
    let request = post("erase-data-principal", &erasure_path("gone"), Value::Null).await;
    reads("get-erasure-request", format!("/v1/dpdp/erasure-requests/{}", text(&request, "requestId")));

    site(stage, &mut calls).await;
    let mut reads = |function: &str, path: String| calls.push(reading(function, path));

    // Deliveries: of those who ask, and one webhook that was refused, because nobody resolves its name here.
    stage.system.pass_on(None).await;
    reads("list-events", format!("{FEED}?limit=200"));
    let listed = get("list-deliveries", format!("{DELIVERIES}?recipientId={}", text(&asks, "id"))).await;
    let delivery = &listed["deliveries"][0];
    post("acknowledge-delivery", &format!("{}/acknowledgement", delivery_path(delivery)), json!({"outcome": "ceased"}))
        .await;
    reads("get-event", format!("{FEED}/{}", text(delivery, "eventId")));
    reads("get-delivery", delivery_path(delivery));
    reads("list-deliveries", format!("{DELIVERIES}?recipientId={}", text(&called, "id")));
    reads("get-consent-record-cessation", format!("{}/cessation", record_path(&withdrawn)));
    reads("jwks", "/.well-known/jwks.json".to_owned());
    // It waits to be counted.
    post("create-consent-record", RECORDS, refusal(&shown, "asha-3", &["analytics"])).await;
    calls
}

/// What a site and its visitors store.
async fn site(stage: &Stage, calls: &mut Vec<Answer>) {
    let post = async |function: &str, path: &str, body: Value| stage.post(function, path, &body).await;
    let project = json!({"name": "Shop", "domain": "shop.example"});
    let project = text(&post("create-project", PROJECTS, project).await, "id");
    let kind = text(&post("create-consent-type", CATALOG, consent_type_with_triple("label")).await, "id");
    post(
        "create-consent-type-version",
        &format!("{}/version", consent_type_path(&kind)),
        json!({"url": "https://example.com/2"}),
    )
    .await;
    let (name, key) = key_header(&visitors_path(&project), &stage.system.key);
    let accepted = accepted(&kind);
    // Of two visitors, one is erased.
    for user in ["visitor-1", "visitor-2"] {
        let begin = Request::new(Method::POST, visitors_path(&project)).header(name, &key);
        let session = stage.send("create-site-session", begin.json(&json!({"userId": user})), 201).await;
        let of_visitor = stage.system.authorized("x-session", &text(&session, "sessionToken")).await;
        let event = Request::new(Method::POST, events_path(&project)).json(&accepted);
        let stored = stage.system.call("create-consent-events", &event, &of_visitor).await;
        assert_eq!(stored.status(), 201, "{stored}");
        let state = Request::new(Method::GET, state_path(&project));
        assert_eq!(stage.system.call("get-consent-state", &state, &of_visitor).await.status(), 200);
    }
    post("erase-data-principal", &erasure_path("visitor-2"), Value::Null).await;
    let mut reads = |function: &str, path: String| calls.push(reading(function, path));
    reads("list-projects", PROJECTS.to_owned());
    reads("get-project", format!("{PROJECTS}/{project}"));
    reads("list-consent-types", CATALOG.to_owned());
    reads("get-consent-type", consent_type_path(&kind));
    reads("get-consent-type-version", version_path(&kind, "2"));
    reads("list-site-consent-types", format!("/site-v1/{project}/consent-types"));
    reads("list-consent-events", events_path(&project));
}

fn notice_named(name: &str) -> Value {
    with(&with(&notice(), "noticeId", Some(json!(name))), "version", Some(json!("1.0")))
}

fn reading(function: &str, path: String) -> Answer {
    Answer { method: "GET".to_owned(), ..posting(function, path, Value::Null) }
}

fn posting(function: &str, path: String, body: Value) -> Answer {
    let (function, method) = (function.to_owned(), "POST".to_owned());
    Answer { function, method, path, headers: BTreeMap::new(), body, status: 0, answer: Value::Null }
}

/// Writes the fixture of the present version.
async fn write_fixture() {
    let stage = Stage::empty().await;
    let calls = store_all(&stage).await;
    let items = stage.system.stored_items().await;
    let mut fixture =
        Fixture { tenant: stage.system.tenant, key: stage.system.key.clone(), answers: Vec::new(), items };
    let reader = Stage::with(&fixture).await;
    for call in &calls {
        let answer = reader.answer(call).await;
        assert!(answer.status < 300, "{answer:?}");
        fixture.answers.push(answer);
    }
    std::fs::create_dir_all(folder()).expect("a folder");
    std::fs::write(present(), fixture.lines()).expect("a file");
}

async fn what_each_release_stored_is_read(_: &'static System) {
    if std::env::var_os("ASSENT_WRITE_FIXTURE").is_some_and(|value| !value.is_empty()) {
        write_fixture().await;
    }
    assert!(present().exists(), "there is no {}: this file says how to write it", present().display());
    for file in std::fs::read_dir(folder()).expect("a folder").flatten() {
        let fixture = Fixture::read(&file.path());
        let stage = Stage::with(&fixture).await;
        for expected in &fixture.answers {
            let found = stage.answer(expected).await;
            let same = found.status == expected.status && has(&found.answer, &expected.answer);
            assert!(same, "{}: {found:#?}\nand not {expected:#?}", file.path().display());
        }
        // What was stored then can be changed.
        for person in ["asha-1", "many"] {
            let everything = json!({"purposes": "*", "reason": "All of it"});
            let order = Request::new(Method::POST, withdrawals_path(person)).json(&everything);
            let ended = stage.system.call("withdraw-data-principal", &order, &stage.context).await;
            assert_eq!(ended.body()["status"], "completed", "{person}: {ended}");
        }
        for person in ["asha-1", "asha-2", "visitor-1"] {
            stage.send("erase-data-principal", Request::new(Method::POST, erasure_path(person)), 201).await;
            assert!(!json!(stage.system.stored_items().await).to_string().contains(person), "{person}");
        }
    }
}

/// Whether an answer says all that an earlier one said. A later release may say more.
fn has(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            let same = |name: &str, value: &Value| found.get(name).is_some_and(|found| has(found, value));
            expected.iter().all(|(name, value)| RANDOM.contains(&name.as_str()) || same(name, value))
        }
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len() && found.iter().zip(expected).all(|(found, expected)| has(found, expected))
        }
        _ => found == expected,
    }
}

async fn an_item_of_a_newer_version_is_neither_read_nor_changed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let given = tenant.create_record().await;
    let items = system.contents.of(tenant.id).await;
    let of_record = items.in_table("ConsentRecordsTable").find(|(key, _)| key.sort == "record").expect("the record").0;
    system.contents.set_number(of_record, VERSION, 2).await;
    let newer = system.contents.of(tenant.id).await;
    for path in
        [record_path(&given), format!("{}/audit", record_path(&given)), records_path(&text(&given, "dataPrincipalId"))]
    {
        tenant.get(path).await.expect_error(503, "SERVICE_UNAVAILABLE");
    }
    let withdrawn = tenant.post(withdraw_path(&given), &json!({"reason": "No more"})).await;
    withdrawn.expect_error(503, "SERVICE_UNAVAILABLE");
    newer.expect_unchanged(&system.contents.of(tenant.id).await);
    assert!(system.log().contains("item of a newer version"));

    // A withdrawal writes the entry in the person's list without reading it.
    system.contents.set_number(of_record, VERSION, 1).await;
    let mut in_table = items.in_table("ConsentRecordsTable");
    let entry = in_table.find(|(key, _)| key.partition.contains("#principal#")).expect("its entry").0;
    system.contents.set_number(entry, VERSION, 2).await;
    let before = system.contents.of(tenant.id).await;
    let order = json!({"reason": "No more"});
    tenant.post(withdraw_path(&given), &order).await.expect_error(503, "SERVICE_UNAVAILABLE");
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    system.contents.set_number(entry, VERSION, 1).await;
    tenant.post(withdraw_path(&given), &order).await.expect(200);
}

async fn an_item_without_a_version_is_not_read(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let given = tenant.create_record().await;
    let items = system.contents.of(tenant.id).await;
    for (key, item) in items.all() {
        assert_eq!(item.get(VERSION).and_then(|version| version.as_n().ok()).map(String::as_str), Some("1"), "{key:?}");
    }
    let of_record = items.in_table("ConsentRecordsTable").find(|(key, _)| key.sort == "record").expect("the record").0;
    system.contents.remove(of_record, &[VERSION]).await;
    tenant.get(record_path(&given)).await.expect_error(500, "INTERNAL_SERVER_ERROR");
}

/// What all tests have stored is of kinds that the fixture has, so that no kind is forgotten in it.
async fn every_kind_of_item_is_in_the_fixture(system: &'static System) {
    let mut known = kinds(&Fixture::read(&present()).items);
    // A test of tampering puts an entry where none can be.
    known.insert("AuditEntriesTable a".to_owned());
    let stored = system.contents.of_all().await;
    let kinds: BTreeSet<String> = stored.all().map(|(key, _)| kind_of(&key.table, &key.partition, &key.sort)).collect();
    let unknown: Vec<_> = kinds.difference(&known).collect();
    assert!(unknown.is_empty(), "the fixture lacks these kinds: {unknown:#?}; this file says how to write it");
}
