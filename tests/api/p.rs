//! `/p/…`: the pages of persons, and `POST /v1/portal-sessions`, which creates the links to them. The tests in a browser
//! are in tests/browser.

use std::time::Duration;

use assent_tests::client::{Request, Response};
use assent_tests::fixtures::{
    Caller, EXPORTS, GRANTS, GRIEVANCES, NOTICES, RECIPIENTS, RECORDS, SESSION, Tenant, accepted, child_grant,
    complete_draft, complete_record, encoded, erasure_counts, events_path, export, in_future, publish_path, recipient,
    recipient_path, record, record_path, records_path, text, with,
};
use assent_tests::like::now;
use assent_tests::portal::{PORTAL_SESSIONS, Page, Person, form, link_for, path_of};
use assent_tests::system::System;
use assent_tests::trail::Trail;
use futures_util::future::join_all;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    a_person_sees_what_they_agreed_to_and_withdraws_it_with_one_press,
    everything_is_withdrawn_with_one_press,
    a_question_waits_for_every_answer,
    a_refusal_is_recorded_too,
    an_answer_to_a_new_version_renews_the_consent,
    a_question_may_be_about_a_delegated_grant,
    a_question_must_be_answerable,
    a_link_opens_once,
    a_link_ends,
    a_link_in_a_message_waits_for_a_button,
    no_bit_of_a_link_can_be_changed,
    a_session_lasts_half_an_hour,
    a_session_ends_with_its_key,
    a_session_ends_when_the_person_is_erased,
    a_session_does_no_more_than_its_key,
    forms_from_elsewhere_change_nothing,
    another_persons_records_are_not_found,
    pages_are_in_the_persons_language,
    a_notice_without_the_language_says_so,
    the_history_tells_what_happened,
    a_damaged_history_says_so,
    who_was_told_to_stop_is_shown,
    who_was_told_of_a_revocation_is_shown,
    a_person_takes_a_copy_and_receipts,
    a_person_erases_themselves,
    a_person_continues_an_erasure,
    everything_about_a_person_is_erased_from_their_page,
    what_people_wrote_is_shown_as_text,
    pages_take_only_their_own_input,
    the_request_for_a_link_names_every_fault,
    the_link_does_not_say_whose_it_is;
    on each engine:
    a_question_is_answered_once,
    of_many_who_open_a_link_one_succeeds,
    a_complaint_is_received_once,
];

/// An organisation with a published notice and a person who agreed to one of its purposes and refused the other.
async fn consent(system: &'static System) -> (Tenant, Value, Value) {
    let tenant = Tenant::new(system).await;
    let notice = published(&tenant, "en").await;
    let grant = tenant.create_grant("user-1").await;
    let record = tenant.post(RECORDS, &complete_record(&grant, &notice, "user-1")).await.expect(201);
    (tenant, notice, record)
}

async fn published(tenant: &Tenant, language: &str) -> Value {
    let draft = complete_draft(language);
    tenant.post(NOTICES, &draft).await.expect(201);
    tenant.post(publish_path(&draft), &json!({})).await.expect(200);
    draft
}

async fn asking(tenant: &Tenant, notice: &Value, person: &str) -> Value {
    let grant = tenant.create_grant(person).await;
    json!({
        "dataPrincipalId": person, "flow": "consent", "returnUrl": "https://shop.example/thanks?a=1&b=2",
        "consent": {
            "noticeId": notice["noticeId"], "grantId": grant["grantId"],
            "processingExpiresAt": in_future(chrono::Duration::days(100)),
        },
    })
}

async fn records_of(caller: &Caller, person: &str) -> Vec<Value> {
    let body = caller.get(records_path(person)).await.expect(200);
    body["records"].as_array().expect("records").clone()
}

async fn a_person_sees_what_they_agreed_to_and_withdraws_it_with_one_press(system: &'static System) {
    let (tenant, notice, record) = consent(system).await;
    let person = Person::of(&tenant, "user-1").await;
    let home = person.page("home").await;
    for words in ["To count visits (en)", "To tell you where your order is (en)", "You agreed on", "You refused on"] {
        assert!(home.says(words), "{words}: {}", home.html);
    }
    // One form: the refused purpose has nothing to withdraw, and one purpose needs no button for all.
    assert_eq!(home.forms(), ["withdraw"]);
    let (token, code) = (home.field("token"), home.field("purpose"));
    assert_eq!((code.as_str(), home.field("notice")), ("analytics", text(&notice, "noticeId")));
    let fields = [("token", token.as_str()), ("lang", "en"), ("purpose", &code), ("notice", &home.field("notice"))];
    let after = Page::of(person.submit("withdraw", &fields).await, 200);
    assert!(after.says("Your consent is withdrawn.") && after.says("You withdrew on"), "{}", after.html);
    assert_eq!(after.forms(), [""; 0]);
    let withdrawn = tenant.get(record_path(&record)).await.expect(200);
    assert_eq!(withdrawn["status"], "withdrawn");
    assert_eq!(withdrawn["withdrawnReason"], "Withdrawn by the person on their own page");
    // The same press again.
    let again = Page::of(person.submit("withdraw", &fields).await, 200);
    assert!(again.says("This was withdrawn already."), "{}", again.html);
    let trail = tenant.get(format!("{}/audit", record_path(&record))).await.expect(200);
    assert_eq!(trail["entries"].as_array().map(Vec::len), Some(2), "{trail}");
    assert_eq!(trail["entries"][1]["actor"], tenant.key_id.to_string());
}

async fn everything_is_withdrawn_with_one_press(system: &'static System) {
    let (tenant, ..) = consent(system).await;
    let other = published(&tenant, "en").await;
    let grant = tenant.create_grant("user-1").await;
    tenant.post(RECORDS, &complete_record(&grant, &other, "user-1")).await.expect(201);
    let person = Person::of(&tenant, "user-1").await;
    let home = person.page("home").await;
    assert_eq!(home.forms(), ["withdraw"; 3]);
    let after = Page::of(person.submit("withdraw", &[("token", &home.field("token")), ("lang", "en")]).await, 200);
    assert!(after.says("Your consent is withdrawn."), "{}", after.html);
    let left = records_of(&tenant, "user-1").await;
    assert!(left.iter().all(|record| record["status"] == "withdrawn"), "{left:?}");
}

