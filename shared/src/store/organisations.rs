//! Organisations: what receipts and notices say of a tenant, in one item.

use crate::{
    domain::{
        Tenant,
        organisation::{Organisation, StoredOrganisation},
        state_tag::ExpectedState,
    },
    store::{Database, Error, UnitOfWork, change::Change, key::Key},
};

const REVISION: &str = "revision";

/// The organisations.
#[derive(Clone)]
pub struct Organisations {
    database: Database,
    table: String,
}

impl Organisations {
    /// The table that `ORGANISATIONS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: database.table("ORGANISATIONS_TABLE") }
    }

    /// The tenant's organisation; `None` if it has not been set.
    pub async fn get(&self, tenant: Tenant) -> Result<Option<StoredOrganisation>, Error> {
        self.database.get(&self.table, &key(tenant)).await
    }

    /// Sets the tenant's organisation, if it is in an expected state.
    pub async fn replace(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        organisation: Organisation,
        expected: &ExpectedState,
    ) -> Result<StoredOrganisation, Error> {
        let present = self.get(tenant).await?;
        expected.require(&StoredOrganisation::tag(present.as_ref()))?;
        let revision = present.as_ref().map_or(1, |present| present.revision + 1);
        let next = StoredOrganisation { organisation, revision, updated_at: unit.context().now };
        if let Some(present) = present {
            let change = Change::of(key(tenant))
                .when(REVISION, &present.revision)?
                .set(REVISION, &next.revision)?
                .set("organisation", &next.organisation)?
                .set("updatedAt", &next.updated_at)?;
            unit.update(&self.table, change, Error::Stale);
        } else {
            unit.create(&self.table, &key(tenant), &next, Error::Stale)?;
        }
        Ok(next)
    }
}

fn key(tenant: Tenant) -> Key {
    Key::of_tenant(tenant, &["organisation"], &["organisation"])
}
