//! Runs the whole system on one machine, until a signal stops it.

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use assent_shared::domain::Clock;
use assent_shared::environment::WEBHOOKS_TO_LOOPBACK;
use chrono::{DateTime, Utc};
use clap::ValueEnum;
use http::StatusCode;
use tokio::signal::unix::{SignalKind, signal};

use crate::Error;
use crate::client::Client;
use crate::data::Data;
use crate::database::socket::Socket;
use crate::database::{Commits, Dynoxide, Engine, fresh_access_key_id};
use crate::demo::Demo;
use crate::functions::{self, Invoke, InvokeWorker, Processes, ProcessesConfig, Profile, fixed_environment};
use crate::gateway::{Gateway, Settings};
use crate::hosted::Hosted;
use crate::keys::{self, Order};
use crate::logging;
use crate::server::listen;
use crate::shop::Shop;
use crate::signing_keys;
use crate::template::Template;
use crate::triggers::{Triggers, TriggersConfig};

/// The tenant that every local system has.
const TENANT: &str = "demo";
/// DynamoDB Local's port, which Cargo.toml configures for functions under `cargo lambda watch`.
const DATABASE_PORT: u16 = 8000;
/// The number of processes of one function that may run at once, so that races are real.
const CONCURRENCY: usize = 32;
/// The time within which `/health` has to succeed after the start.
const HEALTH_TIMEOUT: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(250);
/// The time that a stop waits for workers.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);

/// The way in which the functions run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Functions {
    /// In this process.
    Hosted,
    /// Each in processes of its own, as on Lambda.
    Lambda,
}

/// Runs the database in `directory`, the functions, and the gateway on `port` of 127.0.0.1. The current directory must
/// be the workspace's root. Returns when a signal stops it, or with the error that stopped it. In both cases everything
/// that it started has ended.
pub async fn run(port: u16, directory: &Path, functions: Functions) -> Result<(), Error> {
    let mut stop = std::pin::pin!(stop_signal()?);
    let data = open(directory)?;
    let _lock = data.lock()?;
    let functions_log = data.functions_log();
    logging::start((functions == Functions::Hosted).then_some(functions_log.as_path()))?;
    let system = tokio::select! {
        started = start(port, &data, functions) => started?,
        () = &mut stop => return Ok(()),
    };
    let ended = tokio::select! {
        ended = until_ended(&system.engine) => ended.map(|never| match never {}),
        () = stop => Ok(()),
    };
    system.triggers.stop(STOP_TIMEOUT).await;
    ended
}

/// A running system. What comes first ends first.
struct System {
    triggers: Triggers,
    _shop: Shop,
    _gateway: Gateway,
    /// The processes of the functions, and the database's server for them.
    _processes: Option<(Processes, Dynoxide)>,
    _socket: Socket,
    engine: Engine,
}

/// Runs only the database, for functions that `cargo lambda watch` serves.
pub async fn run_database(port: u16, directory: &Path) -> Result<(), Error> {
    let stop = stop_signal()?;
    let data = open(directory)?;
    let _lock = data.lock()?;
    let alone = async {
        let template = Template::own()?;
        let engine = Engine::open(&data.database_file(), Commits::Synced)?;
        let server = Dynoxide::of(engine.clone(), port, data.access_key_id())?;
        let _socket = Socket::serve(&engine, &data.socket())?;
        let key = prepare(&template, &data, &engine).await?;
        data.write_functions_env(server.endpoint())?;
        data.write_env(None, &key)?;
        println!("DynamoDB runs at {} and accepts the credential in functions.env", server.endpoint().url);
        println!("API key of the tenant {TENANT}, with all scopes: {key}");
        until_ended(&engine).await
    };
    let ended = tokio::select! {
        ended = alone => ended.map(|never: Infallible| match never {}),
        () = stop => Ok(()),
    };
    data.clear_functions_env();
    ended
}

/// Opens the data directory, unless `assent serve` created its secrets: the demo tenant and other secrets would harm it.
fn open(directory: &Path) -> Result<Data, Error> {
    let data = Data::open(directory)?;
    match data.secrets()? {
        None => Ok(data),
        Some(_) => Err(Error::Secrets(format!("{} belongs to `assent serve`", directory.display()))),
    }
}