async fn a_question_is_answered_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = published(&tenant, "en").await;
    let link = tenant.post(PORTAL_SESSIONS, &asking(&tenant, &notice, "user-1").await).await.expect(201);
    let opened = tenant.client.send(Request::new(Method::GET, path_of(&link))).await;
    assert_eq!(opened.header("location"), Some("question"));
    let person = Person::entered(&tenant.client, &opened);
    let question = person.page("question").await;
    for words in ["What we ask you (en)", "We need some of your data", "A faster shop (en)", "I agree", "I refuse"] {
        assert!(question.says(words), "{words}: {}", question.html);
    }
    assert!(!question.says("checked"), "nothing is chosen: {}", question.html);
    let (token, shown) = (question.field("token"), question.field("shown"));
    let fields = [
        ("token", token.as_str()),
        ("shown", &shown),
        ("lang", "en"),
        ("purpose.analytics", "granted"),
        ("purpose.orders", "denied"),
    ];
    let submitted = (0..4).map(|_| person.form("answer", &fields));
    let answered = join_all(submitted.map(|request| person.send(request))).await;
    let first = answered
        .iter()
        .map(|response| Page::of(response.clone(), 200))
        .filter(|page| page.says("Your answers are saved"));
    let first: Vec<Page> = first.collect();
    assert_eq!(first.len(), 1, "{answered:?}");
    assert!(first[0].links().contains(&"https://shop.example/thanks?a=1&b=2".to_owned()), "{}", first[0].html);
    let again = answered.iter().filter(|response| response.text().contains("These questions were answered already."));
    assert_eq!(again.count(), 3);
    let records = records_of(&tenant, "user-1").await;
    assert_eq!(records.len(), 1, "{records:?}");
    let record = &records[0];
    assert_eq!(record["status"], "active");
    assert_eq!(record["method"], "click");
    assert_eq!(record["channel"], "portal");
    assert_eq!(record["actor"], json!({"type": "principal"}));
    assert_eq!(record["consentNoticeLanguage"], "en");
    assert!(text(record, "shownAt") <= text(record, "createdAt"));
    let decisions: Vec<(String, String)> = record["purposes"]
        .as_array()
        .expect("purposes")
        .iter()
        .map(|purpose| (text(purpose, "code"), text(purpose, "decision")))
        .collect();
    let expected = [("analytics", "granted"), ("orders", "denied")].map(|(code, it)| (code.to_owned(), it.to_owned()));
    assert_eq!(decisions, expected);
}

async fn a_question_waits_for_every_answer(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = published(&tenant, "en").await;
    let person = Person::asked(&tenant, &asking(&tenant, &notice, "user-1").await).await;
    let question = person.page("question").await;
    let (token, shown) = (question.field("token"), question.field("shown"));
    let fields = [("token", token.as_str()), ("shown", &shown), ("lang", "en"), ("purpose.orders", "denied")];
    let again = Page::of(person.submit("answer", &fields).await, 400);
    assert!(again.says("role=\"alert\"") && again.says("Please answer every purpose."), "{}", again.html);
    // What was chosen is still chosen, and nothing else.
    assert_eq!(again.html.matches(" checked").count(), 1, "{}", again.html);
    assert_eq!(tenant.get(records_path("user-1")).await.status(), 200);
    assert_eq!(records_of(&tenant, "user-1").await.len(), 0);
    for bad in [("purpose.orders", "perhaps"), ("purpose.unknown", "granted"), ("shown", "x.2026 en"), ("x", "y")] {
        let mut fields = fields.to_vec();
        fields.retain(|(name, _)| *name != bad.0);
        fields.push(bad);
        Page::of(person.submit("answer", &fields).await, 400);
    }
    assert_eq!(records_of(&tenant, "user-1").await.len(), 0);
}

async fn answer(person: &Person, analytics: &str, orders: &str) -> Page {
    let question = person.page("question").await;
    let (token, shown) = (question.field("token"), question.field("shown"));
    let fields = [
        ("token", token.as_str()),
        ("shown", &shown),
        ("lang", "en"),
        ("purpose.analytics", analytics),
        ("purpose.orders", orders),
    ];
    Page::of(person.submit("answer", &fields).await, 200)
}

async fn a_refusal_is_recorded_too(system: &'static System) {
    let (tenant, notice, record) = consent(system).await;
    let grant = tenant.create_grant("user-1").await;
    let later = tenant.post(RECORDS, &complete_record(&grant, &notice, "user-1")).await.expect(201);
    let person = Person::asked(&tenant, &asking(&tenant, &notice, "user-1").await).await;
    assert!(answer(&person, "denied", "denied").await.says("You refused"));
    let records = records_of(&tenant, "user-1").await;
    assert_eq!(records[0]["status"], "denied");
    // The newest consent is renewed, and the denial ends what any other one grants.
    assert_eq!(tenant.get(record_path(&later)).await.expect(200)["status"], "renewed");
    assert_eq!(tenant.get(record_path(&record)).await.expect(200)["status"], "withdrawn");
    assert_eq!(person.page("home").await.forms(), [""; 0]);
}

