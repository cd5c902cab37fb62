//! Grants, each an item of its own. A revocation is one write: descendants
//! name their ancestors and are read together with them.

use crate::{
    domain::{
        FieldFault, Occasion, Refusal, Tenant, Thing, Timestamp,
        erasure::ErasureCounts,
        grant::{self, Grant, GrantDraft, GrantStatus, Lineage},
        identifiers::{GrantId, PrincipalId, Reference},
        state_tag::ExpectedState,
    },
    store::{
        Database, Effect, Error, Page, Part,
        database::table,
        key::Key,
        listing::{Entry, Listing, Pointer, of_principal},
        transaction::{Change, Transaction},
    },
};
use std::collections::{HashMap, HashSet};

const REVOKED_AT: &str = "revokedAt";
/// How many grants one step of an erasure takes: two changes each.
const ERASED_AT_ONCE: usize = 25;
/// What names the tenant's list.
const ALL: &[&str] = &["grants"];

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
    pub async fn create<'call>(
        &self,
        tenant: Tenant,
        draft: &GrantDraft,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, Lineage>, Error> {
        let grant_id = GrantId::fresh(occasion);
        let transaction = Transaction::new(occasion);
        let (grant, transaction) = match &draft.parent_grant {
            None => (grant::root(draft, grant_id, occasion.now), transaction),
            Some(parent) => {
                let parent = self.named(tenant, parent, "parentGrantId").await?;
                let grant = grant::child(draft, &parent, grant_id, occasion.now)?;
                (grant, self.require_unrevoked(transaction, tenant, &parent.grant, "parentGrantId"))
            }
        };
        let (place, of_principal) = (grant_id.to_string(), of_principal(&draft.principal_id));
        let transaction = transaction
            .create_fresh(&self.table, &key(tenant, grant_id), &grant)?
            .create_fresh(&self.table, &Listing::of_tenant(&self.table, tenant, ALL).key(&place), &Pointer {})?
            .create_fresh(&self.table, &Listing::of_one(&self.table, tenant, &of_principal).key(&place), &Pointer {})?;
        Ok(transaction.to(Lineage::of(grant, &[])))
    }

    /// The grant that a field of a body names.
    pub(crate) async fn named(&self, tenant: Tenant, reference: &Reference, field: &str) -> Result<Lineage, Error> {
        let found = match GrantId::parse(reference.as_str()) {
            Ok(grant_id) => self.find(tenant, grant_id).await?,
            Err(_) => None,
        };
        found.ok_or_else(|| Refusal::InvalidGrant(FieldFault::new(field, "names a grant that does not exist")).into())
    }

    /// A part of the tenant's grants, or of one principal's, newest first; those
    /// of this status.
    pub async fn list(
        &self,
        tenant: Tenant,
        (principal_id, status): (Option<&PrincipalId>, Option<GrantStatus>),
        page: &Page,
        now: Timestamp,
    ) -> Result<Part<Lineage>, Error> {
        let of_principal = principal_id.map(of_principal);
        let listing = match &of_principal {
            Some(of_principal) => Listing::of_one(&self.table, tenant, of_principal),
            None => Listing::of_tenant(&self.table, tenant, ALL),
        };
        listing
            .select(&self.database, page, async |entries: Vec<Entry<Pointer>>| {
                let mut grants = self.lineages(tenant, &entries).await?;
                let listed = entries.iter().map(|entry| grants.remove(&entry.place));
                let wanted = |lineage: &Lineage| status.is_none_or(|status| lineage.status(now) == status);
                Ok(listed.map(|lineage| lineage.filter(wanted)).collect())
            })
            .await
    }

    /// The grants that these entries lead to, by their ids.
    async fn lineages(&self, tenant: Tenant, entries: &[Entry<Pointer>]) -> Result<HashMap<String, Lineage>, Error> {
        let ids: HashSet<GrantId> = entries.iter().filter_map(|entry| GrantId::parse(&entry.place).ok()).collect();
        let read = async |ids: HashSet<GrantId>| -> Result<Vec<Grant>, Error> {
            let keys: Vec<Key> = ids.into_iter().map(|id| key(tenant, id)).collect();
            self.database.get_all(&self.table, &keys).await
        };
        let grants = read(ids).await?;
        let ancestors: HashSet<GrantId> = grants.iter().flat_map(|grant| grant.ancestors.iter().copied()).collect();
        let ancestors: HashMap<GrantId, Grant> =
            read(ancestors).await?.into_iter().map(|grant| (grant.grant_id, grant)).collect();
        let lineages = grants.into_iter().map(|grant| {
            let own: Vec<Grant> = grant.ancestors.iter().filter_map(|id| ancestors.get(id).cloned()).collect();
            (grant.grant_id.to_string(), Lineage::of(grant, &own))
        });
        Ok(lineages.collect())
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

    /// Revokes a grant that is as expected, and with it every descendant; the
    /// first revocation's time stands.
    pub async fn revoke<'call>(
        &self,
        tenant: Tenant,
        grant_id: GrantId,
        expected: &ExpectedState,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, ()>, Error> {
        if *expected != ExpectedState::Any {
            let lineage = self.find(tenant, grant_id).await?.ok_or(Refusal::NotFound(Thing::Grant))?;
            expected.require(&lineage.tag(occasion.now))?;
            // A revocation that comes first, of the grant or of an ancestor, is
            // another state.
            if lineage.revoked_at.is_none() {
                return self.revoke_unrevoked(tenant, &lineage.grant, occasion);
            }
        }
        Ok(self.revoke_in(Transaction::new(occasion), tenant, grant_id, occasion.now)?.to(()))
    }

    fn revoke_unrevoked<'call>(
        &self,
        tenant: Tenant,
        grant: &Grant,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, ()>, Error> {
        let revoked = Change::of(key(tenant, grant.grant_id)).when_absent(REVOKED_AT).set(REVOKED_AT, &occasion.now)?;
        let mut transaction = Transaction::new(occasion).update(&self.table, revoked, |_| Error::Stale);
        for ancestor in &grant.ancestors {
            let unrevoked = Change::of(key(tenant, *ancestor)).when_absent(REVOKED_AT);
            transaction = transaction.require(&self.table, unrevoked, |_| Error::Stale);
        }
        Ok(transaction.to(()))
    }

    /// Revokes some of a person's grants and takes the person out of them, in a
    /// transaction, and counts those that were usable until the erasure began;
    /// `None` where no grant names the person any more.
    pub(crate) async fn erase_some<'call>(
        &self,
        tenant: Tenant,
        principal_id: &PrincipalId,
        began: Timestamp,
        occasion: Occasion<'call>,
    ) -> Result<Option<(Transaction<'call>, ErasureCounts)>, Error> {
        let named = of_principal(principal_id);
        let listing = Listing::of_one(&self.table, tenant, &named);
        let page = Page { limit: ERASED_AT_ONCE, after: None };
        let entries = listing.read::<Pointer>(&self.database, &page).await?.things;
        if entries.is_empty() {
            return Ok(None);
        }
        let mut lineages = self.lineages(tenant, &entries).await?;
        let (mut transaction, mut counts) = (Transaction::new(occasion), ErasureCounts::default());
        for Entry { place, .. } in &entries {
            let lost = || Error::Fault("a grant was lost".to_owned());
            let lineage = lineages.remove(place).ok_or_else(lost)?;
            let mut erased = Change::of(key(tenant, lineage.grant.grant_id)).remove("principalId");
            if lineage.grant.revoked_at.is_none() {
                erased = erased.when_absent(REVOKED_AT).set(REVOKED_AT, &occasion.now)?;
                let usable = lineage.revoked_at.is_none_or(|at| at >= began)
                    && lineage.grant.expires_at.is_none_or(|expiry| expiry > began);
                match (usable, lineage.grant.ancestors.is_empty()) {
                    (false, _) => {}
                    (true, true) => counts.grants_revoked += 1,
                    (true, false) => counts.delegated_grants_revoked += 1,
                }
            }
            let entry = Change::of(listing.key(place));
            transaction =
                transaction.update(&self.table, erased, |_| Error::Stale).delete(&self.table, entry, |_| Error::Stale);
        }
        Ok(Some((transaction, counts)))
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
