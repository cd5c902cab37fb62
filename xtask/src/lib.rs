//! An operation of the API is declared once, in openapi.yaml. This writes what
//! repeats it elsewhere, and checks what people write beside it.

#![forbid(unsafe_code)]

mod functions;
mod markers;
mod openapi;
mod render;
mod template;

use std::{collections::BTreeSet, fs, path::Path};

/// What to do with a file that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write it.
    Write,
    /// Say so.
    Check,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The files that were written.
    pub written: Vec<&'static str>,
    /// What does not agree with openapi.yaml, a sentence each.
    pub faults: Vec<String>,
}

/// Writes, or checks, everything that repeats openapi.yaml; or says why it
/// cannot.
pub fn generate(root: &Path, mode: Mode) -> Result<Outcome, String> {
    let read = |name: &str| fs::read_to_string(root.join(name)).map_err(|error| format!("{name}: {error}"));
    let operations = openapi::read(&read("openapi.yaml")?, &read("shared/src/domain/scope.rs")?)?;
    let manifest = read("functions/Cargo.toml")?;
    let others = functions::others(&manifest);
    let files = functions::files(&root.join("functions")).map_err(|error| format!("functions/: {error}"))?;
    // First of all: with a [[bin]] that has no file, cargo runs nothing any more, this neither.
    let absent = functions::absent(&operations, &files);
    if !absent.is_empty() {
        return Ok(Outcome { faults: absent, ..Outcome::default() });
    }

    let mut outputs = vec![
        ("functions/Cargo.toml", render::between(&manifest, &render::binaries(&operations))),
        ("Cargo.toml", render::between(&read("Cargo.toml")?, &render::router(&operations))),
        ("README.md", render::between(&read("README.md")?, &render::table(&operations))),
        ("shared/src/api/operations.rs", render::formatted(root, &render::operations(&operations))),
    ];
    outputs.push(("functions/lib.rs", render::formatted(root, &render::library(&operations, &others))));

    let mut outcome = Outcome { faults: functions::unknown(&operations, &others, &files), ..Outcome::default() };
    for (name, output) in outputs {
        let output = output.map_err(|fault| format!("{name}: {fault}"))?;
        if read(name).is_ok_and(|found| found == output) {
            continue;
        }
        match mode {
            Mode::Write => {
                fs::write(root.join(name), output).map_err(|error| format!("{name}: {error}"))?;
                outcome.written.push(name);
            }
            Mode::Check => {
                let fault = format!("{name} differs from what openapi.yaml makes of it: run cargo xtask generate");
                outcome.faults.push(fault);
            }
        }
    }
    let others: BTreeSet<&str> = others.iter().map(|other| other.name.as_str()).collect();
    outcome.faults.extend(template::faults(&read("template.yaml")?, &operations, &others));
    Ok(outcome)
}
