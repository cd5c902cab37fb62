//! Consent records: who agreed to what, by which notice, until when
//! (DPDP Act s.6).

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
    /// Why a consent is withdrawn: 1–2000 characters.
    WithdrawalReason = |value| plain_text(value, 2000)
}

/// A consent as it is asked to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentDraft {
    /// What it authorises.
    pub grant: Reference,
    /// Who consented.
    pub data_principal_id: PrincipalId,
    /// The codes of purposes of the notice; no duplicates.
    pub purposes: Vec<Reference>,
    /// By which notice.
    pub notice: Reference,
    /// In which version; the newest by default.
    pub notice_version: Option<Reference>,
    /// In which language; the version's first by default.
    pub notice_language: Option<Language>,
    /// Until when the data may be processed.
    pub processing_expires_at: Timestamp,
}

/// How long a record is kept after the processing it allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Days kept after `processingExpiresAt`.
    pub days_after_processing: u32,
}

impl Retention {
    /// A record is kept for a year at the least, whatever is configured.
    const LEAST_MONTHS: u32 = 12;

    /// Until when a record made now is kept.
    pub fn until(self, processing_expires_at: Timestamp, now: Timestamp) -> Timestamp {
        processing_expires_at.plus_days(self.days_after_processing).max(now.plus_months(Self::LEAST_MONTHS))
    }
}

/// What was done with a record. Expiry is not stored: it is a matter of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordState {
    /// The consent stands.
    Active,
    /// The person took it back (DPDP Act s.6(4)).
    Withdrawn,
    /// The person is no longer in it (DPDP Act s.12(3), GDPR art. 17).
    Erased,
}

/// What a record shows at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordStatus {
    /// The consent stands.
    Active,
    /// `processingExpiresAt` has passed.
    Expired,
    /// The person took it back.
    Withdrawn,
    /// The person is no longer in it.
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
    /// Its own name.
    pub record_id: RecordId,
    /// What it authorises.
    pub grant_id: GrantId,
    /// Who consented, until erasure.
    pub data_principal_id: Option<PrincipalId>,
    /// To whom.
    pub data_fiduciary_name: String,
    /// To what, in the notice's own words.
    pub purposes: Vec<Purpose>,
    /// The grant's scopes at that moment.
    pub scopes: Vec<GrantScope>,
    /// By which notice.
    pub consent_notice_id: NoticeId,
    /// In which version.
    pub consent_notice_version: NoticeVersion,
    /// In which language.
    pub consent_notice_language: Language,
    /// The hash of the content that was shown.
    pub consent_notice_hash: String,
    /// That all of this was recorded so, signed.
    pub consent_proof: ConsentProof,
    /// Who consented, as the proof tells it.
    pub data_principal_commitment: String,
    /// By which it can be told whose commitment it is, until erasure.
    pub commitment_salt: Option<CommitmentSalt>,
    /// Until when the data may be processed.
    pub processing_expires_at: Timestamp,
    /// Until when this record is kept.
    pub retention_until: Timestamp,
    /// What was done with it.
    pub state: RecordState,
    /// When it was made, which is when the consent was given.
    pub created_at: Timestamp,
    /// When the consent was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// Why.
    pub withdrawn_reason: Option<WithdrawalReason>,
    /// When the person was taken out of it.
    pub erased_at: Option<Timestamp>,
    /// How often the record was read.
    pub access_count: u64,
    /// When it was last read.
    pub last_accessed_at: Option<Timestamp>,
    /// Its audit trail's.
    pub chain: Chain,
}

impl ConsentRecord {
    /// Names its state at this moment. Accesses are not part of it.
    pub fn tag(&self, now: Timestamp) -> StateTag {
        StateTag::new(match self.status(now) {
            RecordStatus::Active => "active",
            RecordStatus::Expired => "expired",
            RecordStatus::Withdrawn => "withdrawn",
            RecordStatus::Erased => "erased",
        })
    }

    /// Whether it can still be withdrawn: once, expired or not, and not after
    /// the person was taken out of it.
    pub fn require_withdrawable(&self) -> Result<(), DomainError> {
        match self.state {
            RecordState::Active => Ok(()),
            RecordState::Withdrawn => Err(DomainError::AlreadyWithdrawn),
            RecordState::Erased => Err(DomainError::AlreadyErased),
        }
    }

    /// What it shows at this moment.
    pub fn status(&self, now: Timestamp) -> RecordStatus {
        match self.state {
            RecordState::Erased => RecordStatus::Erased,
            RecordState::Withdrawn => RecordStatus::Withdrawn,
            RecordState::Active if self.processing_expires_at <= now => RecordStatus::Expired,
            RecordState::Active => RecordStatus::Active,
        }
    }
}

/// Whether this grant can carry a consent of this principal.
pub fn require_usable(
    lineage: &GrantWithAncestors,
    data_principal_id: &PrincipalId,
    now: Timestamp,
) -> Result<(), DomainError> {
    let refuse = |message: &str| Err(DomainError::InvalidGrant(FieldError::new("grantId", message)));
    match lineage.status(now) {
        GrantStatus::Revoked => refuse("names a grant that is revoked"),
        GrantStatus::Expired => refuse("names a grant that has expired"),
        GrantStatus::Active if lineage.grant.principal_id.as_ref() != Some(data_principal_id) => {
            refuse("names a grant of another principal")
        }
        GrantStatus::Active => Ok(()),
    }
}

/// The notice's own purposes with these codes, in the order asked.
pub fn purposes_of(notice: &RegisteredNotice, codes: &[Reference]) -> Result<Vec<Purpose>, DomainError> {
    let mut purposes = Vec::with_capacity(codes.len());
    let mut faults = Vec::new();
    for (place, code) in codes.iter().enumerate() {
        match notice.purposes.iter().find(|purpose| purpose.code.as_str() == code.as_str()) {
            Some(purpose) => purposes.push(purpose.clone()),
            None => {
                faults.push(FieldError::new(format!("purposes[{place}].code"), "is not among the notice's purposes"));
            }
        }
    }
    if faults.is_empty() { Ok(purposes) } else { Err(DomainError::InvalidPurpose(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_kept_a_year_at_the_least() {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let retention = Retention { days_after_processing: 30 };
        let soon = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
        let late = Timestamp::parse("2028-01-01T00:00:00Z").unwrap();
        assert_eq!(retention.until(soon, now).to_string(), "2027-01-01T00:00:00.000Z");
        assert_eq!(retention.until(late, now).to_string(), "2028-01-31T00:00:00.000Z");
    }
}
