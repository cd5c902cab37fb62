//! `simulate [SCENARIO...]`: records one person's calls of every endpoint, and replays them for all persons of the
//! scenarios in bench/scenarios. Prints tables, and writes them as JSON and as plots. It fails if a partition throttles
//! where docs/deploy.md was followed, or if none does with one shard.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use assent_bench::plot::{self, Bars};
use assent_simulation::{Call, Outcome, Place, Run, Scenario, replay};
use assent_tests::ceilings::recordings;
use serde_json::{Value, json};

/// For how long transactions hold their items in the runs that show what that changes.
const LOCKS: [u32; 4] = [5, 10, 20, 30];

/// The seeds by which the keys have other places.
const PLACES: [u64; 4] = [2, 3, 4, 5];

/// Where a run is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// In the table of the runs that are compared, under this name.
    Compared(&'static str),
    /// Among those with other places of the keys.
    Placed,
    /// In the table of the times for which transactions hold their items.
    Locked,
}

/// A run, and whether something is throttled in it, where that is required.
struct Planned {
    shown: Shown,
    run: Run,
    throttles: Option<bool>,
}

fn planned() -> Vec<Planned> {
    let run = |shards, place, prepared| Run { shards, place, prepared, ..Run::USUAL };
    let (one, ideal, unsplit) = (Some(1), Place::IdealSplit, Place::NoSplit);
    let plan = |name, run, throttles| Planned { shown: Shown::Compared(name), run, throttles };
    let saved = Run { burst: true, until_throttled: true, ..run(one, ideal, true) };
    let mut planned = vec![
        plan("one shard, ideal split", run(one, ideal, true), Some(true)),
        plan("one shard, ideal split, with saved units", saved, None),
        plan("one shard, no split", run(one, unsplit, true), Some(true)),
        plan("64 shards, no split", run(Some(64), unsplit, true), None),
        plan("as the runbook says, ideal split", run(None, ideal, true), Some(false)),
        plan("as the runbook says, no split", run(None, unsplit, true), Some(false)),
        plan("its shards in new tables, no split", run(None, unsplit, false), None),
    ];
    for lock in LOCKS {
        let run = Run { lock, ..run(None, ideal, true) };
        planned.push(Planned { shown: Shown::Locked, run, throttles: Some(false) });
    }
    for seed in PLACES {
        let run = Run { seed, ..run(None, unsplit, true) };
        planned.push(Planned { shown: Shown::Placed, run, throttles: Some(false) });
    }
    planned
}

#[tokio::main]
async fn main() -> ExitCode {
    let began = Instant::now();
    match simulate(&recordings().await) {
        Ok(met) => {
            eprintln!("{} s in all", began.elapsed().as_secs());
            if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("simulate: {error}");
            ExitCode::FAILURE
        }
    }
}

fn simulate(calls: &[Call]) -> Result<bool, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names: Vec<String> = std::env::args().skip(1).collect();
    let scenarios = scenarios(folder, &names)?;
    let planned = planned();
    let all: Vec<(&Scenario, &Planned)> =
        scenarios.iter().flat_map(|scenario| planned.iter().map(move |planned| (scenario, planned))).collect();
    let outcomes = replayed(&all, calls)?;
    let mut met = true;
    let mut results = BTreeMap::new();
    for (scenario, outcomes) in scenarios.iter().zip(outcomes.chunks(planned.len())) {
        met &= print(scenario, &planned, outcomes);
        let lines: Vec<Value> = planned.iter().zip(outcomes).map(|(planned, outcome)| line(planned, outcome)).collect();
        results.insert(&scenario.name, lines);
        std::fs::write(
            folder.join(format!("simulation-{}.svg", scenario.name)),
            plot::svg(&bars(scenario, &planned, outcomes)),
        )?;
    }
    if names.is_empty() {
        let results = json!({"command": "make simulate", "scenarios": results});
        std::fs::write(folder.join("simulation.json"), format!("{results:#}\n"))?;
    }
    Ok(met)
}

fn scenarios(folder: &Path, names: &[String]) -> Result<Vec<Scenario>, Box<dyn Error>> {
    let files = std::fs::read_dir(folder.join("scenarios"))?.map(|file| file.map(|file| file.path()));
    let mut files: Vec<PathBuf> = files.collect::<Result<_, _>>()?;
    files.sort();
    let mut scenarios = Vec::new();
    for file in files {
        let scenario =
            Scenario::of(&std::fs::read_to_string(&file)?).map_err(|error| format!("{}: {error}", file.display()))?;
        if names.is_empty() || names.contains(&scenario.name) {
            scenarios.push(scenario);
        }
    }
    Ok(scenarios)
}

/// The outcomes of these runs, on all cores.
fn replayed(runs: &[(&Scenario, &Planned)], calls: &[Call]) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some((scenario, planned)) = runs.get(number) else { break };
            let outcome = replay(scenario, calls, &planned.run);
            eprintln!("{}: {:?}", scenario.name, planned.run);
            outcomes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(number, outcome);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let outcomes = outcomes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(outcomes.into_values().collect::<Result<_, _>>()?)
}

