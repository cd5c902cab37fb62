//! The body of a withdrawal across all records of a person.

use crate::domain::{
    Timestamp,
    identifiers::{Reference, WithdrawalId},
    progress::Progress,
    withdrawal::PersonWithdrawal,
};
use serde::Serialize;

/// A withdrawal across all records, without the person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonWithdrawalResponse<'a> {
    withdrawal_id: WithdrawalId,
    status: Progress,
    purposes: Purposes<'a>,
    notice_id: Option<&'a Reference>,
    records_withdrawn: u64,
    submitted_at: Timestamp,
    completed_at: Option<Timestamp>,
}

/// The purposes, as the request names them.
#[derive(Serialize)]
#[serde(untagged)]
enum Purposes<'a> {
    Named(&'a [Reference]),
    All(&'static str),
}

impl<'a> PersonWithdrawalResponse<'a> {
    /// A withdrawal in its current state.
    pub fn of(withdrawal: &'a PersonWithdrawal) -> Self {
        Self {
            withdrawal_id: withdrawal.withdrawal_id,
            status: withdrawal.status,
            purposes: withdrawal.selection.purposes.as_deref().map_or(Purposes::All("*"), Purposes::Named),
            notice_id: withdrawal.selection.notice_id.as_ref(),
            records_withdrawn: withdrawal.records_withdrawn,
            submitted_at: withdrawal.submitted_at,
            completed_at: withdrawal.completed_at,
        }
    }
}
