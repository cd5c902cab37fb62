//! Grants, each an item of its own. A revocation is one write: descendants
//! name their ancestors and are read together with them.

use crate::{
    domain::{
        FieldFault, Occasion, Refusal, Tenant, Thing, Timestamp,
        grant::{self, Grant, GrantDraft, Lineage},
        identifiers::{GrantId, Reference},
    },
    store::{
        Database, Error,
        database::table,
        key::Key,
        transaction::{Change, Transaction},
    },
};

const REVOKED_AT: &str = "revokedAt";

/// The grants.
#[derive(Clone)]
pub struct Grants {
    database: Database,
    table: String,
}

impl Grants {
    /// The table that `GRANTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: table("GRANTS_TABLE", "GrantsTable") }
    }

    /// Makes a grant, under its parent where it names one.
    pub async fn create(&self, tenant: Tenant, draft: GrantDraft, occasion: Occasion<'_>) -> Result<Lineage, Error> {
        let now = occasion.now;
        let grant_id = GrantId::fresh(occasion);
        let Some(parent) = &draft.parent_grant else {
            let grant = grant::root(draft, grant_id, now);
            Transaction::new(occasion)
                .create_fresh(&self.table, &key(tenant, grant_id), &grant)?
                .commit(&self.database)
                .await?;
            return Ok(Lineage::of(grant, &[]));
        };
        let parent = self.named(tenant, parent, "parentGrantId").await?;
        let grant = grant::child(draft, &parent, grant_id, now)?;
        let transaction = Transaction::new(occasion).create_fresh(&self.table, &key(tenant, grant_id), &grant)?;
        self.require_unrevoked(transaction, tenant, &parent.grant, "parentGrantId").commit(&self.database).await?;
        Ok(Lineage::of(grant, &[]))
    }

    /// The grant that a field of a body names.
    pub(crate) async fn named(&self, tenant: Tenant, reference: &Reference, field: &str) -> Result<Lineage, Error> {
        let found = match GrantId::parse(reference.as_str()) {
            Ok(grant_id) => self.find(tenant, grant_id).await?,
            Err(_) => None,
        };
        found.ok_or_else(|| Refusal::InvalidGrant(FieldFault::new(field, "names a grant that does not exist")).into())
    }

    /// A grant with what its ancestors make of it.
    pub async fn find(&self, tenant: Tenant, grant_id: GrantId) -> Result<Option<Lineage>, Error> {
        let found: Option<Grant> = self.database.get(&self.table, &key(tenant, grant_id)).await?;
        let Some(grant) = found else { return Ok(None) };
        let keys: Vec<Key> = grant.ancestors.iter().map(|ancestor| key(tenant, *ancestor)).collect();
        let ancestors: Vec<Grant> = self.database.get_all(&self.table, &keys).await?;
        if ancestors.len() < keys.len() {
            return Err(Error::Fault(format!("{grant_id} has lost an ancestor")));
        }
        Ok(Some(Lineage::of(grant, &ancestors)))
    }

    /// Revokes a grant and with it every descendant; the first revocation's
    /// time stands.
    pub async fn revoke(&self, tenant: Tenant, grant_id: GrantId, occasion: Occasion<'_>) -> Result<(), Error> {
        self.revoke_in(Transaction::new(occasion), tenant, grant_id, occasion.now)?.commit(&self.database).await
    }

    /// Adds the grant's revocation to a transaction.
    pub(crate) fn revoke_in<'call>(
        &self,
        transaction: Transaction<'call>,
        tenant: Tenant,
        grant_id: GrantId,
        now: Timestamp,
    ) -> Result<Transaction<'call>, Error> {
        let revoked = Change::of(key(tenant, grant_id)).set_if_absent(REVOKED_AT, &now)?;
        Ok(transaction.update(&self.table, revoked, |_| Refusal::NotFound(Thing::Grant).into()))
    }

    /// Adds to a transaction that neither the grant nor an ancestor is revoked
    /// by then. The field is the one that named the grant.
    pub(crate) fn require_unrevoked<'call>(
        &self,
        mut transaction: Transaction<'call>,
        tenant: Tenant,
        grant: &Grant,
        field: &'static str,
    ) -> Transaction<'call> {
        for grant_id in grant.ancestors.iter().chain([&grant.grant_id]) {
            let unrevoked = Change::of(key(tenant, *grant_id)).when_absent(REVOKED_AT);
            transaction = transaction.require(&self.table, unrevoked, move |_| {
                let fault = FieldFault::new(field, "names a grant that is revoked");
                Refusal::InvalidGrant(fault).into()
            });
        }
        transaction
    }
}

fn key(tenant: Tenant, grant_id: GrantId) -> Key {
    Key::of_tenant(tenant, &[&grant_id.to_string()], &["grant"])
}
