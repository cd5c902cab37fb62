//! Builds the functions and runs them under `cargo lambda watch`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::process::Command;

use crate::Error;
use crate::process::Tree;
use crate::template::{REGION, Template};

/// The release of cargo-lambda whose invoke API and scheduler this crate is written for.
const CARGO_LAMBDA_VERSION: &str = "1.9.2";
/// How long `cargo lambda watch` may take until it listens.
const START_PATIENCE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(50);
/// What `cargo lambda watch` finds under the name of cargo.
const CARGO_SCRIPT: &str = include_str!("cargo.sh");
/// How functions are built: with the whole workspace. For one package alone cargo picks other features of its
/// dependencies, and compiles the AWS SDK once more.
const BUILD: &str = "build --workspace";

/// How to run the functions.
#[derive(Debug, Clone)]
pub struct FunctionsConfig {
    /// The workspace's root, where template.yaml is.
    pub root: PathBuf,
    /// The port of the invoke API on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// What the functions find in their environment; [`environment`] has all they need.
    pub environment: BTreeMap<String, String>,
    /// How many instances of one function may run at once.
    pub concurrency: usize,
    /// Whether the functions are compiled with optimizations.
    pub release: bool,
    /// Whether a function is built and started anew when a file under `functions/` changes.
    pub reload: bool,
    /// Where everything they print goes; it is emptied at the start.
    pub log_file: PathBuf,
}

/// Running functions. Dropping them ends every process.
#[derive(Debug)]
pub struct Functions {
    tree: Tree,
    url: String,
    log_file: PathBuf,
}

/// The environment that the template gives its functions, with the database at this URL.
pub fn environment(template: &Template, database_url: &str) -> BTreeMap<String, String> {
    let mut environment = template.environment();
    for (name, value) in [
        ("AWS_ENDPOINT_URL_DYNAMODB", database_url),
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ] {
        environment.insert(name.to_owned(), value.to_owned());
    }
    environment
}

/// Makes sure that cargo and the right cargo-lambda are there, and says where the latter is: below the workspace's
/// `.tools`, or on the PATH.
pub async fn cargo_lambda(root: &Path) -> Result<PathBuf, Error> {
    if version_of(Path::new("cargo"), &["--version"]).await.is_none() {
        return Err(Error::Tool("cargo is missing: install Rust from https://rustup.rs".to_owned()));
    }
    let own = root.join(".tools/cargo-lambda/bin/cargo-lambda");
    let program = if own.is_file() { own } else { PathBuf::from("cargo-lambda") };
    match version_of(&program, &["lambda", "--version"]).await {
        Some(version) if version == CARGO_LAMBDA_VERSION => {
            Ok(std::path::absolute(&program).ok().filter(|path| path.is_file()).unwrap_or(program))
        }
        Some(version) => Err(Error::Tool(format!(
            "cargo-lambda {CARGO_LAMBDA_VERSION} is needed, {} is {version}",
            program.display()
        ))),
        None => Err(Error::Tool(format!(
            "cargo-lambda {CARGO_LAMBDA_VERSION} is missing: `make dev` fetches it, or cargo install --locked \
             cargo-lambda@{CARGO_LAMBDA_VERSION}"
        ))),
    }
}

async fn version_of(program: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).kill_on_drop(true).output().await.ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    output.status.success().then(|| version.to_owned())
}

/// Compiles every function, with cargo's progress on standard error. A later start then waits for no compiler.
pub async fn build(root: &Path, release: bool) -> Result<(), Error> {
    let mut command = Command::new("cargo");
    command.current_dir(root).args(BUILD.split(' ')).args(["--locked", "--bins"]);
    if release {
        command.arg("--release");
    }
    command.stdin(Stdio::null());
    let mut tree = Tree::spawn(&mut command).map_err(|error| Error::Functions(format!("cargo: {error}")))?;
    match tree.wait().await {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::Functions(format!("they cannot be built: cargo ended with {status}"))),
        Err(error) => Err(Error::Functions(format!("cargo: {error}"))),
    }
}

