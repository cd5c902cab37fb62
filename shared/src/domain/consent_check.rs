//! The question whether the data of a person may be processed for a purpose, and its
//! answer (DPDP Act s.6(1): only with a consent; s.6(4): only until its withdrawal).
//!
//! A denial ends the purpose in all earlier records of the same notice, but not in one
//! that has expired. That is overruled here, where the clock may still be before its
//! expiry. Earlier is the record with the lower id.

use crate::domain::{
    Timestamp,
    consent_notice::{ChangeKind, Language, NoticeId, NoticeVersion},
    consent_record::{DecidedPurpose, PurposeState, RecordSummary},
    grant::GrantSummary,
    identifiers::{GrantId, PrincipalId, RecordId, Reference},
};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// How many questions one call may ask.
pub const QUESTIONS: std::ops::RangeInclusive<usize> = 1..=100;

/// A question: whether a person's data may be processed for a purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// The person.
    #[serde(skip)]
    pub data_principal_id: PrincipalId,
    /// The code of the purpose.
    pub purpose: Reference,
    /// Only consents to this notice count, in any version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_id: Option<Reference>,
    /// Only consents under this grant, or one that is delegated from it, count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<Reference>,
    /// Only consents whose grant has this scope count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Reference>,
}

/// An answer, and its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CheckCode {
    /// Yes.
    Allowed,
    /// Yes, but the notice has changed materially since, so the person is to be asked again.
    ReconsentDue,
    /// No: the notice has changed materially since, and the time to ask again has passed.
    ReconsentRequired,
    /// No: the person was never asked, or was erased.
    NeverGiven,
    /// No: the person denied it.
    Denied,
    /// No: the person withdrew the consent.
    Withdrawn,
    /// No: the consent has expired.
    Expired,
    /// No: the grant, or one that it is delegated from, was revoked.
    GrantRevoked,
    /// No: the grant has expired.
    GrantExpired,
}

impl CheckCode {
    /// Whether it is a yes.
    pub fn allows(self) -> bool {
        matches!(self, Self::Allowed | Self::ReconsentDue)
    }

    /// The order in which the consents that grant something decide.
    fn rank(self) -> u8 {
        match self {
            Self::Allowed => 2,
            Self::ReconsentDue => 1,
            _ => 0,
        }
    }
}

/// A published version of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedVersion {
    /// The version.
    pub version: NoticeVersion,
    /// When people could first consent to it.
    pub published_at: Timestamp,
    /// How it differs from the one before.
    pub change: ChangeKind,
    /// From when a consent to an earlier version no longer counts.
    pub reconsent_by: Option<Timestamp>,
}

/// Why consents to a version of a notice are to be given again: a later version differs
/// materially.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reconsent {
    /// From when they no longer count, if that is fixed.
    pub by: Option<Timestamp>,
}

impl Reconsent {
    /// Whether and by when consents to a version are to be given again. `versions` are
    /// those of the notice.
    pub fn of(versions: &[PublishedVersion], given: &NoticeVersion) -> Option<Self> {
        let given = versions.iter().find(|version| version.version == *given)?;
        let later = versions.iter().filter(|version| version.published_at > given.published_at);
        let material: Vec<&PublishedVersion> = later.filter(|version| version.change == ChangeKind::Material).collect();
        let by = material.iter().filter_map(|version| version.reconsent_by).min();
        (!material.is_empty()).then_some(Self { by })
    }
}

/// The answer to a question, as it is shown and logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The code of the purpose.
    pub purpose: Reference,
    /// Whether the data may be processed.
    pub allowed: bool,
    /// The answer with its reason.
    pub code: CheckCode,
    /// The record that decides it; `None`, like all of its data, if the person was never asked.
    pub record_id: Option<RecordId>,
    /// The notice of that record.
    pub notice_id: Option<NoticeId>,
    /// The notice's version.
    pub notice_version: Option<NoticeVersion>,
    /// The notice's language.
    pub language: Option<Language>,
    /// Until when a yes holds, if nothing is withdrawn or revoked before.
    pub valid_until: Option<Timestamp>,
}

