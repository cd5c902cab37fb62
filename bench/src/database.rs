//! Measures calls of the database alone: dynoxide's own functions, the SDK within the process, and the SDK over a socket.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use assent_bench::calls::{call, make};
use assent_bench::report::{Line, Report, time};
use assent_local::database::{Commits, Dynoxide, Engine};
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use aws_sdk_dynamodb::{Client, Config};
use dynoxide::Database;
use futures_util::future::try_join_all;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

use crate::stage::{ACCESS_KEY_ID, Result, median, ratio};

const TABLE: &str = "Things";
const KEYS: [(&str, &str); 2] = [("pk", "HASH"), ("sk", "RANGE")];
const CLIENTS: usize = 16;
const TRANSACTION: &str = "TransactWriteItems";
const PUT: &str = "PutItem";
/// The size of the items, in bytes.
const GET: &str = "GetItem";

/// The way in which the calls are made.
enum Caller {
    Typed(Database),
    Sdk(Client),
}

/// Measures the time and the processor time of each kind of call, in turns, and the SDK's calls per second with many
/// clients.
pub(crate) async fn database(folder: &Path, rounds: usize, report: &mut Report) -> Result<()> {
    let folder = Folder::new(folder.join("database"))?;
    for (place, on_file) in [("memory", false), ("a synced file", true)] {
        let file = |name: &str| on_file.then(|| folder.0.join(format!("{name}.sqlite")));
        let typed = match file("typed") {
            Some(file) => Database::new(file.to_str().ok_or("no UTF-8")?)?,
            None => Database::memory()?,
        };
        let open =
            |file: Option<PathBuf>| file.map_or_else(Engine::memory, |file| Engine::open(&file, Commits::Synced));
        let within = open(file("within"))?.client();
        let server = Dynoxide::of(open(file("behind"))?, 0, ACCESS_KEY_ID.to_owned())?;
        let socket = client_of(&server);
        typed.create_table(serde_json::from_value(json!({
            "TableName": TABLE,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": KEYS.map(|(name, kind)| json!({"AttributeName": name, "KeyType": kind})),
            "AttributeDefinitions": KEYS.map(|(name, _)| json!({"AttributeName": name, "AttributeType": "S"})),
        }))?)?;
        create_table(&within).await?;
        create_table(&socket).await?;
        let callers = [Caller::Typed(typed), Caller::Sdk(within), Caller::Sdk(socket)];
        for operation in [TRANSACTION, PUT, GET] {
            eprint!("\rdatabase in {place}: {operation:<40}");
            let mut taken = [const { Vec::new() }; 3];
            for turn in 0..rounds {
                for (caller, taken) in callers.iter().zip(&mut taken) {
                    taken.push(caller.time(operation, turn).await?);
                }
            }
            let [typed, within, socket] = taken.map(|taken| Figures::of(&taken));
            for (way, figures) in [("in the process", within), ("over a socket", socket)] {
                let times = ratio(figures.time, typed.time);
                let what = format!("database in {place}: {operation}, {way}");
                report.lines.push(Line::of(what, figures.told()).against(format!("bare {}", typed.told()), times));
            }
            let (within, socket) =
                (callers[1].rate(operation, rounds).await?, callers[2].rate(operation, rounds).await?);
            let what = format!("database in {place}: {operation}, in the process, {CLIENTS} clients");
            let against = format!("over a socket {socket:.0}/s");
            report.lines.push(Line::of(what, format!("{within:.0}/s")).against(against, within / socket));
        }
        server.stop();
    }
    eprintln!();
    Ok(())
}

fn client_of(server: &Dynoxide) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(ACCESS_KEY_ID, "local", None, None, "local"))
        .endpoint_url(&server.endpoint().url);
    Client::from_conf(config.build())
}

async fn create_table(client: &Client) -> Result<()> {
    let mut request = client.create_table().table_name(TABLE).billing_mode(BillingMode::PayPerRequest);
    for (name, kind) in KEYS {
        let definition = AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
        let element = KeySchemaElement::builder().attribute_name(name).key_type(KeyType::from(kind));
        request = request.attribute_definitions(definition.build()?).key_schema(element.build()?);
    }
    request.send().await?;
    Ok(())
}

