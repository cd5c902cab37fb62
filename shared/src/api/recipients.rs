//! The parts of a body that several operations on recipients read.

use crate::{
    api::fields::{Fields, Validated},
    domain::{
        recipient::{Delivery, EVENTS, PURPOSES, RecipientEvents, RecipientPurposes},
        text::Invalid,
        webhook_url::{Reach, WebhookUrl},
    },
};

/// Reads the purposes of a recipient, if the body has them.
pub fn recipient_purposes(fields: &mut Fields) -> Validated<Option<RecipientPurposes>> {
    let named = fields.optional_texts("purposes", PURPOSES, RecipientPurposes::parse_one)?;
    let purposes = named.map(RecipientPurposes::of).transpose();
    purposes.map_err(|invalid| fields.error("purposes", invalid.0))
}

/// Reads the events that a recipient is told of, if the body has them.
pub fn recipient_events(fields: &mut Fields) -> Validated<Option<RecipientEvents>> {
    let named = fields.optional_texts("events", EVENTS, RecipientEvents::parse_one)?;
    let events = named.map(RecipientEvents::of).transpose();
    events.map_err(|invalid| fields.error("events", invalid.0))
}

/// Reads how a recipient learns what it must know. A URL may reach so far.
pub fn delivery(fields: &mut Fields, reach: Reach) -> Validated<Delivery> {
    let kind = fields.text("kind", Kind::parse);
    let url = fields.optional_text("url", |text| WebhookUrl::parse(text, reach));
    let include_principal_id = fields.optional_flag("includePrincipalId");
    let (kind, url, include_principal_id) = (kind?, url?, include_principal_id?);
    if let Kind::Webhook = kind {
        let url = url.ok_or_else(|| fields.error("url", "is required for a webhook"))?;
        return Ok(Delivery::Webhook { url, include_principal_id: include_principal_id.unwrap_or(true) });
    }
    let for_webhooks = [("url", url.is_some()), ("includePrincipalId", include_principal_id.is_some())];
    let misplaced = for_webhooks.into_iter().filter(|(_, is_given)| *is_given);
    let mut errors: Vec<_> = misplaced.map(|(name, _)| fields.error(name, "is for a webhook alone")).collect();
    match errors.pop() {
        Some(error) => Err(error),
        None => Ok(if let Kind::Pull = kind { Delivery::Pull } else { Delivery::Manual }),
    }
}

/// The kind of a delivery.
#[derive(Clone, Copy)]
enum Kind {
    Webhook,
    Pull,
    Manual,
}

impl Kind {
    fn parse(kind: &str) -> Result<Self, Invalid> {
        match kind {
            "webhook" => Ok(Self::Webhook),
            "pull" => Ok(Self::Pull),
            "manual" => Ok(Self::Manual),
            _ => Err(Invalid::new("must be webhook, pull or manual")),
        }
    }
}
