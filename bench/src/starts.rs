//! Measures the start of a function until its first invocation, and the first request.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::atomic::Ordering;
use std::time::Duration;

use assent_bench::plot::Bars;
use assent_bench::report::{Line, Report, time};
use assent_tests::client::Request;
use assent_tests::fixtures::{GRANTS, NOTICES, RECORDS, grant, notice, record, text, withdraw_path};
use flate2::{Compression, write::DeflateEncoder};
use hyper::Method;
use serde_json::{Value, json};

use crate::stage::{BARE, Endpoint, HELLO, Result, Stage, TENANT, Workspace, call, context, median, ratio, timed};

/// Measures the time from spawn to the first `/next`. Each function is compared with the one that does nothing, and with
/// one that only opens as many connections, in turns.
pub(crate) async fn init(
    workspace: &Workspace,
    (plain, tls): (&Endpoint, &Endpoint),
    rounds: usize,
    report: &mut Report,
) -> Result<()> {
    let names = workspace.functions();
    let mut starts = Vec::new();
    let mut bars = Vec::new();
    // The times for opening connections, with TLS and without.
    let mut trips: BTreeMap<usize, (Vec<Duration>, Vec<Duration>)> = BTreeMap::new();
    for (number, name) in names.iter().enumerate() {
        eprint!("\rinit {}/{} {name:<32}", number + 1, names.len());
        let (mut hello, mut own, mut trip) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rounds {
            hello.push(workspace.start(HELLO, tls).await?.1);
            let before = tls.opened.load(Ordering::Relaxed);
            own.push(workspace.start(name, tls).await?.1);
            let connections = tls.opened.load(Ordering::Relaxed) - before;
            if connections > 0 {
                trip.push(round_trip(workspace, tls, connections).await?);
                let (with, without) = trips.entry(connections).or_default();
                // Measured once for each number of connections.
                if without.len() < rounds {
                    with.extend(trip.last());
                    without.push(round_trip(workspace, plain, connections).await?);
                }
            }
        }
        let start = Start { name: name.clone(), own: median(&own), hello: median(&hello), trip: median(&trip) };
        bars.push((name.clone(), ratio(start.own, start.hello)));
        starts.push(start);
    }
    eprintln!();
    for (connections, (with, without)) in trips {
        let (with, without) = (median(&with), median(&without));
        report.lines.push(
            Line::of(format!("init: to open connections with TLS, {connections}"), time(with))
                .against(format!("plain {}", time(without)), ratio(with, without)),
        );
    }
    starts.sort_by(|one, other| one.beyond().total_cmp(&other.beyond()));
    let middle = starts.get(starts.len() / 2).ok_or("no function")?;
    let worst = starts.last().ok_or("no function")?;
    let line = |start: &Start, which: &str| {
        let what = format!("init: {}, {which}, less {} for its connections", start.name, time(start.trip));
        let own = start.own.saturating_sub(start.trip);
        Line::of(what, time(own)).against(format!("hello {}", time(start.hello)), start.beyond())
    };
    report.lines.push(line(middle, "the middle one"));
    report.lines.push(line(worst, "the slowest").must("≤ 1.5", worst.beyond() <= 1.5));
    report.lines.push(
        Line::of(format!("init: {}, whole", worst.name), time(worst.own))
            .against(format!("hello {}", time(worst.hello)), ratio(worst.own, worst.hello)),
    );
    bars.sort_by(|one, other| other.1.total_cmp(&one.1));
    report.plots.push(Bars {
        name: "init",
        title: "Start, TLS and connections included, as a multiple of hello's".to_owned(),
        unit: "×",
        bars,
        bound: None,
    });
    Ok(())
}

/// The start of a function.
struct Start {
    name: String,
    own: Duration,
    hello: Duration,
    /// The time for opening as many connections and nothing else.
    trip: Duration,
}

impl Start {
    /// Compares the start without the time for the connections.
    fn beyond(&self) -> f64 {
        ratio(self.own.saturating_sub(self.trip), self.hello)
    }
}

