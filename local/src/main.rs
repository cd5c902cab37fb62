//! `local`: runs Assent on one machine, from the workspace's root, and verifies what it answered.

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
    /// Looks after the keys that sign proofs
    SigningKeys {
        #[command(subcommand)]
        work: SigningKeys,
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
    /// Verifies audit trails that were read from the API, without it
    Verify {
        /// What GET /v1/dpdp/consent-records/{recordId}/audit answered, all pages, or an export
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum SigningKeys {
    /// Retires the key that signs, makes the next, and prints its name; a function goes over to it within a minute
    Rotate {
        /// Where the database is kept
        #[arg(long, default_value = ".local")]
        data: PathBuf,
        /// Of the system on AWS instead that the environment names: `AWS_REGION`, credentials, `SIGNING_KEYS_TABLE`
        /// and `SIGNING_SECRET`
        #[arg(long, conflicts_with = "data")]
        aws: bool,
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
        Command::SigningKeys { work: SigningKeys::Rotate { data, aws } } => {
            let rotated = if aws {
                assent_local::signing_keys::rotate_on_aws().await
            } else {
                assent_local::signing_keys::rotate(&data).await
            };
            rotated.map(|kid| println!("{kid}"))
        }
        Command::Key { tenant, scopes, data } => {
            assent_local::keys::issue(&data, &tenant, &scopes).await.map(|key| println!("{key}"))
        }
        Command::Verify { file } => match assent_local::verify::file(&file) {
            Ok(verdicts) => {
                for verdict in &verdicts {
                    println!("{verdict}");
                }
                let valid = verdicts.iter().all(|verdict| verdict.found.is_ok());
                return if valid { ExitCode::SUCCESS } else { ExitCode::FAILURE };
            }
            Err(error) => Err(error),
        },
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("local: {error}");
            ExitCode::FAILURE
        }
    }
}
