//! `local`: runs Assent on one machine, from the workspace's root.

use std::path::PathBuf;
use std::process::ExitCode;

use assent_local::{Error, dev, keys, logging, signing_keys};
use assent_shared::store::IssuedKey;
use clap::{Args, Parser, Subcommand};

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
        /// Where the functions run: in this process, or each as a process of its own, as on Lambda
        #[arg(long, default_value = "hosted")]
        functions: dev::Functions,
    },
    /// Makes, shows and ends API keys, here or in a deployed stack
    Keys {
        #[command(subcommand)]
        work: Keys,
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
}

#[derive(Subcommand)]
enum SigningKeys {
    /// Retires the key that signs, makes the next, and prints its name; a function goes over to it within a minute
    Rotate {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Subcommand)]
enum Keys {
    /// Makes a key and prints it on the last line, and its id on standard error: the key is in no other place
    Create {
        /// The tenant's name; it is made if it is new
        #[arg(long)]
        tenant: String,
        /// What to know the key again by, in `list`
        #[arg(long, default_value = "")]
        label: String,
        /// What the key may do, separated by commas: notices:read,records:write
        #[arg(long, default_value = "*")]
        scopes: String,
        /// The usage plan that limits it: free, pro or enterprise
        #[arg(long, default_value = keys::DEFAULT_PLAN)]
        plan: String,
        #[command(flatten)]
        place: Place,
    },
    /// Shows all keys, with what each begins with, the day of its last use, and its label
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Switches a key off, and every site session that it issued with it
    Disable {
        /// The key's id, as `list` shows it
        key: String,
        #[command(flatten)]
        place: Place,
    },
    /// Makes a key of the same tenant, scopes and plan, prints it on the last line, and lets the old one end
    Rotate {
        /// The old key's id, as `list` shows it
        key: String,
        /// For how many hours the old key stays good; 0 switches it off
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(..=8760))]
        overlap_hours: u32,
        #[command(flatten)]
        place: Place,
    },
}

/// Where the keys are.
#[derive(Args)]
struct Place {
    /// The CloudFormation stack of a deployed system; the AWS CLI's settings say in which account and region
    #[arg(long, conflicts_with = "data")]
    stack: Option<String>,
    /// The data directory of a system on this machine, whether it runs or not
    #[arg(long, default_value = ".local")]
    data: PathBuf,
}

impl From<Place> for keys::Place {
    fn from(place: Place) -> Self {
        match place.stack {
            Some(name) => Self::Stack(name),
            None => Self::Directory(place.data),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // `dev` starts its own, into a file of its data directory.
    if !matches!(arguments.command, Command::Dev { .. })
        && let Err(error) = logging::start(None)
    {
        eprintln!("local: {error}");
        return ExitCode::FAILURE;
    }
    let done = match arguments.command {
        Command::Dev { port, data, functions } => dev::run(port, &data, functions).await,
        Command::Database { port, data } => dev::run_database(port, &data).await,
        Command::SigningKeys { work: SigningKeys::Rotate { place } } => {
            signing_keys::rotate(&place.into()).await.map(|kid| println!("{kid}"))
        }
        Command::Keys { work } => keys(work).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("local: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn keys(work: Keys) -> Result<(), Error> {
    // The one place where a key is ever shown.
    let show = |key: &IssuedKey| {
        eprintln!("key {}, beginning {}", key.caller.key_id, key.text.prefix());
        println!("{}", key.text.reveal());
    };
    match work {
        Keys::Create { tenant, label, scopes, plan, place } => {
            let order = keys::Order::parse(&tenant, &label, &scopes, &plan)?;
            keys::create(&place.into(), &order, show).await
        }
        Keys::List { place } => keys::list(&place.into()).await.map(|lines| println!("{lines}")),
        Keys::Disable { key, place } => keys::disable(&place.into(), keys::parse_id(&key)?).await,
        Keys::Rotate { key, overlap_hours, place } => {
            keys::rotate(&place.into(), keys::parse_id(&key)?, overlap_hours, show).await
        }
    }
}
