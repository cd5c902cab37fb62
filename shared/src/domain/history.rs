//! What a person had decided at a moment of the past, as the audit trails of their
//! records tell it.

use crate::domain::{
    Timestamp,
    consent_notice::{Language, NoticeId, NoticeVersion, PurposeCode},
    consent_record::{CREATED, DecidedPurpose, PURPOSES_WITHDRAWN, PurposeState, RENEWED, RecordSummary, WITHDRAWN},
    decision::Decision,
    identifiers::{GrantId, RecordId},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A decision that was in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DecisionInForce {
    /// The code of the purpose.
    pub purpose: PurposeCode,
    /// The notice.
    pub notice_id: NoticeId,
    /// The decision.
    pub decision: Decision,
    /// When the person made it.
    pub since: Timestamp,
    /// The record with it.
    pub record_id: RecordId,
}

impl DecisionInForce {
    /// Its position among the decisions of a person.
    pub fn position(&self) -> String {
        // Neither part can contain a slash.
        format!("{}/{}", self.notice_id, self.purpose)
    }
}

/// An entry of a record's trail, as far as it matters here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    action: String,
    occurred_at: Timestamp,
    details: Value,
}

/// The details of a record's first entry.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    grant_id: Option<GrantId>,
    consent_notice_id: NoticeId,
    consent_notice_version: NoticeVersion,
    consent_notice_language: Language,
    purposes: Vec<PurposeCode>,
    #[serde(default)]
    denied_purposes: Vec<PurposeCode>,
    processing_expires_at: Option<Timestamp>,
}

/// The details of the end of some purposes.
#[derive(Deserialize)]
struct Ended {
    purposes: Vec<PurposeCode>,
}

/// What a record said at a moment, by the entries of its trail; `None` if it did not
/// exist yet. Fails if an entry cannot be read.
pub fn summary_at(
    record_id: RecordId,
    entries: &[Value],
    moment: Timestamp,
) -> Result<Option<RecordSummary>, serde_json::Error> {
    let mut summary: Option<RecordSummary> = None;
    for entry in entries {
        let Entry { action, occurred_at, details } = Entry::deserialize(entry)?;
        if occurred_at > moment {
            continue;
        }
        match (action.as_str(), &mut summary) {
            (CREATED, None) => summary = Some(created(record_id, Created::deserialize(details)?, occurred_at)),
            (PURPOSES_WITHDRAWN, Some(summary)) => {
                let Ended { purposes } = Ended::deserialize(details)?;
                end(summary, |code| purposes.contains(code), occurred_at);
            }
            (WITHDRAWN | RENEWED, Some(summary)) => end(summary, |_| true, occurred_at),
            _ => {}
        }
    }
    Ok(summary)
}

fn created(record_id: RecordId, created: Created, since: Timestamp) -> RecordSummary {
    let decided = |state| move |code| DecidedPurpose { code, state, since, denied_by: None };
    let granted = created.purposes.into_iter().map(decided(PurposeState::Granted));
    let denied = created.denied_purposes.into_iter().map(decided(PurposeState::Denied));
    RecordSummary {
        record_id,
        grant_id: created.grant_id,
        consent_notice_id: created.consent_notice_id,
        consent_notice_version: created.consent_notice_version,
        consent_notice_language: created.consent_notice_language,
        processing_expires_at: created.processing_expires_at,
        purposes: granted.chain(denied).collect(),
        renewed_by: None,
    }
}

fn end(summary: &mut RecordSummary, ends: impl Fn(&PurposeCode) -> bool, at: Timestamp) {
    for purpose in summary.purposes.iter_mut().filter(|purpose| purpose.state == PurposeState::Granted) {
        if ends(&purpose.code) {
            (purpose.state, purpose.since) = (PurposeState::Withdrawn, at);
        }
    }
}

/// The decisions that were in force at a moment, at most one for each purpose of each
/// notice, sorted by their positions. These are the records of the person as they were
/// then.
///
/// A consent is in force until it is withdrawn or renewed, until it expires, or until
/// the purpose is denied. Of several the latest is named. A denial is in force until the
/// person grants the purpose later. As in a check, the order of two decisions is that of
/// their records' ids.
pub fn in_force(mut records: Vec<RecordSummary>, moment: Timestamp) -> Vec<DecisionInForce> {
    records.sort_by_key(|record| record.record_id);
    let mut decided: BTreeMap<(&NoticeId, &PurposeCode), Vec<(&RecordSummary, &DecidedPurpose)>> = BTreeMap::new();
    for record in records.iter().rev() {
        for purpose in &record.purposes {
            decided.entry((&record.consent_notice_id, &purpose.code)).or_default().push((record, purpose));
        }
    }
    let mut in_force: Vec<DecisionInForce> =
        decided.into_values().filter_map(|latest_first| decisive(&latest_first, moment)).collect();
    in_force.sort_by_cached_key(DecisionInForce::position);
    in_force
}

