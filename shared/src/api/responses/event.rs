//! The body of an event.

use crate::domain::{
    Timestamp,
    event::{Event, EventRecord, EventType},
    identifiers::{DeliveryId, EventId, GrantId, RecipientId, RecordId},
};
use serde::Serialize;
use uuid::Uuid;

/// An event of the feed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FeedEventResponse<'a> {
    id: EventId,
    #[serde(rename = "type")]
    kind: EventType,
    occurred_at: Timestamp,
    record_id: Option<RecordId>,
    purposes: &'a [String],
    added_purposes: &'a [String],
    expires_at: Option<Timestamp>,
    subject_sequence: Option<u64>,
    records: Vec<EventRecordResponse<'a>>,
    grant_id: Option<GrantId>,
    session_id: Option<Uuid>,
    recipient_id: Option<RecipientId>,
    delivery_id: Option<DeliveryId>,
}

/// What an event says of one record.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventRecordResponse<'a> {
    record_id: RecordId,
    purposes: &'a [String],
    subject_sequence: Option<u64>,
}

impl<'a> FeedEventResponse<'a> {
    /// An event.
    pub fn of(event: &'a Event) -> Self {
        let of_record = |record: &'a EventRecord| EventRecordResponse {
            record_id: record.record_id,
            purposes: &record.purposes,
            subject_sequence: record.subject_sequence,
        };
        Self {
            id: event.id,
            kind: event.kind,
            occurred_at: event.occurred_at,
            record_id: event.record_id,
            purposes: &event.purposes,
            added_purposes: &event.added_purposes,
            expires_at: event.expires_at,
            subject_sequence: event.subject_sequence,
            records: event.records.iter().map(of_record).collect(),
            grant_id: event.grant_id,
            session_id: event.session_id,
            recipient_id: event.recipient_id,
            delivery_id: event.delivery_id,
        }
    }
}
