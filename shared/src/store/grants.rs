//! Grants, each an item of its own. A revocation is one write: descendants
//! name their ancestors and are read together with them.

use crate::{
    domain::{
        FieldFault, Occasion, Refusal, Tenant, Thing, Timestamp,
        audit::{Actor, Note, Subject},
        erasure::ErasureCounts,
        grant::{self, Grant, GrantDraft, GrantStatus, Lineage},
        identifiers::{GrantId, PrincipalId, Reference},
        state_tag::ExpectedState,
    },
    store::{
        AuditTrails, Database, Effect, Error, Page, Part, Sealing,
        audit_trails::Appending,
        database::table,
        key::Key,
        listing::{Entry, Listing, Pointer, of_principal},
        transaction::{Change, Transaction},
    },
};
use std::collections::{HashMap, HashSet};

const REVOKED_AT: &str = "revokedAt";
/// The audit trail's length and head, within the grant's item.
const CHAIN: &str = "chain";
/// How many grants one step of an erasure takes: five changes each.
const ERASED_AT_ONCE: usize = 19;
/// What names the tenant's list.
const ALL: &[&str] = &["grants"];

/// The grants.
#[derive(Clone)]
pub struct Grants {
    database: Database,
    table: String,
    trails: AuditTrails,
}

impl Grants {
    /// The table that `GRANTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: table("GRANTS_TABLE", "GrantsTable"),
            trails: AuditTrails::new(database),
        }
    }

    /// Makes a grant, under its parent where it names one.
    pub async fn create<'call>(
        &self,
        actor: Actor,
        draft: &GrantDraft,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, Lineage>, Error> {
        let (tenant, grant_id) = (actor.tenant, GrantId::fresh(occasion));
        let transaction = Transaction::new(occasion);
        let (mut grant, transaction) = match &draft.parent_grant {
            None => (grant::root(draft, grant_id, occasion.now), transaction),
            Some(parent) => {
                let parent = self.named(tenant, parent, "parentGrantId").await?;
                let grant = grant::child(draft, &parent, grant_id, occasion.now)?;
                (grant, self.require_unrevoked(transaction, tenant, &parent.grant, "parentGrantId"))
            }
        };
        let note = Note::new("grant.created")
            .with("scopes", &grant.scopes)
            .with("parentGrantId", grant.ancestors.last())
            .with("expiresAt", grant.expires_at)
            .personal("principalId", &grant.principal_id);
        let begun = (actor, Subject::grant(grant_id), None);
        let (transaction, chain, sealing) = self.trails.begin(transaction, begun, &note)?;
        grant.chain = chain;
        let (place, of_principal) = (grant_id.to_string(), of_principal(&draft.principal_id));
        let transaction = transaction
            .create_fresh(&self.table, &key(tenant, grant_id), &grant)?
            .create_fresh(&self.table, &Listing::of_tenant(&self.table, tenant, ALL).key(&place), &Pointer {})?
            .create_fresh(&self.table, &Listing::of_one(&self.table, tenant, &of_principal).key(&place), &Pointer {})?;
        Ok(transaction.to(Lineage::of(grant, &[])).sealed(sealing))
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
        let listing = Listing::of_principal_or_all(&self.table, tenant, of_principal.as_ref(), ALL);
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
        actor: Actor,
        grant_id: GrantId,
        expected: &ExpectedState,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, ()>, Error> {
        let tenant = actor.tenant;
        let lineage = self.find(tenant, grant_id).await?.ok_or(Refusal::NotFound(Thing::Grant))?;
        expected.require(&lineage.tag(occasion.now))?;
        let note = Note::new("grant.revoked");
        let mut transaction = self.revoke_read(Transaction::new(occasion), actor, &lineage.grant, &note)?;
        // A revocation of an ancestor that comes first is another state than
        // the one that was expected.
        if *expected != ExpectedState::Any && lineage.revoked_at.is_none() {
            for ancestor in &lineage.grant.ancestors {
                let unrevoked = Change::of(key(tenant, *ancestor)).when_absent(REVOKED_AT);
                transaction = transaction.require(&self.table, unrevoked, |_| Error::Stale);
            }
        }
        Ok(transaction.to(()))
    }

    /// Revokes some of a person's grants and takes the person out of them, in a
    /// transaction, and counts those that were usable until the erasure began;
    /// `None` where no grant names the person any more.
    pub(crate) async fn erase_some<'call>(
        &self,
        actor: Actor,
        principal_id: &PrincipalId,
        began: Timestamp,
        occasion: Occasion<'call>,
    ) -> Result<Option<(Transaction<'call>, ErasureCounts)>, Error> {
        let tenant = actor.tenant;
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
            let mut notes = vec![Note::new("grant.erased")];
            if lineage.grant.revoked_at.is_none() {
                notes.insert(0, Note::new("grant.revoked"));
                erased = erased.when_absent(REVOKED_AT).set(REVOKED_AT, &occasion.now)?;
                let usable = lineage.revoked_at.is_none_or(|at| at >= began)
                    && lineage.grant.expires_at.is_none_or(|expiry| expiry > began);
                match (usable, lineage.grant.ancestors.is_empty()) {
                    (false, _) => {}
                    (true, true) => counts.grants_revoked += 1,
                    (true, false) => counts.delegated_grants_revoked += 1,
                }
            }
            let sealing = Sealing { subject: Subject::grant(lineage.grant.grant_id), key: None };
            let appending = Appending { actor, sealing: &sealing, chain: &lineage.grant.chain, kept_until: None };
            let (with_entries, chain) = self.trails.append(transaction, &appending, &notes)?;
            let erased = erased.when(CHAIN, &lineage.grant.chain)?.set(CHAIN, &chain)?;
            let entry = Change::of(listing.key(place));
            transaction = self
                .trails
                .forget(with_entries, tenant, &sealing.subject)
                .update(&self.table, erased, |_| Error::Stale)
                .delete(&self.table, entry, |_| Error::Stale);
        }
        Ok(Some((transaction, counts)))
    }

    /// Adds the grant's revocation to a transaction, unless it was revoked
    /// before: nothing takes that back.
    pub(crate) async fn revoke_in<'call>(
        &self,
        transaction: Transaction<'call>,
        actor: Actor,
        grant_id: GrantId,
        note: &Note,
    ) -> Result<Transaction<'call>, Error> {
        let grant: Option<Grant> = self.database.get(&self.table, &key(actor.tenant, grant_id)).await?;
        let grant = grant.ok_or_else(|| Error::Fault(format!("{grant_id} is lost")))?;
        self.revoke_read(transaction, actor, &grant, note)
    }

    fn revoke_read<'call>(
        &self,
        transaction: Transaction<'call>,
        actor: Actor,
        grant: &Grant,
        note: &Note,
    ) -> Result<Transaction<'call>, Error> {
        if grant.revoked_at.is_some() {
            return Ok(transaction);
        }
        // A revocation tells nothing personal.
        let sealing = Sealing { subject: Subject::grant(grant.grant_id), key: None };
        let appending = Appending { actor, sealing: &sealing, chain: &grant.chain, kept_until: None };
        let (transaction, chain) = self.trails.append(transaction, &appending, std::slice::from_ref(note))?;
        let now = transaction.occasion().now;
        let revoked = Change::of(key(actor.tenant, grant.grant_id))
            .when_absent(REVOKED_AT)
            .when(CHAIN, &grant.chain)?
            .set(CHAIN, &chain)?
            .set(REVOKED_AT, &now)?;
        Ok(transaction.update(&self.table, revoked, |_| Error::Stale))
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
