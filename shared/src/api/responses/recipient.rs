//! The body of a recipient.

use crate::domain::{
    Timestamp,
    identifiers::RecipientId,
    recipient::{DatedRecipient, Recipient, RecipientProfile, RecipientVersion},
};
use serde::Serialize;

/// A recipient. What is not set is null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecipientResponse<'a> {
    id: RecipientId,
    #[serde(flatten)]
    profile: &'a RecipientProfile,
    since: Timestamp,
    created_at: Timestamp,
    ended_at: Option<Timestamp>,
    /// Lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<&'a [RecipientVersion]>,
}

impl<'a> RecipientResponse<'a> {
    /// A recipient with its history.
    pub fn of(dated: &'a DatedRecipient) -> Self {
        Self { history: Some(&dated.history), ..Self::listed(&dated.recipient) }
    }

    /// A recipient as lists show it.
    pub fn listed(recipient: &'a Recipient) -> Self {
        let Recipient { id, profile, since, created_at, ended_at, .. } = recipient;
        Self { id: *id, profile, since: *since, created_at: *created_at, ended_at: *ended_at, history: None }
    }
}
