//! The body of consent events.

use crate::domain::{
    Tenant, Timestamp,
    consent_catalog::{Category, ConsentState, Label, Placement},
    consent_event::{ConsentAction, ConsentEvent, EventSession},
};
use serde::Serialize;
use uuid::Uuid;

/// A consent event, with the fields of the source document, which has several
/// names for the same moment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventResponse {
    id: Uuid,
    concord_id: Uuid,
    consent_action: ConsentAction,
    consent_state: ConsentState,
    consent_date: Timestamp,
    expiration_date: Timestamp,
    date_created: Timestamp,
    date_updated: Timestamp,
    created_at: Timestamp,
    updated_at: Timestamp,
    consent_type: Uuid,
    organization: Tenant,
    project: Uuid,
    session: EventSession,
    submitter: Uuid,
    category: Option<Category>,
    subcategory: Option<Category>,
    label: Option<Label>,
    version: u32,
}

impl EventResponse {
    /// An event of this tenant.
    pub fn of(event: &ConsentEvent, organization: Tenant) -> Self {
        let (category, subcategory, label) = match event.placement.clone() {
            Some(Placement { category, subcategory, label }) => (Some(category), Some(subcategory), Some(label)),
            None => (None, None, None),
        };
        Self {
            id: event.id,
            concord_id: event.concord_id,
            consent_action: event.consent_action,
            consent_state: event.consent_state,
            consent_date: event.consent_date,
            expiration_date: event.expiration_date,
            date_created: event.consent_date,
            date_updated: event.consent_date,
            created_at: event.consent_date,
            updated_at: event.consent_date,
            consent_type: event.consent_type,
            organization,
            project: event.project,
            session: event.session.clone(),
            submitter: event.submitter,
            category,
            subcategory,
            label,
            version: event.version.number(),
        }
    }
}

/// A page of an end user's events.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventsResponse {
    count: usize,
    items: Vec<EventResponse>,
    next_cursor: Option<String>,
}

impl EventsResponse {
    /// A page of this tenant's events, with the cursor of the next.
    pub fn of(events: &[ConsentEvent], next_cursor: Option<String>, organization: Tenant) -> Self {
        let items: Vec<EventResponse> = events.iter().map(|event| EventResponse::of(event, organization)).collect();
        Self { count: items.len(), items, next_cursor }
    }
}
