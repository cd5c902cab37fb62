//! `/console/…`: the pages of operators, and `POST /v1/console-sessions`, which creates the links to them.

use std::time::Duration;

use assent_local::triggers::Unreliable;
use assent_tests::client::{Request, Response};
use assent_tests::fixtures::{
    GRANTS, GRIEVANCES, NOTICES, RECIPIENTS, RECORDS, Tenant, child_grant, complete_draft, complete_record, decisions,
    encoded, grant, grant_path, grievance, in_language, key_header, notice, publish_path, recipient, recipient_path,
    record, refusal, text, with, withdraw_path,
};
use assent_tests::like::now;
use assent_tests::portal::{CONSOLE_SESSIONS, PORTAL_SESSIONS, Page, Person, form, link_for, path_of};
use assent_tests::receiver::{Receiver, Reply};
use assent_tests::system::System;
use assent_tests::telling::{DELIVERIES, Telling};
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    a_link_opens_the_console_once,
    each_cookie_opens_its_own_pages,
    a_session_lasts_a_working_day,
    a_session_ends_with_its_key,
    the_key_of_a_recipient_opens_no_console,
    what_a_key_may_not_see_is_not_shown,
    today_shows_what_needs_doing,
    what_is_overdue_is_shown_first,
    a_person_is_shown_by_their_id,
    a_record_shows_its_trail_and_who_had_to_stop,
    a_notice_shows_its_drafts_and_gaps,
    two_versions_stand_side_by_side,
    a_message_is_sent_again,
    a_grievance_is_decided,
    forms_from_elsewhere_change_nothing,
    what_people_wrote_is_shown_as_text,
    pages_take_only_their_own_input,
    charts_count_each_decision_once,
    charts_show_numbers_too,
    others_see_nothing,
];

/// The pages that show something without a parameter, with the scope that each needs.
const PAGES: [(&str, &str); 5] = [
    ("charts", "records:read"),
    ("person", "principals:read"),
    ("notices", "notices:read"),
    ("deliveries", "deliveries:read"),
    ("grievances", "grievances:read"),
];

async fn link(tenant: &Tenant) -> Value {
    tenant.send(tenant.request(Method::POST, CONSOLE_SESSIONS)).await.expect(201)
}

async fn published(tenant: &Tenant, draft: &Value) {
    tenant.post(NOTICES, draft).await.expect(201);
    tenant.post(publish_path(draft), &json!({})).await.expect(200);
}

/// A recipient of all purposes with this delivery.
async fn registered(tenant: &Tenant, delivery: Value) -> Value {
    let body = with(&with(&recipient(), "delivery", Some(delivery)), "purposes", Some(json!(["*"])));
    tenant.post(RECIPIENTS, &with(&body, "events", None)).await.expect(201)
}

async fn a_link_opens_the_console_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let link = link(&tenant).await;
    let url = text(&link, "url");
    assert!(url.starts_with(&format!("http://{}/", tenant.client.authority())), "{url}");
    let open = || tenant.client.send(Request::new(Method::GET, path_of(&link)));
    let opened = open().await;
    assert_eq!(opened.header("location"), Some("today"));
    let cookie = opened.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-assent-console="), "{cookie}");
    for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.split("; ").any(|found| found == attribute), "{cookie}");
    }
    // The browser forgets it when it is closed.
    assert!(!cookie.contains("Max-Age"), "{cookie}");
    let today = Person::entered(&tenant.client, &opened).page("today").await;
    assert!(today.says(&tenant.name), "{}", today.html);
    let used = Page::of(open().await, 410);
    assert!(used.says("This link was used before"), "{}", used.html);
    let nobody = Page::of(tenant.client.send(Request::new(Method::GET, "/console/today")).await, 401);
    assert!(nobody.says("Your session has ended."), "{}", nobody.html);
    // Of several who open a link, one succeeds.
    // A link is a secret that is stored nowhere, so a repeat makes another one.
    let keyed = || tenant.request(Method::POST, CONSOLE_SESSIONS).header("idempotency-key", "one");
    let (link, other) = (tenant.send(keyed()).await.expect(201), tenant.send(keyed()).await.expect(201));
    assert_ne!(link["url"], other["url"]);
    let opening = (0..4).map(|_| tenant.client.send(Request::new(Method::GET, path_of(&link))));
    let mut statuses: Vec<u16> = join_all(opening).await.iter().map(Response::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410, 410, 410]);
}

