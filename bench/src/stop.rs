//! How soon recipients are told of a withdrawal, in one process with a database in memory: by streams, beside recipients
//! that do not respond, and after one was away for long.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use assent_bench::report::{Line, Report, time};
use assent_shared::domain::RequestContext;
use assent_tests::fixtures::{RECIPIENTS, RECORDS, Tenant, recipient_path, record, text, withdraw_path};
use assent_tests::receiver::{Receiver, Reply};
use assent_tests::system::{Engine, Streams, System};
use serde_json::{Value, json};

use crate::stage::{Result, median, ratio};

/// How many recipients respond at once.
const PROMPT: usize = 8;
/// A port on which nobody listens.
const REFUSING: &str = "http://127.0.0.1:1/hook";
/// After this time, a first message to a recipient that does not respond has failed.
const FAILED_AFTER: Duration = Duration::from_secs(15);
/// How long a message may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// Measures with this many withdrawals, and with this many messages that wait for a recipient.
pub(crate) async fn stop((withdrawals, waiting): (usize, usize), report: &mut Report) -> Result<()> {
    eprintln!("telling recipients");
    let system: &'static System =
        Box::leak(Box::new(System::start(Engine::Dynoxide, Streams::Ordered).await.map_err(|it| it.to_string())?));
    let alone = one(system, withdrawals).await;
    let target = Duration::from_millis(300);
    report.lines.push(
        Line::of("stop: from a withdrawal's response to the first attempt, p50", time(alone))
            .must("≤ 300 ms", alone <= target),
    );
    let without = many(system, withdrawals, &[], Duration::ZERO).await;
    let slow = Receiver::start(Reply { delay: Duration::from_secs(30), ..Reply::status(200) }).await;
    for (since, after) in [("from their first message on", Duration::ZERO), ("once they have failed", FAILED_AFTER)] {
        let beside = many(system, withdrawals, &[slow.url(), REFUSING], after).await;
        let factor = ratio(beside, without);
        report.lines.push(
            Line::of(
                format!("stop: p99 of 8 recipients beside one of 30 s and one that refuses, {since}"),
                time(beside),
            )
            .against(time(without), factor)
            .must("≤ 1.5 ×", factor <= 1.5),
        );
    }
    let drained = backlog(system, waiting).await;
    let rate = f64::from(u32::try_from(waiting)?) / drained.as_secs_f64();
    report
        .lines
        .push(Line::of(format!("stop: {waiting} messages to a recipient that returns"), format!("{rate:.0} a second")));
    system.stop().await;
    Ok(())
}

async fn register(tenant: &Tenant, url: &str) -> Value {
    let delivery = json!({"kind": "webhook", "url": url});
    let events = ["consent.withdrawn"];
    let body = json!({"name": "Mail", "role": "processor", "purposes": ["*"], "events": events, "delivery": delivery});
    tenant.post(RECIPIENTS, &body).await.expect(201)
}

/// Withdraws so many consents, one after the other, and returns when each response came, by the record.
async fn withdraw(tenant: &Tenant, count: usize) -> BTreeMap<String, Instant> {
    let (grant, notice) = (tenant.create_grant("user-1").await, tenant.create_notice().await);
    let mut withdrawn = BTreeMap::new();
    for _ in 0..count {
        let given = tenant.post(RECORDS, &record(&grant, &notice, "user-1")).await.expect(201);
        tenant.post(withdraw_path(&given), &json!({"reason": "x"})).await.expect(200);
        withdrawn.insert(text(&given, "recordId"), Instant::now());
    }
    withdrawn
}

/// How long after each response the receiver got the message.
async fn delays(receiver: &Receiver, withdrawn: &BTreeMap<String, Instant>) -> Vec<Duration> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut first: BTreeMap<String, Instant> = BTreeMap::new();
        for received in receiver.received() {
            first.entry(text(&received.json()["data"], "recordId")).or_insert(received.at);
        }
        if withdrawn.keys().all(|record| first.contains_key(record)) {
            return withdrawn.iter().map(|(record, at)| first[record].saturating_duration_since(*at)).collect();
        }
        assert!(Instant::now() < deadline, "{} of {} messages", first.len(), withdrawn.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn one(system: &'static System, withdrawals: usize) -> Duration {
    let tenant = Tenant::new(system).await;
    let receiver = Receiver::start(Reply::status(204)).await;
    register(&tenant, receiver.url()).await;
    let withdrawn = withdraw(&tenant, withdrawals).await;
    median(&delays(&receiver, &withdrawn).await)
}

/// The 99th percentile of the prompt recipients, beside these others, so long after the first message to all of them.
async fn many(system: &'static System, withdrawals: usize, others: &[&str], after: Duration) -> Duration {
    let tenant = Tenant::new(system).await;
    let mut receivers = Vec::new();
    for _ in 0..PROMPT {
        let receiver = Receiver::start(Reply::status(204)).await;
        register(&tenant, receiver.url()).await;
        receivers.push(receiver);
    }
    for url in others {
        register(&tenant, url).await;
    }
    if !after.is_zero() {
        withdraw(&tenant, 1).await;
        tokio::time::sleep(after).await;
    }
    let withdrawn = withdraw(&tenant, withdrawals).await;
    let mut all = Vec::new();
    for receiver in &receivers {
        all.extend(delays(receiver, &withdrawn).await);
    }
    all.sort_unstable();
    all[all.len() * 99 / 100]
}

/// How long the sweep alone takes to send so many messages to a recipient that was away.
async fn backlog(system: &'static System, waiting: usize) -> Duration {
    let tenant = Tenant::new(system).await;
    let receiver = Receiver::start(Reply::status(410)).await;
    let recipient = register(&tenant, receiver.url()).await;
    let began = RequestContext::system().now;
    withdraw(&tenant, waiting).await;
    let refused = receiver.received().len();
    receiver.respond(Reply::status(204));
    let measured = Instant::now();
    let mut since = Some(json!(began));
    while let Some(from) = since {
        let path = format!("{}/replay", recipient_path(&recipient));
        let replayed = tenant.post(path, &json!({"since": from})).await.expect(200);
        since = Some(replayed["nextSince"].clone()).filter(|next| !next.is_null());
    }
    let deadline = Instant::now() + PATIENCE * 5;
    while receiver.received().len() < waiting + refused {
        assert!(Instant::now() < deadline, "{} messages", receiver.received().len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    measured.elapsed()
}
