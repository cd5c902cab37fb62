//! Consent records, each an item of its own.

use crate::{
    domain::{
        FieldFault, Occasion, Refusal, Tenant, Thing, Timestamp,
        audit::{Actor, Chain, Note, Subject},
        consent_record::{self, ConsentDraft, ConsentRecord, RecordState, RecordStatus, Retention, WithdrawalReason},
        erasure::ErasureCounts,
        export::{Export, ExportQuestion},
        identifiers::{PrincipalId, RecordId, Reference},
        proof::{CommitmentSalt, ConsentClaims, ConsentProof},
        trail::Trail,
    },
    store::{
        AuditTrails, ConsentNotices, Database, Effect, Error, Grants, Page, Part, Sealing, Signer,
        audit_trails::Appending,
        database::{Removal, from_item, table, to_attribute},
        key::{Key, PARTITION},
        listing::{Entry, Listing, Pointer, of_principal},
        transaction::{Change, Setback, Transaction, single_setback, until_settled},
    },
};
use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue},
};
use futures_util::{
    StreamExt, TryStreamExt,
    future::{join, try_join},
    stream,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What names the tenant's list.
const ALL: &[&str] = &["records"];
/// How many records one step of an erasure takes: four changes each.
const ERASED_AT_ONCE: usize = 24;
/// The audit trail's length and head, within the record's item.
const CHAIN: &str = "chain";
/// How many records are accessed at once.
const ACCESSES: usize = 16;

/// The consent records.
#[derive(Clone)]
pub struct ConsentRecords {
    database: Database,
    table: String,
    trails: AuditTrails,
}

/// A record as it is stored.
#[derive(Serialize, Deserialize)]
struct RecordItem {
    #[serde(flatten)]
    record: ConsentRecord,
    #[serde(flatten)]
    removal: Removal,
}

/// A withdrawal that is asked for.
#[derive(Clone, Debug)]
pub struct WithdrawalOrder {
    /// Of which consent.
    pub record_id: RecordId,
    /// Why.
    pub reason: WithdrawalReason,
    /// Whether the grant goes too.
    pub revoke_grant: bool,
    /// Whether what is personal in the audit trail goes too.
    pub delete_processed_data: bool,
}

/// A withdrawal that happened.
#[derive(Clone, Copy, Debug)]
pub struct Withdrawal {
    /// When.
    pub withdrawn_at: Timestamp,
    /// Whether the grant, and with it every descendant, was made unusable.
    pub grant_revoked: bool,
    /// Whether no entry of the audit trail holds anything personal any more.
    pub data_deleted: bool,
}

/// A record as an export asks for it.
#[derive(Debug, Serialize)]
pub struct Exported {
    /// The record.
    pub record: ConsentRecord,
    /// Its audit trail, where that was asked for.
    pub trail: Option<Trail>,
}

impl ConsentRecords {
    /// The table that `CONSENT_RECORDS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: table("CONSENT_RECORDS_TABLE", "ConsentRecordsTable"),
            trails: AuditTrails::new(database),
        }
    }

    /// Records a consent, with its proof, under a grant that is usable, and
    /// still unrevoked when the record is written.
    pub async fn create<'call>(
        &self,
        (actor, data_fiduciary_name): (Actor, &str),
        draft: &ConsentDraft,
        retention: Retention,
        (notices, grants): (&ConsentNotices, &Grants),
        (signer, jwks_uri): (&Signer, &str),
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, ConsentRecord>, Error> {
        let (now, tenant) = (occasion.now, actor.tenant);
        let (version, language) = (draft.notice_version.as_ref(), draft.notice_language.as_ref());
        let (lineage, notice) = join(
            grants.named(tenant, &draft.grant, "grantId"),
            notices.named(tenant, &draft.notice, version, language),
        )
        .await;
        // Read at once, and judged in the order of the fields.
        let lineage = lineage?;
        consent_record::require_usable(&lineage, &draft.data_principal_id, now)?;
        let notice = notice?;
        let purposes = consent_record::purposes_of(&notice, &draft.purposes)?;
        let (record_id, salt) = (RecordId::fresh(occasion), CommitmentSalt::fresh(occasion));
        let data_principal_commitment = salt.commitment(&draft.data_principal_id);
        let claims = ConsentClaims {
            iat: now.seconds(),
            tenant_id: tenant,
            record_id,
            grant_id: lineage.grant.grant_id,
            consent_notice_id: &notice.notice_id,
            consent_notice_version: &notice.version,
            consent_notice_language: &notice.language,
            consent_notice_hash: &notice.content_hash,
            purposes: purposes.iter().map(|purpose| &purpose.code).collect(),
            consent_given_at: now,
            data_principal_commitment: &data_principal_commitment,
        };
        let consent_proof = ConsentProof::of(&claims, &*signer.key(now).await?, jwks_uri, now);
        let consent_proof = consent_proof.ok_or_else(|| Error::Fault("a proof has no JSON".to_owned()))?;
        let mut record = ConsentRecord {
            record_id,
            grant_id: lineage.grant.grant_id,
            data_principal_id: Some(draft.data_principal_id.clone()),
            data_fiduciary_name: data_fiduciary_name.to_owned(),
            purposes,
            scopes: lineage.grant.scopes.clone(),
            consent_notice_id: notice.notice_id,
            consent_notice_version: notice.version,
            consent_notice_language: notice.language,
            consent_notice_hash: notice.content_hash,
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
        let begun = (actor, Subject::record(record.record_id), Some(record.retention_until));
        let (transaction, chain, sealing) = self.trails.begin(Transaction::new(occasion), begun, &created(&record))?;
        record.chain = chain;
        let removal = Removal::after(record.retention_until);
        let item = RecordItem { record, removal };
        let (place, of_principal) = (item.record.record_id.to_string(), of_principal(&draft.data_principal_id));
        let transaction = transaction
            .create_fresh(&self.table, &key(tenant, item.record.record_id), &item)?
            .create_fresh(&self.table, &Listing::of_tenant(&self.table, tenant, ALL).key(&place), &removal)?
            .create_fresh(&self.table, &Listing::of_one(&self.table, tenant, &of_principal).key(&place), &removal)?;
        let transaction = grants.require_unrevoked(transaction, tenant, &lineage.grant, "grantId");
        Ok(transaction.to(item.record).sealed(sealing))
    }

    /// A part of the tenant's records, or of one principal's, newest first;
    /// those of this status. Looking through a list is no access to a record.
    pub async fn list(
        &self,
        tenant: Tenant,
        (data_principal_id, status): (Option<&PrincipalId>, Option<RecordStatus>),
        page: &Page,
        now: Timestamp,
    ) -> Result<Part<ConsentRecord>, Error> {
        let of_principal = data_principal_id.map(of_principal);
        Listing::of_principal_or_all(&self.table, tenant, of_principal.as_ref(), ALL)
            .select(&self.database, page, async |entries: Vec<Entry<Pointer>>| {
                let wanted = |record: &ConsentRecord| status.is_none_or(|status| record.status(now) == status);
                let listed = self.listed(tenant, &entries).await?;
                Ok(listed.into_iter().map(|record| record.filter(wanted)).collect())
            })
            .await
    }

    /// A part of the records that an export asks for, newest first. It is no
    /// access to a record either.
    pub async fn exported(&self, tenant: Tenant, export: &Export, page: &Page) -> Result<Part<Exported>, Error> {
        let asked = export.question.include_consent_records || export.question.include_action_log;
        let Some((first, last)) = export.period().filter(|_| asked) else {
            return Ok(Part { things: Vec::new(), next: None });
        };
        let of_principal = export.question.data_principal_id.as_ref().map(of_principal);
        let lowest = RecordId::lowest_of(first).to_string();
        let above = RecordId::lowest_of(last.next()).to_string();
        let page = Page { limit: page.limit, after: Some(page.after.clone().unwrap_or(above)) };
        Listing::of_principal_or_all(&self.table, tenant, of_principal.as_ref(), ALL)
            .down_to(&lowest)
            .select(&self.database, &page, async |entries: Vec<Entry<Pointer>>| {
                let listed = self.listed(tenant, &entries).await?.into_iter();
                let exported = listed.map(|record| self.with_trail(tenant, record, &export.question));
                stream::iter(exported).buffered(ACCESSES).try_collect().await
            })
            .await
    }

    /// A record as an export asks for it; none where there is none, or it has
    /// just been removed.
    async fn with_trail(
        &self,
        tenant: Tenant,
        record: Option<ConsentRecord>,
        question: &ExportQuestion,
    ) -> Result<Option<Exported>, Error> {
        let Some(record) = record else { return Ok(None) };
        if !question.include_action_log {
            return Ok(Some(Exported { record, trail: None }));
        }
        match self.trails.of_record(tenant, &record, self).await {
            Ok(trail) => Ok(Some(Exported { record, trail: Some(trail) })),
            Err(Error::Refused(Refusal::NotFound(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The records that entries of a list lead to, one for each.
    async fn listed(&self, tenant: Tenant, entries: &[Entry<Pointer>]) -> Result<Vec<Option<ConsentRecord>>, Error> {
        let ids = entries.iter().filter_map(|entry| RecordId::parse(&entry.place).ok());
        let keys: Vec<Key> = ids.map(|id| key(tenant, id)).collect();
        let records: Vec<ConsentRecord> = self.database.get_all(&self.table, &keys).await?;
        let mut records: HashMap<String, ConsentRecord> =
            records.into_iter().map(|record| (record.record_id.to_string(), record)).collect();
        Ok(entries.iter().map(|entry| records.remove(&entry.place)).collect())
    }

    /// A part of a principal's records, newest first, each of them accessed.
    pub async fn access_all(
        &self,
        tenant: Tenant,
        data_principal_id: &PrincipalId,
        page: &Page,
        occasion: Occasion<'_>,
    ) -> Result<Part<ConsentRecord>, Error> {
        let part = self.list(tenant, (Some(data_principal_id), None), page, occasion.now).await?;
        let accesses = part.things.iter().map(|record| self.access(tenant, record.record_id, occasion));
        let records: Vec<ConsentRecord> = stream::iter(accesses).buffered(ACCESSES).try_collect().await?;
        Ok(Part { things: records, next: part.next })
    }

    /// The record that a field of a body names, which must be this principal's.
    pub(crate) async fn named(
        &self,
        tenant: Tenant,
        reference: &Reference,
        data_principal_id: &PrincipalId,
        field: &str,
    ) -> Result<RecordId, Error> {
        let absent = |message: &str| Refusal::InvalidRecord(FieldFault::new(field, message));
        let unknown = || absent("names a consent record that does not exist");
        let record_id = RecordId::parse(reference.as_str()).map_err(|_| unknown())?;
        let record: Option<ConsentRecord> = self.database.get(&self.table, &key(tenant, record_id)).await?;
        let record = record.ok_or_else(unknown)?;
        if record.data_principal_id.as_ref() != Some(data_principal_id) {
            return Err(absent("names another principal's consent record").into());
        }
        Ok(record_id)
    }

    /// Reads a record and counts the access, in one write. A repeat whose
    /// answer was lost counts twice: the record was read that often.
    pub async fn access(
        &self,
        tenant: Tenant,
        record_id: RecordId,
        occasion: Occasion<'_>,
    ) -> Result<ConsentRecord, Error> {
        let now = to_attribute(&occasion.now)?;
        let counted = until_settled(occasion, async || {
            let answer = self
                .database
                .client()
                .update_item()
                .table_name(&self.table)
                .set_key(Some(key(tenant, record_id).attributes()))
                .update_expression("ADD accessCount :one SET lastAccessedAt = :now")
                .condition_expression(format!("attribute_exists({PARTITION})"))
                .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
                .expression_attribute_values(":now", now.clone())
                .return_values(ReturnValue::AllNew)
                .send()
                .await;
            answer.map_err(|error| match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Setback::Failed(absent()),
                _ => single_setback(&error),
            })
        });
        from_item(counted.await?.attributes.unwrap_or_default())
    }

    /// Takes a person out of some of their records, in a transaction, and counts
    /// them; `None` where no record names them any more.
    pub(crate) async fn erase_some<'call>(
        &self,
        actor: Actor,
        principal_id: &PrincipalId,
        occasion: Occasion<'call>,
    ) -> Result<Option<(Transaction<'call>, ErasureCounts)>, Error> {
        let tenant = actor.tenant;
        let some = self.some_of(tenant, principal_id, ERASED_AT_ONCE).await?;
        let keys: Vec<Key> = some.iter().map(|record_id| key(tenant, *record_id)).collect();
        let records: Vec<ConsentRecord> = self.database.get_all(&self.table, &keys).await?;
        let named = of_principal(principal_id);
        let listing = Listing::of_one(&self.table, tenant, &named);
        let mut transaction = Transaction::new(occasion);
        for record_id in &some {
            // It stays though the record itself may be past its retention, and removed.
            let entry = Change::of(listing.key(&record_id.to_string()));
            transaction = transaction.delete(&self.table, entry, |_| Error::Stale);
        }
        for record in &records {
            let sealing = Sealing { subject: Subject::record(record.record_id), key: None };
            let appending = appending(actor, &sealing, record);
            let (with_entry, chain) = self.trails.append(transaction, &appending, &[Note::new("record.erased")])?;
            let erased = Change::of(key(tenant, record.record_id))
                .when(CHAIN, &record.chain)?
                .set(CHAIN, &chain)?
                .set("state", &RecordState::Erased)?
                .set("erasedAt", &occasion.now)?
                .remove("dataPrincipalId")
                .remove("withdrawnReason")
                .remove("commitmentSalt");
            transaction =
                self.trails.forget(with_entry, tenant, &sealing.subject).update(&self.table, erased, |_| Error::Stale);
        }
        let records_erased = u64::try_from(records.len()).unwrap_or(u64::MAX);
        let counts = ErasureCounts { records_erased, ..ErasureCounts::default() };
        Ok(Some((transaction, counts)).filter(|_| !some.is_empty()))
    }

    async fn some_of(&self, tenant: Tenant, principal_id: &PrincipalId, limit: usize) -> Result<Vec<RecordId>, Error> {
        let named = of_principal(principal_id);
        let page = Page { limit, after: None };
        let part = Listing::of_one(&self.table, tenant, &named).read::<Pointer>(&self.database, &page).await?;
        Ok(part.things.iter().filter_map(|entry| RecordId::parse(&entry.place).ok()).collect())
    }

    /// Withdraws a consent, once: the record, where asked the grant and the
    /// audit trail's data key, and what the trails tell of it, all or nothing.
    pub async fn withdraw<'call>(
        &self,
        actor: Actor,
        order: &WithdrawalOrder,
        grants: &Grants,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, Withdrawal>, Error> {
        let (now, tenant) = (occasion.now, actor.tenant);
        let sealing = self.trails.sealing(tenant, Subject::record(order.record_id));
        let (record, sealing) = try_join(self.get(tenant, order.record_id), sealing).await?;
        record.require_withdrawable()?;
        let note = Note::new("record.withdrawn")
            .with("grantId", record.grant_id)
            .with("revokeGrant", order.revoke_grant)
            .with("deleteProcessedData", order.delete_processed_data)
            .personal("reason", &order.reason);
        let appending = appending(actor, &sealing, &record);
        let (mut transaction, chain) = self.trails.append(Transaction::new(occasion), &appending, &[note])?;
        let withdrawn = Change::of(key(tenant, order.record_id))
            .when("state", &RecordState::Active)?
            .when(CHAIN, &record.chain)?
            .set(CHAIN, &chain)?
            .set("state", &RecordState::Withdrawn)?
            .set("withdrawnAt", &now)?
            .set("withdrawnReason", &order.reason)?;
        // What it has become meanwhile, the next reading tells.
        transaction = transaction.update(&self.table, withdrawn, |_| Error::Stale);
        if order.delete_processed_data {
            transaction = self.trails.forget(transaction, tenant, &sealing.subject);
        }
        if order.revoke_grant {
            let note = Note::new("grant.revoked").with("recordId", order.record_id);
            transaction = grants.revoke_in(transaction, actor, record.grant_id, &note).await?;
        }
        Ok(transaction.to(Withdrawal {
            withdrawn_at: now,
            grant_revoked: order.revoke_grant,
            data_deleted: order.delete_processed_data,
        }))
    }

    /// A record as it is now, not counted as an access.
    pub async fn get(&self, tenant: Tenant, record_id: RecordId) -> Result<ConsentRecord, Error> {
        self.database.get(&self.table, &key(tenant, record_id)).await?.ok_or_else(absent)
    }
}

/// What a record's trail begins with.
fn created(record: &ConsentRecord) -> Note {
    let purposes: Vec<&str> = record.purposes.iter().map(|purpose| purpose.code.as_str()).collect();
    Note::new("record.created")
        .with("grantId", record.grant_id)
        .with("consentNoticeId", &record.consent_notice_id)
        .with("consentNoticeVersion", &record.consent_notice_version)
        .with("consentNoticeLanguage", &record.consent_notice_language)
        .with("consentNoticeHash", &record.consent_notice_hash)
        .with("purposes", purposes)
        .with("processingExpiresAt", record.processing_expires_at)
        .personal("dataPrincipalId", &record.data_principal_id)
}

fn appending<'a>(actor: Actor, sealing: &'a Sealing, record: &'a ConsentRecord) -> Appending<'a> {
    Appending { actor, sealing, chain: &record.chain, kept_until: Some(record.retention_until) }
}

fn absent() -> Error {
    Refusal::NotFound(Thing::ConsentRecord).into()
}

fn key(tenant: Tenant, record_id: RecordId) -> Key {
    Key::of_tenant(tenant, &[&record_id.to_string()], &["record"])
}