async fn an_answer_to_a_new_version_renews_the_consent(system: &'static System) {
    let (tenant, notice, record) = consent(system).await;
    let newer = with(&notice, "version", Some(json!("2.0")));
    tenant.post(NOTICES, &newer).await.expect(201);
    tenant.post(publish_path(&newer), &json!({})).await.expect(200);
    let mut asked = asking(&tenant, &notice, "user-1").await;
    asked["consent"]["version"] = json!("2.0");
    let person = Person::asked(&tenant, &asked).await;
    answer(&person, "granted", "granted").await;
    let earlier = tenant.get(record_path(&record)).await.expect(200);
    assert_eq!(earlier["status"], "renewed");
    let later = tenant.get(format!("{RECORDS}/{}", text(&earlier, "renewedBy"))).await.expect(200);
    assert_eq!((text(&later, "consentNoticeVersion").as_str(), text(&later, "status").as_str()), ("2.0", "active"));
    // The home page shows the latest decision alone.
    let home = person.page("home").await;
    assert_eq!(
        home.html.matches("To count visits (en)").count(),
        home.html.matches("You agreed on").count() - 1 + home.html.matches("Withdraw: To count visits (en)").count()
    );
    assert!(!home.says("You answered this again"), "{}", home.html);
}

async fn a_question_may_be_about_a_delegated_grant(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = published(&tenant, "en").await;
    let parent = tenant.create_grant("user-1").await;
    let child = tenant.post(GRANTS, &child_grant(&parent, "user-1")).await.expect(201);
    let mut asked = asking(&tenant, &notice, "user-1").await;
    asked["consent"]["grantId"] = child["grantId"].clone();
    let person = Person::asked(&tenant, &asked).await;
    assert!(answer(&person, "granted", "denied").await.says("You agreed"));
    assert_eq!(records_of(&tenant, "user-1").await[0]["grantId"], child["grantId"]);
}

async fn a_question_must_be_answerable(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = published(&tenant, "en").await;
    let good = asking(&tenant, &notice, "user-1").await;
    let refused = async |path: &str, value: Value, code: &str, field: &str| {
        let mut body = good.clone();
        *body.pointer_mut(path).expect("a member") = value;
        tenant.post(PORTAL_SESSIONS, &body).await.expect_field_errors(400, code, &[field]);
    };
    refused("/consent/noticeId", json!("unknown"), "INVALID_NOTICE", "consent.noticeId").await;
    refused("/consent/grantId", json!("grnt_x"), "INVALID_GRANT", "consent.grantId").await;
    let other = tenant.create_grant("user-2").await;
    refused("/consent/grantId", other["grantId"].clone(), "INVALID_GRANT", "consent.grantId").await;
    let draft = complete_draft("en");
    tenant.post(NOTICES, &draft).await.expect(201);
    refused("/consent/noticeId", draft["noticeId"].clone(), "INVALID_NOTICE", "consent.noticeId").await;
    // The grant ends after the question was asked.
    let person = Person::asked(&tenant, &good).await;
    let question = person.page("question").await;
    tenant.delete(format!("/v1/grants/{}", text(&good["consent"], "grantId"))).await.expect_no_content();
    let (token, shown) = (question.field("token"), question.field("shown"));
    let fields =
        [("token", token.as_str()), ("shown", &shown), ("purpose.analytics", "granted"), ("purpose.orders", "granted")];
    Page::of(person.submit("answer", &fields).await, 409);
    assert_eq!(records_of(&tenant, "user-1").await.len(), 0);
    // A session that asks nothing has no question.
    Page::of(Person::of(&tenant, "user-1").await.get("question").await, 404);
}

async fn a_link_opens_once(system: &'static System) {
    let (tenant, ..) = consent(system).await;
    let link = tenant.post(PORTAL_SESSIONS, &link_for("user-1")).await.expect(201);
    let open = || tenant.client.send(Request::new(Method::GET, path_of(&link)));
    let opened = open().await;
    assert_eq!(opened.header("location"), Some("home"));
    let cookie = opened.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-assent="), "{cookie}");
    for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=1800"] {
        assert!(cookie.split("; ").any(|found| found == attribute), "{cookie}");
    }
    let page = Page::of(open().await, 410);
    assert!(page.says("This link does not work any more."), "{}", page.html);
    assert!(!cookie.contains(path_of(&link).split('=').next_back().expect("a token")), "the link is not the session");
    // Without a cookie, the page says so.
    let page = Page::of(tenant.client.send(Request::new(Method::GET, "/p/home")).await, 401);
    assert!(page.says("Your visit has ended."), "{}", page.html);
}

async fn of_many_who_open_a_link_one_succeeds(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let link = tenant.post(PORTAL_SESSIONS, &link_for("user-1")).await.expect(201);
    let opening = (0..8).map(|_| tenant.client.send(Request::new(Method::GET, path_of(&link))));
    let mut statuses: Vec<u16> = join_all(opening).await.iter().map(Response::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410, 410, 410, 410, 410, 410, 410]);
}

async fn a_link_ends(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let clocked = system.clocked().await;
    let caller = tenant.by(&clocked.client);
    let message = with(&link_for("user-1"), "delivery", Some(json!("message")));
    let opened = async |link: &Value| clocked.client.send(Request::new(Method::GET, path_of(link))).await.status();
    for (body, minutes, status) in [(link_for("user-1"), 5, 303), (message, 72 * 60, 200)] {
        let (early, late) = (caller.post(PORTAL_SESSIONS, &body).await, caller.post(PORTAL_SESSIONS, &body).await);
        clocked.pass(Duration::from_secs(minutes * 60 - 1));
        assert_eq!(opened(&early.expect(201)).await, status);
        clocked.pass(Duration::from_secs(1));
        assert_eq!(opened(&late.expect(201)).await, 410);
    }
}

