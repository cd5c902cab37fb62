//! Consent records: each records the person, the purposes, the notice and the
//! end of a consent (DPDP Act s.6).

use crate::domain::{
    DomainError, FieldError, Invalid, Timestamp,
    audit::Chain,
    consent_notice::{
        Edition, Language, NoticeId, NoticePurpose, NoticeVersion, PurposeCode, PurposeDescription, RegisteredNotice,
    },
    decision::{Circumstances, Decision},
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
/// The audit event of a new record.
pub const CREATED: &str = "record.created";
/// The audit event of the end of a whole consent.
pub const WITHDRAWN: &str = "record.withdrawn";
/// The audit event of the end of some purposes, while others remain.
pub const PURPOSES_WITHDRAWN: &str = "record.purposes_withdrawn";
/// The audit event of the renewal of a record by another.
pub const RENEWED: &str = "record.renewed";
/// The audit event of the end of the time for processing.
pub const EXPIRED: &str = "record.expired";
/// The most other records in which one denial ends a purpose: with four writes
/// each they stay within one transaction.
pub const ENDED_AT_ONCE: usize = 10;

/// A decision about a purpose that is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurposeDraft {
    /// The code of the purpose.
    pub code: Reference,
    /// The decision, if the request states one. Without one the purpose is granted.
    pub decision: Option<Decision>,
}

/// A consent that is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentDraft {
    /// The grant that it authorises. Something is granted only under a grant.
    pub grant: Option<Reference>,
    /// The person who decided.
    pub data_principal_id: PrincipalId,
    /// Purposes of the notice, without duplicates.
    pub purposes: Vec<PurposeDraft>,
    /// The notice.
    pub notice: Reference,
    /// The notice's version; by default the newest.
    pub notice_version: Option<Reference>,
    /// The notice's language; by default the version's first.
    pub notice_language: Option<Language>,
    /// The end of the time in which the data may be processed. Something is granted
    /// only until then.
    pub processing_expires_at: Option<Timestamp>,
    /// The record that it renews.
    pub renews: Option<Reference>,
    /// How the decisions were made. `renews` is not set yet.
    pub circumstances: Circumstances,
}

/// A purpose of a record with the decision about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedPurpose {
    /// Its code, for programs.
    pub code: PurposeCode,
    /// The decision, if the request stated one. Without one the purpose is granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// When the purpose ended by itself, and not with the whole record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    /// The record with the denial that ended it, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denied_by: Option<RecordId>,
}

impl RecordedPurpose {
    /// Whether the person denied it in this record.
    pub fn is_denied(&self) -> bool {
        self.decision == Some(Decision::Denied)
    }

    /// Whether it was granted and has not ended by itself.
    fn is_granted(&self) -> bool {
        !self.is_denied() && self.withdrawn_at.is_none()
    }
}

/// The state of a purpose in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PurposeState {
    /// The person granted it, and it has not ended. The record may have expired.
    Granted,
    /// The person denied it.
    Denied,
    /// The person granted it, and later withdrew or denied it, or renewed the consent.
    Withdrawn,
}

/// A purpose and its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecidedPurpose {
    /// Its code.
    pub code: PurposeCode,
    /// Its state.
    pub state: PurposeState,
    /// When the person decided so.
    pub since: Timestamp,
    /// The later record with the denial that ended it, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denied_by: Option<RecordId>,
}

/// What must be known of a record to say what it allows. The person's list holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordSummary {
    /// The record. Records sort by the time at which they were requested.
    pub record_id: RecordId,
    /// The grant that it authorises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<GrantId>,
    /// The notice.
    pub consent_notice_id: NoticeId,
    /// The notice's version.
    pub consent_notice_version: NoticeVersion,
    /// The notice's language.
    pub consent_notice_language: Language,
    /// The end of the time in which the data may be processed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processing_expires_at: Option<Timestamp>,
    /// Its purposes.
    pub purposes: Vec<DecidedPurpose>,
    /// The record that renewed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed_by: Option<RecordId>,
}

impl RecordSummary {
    /// Whether its time for processing has passed.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.processing_expires_at.is_some_and(|expiry| expiry <= now)
    }
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
    pub fn until(self, processing_expires_at: Option<Timestamp>, now: Timestamp) -> Timestamp {
        let least = now.plus_months(Self::LEAST_MONTHS);
        processing_expires_at.map_or(least, |end| end.plus_days(self.days_after_processing).max(least))
    }
}