async fn each_cookie_opens_its_own_pages(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (operator, person) = (Person::operator(&tenant).await, Person::of(&tenant, "user-1").await);
    let value = |visitor: &Person| visitor.cookie().split_once('=').expect("a value").1.to_owned();
    let ask = async |path: &str, cookie: String| {
        tenant.client.send(Request::new(Method::GET, path).header("cookie", cookie)).await
    };
    // As it is, and under the name of the other's.
    for (path, visitor, name) in
        [("/p/home", &operator, "__Host-assent"), ("/console/today", &person, "__Host-assent-console")]
    {
        Page::of(ask(path, visitor.cookie().to_owned()).await, 401);
        Page::of(ask(path, format!("{name}={}", value(visitor))).await, 401);
    }
    // Both at once do not disturb each other.
    let both = format!("{}; {}", person.cookie(), operator.cookie());
    Page::of(ask("/p/home", both.clone()).await, 200);
    Page::of(ask("/console/today", both).await, 200);
    // A link opens its own pages, and is not used up at the door of the others.
    let (to_console, to_person) =
        (link(&tenant).await, tenant.post(PORTAL_SESSIONS, &link_for("user-1")).await.expect(201));
    let other = path_of(&to_console).replace("/console/", "/p/");
    Page::of(tenant.client.send(Request::new(Method::GET, other)).await, 410);
    let other = path_of(&to_person).replace("/p/", "/console/");
    Page::of(tenant.client.send(Request::new(Method::GET, other)).await, 410);
    let secret = path_of(&to_console).split('=').next_back().expect("a token").to_owned();
    let entered = form(Request::new(Method::POST, "/p/enter"), &[("link", &secret)]);
    Page::of(tenant.client.send(entered).await, 410);
    Person::open(&tenant.client, &to_console).await.page("today").await;
    Person::open(&tenant.client, &to_person).await.page("home").await;
    // Keys open no page, and the cookie opens nothing else.
    Page::of(tenant.send(tenant.request(Method::GET, "/console/today")).await, 401);
    operator.send(operator.request(Method::GET, NOTICES)).await.expect_error(401, "UNAUTHORIZED");
}

async fn a_session_lasts_a_working_day(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let clocked = system.clocked().await;
    let caller = tenant.by(&clocked.client);
    let operator = Person::operator(&caller).await;
    clocked.pass(Duration::from_secs(8 * 60 * 60 - 1));
    operator.page("today").await;
    clocked.pass(Duration::from_secs(1));
    Page::of(operator.get("today").await, 401);
    // A link ends after five minutes.
    let late = caller.send(caller.request(Method::POST, CONSOLE_SESSIONS)).await.expect(201);
    clocked.pass(Duration::from_mins(5));
    Page::of(clocked.client.send(Request::new(Method::GET, path_of(&late))).await, 410);
}

async fn a_session_ends_with_its_key(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let clocked = system.clocked().await;
    let key = tenant.with_scopes(&["*"]).await.by(&clocked.client);
    let operator = Person::operator(&key).await;
    let link = key.send(key.request(Method::POST, CONSOLE_SESSIONS)).await.expect(201);
    operator.page("today").await;
    system.disable_key(&key.key).await;
    // The authorizer knows a key for five seconds.
    clocked.pass(Duration::from_secs(6));
    Page::of(operator.get("today").await, 401);
    Page::of(Person::open(&clocked.client, &link).await.get("today").await, 401);
    let ending = tenant.with_expiry(now() + chrono::Duration::seconds(120)).await;
    let link = ending.send(ending.request(Method::POST, CONSOLE_SESSIONS)).await.expect(201);
    let ends = chrono::DateTime::parse_from_rfc3339(&text(&link, "expiresAt")).expect("a time");
    assert!(ends < now() + chrono::Duration::seconds(125), "a link does not outlive its key: {ends}");
}

async fn the_key_of_a_recipient_opens_no_console(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let recipient = registered(&tenant, json!({"kind": "pull"})).await;
    let key = tenant.of_recipient(&text(&recipient, "id")).await;
    key.send(key.request(Method::POST, CONSOLE_SESSIONS)).await.expect_error(403, "FORBIDDEN");
}

