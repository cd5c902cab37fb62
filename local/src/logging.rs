//! The log of this program, and that of the functions that it hosts.

use std::fs::File;
use std::io::IsTerminal as _;
use std::path::Path;

use assent_shared::log::{self, Lines};
use tracing::Subscriber;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::Error;

/// The crates whose lines are in the functions' log, at INFO. At finer levels, and from other crates, it would hold
/// requests and responses, with the keys and the personal data in them.
const FUNCTIONS: [&str; 2] = ["assent_shared", "assent_functions"];

/// The log group in the dimensions of metrics.
const LOG_GROUP: &str = "local";

/// Prints this program's log on standard error, and writes the log of the hosted functions to `functions_log`, as JSON
/// as on AWS. Call it only once.
pub fn start(functions_log: Option<&Path>) -> Result<(), Error> {
    let colours = std::io::stderr().is_terminal();
    let own = Targets::new().with_target("assent_local", LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false).with_ansi(colours);
    let functions = functions_log.map(functions_layer).transpose()?;
    tracing_subscriber::registry().with(lines.with_filter(own)).with(functions).init();
    Ok(())
}

/// Writes this program's log and that of the hosted functions to standard output, as JSON as on AWS. Call it only once.
pub fn start_of_server() {
    let targets = Targets::new().with_targets(FUNCTIONS.map(|name| (name, LevelFilter::INFO)));
    let targets = targets.with_target("assent_local", LevelFilter::INFO);
    let lines = lines(std::io::stdout);
    tracing_subscriber::registry().with(lines.with_filter(targets)).init();
}

/// Writes only the log of the hosted functions. Call it only once.
pub fn start_of_functions(functions_log: &Path) -> Result<(), Error> {
    tracing_subscriber::registry().with(functions_layer(functions_log)?).init();
    Ok(())
}

fn functions_layer<S>(path: &Path) -> Result<impl Layer<S>, Error>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let file = File::create(path).map_err(Error::file(path))?;
    let targets = Targets::new().with_targets(FUNCTIONS.map(|name| (name, LevelFilter::INFO)));
    Ok(lines(file).with_filter(targets))
}

/// Lines as on AWS.
fn lines<S, W>(writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    tracing_subscriber::fmt::layer().fmt_fields(log::fields()).event_format(Lines::of(LOG_GROUP)).with_writer(writer)
}
