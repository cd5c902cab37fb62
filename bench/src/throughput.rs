//! Many clients at once through the gateway of `make dev`, with functions that are compiled with
//! optimizations.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use assent_local::functions::{self, Functions, FunctionsConfig};
use assent_local::gateway::Gateway;
use assent_local::template::Route;
use assent_shared::domain::World;
use assent_shared::domain::api_key::ApiKeyStatus;
use assent_shared::domain::scope::Scopes;
use assent_shared::store::{ApiKeys, Database, KeyOrder};
use assent_tests::client::Client;
use assent_tests::fixtures::{Caller, NOTICES, RECORDS, notice, record, text, withdraw_path};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use crate::plot::Bars;
use crate::report::{Line, Report};
use crate::stage::{HELLO, Result, Stage, Workspace};

const CLIENTS: usize = 16;
const HELLO_PATH: &str = "/hello";

/// Calls in a second, each kind against those of the function that does nothing, on the same way.
pub(crate) async fn throughput(workspace: &Workspace, stage: &Stage, calls: usize, report: &mut Report) -> Result<()> {
    let mut template = workspace.template.clone();
    let known = template.routes.iter().find(|route| route.path == NOTICES).ok_or("no route")?.clone();
    template.routes.push(Route {
        method: "GET".to_owned(),
        path: HELLO_PATH.to_owned(),
        binary: HELLO.to_owned(),
        ..known
    });
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
    let gateway = Gateway::start(&template, running.url(), 0).await?;
    let order = KeyOrder {
        tenant_name: "Acme",
        scopes: Scopes::parse(["*"]).map_err(|_| "no scopes")?,
        expires_at: None,
        status: ApiKeyStatus::Active,
    };
    let key = ApiKeys::new(&Database::at(&stage.endpoint.url)).issue(order, &World::real()).await?;
    let caller = Caller { client: Client::new(gateway.base_url()), key: key.text.reveal().to_owned() };

    eprint!("\rthroughput: preparing      ");
    let (base, usable) = (caller.create_notice().await, caller.create_grant("user-1").await);
    let recording = async || caller.post(RECORDS, &record(&usable, &base, "user-1")).await.expect(201);
    let mut records: Vec<Value> = Vec::new();
    while records.len() < calls + CLIENTS {
        records.extend(futures_util::future::join_all((0..CLIENTS).map(|_| recording())).await);
    }
    let one = format!("{RECORDS}/{}", text(&base_record(&records)?, "recordId"));
    let of_hello = async |_: usize| caller.get(HELLO_PATH).await.status() == 200;
    let creation = async |_: usize| caller.post(NOTICES, &notice()).await.status() == 201;
    let reading = async |_: usize| caller.get(one.clone()).await.status() == 200;
    let withdrawal =
        async |turn: usize| caller.post(withdraw_path(&records[turn]), &json!({"reason": "x"})).await.status() == 200;
    let mut bars = Vec::new();
    let mut least = Vec::new();
    let mut lines = Vec::new();
    for (name, number) in [("notice create", 0), ("get record", 1), ("withdraw", 2)] {
        eprint!("\rthroughput: {name:<24}");
        rate(CLIENTS, &of_hello, 0).await?;
        let nothing = rate(calls, &of_hello, 0).await?;
        let own = match number {
            0 => {
                rate(CLIENTS, &creation, 0).await?;
                rate(calls, &creation, 0).await?
            }
            1 => {
                rate(CLIENTS, &reading, 0).await?;
                rate(calls, &reading, 0).await?
            }
            _ => {
                rate(CLIENTS, &withdrawal, 0).await?;
                rate(calls, &withdrawal, CLIENTS).await?
            }
        };
        let times = own / nothing;
        lines.push(
            Line::of(format!("throughput: {name}, {CLIENTS} clients"), format!("{own:.0}/s"))
                .against(format!("hello {nothing:.0}/s"), times)
                .must("≥ 0.5", times >= 0.5),
        );
        least.push(nothing);
        bars.push((name.to_owned(), own));
    }
    eprintln!();
    report.lines.extend(lines);
    bars.insert(0, ("hello".to_owned(), least.iter().sum::<f64>() / 3.0));
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

fn base_record(records: &[Value]) -> Result<Value> {
    records.last().cloned().ok_or_else(|| "no record".into())
}

/// Makes so many calls, and tells how many of them there were in a second.
async fn rate(calls: usize, call: &impl AsyncFn(usize) -> bool, from: usize) -> Result<f64> {
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    let clients = (0..CLIENTS).map(async |_| {
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            if turn >= calls {
                return Ok(());
            }
            if !call(from + turn).await {
                return Err("a call was not answered as it should");
            }
        }
    });
    try_join_all(clients).await?;
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let calls = calls as f64;
    Ok(calls / began.elapsed().as_secs_f64())
}