async fn what_a_key_may_not_see_is_not_shown(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = complete_draft("en");
    tenant.post(NOTICES, &draft).await.expect(201);
    tenant.create_grievance("user-1").await;
    let everything = Person::operator(&tenant).await;
    let scopes: Vec<&str> = PAGES.iter().map(|(_, scope)| *scope).collect();
    for (page, scope) in PAGES {
        let others: Vec<&str> = scopes.iter().copied().filter(|other| *other != scope).collect();
        let (only, without) = (tenant.with_scopes(&[scope]).await, tenant.with_scopes(&others).await);
        let (only, without) = (Person::operator(&only).await, Person::operator(&without).await);
        let shown = only.page(page).await;
        let areas: Vec<String> =
            shown.links().into_iter().filter(|link| PAGES.iter().any(|(it, _)| it == link)).collect();
        assert!(!areas.is_empty() && areas.iter().all(|area| area == page), "{page}: {areas:?}");
        let refused = Page::of(without.get(page).await, 403);
        assert!(refused.says("does not allow this"), "{}", refused.html);
        assert!(!without.page("today").await.links().contains(&page.to_owned()), "{page}");
        everything.page(page).await;
    }
    // A key that may only read has no buttons, and cannot press them.
    let reader = Person::operator(&tenant.with_scopes(&["grievances:read", "deliveries:read"]).await).await;
    let list = reader.page("grievances").await;
    let open = list.links().into_iter().find(|link| link.starts_with("grievance?")).expect("a grievance");
    assert_eq!(reader.page(&open).await.forms(), [""; 0]);
    let token = everything.page(&open).await.field("token");
    for path in ["decide", "retry"] {
        Page::of(reader.submit(path, &[("token", &token)]).await, 403);
    }
    // Nor has one that may see nothing of it.
    let nothing = Person::operator(&tenant.with_scopes(&["exports:read"]).await).await;
    let today = nothing.page("today").await;
    assert!(today.says("may see none of what needs doing"), "{}", today.html);
    let id = text(&draft, "noticeId");
    let difference = format!("difference?id={id}&left=1.0&right=2.0&language=en");
    let record = "record?id=cr_01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned();
    for path in [record, format!("notice?id={id}"), difference, open] {
        Page::of(nothing.get(&path).await, 403);
    }
}

async fn today_shows_what_needs_doing(system: &'static System) {
    let tenant = Tenant::new(system).await;
    registered(&tenant, json!({"kind": "manual"})).await;
    let (draft, complete) = (complete_draft("hi"), complete_draft("en"));
    tenant.post(NOTICES, &draft).await.expect(201);
    published(&tenant, &complete).await;
    // Published without the gate, and without what the law asks for.
    let bare = tenant.create_notice().await;
    let due = tenant.create_grievance("user-1").await;
    let later = with(&grievance("user-2"), "responsePeriodDays", Some(json!(30)));
    let later = tenant.post(GRIEVANCES, &later).await.expect(202);
    let today = Person::operator(&tenant).await.page("today").await;
    let links = today.links();
    let opens = |path: &str, id: &Value, name: &str| links.contains(&format!("{path}?id={}", text(id, name)));
    assert!(opens("notice", &draft, "noticeId") && opens("notice", &bare, "noticeId"), "{links:?}");
    assert!(!opens("notice", &complete, "noticeId"), "{links:?}");
    assert!(opens("grievance", &due, "grievanceId") && !opens("grievance", &later, "grievanceId"), "{links:?}");
    assert!(today.says("None among the newest deliveries."), "{}", today.html);
}

/// An operator of a system whose clock the test moves.
struct Desk<'a> {
    telling: &'a Telling,
    context: Value,
    cookie: String,
}

impl<'a> Desk<'a> {
    async fn open(telling: &'a Telling) -> Self {
        let (name, value) = key_header(CONSOLE_SESSIONS, &telling.system.key);
        let request = Request::new(Method::POST, CONSOLE_SESSIONS).header(name, value);
        let link = telling.call("create-console-session", request).await.expect(201);
        let opened = telling.call("open-console", Request::new(Method::GET, path_of(&link))).await;
        let cookie =
            opened.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
        let context = telling.system.authorized("cookie", &cookie).await;
        Self { telling, context, cookie }
    }

    async fn page(&self, function: &str, path: &str) -> Page {
        let request = Request::new(Method::GET, format!("/console/{path}")).header("cookie", &self.cookie);
        Page::of(self.telling.system.call(function, &request, &self.context).await, 200)
    }
}

