//! A local Lambda: builds the functions, and runs each in processes of its own.
//!
//! The functions trust the gateway's word about the caller, so nothing else may invoke them. The gateway invokes them
//! within this process, not through a port. The only port is that of the [Runtime API](runtime), which serves only the
//! processes of functions, each under a secret path of its own.

mod runtime;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use lambda_http::aws_lambda_events::apigw::{ApiGatewayProxyRequest, ApiGatewayProxyResponse};
use serde_json::Value;
use tokio::process::Command;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::runtime::Runtime;
use crate::Error;
use crate::database::Endpoint;
use crate::process::Tree;
use crate::server::{Limits, listen, serve};
use crate::template::{REGION, Template};

/// The arguments of the build. It builds the whole workspace, because for a single package cargo selects other features
/// of the dependencies and compiles the AWS SDK once more.
const BUILD: [&str; 4] = ["build", "--workspace", "--locked", "--bins"];
/// The time between two checks of the functions' sources.
const POLL: Duration = Duration::from_secs(1);
/// A stop waits only for responses that are being received.
const LIMITS: Limits = Limits::of_stop(Duration::from_secs(1));

/// The outcome of an invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<R> {
    /// The function responded.
    Response(R),
    /// The function returned an error. Holds its message.
    Error(String),
    /// The function did not respond in time.
    Timeout,
    /// The function could not be invoked, or its process ended during the invocation. Holds the reason.
    Failure(String),
}

/// A running invocation. Dropping it does not stop the function.
pub type Invocation<'call, R> = Pin<Box<dyn Future<Output = Outcome<R>> + Send + 'call>>;

/// Invokes functions by the names of their binaries.
pub trait Invoke: Send + Sync {
    /// Invokes the function of an endpoint with a request.
    fn invoke<'call>(
        &'call self,
        function: &'call str,
        request: ApiGatewayProxyRequest,
    ) -> Invocation<'call, ApiGatewayProxyResponse>;

    /// Invokes an authorizer with its event.
    fn authorize<'call>(&'call self, function: &'call str, event: Value) -> Invocation<'call, Value>;
}

/// Invokes workers, which serve no HTTP, by the names of their binaries.
pub trait InvokeWorker: Send + Sync {
    /// Invokes a worker with an event of a stream or of a schedule.
    fn work<'call>(&'call self, worker: &'call str, event: Value) -> Invocation<'call, Value>;
}

/// The profile of Cargo.toml with which functions are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For a short build.
    Dev,
    /// As the tests are built, which share their libraries then.
    Test,
    /// As on AWS.
    Release,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Test => "test",
            Self::Release => "release",
        }
    }

    /// The folder below the target directory.
    fn folder(self) -> &'static str {
        match self {
            Self::Dev | Self::Test => "debug",
            Self::Release => "release",
        }
    }
}

/// The settings of [`Processes`].
#[derive(Debug, Clone)]
pub struct ProcessesConfig {
    /// The workspace's root, where template.yaml is.
    pub root: PathBuf,
    /// The environment variables of each function, by its binary, as [`environment`] makes them.
    pub environments: BTreeMap<String, BTreeMap<String, String>>,
    /// The number of processes of one function that may run at once.
    pub concurrency: usize,
    /// The profile with which the functions were built.
    pub profile: Profile,
    /// Whether functions are built and started again when a file under `functions/` changes.
    pub reload: bool,
    /// The file for the output of all functions; it is emptied at the start.
    pub log_file: PathBuf,
}

/// Running functions. Dropping them ends every process.
pub struct Processes {
    runtime: Arc<Runtime>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

/// The environment variables of a function, from the template. They name this database, if there is one, and the secrets
/// are those of Cargo.toml and not those of AWS.
pub fn environment(
    template: &Template,
    binary: &str,
    database: Option<&Endpoint>,
    secrets: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let own = template.functions.values().filter(|function| function.binary == binary);
    let mut environment: BTreeMap<String, String> = own.flat_map(|function| function.environment.clone()).collect();
    for (name, value) in &mut environment {
        if let Some(secret) = secrets.get(name) {
            value.clone_from(secret);
        }
    }
    environment.insert("AWS_REGION".to_owned(), REGION.to_owned());
    if let Some(database) = database {
        environment.extend(database.variables());
    }
    environment
}

/// The environment variables of all functions of the template, by their binaries.
pub fn environments(
    template: &Template,
    database: Option<&Endpoint>,
    secrets: &BTreeMap<String, String>,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let binaries = template.functions.values().map(|function| &function.binary);
    binaries.map(|binary| (binary.clone(), environment(template, binary, database, secrets))).collect()
}

/// Compiles all functions, with cargo's progress on standard error.
pub async fn build(root: &Path, profile: Profile) -> Result<(), Error> {
    let mut tree =
        Tree::spawn(&mut builder(root, profile)).map_err(|error| Error::Functions(format!("cargo: {error}")))?;
    match tree.wait().await {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::Functions(format!("they cannot be built: cargo ended with {status}"))),
        Err(error) => Err(Error::Functions(format!("cargo: {error}"))),
    }
}

