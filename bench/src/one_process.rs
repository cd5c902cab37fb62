//! Compares the two ways in which one machine runs the whole system: all functions in one process with the database, as
//! under `make dev` and `make serve`, and each function in processes of its own, as on Lambda. The database is in a file,
//! and syncs each commit. Each system is a process of its own, so that its processor time and its memory are not those of
//! the bench.

use std::io::Read as _;
use std::ops::Range;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use assent_bench::calls::{calls, make_all};
use assent_bench::report::{Line, Report, time};
use assent_local::database::{Commits, Engine};
use assent_local::functions::{self, Invoke, InvokeWorker, Processes, ProcessesConfig, Profile};
use assent_local::gateway::Gateway;
use assent_local::hosted::Hosted;
use assent_local::triggers::{Triggers, TriggersConfig};
use assent_local::usage_plans::UsagePlanKeys;
use assent_tests::client::{Client, Request};
use assent_tests::fixtures::{Caller, GRANTS, NOTICES, RECORDS, grant, notice, record, text, withdraw_path};
use clap::ValueEnum;
use hyper::Method;
use rustix::param::clock_ticks_per_second;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use uuid::Uuid;

use crate::database::Folder;
use crate::recorder::Recorder;
use crate::stage::{Result, Stage, Workspace, median};
use crate::throughput::{time_of, unlimited};
use crate::warm::{copy, recorded, records_of};

/// The number of turns of each kind of call, which the systems take alternately.
const TURNS: usize = 4;
const CLIENTS: [usize; 2] = [1, 16];
/// The processes that one function may have.
const CONCURRENCY: usize = 16;
/// How long a stop waits for workers.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// The tenant whose calls are recorded.
const WRITTEN: Uuid = Uuid::from_u128(0xd1d1_d1d1_d1d1_4000_8000_0000_0000_0001);
/// The tenant for which the recorded calls are repeated.
const REPEATED: Uuid = Uuid::from_u128(0xe1e1_e1e1_e1e1_4000_8000_0000_0000_0001);

/// How the functions of a system run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Functions {
    /// In the process of the gateway and the database.
    Hosted,
    /// Each in processes of its own.
    Processes,
}

/// Runs a system with its database in a new file in this folder, until standard input ends. Prints its URL and an API
/// key, each on a line.
pub(crate) async fn system(functions: Functions, folder: &Path) -> Result<()> {
    let workspace = Workspace::read().await?;
    let template = unlimited(workspace.template.clone());
    let stage = Stage::of(&workspace, Engine::open(&folder.join("dynamodb.sqlite"), Commits::Synced)?).await?;
    let secrets = functions::fixed_environment(&workspace.root).await?;
    let (invoker, workers, processes): (Arc<dyn Invoke>, Arc<dyn InvokeWorker>, _) = match functions {
        Functions::Hosted => {
            let environments = functions::environments(&template, None, &secrets);
            let hosted = Arc::new(Hosted::start(environments, Some(&stage.database)).await?);
            (Arc::<Hosted>::clone(&hosted), hosted, None)
        }
        Functions::Processes => {
            let config = ProcessesConfig {
                environments: functions::environments(&template, Some(&stage.endpoint.of_local()), &secrets),
                concurrency: CONCURRENCY,
                profile: Profile::Release,
                reload: false,
                log_file: folder.join("functions.log"),
                root: workspace.root.clone(),
            };
            let processes = Processes::start(config).await?;
            (processes.invoker(), processes.workers(), Some(processes))
        }
    };
    let plan_keys = UsagePlanKeys::in_memory();
    let gateway = Gateway::start(&template, invoker, plan_keys.clone(), 0)?;
    let triggers = Triggers::start(&template, &workers, Some(&stage.database), TriggersConfig::default());
    let key = stage.issue_key().await?;
    let plan = template.usage_plans.keys().next().ok_or("no usage plan")?;
    plan_keys.put(&key.text.hash().to_string(), plan)?;
    println!("{}\n{}", gateway.base_url(), key.text.reveal());
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    gateway.stop().await;
    triggers.stop(STOP_TIMEOUT).await;
    if let Some(processes) = processes {
        processes.stop().await;
    }
    Ok(())
}

/// A running system. It ends when this is dropped, because its standard input ends then.
struct System {
    process: Child,
    caller: Caller,
    /// What the calls of the kinds need.
    notice: Value,
    grant: Value,
    _folder: Folder,
}

impl System {
    async fn start(functions: Functions, folder: Folder) -> Result<Self> {
        let name = functions.to_possible_value().ok_or("no name")?;
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--system", name.get_name(), "--folder"])
            .arg(&folder.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().ok_or("no output")?).lines();
        let url = lines.next_line().await?.ok_or("the system did not start")?;
        let key = lines.next_line().await?.ok_or("the system did not start")?;
        let caller = Caller::new(&Client::new(url), key);
        let notice = caller.send(caller.posting(NOTICES, &notice())).await.expect(201);
        let grant = caller.send(caller.posting(GRANTS, &grant("user-1"))).await.expect(201);
        Ok(Self { process, caller, notice, grant, _folder: folder })
    }