async fn what_is_overdue_is_shown_first(_: &'static System) {
    let telling = Telling::start().await;
    telling.register(json!({"kind": "manual"}), &json!({"ackWithin": "PT1H", "name": "Slow Mailer"})).await;
    let record = telling.consent("user-1").await;
    telling.withdraw(&record).await;
    telling.pass_on().await;
    let desk = Desk::open(&telling).await;
    assert!(!desk.page("show-console-today", "today").await.says("Slow Mailer"));
    telling.sweep_after(Duration::from_hours(2)).await;
    let today = desk.page("show-console-today", "today").await;
    assert!(today.says("Slow Mailer") && today.says("overdue since"), "{}", today.html);
    assert!(today.links().contains(&format!("record?id={}", text(&record, "recordId"))));
    // What is told by hand has no message to send again.
    let overdue = desk.page("show-console-deliveries", "deliveries?status=&overdue=true").await;
    assert!(overdue.says("overdue since") && !overdue.says("Send again"), "{}", overdue.html);
    assert_eq!(overdue.html.matches("<section").count(), 1, "{}", overdue.html);
    let page = desk.page("show-console-record", &format!("record?id={}", text(&record, "recordId"))).await;
    assert!(page.says("overdue since"), "{}", page.html);
}

async fn a_person_is_shown_by_their_id(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = complete_draft("en");
    published(&tenant, &draft).await;
    let person = "asha+1@example.com";
    let grant = tenant.create_grant(person).await;
    let record = tenant.post(RECORDS, &complete_record(&grant, &draft, person)).await.expect(201);
    let operator = Person::operator(&tenant).await;
    assert_eq!(operator.page("person").await.forms(), ["person"]);
    let shown = operator.page(&format!("person?id={}", encoded(person))).await;
    for words in [person, "To count visits (en)", "Granted", "To tell you where your order is (en)", "Denied"] {
        assert!(shown.says(words), "{words}: {}", shown.html);
    }
    assert!(shown.links().contains(&format!("record?id={}", text(&record, "recordId"))));
    assert!(operator.page("person?id=nobody").await.says("There is no consent record of this person."));
    Page::of(operator.get(&format!("person?id={}", "x".repeat(2_000))).await, 400);
    assert!(!system.log().contains("asha+1@example.com"));
}