async fn a_link_in_a_message_waits_for_a_button(system: &'static System) {
    let (tenant, ..) = consent(system).await;
    let body = json!({"dataPrincipalId": "user-1", "delivery": "message", "locale": "ur"});
    let link = tenant.post(PORTAL_SESSIONS, &body).await.expect(201);
    let client = &tenant.client;
    // As often as programs look.
    let look = async || Page::of(client.send(Request::new(Method::GET, path_of(&link))).await, 200);
    look().await;
    let page = look().await;
    assert!(page.says("dir=\"rtl\"") || page.says("dir=rtl"), "{}", page.html);
    assert_eq!(page.forms(), ["enter"]);
    let secret = page.field("link");
    let enter = |fields: &[(&str, &str)]| client.send(form(Request::new(Method::POST, "/p/enter"), fields));
    Page::of(enter(&[("link", &secret), ("x", "y")]).await, 400);
    let foreign = form(Request::new(Method::POST, "/p/enter"), &[("link", &secret)]);
    Page::of(client.send(foreign.header("sec-fetch-site", "cross-site")).await, 403);
    let entered = enter(&[("link", &secret), ("lang", "ta")]).await;
    assert_eq!(entered.header("location"), Some("home?lang=ta"));
    let person = Person::entered(client, &entered);
    assert!(person.page("home?lang=ta").await.says("lang=\"ta\""));
    Page::of(enter(&[("link", &secret)]).await, 410);
    // Whoever reads the message can look and withdraw, but not erase.
    let erasure = person.page("erasure").await;
    let fields = [("token", erasure.field("token")), ("confirmed", "yes".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    Page::of(person.submit("erase", &fields).await, 403);
    assert_eq!(records_of(&tenant, "user-1").await.len(), 1);
}

async fn no_bit_of_a_link_can_be_changed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let link = tenant.post(PORTAL_SESSIONS, &link_for("user-1")).await.expect(201);
    let path = path_of(&link);
    let (start, token) = path.split_once('=').expect("a token");
    for position in 0..token.len() {
        let mut altered = token.to_owned();
        let other = if altered.as_bytes()[position] == b'A' { "B" } else { "A" };
        altered.replace_range(position..=position, other);
        let response = tenant.client.send(Request::new(Method::GET, format!("{start}={altered}"))).await;
        Page::of(response, 410);
    }
    for other in ["", "x", &token[1..], &format!("{token}A"), "%00", "%ff"] {
        Page::of(tenant.client.send(Request::new(Method::GET, format!("{start}={other}"))).await, 410);
    }
    Person::open(&tenant.client, &link).await.page("home").await;
}

async fn a_session_lasts_half_an_hour(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let clocked = system.clocked().await;
    let person = Person::of(&tenant.by(&clocked.client), "user-1").await;
    clocked.pass(Duration::from_secs(30 * 60 - 1));
    person.page("home").await;
    clocked.pass(Duration::from_secs(1));
    Page::of(person.get("home").await, 401);
}

async fn a_session_ends_with_its_key(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let clocked = system.clocked().await;
    let key = tenant.with_scopes(&["*"]).await.by(&clocked.client);
    let person = Person::of(&key, "user-1").await;
    let link = key.post(PORTAL_SESSIONS, &link_for("user-1")).await.expect(201);
    person.page("home").await;
    system.disable_key(&key.key).await;
    // The authorizer knows a key for five seconds.
    clocked.pass(Duration::from_secs(6));
    Page::of(person.get("home").await, 401);
    // A link of that key begins a session that has ended.
    Page::of(Person::open(&clocked.client, &link).await.get("home").await, 401);
    let ending = tenant.with_expiry(now() + chrono::Duration::seconds(120)).await.by(&clocked.client);
    let link = ending.post(PORTAL_SESSIONS, &link_for("user-1")).await.expect(201);
    let ends = chrono::DateTime::parse_from_rfc3339(&text(&link, "expiresAt")).expect("a time");
    assert!(ends < now() + chrono::Duration::seconds(125), "a link does not outlive its key: {ends}");
}

async fn a_session_ends_when_the_person_is_erased(system: &'static System) {
    let (tenant, ..) = consent(system).await;
    let link = tenant.post(PORTAL_SESSIONS, &link_for("user-1")).await.expect(201);
    let (erased, other) = (Person::of(&tenant, "user-1").await, Person::of(&tenant, "user-2").await);
    tenant.erase("user-1").await;
    Page::of(erased.get("home").await, 401);
    Page::of(Person::open(&tenant.client, &link).await.get("home").await, 401);
    other.page("home").await;
    // A link that is made afterwards shows that there is nothing.
    assert!(Person::of(&tenant, "user-1").await.page("home").await.says("has no consent of yours"));
}

async fn a_session_does_no_more_than_its_key(system: &'static System) {
    let (tenant, _, record) = consent(system).await;
    let key = tenant.with_scopes(&["portal:write", "principals:read"]).await;
    let person = Person::of(&key, "user-1").await;
    let home = person.page("home").await;
    assert_eq!(home.forms(), [""; 0]);
    let links = home.links();
    for hidden in ["told", "grievances", "erasure", "receipt"] {
        assert!(!links.iter().any(|link| link.starts_with(hidden)), "{hidden}: {links:?}");
        Page::of(person.get(&format!("{hidden}?record={}", text(&record, "recordId"))).await, 403);
    }
    let everything = Person::of(&tenant, "user-1").await;
    let token = everything.page("home").await.field("token");
    for form in ["withdraw", "answer", "grievances", "erase"] {
        Page::of(person.submit(form, &[("token", &token)]).await, 403);
    }
    assert_eq!(tenant.get(record_path(&record)).await.expect(200)["status"], "active");
    let without = tenant.with_scopes(&["principals:read"]).await;
    without.post(PORTAL_SESSIONS, &link_for("user-1")).await.expect_error(403, "FORBIDDEN");
}

async fn forms_from_elsewhere_change_nothing(system: &'static System) {
    let (tenant, _, record) = consent(system).await;
    let (person, other) = (Person::of(&tenant, "user-1").await, Person::of(&tenant, "user-1").await);
    let (home, of_other) = (person.page("home").await, other.page("home").await);
    let (token, foreign) = (home.field("token"), of_other.field("token"));
    let flipped = format!("{}A", &token[..token.len() - 1]);
    let flipped = if flipped == token { format!("{}B", &token[..token.len() - 1]) } else { flipped };
    let too_long = "x".repeat(1024 * 1024);
    let plain = |request: Request, kind: &str, body: String| request.header("content-type", kind).bytes(body);
    let post = || person.request(Method::POST, "/p/withdraw");
    for (what, request, status) in [
        ("without a token", person.form("withdraw", &[("lang", "en")]), 400),
        ("another session's", person.form("withdraw", &[("token", &foreign)]), 400),
        ("altered", person.form("withdraw", &[("token", &flipped)]), 400),
        ("twice", person.form("withdraw", &[("token", &token), ("token", &token)]), 400),
        ("a field more", person.form("withdraw", &[("token", &token), ("reason", "x")]), 400),
        ("another site", person.form("withdraw", &[("token", &token)]).header("sec-fetch-site", "cross-site"), 403),
        ("a neighbour", person.form("withdraw", &[("token", &token)]).header("sec-fetch-site", "same-site"), 403),
        ("JSON", post().json(&json!({"token": token})), 415),
        ("no type", post().bytes(format!("token={token}")), 415),
        ("multipart", plain(post(), "multipart/form-data; boundary=x", "--x--".to_owned()), 415),
        ("no body", plain(post(), "application/x-www-form-urlencoded", String::new()), 400),
        ("not UTF-8", plain(post(), "application/x-www-form-urlencoded", format!("token={token}&purpose=%ff")), 400),
        ("a query", form(person.request(Method::POST, "/p/withdraw?x=1"), &[("token", &token)]), 400),
        ("too long", person.form("withdraw", &[("token", &token), ("purpose", &too_long)]), 413),
        ("an unknown purpose", person.form("withdraw", &[("token", &token), ("purpose", "unknown")]), 400),
    ] {
        let response = person.send(request).await;
        assert_eq!(response.status(), status, "{what}: {response}");
        Page::of(response, status);
    }
    assert_eq!(tenant.get(record_path(&record)).await.expect(200)["status"], "active");
    // A stolen token without the cookie.
    let stolen = form(Request::new(Method::POST, "/p/withdraw"), &[("token", &token)]);
    Page::of(tenant.client.send(stolen).await, 401);
    // A browser that says that the page is its own.
    let own = person.form("withdraw", &[("token", &token)]).header("sec-fetch-site", "same-origin");
    Page::of(person.send(own).await, 200);
    assert_eq!(tenant.get(record_path(&record)).await.expect(200)["status"], "withdrawn");
}

async fn another_persons_records_are_not_found(system: &'static System) {
    let (tenant, notice, record) = consent(system).await;
    let stranger = Tenant::new(system).await;
    for person in [Person::of(&tenant, "user-2").await, Person::of(&stranger, "user-1").await] {
        for page in ["notice", "receipt"] {
            for id in [text(&record, "recordId").as_str(), "cr_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x", ""] {
                Page::of(person.get(&format!("{page}?record={id}")).await, 404);
            }
            Page::of(person.get(page).await, 404);
        }
        assert!(person.page("home").await.says("has no consent of yours"));
        assert!(person.page("history").await.says("Nothing is recorded."));
        // The home page has nothing to withdraw, and so no form.
        let token = person.page("grievances").await.field("token");
        let fields = [("token", token.as_str()), ("purpose", "analytics"), ("notice", &text(&notice, "noticeId"))];
        Page::of(person.submit("withdraw", &fields).await, 404);
    }
    assert_eq!(tenant.get(record_path(&record)).await.expect(200)["status"], "active");
}

async fn pages_are_in_the_persons_language(system: &'static System) {
    let (tenant, ..) = consent(system).await;
    let language = |page: &Page| page.response.header("content-language").expect("a language").to_owned();
    let person = Person::asked(&tenant, &with(&link_for("user-1"), "locale", Some(json!("hi-IN")))).await;
    assert_eq!(language(&person.page("home").await), "hi");
    let urdu = person.page("home?lang=ur").await;
    assert_eq!(language(&urdu), "ur");
    assert!(urdu.says("dir=\"rtl\"") || urdu.says("dir=rtl"), "{}", urdu.html);
    // Each page leads to itself in every other language, and to the other pages in its own.
    let links = urdu.links();
    let languages = links.iter().filter(|link| link.starts_with("home?lang=") && *link != "home?lang=ur");
    assert!(languages.count() >= 23, "{links:?}");
    assert!(links.contains(&"history?lang=ur".to_owned()), "{links:?}");
    let unsaid = Person::of(&tenant, "user-1").await;
    let asking = unsaid.request(Method::GET, "/p/home").header("accept-language", "tlh, mni-Beng;q=0.9, en;q=0.1");
    assert_eq!(language(&Page::of(unsaid.send(asking).await, 200)), "mni-Beng");
    assert_eq!(language(&unsaid.page("home?lang=tlh").await), "en");
    let lost = Request::new(Method::GET, "/p/home").header("accept-language", "ta");
    assert_eq!(language(&Page::of(tenant.client.send(lost).await, 401)), "ta");
}

async fn a_notice_without_the_language_says_so(system: &'static System) {
    let (tenant, _, record) = consent(system).await;
    let person = Person::of(&tenant, "user-1").await;
    let path = format!("notice?record={}", text(&record, "recordId"));
    let notice = person.page(&path).await;
    for words in ["What we ask you (en)", "Your e-mail address (en)", "grievance@shop.example"] {
        assert!(notice.says(words), "{words}: {}", notice.html);
    }
    assert!(!notice.says("not available"), "{}", notice.html);
    let tamil = person.page(&format!("{path}&lang=ta")).await;
    assert!(tamil.says("What we ask you (en)") && tamil.says("தமிழ்") && tamil.says("English"), "{}", tamil.html);
    // A notice in two languages is shown in that of the page.
    let draft = complete_draft("en");
    let hindi =
        with(&with(&complete_draft("hi"), "noticeId", Some(draft["noticeId"].clone())), "version", Some(json!("1.0")));
    tenant.post(NOTICES, &draft).await.expect(201);
    tenant.post(NOTICES, &hindi).await.expect(201);
    tenant.post(publish_path(&draft), &json!({})).await.expect(200);
    let grant = tenant.create_grant("user-1").await;
    let record = tenant.post(RECORDS, &complete_record(&grant, &draft, "user-1")).await.expect(201);
    let page = person.page(&format!("notice?record={}&lang=hi", text(&record, "recordId"))).await;
    assert!(page.says("What we ask you (hi)"), "{}", page.html);
    assert!(person.page("home?lang=hi").await.says("To count visits (hi)"));
}

async fn the_history_tells_what_happened(system: &'static System) {
    let (tenant, notice, _) = consent(system).await;
    let person = Person::of(&tenant, "user-1").await;
    let home = person.page("home").await;
    person.submit("withdraw", &[("token", &home.field("token"))]).await;
    let history = person.page("history").await;
    for words in ["your answers were recorded", "Your consent was withdrawn.", "You did this on this page."] {
        assert!(history.says(words), "{words}: {}", history.html);
    }
    assert!(history.says("is complete and unaltered"), "{}", history.html);
    for _ in 0..11 {
        let grant = tenant.create_grant("user-1").await;
        tenant.post(RECORDS, &complete_record(&grant, &notice, "user-1")).await.expect(201);
    }
    let history = person.page("history").await;
    let links = history.links();
    let older = links.iter().find(|link| link.contains("cursor=")).expect("a link to older records");
    let rest = person.page(older).await;
    assert_eq!(rest.html.matches("your answers were recorded").count(), 2, "{}", rest.html);
    Page::of(person.get("history?cursor=x").await, 400);
}

async fn a_damaged_history_says_so(system: &'static System) {
    let (tenant, _, record) = consent(system).await;
    let trail = Trail::of_record(&system.contents.of(tenant.id).await, tenant.id, &text(&record, "recordId"));
    let damaged = trail.entries[0].to_string().replace("record.created", "record.creatfd");
    system.contents.set_text(&trail.keys[0], "entry", &damaged).await;
    let history = Person::of(&tenant, "user-1").await.page("history").await;
    assert!(history.says("The record of these events is damaged."), "{}", history.html);
    assert!(!history.says("is complete and unaltered"), "{}", history.html);
}

async fn who_was_told_of_a_revocation_is_shown(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let notice = published(&tenant, "en").await;
    let parent = tenant.create_grant("user-1").await;
    let child = tenant.post(GRANTS, &child_grant(&parent, "user-1")).await.expect(201);
    tenant.post(RECORDS, &complete_record(&child, &notice, "user-1")).await.expect(201);
    let manual = with(&with(&recipient(), "delivery", Some(json!({"kind": "manual"}))), "purposes", Some(json!(["*"])));
    let manual = with(&manual, "events", Some(json!(["*"])));
    let registered = tenant.post(RECIPIENTS, &manual).await.expect(201);
    tenant.delete(format!("{GRANTS}/{}", text(&parent, "grantId"))).await.expect_no_content();
    // It has another name since.
    tenant.patch(recipient_path(&registered), &json!({"name": "Renamed"})).await.expect(200);
    let told = Person::of(&tenant, "user-1").await.page("told").await;
    assert!(told.says("Renamed") && told.says("Not told yet"), "{}", told.html);
    assert!(!told.says("To tell you where your order is"), "what was refused was given to nobody: {}", told.html);
}

async fn who_was_told_to_stop_is_shown(system: &'static System) {
    let (tenant, ..) = consent(system).await;
    let kind = json!({"kind": "manual"});
    let manual = with(&with(&recipient(), "delivery", Some(kind)), "purposes", Some(json!(["*"])));
    let registered = tenant.post(RECIPIENTS, &with(&manual, "name", Some(json!("Mailer & Sons")))).await.expect(201);
    let person = Person::of(&tenant, "user-1").await;
    assert!(person.page("told").await.says("Nobody had to be told."));
    let home = person.page("home").await;
    person.submit("withdraw", &[("token", &home.field("token"))]).await;
    let told = person.page("told").await;
    assert!(told.says("Mailer &amp; Sons") || told.says("Mailer &#38; Sons"), "{}", told.html);
    assert!(told.says("Not told yet"), "{}", told.html);
    system.tell(tenant.id).await;
    let of_recipient = format!("/v1/deliveries?recipientId={}", text(&registered, "id"));
    let deliveries = tenant.get(of_recipient).await.expect(200);
    let owed = deliveries["deliveries"].as_array().expect("deliveries");
    let owed = owed.iter().find(|it| it["type"] == "consent.withdrawn").expect("a withdrawal");
    let path = format!("/v1/deliveries/{}/acknowledgement", text(owed, "id"));
    tenant.post(path, &json!({"outcome": "ceased"})).await.expect(200);
    let told = person.page("told").await;
    assert!(told.says("Confirmed on") && told.says("Has stopped"), "{}", told.html);
}

async fn a_complaint_is_received_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let person = Person::of(&tenant, "user-1").await;
    let page = person.page("grievances").await;
    let token = page.field("token");
    let empty = Page::of(person.submit("grievances", &[("token", &token), ("description", " ")]).await, 400);
    assert!(empty.says("Please write your complaint."), "{}", empty.html);
    let fields = [("token", token.as_str()), ("lang", "en"), ("description", "You <b>write</b>\r\ntoo often")];
    let sent = join_all((0..3).map(|_| person.send(person.form("grievances", &fields)))).await;
    let pages: Vec<Page> = sent.into_iter().map(|response| Page::of(response, 200)).collect();
    assert_eq!(pages.iter().filter(|page| page.says("Your complaint was received. Its number is")).count(), 1);
    assert_eq!(pages.iter().filter(|page| page.says("This complaint was received already.")).count(), 2);
    let listed = tenant.get(format!("{GRIEVANCES}?dataPrincipalId=user-1")).await.expect(200);
    assert_eq!(listed["grievances"].as_array().map(Vec::len), Some(1), "{listed}");
    let grievance = &listed["grievances"][0];
    assert_eq!(grievance["type"], "portal");
    let path = format!("{GRIEVANCES}/{}", text(grievance, "grievanceId"));
    assert_eq!(tenant.get(&path).await.expect(200)["description"], "You <b>write</b>\ntoo often");
    for step in [json!({"status": "in_review"}), json!({"status": "resolved", "resolution": "<i>Sorry</i>"})] {
        tenant.patch(&path, &step).await.expect(200);
    }
    let page = person.page("grievances").await;
    assert!(page.says("Resolved") && page.says(&text(grievance, "referenceNumber")), "{}", page.html);
    assert!(!page.says("<i>") && page.says("Sorry"), "{}", page.html);
    let long = "x".repeat(10_001);
    let token = page.field("token");
    let again = Page::of(person.submit("grievances", &[("token", &token), ("description", &long)]).await, 400);
    assert!(again.says(&long), "what was written is not lost");
}

