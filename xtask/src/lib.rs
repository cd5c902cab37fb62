//! Operations of the API are declared once, in openapi.yaml. This crate generates
//! the files that repeat them, and checks the files that are written by hand.

#![forbid(unsafe_code)]

mod functions;
mod markers;
mod openapi;
mod render;
mod template;

use std::{collections::BTreeSet, fs, path::Path};

/// What to do with a generated file that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write the file.
    Write,
    /// Report an error.
    Check,
}

/// The result of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The files that were written.
    pub written: Vec<&'static str>,
    /// The disagreements with openapi.yaml, one sentence for each.
    pub errors: Vec<String>,
}

/// Generates or checks all files that repeat openapi.yaml. Fails if a file cannot
/// be read, parsed or written.
pub fn generate(root: &Path, mode: Mode) -> Result<Outcome, String> {
    let read = |name: &str| fs::read_to_string(root.join(name)).map_err(|error| format!("{name}: {error}"));
    let operations = openapi::read(&read("openapi.yaml")?, &read("shared/src/domain/scope.rs")?)?;
    let manifest = read("functions/Cargo.toml")?;
    let stacks = template::stacks(&root.join("stacks")).map_err(|error| format!("stacks/: {error}"))?;
    let workers = template::workers(&stacks)?;
    let others = functions::others(&manifest);
    let files = functions::files(&root.join("functions")).map_err(|error| format!("functions/: {error}"))?;
    // This check comes first: with a [[bin]] without a file cargo fails, and then this command could not run either.
    let absent = functions::absent(&operations, &files);
    if !absent.is_empty() {
        return Ok(Outcome { errors: absent, ..Outcome::default() });
    }

    let mut outputs = vec![
        ("functions/Cargo.toml", render::between(&manifest, &render::binaries(&operations))),
        ("Cargo.toml", render::between(&read("Cargo.toml")?, &render::router(&operations))),
        ("stacks/gateway.yaml", render::between(&read("stacks/gateway.yaml")?, &render::routes(&operations))),
        ("README.md", render::between(&read("README.md")?, &render::table(&operations))),
        ("shared/src/api/operations.rs", render::formatted(root, &render::operations(&operations))),
    ];
    outputs.push(("functions/lib.rs", render::formatted(root, &render::library(&operations, &others, &workers))));

    let mut outcome = Outcome { errors: functions::unknown(&operations, &others, &files), ..Outcome::default() };
    for (name, output) in outputs {
        let output = output.map_err(|error| format!("{name}: {error}"))?;
        if read(name).is_ok_and(|found| found == output) {
            continue;
        }
        match mode {
            Mode::Write => {
                fs::write(root.join(name), output).map_err(|error| format!("{name}: {error}"))?;
                outcome.written.push(name);
            }
            Mode::Check => {
                outcome.errors.push(format!("{name} does not agree with openapi.yaml: run cargo xtask generate"));
            }
        }
    }
    let others: BTreeSet<&str> = others.iter().map(|other| other.name.as_str()).collect();
    outcome.errors.extend(template::errors(&stacks, &operations, &others, &workers));
    Ok(outcome)
}