/// Of a delegated grant, whose entries are from before they had summaries: more is read then.
async fn a_record_shows_its_trail_and_who_had_to_stop(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let mailer = registered(&tenant, json!({"kind": "manual"})).await;
    let (root, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let child = tenant.post(GRANTS, &child_grant(&root, "user-1")).await.expect(201);
    let given = tenant.post(RECORDS, &record(&child, &notice, "user-1")).await.expect(201);
    let operator = Person::operator(&tenant).await;
    let path = format!("record?id={}", text(&given, "recordId"));
    let page = operator.page(&path).await;
    for words in ["active", "analytics", "The hash chain is whole", "record.created", "Nobody, so far."] {
        assert!(page.says(words), "{words}: {}", page.html);
    }
    assert!(page.says(&tenant.key_id.to_string()), "the key that did it: {}", page.html);
    let contents = system.contents.of(tenant.id).await;
    for table in ["ConsentRecordsTable", "GrantsTable"] {
        for (_, item) in contents.in_table(table).filter(|(_, item)| item.contains_key("summary")) {
            let mut older = item.clone();
            older.remove("summary");
            system.contents.put(table, vec![older]).await;
        }
    }
    assert_eq!(tenant.delete(grant_path(&child)).await.status(), 204);
    let name = with(&json!({}), "name", Some(json!("Mailer of today")));
    tenant.patch(recipient_path(&mailer), &name).await.expect(200);
    // As if it was not relayed yet, and will not be soon.
    let items = system.contents.of(tenant.id).await;
    let is_revocation = |kind: &AttributeValue| kind.as_s().is_ok_and(|kind| kind == "grant.revoked");
    let event = items.in_table("EventsTable").find(|(_, item)| item.get("type").is_some_and(is_revocation));
    let mut event = event.expect("the event").1.clone();
    for (name, value) in [
        ("work", AttributeValue::S("relay".to_owned())),
        ("due", AttributeValue::N("0".to_owned())),
        ("dueAt", AttributeValue::S("2199-01-01T00:00:00.000Z".to_owned())),
    ] {
        event.insert(name.to_owned(), value);
    }
    system.contents.put("EventsTable", vec![event]).await;
    let page = operator.page(&path).await;
    for words in ["Mailer of today", "grant.revoked", "not yet", "awaited until"] {
        assert!(page.says(words), "{words}: {}", page.html);
    }
    // Somebody changes an entry of the trail.
    let items = system.contents.of(tenant.id).await;
    let of_record = text(&given, "recordId");
    let entry = items.in_table("AuditEntriesTable").find(|(key, _)| key.partition.contains(&of_record));
    let mut entry = entry.expect("an entry").1.clone();
    let stored = entry["entry"].as_s().expect("JSON").replace("record.created", "record.erased!");
    entry.insert("entry".to_owned(), AttributeValue::S(stored));
    system.contents.put("AuditEntriesTable", vec![entry]).await;
    let page = operator.page(&path).await;
    assert!(page.says("The hash chain is broken at entry 1"), "{}", page.html);
    Page::of(operator.get("record?id=cr_01ARZ3NDEKTSV4RRFFQ69G5FAV").await, 404);
    Page::of(operator.get("record").await, 404);
}

async fn a_notice_shows_its_drafts_and_gaps(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = complete_draft("en");
    published(&tenant, &draft).await;
    let newer = with(&draft, "version", Some(json!("2.0")));
    tenant.post(NOTICES, &newer).await.expect(201);
    let hindi = with(&in_language(&newer, "hi"), "links", None);
    tenant.post(NOTICES, &hindi).await.expect(201);
    let operator = Person::operator(&tenant).await;
    let list = operator.page("notices").await;
    assert!(list.says("Languages: 2; drafts: 2;") && list.says("Languages: 1; drafts: 0;"), "{}", list.html);
    let page = operator.page(&format!("notice?id={}", text(&draft, "noticeId"))).await;
    for words in
        ["Version <bdi>2.0</bdi>", "Version <bdi>1.0</bdi>", "draft", "languages.hi.links.rights", "published on"]
    {
        assert!(page.says(words), "{words}: {}", page.html);
    }
    assert_eq!(page.forms(), ["difference"]);
    Page::of(operator.get("notice?id=unknown").await, 404);
    Page::of(operator.get("notices?cursor=x").await, 400);
    // The next page begins where this one ends.
    for _ in 0..101 {
        tenant.create_notice().await;
    }
    let first = operator.page("notices").await;
    let links = first.links();
    let older = links.iter().find(|link| link.contains("cursor=")).expect("a link to older notices");
    assert!(operator.page(older).await.says(&text(&draft, "noticeId")));
}

async fn two_versions_stand_side_by_side(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let draft = with(&complete_draft("en"), "content", Some(json!("First.\nSecond.\nThird.")));
    published(&tenant, &draft).await;
    let mut newer = with(&draft, "version", Some(json!("2.0")));
    newer["content"] = json!("First.\nSecond, and more.\nThird.");
    newer["purposes"][1]["description"] = json!("Only your last order");
    tenant.post(NOTICES, &newer).await.expect(201);
    let operator = Person::operator(&tenant).await;
    let id = text(&draft, "noticeId");
    let page = operator.page(&format!("difference?id={id}&left=1.0&right=2.0&language=en")).await;
    for words in [
        "<del>Second.</del>",
        "<ins>Second, and more.</ins>",
        "<del>orders: To tell you where your order is (en)</del>",
        "<ins>orders: Only your last order</ins>",
        "No difference.",
    ] {
        assert!(page.says(words), "{words}: {}", page.html);
    }
    let page = operator.page(&format!("difference?id={id}&left=1.0&right=2.0&language=hi")).await;
    assert_eq!(page.html.matches("does not have this language").count(), 2, "{}", page.html);
    for bad in ["left=&right=2.0&language=en", "left=1.0&right=2.0&language=e", "left=1.0&right=2.0"] {
        Page::of(operator.get(&format!("difference?id={id}&{bad}")).await, 400);
    }
}

async fn a_message_is_sent_again(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let receiver = Receiver::start(Reply::status(500)).await;
    registered(&tenant, json!({"kind": "webhook", "url": receiver.url()})).await;
    let record = tenant.create_record_of("user-1").await;
    tenant.post(withdraw_path(&record), &json!({"reason": "x"})).await.expect(200);
    system.tell(tenant.id).await;
    let operator = Person::operator(&tenant).await;
    let page = operator.page("deliveries").await;
    assert!(page.says("consent.withdrawn") && page.says("awaited until"), "{}", page.html);
    let (token, delivery) = (page.field("token"), page.field("delivery"));
    let fields = [("token", token.as_str()), ("delivery", delivery.as_str())];
    let after = Page::of(operator.submit("retry", &fields).await, 200);
    assert!(after.says("The message is being sent again."), "{}", after.html);
    let retried = tenant.get(format!("{DELIVERIES}/{delivery}")).await.expect(200);
    assert_eq!(retried["status"], "pending", "{retried}");
    let unknown = "dlv_01ARZ3NDEKTSV4RRFFQ69G5FAV01ARZ3NDEKTSV4RRFFQ69G5FAV";
    Page::of(operator.submit("retry", &[("token", &token), ("delivery", unknown)]).await, 404);
    Page::of(operator.submit("retry", &[("token", &token)]).await, 404);
    // What is told by hand is not sent.
    registered(&tenant, json!({"kind": "manual"})).await;
    let other = tenant.create_record_of("user-2").await;
    tenant.post(withdraw_path(&other), &json!({"reason": "x"})).await.expect(200);
    system.tell(tenant.id).await;
    let all = tenant.get(DELIVERIES).await.expect(200);
    let by_hand = all["deliveries"].as_array().expect("deliveries").iter().find(|it| it["channel"] == "manual");
    let by_hand = text(by_hand.expect("a delivery"), "id");
    let refused = Page::of(operator.submit("retry", &[("token", &token), ("delivery", &by_hand)]).await, 200);
    assert!(refused.says("cannot be sent"), "{}", refused.html);
    Page::of(operator.get("deliveries?status=lost").await, 400);
    assert!(operator.page("deliveries?status=delivered&overdue=").await.says("There are none"));
}

async fn a_grievance_is_decided(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let grievance = tenant.create_grievance("user-1").await;
    let id = text(&grievance, "grievanceId");
    let operator = Person::operator(&tenant).await;
    let open = format!("grievance?id={id}");
    assert!(operator.page("grievances").await.links().contains(&open));
    let page = operator.page(&open).await;
    assert!(page.says("I asked for my data on the 3rd") && page.says("Begin the review"), "{}", page.html);
    let token = page.field("token");
    let submit = async |status: &str, resolution: Option<&str>| {
        let mut fields = vec![("token", token.as_str()), ("grievance", id.as_str()), ("status", status)];
        fields.extend(resolution.map(|resolution| ("resolution", resolution)));
        operator.submit("decide", &fields).await
    };
    // Not before its review.
    let early = Page::of(submit("resolved", Some("Sorry")).await, 409);
    assert!(early.says("another status by now"), "{}", early.html);
    let reviewed = Page::of(submit("in_review", None).await, 200);
    assert!(reviewed.says("in review") && reviewed.says("It is saved"), "{}", reviewed.html);
    Page::of(submit("in_review", None).await, 409);
    let long = "x".repeat(10_001);
    for missing in [None, Some(" "), Some(long.as_str())] {
        let again = Page::of(submit("resolved", missing).await, 400);
        assert!(again.says("A decision needs its reasons"), "{}", again.html);
        assert!(again.says(missing.unwrap_or_default()), "what was written is not lost");
    }
    let decided = Page::of(submit("resolved", Some("We <b>stopped</b>\r\nit")).await, 200);
    assert!(decided.says("We &#60;b&#62;stopped") || decided.says("We &lt;b&gt;stopped"), "{}", decided.html);
    assert!(!decided.says("name=\"status\""), "there is no next step: {}", decided.html);
    let stored = tenant.get(format!("{GRIEVANCES}/{id}")).await.expect(200);
    assert_eq!(
        (text(&stored, "status").as_str(), text(&stored, "resolution").as_str()),
        ("resolved", "We <b>stopped</b>\nit")
    );
    // Pressed twice, or by somebody else too: nothing is decided again, and what was written stays.
    let late = Page::of(submit("rejected", Some("No")).await, 409);
    assert!(late.says("Nothing was changed"), "{}", late.html);
    let listed = operator.page("grievances?status=resolved").await;
    assert!(listed.links().contains(&open), "{}", listed.html);
    assert!(!operator.page("grievances?status=submitted").await.links().contains(&open));
    Page::of(submit("erased", None).await, 409);
    Page::of(submit("lost", None).await, 400);
    Page::of(operator.get("grievance?id=x").await, 404);
    Page::of(operator.get("grievances?status=lost").await, 400);
}

async fn forms_from_elsewhere_change_nothing(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let grievance = tenant.create_grievance("user-1").await;
    let id = text(&grievance, "grievanceId");
    let (operator, other) = (Person::operator(&tenant).await, Person::operator(&tenant).await);
    let open = format!("grievance?id={id}");
    let (token, foreign) = (operator.page(&open).await.field("token"), other.page(&open).await.field("token"));
    let fields = [("token", token.as_str()), ("grievance", id.as_str()), ("status", "in_review")];
    let stolen = form(Request::new(Method::POST, "/console/decide"), &fields);
    let with_token = |token: &'static str| [("token", token), fields[1], fields[2]];
    for (what, request, status) in [
        ("without a token", operator.form("decide", &fields[1..]), 400),
        ("another session's", operator.form("decide", &[("token", &foreign), fields[1], fields[2]]), 400),
        ("none of ours", operator.form("decide", &with_token("AAAA")), 400),
        ("a field more", operator.form("decide", &[fields[0], fields[1], fields[2], ("x", "y")]), 400),
        ("another site", operator.form("decide", &fields).header("sec-fetch-site", "cross-site"), 403),
        ("JSON", operator.request(Method::POST, "/console/decide").json(&json!({"token": token})), 415),
        ("without the cookie", stolen, 401),
    ] {
        let response = operator.send(request).await;
        assert_eq!(response.status(), status, "{what}: {response}");
        Page::of(response, status);
    }
    assert_eq!(tenant.get(format!("{GRIEVANCES}/{id}")).await.expect(200)["status"], "submitted");
}

async fn what_people_wrote_is_shown_as_text(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let hostile = "<img src=x onerror=alert(1)>\" ' \u{202e}evil\u{200b} & {{x}}";
    let mut draft = complete_draft("en");
    for path in ["/title", "/content", "/purposes/0/description", "/purposes/0/services", "/dataItems/1/description"] {
        *draft.pointer_mut(path).expect("a member") = json!(hostile);
    }
    published(&tenant, &draft).await;
    let newer = with(&with(&draft, "version", Some(json!("2.0"))), "content", Some(json!("x")));
    tenant.post(NOTICES, &newer).await.expect(201);
    let person = "<script>alert(1)</script>";
    let grant = tenant.create_grant(person).await;
    let record = tenant.post(RECORDS, &complete_record(&grant, &draft, person)).await.expect(201);
    let manual = with(&recipient(), "delivery", Some(json!({"kind": "manual"})));
    let manual = with(&with(&manual, "purposes", Some(json!(["*"]))), "name", Some(json!(hostile)));
    tenant.post(RECIPIENTS, &manual).await.expect(201);
    tenant.post(withdraw_path(&record), &json!({"reason": hostile})).await.expect(200);
    system.tell(tenant.id).await;
    let complaint = with(&grievance(person), "description", Some(json!(hostile)));
    let complaint = tenant.post(GRIEVANCES, &with(&complaint, "type", Some(json!(hostile)))).await.expect(202);
    let operator = Person::operator(&tenant).await;
    let id = text(&draft, "noticeId");
    for path in [
        "today".to_owned(),
        format!("person?id={}", encoded(person)),
        format!("record?id={}", text(&record, "recordId")),
        "notices".to_owned(),
        format!("notice?id={id}"),
        format!("difference?id={id}&left=1.0&right=2.0&language=en"),
        "deliveries".to_owned(),
        "grievances".to_owned(),
        format!("grievance?id={}", text(&complaint, "grievanceId")),
    ] {
        let page = operator.page(&path).await;
        assert!(page.says("onerror=alert"), "{path}: {}", page.html);
        assert!(!page.says("<img") && !page.says("<script") && !page.says(hostile), "{path}: {}", page.html);
    }
}

async fn pages_take_only_their_own_input(system: &'static System) {
    let operator = Person::operator(&*Tenant::new(system).await).await;
    for page in [
        "today",
        "charts",
        "person",
        "record",
        "notices",
        "notice",
        "difference",
        "deliveries",
        "grievances",
        "grievance",
    ] {
        Page::of(operator.get(&format!("{page}?x=1")).await, 400);
    }
    Page::of(operator.get("person?id=a&id=b").await, 400);
    let with_body = operator.request(Method::GET, "/console/today").bytes("x");
    Page::of(operator.send(with_body).await, 400);
    let body = json!({"x": 1});
    let tenant = Tenant::new(system).await;
    let request = tenant.request(Method::POST, CONSOLE_SESSIONS).json(&body);
    tenant.send(request).await.expect_error(400, "BAD_REQUEST");
}

/// The part of the charts that is about a purpose.
fn chart<'a>(page: &'a Page, purpose: &str) -> &'a str {
    let title = format!("<h2><bdi>{purpose}</bdi></h2>");
    page.html.split("<section>").find(|part| part.contains(&title)).expect("a section")
}

