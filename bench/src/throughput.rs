//! Measures many simultaneous clients through the gateway of `make dev`, with optimized functions.

use std::ops::Range;
use std::slice;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use assent_bench::plot::Bars;
use assent_bench::report::{Line, Report};
use assent_local::functions::{self, Processes, ProcessesConfig, Profile};
use assent_local::gateway::Gateway;
use assent_local::template::{Route, Template};
use assent_local::usage_plans::UsagePlanKeys;
use assent_tests::client::{Client, Request};
use assent_tests::fixtures::{Caller, NOTICES, RECORDS, notice, text, withdraw_path};
use futures_util::future::try_join_all;
use hyper::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::recorder::Recorder;
use crate::stage::{BARE, HELLO, Result, Stage, Workspace};
use crate::warm::{QUESTIONS, check, copy, recorded, records_of};

const CLIENTS: usize = 16;
/// The number of turns of each.
const TURNS: usize = 6;
const HELLO_PATH: &str = "/hello";
const BARE_PATH: &str = "/bare";
/// The tenant whose calls are recorded.
const WRITTEN: Uuid = Uuid::from_u128(0xd0d0_d0d0_d0d0_4000_8000_0000_0000_0001);
/// The tenant for which the recorded calls are repeated.
const REPEATED: Uuid = Uuid::from_u128(0xe0e0_e0e0_e0e0_4000_8000_0000_0000_0001);

/// A kind of request.
struct Kind {
    name: &'static str,
    function: &'static str,
    /// Whether half of hello's throughput is the aim.
    has_aim: bool,
    /// How many times fewer requests than of the others are sent.
    fewer: usize,
    /// The number of records that so many requests need.
    records: fn(usize) -> usize,
    /// The request of each turn, for these records.
    request: fn(&[Value], usize) -> Request,
    status: u16,
    /// A request that changes nothing, for the warm-up, and its status.
    warming: (fn(&[Value]) -> Request, u16),
}

const KINDS: [Kind; 5] = [
    Kind {
        name: "notice create",
        function: "create-consent-notice",
        has_aim: true,
        fewer: 1,
        records: |_| 0,
        request: |_, _| Request::new(Method::POST, NOTICES).json(&notice()),
        status: 201,
        warming: (|_| Request::new(Method::POST, NOTICES).json(&json!({})), 400),
    },
    Kind {
        name: "get record",
        function: "get-consent-record",
        has_aim: true,
        fewer: 1,
        records: |_| 1,
        request: |records, _| Request::new(Method::GET, format!("{RECORDS}/{}", text(&records[0], "recordId"))),
        status: 200,
        warming: (|records| Request::new(Method::GET, format!("{RECORDS}/{}", text(&records[0], "recordId"))), 200),
    },
    Kind {
        name: "withdraw",
        function: "withdraw-consent-record",
        has_aim: true,
        fewer: 1,
        records: |requests| requests,
        request: |records, turn| {
            Request::new(Method::POST, withdraw_path(&records[turn])).json(&json!({"reason": "x"}))
        },
        status: 200,
        warming: (|records| Request::new(Method::POST, withdraw_path(&records[0])).json(&json!({})), 400),
    },
    Kind {
        name: "check, 1 question",
        function: "check-consents",
        has_aim: false,
        fewer: 1,
        records: |_| QUESTIONS,
        request: |records, turn| check(slice::from_ref(&records[turn % QUESTIONS])),
        status: 200,
        warming: (|records| check(&records[..1]), 200),
    },
    Kind {
        name: "check, 100 questions",
        function: "check-consents",
        has_aim: false,
        fewer: 10,
        records: |_| QUESTIONS,
        request: |records, _| check(records),
        status: 200,
        warming: (|records| check(&records[..1]), 200),
    },
];

