//! Verifies audit trails as they were answered, without a server, a key or a network: what was changed, removed,
//! reordered, cut off or taken from elsewhere is found, and the first bad sequence named.

use std::fmt;
use std::path::Path;

use assent_shared::domain::audit::{Chain, ChainName, Flaw, Subject, verify};
use assent_shared::domain::{Tenant, json};
use serde::Deserialize;
use serde_json::Value;

use crate::Error;

/// What was found out about a trail.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whose trail it is, as the file says.
    pub subject: String,
    /// How many entries the file has of it.
    pub entries: usize,
    /// What is wrong with it, at its first entry that something is wrong with.
    pub found: Result<(), Flaw>,
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A file can hold anything: nothing in it may play tricks on a terminal.
        let subject = self.subject.escape_debug();
        match (&self.found, self.entries) {
            (Ok(()), 1) => write!(formatter, "{subject}: valid, 1 entry"),
            (Ok(()), entries) => write!(formatter, "{subject}: valid, {entries} entries"),
            (Err(Flaw { sequence, what }), _) => write!(formatter, "{subject}: entry {sequence} {what}"),
        }
    }
}

/// A page of a trail, or a whole one in an export.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Page {
    tenant_id: Tenant,
    subject: String,
    record_id: Option<String>,
    entries: Vec<Value>,
    anonymized: bool,
    chain: Stated,
    #[serde(default)]
    next_cursor: Option<String>,
}

/// What the answer says of the chain. That it is valid is not believed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Stated {
    valid: bool,
    length: u64,
    head: Option<String>,
    #[serde(default)]
    first_invalid_sequence: Option<u64>,
}

/// A trail, put together from its pages.
struct Trail {
    tenant: Tenant,
    subject: String,
    entries: Vec<Value>,
    /// The place of the first entry that shows opened what its page says can be opened no more.
    opened_though_gone: Option<usize>,
    pages: Vec<Page>,
}

/// Verifies every trail in a file: what `GET …/audit` answered, all its pages, or what an export did, one JSON document
/// after the other or in an array.
pub fn file(path: &Path) -> Result<Vec<Verdict>, Error> {
    let text = std::fs::read(path).map_err(Error::file(path))?;
    let unreadable = |reason| Error::Trail { path: path.to_owned(), reason };
    let verdicts = trails_in(&text).map_err(unreadable)?;
    if verdicts.is_empty() {
        return Err(unreadable("holds no audit trail".to_owned()));
    }
    Ok(verdicts)
}

/// The verdicts on all trails in a text, in their order; or why it cannot be read.
fn trails_in(text: &[u8]) -> Result<Vec<Verdict>, String> {
    let mut trails: Vec<Trail> = Vec::new();
    for page in pages_in(json::parse_all(text)?)? {
        let goes_on = |trail: &&mut Trail| {
            let last = trail.pages.last();
            (trail.tenant, &trail.subject) == (page.tenant_id, &page.subject)
                && last.is_some_and(|last| last.next_cursor.is_some())
        };
        match trails.iter_mut().rev().find(goes_on) {
            Some(trail) => trail.add(page),
            None => trails.push(Trail::beginning_with(page)),
        }
    }
    Ok(trails.iter().map(Trail::verdict).collect())
}

fn pages_in(documents: Vec<Value>) -> Result<Vec<Page>, String> {
    let documents = documents.into_iter().flat_map(|document| match document {
        Value::Array(documents) => documents,
        document => vec![document],
    });
    let mut pages = Vec::new();
    for mut document in documents {
        match document.pointer_mut("/data/actionLog").map(Value::take) {
            Some(Value::Array(trails)) => {
                for trail in trails {
                    pages.push(page_of(trail)?);
                }
            }
            Some(_) => return Err("has an action log that is no list".to_owned()),
            None => pages.push(page_of(document)?),
        }
    }
    Ok(pages)
}

fn page_of(document: Value) -> Result<Page, String> {
    serde_json::from_value(document).map_err(|error| format!("is no audit trail, nor an export with one: {error}"))
}

impl Trail {
    fn beginning_with(page: Page) -> Self {
        let mut trail = Self {
            tenant: page.tenant_id,
            subject: page.subject.clone(),
            entries: Vec::new(),
            opened_though_gone: None,
            pages: Vec::new(),
        };
        trail.add(page);
        trail
    }

    fn add(&mut self, mut page: Page) {
        let opened =
            page.entries.iter().position(|entry| entry.get("personal").is_some_and(|personal| !personal.is_null()));
        if let (true, Some(opened)) = (page.anonymized, opened) {
            self.opened_though_gone = self.opened_though_gone.or(Some(self.entries.len() + opened));
        }
        self.entries.append(&mut page.entries);
        self.pages.push(page);
    }

