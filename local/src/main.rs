//! `assent`: runs Assent on one machine, and manages its keys.

use std::path::PathBuf;
use std::process::ExitCode;

use assent_local::{Error, backup, copy, dev, keys, logging, repair, roll_back, serve, shards, signing_keys};
use assent_shared::store::IssuedKey;
use clap::{Args, Parser, Subcommand};

#[derive(Parser)]
#[command(name = "assent", version, about = "Runs Assent on one machine, and manages its keys")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the system for an organisation, until SIGTERM or Ctrl-C
    Serve(serve::Options),
    /// Runs the whole system for development, from the workspace's root, until Ctrl-C
    Dev {
        /// The port of the API on 127.0.0.1
        #[arg(long, default_value_t = 9000)]
        port: u16,
        /// The directory for the database, the key and the log
        #[arg(long, default_value = ".local")]
        data: PathBuf,
        /// Whether the functions run in this process, or each in processes of its own, as on Lambda
        #[arg(long, default_value = "hosted")]
        functions: dev::Functions,
    },
    /// Copies the data of a directory, which may be in use, to a new file
    Backup {
        /// The new file; neither the secrets nor the personal-data keys are in it
        file: PathBuf,
        /// The data directory
        #[arg(long)]
        data: PathBuf,
        /// A file for the personal-data keys, which is replaced each time: keep no older copy of it
        #[arg(long)]
        data_keys: Option<PathBuf>,
    },
    /// Puts a backup into a data directory in which no system runs
    Restore {
        /// The backup
        file: PathBuf,
        /// The data directory
        #[arg(long)]
        data: PathBuf,
        /// The file of the personal-data keys, for a directory without a database
        #[arg(long)]
        data_keys: Option<PathBuf>,
        /// Replaces the directory's database, except for its personal-data keys
        #[arg(long)]
        replace: bool,
    },
    /// Finds what does not fit together after a restore, and names it; ends with 1 if something is left to do
    Repair {
        /// Mends what can be mended
        #[arg(long)]
        fix: bool,
        #[command(flatten)]
        location: Location,
    },
    /// Repeats erasures after a restore
    Erasures {
        #[command(subcommand)]
        work: Erasures,
    },
    /// Copies all tables of a data directory, in which no system runs, to another DynamoDB; can be repeated
    CopyTables {
        /// The data directory
        #[arg(long)]
        data: PathBuf,
        /// The URL of the DynamoDB, whose tables are created
        #[arg(long, value_name = "URL", required_unless_present = "stack", conflicts_with = "stack")]
        database_endpoint: Option<String>,
        /// The CloudFormation stack of a deployed system
        #[arg(long)]
        stack: Option<String>,
    },
    /// Creates, lists and disables API keys, here or in a deployed stack
    Keys {
        #[command(subcommand)]
        work: Keys,
    },
    /// Manages the keys that sign proofs
    SigningKeys {
        #[command(subcommand)]
        work: SigningKeys,
    },
    /// Shows and changes over how many partitions a tenant's lists are spread
    Shards {
        #[command(subcommand)]
        work: Shards,
    },
    /// Gives callers of a deployed stack the versions of its functions from before the last deployment; can be repeated
    RollBack {
        /// The CloudFormation stack of a deployed system, in the account and region of the AWS CLI's settings
        #[arg(long)]
        stack: String,
        /// Another moment than the beginning of the last deployment: 2026-11-29T10:00:00Z
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
    },
    /// Runs only the database, for use with `cargo lambda watch`
    Database {
        /// The port of the database on 127.0.0.1
        #[arg(long, default_value_t = 8000)]
        port: u16,
        /// The directory for the database and the key
        #[arg(long, default_value = ".local")]
        data: PathBuf,
    },
}

#[derive(Subcommand)]
enum Erasures {
    /// Erases again who was erased since a moment, or was being erased
    Replay {
        /// The moment to which tables were restored, or some time before it: 2026-11-29T12:00:00Z
        #[arg(long)]
        since: String,
        #[command(flatten)]
        location: Location,
    },
}

#[derive(Subcommand)]
enum SigningKeys {
    /// Retires the current signing key, creates the next one and prints its id; the functions use it within a minute
    Rotate {
        #[command(flatten)]
        location: Location,
    },
}

#[derive(Subcommand)]
enum Shards {
    /// Shows the numbers of shards of all lists, each with the moment from which it is valid
    Show {
        /// The tenant's name
        #[arg(long)]
        tenant: String,
        #[command(flatten)]
        location: Location,
    },
    /// Changes the number of shards of a list, from twenty minutes after now on; lists can be used meanwhile
    Set {
        /// The tenant's name
        #[arg(long)]
        tenant: String,
        /// The list, as `show` names it
        #[arg(long)]
        list: String,
        /// The number of shards: a power of two up to 256
        #[arg(long)]
        count: u16,
        #[command(flatten)]
        location: Location,
    },
}

