//! The offline verifier, as a process.

use std::process::Command;

use serde_json::{Value, json};

use crate::fixtures::unique;
use crate::jose::PublishedKeys;
use crate::lone_function::binary;

/// The output of `verify` for these documents, and whether it exits with 0. It runs with an empty environment.
pub fn verified(documents: &str) -> (String, bool) {
    run(documents, None)
}

/// The same, with the published keys.
pub fn verified_with(documents: &str, keys: &PublishedKeys) -> (String, bool) {
    run(documents, Some(&json!({"keys": keys.all()})))
}

fn run(documents: &str, jwks: Option<&Value>) -> (String, bool) {
    let folder = std::env::temp_dir().join(unique("assent-verify"));
    std::fs::create_dir(&folder).expect("a folder");
    let file = folder.join("file");
    std::fs::write(&file, documents).expect("a file");
    let mut command = Command::new(binary("verify").expect("a folder"));
    command.arg(&file).env_clear();
    if let Some(jwks) = jwks {
        let file = folder.join("jwks");
        std::fs::write(&file, jwks.to_string()).expect("a file");
        command.arg("--jwks").arg(file);
    }
    let output = command.output();
    std::fs::remove_dir_all(&folder).expect("the folder");
    let output = output.expect("the verifier");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success())
}
