//! The body of a consent record.

use crate::domain::{
    Timestamp,
    consent_notice::{Language, NoticeId, NoticeVersion},
    consent_record::{ConsentRecord, RecordStatus, RecordedPurpose, WithdrawalReason},
    decision::Circumstances,
    grant::GrantScope,
    identifiers::{GrantId, PrincipalId, RecordId},
    proof::{CommitmentSalt, ConsentProof},
};
use serde::Serialize;

/// A consent record with all its fields.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordResponse {
    record_id: RecordId,
    grant_id: Option<GrantId>,
    data_principal_id: Option<PrincipalId>,
    data_fiduciary_name: String,
    purposes: Vec<RecordedPurpose>,
    scopes: Vec<GrantScope>,
    consent_notice_id: NoticeId,
    consent_notice_version: NoticeVersion,
    consent_notice_language: Language,
    consent_notice_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_hash: Option<String>,
    consent_proof: ConsentProof,
    commitment_salt: Option<CommitmentSalt>,
    processing_expires_at: Option<Timestamp>,
    #[serde(flatten)]
    circumstances: Circumstances,
    retention_until: Timestamp,
    status: RecordStatus,
    consent_given_at: Timestamp,
    created_at: Timestamp,
    access_count: u64,
    last_accessed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renewed_by: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renewed_at: Option<Timestamp>,
    withdrawn_at: Option<Timestamp>,
    withdrawn_reason: Option<WithdrawalReason>,
    erased_at: Option<Timestamp>,
}

impl RecordResponse {
    /// The record as it is at `now`.
    pub fn of(record: ConsentRecord, now: Timestamp) -> Self {
        Self {
            status: record.status(now),
            record_id: record.record_id,
            grant_id: record.grant_id,
            data_principal_id: record.data_principal_id,
            data_fiduciary_name: record.data_fiduciary_name,
            purposes: record.purposes,
            scopes: record.scopes,
            consent_notice_id: record.consent_notice_id,
            consent_notice_version: record.consent_notice_version,
            consent_notice_language: record.consent_notice_language,
            consent_notice_hash: record.consent_notice_hash,
            document_hash: record.document_hash,
            consent_proof: record.consent_proof,
            commitment_salt: record.commitment_salt,
            processing_expires_at: record.processing_expires_at,
            circumstances: record.circumstances,
            retention_until: record.retention_until,
            consent_given_at: record.created_at,
            created_at: record.created_at,
            access_count: record.access_count,
            last_accessed_at: record.last_accessed_at,
            renewed_by: record.renewed_by,
            renewed_at: record.renewed_at,
            withdrawn_at: record.withdrawn_at,
            withdrawn_reason: record.withdrawn_reason,
            erased_at: record.erased_at,
        }
    }
}
