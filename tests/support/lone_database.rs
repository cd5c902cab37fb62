//! A database of the chosen engine as a process of its own, on a file: a test can kill it and restart it on the same
//! file.

use std::error::Error;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assent_local::database::{Endpoint, create_tables};
use assent_local::signing_keys;
use assent_local::template::Template;
use tokio::process::Command;

use crate::contents::Contents;
use crate::fixtures::unique;
use crate::guarded::Guarded;
use crate::lone_function::binary;
use crate::system::{Engine, dynamodb_local, listening};

/// How long a database may take to start.
const START_PATIENCE: Duration = Duration::from_mins(1);

/// A database on a file of its own, which is deleted with it.
pub struct LoneDatabase {
    engine: Engine,
    root: PathBuf,
    folder: PathBuf,
    port: u16,
    process: Guarded,
    /// Its contents.
    pub contents: Contents,
}

impl Drop for LoneDatabase {
    fn drop(&mut self) {
        self.process.end();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl LoneDatabase {
    /// Starts an empty one, with the template's tables, which accepts this access key id.
    pub async fn start(
        engine: Engine,
        template: &Template,
        root: &Path,
        access_key_id: &str,
    ) -> Result<Self, Box<dyn Error>> {
        let folder = root.join("target/tests").join(unique("database"));
        std::fs::create_dir_all(&folder)?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let endpoint = Endpoint { url: url(port), access_key_id: access_key_id.to_owned() };
        // `assent database` takes the access key id of an earlier run from the file that a crash leaves behind.
        std::fs::write(folder.join("functions.env"), format!("AWS_ACCESS_KEY_ID={access_key_id}\n"))?;
        let process = spawn(engine, root, &folder, port)?;
        let contents = Contents::new(template, engine, &endpoint);
        let database = Self { engine, root: root.to_owned(), folder, port, process, contents };
        listening(port, START_PATIENCE).await?;
        create_tables(&engine.tables_of(template), &endpoint).await?;
        signing_keys::ensure_at(root, &endpoint.connect()).await?;
        Ok(database)
    }

    /// Its URL, which stays the same after a restart.
    pub fn url(&self) -> String {
        url(self.port)
    }

    /// Whether it commits a transaction before it responds, as AWS does. `DynamoDB` Local responds first, so a
    /// transaction that it has confirmed may be lost when it is killed.
    pub fn commits_before_it_responds(&self) -> bool {
        self.engine == Engine::Dynoxide
    }

    /// Kills the process (SIGKILL), and returns once it is gone.
    pub async fn kill(&mut self) {
        self.process.kill().await;
    }

    /// Restarts it on the same file.
    pub async fn restart(&mut self) -> Result<(), Box<dyn Error>> {
        self.process = spawn(self.engine, &self.root, &self.folder, self.port)?;
        listening(self.port, START_PATIENCE).await
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn spawn(engine: Engine, root: &Path, folder: &Path, port: u16) -> Result<Guarded, Box<dyn Error>> {
    let mut command = match engine {
        Engine::Dynoxide => {
            let mut command = Command::new(binary("assent")?);
            command.args(["database", "--port", &port.to_string(), "--data"]).arg(folder).current_dir(root);
            command
        }
        Engine::DynamoDbLocal => {
            let mut command = dynamodb_local(port)?;
            command.arg("-sharedDb").arg("-dbPath").arg(folder);
            command
        }
    };
    Ok(Guarded::start(&mut command)?)
}
