//! The functions without the gateway: `cargo lambda watch` (docs/local.md), which invokes them as function URLs do.

use std::error::Error;
use std::fs::{File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use assent_local::database::Endpoint;
use assent_local::process::Tree;
use tokio::process::Command;

use crate::lone_function::binary;
use crate::system::listening;

/// Replaces cargo and starts the built binary at once: `cargo run` takes half a second of processor time even if there
/// is nothing to build.
const CARGO: &str = r#"#!/bin/sh
previous=
for argument in "$@"; do
    if [ "$1" = run ] && [ "$previous" = --bin ]; then exec "$ASSENT_BINARIES/$argument"; fi
    previous=$argument
done
exec "$ASSENT_CARGO" "$@"
"#;
/// How many processes of one function may run at once.
const CONCURRENCY: &str = "4";

/// A running `cargo lambda watch`. Dropping it ends it with every function.
pub struct CargoLambda {
    _tree: Tree,
    url: String,
}

impl CargoLambda {
    /// Starts it with this database. The functions must have been built.
    pub async fn start(root: &Path, database: &Endpoint) -> Result<Self, Box<dyn Error>> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let folder = root.join("target/tests");
        let file = folder.join("functions.env");
        // As `make database` writes it.
        let Endpoint { url, access_key_id } = database;
        let text = format!(
            "AWS_ENDPOINT_URL_DYNAMODB={url}\nAWS_ACCESS_KEY_ID={access_key_id}\nAWS_SECRET_ACCESS_KEY=local\n"
        );
        std::fs::write(&file, text)?;
        let log = File::create(folder.join("cargo-lambda.log"))?;
        let cargo = folder.join("cargo");
        std::fs::write(&cargo, CARGO)?;
        std::fs::set_permissions(&cargo, Permissions::from_mode(0o755))?;
        // scripts/install-tool puts it there; otherwise the one in the PATH is used.
        let installed = root.join(".tools/cargo-lambda/bin/cargo-lambda");
        let mut command = if installed.exists() { Command::new(installed) } else { Command::new("cargo-lambda") };
        command.env("ASSENT_CARGO", std::env::var_os("CARGO").ok_or("cargo is not known")?).env("CARGO", cargo);
        command.env("ASSENT_BINARIES", binary("")?);
        // `functions/` contains fewer files to watch.
        command.current_dir(root.join("functions")).args(["lambda", "watch", "--manifest-path", "../Cargo.toml"]);
        command.args(["--ignore-changes", "--invoke-address", "127.0.0.1", "--invoke-port", &port.to_string()]);
        command.args(["--concurrency", CONCURRENCY, "--env-file"]).arg(file);
        if !cfg!(debug_assertions) {
            command.arg("--release");
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let tree = Tree::spawn(&mut command).map_err(|error| {
            format!("cargo-lambda does not start, scripts/install-tool cargo-lambda installs it: {error}")
        })?;
        listening(port, Duration::from_mins(1)).await?;
        Ok(Self { _tree: tree, url: format!("http://127.0.0.1:{port}") })
    }

    /// Its address, without a path.
    pub fn url(&self) -> &str {
        &self.url
    }
}
