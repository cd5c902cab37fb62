//! `POST` and `GET /v1/recipients`, `GET`, `PATCH` and `DELETE /v1/recipients/{recipientId}`, and
//! `POST /v1/recipients/{recipientId}/rotate-secret`

use assent_shared::domain::RequestContext;
use assent_shared::domain::identifiers::RecipientId;
use assent_shared::domain::webhook_secret::WebhookSecret;
use assent_tests::client::{Request, Response};
use assent_tests::contents::ItemKey;
use assent_tests::fault_proxy::Matching;
use assent_tests::fixtures::{RECIPIENTS, Tenant, recipient, recipient_path, text, unique, with};
use assent_tests::like::assert_like;
use assent_tests::pages::{pages, texts};
use assent_tests::race::{at_once, overtaken, until_complete};
use assent_tests::strictness::{Call, each, not_texts};
use assent_tests::system::System;
use hyper::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

crate::trials![
    registers_a_recipient,
    is_strict,
    a_change_is_strict,
    a_change_keeps_what_was_said_before,
    null_removes_what_need_not_be_said,
    an_end_is_final_and_the_history_stays,
    the_current_ones_are_listed_first,
    a_history_has_twenty_versions,
    the_largest_recipient_is_stored_and_replayed,
    other_tenants_recipients_are_not_found,
    a_signing_secret_is_shown_once_and_never_stored_in_clear,
    a_recipient_that_becomes_a_webhook_gets_a_secret_once,
    the_secret_before_signs_for_a_day,
    only_a_current_webhook_gets_the_next_secret,
    without_the_secret_of_the_deployment_no_secret_is_made_or_shown,
    webhooks_reach_this_machine_in_development_alone,
    a_recipient_from_before_there_were_events_is_read_and_changed;
    on each engine:
    a_tenant_has_a_hundred_at_most,
    the_last_place_is_taken_once,
    a_change_that_comes_after_the_end_is_refused,
    an_end_that_comes_after_a_change_ends_what_it_sees,
    one_of_two_ends_at_once_counts,
    of_two_rotations_at_once_both_secrets_sign,
];

/// A recipient that says only what must be said.
fn least() -> Value {
    json!({"name": "Mail", "role": "processor", "purposes": ["*"], "delivery": {"kind": "manual"}})
}

/// Registers a recipient. Returns it as it can be read.
async fn create(tenant: &Tenant, body: &Value) -> Value {
    without_secret(&tenant.post(RECIPIENTS, body).await.expect(201))
}

fn without_secret(recipient: &Value) -> Value {
    with(recipient, "signingSecret", None)
}

/// What stays of a recipient that is not called.
fn uncalled(kind: &str) -> Value {
    with(&recipient(), "delivery", Some(json!({"kind": kind})))
}

fn rotate_path(recipient: &Value) -> String {
    format!("{}/rotate-secret", recipient_path(recipient))
}

async fn rotate(tenant: &Tenant, recipient: &Value) -> String {
    let response = tenant.send(tenant.request(Method::POST, rotate_path(recipient))).await;
    let secret = text(&response.expect_like(200, &json!({"signingSecret": "<text>"})), "signingSecret");
    assert!(WebhookSecret::parse(&secret).is_ok(), "{secret}");
    secret
}

/// The secrets that sign the webhooks to a recipient, some time from now.
async fn signing(system: &System, tenant: &Tenant, recipient: &Value, hours: u32) -> Vec<String> {
    let id = RecipientId::parse(&text(recipient, "id")).expect("an id");
    let moment = RequestContext::system().now.plus_seconds(hours * 3600);
    let secrets = system.recipients().signing_secrets(assent_shared::domain::Tenant(tenant.id), id, moment).await;
    secrets.expect("secrets").iter().map(WebhookSecret::reveal).collect()
}

fn etag(response: &Response) -> String {
    response.header("etag").expect("an ETag").to_owned()
}

/// Longer than the precision of a timestamp.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(2)).await;
}

