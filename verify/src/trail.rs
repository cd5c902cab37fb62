//! Verifies audit trails. A trail is a chain of entries about a subject, each of which holds the hash of the one before.

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::json::{canonical, text};

/// A trail, joined from its pages.
pub(crate) struct Trail {
    tenant: String,
    subject: String,
    entries: Vec<Entry>,
    /// The statements of the pages about the chain, in their order.
    stated: Vec<Stated>,
}

/// A page of a trail, or a whole trail in an export.
pub(crate) struct Page {
    tenant: String,
    subject: String,
    entries: Vec<Entry>,
    stated: Stated,
}

/// An entry, and whether its page says that its encrypted data can no longer be decrypted.
struct Entry {
    value: Value,
    anonymized: bool,
}

/// The statements of a response about the whole chain. They are checked, and `valid` is not trusted.
struct Stated {
    valid: bool,
    length: u64,
    head: Value,
    first_invalid: Option<u64>,
    record_id: String,
    /// Whether another page follows.
    more: bool,
}

/// An error in a trail. `sequence` is the number of the entry, counted from 1.
struct Flaw {
    sequence: u64,
    what: &'static str,
}

impl Page {
    /// Parses a page. The error is the reason why the document is not a page.
    pub(crate) fn of(mut document: Value) -> Result<Self, String> {
        only(&document, &["tenantId", "subject", "recordId", "entries", "anonymized", "chain", "nextCursor"])?;
        let chain = document.get("chain").ok_or("it has no chain")?;
        only(chain, &["valid", "length", "head", "firstInvalidSequence"])?;
        let flag = |object: &Value, member: &str| {
            object.get(member).and_then(Value::as_bool).ok_or_else(|| format!("it has no {member}"))
        };
        let stated = Stated {
            valid: flag(chain, "valid")?,
            length: chain.get("length").and_then(Value::as_u64).ok_or("it has no length")?,
            head: chain.get("head").cloned().ok_or("it has no head")?,
            first_invalid: chain.get("firstInvalidSequence").and_then(Value::as_u64),
            record_id: text(&document, "recordId")?.to_owned(),
            more: document.get("nextCursor").is_some_and(|cursor| !cursor.is_null()),
        };
        let (tenant, subject) = (text(&document, "tenantId")?.to_owned(), text(&document, "subject")?.to_owned());
        let anonymized = flag(&document, "anonymized")?;
        let Some(Value::Array(entries)) = document.get_mut("entries").map(Value::take) else {
            return Err("it has no entries".to_owned());
        };
        let entries = entries.into_iter().map(|value| Entry { value, anonymized }).collect();
        Ok(Self { tenant, subject, entries, stated })
    }
}

/// Checks that an object has no unknown members, because a verdict would seem to confirm their content.
fn only(object: &Value, members: &[&str]) -> Result<(), String> {
    let object = object.as_object().ok_or("it is not an object")?;
    match object.keys().find(|name| !members.contains(&name.as_str())) {
        Some(name) => Err(format!("it has the unknown member {}", name.escape_debug())),
        None => Ok(()),
    }
}

impl Trail {
    pub(crate) fn new(page: Page) -> Self {
        let Page { tenant, subject, entries, stated } = page;
        Self { tenant, subject, entries, stated: vec![stated] }
    }

    /// Whether this page is the next page of the trail.
    pub(crate) fn continues_with(&self, page: &Page) -> bool {
        (&self.tenant, &self.subject) == (&page.tenant, &page.subject)
            && self.stated.last().is_some_and(|stated| stated.more)
    }

    pub(crate) fn add(&mut self, page: Page) {
        self.entries.extend(page.entries);
        self.stated.push(page.stated);
    }

    pub(crate) fn subject(&self) -> &str {
        &self.subject
    }

    /// Verifies the trail. Returns the number of entries as text. The error names the first invalid entry.
    pub(crate) fn verify(&self) -> Result<String, String> {
        let of_responses = self.stated.iter().map(|stated| self.response_flaw(stated));
        let earlier = self.stated.iter().rev().skip(1).map(|stated| self.head_flaw(stated));
        match [self.chain_flaw()]
            .into_iter()
            .chain(earlier)
            .chain(of_responses)
            .flatten()
            .min_by_key(|flaw| flaw.sequence)
        {
            Some(Flaw { sequence, what }) => Err(format!("entry {sequence} {what}")),
            None if self.entries.len() == 1 => Ok("1 entry".to_owned()),
            None => Ok(format!("{} entries", self.entries.len())),
        }
    }