async fn a_person_takes_a_copy_and_receipts(system: &'static System) {
    let (tenant, _, record) = consent(system).await;
    tenant.create_grievance("user-1").await;
    let person = Person::of(&tenant, "user-1").await;
    let copy = person.page("copy").await;
    let links = copy.links();
    let receipt = links.iter().find(|link| link.starts_with("receipt?")).expect("a receipt");
    let data = links.iter().find(|link| link.starts_with("data")).expect("the data");
    let response = person.get(data).await;
    let file = response.expect(200);
    assert_eq!(response.header("content-disposition"), Some("attachment; filename=\"my-data.json\""));
    assert_eq!((file["dataPrincipalId"].as_str(), file["next"].as_str()), (Some("user-1"), None));
    assert_eq!(file["records"][0]["recordId"], record["recordId"]);
    assert_eq!(file["records"][0]["consentProof"], record["consentProof"]);
    assert_eq!(file["grievances"].as_array().map(Vec::len), Some(1));
    let response = person.get(receipt).await;
    let own = response.expect(200);
    let theirs = tenant.get(format!("{}/receipt", record_path(&record))).await.expect(200);
    assert_eq!(own["receipt"]["consent_record_id"], theirs["receipt"]["consent_record_id"]);
    assert!(own["receiptJws"].is_string());
}