/// The records and grants of a person.
#[derive(Debug, Default)]
pub struct Decisions {
    records: Vec<RecordSummary>,
    grants: HashMap<GrantId, GrantSummary>,
}

/// A consent, as far as it matters for a question.
struct Mention<'a> {
    record: &'a RecordSummary,
    code: CheckCode,
    /// When the person decided last.
    since: Timestamp,
    valid_until: Option<Timestamp>,
}

impl Mention<'_> {
    /// The same consent, given that it is to be given again.
    fn unless_given_again(self, Reconsent { by }: Reconsent, now: Timestamp) -> Self {
        if by.is_some_and(|by| by <= now) {
            return Self { code: CheckCode::ReconsentRequired, valid_until: None, ..self };
        }
        Self { code: CheckCode::ReconsentDue, valid_until: self.valid_until.into_iter().chain(by).min(), ..self }
    }
}

impl Decisions {
    /// Those of a person with these records and grants.
    pub fn new(records: Vec<RecordSummary>, grants: Vec<GrantSummary>) -> Self {
        Self { records, grants: grants.into_iter().map(|grant| (grant.grant_id, grant)).collect() }
    }

    /// Whether all records and grants that the records name are there. If not, some were
    /// written while the others were read. A grant's or record's end of retention can
    /// also be the cause.
    pub fn are_complete(&self) -> bool {
        let known: HashSet<_> = self.records.iter().map(|record| record.record_id).collect();
        self.records.iter().all(|record| {
            let successors = record.purposes.iter().filter_map(|purpose| purpose.denied_by);
            successors.chain(record.renewed_by).all(|successor| known.contains(&successor))
                && record.grant_id.is_none_or(|grant_id| self.chain(grant_id).is_some())
        })
    }

    /// Whether a grant was revoked under which something is still granted. Then a no
    /// depends on the moment at which the grants were read.
    pub fn have_revoked_grant(&self) -> bool {
        let grants = |record: &&RecordSummary| record.purposes.iter().any(|it| it.state == PurposeState::Granted);
        let chains = self.records.iter().filter(grants).filter_map(|record| self.chain(record.grant_id?));
        chains.flatten().any(|grant| grant.revoked_at.is_some())
    }

    /// The records that grant what a question asks for.
    pub fn granting(&self, question: &Question, now: Timestamp) -> impl Iterator<Item = &RecordSummary> {
        let mentions = self.records.iter().filter_map(move |record| self.mention(record, question, now));
        mentions.filter(|mention| mention.code == CheckCode::Allowed).map(|mention| mention.record)
    }