    /// The process and those that it started.
    fn processes(&self) -> Result<Vec<u32>> {
        let mut parents = Vec::new();
        for entry in std::fs::read_dir("/proc")? {
            let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
            if let Some(fields) = stat(id) {
                parents.push((id, fields.get(1).and_then(|parent| parent.parse::<u32>().ok()).unwrap_or_default()));
            }
        }
        let mut found = vec![self.process.id().ok_or("the system has ended")?];
        let mut position = 0;
        while let Some(&parent) = found.get(position) {
            found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
            position += 1;
        }
        Ok(found)
    }

    /// The processor time that it has taken so far.
    fn processor_time(&self) -> Result<Duration> {
        // utime, stime, cutime and cstime of `proc_pid_stat(5)`: the children that have ended are counted in the last two.
        let ticks = self.processes()?.into_iter().filter_map(stat).flat_map(|fields| {
            fields
                .get(11..15)
                .unwrap_or_default()
                .iter()
                .filter_map(|ticks| ticks.parse::<u64>().ok())
                .collect::<Vec<_>>()
        });
        Ok(Duration::from_secs(1) * u32::try_from(ticks.sum::<u64>())? / u32::try_from(clock_ticks_per_second())?)
    }

    /// Its memory in megabytes, where a page that several processes share is counted once.
    #[expect(clippy::cast_precision_loss, reason = "some megabytes")]
    fn memory(&self) -> Result<f64> {
        let mut kilobytes = 0;
        for id in self.processes()? {
            let Ok(text) = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")) else { continue };
            let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
            let number = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
            kilobytes += number.unwrap_or_default();
        }
        Ok(kilobytes as f64 * 1024.0 / 1e6)
    }

    /// Makes the calls of these turns, and returns their time and processor time.
    async fn make(
        &self,
        kind: &Kind,
        clients: usize,
        turns: Range<usize>,
        records: &[Value],
    ) -> Result<(Duration, Duration)> {
        let before = self.processor_time()?;
        let request = |turn: usize| self.caller.with_key((kind.request)(self, records, turn));
        let took = time_of(&self.caller, clients, turns, &request, kind.status).await?;
        Ok((took, self.processor_time()?.saturating_sub(before)))
    }

    /// Creates so many records, without timing.
    async fn records(&self, count: usize) -> Vec<Value> {
        let mut made = Vec::with_capacity(count);
        for _ in 0..count {
            let body = record(&self.grant, &self.notice, "user-1");
            made.push(self.caller.send(self.caller.posting(RECORDS, &body)).await.expect(201));
        }
        made
    }
}