async fn a_person_erases_themselves(system: &'static System) {
    let (tenant, _, record) = consent(system).await;
    let person = Person::of(&tenant, "user-1").await;
    let page = person.page("erasure").await;
    let token = page.field("token");
    let unconfirmed = Page::of(person.submit("erase", &[("token", &token), ("lang", "en")]).await, 400);
    assert!(unconfirmed.says("Please tick the box first."), "{}", unconfirmed.html);
    let fields = [("token", token.as_str()), ("lang", "en"), ("confirmed", "yes")];
    let erased = Page::of(person.submit("erase", &fields).await, 200);
    let cookie = erased.response.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    assert!(erased.says("Your data is erased"), "{}", erased.html);
    let (_, number) = erased.html.split_once("ER-").expect("the number of the request");
    let number: String = number.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '-').collect();
    let request = tenant.get(format!("/v1/dpdp/erasure-requests/ER-{number}")).await.expect(200);
    assert_eq!(request["status"], "completed");
    assert_eq!(tenant.get(record_path(&record)).await.expect(200)["status"], "erased");
    Page::of(person.get("home").await, 401);
    // Of somebody of whom nothing is known, nothing can be erased.
    let unknown = Person::of(&tenant, "user-9").await;
    let token = unknown.page("erasure").await.field("token");
    Page::of(unknown.submit("erase", &[("token", &token), ("confirmed", "yes")]).await, 404);
}