/// The decision about one purpose of one notice that was in force, if there was one.
fn decisive(latest_first: &[(&RecordSummary, &DecidedPurpose)], moment: Timestamp) -> Option<DecisionInForce> {
    for (position, (record, purpose)) in latest_first.iter().enumerate() {
        let decision = match purpose.state {
            PurposeState::Granted if !record.has_expired(moment) => Decision::Granted,
            PurposeState::Denied if position == 0 => Decision::Denied,
            // A later consent replaced the denial, and has itself ended.
            PurposeState::Denied => return None,
            PurposeState::Granted | PurposeState::Withdrawn => continue,
        };
        return Some(DecisionInForce {
            purpose: purpose.code.clone(),
            notice_id: record.consent_notice_id.clone(),
            decision,
            since: purpose.since,
            record_id: record.record_id,
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clock, Random, RequestContext};
    use proptest::prelude::*;
    use serde_json::json;

    /// The end of each consent.
    const EXPIRY: u32 = 1_000;

    fn time(seconds: u32) -> Timestamp {
        Timestamp::from_milliseconds(0).unwrap().plus_seconds(seconds)
    }

    fn id(created: u32) -> RecordId {
        let context = RequestContext::new(&Clock::new(move || time(created)), &Random::new(|bytes| bytes.fill(7)));
        RecordId::fresh(&context)
    }

    fn entry(at: u32, action: &str, details: &Value) -> Value {
        json!({"action": action, "occurredAt": time(at), "details": details})
    }

    fn creation(at: u32, granted: &[&str], denied: &[&str]) -> Value {
        let details = json!({
            "grantId": null, "consentNoticeId": "n", "consentNoticeVersion": "1", "consentNoticeLanguage": "en",
            "purposes": granted, "deniedPurposes": denied, "processingExpiresAt": time(EXPIRY),
        });
        entry(at, CREATED, &details)
    }

    fn shown(records: &[(RecordId, Vec<Value>)], at: u32) -> Vec<(String, Decision, Timestamp)> {
        let summaries = records.iter().filter_map(|(id, entries)| summary_at(*id, entries, time(at)).unwrap());
        let decisions = in_force(summaries.collect(), time(at));
        decisions.into_iter().map(|it| (it.purpose.to_string(), it.decision, it.since)).collect()
    }

    #[test]
    fn a_trail_tells_each_moment() {
        let trail = vec![
            creation(10, &["a", "b"], &["c"]),
            entry(20, PURPOSES_WITHDRAWN, &json!({"purposes": ["a"]})),
            entry(30, WITHDRAWN, &json!({})),
            entry(40, "record.erased", &json!({})),
        ];
        let records = [(id(10), trail)];
        let of = |code: &str, decision| (code.to_owned(), decision, time(10));
        let (a, b, c) = (of("a", Decision::Granted), of("b", Decision::Granted), of("c", Decision::Denied));
        assert_eq!(shown(&records, 9), []);
        assert_eq!(shown(&records, 10), [a.clone(), b.clone(), c.clone()]);
        assert_eq!(shown(&records, 20), [b, c.clone()]);
        assert_eq!(shown(&records, 30), std::slice::from_ref(&c));
        assert_eq!(shown(&records, 99), [c]);
    }

    #[test]
    fn a_consent_expires_and_a_denial_does_not() {
        let records = [(id(10), vec![creation(10, &["a"], &["b"])])];
        assert_eq!(shown(&records, EXPIRY - 1).len(), 2);
        assert_eq!(shown(&records, EXPIRY), [("b".to_owned(), Decision::Denied, time(10))]);
    }

    #[test]
    fn a_denial_that_was_replaced_does_not_return() {
        let denial = (id(10), vec![creation(10, &[], &["a"])]);
        let consent = (id(20), vec![creation(20, &["a"], &[]), entry(30, WITHDRAWN, &json!({}))]);
        let records = [denial, consent];
        assert_eq!(shown(&records, 19), [("a".to_owned(), Decision::Denied, time(10))]);
        assert_eq!(shown(&records, 29), [("a".to_owned(), Decision::Granted, time(20))]);
        assert_eq!(shown(&records, 30), []);
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_no_answer() {
        for entries in [vec![json!(null)], vec![entry(1, CREATED, &json!({}))]] {
            assert!(summary_at(id(1), &entries, time(9)).is_err());
        }
    }

    proptest! {
        /// What was in force at a moment never depends on what happened later.
        #[test]
        fn the_past_stays_as_it_was(
            decisions in prop::collection::vec((any::<bool>(), prop::option::of(1_u32..50)), 1..8),
            moment in 1_u32..50,
        ) {
            let records: Vec<(RecordId, Vec<Value>)> = (1_u32..).zip(&decisions).map(|(number, (granted, end))| {
                let at = number * 5;
                let codes: &[&str] = &["a"];
                let mut entries = vec![if *granted { creation(at, codes, &[]) } else { creation(at, &[], codes) }];
                entries.extend(end.map(|after| entry(at + after, WITHDRAWN, &json!({}))));
                (id(at), entries)
            }).collect();
            let until: Vec<(RecordId, Vec<Value>)> = records.iter().map(|(id, entries)| {
                let before = |entry: &&Value| entry["occurredAt"].as_str() <= Some(&time(moment).to_string());
                (*id, entries.iter().filter(before).cloned().collect())
            }).collect();
            prop_assert_eq!(shown(&records, moment), shown(&until, moment));
        }
    }
}