async fn registers_a_recipient(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let expected = with(&recipient(), "id", Some(json!("<text>")));
    let expected = ["since", "createdAt"].iter().fold(expected, |body, time| with(&body, time, Some(json!("<time>"))));
    let expected = with(&with(&expected, "endedAt", Some(Value::Null)), "history", Some(json!([])));
    let expected = with(&expected, "signingSecret", Some(json!("<text>")));
    let response = tenant.post(RECIPIENTS, &recipient()).await;
    let created = without_secret(&response.expect_like(201, &expected));
    assert_eq!(created["since"], created["createdAt"]);
    assert_eq!(response.header("location"), Some(recipient_path(&created).as_str()));
    let read = tenant.get(recipient_path(&created)).await;
    assert_eq!((read.expect(200), etag(&read)), (created, etag(&response)));

    let created = create(&tenant, &with(&least(), "country", Some(Value::Null))).await;
    assert_eq!((&created["country"], &created["contact"]), (&Value::Null, &Value::Null));
    // What is not said.
    assert_eq!((&created["events"], &created["ackWithin"]), (&json!(["*"]), &json!("P7D")));
    let url = "https://HOOKS.example:443/a?b=c";
    let body = with(&least(), "delivery", Some(json!({"kind": "webhook", "url": url, "includePrincipalId": null})));
    let shown = json!({"kind": "webhook", "url": "https://hooks.example/a?b=c", "includePrincipalId": true});
    assert_eq!(create(&tenant, &body).await["delivery"], shown);
    for (said, shown) in [("P1W", "P7D"), ("PT24H", "P1D"), ("PT1M", "PT1M"), ("P90D", "P90D"), ("PT90M", "PT1H30M")] {
        assert_eq!(create(&tenant, &with(&least(), "ackWithin", Some(json!(said)))).await["ackWithin"], shown);
    }
    for kind in ["pull", "manual"] {
        let response = tenant.post(RECIPIENTS, &uncalled(kind)).await.expect(201);
        assert_eq!((&response["delivery"], response.get("signingSecret")), (&json!({"kind": kind}), None));
    }
    for role in ["processor", "joint_fiduciary", "third_party", "own_system"] {
        assert_eq!(create(&tenant, &with(&least(), "role", Some(json!(role)))).await["role"], role);
    }
    let codes: Vec<String> = (0..50).map(|number| format!("{number:064}")).collect();
    assert_eq!(create(&tenant, &with(&least(), "purposes", Some(json!(codes)))).await["purposes"], json!(codes));
}

/// Values of members that are invalid in a POST and in a PATCH, each with the field that the error names.
fn spoiled() -> Vec<(&'static str, Value)> {
    [
        each("name", not_texts(500)),
        each("role", vec![json!("controller"), json!("Processor"), json!(""), json!(1), json!(["processor"])]),
        each("purposes", vec![json!([]), json!("*"), json!(vec!["x"; 51]), json!(["*", "orders"]), json!({})]),
        each("purposes[0]", vec![json!("or ders"), json!("x".repeat(65)), json!(""), json!(1), json!("**")]),
        each("country", not_texts(500)),
        each("contact", not_texts(500)),
        each("events", vec![json!([]), json!("*"), json!(["*", "consent.given"]), json!({}), json!(vec!["x"; 9])]),
        each("events[0]", vec![json!("recipient.ping"), json!("consent.Given"), json!(""), json!(1), json!("**")]),
        each("ackWithin", vec![json!("P1M"), json!("PT0M"), json!("P91D"), json!("7 days"), json!(""), json!(7)]),
        each("delivery", vec![json!("manual"), json!([]), json!(true)]),
        each("delivery.kind", vec![json!("Webhook"), json!("email"), json!(""), json!(1)]),
        each("delivery.includePrincipalId", vec![json!("true"), json!(1)]),
        each(
            "delivery.url",
            vec![
                json!("http://hooks.example/"),
                json!("https://user@hooks.example/"),
                json!("https://localhost/"),
                json!("https://127.0.0.1/"),
                json!("https://10.0.0.1/"),
                json!("https://[::1]/"),
                json!("https://169.254.169.254/latest"),
                json!("http://localhost:9000/"),
                json!("hooks.example"),
                json!(""),
                json!(1),
                Value::Null,
            ],
        ),
    ]
    .concat()
}

