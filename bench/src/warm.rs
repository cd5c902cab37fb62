//! Measures requests to a function that has started: compared with its bare database calls, and over time.

use std::collections::HashMap;
use std::time::Duration;

use assent_bench::plot::Bars;
use assent_bench::report::{Line, Report, time};
use assent_tests::client::Request;
use assent_tests::contents::{Contents, Item};
use assent_tests::fixtures::{CHECKS, GRANTS, NOTICES, RECORDS, grant, notice, record, text, withdraw_path};
use assent_tests::lone_function::LoneFunction;
use assent_tests::system::Engine;
use aws_sdk_dynamodb::types::AttributeValue;
use hyper::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::recorder::Recorder;
use crate::stage::{BARE, HELLO, Result, Stage, TENANT, Workspace, call, context, median, ratio, timed};

/// The most questions of one check.
pub(crate) const QUESTIONS: usize = 100;
/// The tenant whose calls are recorded.
const WRITTEN: Uuid = Uuid::from_u128(0xa0a0_a0a0_a0a0_4000_8000_0000_0000_0001);
/// The tenant for which the recorded calls are repeated.
const REPEATED: Uuid = Uuid::from_u128(0xb0b0_b0b0_b0b0_4000_8000_0000_0000_0001);
/// The tenant whose requests to the function are timed.
const TIMED: Uuid = Uuid::from_u128(0xc0c0_c0c0_c0c0_4000_8000_0000_0000_0001);

/// Requests that are compared with their bare database calls.
struct Compared {
    function: &'static str,
    /// What is particular about the requests, for the report.
    particular: &'static str,
    plot: &'static str,
    rounds: usize,
    /// The records that the requests need, each of another person.
    records: usize,
    /// The request of each turn, for these records, and its status.
    request: fn(&[Value], usize) -> (Request, u16),
}

/// Measures the creation of notices, withdrawals and checks, in turns with their bare database calls.
pub(crate) async fn warm(workspace: &Workspace, rounds: usize, report: &mut Report) -> Result<()> {
    let all = [
        Compared {
            function: "create-consent-notice",
            particular: "",
            plot: "warm-create",
            rounds,
            records: 0,
            request: |_, _| (Request::new(Method::POST, NOTICES).json(&notice()), 201),
        },
        Compared {
            function: "withdraw-consent-record",
            particular: "",
            plot: "warm-withdraw",
            rounds,
            records: rounds,
            request: |records, turn| {
                (Request::new(Method::POST, withdraw_path(&records[turn])).json(&json!({"reason": "Moved on"})), 200)
            },
        },
        Compared {
            function: "check-consents",
            particular: ", 1 question",
            plot: "warm-check",
            rounds,
            records: rounds,
            request: |records, turn| (check(&records[turn..=turn]), 200),
        },
        Compared {
            function: "check-consents",
            particular: ", 100 questions",
            plot: "warm-checks",
            rounds: rounds / 10,
            records: QUESTIONS,
            request: |records, _| (check(records), 200),
        },
    ];
    for compared in &all {
        against_bare(workspace, compared, report).await?;
    }
    Ok(())
}

/// A check of the purpose of each of these records.
pub(crate) fn check(records: &[Value]) -> Request {
    let question = |record: &Value| json!({"dataPrincipalId": record["dataPrincipalId"], "purpose": "analytics"});
    Request::new(Method::POST, CHECKS).json(&json!({"items": records.iter().map(question).collect::<Vec<_>>()}))
}

