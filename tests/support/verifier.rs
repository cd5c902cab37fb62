//! The stand-alone verifier of audit trails, as a process.

use std::process::Command;

use crate::fixtures::unique;
use crate::lone_function::binary;

/// What `local verify` prints of these documents, and whether it ends well. It gets no environment at all.
pub fn verified(documents: &str) -> (String, bool) {
    let file = std::env::temp_dir().join(unique("assent-trail"));
    std::fs::write(&file, documents).expect("a file");
    let output = Command::new(binary("local").expect("a folder")).arg("verify").arg(&file).env_clear().output();
    std::fs::remove_file(&file).expect("the file");
    let output = output.expect("the verifier");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success())
}