async fn is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = RECIPIENTS.to_owned();
    let call = Call { caller: &tenant, method: Method::POST, path, body: recipient() };
    call.refuses(&spoiled()).await;
    call.requires(&["name", "role", "purposes", "delivery", "delivery.kind"]).await;
    call.names_the_nearest("purpose", "purposes").await;
    call.takes_only_json_objects().await;
    for kind in ["pull", "manual"] {
        let body = with(&recipient(), "delivery.kind", Some(json!(kind)));
        let both = ["delivery.includePrincipalId", "delivery.url"];
        tenant.post(RECIPIENTS, &body).await.expect_field_errors(400, "BAD_REQUEST", &both);
    }
    for member in ["signingSecret", "endedAt", "history"] {
        let body = with(&recipient(), member, Some(json!("x")));
        tenant.post(RECIPIENTS, &body).await.expect_field_errors(400, "BAD_REQUEST", &[member]);
    }
    let faulty = json!({
        "role": "x", "purposes": ["a", "a", "b c"], "country": 1, "contact": " ", "delivery": {"kind": "x", "url": 1},
        "more": true,
    });
    tenant.post(RECIPIENTS, &faulty).await.expect_field_errors(
        400,
        "BAD_REQUEST",
        &["name", "role", "purposes[1]", "purposes[2]", "country", "contact", "delivery.kind", "delivery.url", "more"],
    );
    assert_eq!(tenant.get(RECIPIENTS).await.expect(200)["recipients"], json!([]));
}

async fn a_change_is_strict(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = recipient_path(&create(&tenant, &recipient()).await);
    let before = tenant.get(&path).await.expect(200);
    let call = Call { caller: &tenant, method: Method::PATCH, path: path.clone(), body: recipient() };
    call.refuses(&spoiled()).await;
    call.takes_only_json_objects().await;
    for (body, named) in [
        (json!({}), vec!["name"]),
        (json!({"name": null, "role": null, "purposes": null, "delivery": null}), vec!["name"]),
        (json!({"delivery": {}}), vec!["delivery.kind"]),
        (json!({"name": "", "purposes": ["*", "a"], "since": "2026-01-01"}), vec!["name", "purposes", "since"]),
    ] {
        tenant.patch(&path, &body).await.expect_field_errors(400, "BAD_REQUEST", &named);
    }
    assert_eq!(tenant.get(&path).await.expect(200), before);
}

async fn a_change_keeps_what_was_said_before(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let mut present = create(&tenant, &recipient()).await;
    let path = recipient_path(&present);
    for change in [
        json!({"purposes": ["orders", "analytics"]}),
        json!({"role": "joint_fiduciary", "name": "Acme Letters Ltd"}),
        json!({"purposes": ["*"], "country": "SG", "contact": "dpo@mail.example"}),
        json!({"events": ["*"], "ackWithin": "PT30M", "delivery": {"kind": "pull"}}),
    ] {
        a_moment().await;
        let changed = tenant.patch(&path, &change).await.expect(200);
        let mut version = json!({"from": present["since"], "until": changed["since"]});
        let mut expected = with(&present, "since", Some(json!("<time>")));
        for member in ["name", "role", "purposes", "events", "country", "contact", "ackWithin", "delivery"] {
            version[member] = present[member].clone();
            if let Some(value) = change.get(member) {
                expected[member] = value.clone();
            }
        }
        expected["history"].as_array_mut().expect("a history").push(version);
        assert_like(&changed, &expected);
        assert!(changed["since"].as_str() > present["since"].as_str(), "{changed}");
        assert_eq!(tenant.get(&path).await.expect(200), changed);
        let listed = with(&changed, "history", None);
        assert_eq!(tenant.get(RECIPIENTS).await.expect(200)["recipients"], json!([listed]));
        present = changed;
    }
    // What says the same changes nothing.
    let before = (system.contents.of(tenant.id).await, etag(&tenant.get(&path).await));
    let same = json!({"purposes": ["*"], "country": "SG", "events": null, "delivery": {"kind": "pull"}});
    let same = tenant.patch(&path, &same).await;
    assert_eq!((same.expect(200), etag(&same)), (present, before.1));
    before.0.expect_unchanged(&system.contents.of(tenant.id).await);
}

