//! Compares the same requests with few records and with many.

use std::collections::HashMap;
use std::slice;
use std::time::{Duration, Instant};

use assent_bench::report::{Line, Report, time};
use assent_tests::client::Request;
use assent_tests::contents::{Contents, Item};
use assent_tests::fault_proxy::{Consumption, FaultProxy, Matching};
use assent_tests::fixtures::{RECORDS, text, withdraw_path};
use assent_tests::system::Engine;
use aws_sdk_dynamodb::types::AttributeValue;
use dynoxide::AttributeValue as Stored;
use hyper::Method;
use serde_json::{Value, json};
use ulid::Ulid;

use crate::stage::{Endpoint, Result, Stage, TENANT, Workspace, context, median, ratio, timed};
use crate::warm::{check, records_of, replaced};

const TABLE: &str = "ConsentRecordsTable";
/// The number of records that are written to the database at once.
const AT_ONCE: usize = 5_000;
/// The time that filling the larger database may take.
const PATIENCE: Duration = Duration::from_secs(75);
/// The requests that are compared.
const CALLS: [(&str, &str); 5] = [
    ("check-consents", ""),
    ("get-consent-record", ""),
    ("list-consent-records", ""),
    ("withdraw-consent-record", ""),
    ("withdraw-consent-record", " again (409)"),
];

struct Filled {
    stage: Stage,
    /// The records that a function created.
    made: Vec<Value>,
    records: usize,
}

/// Measures p50 and units with few records and with many, in turns.
pub(crate) async fn growth(
    workspace: &Workspace,
    (few, many, rounds): (usize, usize, usize),
    report: &mut Report,
) -> Result<()> {
    let (few, many) = (fill(workspace, few, rounds).await?, fill(workspace, many, rounds).await?);
    report
        .lines
        .push(Line::of("growth: records in the two databases", format!("{} and {}", few.records, many.records)));
    for (name, particular) in CALLS {
        eprint!("\rgrowth {name}{particular:<24}");
        let (of_few, _) = workspace.start(name, &few.stage.endpoint).await?;
        let (of_many, _) = workspace.start(name, &many.stage.endpoint).await?;
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        // The first record is used for the measurement of units.
        for turn in 1..=rounds {
            let (request, status) = request(name, particular, &few, turn);
            fast.push(timed(&of_few, &request.event(&context(TENANT)), status).await?.1);
            let (request, status) = self::request(name, particular, &many, turn);
            slow.push(timed(&of_many, &request.event(&context(TENANT)), status).await?.1);
        }
        let (fast, slow) = (median(&fast), median(&slow));
        let times = ratio(slow, fast);
        report.lines.push(
            Line::of(format!("growth: {name}{particular}, p50"), time(slow))
                .against(time(fast), times)
                .must("≤ 1.1", times <= 1.1),
        );
        let (light, heavy) =
            (weigh(workspace, name, particular, &few).await?, weigh(workspace, name, particular, &many).await?);
        report.lines.push(
            Line::of(format!("growth: {name}{particular}, units"), units(heavy))
                .against(units(light), halves(heavy) / halves(light))
                .must("≤ 1.1", halves(heavy) <= 1.1 * halves(light)),
        );
    }
    eprintln!();
    Ok(())
}

fn request(name: &str, particular: &str, filled: &Filled, turn: usize) -> (Request, u16) {
    let record = &filled.made[turn];
    match name {
        "get-consent-record" => (Request::new(Method::GET, format!("{RECORDS}/{}", text(record, "recordId"))), 200),
        "check-consents" => (check(slice::from_ref(record)), 200),
        "list-consent-records" => (Request::new(Method::GET, RECORDS), 200),
        _ => {
            let status = if particular.is_empty() { 200 } else { 409 };
            (Request::new(Method::POST, withdraw_path(record)).json(&json!({"reason": "Moved on"})), status)
        }
    }
}

