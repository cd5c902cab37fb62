//! Erasure: what is left of a person when they ask to be forgotten
//! (DPDP Act s.12(3), GDPR art. 17).

use crate::domain::{RequestContext, Timestamp, audit::Chain, identifiers::ErasureRequestId};
use serde::{Deserialize, Serialize};

/// In how many days a request is to be completed (GDPR art. 12(3): a month).
const DAYS: u32 = 30;

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureStatus {
    /// Something of the person is left; the same call again drives it onward.
    InProgress,
    /// Nothing is.
    Completed,
}

/// What has been taken away, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErasureCounts {
    /// Consent records that the person is no longer in.
    pub records_erased: u64,
    /// Grants without a parent that were usable until then.
    pub grants_revoked: u64,
    /// Grants delegated from others that were usable until then.
    pub delegated_grants_revoked: u64,
    /// Grievances without the person and their words.
    pub grievances_redacted: u64,
    /// Exports about the person.
    pub exports_deleted: u64,
    /// DPDP sessions without the person.
    pub sessions_redacted: u64,
    /// Consent events of sites without their user.
    pub site_events_redacted: u64,
}

impl ErasureCounts {
    /// Both together.
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

/// A request as it is stored: without the person it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasureRequest {
    /// Its own name.
    pub request_id: ErasureRequestId,
    /// How far it has come.
    pub status: ErasureStatus,
    /// What has been taken away by it.
    pub counts: ErasureCounts,
    /// When it was made.
    pub submitted_at: Timestamp,
    /// When nothing was left.
    pub completed_at: Option<Timestamp>,
    /// By when nothing is to be left.
    pub expected_completion_by: Timestamp,
    /// Counts the steps: a step is made of the revision it was read as.
    pub revision: u64,
    /// Its audit trail's.
    pub chain: Chain,
}

impl ErasureRequest {
    /// A request of this moment.
    pub fn submit(context: &RequestContext) -> Self {
        Self {
            request_id: ErasureRequestId::fresh(context),
            status: ErasureStatus::InProgress,
            counts: ErasureCounts::default(),
            submitted_at: context.now,
            completed_at: None,
            expected_completion_by: context.now.plus_days(DAYS),
            revision: 0,
            chain: Chain::default(),
        }
    }

    /// The request after a step that took this away.
    #[must_use]
    pub fn after(&self, step: ErasureCounts) -> Self {
        Self { counts: self.counts.and(step), revision: self.revision + 1, ..self.clone() }
    }

    /// The request when nothing is left.
    #[must_use]
    pub fn completed(&self, now: Timestamp) -> Self {
        let completed_at = Some(now);
        Self { status: ErasureStatus::Completed, completed_at, revision: self.revision + 1, ..self.clone() }
    }
}