/// Measures requests per second. Each kind is compared with the function that does nothing, and with the one that only
/// makes the same database calls, through the same gateway and in turns.
pub(crate) async fn throughput(workspace: &Workspace, calls: usize, report: &mut Report) -> Result<()> {
    let (mut bars, mut of_hello) = (Vec::new(), Vec::new());
    for kind in &KINDS {
        eprint!("\rthroughput: {:<24}", kind.name);
        let share = calls / kind.fewer / TURNS;
        let turns = share * TURNS;
        // The data is prepared in another database, so that this one holds nothing else.
        let (preparing, measured) = (Stage::set(workspace).await?, Stage::set(workspace).await?);
        let (running, gateway, caller, tenant) = start(workspace, &measured).await?;
        let records = records_of(workspace, &preparing, WRITTEN, (kind.records)(turns)).await?;
        for tenant in [tenant, REPEATED] {
            copy(workspace, (&preparing, WRITTEN), (&measured, tenant)).await;
        }
        let recorder = Recorder::before(&preparing.endpoint).await?;
        let seen = |turn: usize| ((kind.request)(&records, turn), kind.status);
        let bare = recorded(workspace, &recorder, (kind.function, turns), (WRITTEN, REPEATED), seen).await?;

        let of_nothing = |_: usize| caller.request(Method::GET, HELLO_PATH);
        let of_bare = |turn: usize| caller.posting(BARE_PATH, &bare[turn]);
        let of_own = |turn: usize| caller.with_key((kind.request)(&records, turn));
        warm_up(&caller, &of_nothing, 200).await?;
        warm_up(&caller, &|_| caller.posting(BARE_PATH, &json!([])), 200).await?;
        let (warming, status) = kind.warming;
        warm_up(&caller, &|_| caller.with_key(warming(&records)), status).await?;
        let (mut nothing, mut alone, mut own) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
        for turn in 0..TURNS {
            let part = || turn * share..(turn + 1) * share;
            nothing += time_of(&caller, CLIENTS, part(), &of_nothing, 200).await?;
            // The database has grown for the one that comes second.
            if turn % 2 == 0 {
                own += time_of(&caller, CLIENTS, part(), &of_own, kind.status).await?;
            }
            alone += time_of(&caller, CLIENTS, part(), &of_bare, 200).await?;
            if turn % 2 == 1 {
                own += time_of(&caller, CLIENTS, part(), &of_own, kind.status).await?;
            }
        }
        gateway.stop().await;
        running.stop().await;

        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        let per_second = |took: Duration| (share * TURNS) as f64 / took.as_secs_f64();
        let (nothing, alone, own) = (per_second(nothing), per_second(alone), per_second(own));
        let line = || Line::of(format!("throughput: {}, {CLIENTS} clients", kind.name), format!("{own:.0}/s"));
        let of_nothing = line().against(format!("hello {nothing:.0}/s"), own / nothing);
        report.lines.push(if kind.has_aim { of_nothing.must("≥ 0.5", own / nothing >= 0.5) } else { of_nothing });
        report.lines.push(line().against(format!("a function of its bare calls {alone:.0}/s"), own / alone));
        bars.extend([(kind.name.to_owned(), own), (format!("{}, its bare calls", kind.name), alone)]);
        of_hello.push(nothing);
    }
    eprintln!();
    of_hello.sort_by(f64::total_cmp);
    bars.insert(0, ("hello".to_owned(), *of_hello.get(of_hello.len() / 2).ok_or("no kind")?));
    report.plots.push(Bars {
        name: "throughput",
        title: format!("Calls a second through the local gateway, {CLIENTS} clients"),
        unit: "/s",
        bars,
        bound: None,
    });
    Ok(())
}

/// The system as `make dev` runs it, with two functions more, and a key with its tenant.
async fn start(workspace: &Workspace, stage: &Stage) -> Result<(Processes, Gateway, Caller, Uuid)> {
    let mut template = unlimited(workspace.template.clone());
    let known = template.routes.iter().find(|route| route.path == NOTICES).ok_or("no route")?.clone();
    for (method, path, binary) in [("GET", HELLO_PATH, HELLO), ("POST", BARE_PATH, BARE)] {
        let (method, path, binary) = (method.to_owned(), path.to_owned(), binary.to_owned());
        template.routes.push(Route { method, path, binary, ..known.clone() });
    }
    let folder = workspace.root.join("target/bench");
    std::fs::create_dir_all(&folder)?;
    let (database, secrets) = (stage.endpoint.of_local(), functions::fixed_environment(&workspace.root).await?);
    let mut environments = functions::environments(&template, Some(&database), &secrets);
    for binary in [HELLO, BARE] {
        environments.insert(binary.to_owned(), functions::environment(&template, binary, Some(&database), &secrets));
    }
    let running = Processes::start(ProcessesConfig {
        environments,
        concurrency: CLIENTS,
        profile: Profile::Release,
        reload: false,
        log_file: folder.join("functions.log"),
        root: workspace.root.clone(),
    })
    .await?;
    let plan_keys = UsagePlanKeys::in_memory();
    let gateway = Gateway::start(&template, running.invoker(), plan_keys.clone(), 0)?;
    let key = stage.issue_key().await?;
    let plan = template.usage_plans.keys().next().ok_or("no usage plan")?;
    plan_keys.put(&key.text.hash().to_string(), plan)?;
    let caller = Caller::new(&Client::new(gateway.base_url()), key.text.reveal());
    Ok((running, gateway, caller, key.caller.tenant_id.0))
}

/// The template without the limits of its plans and of its stage.
pub(crate) fn unlimited(mut template: Template) -> Template {
    for route in &mut template.routes {
        route.throttle = None;
    }
    for plan in template.usage_plans.values_mut() {
        (plan.throttle, plan.quota) = (None, None);
    }
    template
}

/// Sends requests to a function until it has as many processes as there are clients.
async fn warm_up(caller: &Caller, request: &dyn Fn(usize) -> Request, status: u16) -> Result<()> {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(3) {
        time_of(caller, CLIENTS, 0..CLIENTS * 8, request, status).await?;
    }
    Ok(())
}

/// Sends the requests of these turns from so many clients. Returns the time for all of them together.
pub(crate) async fn time_of(
    caller: &Caller,
    clients: usize,
    turns: Range<usize>,
    request: &dyn Fn(usize) -> Request,
    status: u16,
) -> Result<Duration> {
    let next = AtomicUsize::new(turns.start);
    let began = Instant::now();
    let clients = (0..clients).map(async |_| {
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            if turn >= turns.end {
                return Ok(());
            }
            let response = caller.send(request(turn)).await;
            if response.status() != status {
                return Err(format!("unexpected response: {response}"));
            }
        }
    });
    try_join_all(clients).await?;
    Ok(began.elapsed())
}
