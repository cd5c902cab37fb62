//! Consent records, each an item of its own.

use crate::{
    domain::{
        FieldFault, Occasion, Refusal, Tenant, Thing, Timestamp,
        consent_record::{self, ConsentDraft, ConsentRecord, RecordState, RecordStatus, Retention, WithdrawalReason},
        erasure::ErasureCounts,
        export::Export,
        identifiers::{PrincipalId, RecordId, Reference},
    },
    store::{
        ConsentNotices, Database, Effect, Error, Grants, Page, Part,
        database::{from_item, table, to_attribute},
        key::{Key, PARTITION},
        listing::{Entry, Listing, Pointer, of_principal},
        transaction::{Change, Setback, Transaction, single_setback, until_settled},
    },
};
use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::HashMap;

/// What names the tenant's list.
const ALL: &[&str] = &["records"];
/// How many records one step of an erasure takes: two changes each.
const ERASED_AT_ONCE: usize = 25;
/// How many records are accessed at once.
const ACCESSES: usize = 16;

/// The consent records.
#[derive(Clone)]
pub struct ConsentRecords {
    database: Database,
    table: String,
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
}

/// A withdrawal that happened.
#[derive(Clone, Copy, Debug)]
pub struct Withdrawal {
    /// When.
    pub withdrawn_at: Timestamp,
    /// Whether the grant, and with it every descendant, was made unusable.
    pub grant_revoked: bool,
}