/// A stream that loses, doubles and delays what it has, and the sweep after it.
async fn charts_count_each_decision_once(_: &'static System) {
    let telling = Telling::start().await;
    telling.register(json!({"kind": "manual"}), &json!({})).await;
    let desk = Desk::open(&telling).await;
    let empty = desk.page("show-console-charts", "charts").await;
    assert!(empty.says("There were none."), "{}", empty.html);
    let shown = telling.post("create-consent-notice", NOTICES, &notice()).await.expect(201);
    for person in 0..12 {
        let person = format!("user-{person}");
        let given = telling.post("create-grant", GRANTS, &grant(&person)).await.expect(201);
        let both = decisions(&[("analytics", "granted"), ("personalization", "denied")]);
        let given = with(&record(&given, &shown, &person), "purposes", Some(both));
        let given = telling.post("create-consent-record", RECORDS, &given).await.expect(201);
        telling.withdraw(&given).await;
        let refused = refusal(&shown, &person, &["analytics", "personalization"]);
        telling.post("create-consent-record", RECORDS, &refused).await.expect(201);
    }
    let mut streams = Unreliable::new(11);
    for _ in 0..3 {
        telling.system.pass_on(Some(&mut streams)).await;
        telling.sweep_after(Duration::from_mins(1)).await;
    }
    let page = desk.page("show-console-charts", "charts").await;
    for (purpose, given, denied, withdrawn) in [("analytics", 12, 12, 12), ("personalization", 0, 24, 0)] {
        let chart = chart(&page, purpose);
        for (name, count) in [("Given", given), ("Denied", denied), ("Withdrawn", withdrawn)] {
            assert!(chart.contains(&format!("<figcaption>{name}: {count}</figcaption>")), "{name} {purpose}: {chart}");
        }
    }
    // What waited to be counted is gone.
    let left = telling.system.stored_items().await;
    let waits = |item: &&Value| item["sk"]["S"].as_str().is_some_and(|sort| sort.starts_with("denied#"));
    assert_eq!(left["EventsTable"].iter().filter(waits).count(), 0);
    // After a month, the chart is empty.
    telling.clock.pass(Duration::from_hours(24 * 31));
    let later = desk.page("show-console-charts", "charts").await;
    assert!(later.says("There were none."), "{}", later.html);
}

