//! The body of a page of an export.

use crate::{
    api::responses::{RecordResponse, TrailResponse},
    domain::{
        Tenant, Timestamp,
        export::{Export, ExportFormat, ExportType},
        identifiers::ExportId,
    },
    store::Exported,
};
use serde::Serialize;

/// A page of an export.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportResponse {
    export_id: ExportId,
    #[serde(rename = "type")]
    kind: ExportType,
    format: ExportFormat,
    /// The number of records on this page.
    record_count: usize,
    truncated: bool,
    data: ExportData,
    next_cursor: Option<String>,
    expires_at: Timestamp,
    created_at: Timestamp,
}

/// The data that the export asks for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExportData {
    #[serde(skip_serializing_if = "Option::is_none")]
    consent_records: Option<Vec<RecordResponse>>,
    /// The audit trails of the same records.
    #[serde(skip_serializing_if = "Option::is_none")]
    action_log: Option<Vec<TrailResponse>>,
}

impl ExportResponse {
    /// A page of an export of this tenant, with the cursor of the next page. The
    /// records are shown as they are at `now`.
    pub fn of(
        tenant: Tenant,
        export: &Export,
        exported: Vec<Exported>,
        next_cursor: Option<String>,
        now: Timestamp,
    ) -> Self {
        let question = &export.question;
        let (mut records, mut trails) = (Vec::new(), Vec::new());
        for Exported { record, trail } in exported {
            trails.extend(trail.map(|trail| TrailResponse::of(tenant, record.record.record_id, trail)));
            if question.include_consent_records {
                records.push(RecordResponse::of(record, now));
            }
        }
        Self {
            export_id: export.export_id,
            kind: question.kind,
            format: question.format,
            record_count: records.len(),
            truncated: next_cursor.is_some(),
            data: ExportData {
                consent_records: question.include_consent_records.then_some(records),
                action_log: question.include_action_log.then_some(trails),
            },
            next_cursor,
            expires_at: export.expires_at,
            created_at: export.created_at,
        }
    }
}