impl ConsentRecords {
    /// The table that `CONSENT_RECORDS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: table("CONSENT_RECORDS_TABLE", "ConsentRecordsTable") }
    }

    /// Records a consent under a grant that is usable, and still unrevoked when
    /// the record is written.
    pub async fn create<'call>(
        &self,
        (tenant, data_fiduciary_name): (Tenant, &str),
        draft: &ConsentDraft,
        retention: Retention,
        (notices, grants): (&ConsentNotices, &Grants),
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, ConsentRecord>, Error> {
        let now = occasion.now;
        let lineage = grants.named(tenant, &draft.grant, "grantId").await?;
        consent_record::require_usable(&lineage, &draft.data_principal_id, now)?;
        let (version, language) = (draft.notice_version.as_ref(), draft.notice_language.as_ref());
        let notice = notices.named(tenant, &draft.notice, version, language).await?;
        let purposes = consent_record::purposes_of(&notice, &draft.purposes)?;
        let record = ConsentRecord {
            record_id: RecordId::fresh(occasion),
            grant_id: lineage.grant.grant_id,
            data_principal_id: Some(draft.data_principal_id.clone()),
            data_fiduciary_name: data_fiduciary_name.to_owned(),
            purposes,
            scopes: lineage.grant.scopes.clone(),
            consent_notice_id: notice.notice_id,
            consent_notice_version: notice.version,
            consent_notice_language: notice.language,
            consent_notice_hash: notice.content_hash,
            processing_expires_at: draft.processing_expires_at,
            retention_until: retention.until(draft.processing_expires_at, now),
            state: RecordState::Active,
            created_at: now,
            withdrawn_at: None,
            withdrawn_reason: None,
            erased_at: None,
            access_count: 0,
            last_accessed_at: None,
        };
        let (place, of_principal) = (record.record_id.to_string(), of_principal(&draft.data_principal_id));
        let transaction = Transaction::new(occasion)
            .create_fresh(&self.table, &key(tenant, record.record_id), &record)?
            .create_fresh(&self.table, &Listing::of_tenant(&self.table, tenant, ALL).key(&place), &Pointer {})?
            .create_fresh(&self.table, &Listing::of_one(&self.table, tenant, &of_principal).key(&place), &Pointer {})?;
        let transaction = grants.require_unrevoked(transaction, tenant, &lineage.grant, "grantId");
        Ok(transaction.to(record))
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
        self.listing(tenant, of_principal.as_ref())
            .select(&self.database, page, async |entries: Vec<Entry<Pointer>>| {
                let wanted = |record: &ConsentRecord| status.is_none_or(|status| record.status(now) == status);
                let listed = self.listed(tenant, &entries).await?;
                Ok(listed.into_iter().map(|record| record.filter(wanted)).collect())
            })
            .await
    }

    /// A part of the records that an export asks for, newest first, up to its
    /// last one in about so many bytes. It is no access to a record either.
    pub async fn exported(
        &self,
        tenant: Tenant,
        export: &Export,
        page: &Page,
        bytes: usize,
    ) -> Result<Part<ConsentRecord>, Error> {
        let Some((first, last)) = export.period().filter(|_| export.question.include_consent_records) else {
            return Ok(Part { things: Vec::new(), next: None });
        };
        let of_principal = export.question.data_principal_id.as_ref().map(of_principal);
        let lowest = RecordId::lowest_of(first).to_string();
        let above = RecordId::lowest_of(last.next()).to_string();
        let page = Page { limit: page.limit, after: Some(page.after.clone().unwrap_or(above)) };
        self.listing(tenant, of_principal.as_ref())
            .down_to(&lowest)
            .weighing(bytes)
            .select(&self.database, &page, async |entries: Vec<Entry<Pointer>>| self.listed(tenant, &entries).await)
            .await
    }

    /// The tenant's list, or one principal's.
    fn listing<'a>(&'a self, tenant: Tenant, of_principal: Option<&'a [&'a str; 2]>) -> Listing<'a> {
        match of_principal {
            Some(of_principal) => Listing::of_one(&self.table, tenant, of_principal),
            None => Listing::of_tenant(&self.table, tenant, ALL),
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

    /// Whether any record names this person.
    pub(crate) async fn any_of(&self, tenant: Tenant, principal_id: &PrincipalId) -> Result<bool, Error> {
        self.some_of(tenant, principal_id, 1).await.map(|some| !some.is_empty())
    }

    /// Takes a person out of some of their records, in a transaction, and counts
    /// them; `None` where no record names them any more.
    pub(crate) async fn erase_some<'call>(
        &self,
        tenant: Tenant,
        principal_id: &PrincipalId,
        occasion: Occasion<'call>,
    ) -> Result<Option<(Transaction<'call>, ErasureCounts)>, Error> {
        let some = self.some_of(tenant, principal_id, ERASED_AT_ONCE).await?;
        let named = of_principal(principal_id);
        let listing = Listing::of_one(&self.table, tenant, &named);
        let mut transaction = Transaction::new(occasion);
        for record_id in &some {
            let erased = Change::of(key(tenant, *record_id))
                .set("state", &RecordState::Erased)?
                .set("erasedAt", &occasion.now)?
                .remove("dataPrincipalId")
                .remove("withdrawnReason");
            let entry = Change::of(listing.key(&record_id.to_string()));
            transaction =
                transaction.update(&self.table, erased, |_| Error::Stale).delete(&self.table, entry, |_| Error::Stale);
        }
        let records_erased = u64::try_from(some.len()).unwrap_or(u64::MAX);
        let counts = ErasureCounts { records_erased, ..ErasureCounts::default() };
        Ok(Some((transaction, counts)).filter(|_| !some.is_empty()))
    }

    async fn some_of(&self, tenant: Tenant, principal_id: &PrincipalId, limit: usize) -> Result<Vec<RecordId>, Error> {
        let named = of_principal(principal_id);
        let page = Page { limit, after: None };
        let part = Listing::of_one(&self.table, tenant, &named).read::<Pointer>(&self.database, &page).await?;
        Ok(part.things.iter().filter_map(|entry| RecordId::parse(&entry.place).ok()).collect())
    }

    /// Withdraws a consent, once: the record and, where asked, the grant, all
    /// or nothing.
    pub async fn withdraw<'call>(
        &self,
        tenant: Tenant,
        order: &WithdrawalOrder,
        grants: &Grants,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, Withdrawal>, Error> {
        let now = occasion.now;
        let key = key(tenant, order.record_id);
        let withdrawn = Change::of(key.clone())
            .when("state", &RecordState::Active)?
            .set("state", &RecordState::Withdrawn)?
            .set("withdrawnAt", &now)?
            .set("withdrawnReason", &order.reason)?;
        let mut transaction = Transaction::new(occasion).update(&self.table, withdrawn, |record| {
            match record.map(from_item::<ConsentRecord>) {
                None => absent(),
                Some(Ok(ConsentRecord { state: RecordState::Erased, .. })) => Refusal::AlreadyErased.into(),
                Some(Ok(_)) => Refusal::AlreadyWithdrawn.into(),
                Some(Err(error)) => error,
            }
        });
        if order.revoke_grant {
            // A record never changes its grant, so this may be read before.
            let record: ConsentRecord =
                self.database.get(&self.table, &key).await?.ok_or(Refusal::NotFound(Thing::ConsentRecord))?;
            transaction = grants.revoke_in(transaction, tenant, record.grant_id, now)?;
        }
        Ok(transaction.to(Withdrawal { withdrawn_at: now, grant_revoked: order.revoke_grant }))
    }
}

fn absent() -> Error {
    Refusal::NotFound(Thing::ConsentRecord).into()
}

fn key(tenant: Tenant, record_id: RecordId) -> Key {
    Key::of_tenant(tenant, &[&record_id.to_string()], &["record"])
}