/// The stored state of a record. Expiry is not stored: it follows from the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordState {
    /// The consent is valid.
    Active,
    /// The person granted nothing.
    Denied,
    /// Another record has replaced it.
    Renewed,
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
    /// The person granted nothing.
    Denied,
    /// Another record has replaced it.
    Renewed,
    /// The person has withdrawn the consent.
    Withdrawn,
    /// The person's data was removed from the record.
    Erased,
}

impl RecordStatus {
    /// `active`, `expired`, `denied`, `renewed`, `withdrawn` or `erased`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "active" => Ok(Self::Active),
            "expired" => Ok(Self::Expired),
            "denied" => Ok(Self::Denied),
            "renewed" => Ok(Self::Renewed),
            "withdrawn" => Ok(Self::Withdrawn),
            "erased" => Ok(Self::Erased),
            _ => Err(Invalid::new("must be active, expired, denied, renewed, withdrawn or erased")),
        }
    }
}

/// What decides about a consent, everything that can change, and everything that names the
/// person. All else of the record are its [`RecordDetails`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentRecord {
    /// Its id.
    pub record_id: RecordId,
    /// The grant that it authorises; `None` only if nothing is granted.
    pub grant_id: Option<GrantId>,
    /// The person who decided; `None` after erasure.
    pub data_principal_id: Option<PrincipalId>,
    /// The purposes with the decisions.
    pub purposes: Vec<RecordedPurpose>,
    /// The notice.
    pub consent_notice_id: NoticeId,
    /// The notice's version.
    pub consent_notice_version: NoticeVersion,
    /// The notice's language.
    pub consent_notice_language: Language,
    /// The salt with which the commitment can be checked; `None` after erasure.
    pub commitment_salt: Option<CommitmentSalt>,
    /// The end of the time in which the data may be processed; `None` only if nothing
    /// is granted.
    pub processing_expires_at: Option<Timestamp>,
    /// How the decisions were made.
    #[serde(flatten)]
    pub circumstances: Circumstances,
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
    /// The record that renewed it.
    #[serde(default)]
    pub renewed_by: Option<RecordId>,
    /// When it was renewed.
    #[serde(default)]
    pub renewed_at: Option<Timestamp>,
    /// When the person was erased from it.
    pub erased_at: Option<Timestamp>,
    /// Its audit trail.
    pub chain: Chain,
}

/// What is shown of a consent record and never changes. It names nobody, so an erasure leaves
/// it as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordDetails {
    /// The name of the data fiduciary.
    pub data_fiduciary_name: String,
    /// The descriptions of the purposes, in the notice's words and in the order of the record's
    /// purposes.
    pub purpose_descriptions: Vec<PurposeDescription>,
    /// The grant's scopes when the consent was given.
    pub scopes: Vec<GrantScope>,
    /// The SHA-256 of the notice's content, in lowercase hex.
    pub consent_notice_hash: String,
    /// The SHA-256 of everything that the notice shows, in lowercase hex. `None` if the notice was
    /// registered before documents had hashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_hash: Option<String>,
    /// The signed proof of the consent.
    pub consent_proof: ConsentProof,
    /// The commitment to the person, as in the proof.
    pub data_principal_commitment: String,
}

/// How often a record was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Accesses {
    /// The number of times.
    #[serde(rename = "accessCount")]
    pub count: u64,
    /// When it was last read.
    #[serde(rename = "lastAccessedAt")]
    pub last: Option<Timestamp>,
}

/// A consent record with everything that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WholeRecord {
    /// What decides about the consent.
    #[serde(flatten)]
    pub record: ConsentRecord,
    /// What is only shown.
    #[serde(flatten)]
    pub details: RecordDetails,
    /// How often it was read.
    #[serde(flatten)]
    pub accesses: Accesses,
}

impl ConsentRecord {
    /// Identifies its state at this moment.
    pub fn tag(&self, now: Timestamp) -> StateTag {
        let state = match self.status(now) {
            RecordStatus::Active => "active",
            RecordStatus::Expired => "expired",
            RecordStatus::Denied => "denied",
            RecordStatus::Renewed => "renewed",
            RecordStatus::Withdrawn => "withdrawn",
            RecordStatus::Erased => "erased",
        };
        match self.purposes.iter().filter(|purpose| purpose.withdrawn_at.is_some()).count() {
            0 => StateTag::new(state),
            // Purposes end and never begin again, so their number tells the states apart.
            ended => StateTag::new(format_args!("{state}.{ended}")),
        }
    }

