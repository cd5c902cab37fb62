//! The recipients of `examples/receiver` verify with the published libraries. They take what is signed here, and nothing
//! else.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use assent_shared::domain::RequestContext;
use assent_shared::domain::event::{Event, EventType};
use assent_shared::domain::identifiers::{DeliveryId, EventId, RecipientId, RecordId};
use assent_shared::domain::webhook_secret::WebhookSecret;
use assent_shared::domain::webhook_url::{Reach, WebhookUrl};
use assent_shared::webhook::{WebhookClient, signed_headers};
use assent_tests::system::System;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

crate::trials![
    the_recipient_in_python_takes_what_is_signed_and_nothing_else,
    the_recipient_in_node_takes_what_is_signed_and_nothing_else,
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Installs a pinned library, and returns where it is; `None` if it cannot be installed, except under CI.
async fn library(name: &str) -> Option<PathBuf> {
    let installed = Command::new(root().join("scripts/install-tool")).arg(name).status().await.expect("a shell");
    assert!(installed.success() || std::env::var_os("CI").is_none(), "{name} cannot be installed");
    installed.success().then(|| root().join(".tools").join(name))
}

async fn the_recipient_in_python_takes_what_is_signed_and_nothing_else(_: &'static System) {
    let Some(library) = library("standardwebhooks").await else { return };
    let mut command = Command::new("python3");
    command.arg(root().join("examples/receiver/python/receiver.py")).env("PYTHONPATH", library);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    takes_what_is_signed_and_nothing_else(command).await;
}

async fn the_recipient_in_node_takes_what_is_signed_and_nothing_else(_: &'static System) {
    let Some(library) = library("standardwebhooks-npm").await else { return };
    let mut command = Command::new("node");
    command.arg(root().join("examples/receiver/node/receiver.js")).env("NODE_PATH", library.join("node_modules"));
    takes_what_is_signed_and_nothing_else(command).await;
}

/// A recipient that runs.
struct Receiver {
    process: Child,
    output: Lines<BufReader<ChildStdout>>,
    url: WebhookUrl,
    client: WebhookClient,
}

impl Receiver {
    async fn start(mut command: Command, secret: &WebhookSecret) -> Self {
        command.arg("0").env("WEBHOOK_SECRET", secret.reveal()).kill_on_drop(true);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the recipient");
        let mut output = BufReader::new(process.stdout.take().expect("its output")).lines();
        let line = output.next_line().await.expect("its output").expect("its first line");
        let url = line.strip_prefix("listening on ").expect("its URL");
        let url = WebhookUrl::parse(url, Reach::PublicAndLoopback).expect("its URL");
        Self { process, output, url, client: WebhookClient::new(Reach::PublicAndLoopback) }
    }

    /// Sends a body with these headers. Returns the answer's status and body.
    async fn send(&self, headers: &[(&'static str, String)], body: &str) -> (u16, Value) {
        let reply = self.client.send(&self.url, headers, body.to_owned().into()).await.expect("an answer");
        (reply.status.as_u16(), serde_json::from_slice(&reply.body).expect("JSON"))
    }

    /// Ends it, and returns what it has printed since its start.
    async fn end(mut self) -> Vec<String> {
        self.process.kill().await.expect("the end");
        let mut lines = Vec::new();
        while let Some(line) = self.output.next_line().await.expect("its output") {
            lines.push(line);
        }
        lines
    }
}

/// Whether an event of this kind asks to cease, if purposes have ended by it.
fn asks_to_cease(kind: EventType, context: &RequestContext) -> bool {
    Event { purposes: vec!["marketing".to_owned()], ..Event::new(kind, context) }.asks_to_cease()
}

async fn takes_what_is_signed_and_nothing_else(command: Command) {
    let context = RequestContext::system();
    let [secret, newer, unknown] = [(); 3].map(|()| WebhookSecret::fresh(&context));
    let receiver = Receiver::start(command, &secret).await;
    let (recipient_id, record_id) = (RecipientId::fresh(&context), RecordId::fresh(&context));
    let delivery = || DeliveryId { event_id: EventId::fresh(&context), recipient_id, record_id: None };
    let message = |id: DeliveryId, kind: EventType, sequence: usize| {
        let data = json!({
            "eventId": id.event_id, "deliveryId": id, "recordId": record_id, "purposes": ["marketing", "é"],
            "state": "withdrawn", "subjectSequence": sequence, "dataPrincipalId": "user-1", "statement": "a.b.c",
            "acknowledgeBy": asks_to_cease(kind, &context).then(|| context.now.plus_days(7)),
        });
        json!({"type": kind, "timestamp": context.now, "data": data}).to_string()
    };
    let ceased = json!({"acknowledgement": {"outcome": "ceased"}});
    let one = std::slice::from_ref(&secret);

    // Each kind of message, and each once although it comes twice.
    let mut expected = Vec::new();
    for (sequence, kind) in (1..).zip(EventType::ALL) {
        let id = delivery();
        let body = message(id, kind, sequence);
        let answer = if asks_to_cease(kind, &context) { ceased.clone() } else { json!({}) };
        for _ in 0..2 {
            let headers = signed_headers(id, context.now, body.as_bytes(), one);
            assert_eq!(receiver.send(&headers, &body).await, (200, answer.clone()), "{kind:?}");
        }
        if asks_to_cease(kind, &context) {
            expected.push(format!("{}: stopped {record_id} for marketing, é", kind.name()));
        }
    }

    // What is older changes nothing.
    let id = delivery();
    let body = message(id, EventType::ConsentWithdrawn, 1);
    let headers = signed_headers(id, context.now, body.as_bytes(), one);
    assert_eq!(receiver.send(&headers, &body).await, (200, ceased.clone()));

    // What is altered, or signed with another secret.
    let id = delivery();
    let body = message(id, EventType::ConsentWithdrawn, 100);
    let [given_id, timestamp, signature] = signed_headers(id, context.now, body.as_bytes(), one);
    let others = [
        ([("webhook-id", delivery().to_string()), timestamp.clone(), signature.clone()], body.clone()),
        (
            [given_id.clone(), ("webhook-timestamp", (context.now.seconds() + 1).to_string()), signature.clone()],
            body.clone(),
        ),
        ([given_id.clone(), timestamp.clone(), ("webhook-signature", "v1".to_owned())], body.clone()),
        ([given_id, timestamp, signature], body.replace("marketing", "research")),
        (signed_headers(id, context.now, body.as_bytes(), &[unknown]), body.clone()),
        (signed_headers(id, context.now, body.as_bytes(), std::slice::from_ref(&newer)), body.clone()),
        (signed_headers(id, context.now.plus_seconds(600), body.as_bytes(), one), body.clone()),
    ];
    for (headers, body) in others {
        assert_eq!(receiver.send(&headers, &body).await.0, 401, "{headers:?}");
    }

    // While secrets are exchanged, either is enough.
    for (sequence, secrets) in [(101, [newer.clone(), secret.clone()]), (102, [secret.clone(), newer])] {
        let id = delivery();
        let body = message(id, EventType::ConsentWithdrawn, sequence);
        let headers = signed_headers(id, context.now, body.as_bytes(), &secrets);
        assert_eq!(receiver.send(&headers, &body).await, (200, ceased.clone()));
        expected.push(format!("consent.withdrawn: stopped {record_id} for marketing, é"));
    }
    assert_eq!(receiver.end().await, expected);
}
