//! `cargo xtask generate [--check]`.

use std::{env, path::Path, process::ExitCode};

use xtask::{Mode, Outcome};

const USAGE: &str = "\
cargo xtask generate
    writes the files that repeat openapi.yaml: the [[bin]]s, the watch router, API Gateway's routes, README.md's table, the
    operations in Rust
cargo xtask generate --check
    writes nothing, and fails if one of them differs

Both fail if stacks/ or functions/ disagrees with openapi.yaml.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mode = match arguments.as_slice() {
        ["generate"] => Mode::Write,
        ["generate", "--check"] => Mode::Check,
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let outcome = xtask::generate(&root, mode).unwrap_or_else(|error| Outcome { errors: vec![error], written: vec![] });
    for file in outcome.written {
        println!("{file}: written");
    }
    for error in &outcome.errors {
        eprintln!("{error}");
    }
    if outcome.errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