    fn verdict(&self) -> Verdict {
        Verdict { subject: self.subject.clone(), entries: self.entries.len(), found: self.verify() }
    }

    /// The last page tells the whole chain; between the reading of two pages it may have grown.
    fn verify(&self) -> Result<(), Flaw> {
        let subject = Subject::named(&self.subject);
        let name = ChainName { tenant: self.tenant, subject: &subject };
        let mut earlier = self.pages.iter().rev();
        if let Some(last) = earlier.next() {
            verify(name, &self.entries, &last.chain.chain())?;
        }
        for page in earlier {
            let length = usize::try_from(page.chain.length).unwrap_or(usize::MAX);
            verify(name, self.entries.get(..length).unwrap_or(&self.entries), &page.chain.chain())?;
        }
        if let Some(place) = self.opened_though_gone {
            let sequence = u64::try_from(place + 1).unwrap_or(u64::MAX);
            return Err(Flaw { sequence, what: "shows what the answer says can be opened no more" });
        }
        self.pages.iter().try_for_each(Page::agree)
    }
}

impl Page {
    /// Whether what no hash is over agrees with the rest.
    fn agree(&self) -> Result<(), Flaw> {
        let flaw = |sequence: Option<u64>, what| Err(Flaw { sequence: sequence.unwrap_or(1), what });
        if !self.chain.valid || self.chain.first_invalid_sequence.is_some() {
            return flaw(self.chain.first_invalid_sequence, "was found invalid when it was read");
        }
        if self.record_id.as_ref().is_some_and(|record_id| self.subject != format!("record/{record_id}")) {
            return flaw(None, "is of another record than the answer says");
        }
        Ok(())
    }
}

impl Stated {
    fn chain(&self) -> Chain {
        Chain { length: self.length, head: self.head.clone() }
    }
}

#[cfg(test)]
mod tests {
    use assent_shared::domain::World;
    use assent_shared::domain::audit::{Note, opened};
    use assent_shared::domain::identifiers::RecordId;
    use assent_shared::domain::seal::DataKey;
    use serde_json::json;

    use super::*;

    /// What the audit endpoint answers of a record's trail with so many entries, in one page.
    fn trail(length: usize) -> Value {
        let world = World::real();
        let (tenant, record_id) = (Tenant(world.uuid()), RecordId::fresh(world.occasion()));
        let (subject, key) = (Subject::record(record_id), DataKey::fresh(world.occasion()));
        let name = ChainName { tenant, subject: &subject };
        let (mut chain, mut entries) = (Chain::default(), Vec::new());
        for action in ["record.created", "record.withdrawn", "record.erased"].iter().cycle().take(length) {
            let note = Note::new(action).with("grantId", "grnt_1").personal("reason", "Because");
            let (next, entry) = chain.append(name, &note, (world.uuid(), Some(&key)), world.occasion()).unwrap();
            let mut shown: Value = serde_json::from_str(&entry.text).unwrap();
            shown["personal"] = opened(name, &shown, &key).unwrap();
            entries.push(shown);
            chain = next;
        }
        json!({
            "tenantId": tenant, "subject": subject.as_str(), "recordId": record_id, "entries": entries,
            "anonymized": false, "chain": {"valid": true, "length": chain.length, "head": chain.head},
            "nextCursor": null,
        })
    }

    /// The same answer in pages of one entry, the chain of each being as it was when it was read.
    fn pages(whole: &Value) -> Vec<Value> {
        let entries = whole["entries"].as_array().unwrap();
        let pages = entries.iter().enumerate().map(|(place, entry)| {
            let mut page = whole.clone();
            page["entries"] = json!([entry]);
            page["chain"]["length"] = json!((place + 2).min(entries.len()));
            page["chain"]["head"] = entries[(place + 1).min(entries.len() - 1)]["hash"].clone();
            page["nextCursor"] = if place + 1 < entries.len() { json!("more") } else { Value::Null };
            page
        });
        pages.collect()
    }

    fn verdicts(text: &str) -> Vec<Verdict> {
        trails_in(text.as_bytes()).unwrap()
    }

    /// Where the only trail is bad.
    fn bad(document: &Value) -> Option<u64> {
        let verdicts = verdicts(&document.to_string());
        assert_eq!(verdicts.len(), 1);
        verdicts[0].found.as_ref().err().map(|flaw| flaw.sequence)
    }

