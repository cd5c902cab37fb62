//! The body of an erasure request.

use crate::domain::{
    Timestamp,
    erasure::{ErasureCounts, ErasureRequest, ErasureStatus},
    identifiers::ErasureRequestId,
};
use serde::Serialize;

/// An erasure request, without the person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasureResponse {
    request_id: ErasureRequestId,
    status: ErasureStatus,
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
            ("grants", "Kept without the person, revoked, as what the consent records rest on", None),
            (
                "grievances",
                "Kept without the person and their words, as proof of how grievances were dealt with (DPDP Act s.13)",
                Some(counts.grievances_redacted),
            ),
            ("sessions", "Kept without the person, as proof of what was consented to", Some(counts.sessions_redacted)),
            (
                "site_events",
                "Kept without the user, their address, program and part of the world, as proof of what sites were told",
                Some(counts.site_events_redacted),
            ),
            (
                "site_users",
                "For about a day, by their concordId: that a site's user was erased, so that no session that still \
                 lasts brings them back, and which answers were sealed under their key, which is deleted",
                None,
            ),
            (
                "audit_entries",
                "Kept without the person: what was personal in them was sealed under keys that are deleted",
                None,
            ),
            (
                "erasure_requests",
                "This request is kept, and a code of the person's id that only this deployment can make, by which a \
                 repeat is known",
                None,
            ),
            ("backups", "Point-in-time recovery keeps what was deleted for 35 days at the most", None),
        ]
        .into_iter()
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
