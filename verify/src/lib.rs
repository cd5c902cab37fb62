//! Verifies what Assent has answered, without Assent: no server, no key of its API, no network, and none of its code.
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

/// What was found out about one thing in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    name: String,
    finding: Finding,
}

/// Whether a thing is what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// It is, and this much was verified.
    Valid(String),
    /// It is not, for this reason.
    Invalid(String),
    /// Nobody can tell here, for this reason.
    Unverified(String),
}

impl Verdict {
    pub(crate) fn of(name: &str, finding: Finding) -> Self {
        Self { name: name.to_owned(), finding }
    }

    /// Whether the thing is valid.
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

/// The documents of a file: one JWS, or JSON values one after the other.
///
/// # Errors
/// Why it is neither.
pub fn documents(text: &[u8]) -> Result<Vec<Value>, String> {
    match std::str::from_utf8(text).map(str::trim) {
        Ok(text) if jws::is_compact(text) => Ok(vec![Value::from(text)]),
        _ => json::values(text).map_err(|error| kind::of_file(text, &error)),
    }
}

/// What is to be said of each thing in these documents, in their order. What is signed is verified with the keys,
/// where there are some.
pub fn verify(documents: Vec<Value>, keys: Option<&Keys>) -> Vec<Verdict> {
    let mut found = Vec::new();
    for (document, number) in documents.into_iter().zip(1..) {
        sort(document, &format!("document {number}"), keys, &mut found);
    }
    let verdict = |found| match found {
        Found::Trail(trail) => {
            let finding = trail.verify().map_or_else(Finding::Invalid, Finding::Valid);
            Verdict::of(&trail.subject().escape_debug().to_string(), finding)
        }
        Found::Judged(verdict) => verdict,
    };
    found.into_iter().map(verdict).collect()
}

/// A thing in a file: a trail, of which further pages may come, or what can be judged at once.
enum Found {
    Trail(Trail),
    Judged(Verdict),
}

/// Finds the things in a document; `name` is what one is called that has no name of its own.
fn sort(document: Value, name: &str, keys: Option<&Keys>, found: &mut Vec<Found>) {
    let has = |member: &str| document.get(member).is_some();
    let judged = |verdict| Found::Judged(verdict);
    match document {
        Value::Array(documents) => {
            for (document, number) in documents.into_iter().zip(1..) {
                sort(document, &format!("{name}.{number}"), keys, found);
            }
        }
        Value::String(jws) if jws::is_compact(&jws) => found.push(judged(proof::lone(&jws, keys))),
        _ if has("entries") && has("chain") => match Page::of(document) {
            Ok(page) => add(page, found),
            Err(reason) => {
                let reason = format!("it looks like an audit trail, but {reason}");
                found.push(judged(Verdict::of(name, Finding::Unverified(reason))));
            }
        },
        _ if has("receiptJws") => found.push(judged(proof::receipt(&document, keys))),
        _ if has("consentProof") => found.push(judged(proof::record(&document, keys))),
        _ if has("keys") => found.extend(jws::key_verdicts(&document).into_iter().map(judged)),
        mut document => {
            // An export, or a list of records.
            let mut parts = Vec::new();
            for pointer in ["/data/consentRecords", "/data/actionLog", "/records"] {
                match document.pointer_mut(pointer).map(Value::take) {
                    None => {}
                    Some(Value::Array(things)) => parts.extend(things),
                    Some(other) => parts.push(other),
                }
            }
            if parts.is_empty() {
                found.push(judged(Verdict::of(name, Finding::Unverified(kind::of_document(&document)))));
            }
            sort(Value::Array(parts), name, keys, found);
        }
    }
}

fn add(page: Page, found: &mut Vec<Found>) {
    let goes_on = found.iter_mut().rev().find_map(|found| match found {
        Found::Trail(trail) if trail.goes_on_with(&page) => Some(trail),
        _ => None,
    });
    match goes_on {
        Some(trail) => trail.add(page),
        None => found.push(Found::Trail(Trail::beginning_with(page))),
    }
}

#[cfg(test)]
mod tests;
