//! `local`: runs Assent on one machine, from the workspace's root.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

#[derive(Parser)]
#[command(about = "Runs Assent on one machine, from the workspace's root")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the whole system until Ctrl-C
    Dev {
        /// The port of the API on 127.0.0.1
        #[arg(long, default_value_t = 9000)]
        port: u16,
        /// Where the database, the key and the log are kept
        #[arg(long, default_value = ".local")]
        data: PathBuf,
    },
    /// Issues an API key and prints it on the last line
    Key {
        /// The tenant's name; it is made if it is new
        #[arg(long)]
        tenant: String,
        /// What the key may do, separated by commas: notices:read,records:write
        #[arg(long, default_value = "*")]
        scopes: String,
        /// Where the database is kept
        #[arg(long, default_value = ".local")]
        data: PathBuf,
    },
    /// Runs the database alone, for a `cargo lambda watch` of your own
    Database {
        /// The port of the database on 127.0.0.1
        #[arg(long, default_value_t = 8000)]
        port: u16,
        /// Where the database and the key are kept
        #[arg(long, default_value = ".local")]
        data: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false).with_ansi(colours);
    let own = Targets::new().with_target("assent_local", LevelFilter::INFO);
    tracing_subscriber::registry().with(lines).with(own).init();

    let done = match Arguments::parse().command {
        Command::Dev { port, data } => assent_local::dev::run(port, &data).await,
        Command::Database { port, data } => assent_local::dev::run_database(port, &data).await,
        Command::Key { tenant, scopes, data } => {
            assent_local::keys::issue(&data, &tenant, &scopes).await.map(|key| println!("{key}"))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("local: {error}");
            ExitCode::FAILURE
        }
    }
}
