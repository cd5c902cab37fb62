//! Consent records: each records the person, the purposes, the notice and the
//! end of a consent (DPDP Act s.6).

use crate::domain::{
    DomainError, FieldError, Invalid, Timestamp,
    audit::Chain,
    consent_notice::{Language, NoticeId, NoticeVersion, Purpose, RegisteredNotice},
    grant::{GrantScope, GrantStatus, GrantWithAncestors},
    identifiers::{GrantId, PrincipalId, RecordId, Reference},
    proof::{CommitmentSalt, ConsentProof},
    state_tag::StateTag,
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};

text_type! {
    /// The reason for a withdrawal: 1–2000 characters.
    WithdrawalReason = |value| plain_text(value, 2000)
}

/// A consent that is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentDraft {
    /// The grant that it authorises.
    pub grant: Reference,
    /// The person who consented.
    pub data_principal_id: PrincipalId,
    /// Codes of the notice's purposes, without duplicates.
    pub purposes: Vec<Reference>,
    /// The notice.
    pub notice: Reference,
    /// The notice's version; by default the newest.
    pub notice_version: Option<Reference>,
    /// The notice's language; by default the version's first.
    pub notice_language: Option<Language>,
    /// The end of the time in which the data may be processed.
    pub processing_expires_at: Timestamp,
}

/// How long a record is kept after processing has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The days that a record is kept after `processingExpiresAt`.
    pub days_after_processing: u32,
}

impl Retention {
    /// A record is kept for at least a year, whatever is configured.
    const LEAST_MONTHS: u32 = 12;

    /// The end of the retention of a record that is created now.
    pub fn until(self, processing_expires_at: Timestamp, now: Timestamp) -> Timestamp {
        processing_expires_at.plus_days(self.days_after_processing).max(now.plus_months(Self::LEAST_MONTHS))
    }
}

/// The stored state of a record. Expiry is not stored: it follows from the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordState {
    /// The consent is valid.
    Active,
    /// The person has withdrawn the consent (DPDP Act s.6(4)).
    Withdrawn,
    /// The person's data was removed from the record (DPDP Act s.12(3), GDPR art. 17).
    Erased,
}

/// The status of a record at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordStatus {
    /// The consent is valid.
    Active,
    /// `processingExpiresAt` has passed.
    Expired,
    /// The person has withdrawn the consent.
    Withdrawn,
    /// The person's data was removed from the record.
    Erased,
}

impl RecordStatus {
    /// `active`, `expired`, `withdrawn` or `erased`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "active" => Ok(Self::Active),
            "expired" => Ok(Self::Expired),
            "withdrawn" => Ok(Self::Withdrawn),
            "erased" => Ok(Self::Erased),
            _ => Err(Invalid::new("must be active, expired, withdrawn or erased")),
        }
    }
}

/// A consent record as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentRecord {
    /// Its id.
    pub record_id: RecordId,
    /// The grant that it authorises.
    pub grant_id: GrantId,
    /// The person who consented; `None` after erasure.
    pub data_principal_id: Option<PrincipalId>,
    /// The name of the data fiduciary.
    pub data_fiduciary_name: String,
    /// The purposes, in the notice's words.
    pub purposes: Vec<Purpose>,
    /// The grant's scopes when the consent was given.
    pub scopes: Vec<GrantScope>,
    /// The notice.
    pub consent_notice_id: NoticeId,
    /// The notice's version.
    pub consent_notice_version: NoticeVersion,
    /// The notice's language.
    pub consent_notice_language: Language,
    /// The SHA-256 of the notice's content, in lowercase hex.
    pub consent_notice_hash: String,
    /// The SHA-256 of everything that the notice shows, in lowercase hex. `None` if the notice was
    /// registered before documents had hashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_hash: Option<String>,
    /// The signed proof of all of this.
    pub consent_proof: ConsentProof,
    /// The commitment to the person, as in the proof.
    pub data_principal_commitment: String,
    /// The salt with which the commitment can be checked; `None` after erasure.
    pub commitment_salt: Option<CommitmentSalt>,
    /// The end of the time in which the data may be processed.
    pub processing_expires_at: Timestamp,
    /// The end of the record's retention.
    pub retention_until: Timestamp,
    /// Its stored state.
    pub state: RecordState,
    /// When it was created, which is when the consent was given.
    pub created_at: Timestamp,
    /// When the consent was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// The reason for the withdrawal.
    pub withdrawn_reason: Option<WithdrawalReason>,
    /// When the person was erased from it.
    pub erased_at: Option<Timestamp>,
    /// The number of times that the record was read.
    pub access_count: u64,
    /// When it was last read.
    pub last_accessed_at: Option<Timestamp>,
    /// Its audit trail.
    pub chain: Chain,
}