async fn weigh(workspace: &Workspace, name: &str, particular: &str, filled: &Filled) -> Result<Consumption> {
    let proxy = FaultProxy::start(&filled.stage.endpoint.url).await?;
    let weight = proxy.weigh(Matching::every(&""));
    let (function, _) = workspace.start(name, &Endpoint { url: proxy.url(), ..Endpoint::default() }).await?;
    let (request, status) = request(name, particular, filled, 0);
    timed(&function, &request.event(&context(TENANT)), status).await?;
    Ok(weight.consumption())
}

/// The consumed units as text.
pub(crate) fn units(consumption: Consumption) -> String {
    let whole =
        |halves: u64| if halves.is_multiple_of(2) { (halves / 2).to_string() } else { format!("{}.5", halves / 2) };
    let Consumption { calls, read_halves, write_halves } = consumption;
    format!("{calls} calls, {} read, {} write", whole(read_halves), whole(write_halves))
}

#[expect(clippy::cast_precision_loss, reason = "a small number of units")]
fn halves(consumption: Consumption) -> f64 {
    (consumption.read_halves + consumption.write_halves) as f64
}

/// A record that a function created, with the items that mention it.
struct Model {
    id: String,
    person: String,
    items: Vec<Item>,
}

/// A database with so many records: some that a function created, and copies of them with later ids, each of another
/// person.
async fn fill(workspace: &Workspace, records: usize, rounds: usize) -> Result<Filled> {
    let stage = Stage::set(workspace).await?;
    let made = records_of(workspace, &stage, TENANT, rounds + 1).await?;
    let items = Contents::new(&workspace.template, Engine::Dynoxide, &stage.endpoint.of_local()).of(TENANT).await;
    let items: Vec<Item> = items.in_table(TABLE).map(|(_, item)| item.clone()).collect();
    let models: Vec<Model> = made
        .iter()
        .map(|record| {
            let (id, person) = (text(record, "recordId"), text(record, "dataPrincipalId"));
            let about = items.iter().filter(|item| item.values().any(|value| mentions(value, &id)));
            Model { id: id.clone(), person, items: about.cloned().collect() }
        })
        .collect();
    let start = ulid_of(&models.last().ok_or("no records")?.id)?.timestamp_ms();
    let (began, mut number, mut filled) = (Instant::now(), 0, made.len());
    while filled < records && began.elapsed() < PATIENCE {
        eprint!("\rfilling {filled}/{records}        ");
        let mut copies = Vec::with_capacity(5 * AT_ONCE);
        for model in models.iter().cycle().take(AT_ONCE.min(records - filled)) {
            number += 1;
            let random = ulid_of(&model.id)?.random();
            let id = format!("cr_{}", Ulid::from_parts(start + number, random));
            let person = format!("{}-{number}", model.person);
            let copy =
                |value: &AttributeValue| stored(&replaced(&replaced(value, &model.id, &id), &model.person, &person));
            copies.extend(model.items.iter().map(|item| -> HashMap<String, Stored> {
                item.iter().map(|(name, value)| (name.clone(), copy(value))).collect()
            }));
            filled += 1;
        }
        stage.database.import(TABLE.to_owned(), copies).await?;
    }
    eprintln!("\rfilled with {filled} records in {} s", began.elapsed().as_secs());
    Ok(Filled { stage, made, records: filled })
}

fn mentions(value: &AttributeValue, text: &str) -> bool {
    matches!(value, AttributeValue::S(value) if value.contains(text))
}

/// The same value in the type of the database.
fn stored(value: &AttributeValue) -> Stored {
    match value {
        AttributeValue::S(text) => Stored::S(text.clone()),
        AttributeValue::N(number) => Stored::N(number.clone()),
        AttributeValue::Bool(value) => Stored::BOOL(*value),
        AttributeValue::B(bytes) => Stored::B(bytes.clone().into_inner()),
        AttributeValue::Ss(texts) => Stored::SS(texts.clone()),
        AttributeValue::L(values) => Stored::L(values.iter().map(stored).collect()),
        AttributeValue::M(members) => {
            Stored::M(members.iter().map(|(name, value)| (name.clone(), stored(value))).collect())
        }
        _ => Stored::NULL(true),
    }
}

fn ulid_of(record: &str) -> Result<Ulid> {
    Ulid::from_string(record.trim_start_matches("cr_")).map_err(|_| "a record's id is no ULID".into())
}