    /// The first invalid entry. Only the last page describes the whole chain, because the chain may have grown between the
    /// reading of two pages.
    fn chain_flaw(&self) -> Option<Flaw> {
        let chain = self.stated.last()?;
        let mut previous = &Value::Null;
        let mut sequence = 0;
        for Entry { value: entry, anonymized } in &self.entries {
            sequence += 1;
            let flaw = |what| Some(Flaw { sequence, what });
            let hash = entry.get("hash").unwrap_or(&Value::Null);
            if sequence > chain.length {
                return flaw("is one more than the chain has");
            }
            if hash.is_null() || self.hash_of(entry).as_deref() != hash.as_str() {
                return flaw("was changed, or is another chain's");
            }
            match entry.get("sequence").and_then(Value::as_u64) {
                Some(stated) if stated == sequence => {}
                Some(stated) if stated > sequence => return flaw("is missing"),
                _ => return flaw("is out of order"),
            }
            if entry.get("previousHash") != Some(previous) {
                return flaw("does not follow the one before it");
            }
            if let Some(what) = personal_flaw(entry, *anonymized) {
                return flaw(what);
            }
            previous = hash;
        }
        // No trail is empty, because the creation of the record is its first entry.
        if sequence < chain.length.max(1) {
            return Some(Flaw { sequence: sequence + 1, what: "is missing" });
        }
        (*previous != chain.head).then_some(Flaw { sequence: sequence.max(1), what: "is not the head of the chain" })
    }

    /// Checks the statements of a response about the chain, which no hash covers, against the entries.
    fn response_flaw(&self, stated: &Stated) -> Option<Flaw> {
        let flaw = |sequence, what| Some(Flaw { sequence, what });
        if !stated.valid || stated.first_invalid.is_some() {
            return flaw(stated.first_invalid.unwrap_or(1), "was found invalid when it was read");
        }
        if self.subject != format!("record/{}", stated.record_id) {
            return flaw(1, "is of another record than the response says");
        }
        None
    }

    /// Checks that the chain has the head that an earlier page states.
    fn head_flaw(&self, stated: &Stated) -> Option<Flaw> {
        let length = usize::try_from(stated.length).unwrap_or(usize::MAX);
        let head = match length.checked_sub(1) {
            None => &Value::Null,
            Some(last) => match self.entries.get(last) {
                None => return Some(Flaw { sequence: self.entries.len() as u64 + 1, what: "is missing" }),
                Some(entry) => entry.value.get("hash").unwrap_or(&Value::Null),
            },
        };
        let what = "is not the head of the chain";
        (*head != stated.head).then_some(Flaw { sequence: stated.length.max(1), what })
    }

    /// The SHA-256, in lowercase hex, of the canonical JSON of the entry without `personal` and `hash`, with `tenant`
    /// and `subject`.
    fn hash_of(&self, entry: &Value) -> Option<String> {
        let mut hashed: Map<String, Value> = entry.as_object()?.clone();
        hashed.remove("personal");
        hashed.remove("hash");
        for (member, value) in [("tenant", &self.tenant), ("subject", &self.subject)] {
            // An entry with these members itself would be hashed without them.
            if hashed.insert(member.to_owned(), Value::from(value.as_str())).is_some() {
                return None;
            }
        }
        canonical(&Value::Object(hashed)).map(|text| digest(&text))
    }
}

/// Checks the personal data that an entry shows against the encrypted data, which begins with its digest and a dot.
fn personal_flaw(entry: &Value, anonymized: bool) -> Option<&'static str> {
    let member = |name: &str| entry.get(name).filter(|value| !value.is_null());
    match (member("personal"), member("sealed")) {
        (None, None) => None,
        (None, Some(_)) => (!anonymized)
            .then_some("does not show its encrypted data, though the response says that it can be decrypted"),
        (Some(_), _) if anonymized => Some("shows data that the response says can no longer be decrypted"),
        (Some(personal), sealed) => {
            let stated = sealed.and_then(Value::as_str).and_then(|sealed| sealed.split_once('.'));
            let fits =
                stated.is_some_and(|(stated, _)| canonical(personal).is_some_and(|text| digest(&text) == stated));
            (!fits).then_some("shows other data than was encrypted in it")
        }
    }
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
