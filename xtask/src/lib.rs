//! An operation of the API is declared once, in openapi.yaml. This writes what
//! repeats it elsewhere, and checks what people write beside it.

#![forbid(unsafe_code)]

mod functions;
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

/// Whether `functions/lib.rs` is written, the functions as one library. No
/// program links it yet, and the functions have no `endpoint` yet.
const WRITES_LIBRARY: bool = false;

/// Writes, or checks, everything that repeats openapi.yaml. Returns the files
/// that it has written, or what is wrong, a sentence each.
pub fn generate(root: &Path, mode: Mode) -> Result<Vec<&'static str>, Vec<String>> {
    let faults = |fault: String| vec![fault];
    let read = |name: &str| fs::read_to_string(root.join(name)).map_err(|error| vec![format!("{name}: {error}")]);
    let operations = openapi::read(&read("openapi.yaml")?, &read("shared/src/domain/scope.rs")?).map_err(faults)?;
    let manifest = read("functions/Cargo.toml")?;
    let others = functions::others(&manifest);
    let files = functions::files(&root.join("functions")).map_err(|error| vec![format!("functions/: {error}")])?;
    // First of all: a [[bin]] without its file, and cargo runs nothing any more, this neither.
    let absent = functions::absent(&operations, &files);
    if !absent.is_empty() {
        return Err(absent);
    }

    let mut outputs = vec![
        ("functions/Cargo.toml", render::between(&manifest, &render::binaries(&operations))),
        ("Cargo.toml", render::between(&read("Cargo.toml")?, &render::router(&operations))),
        ("README.md", render::between(&read("README.md")?, &render::table(&operations))),
        ("shared/src/api/operations.rs", render::formatted(root, &render::operations(&operations))),
    ];
    if WRITES_LIBRARY {
        outputs.push(("functions/lib.rs", render::formatted(root, &render::library(&operations, &others))));
    }

    let mut written = Vec::new();
    let mut faults = functions::unknown(&operations, &others, &files);
    for (name, output) in outputs {
        let output = output.map_err(|fault| vec![format!("{name}: {fault}")])?;
        if fs::read_to_string(root.join(name)).is_ok_and(|found| found == output) {
            continue;
        }
        match mode {
            Mode::Check => {
                faults.push(format!("{name} differs from what openapi.yaml makes of it: run cargo xtask generate"));
            }
            Mode::Write => {
                fs::write(root.join(name), output).map_err(|error| vec![format!("{name}: {error}")])?;
                written.push(name);
            }
        }
    }
    let others: BTreeSet<&str> = others.iter().map(|other| other.name.as_str()).collect();
    faults.extend(template::faults(&read("template.yaml")?, &operations, &others));
    if faults.is_empty() { Ok(written) } else { Err(faults) }
}
