//! `bench [--quick]`: measures the functions, each as a process behind a minimal Lambda Runtime API, so that the figures
//! include nothing else. Every figure is a ratio within one run, so that figures of different machines or days are never
//! compared.
#![expect(clippy::indexing_slicing, clippy::panic, reason = "a panic ends the bench with its message")]

mod database;
mod growth;
mod one_process;
mod recorder;
mod stage;
mod starts;
mod stop;
mod throughput;
mod warm;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use assent_bench::report::Report;
use assent_tests::costs;
use assent_tests::fault_proxy::FaultProxy;
use assent_tests::tls::Tls;
use clap::Parser;
use serde_json::json;

use crate::stage::{Endpoint, Result, Stage, Workspace};

/// Measures the functions in target/release.
#[derive(Parser)]
struct Options {
    /// Measures less, in a minute, and writes no files.
    #[arg(long)]
    quick: bool,
    /// Runs a system to measure, and measures nothing.
    #[arg(long, hide = true, requires = "folder")]
    system: Option<one_process::Functions>,
    /// The folder for the database of that system.
    #[arg(long, hide = true)]
    folder: Option<PathBuf>,
    /// Measures only the parts whose names contain this text.
    #[arg(long, default_value = "")]
    only: String,
}

/// The number of measurements.
struct Amount {
    rounds: usize,
    first_rounds: usize,
    warm_rounds: usize,
    memory_calls: usize,
    records: (usize, usize, usize),
    database_rounds: usize,
    throughput_calls: usize,
    one_process_calls: usize,
    /// How many withdrawals recipients are told of, and how many messages wait for one that returns.
    told: (usize, usize),
}

const WHOLE: Amount = Amount {
    rounds: 60,
    first_rounds: 15,
    warm_rounds: 600,
    memory_calls: 10_000,
    records: (10_000, 500_000, 200),
    database_rounds: 2_000,
    throughput_calls: 1_500,
    one_process_calls: 1_000,
    told: (200, 20_000),
};
const QUICK: Amount = Amount {
    rounds: 10,
    first_rounds: 5,
    warm_rounds: 150,
    memory_calls: 1_000,
    records: (1_000, 20_000, 60),
    database_rounds: 500,
    throughput_calls: 300,
    one_process_calls: 200,
    told: (50, 1_000),
};

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let done = match (options.system, &options.folder) {
        (Some(functions), Some(folder)) => one_process::system(functions, folder).await,
        _ => measure(&options).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(options: &Options) -> Result<()> {
    let began = Instant::now();
    let amount = if options.quick { QUICK } else { WHOLE };
    let wanted = |part: &str| part.contains(&options.only);
    let workspace = Workspace::read().await?;
    let stage = Stage::set(&workspace).await?;
    let before = Tls::before(&stage.endpoint.url, &workspace.root.join("target/bench")).await?;
    let tls = Endpoint {
        url: before.url.clone(),
        certificates: Some(before.certificates.clone()),
        opened: Arc::clone(&before.opened),
        ..Endpoint::default()
    };
    let mut report = Report::default();
    if wanted("init") {
        starts::init(&workspace, (&stage.endpoint, &tls), amount.rounds, &mut report).await?;
    }
    if wanted("first") {
        starts::first(&workspace, &stage, &tls, amount.first_rounds, &mut report).await?;
    }
    if wanted("warm") {
        warm::warm(&workspace, amount.warm_rounds, &mut report).await?;
    }
    if wanted("memory") {
        warm::memory(&workspace, &Stage::set(&workspace).await?, amount.memory_calls, &mut report).await?;
    }
    if wanted("size") {
        starts::sizes(&workspace, &mut report)?;
    }
    if wanted("growth") {
        growth::growth(&workspace, amount.records, &mut report).await?;
    }
    if wanted("database") {
        database::database(&workspace.root.join("target/bench"), amount.database_rounds, &mut report).await?;
    }
    if wanted("costs") {
        costs(&workspace, &mut report).await?;
    }
    if wanted("one-process") {
        let amount = (amount.one_process_calls, amount.memory_calls);
        one_process::one_process(&workspace, amount, &mut report).await?;
    }
    if wanted("stop") {
        stop::stop(amount.told, &mut report).await?;
    }
    // It starts many processes, so it comes last.
    if wanted("throughput") {
        throughput::throughput(&workspace, amount.throughput_calls, &mut report).await?;
    }
    if !options.quick && options.only.is_empty() {
        let run = json!({
            "command": "make bench",
            "architecture": std::env::consts::ARCH,
            "cores": std::thread::available_parallelism()?.get(),
            "rounds": amount.rounds,
            "warmRounds": amount.warm_rounds,
            "memoryCalls": amount.memory_calls,
            "seconds": began.elapsed().as_secs(),
        });
        report.write(&workspace.root.join("bench"), &run)?;
    }
    report.print();
    eprintln!("{} s in all", began.elapsed().as_secs());
    Ok(())
}

/// The database units of each endpoint, as the database counts them.
async fn costs(workspace: &Workspace, report: &mut Report) -> Result<()> {
    eprintln!("calls and units of every endpoint");
    let stage = Stage::set(workspace).await?;
    let key = stage.issue_key().await?;
    let proxy = FaultProxy::start(&stage.endpoint.url).await?;
    let endpoint = Endpoint { url: proxy.url(), ..Endpoint::default() };
    let start = async |name: &str| {
        let (function, _) = workspace.start(name, &endpoint).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        function
    };
    for cost in costs::of_every_endpoint(start, &proxy, key.text.reveal()).await {
        let taken = cost.consumption;
        println!("{:<60} {}", cost.call, growth::units(taken));
        report.costs.push(json!({
            "call": cost.call,
            "databaseCalls": taken.calls,
            "readHalves": taken.read_halves,
            "writeHalves": taken.write_halves,
        }));
    }
    println!();
    Ok(())
}
