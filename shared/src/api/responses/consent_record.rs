//! The body of a consent record.

use crate::domain::{
    Timestamp,
    consent_notice::{Language, NoticeId, NoticeVersion, PurposeCode, PurposeDescription},
    consent_record::{
        Accesses, ConsentRecord, RecordDetails, RecordStatus, RecordedPurpose, WholeRecord, WithdrawalReason,
    },
    decision::{Circumstances, Decision},
    grant::GrantScope,
    identifiers::{GrantId, PrincipalId, RecordId},
    proof::{CommitmentSalt, ConsentProof},
};
use serde::Serialize;

/// A purpose in the notice's words, with the decision about it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PurposeResponse {
    code: PurposeCode,
    description: PurposeDescription,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Decision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denied_by: Option<RecordId>,
}

impl PurposeResponse {
    /// The purposes of a record.
    pub fn of(record: &ConsentRecord, details: &RecordDetails) -> Vec<Self> {
        let described = record.purposes.iter().cloned().zip(details.purpose_descriptions.iter().cloned());
        let response = |(RecordedPurpose { code, decision, withdrawn_at, denied_by }, description)| Self {
            code,
            description,
            decision,
            withdrawn_at,
            denied_by,
        };
        described.map(response).collect()
    }
}

/// A consent record with all its fields.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordResponse {
    record_id: RecordId,
    grant_id: Option<GrantId>,
    data_principal_id: Option<PrincipalId>,
    data_fiduciary_name: String,
    purposes: Vec<PurposeResponse>,
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
    #[serde(flatten)]
    accesses: Accesses,
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
    pub fn of(whole: WholeRecord, now: Timestamp) -> Self {
        let WholeRecord { record, details, accesses } = whole;
        Self {
            status: record.status(now),
            purposes: PurposeResponse::of(&record, &details),
            record_id: record.record_id,
            grant_id: record.grant_id,
            data_principal_id: record.data_principal_id,
            data_fiduciary_name: details.data_fiduciary_name,
            scopes: details.scopes,
            consent_notice_id: record.consent_notice_id,
            consent_notice_version: record.consent_notice_version,
            consent_notice_language: record.consent_notice_language,
            consent_notice_hash: details.consent_notice_hash,
            document_hash: details.document_hash,
            consent_proof: details.consent_proof,
            commitment_salt: record.commitment_salt,
            processing_expires_at: record.processing_expires_at,
            circumstances: record.circumstances,
            retention_until: record.retention_until,
            consent_given_at: record.created_at,
            created_at: record.created_at,
            accesses,
            renewed_by: record.renewed_by,
            renewed_at: record.renewed_at,
            withdrawn_at: record.withdrawn_at,
            withdrawn_reason: record.withdrawn_reason,
            erased_at: record.erased_at,
        }
    }
}