impl Functions {
    /// Starts `cargo lambda watch` and waits until it listens. The functions must have been built.
    pub async fn start(config: FunctionsConfig) -> Result<Self, Error> {
        let program = cargo_lambda(&config.root).await?;
        let port = free_port(config.port)?;
        let log = File::create(&config.log_file).map_err(Error::file(&config.log_file))?;
        let errors = log.try_clone().map_err(Error::file(&config.log_file))?;

        let mut command = Command::new(program);
        // Every instance watches the current directory and all below it; `target` would be too much to watch.
        command.current_dir(config.root.join("functions"));
        command.args(["lambda", "watch", "--manifest-path", "../Cargo.toml", "--invoke-address", "127.0.0.1"]);
        command.args(["--invoke-port", &port.to_string(), "--concurrency", &config.concurrency.to_string()]);
        if config.release {
            command.arg("--release");
        }
        if !config.reload {
            command.arg("--ignore-changes");
        }
        let cargo = CargoScript::beside(&config.log_file)?;
        command.env("ASSENT_CARGO", real_cargo()?).env("CARGO", &cargo.script).env("PATH", cargo.path()?);
        command.env("ASSENT_BINARIES", binaries(&config).await?);
        command.env("ASSENT_BUILD", if config.release { format!("{BUILD} --release") } else { BUILD.to_owned() });
        // Whatever account this shell is logged in to must not be reached from here.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
            command.env_remove(name);
        }
        command.envs(&config.environment).stdin(Stdio::null()).stdout(log).stderr(errors);
        let tree = Tree::spawn(&mut command).map_err(|error| Error::Functions(format!("cargo lambda: {error}")))?;
        let mut functions = Self { tree, url: format!("http://127.0.0.1:{port}"), log_file: config.log_file };
        functions.listening(port).await?;
        Ok(functions)
    }

    async fn listening(&mut self, port: u16) -> Result<(), Error> {
        let deadline = tokio::time::Instant::now() + START_PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
            if let Some(status) = self.tree.ended() {
                return Err(self.end_of(status));
            }
            if tokio::time::Instant::now() > deadline {
                let seconds = START_PATIENCE.as_secs();
                return Err(Error::Functions(format!("cargo lambda watch does not listen after {seconds} seconds")));
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// The address of the invoke API, without a path.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for the end of `cargo lambda watch`, which should not come; the error says how it ended.
    pub async fn ended(&mut self) -> Error {
        match self.tree.wait().await {
            Ok(status) => self.end_of(status),
            Err(error) => Error::Functions(error.to_string()),
        }
    }

    fn end_of(&self, status: ExitStatus) -> Error {
        let log = std::fs::read_to_string(&self.log_file).unwrap_or_default();
        let last = log.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        Error::Functions(format!("cargo lambda watch ended with {status}: {last} (see {})", self.log_file.display()))
    }

    /// Ends every process, and returns when `cargo lambda watch` is gone.
    pub async fn stop(mut self) {
        self.tree.end();
        let _ = self.tree.wait().await;
    }
}

/// The script that stands before cargo, in a directory of its own.
struct CargoScript {
    directory: PathBuf,
    script: PathBuf,
}

impl CargoScript {
    fn beside(file: &Path) -> Result<Self, Error> {
        let directory = std::path::absolute(file.with_file_name("bin")).map_err(Error::file(file))?;
        let script = directory.join("cargo");
        std::fs::create_dir_all(&directory)
            .and_then(|()| std::fs::write(&script, CARGO_SCRIPT))
            .and_then(|()| std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)))
            .map_err(Error::file(&script))?;
        Ok(Self { directory, script })
    }

    /// The search path with the script before all else.
    fn path(&self) -> Result<OsString, Error> {
        let others = std::env::var_os("PATH").unwrap_or_default();
        let all = std::iter::once(self.directory.clone()).chain(std::env::split_paths(&others));
        std::env::join_paths(all).map_err(|error| Error::Functions(format!("PATH: {error}")))
    }
}

/// cargo's own path: the script must not find itself.
fn real_cargo() -> Result<PathBuf, Error> {
    let named = std::env::var_os("CARGO").map(PathBuf::from).filter(|path| path.is_absolute());
    let searched = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).map(|directory| directory.join("cargo")).find(|candidate| candidate.is_file())
    };
    named
        .or_else(searched)
        .ok_or_else(|| Error::Tool("cargo is missing: install Rust from https://rustup.rs".to_owned()))
}

/// What cargo knows of the workspace.
async fn metadata(root: &Path) -> Result<serde_json::Value, Error> {
    let mut command = Command::new("cargo");
    command.current_dir(root).args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
    let output = output.map_err(|error| Error::Functions(format!("cargo: {error}")))?;
    Ok(serde_json::from_slice(&output.stdout).unwrap_or_default())
}

/// What Cargo.toml gives to the functions; cargo-lambda lets nothing override it.
pub async fn fixed_environment(root: &Path) -> Result<BTreeMap<String, String>, Error> {
    let metadata = metadata(root).await?;
    let environment = metadata.pointer("/metadata/lambda/env").cloned().unwrap_or_default();
    serde_json::from_value(environment).map_err(|error| Error::Functions(format!("Cargo.toml: {error}")))
}

/// What the functions find as `SIGNING_SECRET`.
pub async fn signing_secret(root: &Path) -> Result<String, Error> {
    let secret = fixed_environment(root).await?.remove("SIGNING_SECRET");
    secret.ok_or_else(|| Error::Functions("Cargo.toml names no SIGNING_SECRET".to_owned()))
}

/// Where cargo puts the functions' binaries.
async fn binaries(config: &FunctionsConfig) -> Result<PathBuf, Error> {
    let metadata = metadata(&config.root).await?;
    let target = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    let target = target.ok_or_else(|| Error::Functions("cargo metadata names no target directory".to_owned()))?;
    Ok(Path::new(target).join(if config.release { "release" } else { "debug" }))
}

/// The port asked for, if nothing listens there, or any free one for 0. cargo-lambda has to bind it itself.
fn free_port(port: u16) -> Result<u16, Error> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| listener.local_addr());
    bound.map(|address| address.port()).map_err(|_| Error::PortInUse { port })
}