/// First the database calls of one tenant's requests are recorded, without timing. Two other tenants get copies of its
/// data, in another database that holds nothing else. For one of them the bare function repeats the recorded calls, for
/// the other the function itself handles the requests.
async fn against_bare(
    workspace: &Workspace,
    &Compared { function: name, particular, plot, rounds, records, request }: &Compared,
    report: &mut Report,
) -> Result<()> {
    let title = format!("{name}{particular}");
    eprint!("\rwarm {title:<40}");
    let (preparing, stage) = (Stage::set(workspace).await?, Stage::set(workspace).await?);
    let recorder = Recorder::before(&preparing.endpoint).await?;
    let records = records_of(workspace, &preparing, WRITTEN, records).await?;
    copy(workspace, (&preparing, WRITTEN), (&stage, REPEATED)).await;
    copy(workspace, (&preparing, WRITTEN), (&stage, TIMED)).await;
    let request = |turn: usize| request(&records, turn);
    let calls = recorded(workspace, &recorder, (name, rounds), (WRITTEN, REPEATED), request).await?;
    let (function, _) = workspace.start(name, &stage.endpoint).await?;
    let (bare, _) = workspace.start(BARE, &stage.endpoint).await?;
    let (hello, _) = workspace.start(HELLO, &stage.endpoint).await?;
    let (mut own, mut repeated, mut alone, mut nothing) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (turn, calls) in calls.iter().enumerate() {
        let (request, status) = request(turn);
        own.push(timed(&function, &request.event(&context(TIMED)), status).await?.1);
        let (times, took) = timed(&bare, calls, 200).await?;
        repeated.push(took);
        alone.push(Duration::from_micros(times.get("calls").and_then(Value::as_u64).unwrap_or_default()));
        nothing.push(timed(&hello, &request.event(&context(TIMED)), 200).await?.1);
    }
    eprintln!();
    // The first requests are to a new process.
    let middle = |times: &[Duration]| median(times.get(times.len() / 10..).unwrap_or_default());
    let (own, repeated, alone, nothing) = (middle(&own), middle(&repeated), middle(&alone), middle(&nothing));
    let times = ratio(own, repeated);
    report.lines.push(
        Line::of(format!("warm: {title}"), time(own))
            .against(format!("a function of its bare calls {}", time(repeated)), times)
            .must("≤ 1.3", times <= 1.3),
    );
    report.lines.push(
        Line::of(format!("warm: {title}, without what the Runtime API takes"), time(own.saturating_sub(nothing)))
            .against(format!("its bare calls alone {}", time(alone)), ratio(own.saturating_sub(nothing), alone)),
    );
    report.plots.push(Bars {
        name: plot,
        title: format!("One warm call of {title}"),
        unit: "µs",
        bars: [
            ("the function", own),
            ("a function of its bare calls", repeated),
            ("its bare calls alone", alone),
            ("hello", nothing),
        ]
        .map(|(label, took)| (label.to_owned(), took.as_secs_f64() * 1e6))
        .to_vec(),
        bound: None,
    });
    Ok(())
}

/// The database calls that a function makes for each of these requests of one tenant, changed to those of another.
pub(crate) async fn recorded(
    workspace: &Workspace,
    recorder: &Recorder,
    (name, rounds): (&str, usize),
    (written, repeated): (Uuid, Uuid),
    request: impl Fn(usize) -> (Request, u16),
) -> Result<Vec<Value>> {
    let (seen, _) = workspace.start(name, &recorder.endpoint).await?;
    let mut calls = Vec::new();
    for turn in 0..rounds {
        let (request, status) = request(turn);
        timed(&seen, &request.event(&context(written)), status).await?;
        let made = Value::Array(recorder.take()).to_string().replace(&written.to_string(), &repeated.to_string());
        calls.push(serde_json::from_str(&made)?);
    }
    Ok(calls)
}

/// Creates records of a tenant, each of another person, without timing.
pub(crate) async fn records_of(workspace: &Workspace, stage: &Stage, tenant: Uuid, count: usize) -> Result<Vec<Value>> {
    let start = async |name: &str| workspace.start(name, &stage.endpoint).await.map(|(function, _)| function);
    let (notices, grants, records) =
        (start("create-consent-notice").await?, start("create-grant").await?, start("create-consent-record").await?);
    let base = call(&notices, tenant, &Request::new(Method::POST, NOTICES).json(&notice()), 201).await?;
    let mut made = Vec::with_capacity(count);
    for number in 0..count {
        let person = format!("user-{number:05}");
        let usable = call(&grants, tenant, &Request::new(Method::POST, GRANTS).json(&grant(&person)), 201).await?;
        let request = Request::new(Method::POST, RECORDS).json(&record(&usable, &base, &person));
        made.push(call(&records, tenant, &request, 201).await?);
    }
    Ok(made)
}

