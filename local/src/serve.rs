//! Runs the system for an organisation that one machine serves, until a signal stops it.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use assent_shared::domain::Clock;
use clap::Args;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::Error;
use crate::data::Data;
use crate::database::remote::Remote;
use crate::database::socket::Socket;
use crate::database::{Commits, Engine};
use crate::dev::{stop_signal, until_ended};
use crate::functions::{self, InvokeWorker};
use crate::gateway::{Gateway, Settings};
use crate::hosted::Hosted;
use crate::secrets;
use crate::server::{Limits, listen_on};
use crate::signing_keys;
use crate::template::Template;
use crate::triggers::{Triggers, TriggersConfig};

/// The time that a stop waits for calls that are being handled: a function may take 29 s.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);
/// The files that the process opens besides connections.
const OTHER_FILES: u64 = 256;
/// The time between two deletions of what has expired. `DynamoDB` takes up to a few days.
const EXPIRY_INTERVAL: Duration = Duration::from_hours(1);

/// The options of `assent serve`.
#[derive(Args, Debug)]
pub struct Options {
    /// The address of the API; TLS is the work of a reverse proxy before it
    #[arg(long, default_value = "127.0.0.1:9000")]
    pub address: SocketAddr,
    /// The directory for the database, the secrets and the usage plans of the keys
    #[arg(long)]
    pub data: PathBuf,
    /// The URL of a DynamoDB to use instead of a database in the directory: AWS's, or another server's
    #[arg(long, value_name = "URL")]
    pub database_endpoint: Option<String>,
    /// The connections that may be open at once; a connection beyond them gets a 503
    #[arg(long, default_value_t = 1000)]
    pub connections: usize,
    /// The domain of the reverse proxy that is the only client; X-Forwarded-For then names the callers, the last value
    /// counts, and proofs name DOMAIN
    #[arg(long, value_name = "DOMAIN", value_parser = domain)]
    pub behind_proxy: Option<String>,
    /// Acknowledges writes before they are on the disk: a power failure can lose those of the last second
    #[arg(long, conflicts_with = "database_endpoint")]
    pub fast_commits: bool,
}

/// Runs the system. Returns when a signal stops it, after the calls that were being handled, or with the error that
/// stopped it.
pub async fn run(options: &Options) -> Result<(), Error> {
    if options.behind_proxy.is_none() && options.address.ip() != Ipv4Addr::LOCALHOST {
        let reason =
            "an address other than 127.0.0.1 needs --behind-proxy DOMAIN: proofs say for good where they are verified";
        return Err(Error::Gateway(reason.to_owned()));
    }
    let stop = stop_signal()?;
    let data = Data::open(&options.data)?;
    let _lock = data.lock()?;
    allow_connections(options.connections)?;
    let template = Template::own()?;
    let listener = listen_on(options.address)?;
    let secrets = secrets::of_server(&data, is_new(&data, options.database_endpoint.as_deref())?)?;
    let mut environments = functions::environments(&template, None, &secrets);
    let signing_secret = secrets.get("SIGNING_SECRET").map(String::as_str).unwrap_or_default();
    let (functions, embedded) = match &options.database_endpoint {
        None => {
            let commits = if options.fast_commits { Commits::Fast } else { Commits::Synced };
            let engine = Engine::open(&data.database_file(), commits)?;
            engine.create_tables(&template).await?;
            signing_keys::ensure_under(signing_secret, &engine.connect()).await?;
            let socket = Socket::serve(&engine, &data.socket())?;
            (Hosted::start(environments, Some(&engine)).await?, Some((engine, socket)))
        }
        Some(url) => {
            let remote = Remote::at(url);
            remote.create_tables(&template).await?;
            signing_keys::ensure_under(signing_secret, &remote.connect()).await?;
            data.write_database_endpoint(url)?;
            for variables in environments.values_mut() {
                variables.extend(remote.variables());
            }
            (Hosted::start_with(environments, |environment| remote.given_to(environment)).await?, None)
        }
    };
    let settings = Settings {
        limits: Limits { connections: options.connections, ..Limits::of_stop(STOP_TIMEOUT) },
        behind_proxy: options.behind_proxy.clone(),
    };
    let functions = Arc::new(functions);
    let gateway =
        Gateway::serve(&template, Arc::<Hosted>::clone(&functions), data.usage_plan_keys(), listener, settings)?;
    let workers: Arc<dyn InvokeWorker> = functions;
    let database = embedded.as_ref().map(|(engine, _)| engine);
    let triggers = Triggers::start(&template, &workers, database, TriggersConfig::default());
    tracing::info!(url = gateway.base_url(), data = %data.path().display(), "Assent is ready");

    let ended = tokio::select! {
        ended = look_after(database, &template) => ended.map(|never| match never {}),
        () = stop => Ok(()),
    };
    tracing::info!("Assent stops");
    gateway.stop().await;
    triggers.stop(STOP_TIMEOUT).await;
    ended
}

/// Whether the system has no database yet. Fails if the directory belongs to a system with another one.
fn is_new(data: &Data, endpoint: Option<&str>) -> Result<bool, Error> {
    let reason = match (endpoint, data.database_endpoint()) {
        (Some(_), _) if data.database_file().exists() => {
            "holds a database: without --database-endpoint, it is used".to_owned()
        }
        (Some(given), Some(known)) if given != known => {
            format!("belongs to a system whose --database-endpoint is {known}")
        }
        (None, Some(known)) => format!("belongs to a system whose --database-endpoint is {known}"),
        // Whether there are tables already, only the database knows: its secrets have to be given.
        (Some(_), _) => return Ok(false),
        (None, None) => return Ok(!data.database_file().exists()),
    };
    Err(Error::Database(format!("{} {reason}", data.path().display())))
}

/// Waits until an embedded database has stopped, and deletes meanwhile what has expired in it.
async fn look_after(embedded: Option<&Engine>, template: &Template) -> Result<Infallible, Error> {
    match embedded {
        None => std::future::pending().await,
        Some(engine) => tokio::select! {
            ended = until_ended(engine) => ended,
            never = delete_expired(engine, template) => match never {},
        },
    }
}

/// A domain, with a port if it is not 443.
fn domain(text: &str) -> Result<String, String> {
    let valid = text.contains(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
    if valid {
        Ok(text.to_owned())
    } else {
        Err("a domain such as consent.example.com is needed, without https://".to_owned())
    }
}

/// Allows this process to open so many connections.
fn allow_connections(connections: usize) -> Result<(), Error> {
    let needed = u64::try_from(connections).unwrap_or(u64::MAX).saturating_add(OTHER_FILES);
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    setrlimit(Resource::Nofile, Rlimit { current: Some(needed), ..limit }).map_err(|_| {
        let most = limit.maximum.unwrap_or_default().saturating_sub(OTHER_FILES);
        Error::Gateway(format!("the system's limit of open files allows --connections {most} at most (ulimit -Hn)"))
    })
}

/// Deletes what has expired, at once and then each hour.
async fn delete_expired(engine: &Engine, template: &Template) -> Infallible {
    let (clock, started) = (Clock::system(), Instant::now());
    let start = clock.now();
    let mut interval = tokio::time::interval(EXPIRY_INTERVAL);
    loop {
        interval.tick().await;
        // If the system's clock jumps forward while this runs, nothing expires early.
        let passed = i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX);
        let now = clock.now().seconds().min(start.seconds().saturating_add(passed));
        match engine.delete_expired(template, now).await {
            Ok(0) => {}
            Ok(items) => tracing::info!(items, "expired items were deleted"),
            Err(error) => tracing::error!(%error, "expired items could not be deleted"),
        }
    }
}
