//! `assent serve`, as a process of its own on a data directory of its own.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::process::{Child, Command};

use crate::client::Client;
use crate::fixtures::{Caller, unique};
use crate::lone_function::binary;

/// How long the program may take to start, and to stop.
const PATIENCE: Duration = Duration::from_mins(1);

/// A data directory, which is deleted when this is dropped. It may not exist yet.
pub struct DataDirectory(PathBuf);

impl Drop for DataDirectory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
        let _ = std::fs::remove_file(self.log());
    }
}

impl Default for DataDirectory {
    fn default() -> Self {
        Self(std::env::temp_dir().join(unique("assent-data")))
    }
}

impl DataDirectory {
    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The database's file.
    pub fn database(&self) -> PathBuf {
        self.0.join("dynamodb.sqlite")
    }

    fn log(&self) -> PathBuf {
        self.0.with_extension("log")
    }

    /// The command `assent serve` on this directory and on any free port, with more options.
    pub fn serve(&self, options: &[&str]) -> Command {
        let mut command = Command::new(binary("assent").expect("the folder of the programs"));
        command.args(["serve", "--address", "127.0.0.1:0", "--data"]).arg(&self.0).args(options);
        // Nothing is read from the checkout.
        command.current_dir("/").stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// The command `assent` with these arguments and `--data`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary("assent").expect("the folder of the programs"));
        command.args(arguments).arg("--data").arg(&self.0).current_dir("/").kill_on_drop(true);
        command
    }

    /// Runs this command.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().await.expect("the command runs")
    }

    /// Creates a key of this tenant by the command. Returns its text.
    pub async fn create_key(&self, tenant: &str) -> String {
        let output = self.run(&["keys", "create", "--tenant", tenant]).await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    /// Runs `assent serve`, which must fail to start. Returns its last line on standard error.
    pub async fn refusal(&self, mut command: Command) -> String {
        let output = tokio::time::timeout(PATIENCE, command.output()).await.expect("it ends").expect("it runs");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        String::from_utf8(output.stderr).expect("text").trim().to_owned()
    }
}

/// A running `assent serve`. Dropping it kills the process.
pub struct Server {
    process: Child,
    log: PathBuf,
    /// Calls its API.
    pub client: Client,
}

impl Server {
    /// Starts the program.
    pub async fn start(data: &DataDirectory) -> Self {
        Self::of(data, data.serve(&[])).await.expect("it starts")
    }

    /// Starts the program by this command, and returns when it is ready.
    pub async fn of(data: &DataDirectory, mut command: Command) -> io::Result<Self> {
        let log = data.log();
        let mut process = command.stdout(File::create(&log)?).stderr(Stdio::inherit()).spawn()?;
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let lines = std::fs::read_to_string(&log)?;
            let mut lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            let ready = lines.find(|line| line["message"] == "Assent is ready");
            if let Some(url) = ready.as_ref().and_then(|line| line["url"].as_str()) {
                return Ok(Self { process, client: Client::new(url), log });
            }
            if let Some(status) = process.try_wait()? {
                return Err(io::Error::other(format!("it has ended: {status}")));
            }
            assert!(tokio::time::Instant::now() < deadline, "it does not start");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// A caller with this key.
    pub fn caller(&self, key: &str) -> Caller {
        Caller::new(&self.client, key)
    }

    /// Its log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("the log")
    }

    /// Asks the process to stop (SIGTERM).
    pub async fn terminate(&self) {
        let id = self.process.id().expect("it runs").to_string();
        let asked = Command::new("kill").args(["-s", "TERM", &id]).status().await;
        assert!(asked.expect("a signal").success());
    }

    /// Kills the process (SIGKILL), and returns once it is gone.
    pub async fn kill(mut self) {
        self.process.kill().await.expect("it can be killed");
    }

    /// Waits until the process has ended by itself. Returns whether it ended without an error.
    pub async fn ended(mut self) -> bool {
        tokio::time::timeout(PATIENCE, self.process.wait()).await.expect("it ends").expect("its status").success()
    }
}