async fn charts_show_numbers_too(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let (shown, record) = (tenant.create_notice().await, tenant.create_record_of("user-1").await);
    tenant.post(withdraw_path(&record), &json!({"reason": "x"})).await.expect(200);
    tenant.post(RECORDS, &refusal(&shown, "user-2", &["analytics"])).await.expect(201);
    system.tell(tenant.id).await;
    let page = Person::operator(&tenant).await.page("charts").await;
    let chart = chart(&page, "analytics");
    assert_eq!(chart.matches("<svg").count(), 3);
    assert_eq!(chart.matches("<th scope=\"row\">").count(), 30);
    assert!(chart.contains("<td>1</td><td>1</td><td>1</td>"), "{chart}");
}

async fn others_see_nothing(system: &'static System) {
    let (tenant, stranger) = (Tenant::new(system).await, Tenant::new(system).await);
    let record = tenant.create_record().await;
    let grievance = tenant.create_grievance("user-1").await;
    let draft = complete_draft("en");
    tenant.post(NOTICES, &draft).await.expect(201);
    let operator = Person::operator(&stranger).await;
    let id = text(&draft, "noticeId");
    for path in [
        format!("record?id={}", text(&record, "recordId")),
        format!("grievance?id={}", text(&grievance, "grievanceId")),
        format!("notice?id={id}"),
    ] {
        Page::of(operator.get(&path).await, 404);
    }
    let difference = operator.page(&format!("difference?id={id}&left=1.0&right=1.0&language=en")).await;
    assert!(difference.says("does not have this language"), "{}", difference.html);
    assert!(operator.page("person?id=user-1").await.says("There is no consent record"));
    assert!(!operator.page("notices").await.says(&id));
    system.tell(tenant.id).await;
    assert!(operator.page("charts").await.says("There were none."));
}