async fn null_removes_what_need_not_be_said(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = recipient_path(&create(&tenant, &recipient()).await);
    let removed = tenant.patch(&path, &json!({"contact": null})).await.expect(200);
    assert_eq!((&removed["contact"], &removed["country"]), (&Value::Null, &json!("IN")));
    // What must be said stays.
    let change = json!({"name": null, "role": null, "purposes": null, "delivery": null, "country": null});
    let removed = tenant.patch(&path, &change).await.expect(200);
    for member in ["name", "role", "purposes", "delivery"] {
        assert_eq!(removed[member], recipient()[member], "{member}");
    }
    assert_eq!((&removed["contact"], &removed["country"]), (&Value::Null, &Value::Null));
    assert_eq!(removed["history"][1]["country"], "IN");
    // The defaults remain.
    let removed = tenant.patch(&path, &json!({"events": null, "ackWithin": null})).await.expect(200);
    assert_eq!((&removed["events"], &removed["ackWithin"]), (&json!(["*"]), &json!("P7D")));
    // There is nothing left to remove.
    assert_eq!(tenant.patch(&path, &json!({"contact": null})).await.expect(200), removed);
}

async fn an_end_is_final_and_the_history_stays(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = recipient_path(&create(&tenant, &recipient()).await);
    a_moment().await;
    let before = tenant.patch(&path, &json!({"purposes": ["*"]})).await.expect(200);
    a_moment().await;
    tenant.delete(&path).await.expect_no_content();
    let ended = tenant.get(&path).await.expect(200);
    assert_like(&ended, &with(&before, "endedAt", Some(json!("<time>"))));
    assert!(ended["endedAt"].as_str() > ended["since"].as_str(), "{ended}");
    let listed = with(&ended, "history", None);
    assert_eq!(tenant.get(RECIPIENTS).await.expect(200)["recipients"], json!([listed]));
    let stored = system.contents.of(tenant.id).await;
    tenant.delete(&path).await.expect_no_content();
    for change in [json!({"name": "Another"}), json!({"purposes": ["*"]})] {
        tenant.patch(&path, &change).await.expect_error(409, "RECIPIENT_ENDED");
    }
    stored.expect_unchanged(&system.contents.of(tenant.id).await);
    assert_eq!(tenant.get(&path).await.expect(200), ended);
}

async fn the_current_ones_are_listed_first(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let mut made = Vec::new();
    for _ in 0..6 {
        made.push(create(&tenant, &least()).await);
        a_moment().await;
    }
    for ended in [4, 0, 2] {
        tenant.delete(recipient_path(&made[ended])).await.expect_no_content();
        a_moment().await;
    }
    let expected: Vec<String> = [5, 3, 1, 2, 0, 4].map(|number: usize| text(&made[number], "id")).into();
    for limit in ["limit=1", "limit=2", "limit=4", "limit=6", "limit=200"] {
        let pages = pages(&tenant, &format!("{RECIPIENTS}?{limit}"), "recipients").await;
        assert_eq!(texts(&pages, "id"), expected, "{limit}");
    }
}

