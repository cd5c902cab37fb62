//! Withdrawals across all records of a person (DPDP Act s.6(4), GDPR art. 7(3)).

use crate::domain::{
    DomainError, FieldError, RequestContext, Timestamp,
    consent_record::{ConsentRecord, PurposeState, RecordSummary},
    identifiers::{Reference, WithdrawalId},
    progress::Progress,
};
use serde::{Deserialize, Serialize};

/// Which purposes end, in which records of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Selection {
    /// The codes of the purposes, without duplicates; `None` for all.
    pub purposes: Option<Vec<Reference>>,
    /// The notice to which the person consented; `None` for any.
    pub notice_id: Option<Reference>,
}

impl Selection {
    /// The same for every order of the purposes.
    #[must_use]
    pub fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        sorted.purposes.iter_mut().for_each(|purposes| purposes.sort_unstable());
        sorted
    }

    /// Whether something that it selects is granted in the record, as its summary says.
    /// A consent that has expired can still be withdrawn.
    pub fn selects(&self, summary: &RecordSummary) -> bool {
        let granted = summary.purposes.iter().filter(|purpose| purpose.state == PurposeState::Granted);
        self.is_of_notice(summary.consent_notice_id.as_str())
            && granted.into_iter().any(|purpose| self.has(purpose.code.as_str()))
    }

    /// What of it a record can end: the record's purposes among those that it names, or
    /// `None` for all of the record. The outer `None` if nothing of it is granted there.
    pub fn within(&self, record: &ConsentRecord) -> Option<Option<Vec<Reference>>> {
        let is_selected = self.is_of_notice(record.consent_notice_id.as_str())
            && record.granted_codes().iter().any(|code| self.has(code.as_str()));
        let known = |code: &&Reference| record.purposes.iter().any(|purpose| purpose.code.as_str() == code.as_str());
        let purposes = || self.purposes.as_ref().map(|codes| codes.iter().filter(known).cloned().collect());
        is_selected.then(purposes)
    }

    /// Fails if none of these records, which are all of the person, has anything that it names: then there was nothing
    /// to withdraw, and a misspelled code must not look like a withdrawal that has happened.
    pub fn require_in(&self, summaries: &[RecordSummary]) -> Result<(), DomainError> {
        let of_notice: Vec<_> =
            summaries.iter().filter(|it| self.is_of_notice(it.consent_notice_id.as_str())).collect();
        if of_notice.is_empty() {
            let error = FieldError::new("noticeId", "names a notice that the person has not decided about");
            return Err(DomainError::InvalidNotice(error));
        }
        if of_notice.iter().flat_map(|it| &it.purposes).any(|purpose| self.has(purpose.code.as_str())) {
            return Ok(());
        }
        let named = 0..self.purposes.as_ref().map_or(0, Vec::len);
        let error = |position| {
            FieldError::new(
                format!("purposes[{position}]"),
                "is the code of no purpose that the person has decided about",
            )
        };
        Err(DomainError::InvalidPurpose(named.map(error).collect()))
    }

    fn is_of_notice(&self, notice_id: &str) -> bool {
        self.notice_id.as_ref().is_none_or(|wanted| wanted.as_str() == notice_id)
    }

    fn has(&self, code: &str) -> bool {
        self.purposes.as_ref().is_none_or(|purposes| purposes.iter().any(|purpose| purpose.as_str() == code))
    }
}

/// A stored withdrawal. It names neither the person nor the reason: the records do,
/// until an erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonWithdrawal {
    /// Its id.
    pub withdrawal_id: WithdrawalId,
    /// Its progress.
    pub status: Progress,
    /// What it withdraws.
    #[serde(flatten)]
    pub selection: Selection,
    /// In how many records it has ended something so far.
    pub records_withdrawn: u64,
    /// When it was requested.
    pub submitted_at: Timestamp,
    /// When nothing that it selects was granted any more.
    pub completed_at: Option<Timestamp>,
    /// The number of steps. A step is written only if this number is still the one that was read.
    pub revision: u64,
}

impl PersonWithdrawal {
    /// A withdrawal that is requested now.
    pub fn submit(selection: Selection, context: &RequestContext) -> Self {
        Self {
            withdrawal_id: WithdrawalId::fresh(context),
            status: Progress::InProgress,
            selection,
            records_withdrawn: 0,
            submitted_at: context.now,
            completed_at: None,
            revision: 0,
        }
    }

    /// The withdrawal after a step that ended something in this many records.
    #[must_use]
    pub fn after(&self, records: u64) -> Self {
        Self { records_withdrawn: self.records_withdrawn + records, revision: self.revision + 1, ..self.clone() }
    }

    /// The completed withdrawal.
    #[must_use]
    pub fn completed(&self, now: Timestamp) -> Self {
        Self { status: Progress::Completed, completed_at: Some(now), revision: self.revision + 1, ..self.clone() }
    }
}