async fn start(port: u16, data: &Data, functions: Functions) -> Result<System, Error> {
    // Checks that are quick come first, before anything is built.
    let root = std::env::current_dir().map_err(Error::file("."))?;
    let template = Template::own()?;
    let listener = listen(port)?;
    data.put_env_aside();

    // The database starts first, so that keys can be issued while the functions are still being built.
    let engine = Engine::open(&data.database_file(), Commits::Synced)?;
    let socket = Socket::serve(&engine, &data.socket())?;
    let key = prepare(&template, data, &engine).await?;

    let secrets = fixed_environment(&root).await?;
    // Whoever develops a recipient runs it on this machine.
    let environments = |database| {
        let mut environments = functions::environments(&template, database, &secrets);
        for variables in environments.values_mut() {
            variables.insert(WEBHOOKS_TO_LOOPBACK.to_owned(), "1".to_owned());
        }
        environments
    };
    let (functions, workers, processes): (Arc<dyn Invoke>, Arc<dyn InvokeWorker>, _) = match functions {
        Functions::Hosted => {
            let hosted = Arc::new(Hosted::start(environments(None), Some(&engine)).await?);
            (Arc::<Hosted>::clone(&hosted), hosted, None)
        }
        Functions::Lambda => {
            let server = serve_database(&engine)?;
            eprintln!("Building the functions ...");
            functions::build(&root, Profile::Dev).await?;
            let config = ProcessesConfig {
                root,
                environments: environments(Some(server.endpoint())),
                concurrency: CONCURRENCY,
                profile: Profile::Dev,
                reload: true,
                log_file: data.functions_log(),
            };
            let processes = Processes::start(config).await?;
            (processes.invoker(), processes.workers(), Some((processes, server)))
        }
    };
    let gateway = Gateway::serve(&template, functions, data.usage_plan_keys(), listener, Settings::default())?;
    let triggers = Triggers::start(&template, &workers, Some(&engine), TriggersConfig::default());
    let shop = ready(&gateway.base_url(), &key, data, port).await?;
    Ok(System { triggers, _shop: shop, _gateway: gateway, _processes: processes, _socket: socket, engine })
}

/// Serves the database to the processes of the functions, at DynamoDB Local's port if that is free.
fn serve_database(engine: &Engine) -> Result<Dynoxide, Error> {
    let access_key_id = fresh_access_key_id();
    match Dynoxide::of(engine.clone(), DATABASE_PORT, access_key_id.clone()) {
        Err(Error::AddressInUse(_)) => Dynoxide::of(engine.clone(), 0, access_key_id),
        started => started,
    }
}

/// Creates the tables, the first signing key unless there is one, and the demo key unless an earlier one is still
/// valid. Returns the demo key.
async fn prepare(template: &Template, data: &Data, engine: &Engine) -> Result<String, Error> {
    engine.create_tables(template).await?;
    let database = engine.connect();
    signing_keys::ensure_at(Path::new("."), &database).await?;
    let keys = keys::registry(template, data, &database).await?;
    if let Some(key) = data.earlier_key()
        && keys.is_valid_demo_key(TENANT, &key).await?
    {
        return Ok(key);
    }
    let key = keys.create(&Order::of_everything(TENANT)).await?;
    Ok(key.text.reveal().to_owned())
}

/// Waits until the API is healthy, creates the data of the demo, opens the shop at the port after the API's, and prints how
/// to use the API.
async fn ready(base_url: &str, key: &str, data: &Data, port: u16) -> Result<Shop, Error> {
    let client = Client::new(base_url, key);
    healthy(&client).await?;
    let now = DateTime::<Utc>::from_timestamp_millis(Clock::system().now().milliseconds()).unwrap_or_default();
    let demo = Demo::prepare(&client, now).await?;
    // Port 0 means any free port here too.
    let shop = Shop::start(demo.site(&client, base_url), if port == 0 { 0 } else { port.wrapping_add(1) })?;
    data.write_env(Some(base_url), key)?;

    println!("\nAssent runs at {base_url}");
    println!("API key of the tenant {TENANT}, with all scopes: {key}");
    println!("The reference of the API: {base_url}/docs");
    println!("A shop that asks its visitors for consents: {}", shop.url());
    println!("The functions log to {}. Ctrl-C stops everything.", data.functions_log().display());
    println!("\nThe page of the person demo-principal; the link opens once: {}", demo.page());
    println!("\n# Make another link to it: 201\n{}", Demo::another_page(base_url, key));
    println!("\n# Make a link to the console\nmake console DATA='{}'", data.path().display());
    for (description, status, command) in demo.commands(base_url, key) {
        println!("\n# {description}: {status}\n{command}");
    }
    for (description, command) in demo.telling(base_url, key) {
        println!("\n# {description}\n{command}");
    }
    println!();
    Ok(shop)
}

async fn healthy(client: &Client) -> Result<(), Error> {
    let deadline = tokio::time::Instant::now() + HEALTH_TIMEOUT;
    loop {
        match client.get("/health").await? {
            StatusCode::OK => return Ok(()),
            status if tokio::time::Instant::now() > deadline => {
                return Err(Error::Gateway(format!("GET /health responds with {status}")));
            }
            _ => tokio::time::sleep(POLL).await,
        }
    }
}

pub(crate) async fn until_ended(engine: &Engine) -> Result<Infallible, Error> {
    while !engine.has_ended() {
        tokio::time::sleep(POLL).await;
    }
    Err(Error::Database("it has stopped".to_owned()))
}

/// Resolves at SIGINT (Ctrl-C), SIGTERM or SIGHUP (the end of the terminal).
pub(crate) fn stop_signal() -> Result<impl Future<Output = ()>, Error> {
    let catch = |kind| signal(kind).map_err(Error::file("signals"));
    let (mut interrupt, mut terminate, mut hang_up) =
        (catch(SignalKind::interrupt())?, catch(SignalKind::terminate())?, catch(SignalKind::hangup())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    })
}