/// The fields of `proc_pid_stat(5)` after the name, which may contain spaces.
fn stat(id: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    Some(text.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}

/// A kind of call.
struct Kind {
    name: &'static str,
    function: &'static str,
    /// The request of each turn, for records of the system.
    request: fn(&System, &[Value], usize) -> Request,
    status: u16,
}

const KINDS: [Kind; 4] = [
    Kind {
        name: "notice create",
        function: "create-consent-notice",
        request: |_, _, _| Request::new(Method::POST, NOTICES).json(&notice()),
        status: 201,
    },
    Kind {
        name: "record create",
        function: "create-consent-record",
        request: |system, _, _| {
            Request::new(Method::POST, RECORDS).json(&record(&system.grant, &system.notice, "user-1"))
        },
        status: 201,
    },
    Kind {
        name: "get",
        function: "get-consent-record",
        request: |_, records, turn| {
            Request::new(Method::GET, format!("{RECORDS}/{}", text(&records[turn % records.len()], "recordId")))
        },
        status: 200,
    },
    Kind {
        name: "withdraw",
        function: "withdraw-consent-record",
        request: |_, records, turn| {
            Request::new(Method::POST, withdraw_path(&records[turn])).json(&json!({"reason": "x"}))
        },
        status: 200,
    },
];

/// Measures both systems: calls a second, processor time of a call, memory.
pub(crate) async fn one_process(
    workspace: &Workspace,
    (calls, memory_calls): (usize, usize),
    report: &mut Report,
) -> Result<()> {
    let root = workspace.root.join("target/bench");
    let start = async |functions, name: &str| System::start(functions, Folder::new(root.join(name))?).await;
    let hosted = start(Functions::Hosted, "hosted").await?;
    let processes = start(Functions::Processes, "processes").await?;
    let idle = (hosted.memory()?, processes.memory()?);
    for clients in CLIENTS {
        for kind in &KINDS {
            eprint!("\rone process: {}, {clients:<24}", kind.name);
            let share = calls / TURNS;
            // Each system has records of its own; the first calls start the processes.
            let records = (hosted.records(calls).await, processes.records(calls).await);
            let warming = clients * 4..clients * 8;
            let spare = (hosted.records(clients * 8).await, processes.records(clients * 8).await);
            hosted.make(kind, clients, warming.clone(), &spare.0).await?;
            processes.make(kind, clients, warming, &spare.1).await?;
            let (mut one, mut many) = ((Duration::ZERO, Duration::ZERO), (Duration::ZERO, Duration::ZERO));
            for turn in 0..TURNS {
                let part = turn * share..(turn + 1) * share;
                let made = hosted.make(kind, clients, part.clone(), &records.0).await?;
                one = (one.0 + made.0, one.1 + made.1);
                let made = processes.make(kind, clients, part, &records.1).await?;
                many = (many.0 + made.0, many.1 + made.1);
            }
            let made = u32::try_from(share * TURNS)?;
            let per_second = |took: Duration| f64::from(made) / took.as_secs_f64();
            let times = many.0.as_secs_f64() / one.0.as_secs_f64();
            let title = format!("one process: {}, {clients} clients", kind.name);
            report.lines.push(
                Line::of(&title, format!("{:.0}/s", per_second(one.0)))
                    .against(format!("a process for each function {:.0}/s", per_second(many.0)), times)
                    .must("≥ 3", times >= 3.0),
            );
            let times = one.1.as_secs_f64() / many.1.as_secs_f64();
            report.lines.push(
                Line::of(format!("{title}, processor time of a call"), time(one.1 / made))
                    .against(time(many.1 / made), times)
                    .must("≤ 0.33", times <= 1.0 / 3.0),
            );
            if clients == 1 {
                let bare = bare(workspace, kind, &root, share).await?;
                let own = one.0 / made;
                let times = own.as_secs_f64() / bare.as_secs_f64();
                report.lines.push(
                    Line::of(format!("{title}, a call"), time(own))
                        .against(format!("its bare calls in the process {}", time(bare)), times)
                        .must("≤ 1.6", times <= 1.6),
                );
            }
        }
    }
    memory(&hosted, &processes, idle, memory_calls, report).await
}

async fn memory(
    hosted: &System,
    processes: &System,
    idle: (f64, f64),
    calls: usize,
    report: &mut Report,
) -> Result<()> {
    let get = &KINDS[2];
    let records = (hosted.records(1).await, processes.records(1).await);
    let early = hosted.memory()?;
    hosted.make(get, CONCURRENCY, 0..calls, &records.0).await?;
    processes.make(get, CONCURRENCY, 0..calls, &records.1).await?;
    let late = (hosted.memory()?, processes.memory()?);
    for (when, (one, many)) in [("idle".to_owned(), idle), (format!("after {calls} calls more"), late)] {
        report.lines.push(
            Line::of(format!("one process: memory, {when}"), format!("{one:.1} MB"))
                .against(format!("a process for each function {many:.1} MB"), one / many)
                .must("≤ 0.33", one / many <= 1.0 / 3.0),
        );
    }
    report.lines.push(
        Line::of(format!("one process: memory, growth in {calls} calls"), format!("{:.1} MB", late.0))
            .against(format!("{early:.1} MB"), late.0 / early)
            .must("no growth (≤ 1.02)", late.0 / early <= 1.02),
    );
    eprintln!();
    Ok(())
}

/// The median time of a call's own database calls, made through the SDK in this process, on a file that syncs.
async fn bare(workspace: &Workspace, kind: &Kind, root: &Path, rounds: usize) -> Result<Duration> {
    let folder = Folder::new(root.join("bare"))?;
    let preparing = Stage::set(workspace).await?;
    let file = Stage::of(workspace, Engine::open(&folder.0.join("dynamodb.sqlite"), Commits::Synced)?).await?;
    let records = records_of(workspace, &preparing, WRITTEN, rounds).await?;
    copy(workspace, (&preparing, WRITTEN), (&file, REPEATED)).await;
    let recorder = Recorder::before(&preparing.endpoint).await?;
    let base = records.first().ok_or("no record")?;
    let request = |turn: usize| {
        let request = match kind.function {
            "create-consent-notice" => Request::new(Method::POST, NOTICES).json(&notice()),
            "create-consent-record" => {
                let notice = json!({"noticeId": base["consentNoticeId"]});
                Request::new(Method::POST, RECORDS).json(&record(base, &notice, &text(base, "dataPrincipalId")))
            }
            "get-consent-record" => Request::new(Method::GET, format!("{RECORDS}/{}", text(base, "recordId"))),
            _ => Request::new(Method::POST, withdraw_path(&records[turn])).json(&json!({"reason": "x"})),
        };
        (request, kind.status)
    };
    let recorded = recorded(workspace, &recorder, (kind.function, rounds), (WRITTEN, REPEATED), request).await?;
    let client = file.database.client();
    let mut times = Vec::with_capacity(rounds);
    for made in &recorded {
        let calls = calls(made).ok_or("an unknown call")?;
        let began = Instant::now();
        make_all(&client, calls).await?;
        times.push(began.elapsed());
    }
    Ok(median(&times))
}