async fn a_history_has_twenty_versions(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let path = recipient_path(&create(&tenant, &least()).await);
    for number in 1..=20 {
        tenant.patch(&path, &json!({"name": number.to_string()})).await.expect(200);
    }
    let full = tenant.get(&path).await.expect(200);
    assert_eq!(full["history"].as_array().map(Vec::len), Some(20));
    tenant.patch(&path, &json!({"name": "21"})).await.expect_error(409, "HISTORY_FULL");
    assert_eq!(tenant.patch(&path, &json!({"name": "20"})).await.expect(200), full);
    // The end takes no place.
    tenant.delete(&path).await.expect_no_content();
    assert_eq!(tenant.get(&path).await.expect(200)["history"], full["history"]);
}

/// An item of the database has 400 KB.
async fn the_largest_recipient_is_stored_and_replayed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let said = |number: usize| format!("{number:02}{}", "\u{1f642}".repeat(498));
    let codes: Vec<String> = (0..50).map(|number| format!("{number:064}")).collect();
    let body = |number: usize| {
        let url = format!("https://hooks.example/{number:02}{}", "a".repeat(2024));
        json!({
            "name": said(number), "role": "joint_fiduciary", "purposes": codes, "country": said(number),
            "contact": said(number), "delivery": {"kind": "webhook", "url": url},
        })
    };
    let path = recipient_path(&create(&tenant, &body(0)).await);
    for number in 1..20 {
        tenant.patch(&path, &body(number)).await.expect(200);
    }
    let last = tenant.request(Method::PATCH, &path).json(&body(20)).header("Idempotency-Key", unique("key"));
    let first = tenant.send(last.clone()).await;
    assert!(first.expect(200).to_string().len() > 220_000);
    tenant.send(last).await.expect_replay_of(&first);
    tenant.delete(&path).await.expect_no_content();
    assert_eq!(tenant.get(&path).await.expect(200)["history"], first.body()["history"]);
}

async fn other_tenants_recipients_are_not_found(system: &'static System) {
    let (tenant, other) = (Tenant::new(system).await, Tenant::new(system).await);
    let created = create(&tenant, &recipient()).await;
    let path = recipient_path(&created);
    other.get(&path).await.expect_error(404, "NOT_FOUND");
    other.patch(&path, &json!({"name": "Mine"})).await.expect_error(404, "NOT_FOUND");
    other.delete(&path).await.expect_error(404, "NOT_FOUND");
    other.send(other.request(Method::POST, rotate_path(&created))).await.expect_error(404, "NOT_FOUND");
    assert_eq!(other.get(RECIPIENTS).await.expect(200)["recipients"], json!([]));
    assert_eq!(tenant.get(&path).await.expect(200), created);
}

async fn a_tenant_has_a_hundred_at_most(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let first = create(&tenant, &least()).await;
    for _ in 1..100 {
        create(&tenant, &least()).await;
    }
    tenant.post(RECIPIENTS, &least()).await.expect_error(409, "TOO_MANY_RECIPIENTS");
    // One that has ended, even twice, makes room for one.
    tenant.delete(recipient_path(&first)).await.expect_no_content();
    tenant.delete(recipient_path(&first)).await.expect_no_content();
    create(&tenant, &least()).await;
    tenant.post(RECIPIENTS, &least()).await.expect_error(409, "TOO_MANY_RECIPIENTS");
}

async fn the_last_place_is_taken_once(system: &'static System) {
    let statuses = until_complete(async || {
        let tenant = Tenant::new(system).await;
        for _ in 0..98 {
            create(&tenant, &least()).await;
        }
        let requests = (0..4).map(|_| tenant.request(Method::POST, RECIPIENTS).json(&least())).collect();
        let round = at_once(system, &tenant.client, Matching::writes(&tenant.id), requests).await?;
        for refused in round.of(409) {
            refused.expect_error(409, "TOO_MANY_RECIPIENTS");
        }
        let listed = texts(&pages(&tenant, RECIPIENTS, "recipients").await, "id").len();
        Some((round.count(201), round.count(409), listed))
    });
    assert_eq!(statuses.await, (2, 2, 100));
}

