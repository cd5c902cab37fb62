//! The body of an erasure request.

use crate::domain::{
    Timestamp,
    erasure::{ErasureCounts, ErasureRequest},
    identifiers::ErasureRequestId,
    progress::Progress,
};
use serde::Serialize;

const NOTIFICATIONS: &str = "undelivered_notifications";

/// An erasure request, without the person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasureResponse {
    request_id: ErasureRequestId,
    status: Progress,
    #[serde(flatten)]
    counts: ErasureCounts,
    retained: Vec<Retained>,
    submitted_at: Timestamp,
    completed_at: Option<Timestamp>,
    expected_completion_by: Timestamp,
}

/// Data that is kept in spite of the erasure, and the reason.
#[derive(Serialize)]
struct Retained {
    category: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
}

impl ErasureResponse {
    /// A request in its current state.
    pub fn of(request: &ErasureRequest) -> Self {
        let counts = &request.counts;
        let retained = [
            (
                "consent_records",
                "Kept without the person, as proof of consent (DPDP Act s.6(10))",
                Some(counts.records_erased),
            ),
            (
                NOTIFICATIONS,
                "Kept until recipients of the data have confirmed that they have erased it, for at most 120 days: the person's id, encrypted under keys that are then deleted, to tell them whom to erase",
                None,
            ),
            ("grants", "Kept without the person, revoked, because the consent records refer to them", None),
            (
                "grievances",
                "Kept without the person and their words, as proof of how grievances were handled (DPDP Act s.13)",
                Some(counts.grievances_redacted),
            ),
            ("sessions", "Kept without the person, as proof of what was consented to", Some(counts.sessions_redacted)),
            (
                "site_events",
                "Kept without the user, their address, user agent and geography, as proof of the recorded choices",
                Some(counts.site_events_redacted),
            ),
            (
                "site_users",
                "Kept for about a day, by concordId: the fact of the erasure, so that no running session creates the user \
                 again, and the list of the responses that are encrypted under the user's key, which is deleted",
                None,
            ),
            (
                "audit_entries",
                "Kept without the person: the personal data in them is encrypted under keys that are deleted",
                None,
            ),
            (
                "erasure_requests",
                "This request is kept, with a code of the person's id that only this deployment can compute, to recognise \
                 a repeat",
                None,
            ),
            (
                "withdrawals",
                "Withdrawals across all records are kept without the person; one that is still in progress, with a code of \
                 the person's id that only this deployment can compute, to continue it",
                None,
            ),
            (
                "consent_checks",
                "Logged checks are kept for a year, as proof of what was answered, with a code of the person's id that only \
                 this deployment can compute",
                None,
            ),
            ("backups", "Point-in-time recovery keeps deleted data for 35 days at most", None),
        ]
        .into_iter()
        // Recipients are only told of records.
        .filter(|(category, ..)| *category != NOTIFICATIONS || counts.records_erased > 0)
        .map(|(category, reason, count)| Retained { category, reason, count })
        .collect();
        Self {
            request_id: request.request_id,
            status: request.status,
            counts: request.counts,
            retained,
            submitted_at: request.submitted_at,
            completed_at: request.completed_at,
            expected_completion_by: request.expected_completion_by,
        }
    }
}
