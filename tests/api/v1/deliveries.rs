//! `GET /v1/deliveries` and `/v1/deliveries/{deliveryId}`, `POST …/acknowledgement` and `…/retry`, and how recipients are
//! told of events

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use assent_tests::client::Request;
use assent_tests::fault_proxy::Moment;
use assent_tests::fixtures::{
    FEED, GRANTS, NOTICES, RECIPIENTS, RECORDS, SESSION, Tenant, child_grant, erasure_path, grant, grant_path, notice,
    recipient_path, record, record_path, text, withdraw_path,
};
use assent_tests::jose::{JWKS, PublishedKeys};
use assent_tests::receiver::{Received, Receiver, Reply};
use assent_tests::system::System;
use assent_tests::telling::{DELIVERIES, Telling, delivery_path};
use aws_sdk_dynamodb::types::AttributeValue;
use boon::{Compiler, Schemas};
use futures_util::future::join_all;
use hyper::Method;
use serde_json::{Value, json};

crate::trials![
    a_withdrawal_is_told_at_once_and_confirmed,
    a_response_may_confirm,
    the_sweep_alone_tells_too,
    who_was_a_recipient_is_told_and_nobody_else,
    attempts_are_made_for_75_hours,
    silence_is_overdue_and_a_late_confirmation_is_marked,
    a_recipient_that_is_gone_is_asked_no_more_until_a_replay,
    a_recipient_that_fails_for_five_days_is_disabled,
    an_erased_person_is_named_until_all_have_confirmed,
    an_expired_consent_is_told_once,
    a_revoked_grant_is_told,
    the_sweep_alone_tells_of_sessions_and_delegated_grants,
    who_is_registered_while_an_event_is_relayed_is_told,
    what_a_session_adds_is_told,
    one_that_asks_learns_whom_it_is_about,
    acknowledgements_are_strict,
    who_had_to_stop_is_known_before_all_are_told,
    what_was_withdrawn_with_its_grant_is_to_stop_once,
    one_that_registers_after_an_event_was_relayed_owes_nothing,
    a_replay_sends_all_of_a_moment_and_then_goes_on,
    a_repeated_replay_sends_nothing_twice,
    a_ping_arrives_and_a_retry_begins_again,
    messages_are_as_described,
];