impl ConsentRecord {
    /// Identifies its state at this moment. An access does not change the tag.
    pub fn tag(&self, now: Timestamp) -> StateTag {
        StateTag::new(match self.status(now) {
            RecordStatus::Active => "active",
            RecordStatus::Expired => "expired",
            RecordStatus::Withdrawn => "withdrawn",
            RecordStatus::Erased => "erased",
        })
    }

    /// Fails if it cannot be withdrawn: because it was withdrawn or erased. An
    /// expired consent can still be withdrawn.
    pub fn require_withdrawable(&self) -> Result<(), DomainError> {
        match self.state {
            RecordState::Active => Ok(()),
            RecordState::Withdrawn => Err(DomainError::AlreadyWithdrawn),
            RecordState::Erased => Err(DomainError::AlreadyErased),
        }
    }

    /// Its status at this moment.
    pub fn status(&self, now: Timestamp) -> RecordStatus {
        match self.state {
            RecordState::Erased => RecordStatus::Erased,
            RecordState::Withdrawn => RecordStatus::Withdrawn,
            RecordState::Active if self.processing_expires_at <= now => RecordStatus::Expired,
            RecordState::Active => RecordStatus::Active,
        }
    }
}

/// Fails if this grant cannot be used for a consent of this principal.
pub fn require_usable(
    grant: &GrantWithAncestors,
    data_principal_id: &PrincipalId,
    now: Timestamp,
) -> Result<(), DomainError> {
    let invalid = |message: &str| Err(DomainError::InvalidGrant(FieldError::new("grantId", message)));
    match grant.status(now) {
        GrantStatus::Revoked => invalid("names a grant that is revoked"),
        GrantStatus::Expired => invalid("names a grant that has expired"),
        GrantStatus::Active if grant.grant.principal_id.as_ref() != Some(data_principal_id) => {
            invalid("names a grant of another principal")
        }
        GrantStatus::Active => Ok(()),
    }
}

/// The notice's purposes with these codes, in the order of the codes.
pub fn purposes_of(notice: &RegisteredNotice, codes: &[Reference]) -> Result<Vec<Purpose>, DomainError> {
    let mut purposes = Vec::with_capacity(codes.len());
    let mut errors = Vec::new();
    for (position, code) in codes.iter().enumerate() {
        match notice.purposes.iter().find(|purpose| purpose.code.as_str() == code.as_str()) {
            Some(purpose) => purposes.push(purpose.named()),
            None => {
                errors
                    .push(FieldError::new(format!("purposes[{position}].code"), "is not among the notice's purposes"));
            }
        }
    }
    if errors.is_empty() { Ok(purposes) } else { Err(DomainError::InvalidPurpose(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_kept_for_at_least_a_year() {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let retention = Retention { days_after_processing: 30 };
        let soon = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
        let late = Timestamp::parse("2028-01-01T00:00:00Z").unwrap();
        assert_eq!(retention.until(soon, now).to_string(), "2027-01-01T00:00:00.000Z");
        assert_eq!(retention.until(late, now).to_string(), "2028-01-31T00:00:00.000Z");
    }
}