fn builder(root: &Path, profile: Profile) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root).args(BUILD).args(["--profile", profile.name()]).stdin(Stdio::null());
    command
}

impl Processes {
    /// Runs functions that have been built. A process starts when an invocation needs it.
    pub async fn start(config: ProcessesConfig) -> Result<Self, Error> {
        let failed = |error: std::io::Error| Error::Functions(error.to_string());
        let listener = tokio::net::TcpListener::from_std(listen(0)?).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let log = File::create(&config.log_file).map_err(Error::file(&config.log_file))?;
        let programs = binaries(&config.root, config.profile).await?;
        let (stop, stopping) = watch::channel(false);
        let building = log.try_clone().map_err(Error::file(&config.log_file))?;
        let runtime = Runtime::new(address, programs, config.environments, config.concurrency, log, stopping.clone());
        let serving = Arc::clone(&runtime);
        let respond = move |request, _| {
            let runtime = Arc::clone(&serving);
            async move { runtime.respond(request).await }
        };
        let server = tokio::spawn(serve(listener, respond, ended(stopping.clone()), LIMITS));
        if config.reload {
            let reloading = reload(config.root, config.profile, building, Arc::clone(&runtime));
            tokio::spawn(async move {
                tokio::select! {
                    () = reloading => {}
                    () = ended(stopping) => {}
                }
            });
        }
        Ok(Self { runtime, stop, server })
    }

    /// The invoker of these functions.
    pub fn invoker(&self) -> Arc<dyn Invoke> {
        Arc::<Runtime>::clone(&self.runtime)
    }

    /// The invoker of the workers among them.
    pub fn workers(&self) -> Arc<dyn InvokeWorker> {
        Arc::<Runtime>::clone(&self.runtime)
    }

    /// Ends all processes, and returns when they have ended.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        self.runtime.all_ended().await;
        let _ = (&mut self.server).await;
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

/// Returns when `stopping` turns true, or its sender is dropped.
pub(crate) async fn ended(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Builds the functions whenever one of their files changes, and retires the processes whose programs are then outdated.
async fn reload(root: PathBuf, profile: Profile, log: File, runtime: Arc<Runtime>) {
    let mut seen = newest(&root.join("functions"));
    loop {
        tokio::time::sleep(POLL).await;
        let now = newest(&root.join("functions"));
        if now == seen {
            continue;
        }
        seen = now;
        let (Ok(output), Ok(errors)) = (log.try_clone(), log.try_clone()) else { continue };
        let mut command = builder(&root, profile);
        let tree = Tree::spawn(command.stdout(output).stderr(errors));
        match tree {
            Ok(mut tree) => match tree.wait().await {
                Ok(status) if status.success() => runtime.retire_old_processes(),
                _ => tracing::warn!("the functions cannot be built: the log says why"),
            },
            Err(error) => tracing::warn!(%error, "cargo cannot be started"),
        }
    }
}

/// The time of the latest change to a file in a folder.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let changed = entries.map(|entry| {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            newest(&entry.path())
        } else {
            entry.metadata().and_then(|metadata| metadata.modified()).ok()
        }
    });
    changed.flatten().max()
}

/// The output of `cargo metadata` for the workspace.
async fn metadata(root: &Path) -> Result<serde_json::Value, Error> {
    let mut command = Command::new("cargo");
    command.current_dir(root).args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
    let output = output.map_err(|error| Error::Functions(format!("cargo: {error}")))?;
    Ok(serde_json::from_slice(&output.stdout).unwrap_or_default())
}

/// The environment variables that Cargo.toml sets for functions under `cargo lambda watch`.
pub async fn fixed_environment(root: &Path) -> Result<BTreeMap<String, String>, Error> {
    let metadata = metadata(root).await?;
    let environment = metadata.pointer("/metadata/lambda/env").cloned().unwrap_or_default();
    serde_json::from_value(environment).map_err(|error| Error::Functions(format!("Cargo.toml: {error}")))
}

/// The functions' `SIGNING_SECRET`.
pub async fn signing_secret(root: &Path) -> Result<String, Error> {
    let secret = fixed_environment(root).await?.remove("SIGNING_SECRET");
    secret.ok_or_else(|| Error::Functions("Cargo.toml names no SIGNING_SECRET".to_owned()))
}

/// The folder of the functions' binaries.
async fn binaries(root: &Path, profile: Profile) -> Result<PathBuf, Error> {
    let metadata = metadata(root).await?;
    let target = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    let target = target.ok_or_else(|| Error::Functions("cargo metadata names no target directory".to_owned()))?;
    Ok(Path::new(target).join(profile.folder()))
}
