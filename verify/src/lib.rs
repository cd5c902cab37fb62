//! Verifies responses of Assent without Assent: it needs no server, no API key and no network, and shares no code with it.
//! It is a second implementation of the rules that docs/withdrawal.md publishes.

mod json;
mod jws;
mod kind;
mod proof;
mod trail;

use std::fmt;

use serde_json::Value;

pub use jws::Keys;
use trail::{Page, Trail};

/// The result of verifying one item in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    name: String,
    finding: Finding,
}

/// Whether an item is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The item is valid. Holds what was verified.
    Valid(String),
    /// The item is invalid. Holds the reason.
    Invalid(String),
    /// The item cannot be verified. Holds the reason.
    Unverified(String),
}

impl Verdict {
    pub(crate) fn of(name: &str, finding: Finding) -> Self {
        Self { name: name.to_owned(), finding }
    }

    /// Whether the item is valid.
    pub fn is_valid(&self) -> bool {
        matches!(self.finding, Finding::Valid(_))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.finding {
            Finding::Valid(what) => write!(formatter, "{name}: valid, {what}"),
            Finding::Invalid(why) => write!(formatter, "{name}: invalid: {why}"),
            Finding::Unverified(why) => write!(formatter, "{name}: not verified: {why}"),
        }
    }
}

/// The documents of a file: one JWS, or a sequence of JSON values.
///
/// # Errors
/// The file is neither. The message says what it looks like.
pub fn documents(text: &[u8]) -> Result<Vec<Value>, String> {
    match std::str::from_utf8(text).map(str::trim) {
        Ok(text) if jws::is_compact(text) => Ok(vec![Value::from(text)]),
        _ => json::values(text).map_err(|error| kind::of_file(text, &error)),
    }
}

/// Verifies each item in these documents, in their order. Signatures are verified with the keys, if keys are given.
pub fn verify(documents: Vec<Value>, keys: Option<&Keys>) -> Vec<Verdict> {
    let mut found = Vec::new();
    for (document, number) in documents.into_iter().zip(1..) {
        find(document, &format!("document {number}"), keys, &mut found);
    }
    let verdict = |found| match found {
        Found::Trail(trail) => {
            let finding = trail.verify().map_or_else(Finding::Invalid, Finding::Valid);
            Verdict::of(&trail.subject().escape_debug().to_string(), finding)
        }
        Found::Verified(verdict) => verdict,
    };
    found.into_iter().map(verdict).collect()
}

/// An item in a file.
enum Found {
    /// A trail, of which further pages may follow.
    Trail(Trail),
    /// An item that was verified at once.
    Verified(Verdict),
}

/// Finds the items in a document. `name` is the name of an item without an id.
fn find(document: Value, name: &str, keys: Option<&Keys>, found: &mut Vec<Found>) {
    let has = |member: &str| document.get(member).is_some();
    let verified = |verdict| Found::Verified(verdict);
    match document {
        Value::Array(documents) => {
            for (document, number) in documents.into_iter().zip(1..) {
                find(document, &format!("{name}.{number}"), keys, found);
            }
        }
        Value::String(jws) if jws::is_compact(&jws) => found.push(verified(proof::lone(&jws, keys))),
        _ if has("entries") && has("chain") => match Page::of(document) {
            Ok(page) => add(page, found),
            Err(reason) => {
                let reason = format!("it looks like an audit trail, but {reason}");
                found.push(verified(Verdict::of(name, Finding::Unverified(reason))));
            }
        },
        _ if has("receiptJws") => found.push(verified(proof::receipt(&document, keys))),
        _ if has("consentProof") => found.push(verified(proof::record(&document, keys))),
        _ if has("keys") => found.extend(jws::key_verdicts(&document).into_iter().map(verified)),
        mut document => {
            // An export, or a list of records.
            let mut parts = Vec::new();
            for pointer in ["/data/consentRecords", "/data/actionLog", "/records"] {
                match document.pointer_mut(pointer).map(Value::take) {
                    None => {}
                    Some(Value::Array(items)) => parts.extend(items),
                    Some(other) => parts.push(other),
                }
            }
            if parts.is_empty() {
                found.push(verified(Verdict::of(name, Finding::Unverified(kind::of_document(&document)))));
            }
            find(Value::Array(parts), name, keys, found);
        }
    }
}

fn add(page: Page, found: &mut Vec<Found>) {
    let continued = found.iter_mut().rev().find_map(|found| match found {
        Found::Trail(trail) if trail.continues_with(&page) => Some(trail),
        _ => None,
    });
    match continued {
        Some(trail) => trail.add(page),
        None => found.push(Found::Trail(Trail::new(page))),
    }
}

#[cfg(test)]
mod tests;
