//! Giving and withdrawing a consent.

use crate::{
    domain::{
        DomainError, Tenant, Timestamp,
        audit::{Actor, AuditEvent, Chain, Subject, SubjectKey},
        consent_notice::PurposeCode,
        consent_record::{
            self, Accesses, CREATED, ConsentDraft, ConsentRecord, DecidedPurpose, ENDED_AT_ONCE, PURPOSES_WITHDRAWN,
            PurposeState, RENEWED, RecordDetails, RecordState, RecordStatus, RecordSummary, RecordedPurpose, Retention,
            WITHDRAWN, WholeRecord, WithdrawalReason,
        },
        decision::Circumstances,
        event::{Event, EventType},
        grant::Grant,
        identifiers::{EventId, RecordId, Reference, WithdrawalId},
        proof::{CommitmentSalt, ConsentClaims, ConsentProof},
    },
    service::Revocations,
    store::{
        AuditTrails, ConsentNotices, ConsentRecords, Database, Error, Events, Feed, Grants, KeyOwner, NewEvent, Signer,
        UnitOfWork, record_append,
    },
};
use futures_util::future::{join3, try_join};
use std::slice;

/// Gives and withdraws consents.
pub struct Consents {
    records: ConsentRecords,
    notices: ConsentNotices,
    grants: Grants,
    trails: AuditTrails,
    events: Events,
    revocations: Revocations,
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
    /// The codes of the purposes that end; `None` if all do.
    pub purposes: Option<Vec<Reference>>,
    /// Whether the grant is revoked too.
    pub revoke_grant: bool,
    /// Whether the personal data in the audit trail is deleted too.
    pub delete_processed_data: bool,
    /// The withdrawal across all records of the person that it is a part of, if it is one.
    pub part_of: Option<WithdrawalId>,
}

