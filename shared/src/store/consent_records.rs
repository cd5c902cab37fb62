//! Consent records, each an item of its own.

use crate::{
    domain::{
        Occasion, Refusal, Tenant, Thing, Timestamp,
        consent_record::{self, ConsentDraft, ConsentRecord, RecordState, Retention, WithdrawalReason},
        identifiers::RecordId,
    },
    store::{
        ConsentNotices, Database, Error, Grants,
        database::{from_item, table, to_attribute},
        key::{Key, PARTITION},
        transaction::{Change, Setback, Transaction, absent_or, single_setback, until_settled},
    },
};
use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue},
};

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
    pub async fn create(
        &self,
        (tenant, data_fiduciary_name): (Tenant, &str),
        draft: ConsentDraft,
        retention: Retention,
        (notices, grants): (&ConsentNotices, &Grants),
        occasion: Occasion<'_>,
    ) -> Result<ConsentRecord, Error> {
        let now = occasion.now;
        let lineage = grants.named(tenant, &draft.grant, "grantId").await?;
        consent_record::require_usable(&lineage, &draft.data_principal_id, now)?;
        let (version, language) = (draft.notice_version.as_ref(), draft.notice_language.as_ref());
        let notice = notices.named(tenant, &draft.notice, version, language).await?;
        let purposes = consent_record::purposes_of(&notice, &draft.purposes)?;
        let record = ConsentRecord {
            record_id: RecordId::fresh(occasion),
            grant_id: lineage.grant.grant_id,
            data_principal_id: draft.data_principal_id,
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
            access_count: 0,
            last_accessed_at: None,
        };
        let transaction =
            Transaction::new(occasion).create_fresh(&self.table, &key(tenant, record.record_id), &record)?;
        grants.require_unrevoked(transaction, tenant, &lineage.grant, "grantId").commit(&self.database).await?;
        Ok(record)
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

    /// Withdraws a consent, once: the record and, where asked, the grant, all
    /// or nothing.
    pub async fn withdraw(
        &self,
        tenant: Tenant,
        order: &WithdrawalOrder,
        grants: &Grants,
        occasion: Occasion<'_>,
    ) -> Result<Withdrawal, Error> {
        let now = occasion.now;
        let key = key(tenant, order.record_id);
        let withdrawn = Change::of(key.clone())
            .when("state", &RecordState::Active)?
            .set("state", &RecordState::Withdrawn)?
            .set("withdrawnAt", &now)?
            .set("withdrawnReason", &order.reason)?;
        let mut transaction = Transaction::new(occasion).update(
            &self.table,
            withdrawn,
            absent_or(Thing::ConsentRecord, Refusal::AlreadyWithdrawn),
        );
        if order.revoke_grant {
            // A record never changes its grant, so this may be read before.
            let record: ConsentRecord =
                self.database.get(&self.table, &key).await?.ok_or(Refusal::NotFound(Thing::ConsentRecord))?;
            transaction = grants.revoke_in(transaction, tenant, record.grant_id, now)?;
        }
        transaction.commit(&self.database).await?;
        Ok(Withdrawal { withdrawn_at: now, grant_revoked: order.revoke_grant })
    }
}

fn absent() -> Error {
    Refusal::NotFound(Thing::ConsentRecord).into()
}

fn key(tenant: Tenant, record_id: RecordId) -> Key {
    Key::of_tenant(tenant, &[&record_id.to_string()], &["record"])
}