    /// Fails if it cannot be withdrawn: because it was withdrawn or erased, or never
    /// granted anything, or was renewed. An expired consent can still be withdrawn.
    pub fn require_withdrawable(&self) -> Result<(), DomainError> {
        match self.state {
            RecordState::Active => Ok(()),
            RecordState::Denied | RecordState::Renewed => Err(DomainError::NotActive),
            RecordState::Withdrawn => Err(DomainError::AlreadyWithdrawn),
            RecordState::Erased => Err(DomainError::AlreadyErased),
        }
    }

    /// Its status at this moment.
    pub fn status(&self, now: Timestamp) -> RecordStatus {
        match self.state {
            RecordState::Erased => RecordStatus::Erased,
            RecordState::Withdrawn => RecordStatus::Withdrawn,
            RecordState::Denied => RecordStatus::Denied,
            RecordState::Renewed => RecordStatus::Renewed,
            RecordState::Active if self.processing_expires_at.is_some_and(|expiry| expiry <= now) => {
                RecordStatus::Expired
            }
            RecordState::Active => RecordStatus::Active,
        }
    }

    /// The purposes with their states, and since when. All other code learns the
    /// states from here.
    pub fn decided_purposes(&self) -> Vec<DecidedPurpose> {
        let whole = match self.state {
            RecordState::Renewed => self.renewed_at,
            _ => self.withdrawn_at,
        };
        let decided = |purpose: &RecordedPurpose| {
            let (state, since) = match purpose.withdrawn_at.or(whole) {
                _ if purpose.is_denied() => (PurposeState::Denied, self.created_at),
                Some(ended) => (PurposeState::Withdrawn, ended),
                None => (PurposeState::Granted, self.created_at),
            };
            DecidedPurpose { code: purpose.code.clone(), state, since, denied_by: purpose.denied_by }
        };
        self.purposes.iter().map(decided).collect()
    }

    /// The notice that the person was shown, in its version and language.
    pub fn edition(&self) -> Edition {
        Edition {
            notice_id: self.consent_notice_id.clone(),
            version: self.consent_notice_version.clone(),
            language: self.consent_notice_language.clone(),
        }
    }

    /// Its summary.
    pub fn summary(&self) -> RecordSummary {
        RecordSummary {
            record_id: self.record_id,
            grant_id: self.grant_id,
            consent_notice_id: self.consent_notice_id.clone(),
            consent_notice_version: self.consent_notice_version.clone(),
            consent_notice_language: self.consent_notice_language.clone(),
            processing_expires_at: self.processing_expires_at,
            purposes: self.decided_purposes(),
            renewed_by: self.renewed_by,
        }
    }

    /// The codes of the purposes that are granted and have not ended.
    pub fn granted_codes(&self) -> Vec<&PurposeCode> {
        let granted = self.purposes.iter().filter(|purpose| self.state == RecordState::Active && purpose.is_granted());
        granted.map(|purpose| &purpose.code).collect()
    }

    /// The codes of the purposes that the person granted in it, those that have ended too.
    pub fn once_granted_codes(&self) -> Vec<&PurposeCode> {
        self.purposes.iter().filter(|purpose| !purpose.is_denied()).map(|purpose| &purpose.code).collect()
    }

    /// The codes of the purposes that the person denied in it.
    pub fn denied_codes(&self) -> Vec<&PurposeCode> {
        self.purposes.iter().filter(|purpose| purpose.is_denied()).map(|purpose| &purpose.code).collect()
    }

    /// The record after the withdrawal of all that is granted.
    #[must_use]
    pub fn withdrawn(&self, reason: Option<&WithdrawalReason>, now: Timestamp) -> Self {
        Self {
            state: RecordState::Withdrawn,
            withdrawn_at: Some(self.end_at(now)),
            withdrawn_reason: reason.cloned(),
            ..self.clone()
        }
    }