/// How long a message may take on this machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// The first message of this kind that the receiver gets.
async fn until_received(receiver: &Receiver, kind: &str) -> Received {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = receiver.received().into_iter().find(|received| received.json()["type"] == kind) {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "no {kind}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The messages of this kind that the receiver has got.
fn messages(receiver: &Receiver, kind: &str) -> Vec<Value> {
    let received = receiver.received().into_iter().map(|received| received.json());
    received.filter(|message| message["type"] == kind).collect()
}

fn acknowledgement(delivery: &Value) -> (&Value, &Value) {
    (&delivery["acknowledgement"]["status"], &delivery["acknowledgement"]["outcome"])
}

const MINUTE: Duration = Duration::from_mins(1);

async fn a_withdrawal_is_told_at_once_and_confirmed(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let receiver = Receiver::start(Reply::status(204)).await;
    let body = json!({
        "name": "Mail", "role": "processor", "purposes": ["analytics"], "ackWithin": "P2D",
        "delivery": {"kind": "webhook", "url": receiver.url()},
    });
    let recipient = tenant.post(RECIPIENTS, &body).await.expect(201);
    let record = tenant.create_record().await;
    tenant.post(withdraw_path(&record), &json!({"reason": "x"})).await.expect(200);
    system.tell(tenant.id).await;

    let received = until_received(&receiver, "consent.withdrawn").await;
    assert!(received.is_signed_with(&text(&recipient, "signingSecret")));
    assert_eq!(received.header("content-type"), "application/json");
    let message = received.json();
    let data = &message["data"];
    assert_eq!(received.header("webhook-id"), text(data, "deliveryId"));
    assert_eq!(
        (&data["recordId"], &data["purposes"], &data["state"]),
        (&record["recordId"], &json!(["analytics"]), &json!("withdrawn"))
    );
    assert_eq!(data["dataPrincipalId"], record["dataPrincipalId"]);
    assert_eq!(data["subjectSequence"], 2);

    let path = delivery_path(&json!({"id": data["deliveryId"]}));
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let delivery = loop {
        let delivery = tenant.get(&path).await.expect(200);
        if delivery["status"] == "delivered" {
            break delivery;
        }
        assert!(tokio::time::Instant::now() < deadline, "{delivery}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(acknowledgement(&delivery), (&json!("awaited"), &Value::Null));
    assert_eq!(delivery["acknowledgement"]["dueAt"], data["acknowledgeBy"]);
    let confirmed = tenant.post(format!("{path}/acknowledgement"), &json!({"outcome": "erased"})).await.expect(200);
    assert_eq!(acknowledgement(&confirmed), (&json!("confirmed"), &json!("erased")));
    let read = tenant.get(&path).await.expect(200);
    assert_eq!(read["trail"]["chain"]["valid"], true);
    let actions: Vec<&Value> =
        read["trail"]["entries"].as_array().expect("entries").iter().map(|it| &it["action"]).collect();
    assert_eq!(actions, ["delivery.sent", "delivery.acknowledged"]);
    let cessation = tenant.get(format!("{}/cessation", record_path(&record))).await.expect(200);
    let stopped = &cessation["recipients"][0];
    assert_eq!(
        (&stopped["id"], &stopped["outcome"], &stopped["overdue"]),
        (&recipient["id"], &json!("erased"), &json!(false))
    );
    assert_eq!(stopped["purposes"], json!(["analytics"]));
    Tenant::new(system).await.get(&path).await.expect_error(404, "NOT_FOUND");
}

async fn a_response_may_confirm(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::confirming("not_held")).await;
    let recipient = telling.register_webhook(receiver.url()).await;
    // Needs more words than a response has.
    let wordless = Receiver::start(Reply::confirming("retained_by_law")).await;
    let other = telling.register_webhook(wordless.url()).await;
    let record = telling.consent("user-1").await;
    telling.withdraw(&record).await;
    telling.pass_on().await;
    let told = telling.told(&recipient, "consent.withdrawn").await;
    assert_eq!(acknowledgement(&told[0]), (&json!("confirmed"), &json!("not_held")));
    let told = telling.told(&other, "consent.withdrawn").await;
    assert_eq!(
        (acknowledgement(&told[0]), &told[0]["status"]),
        ((&json!("awaited"), &Value::Null), &json!("delivered"))
    );
}

async fn the_sweep_alone_tells_too(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::status(200)).await;
    telling.register_webhook(receiver.url()).await;
    let record = telling.consent("user-1").await;
    telling.withdraw(&record).await;
    telling.sweep_after(Duration::from_secs(29)).await;
    assert_eq!(receiver.received().len(), 0, "these seconds are left to the stream");
    telling.sweep_after(Duration::from_secs(1)).await;
    for _ in 0..2 {
        telling.sweep_after(MINUTE).await;
    }
    assert_eq!(messages(&receiver, "consent.given").len(), 1);
    assert_eq!(messages(&receiver, "consent.withdrawn").len(), 1);
}

async fn who_was_a_recipient_is_told_and_nobody_else(_: &'static System) {
    let telling = Telling::start().await;
    let manual = json!({"kind": "manual"});
    let all = telling.register(manual.clone(), &json!({})).await;
    let one = telling.register(manual.clone(), &json!({"purposes": ["analytics"]})).await;
    let other = telling.register(manual.clone(), &json!({"purposes": ["elsewhere"]})).await;
    let given = telling.register(manual.clone(), &json!({"events": ["consent.given"]})).await;
    let ended = telling.register(manual.clone(), &json!({})).await;
    let changed = telling.register(manual.clone(), &json!({"purposes": ["analytics"]})).await;
    telling.clock.pass(Duration::from_secs(1));
    let end = telling.call("end-recipient", Request::new(Method::DELETE, recipient_path(&ended))).await;
    assert_eq!(end.status(), 204);
    let record = telling.consent("user-1").await;
    telling.clock.pass(Duration::from_secs(1));
    telling.withdraw(&record).await;
    telling.clock.pass(Duration::from_secs(1));
    let later = telling.register(manual, &json!({})).await;
    let patch = json!({"purposes": ["elsewhere"]});
    telling
        .call("update-recipient", Request::new(Method::PATCH, recipient_path(&changed)).json(&patch))
        .await
        .expect(200);
    // Before the event is relayed, it is known who has to stop as well as after it.
    let who = async || {
        let cessation = telling.cessation(&record).await;
        cessation["recipients"].as_array().expect("recipients").iter().map(|it| it["id"].clone()).collect::<Vec<_>>()
    };
    let before = who().await;
    telling.pass_on().await;
    assert_eq!(who().await, before);
    let told = async |recipient: &Value| {
        let told = telling.told(recipient, "consent.withdrawn").await;
        told.first().map(|delivery| delivery["purposes"].clone())
    };
    assert_eq!(told(&all).await, Some(json!(["analytics"])));
    assert_eq!(told(&one).await, Some(json!(["analytics"])));
    // What was said of it at the event's moment counts.
    assert_eq!(told(&changed).await, Some(json!(["analytics"])));
    for recipient in [&other, &given, &ended, &later] {
        assert_eq!(told(recipient).await, None, "{recipient}");
    }
    assert_eq!(telling.told(&given, "consent.given").await.len(), 1);
    // However often it is relayed, each is told once.
    telling.sweep_after(MINUTE * 2).await;
    assert_eq!(telling.told(&all, "consent.withdrawn").await.len(), 1);
    assert_eq!(telling.cessation(&record).await["recipients"].as_array().map(Vec::len), Some(3));
}

async fn attempts_are_made_for_75_hours(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::status(500)).await;
    let recipient =
        telling.register(json!({"kind": "webhook", "url": receiver.url()}), &json!({"ackWithin": "P90D"})).await;
    let record = telling.consent("user-1").await;
    telling.withdraw(&record).await;
    let began = telling.now();
    telling.pass_on().await;
    let mut gaps = Vec::new();
    for _ in 0..9 {
        let delivery = &telling.told(&recipient, "consent.withdrawn").await[0];
        assert_eq!((&delivery["status"], &delivery["lastFailure"]["statusCode"]), (&json!("pending"), &json!(500)));
        let next = assent_shared::domain::Timestamp::parse(&text(delivery, "nextAttemptAt")).expect("a time");
        let gap = next.milliseconds() - telling.now().milliseconds();
        gaps.push(gap / 1000);
        telling.sweep_after(Duration::from_millis(u64::try_from(gap - 1).expect("a later time"))).await;
        let attempts = delivery["attempts"].clone();
        assert_eq!(telling.told(&recipient, "consent.withdrawn").await[0]["attempts"], attempts, "not earlier");
        telling.sweep_after(Duration::from_millis(1)).await;
    }
    assert_eq!(gaps, [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    assert_eq!((telling.now().milliseconds() - began.milliseconds()) / 3_600_000, 75);
    let failed = &telling.told(&recipient, "consent.withdrawn").await[0];
    assert_eq!(
        (&failed["status"], &failed["attempts"], &failed["nextAttemptAt"]),
        (&json!("failed"), &json!(10), &Value::Null)
    );
    assert_eq!(acknowledgement(failed).0, "awaited", "it still owes a confirmation");
    let ids: Vec<String> = receiver
        .received()
        .iter()
        .filter(|it| it.json()["type"] == "consent.withdrawn")
        .map(|it| it.header("webhook-id").to_owned())
        .collect();
    assert_eq!((ids.len(), ids.iter().all(|id| *id == ids[0])), (10, true));
}

async fn silence_is_overdue_and_a_late_confirmation_is_marked(_: &'static System) {
    let telling = Telling::start().await;
    let own =
        telling.register(json!({"kind": "manual"}), &json!({"role": "own_system", "purposes": ["elsewhere"]})).await;
    let recipient = telling.register(json!({"kind": "manual"}), &json!({"ackWithin": "PT1H"})).await;
    let record = telling.consent("user-1").await;
    telling.withdraw(&record).await;
    telling.pass_on().await;
    telling.sweep_after(MINUTE * 59).await;
    assert_eq!(telling.cessation(&record).await["recipients"][0]["overdue"], false);
    telling.sweep_after(MINUTE).await;
    let overdue = &telling.deliveries("overdue=true").await[0];
    assert_eq!((&overdue["recipientId"], acknowledgement(overdue).0), (&recipient["id"], &json!("overdue")));
    assert_eq!(telling.cessation(&record).await["recipients"][0]["overdue"], true);
    // Of that the organisation's own systems are told.
    telling.pass_on().await;
    let alarm = &telling.told(&own, "delivery.overdue").await[0];
    assert_eq!((&alarm["acknowledgement"], &alarm["recordId"]), (&Value::Null, &record["recordId"]));
    let path = format!("{}/acknowledgement", delivery_path(overdue));
    let late = telling.post("acknowledge-delivery", &path, &json!({"outcome": "ceased"})).await.expect(200);
    assert_eq!((acknowledgement(&late).0, &late["acknowledgement"]["late"]), (&json!("confirmed"), &json!(true)));
    let stopped = &telling.cessation(&record).await["recipients"][0];
    assert_eq!((&stopped["overdue"], &stopped["late"]), (&json!(false), &json!(true)));
}

async fn a_recipient_that_is_gone_is_asked_no_more_until_a_replay(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::status(410)).await;
    let recipient = telling.register_webhook(receiver.url()).await;
    let since = telling.now();
    let record = telling.consent("user-1").await;
    telling.pass_on().await;
    assert_eq!(receiver.received().len(), 1);
    telling.clock.pass(Duration::from_secs(1));
    telling.withdraw(&record).await;
    telling.pass_on().await;
    telling.sweep_after(Duration::from_hours(2)).await;
    assert_eq!(receiver.received().len(), 1);
    // It is still owed.
    let owed = &telling.told(&recipient, "consent.withdrawn").await[0];
    assert_eq!((&owed["status"], acknowledgement(owed).0), (&json!("pending"), &json!("awaited")));
    let retry = format!("{}/retry", delivery_path(owed));
    telling.post("retry-delivery", &retry, &json!({})).await.expect_error(400, "BAD_REQUEST");
    telling.call("retry-delivery", Request::new(Method::POST, retry)).await.expect_error(409, "RECIPIENT_DISABLED");
    receiver.respond(Reply::confirming("ceased"));
    let replay = format!("{}/replay", recipient_path(&recipient));
    let replayed = telling.post("replay-to-recipient", &replay, &json!({"since": since})).await.expect(200);
    assert_eq!(replayed, json!({"replayed": 2, "nextSince": null}));
    telling.pass_on().await;
    let told = &telling.told(&recipient, "consent.withdrawn").await[0];
    assert_eq!((&told["status"], acknowledgement(told).0), (&json!("delivered"), &json!("confirmed")));
}

async fn a_recipient_that_fails_for_five_days_is_disabled(_: &'static System) {
    let telling = Telling::start().await;
    let own =
        telling.register(json!({"kind": "manual"}), &json!({"role": "own_system", "purposes": ["elsewhere"]})).await;
    let receiver = Receiver::start(Reply::status(503)).await;
    let recipient = telling.register_webhook(receiver.url()).await;
    let first = telling.consent("user-1").await;
    telling.pass_on().await;
    telling.sweep_after(Duration::from_hours(5 * 24 - 1)).await;
    telling.withdraw(&first).await;
    telling.pass_on().await;
    assert_eq!(telling.told(&recipient, "consent.withdrawn").await[0]["attempts"], 1);
    telling.sweep_after(Duration::from_hours(1)).await;
    telling.pass_on().await;
    assert_eq!(telling.told(&own, "recipient.disabled").await.len(), 1);
    let received = receiver.received().len();
    telling.sweep_after(Duration::from_hours(3)).await;
    assert_eq!(receiver.received().len(), received);
}

async fn an_erased_person_is_named_until_all_have_confirmed(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::status(200)).await;
    let recipient = telling.register_webhook(receiver.url()).await;
    let record = telling.consent("user-1").await;
    telling.pass_on().await;
    telling.call("erase-data-principal", Request::new(Method::POST, erasure_path("user-1"))).await.expect(201);
    telling.pass_on().await;
    let message = &messages(&receiver, "consent.erased")[0];
    assert_eq!(
        (&message["data"]["dataPrincipalId"], &message["data"]["recordId"]),
        (&json!("user-1"), &record["recordId"])
    );
    let told = &telling.told(&recipient, "consent.erased").await[0];
    // As long as it is owed, the id can be sent again.
    telling.sweep_after(Duration::from_hours(5)).await;
    let replay = format!("{}/replay", recipient_path(&recipient));
    let replay_all = async || {
        let since = json!({"since": told["occurredAt"]});
        telling.post("replay-to-recipient", &replay, &since).await.expect(200);
        telling.pass_on().await;
        messages(&receiver, "consent.erased").last().cloned().expect("a message")["data"]["dataPrincipalId"].clone()
    };
    assert_eq!(replay_all().await, "user-1");
    let path = format!("{}/acknowledgement", delivery_path(told));
    telling.post("acknowledge-delivery", &path, &json!({"outcome": "erased"})).await.expect(200);
    telling.sweep_after(Duration::from_hours(5)).await;
    assert_eq!(replay_all().await, Value::Null);
}

async fn an_expired_consent_is_told_once(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::status(200)).await;
    telling.register_webhook(receiver.url()).await;
    let end = telling.now().plus_seconds(3_600);
    let record = telling.consent_until("user-1", Some(end)).await;
    let withdrawn = telling.consent_until("user-2", Some(end)).await;
    telling.withdraw(&withdrawn).await;
    telling.pass_on().await;
    telling.sweep_after(MINUTE * 59).await;
    assert_eq!(messages(&receiver, "consent.expired").len(), 0);
    for _ in 0..3 {
        telling.sweep_after(MINUTE).await;
        telling.pass_on().await;
    }
    let expired = messages(&receiver, "consent.expired");
    assert_eq!(expired.len(), 1, "the other had ended before");
    assert_eq!(
        (&expired[0]["data"]["recordId"], &expired[0]["data"]["state"]),
        (&record["recordId"], &json!("expired"))
    );
    let audit = telling.get("get-consent-record-audit", &format!("{}/audit", record_path(&record))).await;
    assert_eq!((&audit["chain"]["valid"], &audit["entries"][1]["action"]), (&json!(true), &json!("record.expired")));
    // What has expired can still be withdrawn.
    telling.withdraw(&record).await;
}