    #[test]
    fn a_trail_is_valid_whole_and_page_by_page() {
        let (one, other) = (trail(3), trail(1));
        let in_pages = pages(&one);
        let lines = in_pages.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let mixed = json!([in_pages[0], other, in_pages[1], in_pages[2]]).to_string();
        let export = |trails: &Value| json!({"exportId": "exp_1", "data": {"consentRecords": [], "actionLog": trails}});
        let exports = format!("{}{}", export(&json!([one])), export(&json!([other])));
        for (text, entries) in [
            (one.to_string(), vec![3]),
            (json!(in_pages).to_string(), vec![3]),
            (lines, vec![3]),
            // Read twice.
            (format!("{one} {one}"), vec![3, 3]),
            (mixed, vec![3, 1]),
            (exports, vec![3, 1]),
        ] {
            let verdicts = verdicts(&text);
            assert!(verdicts.iter().all(|verdict| verdict.found.is_ok()), "{verdicts:?}");
            assert_eq!(verdicts.iter().map(|verdict| verdict.entries).collect::<Vec<_>>(), entries, "{text}");
        }
    }

    #[test]
    fn whatever_is_changed_is_named() {
        let whole = trail(3);
        for place in 0..3 {
            for (member, value) in [
                ("action", json!("record.read")),
                ("actor", json!("b3c0a2de-7f0a-4d4f-9f35-000000000000")),
                ("occurredAt", json!("2020-01-01T00:00:00.000Z")),
                ("details", json!({"grantId": "grnt_2"})),
                ("sealed", Value::Null),
                ("personal", json!({"reason": "Another"})),
                ("sequence", json!(9)),
                ("subject", whole["subject"].clone()),
                ("more", json!(1)),
            ] {
                let mut changed = whole.clone();
                changed["entries"][place][member] = value;
                assert_eq!(bad(&changed), u64::try_from(place + 1).ok(), "{member}");
            }
            let mut missing = whole.clone();
            missing["entries"].as_array_mut().unwrap().remove(place);
            assert_eq!(bad(&missing), u64::try_from(place + 1).ok());
            let mut cut = pages(&whole);
            cut.truncate(place + 1);
            assert_eq!(bad(&json!(cut)), u64::try_from(place + 2).ok().filter(|_| place < 2));
        }
        for (pointer, value, at) in [
            ("/tenantId", json!("b3c0a2de-7f0a-4d4f-9f35-000000000000"), 1),
            ("/subject", json!("record/cr_2"), 1),
            ("/recordId", json!("cr_2"), 1),
            ("/anonymized", json!(true), 1),
            ("/chain/length", json!(4), 4),
            ("/chain/length", json!(2), 3),
            ("/chain/head", whole["entries"][1]["hash"].clone(), 3),
            ("/chain/head", Value::Null, 3),
            ("/chain/valid", json!(false), 1),
            ("/chain/firstInvalidSequence", json!(2), 2),
        ] {
            let mut changed = whole.clone();
            match changed.pointer_mut(pointer) {
                Some(member) => *member = value,
                None => changed["chain"]["firstInvalidSequence"] = value,
            }
            assert_eq!(bad(&changed), Some(at), "{pointer}");
        }
        // What an earlier page says of the chain is held to it as well.
        let mut grown = pages(&whole);
        grown[0]["chain"]["head"] = whole["entries"][2]["hash"].clone();
        assert_eq!(bad(&json!(grown)), Some(2));
    }

    #[test]
    fn one_bad_trail_hides_no_other() {
        let (good, mut changed) = (trail(1), trail(2));
        changed["entries"][1]["action"] = json!("record.read");
        let told: Vec<String> = verdicts(&format!("{changed}{good}")).iter().map(ToString::to_string).collect();
        let subject = |trail: &Value| trail["subject"].as_str().unwrap().to_owned();
        assert_eq!(
            told,
            [
                format!("{}: entry 2 was changed, or is another chain's", subject(&changed)),
                format!("{}: valid, 1 entry", subject(&good)),
            ]
        );
    }

    #[test]
    fn what_is_no_trail_is_refused() {
        let whole = trail(1).to_string();
        for text in [
            "{",
            "[1]",
            "{}",
            "null",
            "[[]]",
            r#"{"data":{"actionLog":{}}}"#,
            r#"{"data":{"actionLog":[{}]}}"#,
            r#"{"data":{"consentRecords":[]}}"#,
            &whole.replace("\"anonymized\"", "\"anonymizee\""),
            // Two readers would see two different trails.
            &whole.replacen("{\"", "{\"anonymized\":false,\"", 1),
            &format!("{whole}{whole}]"),
        ] {
            assert!(trails_in(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(trails_in(b""), Ok(Vec::new()));
        assert_eq!(trails_in(br#"{"data":{"actionLog":[]}}"#), Ok(Vec::new()));
    }

    #[test]
    fn a_name_plays_no_tricks_on_a_terminal() {
        let verdict = Verdict { subject: "record/\u{1b}[2J\n".to_owned(), entries: 1, found: Ok(()) };
        assert_eq!(verdict.to_string(), r"record/\u{1b}[2J\n: valid, 1 entry");
    }
}