/// Copies all data of a tenant to another tenant, in the same database or in another.
pub(crate) async fn copy(workspace: &Workspace, (there, from): (&Stage, Uuid), (here, to): (&Stage, Uuid)) {
    let contents = |stage: &Stage| Contents::new(&workspace.template, Engine::Dynoxide, &stage.endpoint.of_local());
    let (items, contents) = (contents(there).of(from).await, contents(here));
    for table in &workspace.template.tables {
        let own = items.in_table(&table.name).map(|(_, item)| renamed(item, &from.to_string(), &to.to_string()));
        contents.put(&table.name, own.collect()).await;
    }
}

fn renamed(item: &Item, from: &str, to: &str) -> Item {
    item.iter().map(|(name, value)| (name.clone(), replaced(value, from, to))).collect()
}

/// A value with every occurrence of one text replaced by another.
pub(crate) fn replaced(value: &AttributeValue, from: &str, to: &str) -> AttributeValue {
    match value {
        AttributeValue::S(text) => AttributeValue::S(text.replace(from, to)),
        AttributeValue::L(values) => AttributeValue::L(values.iter().map(|value| replaced(value, from, to)).collect()),
        AttributeValue::M(members) => AttributeValue::M(
            members.iter().map(|(name, value)| (name.clone(), replaced(value, from, to))).collect::<HashMap<_, _>>(),
        ),
        other => other.clone(),
    }
}

/// Measures the memory of a process after a thousand requests and after ten thousand.
pub(crate) async fn memory(workspace: &Workspace, stage: &Stage, calls: usize, report: &mut Report) -> Result<()> {
    let some = records_of(workspace, stage, TENANT, 1).await?;
    let path = format!("{RECORDS}/{}", text(some.first().ok_or("no record")?, "recordId"));
    let mut least = 0.0;
    let mut bars = Vec::new();
    for name in [HELLO, "create-consent-notice", "get-consent-record"] {
        let (function, _) = workspace.start(name, &stage.endpoint).await?;
        let mut early = 0.0;
        for turn in 1..=calls {
            if turn % 500 == 0 {
                eprint!("\rmemory {name} {turn}/{calls}    ");
            }
            let (request, status) = match name {
                "create-consent-notice" => (Request::new(Method::POST, NOTICES).json(&notice()), 201),
                "get-consent-record" => (Request::new(Method::GET, path.clone()), 200),
                _ => (Request::new(Method::GET, "/"), 200),
            };
            timed(&function, &request.event(&context(TENANT)), status).await?;
            if turn == calls / 10 {
                early = resident(&function)?;
            }
        }
        let late = resident(&function)?;
        let grown = late / early;
        bars.push((name.to_owned(), late));
        if name == HELLO {
            least = late;
            report.lines.push(Line::of(format!("memory: hello after {calls} calls"), format!("{late:.1} MB")));
            continue;
        }
        report.lines.push(
            Line::of(format!("memory: {name} after {calls} calls"), format!("{late:.1} MB"))
                .against(format!("hello {least:.1} MB"), late / least)
                .must("≤ 2", late / least <= 2.0),
        );
        report.lines.push(
            Line::of(format!("memory: {name}, growth"), format!("{late:.1} MB"))
                .against(format!("after {} calls {early:.1} MB", calls / 10), grown)
                .must("no growth (≤ 1.02)", grown <= 1.02),
        );
    }
    eprintln!();
    report.plots.push(Bars {
        name: "memory",
        title: format!("Most memory ever held (peak RSS) in {calls} calls"),
        unit: "MB",
        bars,
        bound: None,
    });
    Ok(())
}

/// The peak memory of a process, in megabytes.
#[expect(clippy::cast_precision_loss, reason = "some megabytes")]
fn resident(function: &LoneFunction) -> Result<f64> {
    Ok(function.peak_memory()?.ok_or("the system does not report the memory of a process")? as f64 / 1e6)
}
