//! Withdrawing what a person granted, across all of their records.
//!
//! It consists of [steps](super::steps). Each ends something in some records, in the same
//! way as the withdrawal of a single record. It is completed when the person's records
//! were read and nothing of it was granted in any of them. So a record that is created
//! at the same time is either withdrawn too, or was created after that reading.

use crate::{
    domain::{
        DomainError, RequestContext, ResourceKind, Tenant,
        audit::{Actor, Subject},
        consent_record::{RecordSummary, WithdrawalReason},
        identifiers::{PrincipalId, RecordId},
        progress::Progress,
        withdrawal::{PersonWithdrawal, Selection},
    },
    service::{
        Consents, WithdrawalOrder,
        steps::{Steps, carry_out},
    },
    store::{
        AuditTrails, ConsentRecords, Database, Error, Events, Feed, Pseudonyms, UnitOfWork, Withdrawals, until_current,
    },
};
use futures_util::{StreamExt, TryStreamExt, stream};

/// How many records one step handles, with four changes each.
const WITHDRAWN_AT_ONCE: usize = 24;
/// How many data keys are read at the same time.
const KEYS: usize = 16;

/// Withdraws what persons granted.
pub struct PersonWithdrawals {
    database: Database,
    withdrawals: Withdrawals,
    pseudonyms: Pseudonyms,
    records: ConsentRecords,
    trails: AuditTrails,
    consents: Consents,
    events: Events,
}

/// A withdrawal across all records of a person that a request asks for.
#[derive(Clone, Debug)]
pub struct PersonWithdrawalOrder {
    /// The person.
    pub principal_id: PrincipalId,
    /// What ends.
    pub selection: Selection,
    /// The reason.
    pub reason: WithdrawalReason,
}

impl PersonWithdrawals {
    /// With the tables that the environment names, and its `PSEUDONYM_SECRET`.
    pub fn from_environment(database: &Database) -> Result<Self, Error> {
        Ok(Self {
            database: database.clone(),
            withdrawals: Withdrawals::new(database),
            pseudonyms: Pseudonyms::from_environment(database)?,
            records: ConsentRecords::new(database),
            trails: AuditTrails::new(database),
            consents: Consents::new(database),
            events: Events::new(database),
        })
    }

    /// Withdraws what the order selects, as far as one call can. It continues the same
    /// withdrawal of the person if one is in progress. All steps but the last are
    /// committed here. The last one, which completes the withdrawal, is added to `unit`.
    pub async fn withdraw(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        order: &PersonWithdrawalOrder,
    ) -> Result<PersonWithdrawal, Error> {
        let context = unit.context().clone();
        let feed = &self.events.feed(actor.tenant).await?;
        let withdrawal = until_current(|| self.begin(&context, actor, order, feed)).await?;
        carry_out(&WithdrawalSteps { withdrawals: self, actor, order, feed }, &self.database, unit, withdrawal).await
    }

    /// Fails if no record names the person.
    pub async fn require_known(&self, tenant: Tenant, principal_id: &PrincipalId) -> Result<(), Error> {
        known(self.records.summaries(tenant, principal_id).await?).map(|_| ())
    }

    /// The same withdrawal of the person that is in progress, or a new one after its
    /// first step.
    async fn begin(
        &self,
        context: &RequestContext,
        actor: Actor,
        order: &PersonWithdrawalOrder,
        feed: &Feed<'_>,
    ) -> Result<PersonWithdrawal, Error> {
        let in_progress =
            self.pseudonyms.withdrawal_in_progress(actor.tenant, &order.principal_id, &order.selection)?;
        if let Some(earlier) = self.withdrawals.in_progress(actor.tenant, &in_progress).await? {
            return Ok(earlier);
        }
        let summaries = known(self.records.summaries(actor.tenant, &order.principal_id).await?)?;
        order.selection.require_in(&summaries)?;
        let withdrawal = PersonWithdrawal::submit(order.selection.clone(), context);
        let mut step = UnitOfWork::new(context);
        match self.end_some(&mut step, actor, order, &withdrawal, &summaries, feed).await? {
            0 => Err(DomainError::AlreadyWithdrawn.into()),
            count => {
                let begun = withdrawal.after(count);
                self.withdrawals.create(&mut step, actor.tenant, &in_progress, &begun)?;
                step.commit(&self.database).await?;
                Ok(begun)
            }
        }
    }