/// The result of a withdrawal.
#[derive(Clone, Debug)]
pub struct Withdrawal {
    /// The record after the withdrawal.
    pub record: ConsentRecord,
    /// When the consent was withdrawn.
    pub withdrawn_at: Timestamp,
    /// The codes of the purposes that ended, if others remain.
    pub withdrawn_purposes: Option<Vec<PurposeCode>>,
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
            events: Events::new(database),
            revocations: Revocations::new(database),
        }
    }

    /// Records the decisions of a person about purposes of a notice, with their proof.
    /// The grant must be usable now, and still unrevoked when the record is written.
    ///
    /// A denied purpose ends in all valid records of the same person and notice that grant
    /// it. Of two records that are written at the same time one is the later one: its id
    /// sorts above the other's, and a denial in it ends what the other grants.
    #[expect(clippy::too_many_lines, reason = "one transaction, which reads from top to bottom")]
    pub async fn give(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        consent: &ConsentToGive<'_>,
        signer: &Signer,
    ) -> Result<WholeRecord, Error> {
        let ConsentToGive { draft, data_fiduciary_name, retention, jwks_uri } = *consent;
        let (now, tenant) = (unit.context().now, actor.tenant);
        let (version, language) = (draft.notice_version.as_ref(), draft.notice_language.as_ref());
        let (found_grant, found_notice, latest) = join3(
            self.usable_grant(tenant, draft, now),
            // The futures of database calls are large.
            Box::pin(self.notices.named(tenant, &draft.notice, version, language, unit.context())),
            self.records.latest_decisions(tenant, &draft.data_principal_id, &draft.notice),
        )
        .await;
        // The newest version may come from a cache. Before an error is due to it, the notice is read again.
        let begins_again = version.is_none() && !unit.context().is_begun_again();
        let newer = |error| if begins_again && matches!(error, Error::Domain(_)) { Error::Stale } else { error };
        // All are read at the same time, but checked in the order of the fields.
        let (grant, notice, latest) = (found_grant?, found_notice.map_err(newer)?, latest?);
        let (purposes, purpose_descriptions) =
            consent_record::decided(&notice, &draft.purposes).map_err(|error| newer(error.into()))?;
        let renewed = match &draft.renews {
            Some(renews) => Some(self.records.to_renew(tenant, renews, &draft.data_principal_id).await?),
            None => None,
        };
        let (denied, granted): (Vec<&RecordedPurpose>, Vec<_>) =
            purposes.iter().partition(|purpose| purpose.is_denied());
        let codes = |purposes: &[&RecordedPurpose]| purposes.iter().map(|it| it.code.clone()).collect::<Vec<_>>();
        let (denied, granted) = (codes(&denied), codes(&granted));
        // Only a denial ends what other records grant.
        let earlier = match denied.as_slice() {
            [] => Vec::new(),
            _ => self.records.summaries(tenant, &draft.data_principal_id).await?,
        };
        let last = earlier.iter().map(|summary| summary.record_id).chain(latest.denial()).max();
        let (record_id, salt) = (RecordId::fresh_after(unit.context(), last), CommitmentSalt::fresh(unit.context()));
        let data_principal_commitment = salt.commitment(&draft.data_principal_id);
        let grant_id = grant.as_ref().map(|grant| grant.grant_id);
        let mut circumstances = draft.circumstances.clone();
        circumstances.renews = renewed.as_ref().map(|renewed| renewed.record_id);
        let claims = ConsentClaims {
            iat: now.seconds(),
            tenant_id: tenant,
            record_id,
            grant_id,
            consent_notice_id: &notice.notice_id,
            consent_notice_version: &notice.version,
            consent_notice_language: &notice.language,
            consent_notice_hash: &notice.content_hash,
            document_hash: notice.document_hash.as_deref(),
            purposes: &granted,
            denied_purposes: &denied,
            method: circumstances.method,
            shown_at: circumstances.shown_at,
            actor_type: circumstances.actor.as_ref().map(|actor| actor.role),
            consent_given_at: now,
            data_principal_commitment: &data_principal_commitment,
        };
        let consent_proof = ConsentProof::of(&claims, &*signer.key(now).await?, jwks_uri, now);
        let consent_proof = consent_proof.ok_or_else(|| Error::Internal("a proof has no JSON".to_owned()))?;
        let details = RecordDetails {
            data_fiduciary_name: data_fiduciary_name.to_owned(),
            purpose_descriptions,
            scopes: grant.as_ref().map(|grant| grant.scopes.clone()).unwrap_or_default(),
            consent_notice_hash: notice.content_hash,
            document_hash: notice.document_hash,
            consent_proof,
            data_principal_commitment,
        };
        let mut record = ConsentRecord {
            record_id,
            grant_id,
            data_principal_id: Some(draft.data_principal_id.clone()),
            purposes,
            consent_notice_id: notice.notice_id,
            consent_notice_version: notice.version,
            consent_notice_language: notice.language,
            commitment_salt: Some(salt),
            processing_expires_at: draft.processing_expires_at,
            circumstances,
            retention_until: retention.until(draft.processing_expires_at, now),
            state: if granted.is_empty() { RecordState::Denied } else { RecordState::Active },
            created_at: now,
            withdrawn_at: None,
            withdrawn_reason: None,
            renewed_by: None,
            renewed_at: None,
            erased_at: None,
            chain: Chain::default(),
        };
        let owner = KeyOwner { subject: Subject::record(record_id), kept_until: Some(record.retention_until) };
        let feed = self.events.feed(tenant).await?;
        let given = match (granted.as_slice(), denied.as_slice()) {
            ([], []) => None,
            ([], denied) => {
                feed.add_denial(unit, tenant, denied)?;
                None
            }
            (granted, denied) => {
                Some(tell_with_denied(unit, &feed, EventType::ConsentGiven, &record, granted, denied)?)
            }
        };
        let event = created(&record, &details.consent_notice_hash).with_some("eventId", given);
        let (chain, subject_key) = self.trails.begin(unit, actor, owner, &event)?;
        record.chain = chain;
        self.records.create(unit, tenant, &record, &details, &draft.data_principal_id, latest).await?;
        if let Some(grant) = &grant {
            self.grants.require_unrevoked(unit, tenant, grant, "grantId");
        }
        if let Some(renewed) = &renewed {
            self.end_renewed(unit, actor, renewed, &record, &feed)?;
        }
        self.end_denied(unit, actor, &record, &earlier, renewed.map(|renewed| renewed.record_id), &feed).await?;
        unit.seal_response_under(subject_key);
        Ok(WholeRecord { record, details, accesses: Accesses::default() })
    }

    /// The grant that a draft names, if it can be used for it.
    async fn usable_grant(&self, tenant: Tenant, draft: &ConsentDraft, now: Timestamp) -> Result<Option<Grant>, Error> {
        let Some(named) = &draft.grant else { return Ok(None) };
        let found = self.grants.named(tenant, named, "grantId").await?;
        consent_record::require_usable(&found, &draft.data_principal_id, now)?;
        Ok(Some(found.grant))
    }

    /// Ends the purposes that a new record denies in those of the person's earlier records
    /// that are valid and of the same notice, except the one that it renews.
    async fn end_denied(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        denial: &ConsentRecord,
        earlier: &[RecordSummary],
        renewed: Option<RecordId>,
        feed: &Feed<'_>,
    ) -> Result<(), Error> {
        let now = unit.context().now;
        let denied: Vec<PurposeCode> = denial.denied_codes().into_iter().cloned().collect();
        let ending = earlier.iter().filter(|summary| {
            let grants =
                |purpose: &DecidedPurpose| purpose.state == PurposeState::Granted && denied.contains(&purpose.code);
            summary.consent_notice_id == denial.consent_notice_id
                && !summary.has_expired(now)
                && Some(summary.record_id) != renewed
                && summary.purposes.iter().any(grants)
        });
        let ending: Vec<RecordId> = ending.map(|summary| summary.record_id).collect();
        if ending.len() > ENDED_AT_ONCE {
            return Err(DomainError::TooManyRecords.into());
        }
        for record in self.records.get_all(actor.tenant, &ending).await? {
            let ended = record.without(&denied, None, Some(denial.record_id), now);
            let codes: Vec<PurposeCode> =
                record.granted_codes().into_iter().filter(|code| denied.contains(code)).cloned().collect();
            // It has changed since its summary was read.
            if codes.is_empty() {
                continue;
            }
            let action = if ended.state == RecordState::Active { PURPOSES_WITHDRAWN } else { WITHDRAWN };
            let withdrawn = tell(unit, feed, EventType::ConsentWithdrawn, &record, &codes)?;
            let event = AuditEvent::new(action)
                .with("purposes", codes)
                .with("deniedBy", denial.record_id)
                .with_some("eventId", withdrawn);
            self.end(unit, actor, &record, &ended, &event)?;
        }
        Ok(())
    }

    /// Ends a record that another one renews. What that one does not grant again is withdrawn.
    fn end_renewed(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        renewed: &ConsentRecord,
        by: &ConsentRecord,
        feed: &Feed<'_>,
    ) -> Result<(), Error> {
        let after = renewed.renewed(by.record_id, unit.context().now)?;
        let granted = by.granted_codes();
        let ended: Vec<_> =
            renewed.granted_codes().into_iter().filter(|code| !granted.contains(code)).cloned().collect();
        let withdrawn = tell(unit, feed, EventType::ConsentWithdrawn, renewed, &ended)?;
        let event = AuditEvent::new(RENEWED).with("renewedBy", by.record_id).with_some("eventId", withdrawn);
        self.end(unit, actor, renewed, &after, &event)
    }

    /// Writes the end of what a record grants, with an audit entry without personal data.
    fn end(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        before: &ConsentRecord,
        after: &ConsentRecord,
        event: &AuditEvent,
    ) -> Result<(), Error> {
        let subject_key = SubjectKey { subject: Subject::record(before.record_id), key: None };
        let chain = self.trails.append(unit, &record_append(actor, &subject_key, before), slice::from_ref(event))?;
        self.records.change(unit, actor.tenant, before, &ConsentRecord { chain, ..after.clone() })
    }

    /// Withdraws a consent, or some of its purposes. If the order says so, this also
    /// revokes the grant and deletes the data key of the audit trail, which is possible
    /// only if no purpose remains.
    pub async fn withdraw(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        record_id: RecordId,
        order: &WithdrawalOrder,
    ) -> Result<Withdrawal, Error> {
        let (tenant, now) = (actor.tenant, unit.context().now);
        let subject_key = self.trails.subject_key(tenant, Subject::record(record_id));
        let (record, subject_key) = try_join(self.records.get(tenant, record_id), subject_key).await?;
        let feed = self.events.feed(tenant).await?;
        let (after, ended) = self.withdraw_found(unit, actor, &record, &subject_key, order, &feed)?;
        if order.delete_processed_data {
            self.trails.delete_key(unit, tenant, &subject_key.subject);
        }
        if let (true, Some(grant_id)) = (order.revoke_grant, record.grant_id) {
            self.revocations.revoke_with_record(unit, actor, grant_id, record_id).await?;
        }
        Ok(Withdrawal {
            withdrawn_at: now,
            withdrawn_purposes: ended.filter(|_| after.status(now) == RecordStatus::Active),
            record: after,
            grant_revoked: order.revoke_grant,
            data_deleted: order.delete_processed_data,
        })
    }

    /// Writes the withdrawal of a record that was read, or of some of its purposes, with
    /// its audit entry. Returns the record after it, and the codes of the purposes that
    /// ended if the order names some.
    pub(super) fn withdraw_found(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        record: &ConsentRecord,
        subject_key: &SubjectKey,
        order: &WithdrawalOrder,
        feed: &Feed<'_>,
    ) -> Result<(ConsentRecord, Option<Vec<PurposeCode>>), Error> {
        let now = unit.context().now;
        record.require_withdrawable()?;
        let ended = match &order.purposes {
            None => None,
            Some(codes) => Some(consent_record::purposes_to_withdraw(record, codes)?),
        };
        let mut after = match &ended {
            None => record.withdrawn(Some(&order.reason), now),
            Some(codes) => record.without(codes, Some(&order.reason), None, now),
        };
        // What has expired is no longer processed, and needs neither the grant nor the data.
        let remains = after.status(now) == RecordStatus::Active;
        if remains && (order.revoke_grant || order.delete_processed_data) {
            return Err(DomainError::PurposesRemain.into());
        }
        let whole = after.state == RecordState::Withdrawn;
        let all: Vec<PurposeCode> = record.granted_codes().into_iter().cloned().collect();
        let withdrawn = tell(unit, feed, EventType::ConsentWithdrawn, record, ended.as_ref().unwrap_or(&all))?;
        let mut event = AuditEvent::new(if whole { WITHDRAWN } else { PURPOSES_WITHDRAWN })
            .with("grantId", record.grant_id)
            .with("revokeGrant", order.revoke_grant)
            .with("deleteProcessedData", order.delete_processed_data)
            .with_some("withdrawalId", order.part_of)
            .with_some("eventId", withdrawn)
            .personal("reason", &order.reason);
        if let Some(codes) = &ended {
            event = event.with("purposes", codes);
        }
        after.chain = self.trails.append(unit, &record_append(actor, subject_key, record), &[event])?;
        self.records.change(unit, actor.tenant, record, &after)?;
        Ok((after, ended))
    }
}