/// Prints the tables of a scenario, and returns whether it throttled where it must, and only where it may.
fn print(scenario: &Scenario, planned: &[Planned], outcomes: &[Outcome]) -> bool {
    let mut met = true;
    println!("\n### {}\n\n{}", scenario.name, scenario.about);
    if let Some(outcome) = outcomes.last() {
        let calls = float(outcome.calls) / scenario.seconds;
        let partitions = outcome.partitions.iter().map(|(table, count)| format!("{table} {count}"));
        let partitions: Vec<String> = partitions.collect();
        let persons = scenario.persons_per_second();
        println!("{persons:.0} persons and {calls:.0} calls a second, for {:.0} s.", scenario.seconds);
        println!("Shards of a list of the largest tenant: {}. Partitions: {}.", outcome.shards, partitions.join(", "));
    }
    println!(
        "\n| | fullest second of a partition | first throttled | where | tries throttled | calls with a 503 | \
         instances, most and mean | a million calls |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (planned, outcome) in planned.iter().zip(outcomes) {
        let throttled = outcome.first_throttled.is_some();
        if planned.throttles.is_some_and(|throttles| throttles != throttled) {
            met = false;
            eprintln!("{}: throttled: {throttled}, in {:?}", scenario.name, planned.run);
        }
        let Shown::Compared(name) = planned.shown else { continue };
        let (first, place) = match &outcome.first_throttled {
            Some((at, place)) => (format!("{at:.1} s"), format!("`{place}`")),
            None => ("never".to_owned(), format!("fullest: `{}`", outcome.fullest.1)),
        };
        let cells = if planned.run.until_throttled {
            String::from(" | | | ")
        } else {
            let (most, mean) = outcome.instances;
            let refused = share((outcome.calls, outcome.refused.0 + outcome.refused.1));
            format!("{} | {refused} | {most}, {mean:.0} | {:.2}", share(outcome.tries), outcome.dollars)
        };
        println!("| {name} | {:.0} % | {first} | {place} | {cells} |", outcome.fullest.0 * 100.0);
    }
    println!(
        "\n| a transaction holds its items for | writes that conflict | calls with a 503 | instances, most and mean |"
    );
    println!("|---|---|---|---|");
    let shown = |shown| planned.iter().zip(outcomes).filter(move |(planned, _)| planned.shown == shown);
    for (planned, outcome) in shown(Shown::Locked) {
        let refused = share((outcome.calls, outcome.refused.0 + outcome.refused.1));
        let (most, mean) = outcome.instances;
        println!("| {} ms | {} | {refused} | {most}, {mean:.0} |", planned.run.lock, share(outcome.writes));
    }
    let fullest = shown(Shown::Placed).map(|(_, outcome)| format!("{:.0} %", outcome.fullest.0 * 100.0));
    let fullest: Vec<String> = fullest.collect();
    println!("\nNo split, with other places of the keys: {} of the limit in the fullest second.", fullest.join(", "));
    met
}

fn line(planned: &Planned, outcome: &Outcome) -> Value {
    let run = &planned.run;
    let first = outcome.first_throttled.as_ref();
    json!({
        "run": {
            "shards": run.shards.map_or(json!("runbook"), Value::from),
            "idealSplit": run.place == Place::IdealSplit,
            "prepared": run.prepared,
            "savedUnits": run.burst,
            "lockMilliseconds": run.lock,
            "seed": run.seed,
        },
        "persons": outcome.persons,
        "calls": outcome.calls,
        "shards": outcome.shards,
        "partitions": outcome.partitions,
        "fullestSecond": {"partOfLimit": rounded(outcome.fullest.0), "partition": outcome.fullest.1},
        "firstThrottled": first.map(|(at, place)| json!({"second": rounded(*at), "partition": place})),
        "tries": outcome.tries.0,
        "throttled": outcome.tries.1,
        "writes": outcome.writes.0,
        "conflicts": outcome.writes.1,
        "refusedAsThrottled": outcome.refused.0,
        "refusedAsContended": outcome.refused.1,
        "mostInstances": outcome.instances.0,
        "meanInstances": rounded(outcome.instances.1),
        "dollarsOfAMillionCalls": rounded(outcome.dollars),
    })
}

fn bars(scenario: &Scenario, planned: &[Planned], outcomes: &[Outcome]) -> Bars {
    let shown = planned.iter().zip(outcomes).filter_map(|(planned, outcome)| match planned.shown {
        Shown::Compared(name) if !planned.run.until_throttled => Some((name.to_owned(), outcome.fullest.0 * 100.0)),
        _ => None,
    });
    Bars {
        name: "simulation",
        title: format!("{}: what is asked of a partition in its fullest second", scenario.name),
        unit: "%",
        bars: shown.collect(),
        bound: Some(("its limit".to_owned(), 100.0)),
    }
}

fn share((all, some): (u64, u64)) -> String {
    if some == 0 {
        return "none".to_owned();
    }
    format!("{:.2} %", 100.0 * float(some) / float(all))
}

#[expect(clippy::cast_precision_loss, reason = "far below 2 to the power of 52")]
fn float(number: u64) -> f64 {
    number as f64
}

fn rounded(number: f64) -> f64 {
    (number * 1_000.0).round() / 1_000.0
}
