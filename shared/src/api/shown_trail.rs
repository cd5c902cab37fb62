//! Audit trails as answers show them, whole in exports and page by page.

use crate::domain::{Tenant, audit::Subject, identifiers::RecordId, trail::Trail};
use serde::Serialize;
use serde_json::Value;

/// A consent record's audit trail, or some of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownTrail {
    /// It is in every hash, so whoever verifies needs it.
    tenant_id: Tenant,
    /// So is this.
    subject: String,
    record_id: RecordId,
    entries: Vec<Value>,
    anonymized: bool,
    chain: ShownChain,
}

/// What the whole chain comes to, whichever part of it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownChain {
    valid: bool,
    length: u64,
    head: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_invalid_sequence: Option<u64>,
}

impl ShownTrail {
    /// The trail of one of this tenant's records.
    pub fn of(tenant: Tenant, record_id: RecordId, trail: Trail) -> Self {
        Self {
            tenant_id: tenant,
            subject: Subject::record(record_id).to_string(),
            record_id,
            entries: trail.entries,
            anonymized: trail.anonymized,
            chain: ShownChain {
                valid: trail.first_invalid.is_none(),
                length: trail.chain.length,
                head: trail.chain.head,
                first_invalid_sequence: trail.first_invalid,
            },
        }
    }
}