    /// The answer to a question about this person. `reconsent` says whether the consents
    /// to a version of a notice are to be given again.
    pub fn answer(
        &self,
        question: &Question,
        reconsent: impl Fn(&RecordSummary) -> Option<Reconsent>,
        now: Timestamp,
    ) -> Answer {
        let mentions = self.records.iter().filter_map(|record| self.mention(record, question, now));
        let mentions: Vec<(bool, Mention<'_>)> = mentions
            .map(|mention| match (mention.code, reconsent(mention.record)) {
                (CheckCode::Allowed, Some(due)) => (true, mention.unless_given_again(due, now)),
                (code, _) => (code == CheckCode::Allowed, mention),
            })
            .collect();
        let granting = mentions.iter().filter_map(|(grants, mention)| grants.then_some(mention));
        // Several consents may allow it. The one that does so for the longest time decides.
        let longest =
            granting.max_by_key(|mention| (mention.code.rank(), mention.valid_until, mention.record.record_id));
        let mentions = mentions.iter().map(|(_, mention)| mention);
        let latest = mentions.max_by_key(|mention| (mention.since, mention.record.record_id));
        let decisive = longest.or(latest);
        let code = decisive.map_or(CheckCode::NeverGiven, |mention| mention.code);
        let record = decisive.map(|mention| mention.record);
        Answer {
            purpose: question.purpose.clone(),
            allowed: code.allows(),
            code,
            record_id: record.map(|record| record.record_id),
            notice_id: record.map(|record| record.consent_notice_id.clone()),
            notice_version: record.map(|record| record.consent_notice_version.clone()),
            language: record.map(|record| record.consent_notice_language.clone()),
            valid_until: decisive.and_then(|mention| mention.valid_until),
        }
    }

    /// What a record says about a question; `None` if nothing.
    fn mention<'a>(&self, record: &'a RecordSummary, question: &Question, now: Timestamp) -> Option<Mention<'a>> {
        let is = |wanted: &Option<Reference>, value: &str| wanted.as_ref().is_none_or(|it| it.as_str() == value);
        let purpose = record.purposes.iter().find(|purpose| purpose.code.as_str() == question.purpose.as_str())?;
        if !is(&question.notice_id, record.consent_notice_id.as_str()) {
            return None;
        }
        // A record without a grant is a denial, which holds under every grant. A grant that is not
        // there was erased, and the record is about to be.
        let chain = match record.grant_id {
            Some(grant_id) => self.chain(grant_id)?,
            None => Vec::new(),
        };
        if let Some(grant) = chain.first() {
            let under = chain.iter().any(|grant| is(&question.grant_id, &grant.grant_id.to_string()));
            let has_scope = question.scope.is_none() || grant.scopes.iter().any(|it| is(&question.scope, it.as_str()));
            if !under || !has_scope {
                return None;
            }
        }
        let passed = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
        let grant_ends = chain.iter().filter_map(|grant| grant.expires_at).min();
        let code = match purpose.state {
            PurposeState::Denied => CheckCode::Denied,
            PurposeState::Withdrawn => CheckCode::Withdrawn,
            PurposeState::Granted if self.is_overruled(record, purpose) => CheckCode::Withdrawn,
            PurposeState::Granted if chain.iter().any(|grant| grant.revoked_at.is_some()) => CheckCode::GrantRevoked,
            PurposeState::Granted if passed(grant_ends) => CheckCode::GrantExpired,
            PurposeState::Granted if record.has_expired(now) => CheckCode::Expired,
            PurposeState::Granted => CheckCode::Allowed,
        };
        let ends = grant_ends.into_iter().chain(record.processing_expires_at).min();
        Some(Mention { record, code, since: purpose.since, valid_until: ends.filter(|_| code.allows()) })
    }

    /// Whether a later denial under the same notice ends the purpose of this record.
    fn is_overruled(&self, record: &RecordSummary, purpose: &DecidedPurpose) -> bool {
        self.records.iter().any(|later| {
            let denies = |other: &DecidedPurpose| other.state == PurposeState::Denied && other.code == purpose.code;
            later.record_id > record.record_id
                && later.consent_notice_id == record.consent_notice_id
                && later.purposes.iter().any(denies)
        })
    }

    /// A grant and its ancestors; `None` if one of them is not there.
    fn chain(&self, grant_id: GrantId) -> Option<Vec<&GrantSummary>> {
        let grant = self.grants.get(&grant_id)?;
        let ancestors = grant.ancestors.iter().map(|ancestor| self.grants.get(ancestor));
        [Some(grant)].into_iter().chain(ancestors).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clock, Random, RequestContext, consent_notice::PurposeCode};
    use proptest::prelude::*;

    fn time(seconds: u32) -> Timestamp {
        Timestamp::from_milliseconds(0).unwrap().plus_seconds(seconds)
    }

    fn context(seconds: u32) -> RequestContext {
        RequestContext::new(&Clock::new(move || time(seconds)), &Random::new(|bytes| bytes.fill(7)))
    }

    fn grant(created: u32) -> GrantSummary {
        GrantSummary {
            grant_id: GrantId::fresh(&context(created)),
            scopes: Vec::new(),
            ancestors: Vec::new(),
            expires_at: None,
            revoked_at: None,
        }
    }

    fn record(created: u32, state: PurposeState, grant: Option<&GrantSummary>) -> RecordSummary {
        RecordSummary {
            record_id: RecordId::fresh(&context(created)),
            grant_id: grant.map(|grant| grant.grant_id),
            consent_notice_id: NoticeId::parse("n").unwrap(),
            consent_notice_version: NoticeVersion::parse("1").unwrap(),
            consent_notice_language: Language::default(),
            processing_expires_at: Some(time(1_000)),
            purposes: vec![DecidedPurpose {
                code: PurposeCode::parse("p").unwrap(),
                state,
                since: time(created),
                denied_by: None,
            }],
            renewed_by: None,
        }
    }

    fn code(decisions: &Decisions) -> CheckCode {
        let question = Question {
            data_principal_id: PrincipalId::parse("asha").unwrap(),
            purpose: Reference::parse("p").unwrap(),
            notice_id: None,
            grant_id: None,
            scope: None,
        };
        decisions.answer(&question, |_| None, time(500)).code
    }

    #[test]
    fn what_was_not_read_yet_is_missed() {
        let granted = record(2, PurposeState::Granted, Some(&grant(1)));
        assert!(!Decisions::new(vec![granted.clone()], Vec::new()).are_complete());
        assert!(Decisions::new(vec![granted.clone()], vec![grant(1)]).are_complete());
        let successor = record(3, PurposeState::Granted, Some(&grant(1)));
        let renewed = RecordSummary { renewed_by: Some(successor.record_id), ..granted };
        assert!(!Decisions::new(vec![renewed.clone()], vec![grant(1)]).are_complete());
        assert!(Decisions::new(vec![renewed, successor], vec![grant(1)]).are_complete());
    }

    #[test]
    fn a_grant_is_revoked_with_its_ancestors() {
        let root = GrantSummary { revoked_at: Some(time(9)), ..grant(1) };
        let child = GrantSummary { ancestors: vec![root.grant_id], ..grant(2) };
        let granted = record(3, PurposeState::Granted, Some(&child));
        let decisions = Decisions::new(vec![granted], vec![root, child]);
        assert_eq!((code(&decisions), decisions.have_revoked_grant()), (CheckCode::GrantRevoked, true));
    }

    #[test]
    fn a_material_change_asks_again() {
        let version = |name: &str, published_at, change, reconsent_by| PublishedVersion {
            version: NoticeVersion::parse(name).unwrap(),
            published_at: time(published_at),
            change,
            reconsent_by,
        };
        let versions = [
            version("1", 1, ChangeKind::Material, None),
            version("2", 2, ChangeKind::Material, Some(time(20))),
            version("3", 3, ChangeKind::Material, Some(time(9))),
            version("4", 4, ChangeKind::Editorial, Some(time(5))),
        ];
        let due = |given: &str| Reconsent::of(&versions, &NoticeVersion::parse(given).unwrap());
        assert_eq!(due("1"), Some(Reconsent { by: Some(time(9)) }));
        assert_eq!(due("2"), Some(Reconsent { by: Some(time(9)) }));
        // An editorial change after it does not hide the material one, and is none itself.
        assert_eq!((due("3"), due("4"), due("5")), (None, None, None));
    }

    proptest! {
        /// Whatever was written when, the last of the consents and denials counts.
        #[test]
        fn the_last_decision_counts(decisions in prop::collection::vec(any::<bool>(), 0..8)) {
            let records = (2_u32..).zip(&decisions).map(|(created, granted)| {
                let state = if *granted { PurposeState::Granted } else { PurposeState::Denied };
                record(created, state, Some(&grant(1)))
            });
            let expected = match decisions.last() {
                None => CheckCode::NeverGiven,
                Some(true) => CheckCode::Allowed,
                Some(false) => CheckCode::Denied,
            };
            prop_assert_eq!(code(&Decisions::new(records.collect(), vec![grant(1)])), expected);
        }
    }
}
