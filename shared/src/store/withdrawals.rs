//! Withdrawals across all records of a person, each in an item of its own that does not
//! name the person. While one is in progress, a further item under a pseudonym of the
//! person has its id, so that the same request again continues it.

use crate::{
    domain::{
        DomainError, ResourceKind, Tenant,
        identifiers::{PrincipalId, WithdrawalId},
        withdrawal::{PersonWithdrawal, Selection},
    },
    store::{Database, Error, Pseudonyms, UnitOfWork, change::Change, key::Key},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const REVISION: &str = "revision";

/// The withdrawals across all records of a person.
#[derive(Clone)]
pub struct Withdrawals {
    database: Database,
    table: String,
}

/// The key of the item that has the id of a withdrawal that is in progress.
pub(crate) struct InProgressKey(Key);

/// A withdrawal that is in progress.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InProgress {
    pub(super) withdrawal_id: WithdrawalId,
}

impl Pseudonyms {
    /// The key of the item that has the id of the withdrawal of this selection that is in
    /// progress for a person.
    pub(crate) fn withdrawal_in_progress(
        &self,
        tenant: Tenant,
        principal_id: &PrincipalId,
        selection: &Selection,
    ) -> Result<InProgressKey, Error> {
        let person = self.in_withdrawals(tenant, principal_id);
        let selection = serde_json::to_string(&selection.sorted());
        let selection = selection.map_err(|error| Error::Internal(error.to_string()))?;
        let selection = hex::encode(Sha256::digest(selection));
        Ok(InProgressKey(Key::of_tenant(tenant, &["pseudonym", &person], &["in_progress", &selection])))
    }
}

impl Withdrawals {
    /// The table that `WITHDRAWALS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: database.table("WITHDRAWALS_TABLE") }
    }

    /// A withdrawal as it is now.
    pub async fn get(&self, tenant: Tenant, withdrawal_id: WithdrawalId) -> Result<PersonWithdrawal, Error> {
        self.database
            .get(&self.table, &key(tenant, withdrawal_id))
            .await?
            .ok_or_else(|| DomainError::NotFound(ResourceKind::Withdrawal).into())
    }

    /// The withdrawal to which this key leads, if it is in progress.
    pub(crate) async fn in_progress(
        &self,
        tenant: Tenant,
        in_progress: &InProgressKey,
    ) -> Result<Option<PersonWithdrawal>, Error> {
        match self.database.get::<InProgress>(&self.table, &in_progress.0).await? {
            Some(item) => self.get(tenant, item.withdrawal_id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Stores a new withdrawal, on condition that the same one is not in progress.
    pub(crate) fn create(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        in_progress: &InProgressKey,
        withdrawal: &PersonWithdrawal,
    ) -> Result<(), Error> {
        let item = InProgress { withdrawal_id: withdrawal.withdrawal_id };
        unit.create_new(&self.table, &key(tenant, withdrawal.withdrawal_id), withdrawal)?.create(
            &self.table,
            &in_progress.0,
            &item,
            Error::Stale,
        )?;
        Ok(())
    }

    /// Completes a withdrawal. Nothing leads from the person to it any more.
    pub(crate) fn complete(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        in_progress: &InProgressKey,
        withdrawal: &PersonWithdrawal,
    ) -> Result<PersonWithdrawal, Error> {
        let next = withdrawal.completed(unit.context().now);
        self.advance(unit, tenant, withdrawal, &next)?;
        unit.delete(&self.table, Change::of(in_progress.0.clone()), Error::Stale);
        Ok(next)
    }

    /// Changes a withdrawal from the state that was read to the next.
    pub(crate) fn advance(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        withdrawal: &PersonWithdrawal,
        next: &PersonWithdrawal,
    ) -> Result<(), Error> {
        let mut change = Change::of(key(tenant, withdrawal.withdrawal_id))
            .when(REVISION, &withdrawal.revision)?
            .set(REVISION, &next.revision)?
            .set("status", &next.status)?
            .set("recordsWithdrawn", &next.records_withdrawn)?;
        if let Some(completed_at) = next.completed_at {
            change = change.set("completedAt", &completed_at)?;
        }
        unit.update(&self.table, change, Error::Stale);
        Ok(())
    }
}

pub(super) fn key(tenant: Tenant, withdrawal_id: WithdrawalId) -> Key {
    Key::of_tenant(tenant, &[&withdrawal_id.to_string()], &["withdrawal"])
}