async fn a_revoked_grant_is_told(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::status(200)).await;
    let recipient = telling.register_webhook(receiver.url()).await;
    let record = telling.consent("user-1").await;
    let revoked = telling.call("revoke-grant", Request::new(Method::DELETE, grant_path(&record))).await;
    assert_eq!(revoked.status(), 204);
    telling.pass_on().await;
    let message = &messages(&receiver, "grant.revoked")[0];
    assert_eq!((&message["data"]["dataPrincipalId"], &message["data"]["state"]), (&json!("user-1"), &json!("revoked")));
    let stopped = &telling.cessation(&record).await["recipients"][0];
    assert_eq!((&stopped["id"], &stopped["type"]), (&recipient["id"], &json!("grant.revoked")));
}

async fn the_sweep_alone_tells_of_sessions_and_delegated_grants(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::status(200)).await;
    telling.register_webhook(receiver.url()).await;
    let pull = telling.register(json!({"kind": "pull"}), &json!({})).await;
    let session = json!({"consentedPurposes": ["analytics"], "dataPrincipalId": "user-1"});
    let session = telling.post("create-dpdp-session", SESSION, &session).await.expect(201);
    let change = json!({"sessionId": session["sessionId"], "consentedPurposes": []});
    telling.call("update-dpdp-session", Request::new(Method::PATCH, SESSION).json(&change)).await.expect(200);
    let notice = telling.post("create-consent-notice", NOTICES, &notice()).await.expect(201);
    let root = telling.post("create-grant", GRANTS, &grant("user-1")).await.expect(201);
    let child = telling.post("create-grant", GRANTS, &child_grant(&root, "user-1")).await.expect(201);
    let given = telling.post("create-consent-record", RECORDS, &record(&child, &notice, "user-1")).await.expect(201);
    // The person's entry of an older record has no summary, so the record itself is read.
    let partition = format!("{}#list#principal#user-1#0#0", telling.system.tenant);
    let older = telling.system.database.client().update_item().table_name("ConsentRecordsTable");
    let older = older.key("pk", AttributeValue::S(partition)).key("sk", AttributeValue::S(text(&given, "recordId")));
    older.update_expression("REMOVE summary").send().await.expect("an older entry");
    let revoked = telling.call("revoke-grant", Request::new(Method::DELETE, grant_path(&child))).await;
    assert_eq!(revoked.status(), 204);
    telling.sweep_after(MINUTE).await;
    for kind in ["session.consent_changed", "grant.revoked"] {
        let message = &messages(&receiver, kind)[0];
        assert_eq!(
            (&message["data"]["dataPrincipalId"], &message["data"]["purposes"]),
            (&json!("user-1"), &json!(["analytics"]))
        );
        let owed = &telling.told(&pull, kind).await[0];
        let read = telling.get_as(&pull, "get-delivery", &delivery_path(owed)).await.expect(200);
        assert_eq!((&read["status"], &read["dataPrincipalId"]), (&json!("delivered"), &json!("user-1")));
    }
}

