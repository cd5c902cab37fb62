//! Many clients at once through the gateway of `make dev`, with functions that are compiled with
//! optimizations.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use assent_bench::plot::Bars;
use assent_bench::report::{Line, Report};
use assent_local::functions::{self, Functions, FunctionsConfig};
use assent_local::gateway::Gateway;
use assent_local::template::Route;
use assent_local::usage_plans::UsagePlanKeys;
use assent_tests::client::{Client, Request};
use assent_tests::fixtures::{Caller, NOTICES, RECORDS, notice, record, text, withdraw_path};
use futures_util::future::{join_all, try_join_all};
use hyper::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::recorder::Recorder;
use crate::stage::{BARE, HELLO, Result, Stage, Workspace};
use crate::warm::{copy, recorded, records_of};

const CLIENTS: usize = 16;
const HELLO_PATH: &str = "/hello";
const BARE_PATH: &str = "/bare";
/// Whose calls are written down.
const WRITTEN: Uuid = Uuid::from_u128(0xd0d0_d0d0_d0d0_4000_8000_0000_0000_0001);
/// In whose name they are made again.
const REPEATED: Uuid = Uuid::from_u128(0xe0e0_e0e0_e0e0_4000_8000_0000_0000_0001);

/// A kind of call.
struct Kind<'a> {
    name: &'static str,
    function: &'static str,
    /// What is asked at each turn, where these are the records.
    request: &'a dyn Fn(&[Value], usize) -> Request,
    status: u16,
}

/// Calls in a second, each kind against those of the function that does nothing, and against those
/// of one that only makes the same calls to the database, on the same way.
pub(crate) async fn throughput(workspace: &Workspace, stage: &Stage, calls: usize, report: &mut Report) -> Result<()> {
    eprint!("\rthroughput: preparing      ");
    let kinds = [
        Kind {
            name: "notice create",
            function: "create-consent-notice",
            request: &|_, _| Request::new(Method::POST, NOTICES).json(&notice()),
            status: 201,
        },
        Kind {
            name: "get record",
            function: "get-consent-record",
            request: &|records, _| Request::new(Method::GET, format!("{RECORDS}/{}", text(&records[0], "recordId"))),
            status: 200,
        },
        Kind {
            name: "withdraw",
            function: "withdraw-consent-record",
            request: &|records, turn| {
                Request::new(Method::POST, withdraw_path(&records[turn])).json(&json!({"reason": "x"}))
            },
            status: 200,
        },
    ];
    // The first quarter more, until there are as many instances as clients.
    let warming = calls / 4;
    let turns = calls + warming;
    let recorder = Recorder::before(&stage.endpoint).await?;
    let written = records_of(workspace, stage, WRITTEN, turns).await?;
    copy(workspace, stage, WRITTEN, REPEATED).await;

    let (running, gateway, caller) = start(workspace, stage).await?;
    let (base, usable) = (caller.create_notice().await, caller.create_grant("user-1").await);
    let recording = async || caller.post(RECORDS, &record(&usable, &base, "user-1")).await.expect(201);
    let mut records: Vec<Value> = Vec::new();
    while records.len() < turns {
        records.extend(join_all((0..CLIENTS).map(|_| recording())).await);
    }

    let (mut bars, mut lines, mut of_hello) = (Vec::new(), Vec::new(), 0.0);
    for kind in &kinds {
        eprint!("\rthroughput: {:<24}", kind.name);
        let seen = |turn: usize| ((kind.request)(&written, turn), kind.status);
        let bare = recorded(workspace, &recorder, (kind.function, turns), (WRITTEN, REPEATED), seen).await?;
        let measure = async |request: &dyn Fn(usize) -> Request, status: u16| {
            rate(&caller, 0..warming, request, status).await?;
            rate(&caller, warming..turns, request, status).await
        };
        let nothing = measure(&|_| caller.request(Method::GET, HELLO_PATH), 200).await?;
        let alone = measure(&|turn| caller.posting(BARE_PATH, &bare[turn]), 200).await?;
        let own = measure(&|turn| caller.with_key((kind.request)(&records, turn)), kind.status).await?;
        lines.push(
            Line::of(format!("throughput: {}, {CLIENTS} clients", kind.name), format!("{own:.0}/s"))
                .against(format!("hello {nothing:.0}/s"), own / nothing)
                .must("≥ 0.5", own / nothing >= 0.5),
        );
        lines.push(
            Line::of(format!("throughput: {}, {CLIENTS} clients", kind.name), format!("{own:.0}/s"))
                .against(format!("a function of its bare calls {alone:.0}/s"), own / alone),
        );
        bars.extend([(kind.name.to_owned(), own), (format!("{}, its bare calls", kind.name), alone)]);
        of_hello += nothing / 3.0;
    }
    eprintln!();
    report.lines.extend(lines);
    bars.insert(0, ("hello".to_owned(), of_hello));
    report.plots.push(Bars {
        name: "throughput",
        title: format!("Calls a second through the local gateway, {CLIENTS} clients"),
        unit: "/s",
        bars,
        bound: None,
    });
    gateway.stop().await;
    running.stop().await;
    Ok(())
}

/// The system as `make dev` runs it, with two functions more, and a key.
async fn start(workspace: &Workspace, stage: &Stage) -> Result<(Functions, Gateway, Caller)> {
    let mut template = workspace.template.clone();
    let known = template.routes.iter().find(|route| route.path == NOTICES).ok_or("no route")?.clone();
    for (method, path, binary) in [("GET", HELLO_PATH, HELLO), ("POST", BARE_PATH, BARE)] {
        let (method, path, binary) = (method.to_owned(), path.to_owned(), binary.to_owned());
        template.routes.push(Route { method, path, binary, ..known.clone() });
    }
    // How fast it can go, not how fast a plan lets it.
    for plan in template.usage_plans.values_mut() {
        (plan.throttle, plan.quota) = (None, None);
    }
    let folder = workspace.root.join("target/bench");
    std::fs::create_dir_all(&folder)?;
    let running = Functions::start(FunctionsConfig {
        environment: functions::environment(&template, &stage.endpoint.url),
        concurrency: CLIENTS,
        port: 0,
        release: true,
        reload: false,
        log_file: folder.join("functions.log"),
        root: workspace.root.clone(),
    })
    .await?;
    let plan_keys = UsagePlanKeys::in_memory();
    let gateway = Gateway::start(&template, running.url(), plan_keys.clone(), 0).await?;
    let key = stage.issue_key().await?;
    let plan = template.usage_plans.keys().next().ok_or("no usage plan")?;
    plan_keys.put(&key.text.hash().to_string(), plan)?;
    let caller = Caller { client: Client::new(gateway.base_url()), key: key.text.reveal().to_owned() };
    Ok((running, gateway, caller))
}

/// Makes the calls of these turns, and tells how many of them there were in a second.
async fn rate(
    caller: &Caller,
    turns: std::ops::Range<usize>,
    request: &dyn Fn(usize) -> Request,
    status: u16,
) -> Result<f64> {
    let next = AtomicUsize::new(turns.start);
    let began = Instant::now();
    let clients = (0..CLIENTS).map(async |_| {
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            if turn >= turns.end {
                return Ok(());
            }
            let answer = caller.send(request(turn)).await;
            if answer.status() != status {
                return Err(format!("a call was not answered as it should: {answer}"));
            }
        }
    });
    try_join_all(clients).await?;
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let calls = turns.len() as f64;
    Ok(calls / began.elapsed().as_secs_f64())
}
