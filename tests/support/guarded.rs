//! Processes that end with the test process.

use std::io;
use std::process::Stdio;

use tokio::process::{Child, Command};

/// A process without input and output.
pub(crate) struct Guarded {
    /// Kills the process if the test process ends without doing so: a shell whose standard input is a pipe that only the
    /// test process keeps open.
    guard: Child,
    process: Child,
}

impl Guarded {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        let process = silent(command).stdin(Stdio::null()).spawn()?;
        let id = process.id().ok_or_else(|| io::Error::other("it has ended"))?.to_string();
        let mut shell = Command::new("sh");
        shell.args(["-c", "read -r line; kill -s KILL \"$0\"", &id]);
        let guard = silent(&mut shell).stdin(Stdio::piped()).spawn()?;
        Ok(Self { guard, process })
    }

    /// Kills it (SIGKILL), and returns once it is gone.
    pub(crate) async fn kill(&mut self) {
        // The guard is killed first, because the process id may later belong to another process.
        self.guard.kill().await.expect("it can be killed");
        self.process.kill().await.expect("it can be killed");
    }

    /// Begins to kill it.
    pub(crate) fn end(&mut self) {
        let _ = self.guard.start_kill();
        let _ = self.process.start_kill();
    }
}

fn silent(command: &mut Command) -> &mut Command {
    command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true)
}