async fn a_change_that_comes_after_the_end_is_refused(system: &'static System) {
    for (matches, status, code) in [(false, 409, "RECIPIENT_ENDED"), (true, 412, "PRECONDITION_FAILED")] {
        let tenant = Tenant::new(system).await;
        let created = create(&tenant, &recipient()).await;
        let path = recipient_path(&created);
        let mut change = tenant.request(Method::PATCH, &path).json(&json!({"name": "Another"}));
        if matches {
            change = change.header("If-Match", etag(&tenant.get(&path).await));
        }
        let held = Matching::writes(&text(&created, "id")).and(&"Another");
        let (change, end) = overtaken(system, held, tenant.send(change), tenant.delete(&path)).await;
        end.expect_no_content();
        change.expect_error(status, code);
        assert_eq!(tenant.get(&path).await.expect(200)["name"], created["name"]);
    }
}

async fn an_end_that_comes_after_a_change_ends_what_it_sees(system: &'static System) {
    for (matches, status) in [(false, 204), (true, 412)] {
        let tenant = Tenant::new(system).await;
        let created = create(&tenant, &recipient()).await;
        let path = recipient_path(&created);
        let mut end = tenant.request(Method::DELETE, &path);
        if matches {
            end = end.header("If-Match", etag(&tenant.get(&path).await));
        }
        // Only the end deletes.
        let held = Matching::writes(&text(&created, "id")).and(&"\"Delete\"");
        let another = json!({"name": "Another"});
        let (end, change) = overtaken(system, held, tenant.send(end), tenant.patch(&path, &another)).await;
        change.expect(200);
        assert_eq!(end.status(), status, "{end}");
        let read = tenant.get(&path).await.expect(200);
        assert_eq!((&read["name"], read["endedAt"].is_null()), (&json!("Another"), matches));
        assert_eq!(tenant.get(RECIPIENTS).await.expect(200)["recipients"], json!([with(&read, "history", None)]));
    }
}

async fn one_of_two_ends_at_once_counts(system: &'static System) {
    until_complete(async || {
        let tenant = Tenant::new(system).await;
        let made = create(&tenant, &recipient()).await;
        let requests = (0..2).map(|_| tenant.request(Method::DELETE, recipient_path(&made))).collect();
        let round = at_once(system, &tenant.client, Matching::writes(&text(&made, "id")), requests).await?;
        assert_eq!(round.count(204), 2);
        // The number of current ones is right: 100 fit.
        for _ in 0..100 {
            create(&tenant, &least()).await;
        }
        tenant.post(RECIPIENTS, &least()).await.expect_error(409, "TOO_MANY_RECIPIENTS");
        Some(())
    })
    .await;
}

async fn a_signing_secret_is_shown_once_and_never_stored_in_clear(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let keyed = |request: Request, key: &str| request.header("Idempotency-Key", key);
    let creation = keyed(tenant.posting(RECIPIENTS, &recipient()), "the creation's");
    let created = tenant.send(creation.clone()).await;
    let made = created.expect(201);
    let rotation = keyed(tenant.request(Method::POST, rotate_path(&made)), "the rotation's");
    let rotated = tenant.send(rotation.clone()).await;
    let other = create(&tenant, &uncalled("pull")).await;
    let change = json!({"delivery": recipient()["delivery"]});
    let change = keyed(tenant.patching(recipient_path(&other), &change), "the change's");
    let changed = tenant.send(change.clone()).await;
    let calls = [(creation, created), (rotation, rotated), (change, changed)];
    let secrets = calls.each_ref().map(|(_, response)| text(&response.body(), "signingSecret"));
    let before = system.contents.of(tenant.id).await;
    for (request, response) in &calls {
        tenant.send(request.clone()).await.expect_replay_of(response);
    }
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    assert_eq!(before.in_table("StoredResponsesTable").count(), 3);

    let everything = system.contents.of_all().await;
    let mut shown = vec![system.log(), tenant.get(RECIPIENTS).await.expect(200).to_string()];
    for recipient in [&made, &other] {
        shown.push(tenant.get(recipient_path(recipient)).await.expect(200).to_string());
        let renamed = tenant.patch(recipient_path(recipient), &json!({"name": "Another"})).await;
        shown.push(renamed.expect(200).to_string());
    }
    for secret in &secrets {
        let encoded = secret.strip_prefix("whsec_").expect("a secret");
        assert_eq!(everything.mentioning(encoded), Vec::<&ItemKey>::new());
        assert!(shown.iter().all(|text| !text.contains(encoded)));
    }
    assert_eq!(secrets.iter().collect::<BTreeSet<_>>().len(), 3);
    assert!(shown.iter().all(|text| !text.contains("signingSecret")));
}

