//! The body of a delivery.

use crate::domain::{
    Timestamp,
    delivery::{Acknowledgement, Channel, Delivery, DeliveryStatus, Failure},
    event::EventType,
    identifiers::{DeliveryId, EventId, RecipientId, RecordId},
};
use serde::Serialize;

/// A delivery, as it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryResponse<'a> {
    id: DeliveryId,
    recipient_id: RecipientId,
    event_id: EventId,
    #[serde(rename = "type")]
    kind: EventType,
    record_id: Option<RecordId>,
    purposes: &'a [String],
    added_purposes: &'a [String],
    occurred_at: Timestamp,
    subject_sequence: Option<u64>,
    channel: Channel,
    status: DeliveryStatus,
    attempts: u32,
    next_attempt_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    last_failure: Option<&'a Failure>,
    acknowledgement: Option<&'a Acknowledgement>,
}

impl<'a> DeliveryResponse<'a> {
    /// What is shown of it.
    pub fn of(delivery: &'a Delivery) -> Self {
        Self {
            id: delivery.id,
            recipient_id: delivery.recipient_id,
            event_id: delivery.event_id,
            kind: delivery.kind,
            record_id: delivery.record_id,
            purposes: &delivery.purposes,
            added_purposes: &delivery.added_purposes,
            occurred_at: delivery.occurred_at,
            subject_sequence: delivery.subject_sequence,
            channel: delivery.channel,
            status: delivery.status,
            attempts: delivery.attempts,
            next_attempt_at: delivery.next_attempt_at,
            delivered_at: delivery.delivered_at,
            last_failure: delivery.last_failure.as_ref(),
            acknowledgement: delivery.acknowledgement.as_ref(),
        }
    }
}