/// More records than one call erases.
async fn a_person_continues_an_erasure(system: &'static System) {
    let (tenant, _, record) = consent(system).await;
    system.contents.copy_records(tenant.id, &[text(&record, "recordId")], 1_599).await;
    let person = Person::of(&tenant, "user-1").await;
    let token = person.page("erasure").await.field("token");
    let mut page = Page::of(person.submit("erase", &[("token", &token), ("confirmed", "yes")]).await, 200);
    assert!(page.says("A part of your data is erased."), "{}", page.html);
    let mut repeats = 0;
    while page.says("A part of your data is erased.") {
        assert!(page.response.header("set-cookie").is_none() && repeats < 20, "{}", page.html);
        // The session can do nothing else.
        Page::of(person.get("home").await, 401);
        Page::of(person.submit("withdraw", &[("token", &token)]).await, 401);
        let fields = [("token", page.field("token")), ("confirmed", page.field("confirmed"))];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        page = Page::of(person.submit("erase", &fields).await, 200);
        repeats += 1;
    }
    assert!(page.says("Your data is erased"), "{}", page.html);
    let cookie = page.response.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    Page::of(person.submit("erase", &[("token", &token), ("confirmed", "yes")]).await, 401);
    assert_eq!(tenant.get(format!("{RECORDS}?dataPrincipalId=user-1")).await.expect(200)["records"], json!([]));
}

async fn everything_about_a_person_is_erased_from_their_page(system: &'static System) {
    let (tenant, ..) = consent(system).await;
    tenant.create_grievance("user-1").await;
    tenant.post(SESSION, &json!({"dataPrincipalId": "user-1"})).await.expect(201);
    tenant.post(EXPORTS, &with(&export(), "dataPrincipalId", Some(json!("user-1")))).await.expect(201);
    let (project, consent_type) = (tenant.create_project().await, tenant.create_consent_type().await);
    let visitor = tenant.create_visitor(&project, &json!({"userId": "user-1"})).await;
    visitor.post(events_path(&project), &accepted(&consent_type)).await.expect(201);
    let person = Person::of(&tenant, "user-1").await;
    let token = person.page("erasure").await.field("token");
    Page::of(person.submit("erase", &[("token", &token), ("confirmed", "yes")]).await, 200);
    // A repeat returns the request that the page made.
    let request = tenant.erase("user-1").await;
    assert_eq!(erasure_counts(&request), [1, 1, 0, 1, 1, 1, 1], "{request}");
}

