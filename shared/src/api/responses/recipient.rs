//! The body of a recipient.

use crate::domain::{
    Timestamp,
    identifiers::RecipientId,
    recipient::{DatedRecipient, Recipient, RecipientProfile, RecipientVersion},
    webhook_secret::WebhookSecret,
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
    /// Shown once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    signing_secret: Option<String>,
}

impl<'a> RecipientResponse<'a> {
    /// A recipient with its history.
    pub fn of(dated: &'a DatedRecipient) -> Self {
        Self { history: Some(&dated.history), ..Self::listed(&dated.recipient) }
    }

    /// The same with the signing secret of its webhooks, if that was just made.
    pub fn with_secret(dated: &'a DatedRecipient, secret: Option<&WebhookSecret>) -> Self {
        Self { signing_secret: secret.map(WebhookSecret::reveal), ..Self::of(dated) }
    }

    /// A recipient as lists show it.
    pub fn listed(recipient: &'a Recipient) -> Self {
        let Recipient { id, profile, since, created_at, ended_at, .. } = recipient;
        Self {
            id: *id,
            profile,
            since: *since,
            created_at: *created_at,
            ended_at: *ended_at,
            history: None,
            signing_secret: None,
        }
    }
}
