//! Erasure: requests to remove a person's data
//! (DPDP Act s.12(3), GDPR art. 17).

use crate::domain::{RequestContext, Timestamp, audit::Chain, identifiers::ErasureRequestId, progress::Progress};
use serde::{Deserialize, Serialize};

/// The days within which a request must be completed (GDPR art. 12(3): a month).
const DAYS: u32 = 30;

/// The numbers of erased, revoked and deleted items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErasureCounts {
    /// Consent records from which the person was removed.
    pub records_erased: u64,
    /// Grants without a parent that were usable until the erasure.
    pub grants_revoked: u64,
    /// Delegated grants that were usable until the erasure.
    pub delegated_grants_revoked: u64,
    /// Grievances from which the person and their text were removed.
    pub grievances_redacted: u64,
    /// Deleted exports about the person.
    pub exports_deleted: u64,
    /// DPDP sessions from which the person was removed.
    pub sessions_redacted: u64,
    /// Consent events of sites from which the user was removed.
    pub site_events_redacted: u64,
}

impl ErasureCounts {
    /// The sums of both.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self {
            records_erased: self.records_erased + more.records_erased,
            grants_revoked: self.grants_revoked + more.grants_revoked,
            delegated_grants_revoked: self.delegated_grants_revoked + more.delegated_grants_revoked,
            grievances_redacted: self.grievances_redacted + more.grievances_redacted,
            exports_deleted: self.exports_deleted + more.exports_deleted,
            sessions_redacted: self.sessions_redacted + more.sessions_redacted,
            site_events_redacted: self.site_events_redacted + more.site_events_redacted,
        }
    }
}

/// A stored request. It does not name the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasureRequest {
    /// Its id.
    pub request_id: ErasureRequestId,
    /// Its progress.
    pub status: Progress,
    /// What it has erased so far.
    pub counts: ErasureCounts,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// The day by which it must be completed.
    pub expected_completion_by: Timestamp,
    /// The number of steps. A step is written only if this number is still the one that was read.
    pub revision: u64,
    /// Its audit trail.
    pub chain: Chain,
}

impl ErasureRequest {
    /// A request that is submitted now.
    pub fn submit(context: &RequestContext) -> Self {
        Self {
            request_id: ErasureRequestId::fresh(context),
            status: Progress::InProgress,
            counts: ErasureCounts::default(),
            submitted_at: context.now,
            completed_at: None,
            expected_completion_by: context.now.plus_days(DAYS),
            revision: 0,
            chain: Chain::default(),
        }
    }

    /// The request after a step with these counts.
    #[must_use]
    pub fn after(&self, step: ErasureCounts) -> Self {
        Self { counts: self.counts.and(step), revision: self.revision + 1, ..self.clone() }
    }

    /// The completed request.
    #[must_use]
    pub fn completed(&self, now: Timestamp) -> Self {
        let completed_at = Some(now);
        Self { status: Progress::Completed, completed_at, revision: self.revision + 1, ..self.clone() }
    }
}