/// The time for opening connections in a new process.
async fn round_trip(workspace: &Workspace, database: &Endpoint, connections: usize) -> Result<Duration> {
    let more = BTreeMap::from([("CONNECTIONS".to_owned(), connections.to_string())]);
    let (bare, _) = workspace.start(BARE, &Endpoint { more, ..database.clone() }).await?;
    let (times, _) = timed(&bare, &json!([]), 200).await?;
    let micros = |name: &str| times.get(name).and_then(Value::as_u64).unwrap_or_default();
    Ok(Duration::from_micros(micros("connected").saturating_sub(micros("built"))))
}

/// Compares the first request with later ones.
pub(crate) async fn first(
    workspace: &Workspace,
    stage: &Stage,
    tls: &Endpoint,
    rounds: usize,
    report: &mut Report,
) -> Result<()> {
    let start = async |name: &str| workspace.start(name, &stage.endpoint).await.map(|(function, _)| function);
    let (notices, grants, records) =
        (start("create-consent-notice").await?, start("create-grant").await?, start("create-consent-record").await?);
    let base = call(&notices, TENANT, &Request::new(Method::POST, NOTICES).json(&notice()), 201).await?;
    let of_user = call(&grants, TENANT, &Request::new(Method::POST, GRANTS).json(&grant("user-1")), 201).await?;
    let recording = || Request::new(Method::POST, RECORDS).json(&record(&of_user, &base, "user-1"));
    let some = call(&records, TENANT, &recording(), 201).await?;
    for name in [
        "create-consent-notice",
        "get-consent-record",
        "list-consent-records",
        "create-consent-record",
        "withdraw-consent-record",
    ] {
        eprint!("\rfirst call {name:<32}");
        let (mut firsts, mut warm) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let (function, _) = workspace.start(name, tls).await?;
            for turn in 0..12 {
                let (request, status) = match name {
                    "create-consent-notice" => (Request::new(Method::POST, NOTICES).json(&notice()), 201),
                    "get-consent-record" => {
                        (Request::new(Method::GET, format!("{RECORDS}/{}", text(&some, "recordId"))), 200)
                    }
                    "list-consent-records" => (Request::new(Method::GET, RECORDS), 200),
                    "create-consent-record" => (recording(), 201),
                    _ => {
                        let made = call(&records, TENANT, &recording(), 201).await?;
                        (Request::new(Method::POST, withdraw_path(&made)).json(&json!({"reason": "x"})), 200)
                    }
                };
                let (_, took) = timed(&function, &request.event(&context(TENANT)), status).await?;
                if turn == 0 { firsts.push(took) } else { warm.push(took) }
            }
        }
        let (first, warm) = (median(&firsts), median(&warm));
        let times = ratio(first, warm);
        report.lines.push(
            Line::of(format!("first call: {name}"), time(first))
                .against(format!("warm {}", time(warm)), times)
                .must("≤ 2", times <= 2.0),
        );
    }
    eprintln!();
    Ok(())
}

/// The size of each function when it is uploaded.
pub(crate) fn sizes(workspace: &Workspace, report: &mut Report) -> Result<()> {
    let (mut bars, mut largest) = (Vec::new(), (String::new(), 0.0));
    for name in workspace.functions() {
        eprint!("\rsize {name:<32}");
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::new(6));
        deflated.write_all(&std::fs::read(workspace.binary(&name))?)?;
        #[expect(clippy::cast_precision_loss, reason = "a size of some megabytes")]
        let megabytes = deflated.finish()?.len() as f64 / 1e6;
        if megabytes > largest.1 {
            largest = (name.clone(), megabytes);
        }
        bars.push((name, megabytes));
    }
    eprintln!();
    bars.sort_by(|one, other| other.1.total_cmp(&one.1));
    let (name, megabytes) = largest;
    report.lines.push(
        Line::of(format!("zipped: {name}, the largest"), format!("{megabytes:.2} MB")).must("≤ 4 MB", megabytes <= 4.0),
    );
    report.plots.push(Bars {
        name: "size",
        title: "Size of each function, zipped".to_owned(),
        unit: "MB",
        bars,
        bound: Some(("4 MB".to_owned(), 4.0)),
    });
    Ok(())
}
