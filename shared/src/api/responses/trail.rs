//! The body of an audit trail, whole or a page of it.

use crate::domain::{Tenant, audit::Subject, identifiers::RecordId, trail::Trail};
use serde::Serialize;
use serde_json::Value;

/// The audit trail of a consent record, or a page of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrailResponse {
    /// Part of the input of every hash, so it is needed to verify them.
    tenant_id: Tenant,
    /// Part of the input of every hash too.
    subject: String,
    record_id: RecordId,
    entries: Vec<Value>,
    anonymized: bool,
    chain: ChainResponse,
}

/// The state of the whole chain, whichever page of the trail is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainResponse {
    valid: bool,
    length: u64,
    head: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_invalid_sequence: Option<u64>,
}

impl ChainResponse {
    /// The state of this trail's chain.
    pub fn of(trail: &Trail) -> Self {
        Self {
            valid: trail.first_invalid.is_none(),
            length: trail.chain.length,
            head: trail.chain.head.clone(),
            first_invalid_sequence: trail.first_invalid,
        }
    }
}

impl TrailResponse {
    /// The trail of a record of this tenant.
    pub fn of(tenant: Tenant, record_id: RecordId, trail: Trail) -> Self {
        Self {
            tenant_id: tenant,
            subject: Subject::record(record_id).to_string(),
            record_id,
            chain: ChainResponse::of(&trail),
            entries: trail.entries,
            anonymized: trail.anonymized,
        }
    }
}
