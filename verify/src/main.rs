//! `verify [--jwks JWKS] FILE...`: the exit code is 0 only if all items in the files are valid.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use verify::{Keys, documents, verify};

const USAGE: &str = "\
Verifies responses of Assent, without Assent and without a network.

usage: verify [--jwks JWKS] FILE...

  FILE  the responses of GET .../audit (all pages, in one file or in several), an export, a consent record or
        a list of them, a receipt, the JWS of a proof or a receipt, or a JWKS file
  JWKS  the public keys from /.well-known/jwks.json, which proofs and receipts need

It prints a line for each item that it finds. The exit code is 0 if all of them are valid, otherwise 1.";

#[derive(Default)]
struct Arguments {
    jwks: Option<PathBuf>,
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("verify: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all items are valid.
fn run() -> Result<bool, String> {
    let Some(Arguments { jwks, files }) = arguments(std::env::args_os().skip(1))? else {
        println!("{USAGE}");
        return Ok(true);
    };
    let about = |path: &PathBuf, reason: String| format!("{} {reason}", path.display());
    let read = |path: &PathBuf| std::fs::read(path).map_err(|error| about(path, format!("cannot be read: {error}")));
    let keys = match &jwks {
        Some(path) => Some(Keys::read(&read(path)?).map_err(|reason| about(path, reason))?),
        None => None,
    };
    let mut all = Vec::new();
    for path in &files {
        let found = documents(&read(path)?).map_err(|reason| about(path, reason))?;
        if found.is_empty() {
            return Err(about(path, "is empty".to_owned()));
        }
        all.extend(found);
    }
    let verdicts = verify(all, keys.as_ref());
    let mut out = std::io::stdout().lock();
    for verdict in &verdicts {
        writeln!(out, "{verdict}").map_err(|error| error.to_string())?;
    }
    Ok(!verdicts.is_empty() && verdicts.iter().all(verify::Verdict::is_valid))
}

/// Parses the arguments. `None` means that the help is requested.
fn arguments(mut given: impl Iterator<Item = OsString>) -> Result<Option<Arguments>, String> {
    let mut arguments = Arguments::default();
    while let Some(argument) = given.next() {
        match argument.to_str() {
            Some("--help" | "-h") => return Ok(None),
            Some("--jwks") if arguments.jwks.is_none() => {
                arguments.jwks = Some(given.next().ok_or("--jwks needs a file")?.into());
            }
            Some(option) if option.starts_with('-') => return Err(format!("{option} is unknown\n\n{USAGE}")),
            _ => arguments.files.push(argument.into()),
        }
    }
    if arguments.files.is_empty() { Err(format!("no file is given\n\n{USAGE}")) } else { Ok(Some(arguments)) }
}