    /// The record after the end of these purposes. With the last one the whole record
    /// is withdrawn. `denied_by` is the record with the denial that ends them, if it is one.
    #[must_use]
    pub fn without(
        &self,
        codes: &[PurposeCode],
        reason: Option<&WithdrawalReason>,
        denied_by: Option<RecordId>,
        now: Timestamp,
    ) -> Self {
        let mut ended = self.clone();
        for purpose in ended.purposes.iter_mut().filter(|purpose| purpose.is_granted()) {
            if codes.contains(&purpose.code) {
                (purpose.withdrawn_at, purpose.denied_by) = (Some(self.end_at(now)), denied_by);
            }
        }
        if ended.granted_codes().is_empty() { ended.withdrawn(reason, now) } else { ended }
    }

    /// The record after its renewal by another. Fails if it is not valid.
    pub fn renewed(&self, renewed_by: RecordId, now: Timestamp) -> Result<Self, DomainError> {
        match self.status(now) {
            RecordStatus::Active => Ok(Self {
                state: RecordState::Renewed,
                renewed_by: Some(renewed_by),
                renewed_at: Some(self.end_at(now)),
                ..self.clone()
            }),
            _ => Err(DomainError::NotActive),
        }
    }

    /// The moment of an end: not before the record began, though the clock that made it may have been ahead.
    fn end_at(&self, now: Timestamp) -> Timestamp {
        now.max(self.created_at)
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

/// The notice's purposes with the decisions about them, in the order of the decisions, and
/// their descriptions in the same order. Each must be decided about if the notice passed the
/// gate.
pub fn decided(
    notice: &RegisteredNotice,
    decisions: &[PurposeDraft],
) -> Result<(Vec<RecordedPurpose>, Vec<PurposeDescription>), DomainError> {
    let (mut purposes, mut descriptions): (Vec<RecordedPurpose>, _) = (Vec::with_capacity(decisions.len()), Vec::new());
    let mut errors = Vec::new();
    for (position, PurposeDraft { code, decision }) in decisions.iter().enumerate() {
        match notice.purposes.iter().find(|purpose| purpose.code.as_str() == code.as_str()) {
            Some(purpose) => {
                purposes.push(RecordedPurpose {
                    code: purpose.code.clone(),
                    decision: *decision,
                    withdrawn_at: None,
                    denied_by: None,
                });
                descriptions.push(purpose.description.clone());
            }
            None => {
                errors
                    .push(FieldError::new(format!("purposes[{position}].code"), "is not among the notice's purposes"));
            }
        }
    }
    if !errors.is_empty() {
        return Err(DomainError::InvalidPurpose(errors));
    }
    // What the law asks for was shown, so silence about a purpose is neither a yes nor a no.
    let undecided = |purpose: &&NoticePurpose| purposes.iter().all(|decided| decided.code != purpose.code);
    let missing: Vec<FieldError> = notice
        .purposes
        .iter()
        .filter(|purpose| notice.is_gated() && undecided(purpose))
        .map(|purpose| FieldError::new("purposes", format!("has no decision about {}", purpose.code)))
        .collect();
    if missing.is_empty() { Ok((purposes, descriptions)) } else { Err(DomainError::DecisionMissing(missing)) }
}

/// Those of these purposes that a withdrawal ends in this record. Fails if the record
/// does not have one of them, or if none of them is granted any more.
pub fn purposes_to_withdraw(record: &ConsentRecord, codes: &[Reference]) -> Result<Vec<PurposeCode>, DomainError> {
    let unknown = |code: &Reference| record.purposes.iter().all(|purpose| purpose.code.as_str() != code.as_str());
    let errors: Vec<FieldError> = codes
        .iter()
        .enumerate()
        .filter(|(_, code)| unknown(code))
        .map(|(position, _)| FieldError::new(format!("purposes[{position}]"), "is not among the record's purposes"))
        .collect();
    if !errors.is_empty() {
        return Err(DomainError::InvalidPurpose(errors));
    }
    let granted = record.granted_codes().into_iter();
    let ended = granted.filter(|granted| codes.iter().any(|code| code.as_str() == granted.as_str()));
    let ended: Vec<PurposeCode> = ended.cloned().collect();
    if ended.is_empty() { Err(DomainError::AlreadyWithdrawn) } else { Ok(ended) }
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
        assert_eq!(retention.until(Some(soon), now).to_string(), "2027-01-01T00:00:00.000Z");
        assert_eq!(retention.until(Some(late), now).to_string(), "2028-01-31T00:00:00.000Z");
        assert_eq!(retention.until(None, now).to_string(), "2027-01-01T00:00:00.000Z");
    }
}
