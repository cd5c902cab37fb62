//! Giving and withdrawing a consent.

use crate::{
    domain::{
        Timestamp,
        audit::{Actor, AuditEvent, Chain, Subject},
        consent_record::{self, ConsentDraft, ConsentRecord, RecordState, Retention, WithdrawalReason},
        identifiers::RecordId,
        proof::{CommitmentSalt, ConsentClaims, ConsentProof},
    },
    store::{
        AuditTrails, ConsentNotices, ConsentRecords, Database, Error, Grants, KeyOwner, Signer, UnitOfWork,
        record_append,
    },
};
use futures_util::future::{join, try_join};

/// Gives and withdraws consents.
pub struct Consents {
    records: ConsentRecords,
    notices: ConsentNotices,
    grants: Grants,
    trails: AuditTrails,
}

/// A consent that is to be recorded.
pub struct ConsentToGive<'a> {
    /// The draft from the request.
    pub draft: &'a ConsentDraft,
    /// The name of the organisation that records it.
    pub data_fiduciary_name: &'a str,
    /// How long the record is kept.
    pub retention: Retention,
    /// The URL of the public keys that verify the proof.
    pub jwks_uri: &'a str,
}

/// A withdrawal that a request asks for.
#[derive(Clone, Debug)]
pub struct WithdrawalOrder {
    /// The reason.
    pub reason: WithdrawalReason,
    /// Whether the grant is revoked too.
    pub revoke_grant: bool,
    /// Whether the personal data in the audit trail is deleted too.
    pub delete_processed_data: bool,
}

/// The result of a withdrawal.
#[derive(Clone, Copy, Debug)]
pub struct Withdrawal {
    /// When the consent was withdrawn.
    pub withdrawn_at: Timestamp,
    /// Whether the grant and all its descendants are revoked.
    pub grant_revoked: bool,
    /// Whether the personal data in the audit trail is deleted.
    pub data_deleted: bool,
}

impl Consents {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self {
            records: ConsentRecords::new(database),
            notices: ConsentNotices::new(database),
            grants: Grants::new(database),
            trails: AuditTrails::new(database),
        }
    }

    /// Records a consent with its proof. The grant must be usable now, and still
    /// unrevoked when the record is written.
    pub async fn give(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        consent: &ConsentToGive<'_>,
        signer: &Signer,
    ) -> Result<ConsentRecord, Error> {
        let ConsentToGive { draft, data_fiduciary_name, retention, jwks_uri } = *consent;
        let (now, tenant) = (unit.context().now, actor.tenant);
        let (version, language) = (draft.notice_version.as_ref(), draft.notice_language.as_ref());
        let (found_grant, found_notice) = join(
            self.grants.named(tenant, &draft.grant, "grantId"),
            self.notices.named(tenant, &draft.notice, version, language),
        )
        .await;
        // Both are read at the same time, but checked in the order of the fields.
        let found_grant = found_grant?;
        consent_record::require_usable(&found_grant, &draft.data_principal_id, now)?;
        let notice = found_notice?;
        let purposes = consent_record::purposes_of(&notice, &draft.purposes)?;
        let grant = found_grant.grant;
        let (record_id, salt) = (RecordId::fresh(unit.context()), CommitmentSalt::fresh(unit.context()));
        let data_principal_commitment = salt.commitment(&draft.data_principal_id);
        let claims = ConsentClaims {
            iat: now.seconds(),
            tenant_id: tenant,
            record_id,
            grant_id: grant.grant_id,
            consent_notice_id: &notice.notice_id,
            consent_notice_version: &notice.version,
            consent_notice_language: &notice.language,
            consent_notice_hash: &notice.content_hash,
            document_hash: notice.document_hash.as_deref(),
            purposes: purposes.iter().map(|purpose| &purpose.code).collect(),
            consent_given_at: now,
            data_principal_commitment: &data_principal_commitment,
        };
        let consent_proof = ConsentProof::of(&claims, &*signer.key(now).await?, jwks_uri, now);
        let consent_proof = consent_proof.ok_or_else(|| Error::Internal("a proof has no JSON".to_owned()))?;
        let mut record = ConsentRecord {
            record_id,
            grant_id: grant.grant_id,
            data_principal_id: Some(draft.data_principal_id.clone()),
            data_fiduciary_name: data_fiduciary_name.to_owned(),
            purposes,
            scopes: grant.scopes.clone(),
            consent_notice_id: notice.notice_id,
            consent_notice_version: notice.version,
            consent_notice_language: notice.language,
            consent_notice_hash: notice.content_hash,
            document_hash: notice.document_hash,
            consent_proof,
            data_principal_commitment,
            commitment_salt: Some(salt),
            processing_expires_at: draft.processing_expires_at,
            retention_until: retention.until(draft.processing_expires_at, now),
            state: RecordState::Active,
            created_at: now,
            withdrawn_at: None,
            withdrawn_reason: None,
            erased_at: None,
            access_count: 0,
            last_accessed_at: None,
            chain: Chain::default(),
        };
        let owner = KeyOwner { subject: Subject::record(record_id), kept_until: Some(record.retention_until) };
        let (chain, subject_key) = self.trails.begin(unit, actor, owner, &created(&record))?;
        record.chain = chain;
        self.records.create(unit, tenant, &record, &draft.data_principal_id)?;
        self.grants.require_unrevoked(unit, tenant, &grant, "grantId");
        unit.seal_response_under(subject_key);
        Ok(record)
    }

    /// Withdraws a consent, which is possible once. If the order says so, this also
    /// revokes the grant and deletes the data key of the audit trail.
    pub async fn withdraw(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        record_id: RecordId,
        order: &WithdrawalOrder,
    ) -> Result<Withdrawal, Error> {
        let tenant = actor.tenant;
        let subject_key = self.trails.subject_key(tenant, Subject::record(record_id));
        let (record, subject_key) = try_join(self.records.get(tenant, record_id), subject_key).await?;
        record.require_withdrawable()?;
        let event = AuditEvent::new("record.withdrawn")
            .with("grantId", record.grant_id)
            .with("revokeGrant", order.revoke_grant)
            .with("deleteProcessedData", order.delete_processed_data)
            .personal("reason", &order.reason);
        let chain = self.trails.append(unit, &record_append(actor, &subject_key, &record), &[event])?;
        self.records.withdraw(unit, tenant, &record, &chain, &order.reason)?;
        if order.delete_processed_data {
            self.trails.delete_key(unit, tenant, &subject_key.subject);
        }
        if order.revoke_grant {
            let event = AuditEvent::new("grant.revoked").with("recordId", record_id);
            self.grants.revoke_unless_revoked(unit, actor, record.grant_id, &event).await?;
        }
        Ok(Withdrawal {
            withdrawn_at: unit.context().now,
            grant_revoked: order.revoke_grant,
            data_deleted: order.delete_processed_data,
        })
    }
}

/// The first event of a record's trail.
fn created(record: &ConsentRecord) -> AuditEvent {
    let purposes: Vec<&str> = record.purposes.iter().map(|purpose| purpose.code.as_str()).collect();
    AuditEvent::new("record.created")
        .with("grantId", record.grant_id)
        .with("consentNoticeId", &record.consent_notice_id)
        .with("consentNoticeVersion", &record.consent_notice_version)
        .with("consentNoticeLanguage", &record.consent_notice_language)
        .with("consentNoticeHash", &record.consent_notice_hash)
        .with("purposes", purposes)
        .with("processingExpiresAt", record.processing_expires_at)
        .personal("dataPrincipalId", &record.data_principal_id)
}