impl Caller {
    /// The time and the processor time of a call, on all threads.
    async fn time(&self, operation: &str, turn: usize) -> Result<(Duration, Duration)> {
        let body = body(operation, "one client", turn);
        match self {
            Self::Typed(database) => match operation {
                TRANSACTION => {
                    let request = serde_json::from_value(body)?;
                    taken(async || Ok(database.transact_write_items(request).map(|_| ())?)).await
                }
                PUT => {
                    let request = serde_json::from_value(body)?;
                    taken(async || Ok(database.put_item(request).map(|_| ())?)).await
                }
                _ => {
                    let request = serde_json::from_value(body)?;
                    taken(async || Ok(database.get_item(request).map(|_| ())?)).await
                }
            },
            Self::Sdk(client) => {
                let call = call(&json!({"operation": operation, "body": body})).ok_or("no call")?;
                taken(async || Ok(make(client, call).await?)).await
            }
        }
    }

    /// The calls per second of many clients, each of which makes one call after the other.
    async fn rate(&self, operation: &'static str, rounds: usize) -> Result<f64> {
        let Self::Sdk(client) = self else { return Err("of the SDK alone".into()) };
        let began = Instant::now();
        let clients = (0..CLIENTS).map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                for turn in 0..rounds / CLIENTS {
                    let body = body(operation, &format!("client {number}"), turn);
                    let call = call(&json!({"operation": operation, "body": body})).ok_or("no call")?;
                    make(&client, call).await.map_err(|error| error.to_string())?;
                }
                Ok::<_, String>(())
            })
        });
        for outcome in try_join_all(clients).await? {
            outcome?;
        }
        let calls = u32::try_from(rounds / CLIENTS * CLIENTS)?;
        Ok(f64::from(calls) / began.elapsed().as_secs_f64())
    }
}

async fn taken(call: impl AsyncFnOnce() -> Result<()>) -> Result<(Duration, Duration)> {
    let (before, began) = (processor(), Instant::now());
    call().await?;
    let took = began.elapsed();
    Ok((took, processor().saturating_sub(before)))
}

/// The processor time of this process so far.
fn processor() -> Duration {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), u32::try_from(spent.tv_nsec).unwrap_or_default())
}

/// The body of a call, as the SDK sends it.
fn body(operation: &str, client: &str, turn: usize) -> Value {
    let key = |number: usize| json!({"pk": {"S": client}, "sk": {"S": format!("{operation} {turn} {number}")}});
    let item = |number: usize| {
        let mut item = key(number);
        item["status"] = json!({"S": "active"});
        item["at"] = json!({"N": "1790000000"});
        item["digest"] = json!({"S": "0123456789abcdef".repeat(4)});
        let purpose = json!({"M": {"id": {"S": "purpose"}, "state": {"S": "active"}, "until": {"N": "1790000000"}}});
        item["purposes"] = json!({"L": vec![purpose; 3]});
        json!({"TableName": TABLE, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"})
    };
    match operation {
        TRANSACTION => {
            let mut actions: Vec<Value> = (0..4).map(|number| json!({"Put": item(number)})).collect();
            actions.push(json!({"Update": {
                "TableName": TABLE,
                "Key": {"pk": {"S": client}, "sk": {"S": "head"}},
                "UpdateExpression": "SET #length = :length",
                "ConditionExpression": "attribute_not_exists(#length) OR #length < :length",
                "ExpressionAttributeNames": {"#length": "length"},
                "ExpressionAttributeValues": {":length": {"N": (turn + 1).to_string()}},
            }}));
            actions.push(json!({"ConditionCheck": {
                "TableName": TABLE, "Key": key(4), "ConditionExpression": "attribute_not_exists(pk)",
            }}));
            json!({"TransactItems": actions, "ClientRequestToken": format!("{client} {turn}")})
        }
        PUT => item(0),
        _ => json!({"TableName": TABLE, "ConsistentRead": true,
                    "Key": {"pk": {"S": client}, "sk": {"S": format!("{PUT} {turn} 0")}}}),
    }
}

struct Figures {
    time: Duration,
    processor: Duration,
}

impl Figures {
    /// The medians.
    fn of(taken: &[(Duration, Duration)]) -> Self {
        let (times, processor): (Vec<_>, Vec<_>) = taken.iter().copied().unzip();
        Self { time: median(&times), processor: median(&processor) }
    }

    fn told(&self) -> String {
        format!("{} (processor {})", time(self.time), time(self.processor))
    }
}

/// A directory that is removed at the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    /// An empty one. What an earlier run left there is removed.
    pub(crate) fn new(path: PathBuf) -> Result<Self> {
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