async fn a_recipient_that_becomes_a_webhook_gets_a_secret_once(system: &'static System) {
    let tenant = Tenant::new(system).await;
    for kind in ["pull", "manual"] {
        let made = create(&tenant, &uncalled(kind)).await;
        let (path, webhook) = (recipient_path(&made), json!({"delivery": recipient()["delivery"]}));
        let changed = tenant.patch(&path, &webhook).await.expect(200);
        let secret = text(&changed, "signingSecret");
        assert_eq!(signing(system, &tenant, &made, 0).await, [secret.as_str()]);
        assert_eq!(tenant.get(&path).await.expect(200), without_secret(&changed));
        for change in [json!({"delivery": {"kind": kind}}), webhook, json!({"name": "Another"})] {
            let changed = tenant.patch(&path, &change).await.expect(200);
            assert_eq!(changed.get("signingSecret"), None, "{changed}");
        }
        assert_eq!(signing(system, &tenant, &made, 999).await, [secret]);
    }
}

async fn the_secret_before_signs_for_a_day(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = tenant.post(RECIPIENTS, &recipient()).await.expect(201);
    let first = text(&created, "signingSecret");
    assert_eq!(signing(system, &tenant, &created, 999).await, [first.as_str()]);
    let second = rotate(&tenant, &created).await;
    assert_eq!(signing(system, &tenant, &created, 23).await, [second.as_str(), first.as_str()]);
    assert_eq!(signing(system, &tenant, &created, 24).await, [second.as_str()]);
    // The oldest is dropped.
    let third = rotate(&tenant, &created).await;
    assert_eq!(signing(system, &tenant, &created, 0).await, [third.as_str(), second.as_str()]);
    assert_eq!(signing(system, &tenant, &created, 24).await, [third.as_str()]);
    // What is said of it has not changed.
    assert_eq!(tenant.get(recipient_path(&created)).await.expect(200), without_secret(&created));
}

async fn only_a_current_webhook_gets_the_next_secret(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let post = async |recipient: &Value| tenant.send(tenant.request(Method::POST, rotate_path(recipient))).await;
    for kind in ["pull", "manual"] {
        post(&create(&tenant, &uncalled(kind)).await).await.expect_error(409, "NOT_A_WEBHOOK");
    }
    let created = create(&tenant, &recipient()).await;
    tenant.post(rotate_path(&created), &json!({})).await.expect_error(400, "BAD_REQUEST");
    tenant.delete(recipient_path(&created)).await.expect_no_content();
    let before = system.contents.of(tenant.id).await;
    post(&created).await.expect_error(409, "RECIPIENT_ENDED");
    before.expect_unchanged(&system.contents.of(tenant.id).await);
}