async fn what_people_wrote_is_shown_as_text(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let hostile = "<img src=x onerror=alert(1)>\" ' \u{202e}evil\u{200b} & {{x}}";
    let mut draft = complete_draft("en");
    for path in ["/title", "/content", "/purposes/0/description", "/purposes/0/services", "/dataItems/1/description"] {
        *draft.pointer_mut(path).expect("a member") = json!(hostile);
    }
    draft["grievanceOfficer"]["name"] = json!(hostile);
    tenant.post(NOTICES, &draft).await.expect(201);
    tenant.post(publish_path(&draft), &json!({})).await.expect(200);
    let person = Person::asked(&tenant, &asking(&tenant, &draft, "user-1").await).await;
    answer(&person, "granted", "granted").await;
    let record = records_of(&tenant, "user-1").await[0].clone();
    let home = person.page("home").await;
    person.submit("withdraw", &[("token", &home.field("token"))]).await;
    let notice = format!("notice?record={}", text(&record, "recordId"));
    for path in ["home", "question", "history", "copy", notice.as_str()] {
        let page = person.page(path).await;
        assert!(page.says("onerror=alert") && !page.says("<img"), "{path}: {}", page.html);
        assert!(!page.says(hostile), "{path}: it is escaped");
    }
    let other = Person::of(&tenant, "<script>alert(1)</script>").await;
    assert!(!other.page("home").await.says("<script"));
}

async fn pages_take_only_their_own_input(system: &'static System) {
    let (tenant, _, record) = consent(system).await;
    let person = Person::of(&tenant, "user-1").await;
    for page in ["home", "history", "told", "grievances", "copy", "erasure", "data"] {
        Page::of(person.get(&format!("{page}?x=1")).await, 400);
        Page::of(person.get(&format!("{page}?lang=hi&lang=ta")).await, 400);
    }
    let record = text(&record, "recordId");
    Page::of(person.get(&format!("receipt?record={record}&record={record}")).await, 400);
    let with_body = person.request(Method::GET, "/p/home").bytes("x");
    Page::of(person.send(with_body).await, 400);
    // Keys open no page.
    let keyed = tenant.request(Method::GET, "/p/home");
    Page::of(tenant.send(keyed).await, 401);
    // The cookie opens nothing else.
    person.send(person.request(Method::GET, records_path("user-1"))).await.expect_error(401, "UNAUTHORIZED");
    for font in ["ol-chiki.css", "meetei-mayek.css"] {
        let response = person.get(&format!("fonts/{font}")).await;
        assert_eq!(response.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert!(response.text().contains("@font-face"));
    }
    person.get("fonts/unknown.css").await.expect_error(404, "NOT_FOUND");
}

async fn the_request_for_a_link_names_every_fault(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for (body, fields) in [
        (json!({}), vec!["dataPrincipalId"]),
        (
            json!({
                "dataPrincipalId": "", "locale": "tlh", "flow": "x", "delivery": "pigeon",
                "returnUrl": "javascript:alert(1)", "x": 1,
            }),
            vec!["dataPrincipalId", "delivery", "flow", "locale", "returnUrl", "x"],
        ),
        (json!({"dataPrincipalId": "user-1", "flow": "consent"}), vec!["consent"]),
        (
            json!({"dataPrincipalId": "user-1", "consent": {"noticeId": "a", "grantId": "b", "processingExpiresAt": in_future(chrono::Duration::days(1))}}),
            vec!["consent"],
        ),
        (
            json!({"dataPrincipalId": "user-1", "flow": "consent", "consent": {"processingExpiresAt": "2020-01-01T00:00:00Z"}}),
            vec!["consent.grantId", "consent.noticeId", "consent.processingExpiresAt"],
        ),
    ] {
        let response = tenant.post(PORTAL_SESSIONS, &body).await;
        let mut found = response.error_fields();
        found.sort();
        assert_eq!(
            (response.status(), found.iter().map(String::as_str).collect::<Vec<_>>()),
            (400, fields),
            "{response}"
        );
    }
    for url in ["http://shop.example/", "https://user@shop.example/", "data:text/html,x", "//shop.example", "/home"] {
        let body = json!({"dataPrincipalId": "user-1", "returnUrl": url});
        tenant.post(PORTAL_SESSIONS, &body).await.expect_field_errors(400, "BAD_REQUEST", &["returnUrl"]);
    }
}

async fn the_link_does_not_say_whose_it_is(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let principal = "asha@example.com";
    let request = || tenant.posting(PORTAL_SESSIONS, &link_for(principal)).header("idempotency-key", "one");
    let (first, second) = (tenant.send(request()).await.expect(201), tenant.send(request()).await.expect(201));
    let url = text(&first, "url");
    assert!(url.starts_with(&format!("http://{}/", tenant.client.authority())), "{url}");
    assert!(!url.contains("asha") && !url.contains(&encoded(principal).to_string()), "{url}");
    // A link is a secret that is stored nowhere, so a repeat makes another one.
    assert_ne!(url, text(&second, "url"));
    Person::open(&tenant.client, &first).await.page("home").await;
    Person::open(&tenant.client, &second).await.page("home").await;
    // `Host` does not decide where it leads.
    let forged = tenant.posting(PORTAL_SESSIONS, &link_for(principal)).header("x-forwarded-host", "evil.example");
    assert!(!text(&tenant.send(forged).await.expect(201), "url").contains("evil"));
    let consent = record(&tenant.create_grant(principal).await, &tenant.create_notice().await, principal);
    tenant.post(RECORDS, &consent).await.expect(201);
    assert!(!system.log().contains("asha@example.com"));
}