    /// Withdraws what the order selects from some of these records of the person. Returns
    /// from how many; 0 if nothing of it is granted in any of them.
    async fn end_some(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        order: &PersonWithdrawalOrder,
        withdrawal: &PersonWithdrawal,
        summaries: &[RecordSummary],
        feed: &Feed<'_>,
    ) -> Result<u64, Error> {
        let selected = summaries.iter().filter(|summary| order.selection.selects(summary));
        let selected: Vec<RecordId> = selected.map(|summary| summary.record_id).collect();
        for some in selected.chunks(WITHDRAWN_AT_ONCE) {
            let mut count = 0;
            // Its summary may still exist when the record was removed at the end of its retention.
            let records = self.records.get_all(actor.tenant, some).await?;
            let keys = records.iter().map(|it| self.trails.subject_key(actor.tenant, Subject::record(it.record_id)));
            let keys: Vec<_> = keys.collect();
            let keys: Vec<_> = stream::iter(keys).buffered(KEYS).try_collect().await?;
            for (record, key) in records.iter().zip(&keys) {
                let Some(purposes) = order.selection.within(record) else { continue };
                let part = WithdrawalOrder {
                    reason: order.reason.clone(),
                    purposes,
                    revoke_grant: false,
                    delete_processed_data: false,
                    part_of: Some(withdrawal.withdrawal_id),
                };
                self.consents.withdraw_found(unit, actor, record, key, &part, feed)?;
                count += 1;
            }
            if count > 0 {
                return Ok(count);
            }
        }
        Ok(0)
    }
}

/// The summaries of a person's records. Fails if there are none.
fn known(summaries: Vec<RecordSummary>) -> Result<Vec<RecordSummary>, Error> {
    if summaries.is_empty() { Err(DomainError::NotFound(ResourceKind::DataPrincipal).into()) } else { Ok(summaries) }
}

/// The steps of a withdrawal across all records of a person.
struct WithdrawalSteps<'a> {
    withdrawals: &'a PersonWithdrawals,
    actor: Actor,
    order: &'a PersonWithdrawalOrder,
    feed: &'a Feed<'a>,
}

impl Steps for WithdrawalSteps<'_> {
    type Request = PersonWithdrawal;

    fn progress(withdrawal: &PersonWithdrawal) -> Progress {
        withdrawal.status
    }

    async fn next(
        &self,
        unit: &mut UnitOfWork,
        withdrawal: &PersonWithdrawal,
    ) -> Result<Option<PersonWithdrawal>, Error> {
        let Self { withdrawals, actor, order, feed } = *self;
        let summaries = withdrawals.records.summaries(actor.tenant, &order.principal_id).await?;
        let count = withdrawals.end_some(unit, actor, order, withdrawal, &summaries, feed).await?;
        if count == 0 {
            return Ok(None);
        }
        let next = withdrawal.after(count);
        withdrawals.withdrawals.advance(unit, actor.tenant, withdrawal, &next)?;
        Ok(Some(next))
    }

    fn complete(&self, unit: &mut UnitOfWork, withdrawal: &PersonWithdrawal) -> Result<PersonWithdrawal, Error> {
        let Self { withdrawals, actor, order, .. } = *self;
        let pseudonyms = &withdrawals.pseudonyms;
        let in_progress = pseudonyms.withdrawal_in_progress(actor.tenant, &order.principal_id, &order.selection)?;
        withdrawals.withdrawals.complete(unit, actor.tenant, &in_progress, withdrawal)
    }

    async fn current(&self, withdrawal: &PersonWithdrawal) -> Result<PersonWithdrawal, Error> {
        self.withdrawals.withdrawals.get(self.actor.tenant, withdrawal.withdrawal_id).await
    }
}