async fn without_the_secret_of_the_deployment_no_secret_is_made_or_shown(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = create(&tenant, &recipient()).await;
    let rotation = Request::new(Method::POST, rotate_path(&created)).header("Idempotency-Key", "key");
    let rotated = tenant.send(tenant.with_key(rotation.clone())).await;
    rotated.expect(200);
    let creation = Request::new(Method::POST, RECIPIENTS).json(&recipient());
    let before = system.contents.of(tenant.id).await;
    let (none, another) = ([("WEBHOOK_SECRET", "")], [("WEBHOOK_SECRET", "another")]);
    let send = async |name: &str, variables: &[(&str, &str)], request: &Request| {
        let function = system.lone_function_with(name, system.database_url(), variables).await;
        function.response(&request.event(&tenant.authorizer())).await
    };
    send("create-recipient", &none, &creation).await.expect_error(503, "SERVICE_UNAVAILABLE");
    let other = Request::new(Method::POST, rotate_path(&created));
    send("rotate-recipient-secret", &none, &other).await.expect_error(503, "SERVICE_UNAVAILABLE");
    for variables in [&none, &another] {
        send("rotate-recipient-secret", variables, &rotation).await.expect_error(410, "GONE");
    }
    before.expect_unchanged(&system.contents.of(tenant.id).await);
    send("rotate-recipient-secret", &[], &rotation).await.expect_replay_of(&rotated);
    // A recipient without webhooks needs none.
    let creation = Request::new(Method::POST, RECIPIENTS).json(&least());
    send("create-recipient", &none, &creation).await.expect(201);
}

async fn webhooks_reach_this_machine_in_development_alone(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let url = "http://127.0.0.1:9999/hook";
    let body = with(&recipient(), "delivery.url", Some(json!(url)));
    let created = create(&tenant, &body).await;
    assert_eq!(created["delivery"]["url"], url);
    assert_eq!(tenant.get(recipient_path(&created)).await.expect(200), created);
    let creation = Request::new(Method::POST, RECIPIENTS).json(&body);
    let change = Request::new(Method::PATCH, recipient_path(&created)).json(&json!({"delivery": body["delivery"]}));
    for (name, request) in [("create-recipient", creation), ("update-recipient", change)] {
        let function = system.lone_function(name, system.database_url()).await;
        let refused = function.response(&request.event(&tenant.authorizer())).await;
        refused.expect_field_errors(400, "BAD_REQUEST", &["delivery.url"]);
    }
}

async fn a_recipient_from_before_there_were_events_is_read_and_changed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let created = create(&tenant, &least()).await;
    let stored = system.contents.of(tenant.id).await;
    let mut keys: Vec<ItemKey> = stored.mentioning(&text(&created, "id")).into_iter().cloned().collect();
    keys.retain(|key| key.table == "RecipientsTable");
    assert_eq!(keys.len(), 2, "{keys:?}");
    for key in &keys {
        system.contents.remove(key, &["events", "ackWithin"]).await;
    }
    assert_eq!(tenant.get(recipient_path(&created)).await.expect(200), created);
    let listed = with(&created, "history", None);
    assert_eq!(tenant.get(RECIPIENTS).await.expect(200)["recipients"], json!([listed]));
    let changed = tenant.patch(recipient_path(&created), &json!({"name": "Another"})).await.expect(200);
    assert_eq!((&changed["events"], &changed["ackWithin"]), (&json!(["*"]), &json!("P7D")));
    assert_eq!((&changed["history"][0]["events"], &changed["history"][0]["ackWithin"]), (&json!(["*"]), &json!("P7D")));
}

async fn of_two_rotations_at_once_both_secrets_sign(system: &'static System) {
    let signed = until_complete(async || {
        let tenant = Tenant::new(system).await;
        let created = create(&tenant, &recipient()).await;
        let requests = (0..2).map(|_| tenant.request(Method::POST, rotate_path(&created))).collect();
        let round = at_once(system, &tenant.client, Matching::writes(&tenant.id), requests).await?;
        let made: BTreeSet<String> = round.of(200).map(|one| text(&one.body(), "signingSecret")).collect();
        Some((round.count(200), made == signing(system, &tenant, &created, 0).await.into_iter().collect()))
    });
    assert_eq!(signed.await, (2, true));
}