async fn who_is_registered_while_an_event_is_relayed_is_told(_: &'static System) {
    let telling = Telling::start().await;
    let record = telling.consent("user-1").await;
    let recorder = &telling.system.recorder;
    let mut halt = recorder.halt(0, true, Moment::Before);
    let nothing_else = json!({});
    let mut registering = pin!(telling.register(json!({"kind": "manual"}), &nothing_else));
    tokio::select! {
        _ = &mut registering => {}
        () = halt.struck() => {}
    }
    telling.clock.pass(Duration::from_secs(1));
    telling.withdraw(&record).await;
    // The register is read before it says so.
    telling.pass_on().await;
    assert_eq!(telling.deliveries("").await, Vec::<Value>::new());
    halt.release();
    let recipient = registering.await;
    recorder.halt_none();
    for _ in 0..2 {
        telling.sweep_after(MINUTE).await;
        assert_eq!(telling.told(&recipient, "consent.withdrawn").await.len(), 1);
    }
}

async fn what_a_session_adds_is_told(_: &'static System) {
    let telling = Telling::start().await;
    let receivers = [Receiver::start(Reply::status(200)).await, Receiver::start(Reply::status(200)).await];
    for (receiver, purpose) in receivers.iter().zip(["analytics", "marketing"]) {
        let delivery = json!({"kind": "webhook", "url": receiver.url()});
        telling.register(delivery, &json!({"purposes": [purpose]})).await;
    }
    let session = telling.post("create-dpdp-session", SESSION, &json!({"consentedPurposes": ["analytics"]})).await;
    let change = json!({"sessionId": session.expect(201)["sessionId"], "consentedPurposes": ["marketing", "news"]});
    telling.call("update-dpdp-session", Request::new(Method::PATCH, SESSION).json(&change)).await.expect(200);
    telling.pass_on().await;
    let [ended, added] = receivers.map(|receiver| messages(&receiver, "session.consent_changed")[0]["data"].clone());
    assert_eq!((&ended["purposes"], ended.get("addedPurposes")), (&json!(["analytics"]), None));
    assert_eq!((&added["purposes"], &added["addedPurposes"]), (&json!([]), &json!(["marketing"])));
    assert_eq!((ended.get("acknowledgeBy").is_some(), added.get("acknowledgeBy")), (true, None));
    let deliveries = telling.deliveries("").await;
    let owed: Vec<bool> = deliveries.iter().map(|delivery| !delivery["acknowledgement"].is_null()).collect();
    let told: Vec<_> =
        deliveries.iter().map(|delivery| !delivery["purposes"].as_array().expect("purposes").is_empty()).collect();
    assert_eq!((owed.len(), &owed), (2, &told));
}