/// Adds an event about purposes of a record, unless there are none. The next entry of the record's trail must name it.
fn tell(
    unit: &mut UnitOfWork,
    feed: &Feed<'_>,
    kind: EventType,
    record: &ConsentRecord,
    purposes: &[PurposeCode],
) -> Result<Option<EventId>, Error> {
    if purposes.is_empty() {
        return Ok(None);
    }
    tell_with_denied(unit, feed, kind, record, purposes, &[]).map(Some)
}

/// Adds an event about purposes of a record, beside which others were denied. The next entry of the record's trail must
/// name it.
fn tell_with_denied(
    unit: &mut UnitOfWork,
    feed: &Feed<'_>,
    kind: EventType,
    record: &ConsentRecord,
    purposes: &[PurposeCode],
    denied: &[PurposeCode],
) -> Result<EventId, Error> {
    let event = Event::of_record(kind, record, purposes, unit.context());
    let id = event.id;
    let new = NewEvent { event, principal: None, kept_until: Some(record.retention_until) };
    feed.add_with_denied(unit, new, denied)?;
    Ok(id)
}

/// The first event of a record's trail.
fn created(record: &ConsentRecord, consent_notice_hash: &str) -> AuditEvent {
    let Circumstances { method, shown_at, channel, actor, renews } = &record.circumstances;
    let mut event = AuditEvent::new(CREATED)
        .with("grantId", record.grant_id)
        .with("consentNoticeId", &record.consent_notice_id)
        .with("consentNoticeVersion", &record.consent_notice_version)
        .with("consentNoticeLanguage", &record.consent_notice_language)
        .with("consentNoticeHash", consent_notice_hash)
        .with("purposes", record.granted_codes())
        .with("processingExpiresAt", record.processing_expires_at)
        .personal("dataPrincipalId", &record.data_principal_id)
        .with_some("deniedPurposes", Some(record.denied_codes()).filter(|codes| !codes.is_empty()))
        .with_some("method", method.as_ref())
        .with_some("shownAt", shown_at.as_ref())
        .personal("channel", channel)
        .with_some("renews", renews.as_ref());
    if let Some(actor) = actor {
        let reference = actor.verification.as_ref().and_then(|verification| verification.reference.as_ref());
        event = event
            .with("actor", actor.anonymous())
            .personal("actorId", &actor.id)
            .personal("verificationReference", reference);
    }
    event
}