#[derive(Subcommand)]
enum Keys {
    /// Creates a key and prints it on the last line, and its id on standard error; the key is stored nowhere
    Create {
        /// The tenant's name; a new tenant is created
        #[arg(long)]
        tenant: String,
        /// A label that `list` shows with the key
        #[arg(long, default_value = "")]
        label: String,
        /// The key's scopes, separated by commas: notices:read,records:write
        #[arg(long, default_value = "*")]
        scopes: String,
        /// The id of the recipient whose key it is: it sees only what this recipient is told, with the scopes of deliveries
        #[arg(long, value_name = "ID", conflicts_with = "scopes")]
        recipient: Option<String>,
        /// The key's usage plan: free, pro or enterprise
        #[arg(long, default_value = keys::DEFAULT_PLAN)]
        plan: String,
        #[command(flatten)]
        location: Location,
    },
    /// Lists all keys, each with its first characters, the day of its last use and its label
    List {
        #[command(flatten)]
        location: Location,
    },
    /// Disables a key and all site sessions that it issued
    Disable {
        /// The key's id, as `list` shows it
        key: String,
        #[command(flatten)]
        location: Location,
    },
    /// Creates a key with the same tenant, scopes, recipient and plan, prints it on the last line, and lets the old one expire
    Rotate {
        /// The old key's id, as `list` shows it
        key: String,
        /// The hours for which the old key stays valid; 0 disables it at once
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(..=8760))]
        overlap_hours: u32,
        #[command(flatten)]
        location: Location,
    },
}

/// The system whose keys are managed.
#[derive(Args)]
struct Location {
    /// The CloudFormation stack of a deployed system, in the account and region of the AWS CLI's settings
    #[arg(long, conflicts_with = "data")]
    stack: Option<String>,
    /// The data directory of a system on this machine, which may be running
    #[arg(long, default_value = ".local")]
    data: PathBuf,
}

impl From<Location> for keys::Location {
    fn from(location: Location) -> Self {
        match location.stack {
            Some(name) => Self::Stack(name),
            None => Self::Directory(location.data),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let log = match arguments.command {
        // It starts its own log, to a file in its data directory.
        Command::Dev { .. } => Ok(()),
        Command::Serve(_) => {
            logging::start_of_server();
            Ok(())
        }
        _ => logging::start(None),
    };
    if let Err(error) = log {
        return failed(&error);
    }
    let done = match arguments.command {
        Command::Serve(options) => serve::run(&options).await,
        Command::Backup { file, data, data_keys } => backup::backup(&data, &file, data_keys.as_deref()),
        Command::Restore { file, data, data_keys, replace } => {
            backup::restore(&file, &data, data_keys.as_deref(), replace)
        }
        Command::Repair { fix, location } => {
            return match repair::repair(&location.into(), fix, |line| println!("{line}")).await {
                Ok(true) => ExitCode::SUCCESS,
                Ok(false) => ExitCode::FAILURE,
                Err(error) => failed(&error),
            };
        }
        Command::Erasures { work: Erasures::Replay { since, location } } => {
            let replayed = repair::replay_erasures(&location.into(), &since).await;
            replayed.map(|it| println!("{} erased since then, {} of them erased again", it.erased, it.again))
        }
        Command::CopyTables { data, database_endpoint, stack } => {
            let stack = stack.map(copy::Target::Stack);
            let target = stack.unwrap_or_else(|| copy::Target::Endpoint(database_endpoint.unwrap_or_default()));
            copy::copy_tables(&data, &target, |line| println!("{line}")).await
        }
        Command::Dev { port, data, functions } => dev::run(port, &data, functions).await,
        Command::Database { port, data } => dev::run_database(port, &data).await,
        Command::RollBack { stack, since } => {
            roll_back::roll_back(&stack, since.as_deref(), |line| println!("{line}")).await
        }
        Command::SigningKeys { work: SigningKeys::Rotate { location } } => {
            signing_keys::rotate(&location.into()).await.map(|kid| println!("{kid}"))
        }
        Command::Shards { work: Shards::Show { tenant, location } } => {
            shards::show(&location.into(), &tenant).await.map(|lines| print!("{lines}"))
        }
        Command::Shards { work: Shards::Set { tenant, list, count, location } } => {
            shards::set(&location.into(), &tenant, &list, count).await.map(|lines| print!("{lines}"))
        }
        Command::Keys { work } => keys(work).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &Error) -> ExitCode {
    eprintln!("assent: {error}");
    ExitCode::FAILURE
}

async fn keys(work: Keys) -> Result<(), Error> {
    // No other code prints a key.
    let show = |key: &IssuedKey| {
        eprintln!("key {}, beginning {}", key.caller.key_id, key.text.prefix());
        println!("{}", key.text.reveal());
    };
    match work {
        Keys::Create { tenant, label, scopes, recipient, plan, location } => {
            let order = keys::Order::parse(&tenant, &label, &scopes, &plan)?;
            let order = match recipient {
                Some(recipient) => order.of_recipient(&recipient)?,
                None => order,
            };
            keys::create(&location.into(), &order, show).await
        }
        Keys::List { location } => keys::list(&location.into()).await.map(|lines| println!("{lines}")),
        Keys::Disable { key, location } => keys::disable(&location.into(), keys::parse_id(&key)?).await,
        Keys::Rotate { key, overlap_hours, location } => {
            keys::rotate(&location.into(), keys::parse_id(&key)?, overlap_hours, show).await
        }
    }
}