async fn one_that_asks_learns_whom_it_is_about(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let body = json!({"name": "Mail", "role": "processor", "purposes": ["*"], "delivery": {"kind": "pull"}});
    let (recipient, other) =
        (tenant.post(RECIPIENTS, &body).await.expect(201), tenant.post(RECIPIENTS, &body).await.expect(201));
    let key = tenant.of_recipient(&text(&recipient, "id")).await;
    let record = tenant.create_record().await;
    tenant.post(withdraw_path(&record), &json!({"reason": "x"})).await.expect(200);
    system.tell(tenant.id).await;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let owed = loop {
        let page = key.get(format!("{DELIVERIES}?status=pending")).await.expect(200);
        let found = page["deliveries"]
            .as_array()
            .and_then(|all| all.iter().find(|it| it["type"] == "consent.withdrawn"))
            .cloned();
        if let Some(found) = found {
            break found;
        }
        assert!(tokio::time::Instant::now() < deadline, "{page}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(owed["recipientId"], recipient["id"]);
    // The organisation's own key does not learn it here, and reading is no telling then.
    let read = tenant.get(delivery_path(&owed)).await.expect(200);
    assert_eq!((&read["status"], read.get("dataPrincipalId")), (&json!("pending"), None));
    let read = key.get(delivery_path(&owed)).await.expect(200);
    assert_eq!((&read["status"], &read["dataPrincipalId"]), (&json!("delivered"), &record["dataPrincipalId"]));
    let path = format!("{}/acknowledgement", delivery_path(&owed));
    let confirmed = key.post(&path, &json!({"outcome": "ceased"})).await.expect(200);
    assert_eq!(acknowledgement(&confirmed).0, "confirmed");
    // It sees nothing of another.
    let page = tenant.get(format!("{DELIVERIES}?recipientId={}", text(&other, "id"))).await.expect(200);
    let foreign = &page["deliveries"][0];
    key.get(delivery_path(foreign)).await.expect_error(404, "NOT_FOUND");
    let path = format!("{}/acknowledgement", delivery_path(foreign));
    key.post(&path, &json!({"outcome": "ceased"})).await.expect_error(404, "NOT_FOUND");
    let page = key.get(format!("{DELIVERIES}?recipientId={}", text(&other, "id"))).await.expect(200);
    assert_eq!(page["deliveries"], json!([]));
    key.get(FEED).await.expect(200);
    let event = key.get(format!("{FEED}/{}", text(&owed, "eventId"))).await.expect(200);
    assert_eq!(event["recordId"], record["recordId"]);
    key.get(RECORDS).await.expect_error(403, "FORBIDDEN");
}

async fn acknowledgements_are_strict(_: &'static System) {
    let telling = Telling::start().await;
    let recipient = telling.register(json!({"kind": "manual"}), &json!({})).await;
    let record = telling.consent("user-1").await;
    telling.withdraw(&record).await;
    telling.pass_on().await;
    let delivery = telling.told(&recipient, "consent.withdrawn").await.remove(0);
    let path = format!("{}/acknowledgement", delivery_path(&delivery));
    let acknowledge = async |body: Value| telling.post("acknowledge-delivery", &path, &body).await;
    let fields = async |body: Value, fields: &[&str]| {
        acknowledge(body).await.expect_field_errors(400, "BAD_REQUEST", fields);
    };
    fields(json!({}), &["outcome"]).await;
    fields(json!({"outcome": "stopped"}), &["outcome"]).await;
    fields(json!({"outcome": "retained_by_law"}), &["basis", "until"]).await;
    let later = telling.now().plus_seconds(60);
    fields(json!({"outcome": "ceased", "basis": "x", "until": later, "at": later}), &["at"]).await;
    fields(json!({"outcome": "ceased", "basis": "x", "until": later}), &["basis", "until"]).await;
    fields(json!({"outcome": "ceased", "evidence": {"uri": ""}}), &["evidence.uri", "evidence.sha256"]).await;
    let kept = json!({"outcome": "retained_by_law", "basis": "Companies Act, s.128", "until": later});
    assert_eq!(acknowledgement(&acknowledge(kept).await.expect(200)).0, "confirmed");
    let hash = "0".repeat(64);
    let erased = json!({"outcome": "erased", "evidence": {"uri": "https://mail.example/1", "sha256": hash}});
    for _ in 0..2 {
        let confirmed = acknowledge(erased.clone()).await.expect(200);
        assert_eq!(confirmed["acknowledgement"]["evidence"]["sha256"], hash.as_str());
    }
    acknowledge(json!({"outcome": "ceased"})).await.expect_error(409, "ACKNOWLEDGEMENT_CONTRADICTS");
    let given = telling.told(&recipient, "consent.given").await.remove(0);
    let path = format!("{}/acknowledgement", delivery_path(&given));
    let body = json!({"outcome": "ceased"});
    telling.post("acknowledge-delivery", &path, &body).await.expect_error(409, "NOTHING_TO_ACKNOWLEDGE");
}

async fn a_ping_arrives_and_a_retry_begins_again(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::status(500)).await;
    let recipient = telling.register_webhook(receiver.url()).await;
    let manual = telling.register(json!({"kind": "manual"}), &json!({})).await;
    let ping = async |recipient: &Value| {
        telling.call("ping-recipient", Request::new(Method::POST, format!("{}/ping", recipient_path(recipient)))).await
    };
    ping(&manual).await.expect_error(409, "NOT_A_WEBHOOK");
    let pinged = ping(&recipient).await.expect(202);
    telling.pass_on().await;
    assert_eq!(messages(&receiver, "recipient.ping").len(), 1);
    assert_eq!(telling.deliveries("").await.len(), 1, "nobody else is told");
    receiver.respond(Reply::status(200));
    let path = format!("{}/retry", delivery_path(&pinged));
    telling.call("retry-delivery", Request::new(Method::POST, &path)).await.expect(200);
    telling.pass_on().await;
    assert_eq!(messages(&receiver, "recipient.ping").len(), 2);
    telling.call("retry-delivery", Request::new(Method::POST, &path)).await.expect_error(409, "ALREADY_DELIVERED");
}

/// Of a delegated grant, whose entries are from before they had summaries: more is read then.
async fn who_had_to_stop_is_known_before_all_are_told(system: &'static System) {
    let tenant = Tenant::new(system).await;
    let receiver = Receiver::start(Reply::status(204)).await;
    let body = |delivery: Value| json!({"name": "Mail", "role": "processor", "purposes": ["*"], "delivery": delivery});
    let pull = tenant.post(RECIPIENTS, &body(json!({"kind": "pull"}))).await.expect(201);
    let webhook = body(json!({"kind": "webhook", "url": receiver.url()}));
    tenant.post(RECIPIENTS, &webhook).await.expect(201);
    let (root, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let child = tenant.post(GRANTS, &child_grant(&root, "user-1")).await.expect(201);
    let given = tenant.post(RECORDS, &record(&child, &notice, "user-1")).await.expect(201);
    let contents = system.contents.of(tenant.id).await;
    for table in ["ConsentRecordsTable", "GrantsTable"] {
        for (_, item) in contents.in_table(table).filter(|(_, item)| item.contains_key("summary")) {
            let mut older = item.clone();
            older.remove("summary");
            system.contents.put(table, vec![older]).await;
        }
    }
    assert_eq!(tenant.delete(grant_path(&child)).await.status(), 204);
    system.tell(tenant.id).await;
    assert_eq!(until_received(&receiver, "grant.revoked").await.json()["data"]["dataPrincipalId"], "user-1");

    let key = tenant.of_recipient(&text(&pull, "id")).await;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let told = loop {
        let page = key.get(DELIVERIES).await.expect(200);
        let all = page["deliveries"].as_array().expect("deliveries");
        if let Some(told) = all.iter().find(|it| it["type"] == "grant.revoked") {
            break told.clone();
        }
        assert!(tokio::time::Instant::now() < deadline, "{page}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(key.get(delivery_path(&told)).await.expect(200)["dataPrincipalId"], "user-1");

    let path = format!("{}/cessation", record_path(&given));
    let stopped = async || {
        let cessation = tenant.get(&path).await.expect(200);
        let recipients = cessation["recipients"].as_array().expect("recipients").clone();
        recipients.iter().map(|it| (it["id"].clone(), it["deliveryId"].clone())).collect::<Vec<_>>()
    };
    let relayed = stopped().await;
    assert_eq!(relayed.len(), 2);
    // As if it was not relayed yet, and will not be soon.
    let items = system.contents.of(tenant.id).await;
    let event = items.in_table("EventsTable").find(|(key, _)| key.sort == text(&told, "eventId"));
    let mut event = event.expect("the event").1.clone();
    for (name, value) in [
        ("work", AttributeValue::S("relay".to_owned())),
        ("due", AttributeValue::N("0".to_owned())),
        ("dueAt", AttributeValue::S("2199-01-01T00:00:00.000Z".to_owned())),
    ] {
        event.insert(name.to_owned(), value);
    }
    system.contents.put("EventsTable", vec![event]).await;
    assert_eq!(stopped().await, relayed);
}

async fn what_was_withdrawn_with_its_grant_is_to_stop_once(_: &'static System) {
    let telling = Telling::start().await;
    telling.register(json!({"kind": "manual"}), &json!({})).await;
    let notice = telling.post("create-consent-notice", NOTICES, &notice()).await.expect(201);
    let grant = telling.post("create-grant", GRANTS, &grant("user-1")).await.expect(201);
    let give =
        async || telling.post("create-consent-record", RECORDS, &record(&grant, &notice, "user-1")).await.expect(201);
    let (withdrawn, other) = (give().await, give().await);
    let order = json!({"reason": "x", "revokeGrant": true});
    telling.post("withdraw-consent-record", &withdraw_path(&withdrawn), &order).await.expect(200);
    telling.pass_on().await;
    let stopped = async |record: &Value| {
        let cessation = telling.cessation(record).await;
        let recipients = cessation["recipients"].as_array().expect("recipients").iter();
        recipients.map(|it| text(it, "type")).collect::<Vec<_>>()
    };
    assert_eq!(stopped(&withdrawn).await, ["consent.withdrawn"]);
    assert_eq!(stopped(&other).await, ["grant.revoked"]);
}

/// Its registration began before the event, but the event was relayed before it was written.
async fn one_that_registers_after_an_event_was_relayed_owes_nothing(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::confirming("erased")).await;
    let recipient = telling.register_webhook(receiver.url()).await;
    let record = telling.consent("user-1").await;
    telling.withdraw(&record).await;
    telling.call("erase-data-principal", Request::new(Method::POST, erasure_path("user-1"))).await.expect(201);
    telling.pass_on().await;
    // Who is registered in the same millisecond is a recipient then.
    telling.clock.pass(Duration::from_millis(1));
    telling.register(json!({"kind": "manual"}), &json!({})).await;
    let cessation = telling.cessation(&record).await;
    let stopped = cessation["recipients"].as_array().expect("recipients");
    assert!(stopped.len() == 2 && stopped.iter().all(|it| it["outcome"] == "erased"), "{cessation:#}");
    // Nor does the person's id wait for it.
    telling.sweep_after(Duration::from_hours(5)).await;
    let erased = telling.told(&recipient, "consent.erased").await.remove(0);
    let path = format!("{}/replay", recipient_path(&recipient));
    telling.post("replay-to-recipient", &path, &json!({"since": erased["occurredAt"]})).await.expect(200);
    telling.pass_on().await;
    let last = messages(&receiver, "consent.erased").last().cloned().expect("a message");
    assert_eq!(last["data"]["dataPrincipalId"], Value::Null);
}

async fn a_replay_sends_all_of_a_moment_and_then_goes_on(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::status(204)).await;
    let recipient = telling.register_webhook(receiver.url()).await;
    let ping = format!("{}/ping", recipient_path(&recipient));
    let pings = async |count: usize| {
        for _ in 0..count.div_ceil(25) {
            let sent =
                join_all((0..25).map(|_| telling.call("ping-recipient", Request::new(Method::POST, &ping)))).await;
            assert!(sent.iter().all(|response| response.status() == 202));
        }
        telling.clock.pass(Duration::from_millis(1));
    };
    let mut since = json!(telling.now());
    for count in [25, 525, 25] {
        pings(count).await;
    }
    let path = format!("{}/replay", recipient_path(&recipient));
    let mut replayed = Vec::new();
    while since != Value::Null && replayed.len() < 9 {
        let replay = telling.post("replay-to-recipient", &path, &json!({"since": since})).await.expect(200);
        replayed.push(replay["replayed"].as_u64().expect("a number"));
        since = replay["nextSince"].clone();
    }
    assert_eq!(replayed, [25, 525, 25]);
}

async fn a_repeated_replay_sends_nothing_twice(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::status(204)).await;
    let recipient = telling.register_webhook(receiver.url()).await;
    let since = telling.now();
    telling.consent("user-1").await;
    telling.pass_on().await;
    let path = format!("{}/replay", recipient_path(&recipient));
    let replay = Request::new(Method::POST, path).json(&json!({"since": since})).header("Idempotency-Key", "once");
    let first = telling.call("replay-to-recipient", replay.clone()).await;
    assert_eq!(first.expect(200)["replayed"], 1);
    telling.pass_on().await;
    telling.call("replay-to-recipient", replay).await.expect_replay_of(&first);
    telling.pass_on().await;
    assert_eq!(receiver.received().len(), 2);
}

async fn messages_are_as_described(_: &'static System) {
    let telling = Telling::start().await;
    let receiver = Receiver::start(Reply::status(200)).await;
    let own = json!({"role": "own_system", "ackWithin": "PT1M"});
    let recipient = telling.register(json!({"kind": "webhook", "url": receiver.url()}), &own).await;
    let gone = Receiver::start(Reply::status(410)).await;
    telling.register_webhook(gone.url()).await;
    everything_happens(&telling).await;
    let ping = Request::new(Method::POST, format!("{}/ping", recipient_path(&recipient)));
    telling.call("ping-recipient", ping).await.expect(202);
    telling.pass_on().await;
    // Now confirmations are overdue, and an hour later a consent has expired.
    for time in [MINUTE * 2, MINUTE * 60] {
        telling.sweep_after(time).await;
        telling.pass_on().await;
    }

    let description = telling.get("openapi", "/openapi.json").await;
    let keys = PublishedKeys::of(&telling.get("jwks", JWKS).await);
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("https://assent.example/openapi.json", description.clone()).expect("a document");
    let mut is_valid = |pointer: &str, value: &Value| {
        let url = format!("https://assent.example/openapi.json#{pointer}");
        let schema = compiler.compile(&url, &mut schemas).expect("a valid schema");
        schemas.validate(value, schema).map_err(|error| format!("{error:#}\n{value:#}"))
    };
    let mut received = BTreeSet::new();
    for message in receiver.received() {
        for name in ["webhookId", "webhookTimestamp", "webhookSignature"] {
            let header = text(&description["components"]["parameters"][name], "name");
            let value = json!(message.header(&header));
            is_valid(&format!("/components/parameters/{name}/schema"), &value).expect("a header as described");
        }
        let body = message.json();
        let pointer = format!("/webhooks/{}/post/requestBody/content/application~1json/schema", text(&body, "type"));
        is_valid(&pointer, &body).expect("a message as described");
        // A schema that accepts everything would prove nothing.
        for (name, wrong) in [("state", json!("x")), ("statement", Value::Null), ("more", json!(1))] {
            let mut wrongly = body.clone();
            wrongly["data"][name] = wrong;
            assert!(is_valid(&pointer, &wrongly).is_err(), "{name}");
        }
        // The statement says the same, but for the person.
        let mut claims = keys.verified(&text(&body["data"], "statement")).expect("a valid statement");
        let own = ["iat", "tenantId", "recipientId", "type", "occurredAt", "dataPrincipalCommitment"];
        let said = claims.as_object_mut().expect("claims");
        let said: Vec<Value> = own.iter().map(|name| said.remove(*name).unwrap_or_default()).collect();
        assert_eq!(
            said.get(1..5).expect("claims"),
            [json!(telling.system.tenant), recipient["id"].clone(), body["type"].clone(), body["timestamp"].clone()]
        );
        let mut data = body["data"].clone();
        let members = data.as_object_mut().expect("members");
        members.retain(|name, _| name != "statement" && name != "dataPrincipalId");
        assert_eq!(claims, data);
        received.insert(text(&body, "type"));
    }
    let described: BTreeSet<String> = description["webhooks"].as_object().expect("webhooks").keys().cloned().collect();
    assert_eq!(received, described);
}

/// Something of every kind that is told of consents.
async fn everything_happens(telling: &Telling) {
    let end = telling.now().plus_seconds(3_600);
    telling.consent_until("user-1", Some(end)).await;
    telling.withdraw(&telling.consent("user-2").await).await;
    let revoked = telling.consent("user-3").await;
    telling.call("revoke-grant", Request::new(Method::DELETE, grant_path(&revoked))).await;
    telling.consent("user-4").await;
    telling.call("erase-data-principal", Request::new(Method::POST, erasure_path("user-4"))).await.expect(201);
    let session = json!({"consentedPurposes": ["analytics"]});
    let session = telling.post("create-dpdp-session", SESSION, &session).await.expect(201);
    let change = json!({"sessionId": session["sessionId"], "consentedPurposes": ["support"]});
    telling.call("update-dpdp-session", Request::new(Method::PATCH, SESSION).json(&change)).await.expect(200);
}
