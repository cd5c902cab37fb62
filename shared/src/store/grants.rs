//! Grants, each an item of its own. A revocation is one write: descendants
//! name their ancestors and are read together with them.

use crate::{
    domain::{
        DomainError, FieldError, ResourceKind, Tenant, Timestamp,
        audit::{Actor, AuditEvent, Subject, SubjectKey},
        erasure::ErasureCounts,
        grant::{self, Grant, GrantDraft, GrantStatus, GrantWithAncestors},
        identifiers::{GrantId, PrincipalId, Reference},
        state_tag::ExpectedState,
    },
    store::{
        AuditTrails, Database, Error, Page, PageRequest, UnitOfWork,
        audit_trails::{AuditAppend, KeyOwner},
        change::Change,
        key::Key,
        listing::{Entry, Listing, Pointer, of_principal},
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
        Self { database: database.clone(), table: database.table("GRANTS_TABLE"), trails: AuditTrails::new(database) }
    }

    /// Makes a grant, under its parent where it names one.
    pub async fn create(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        draft: &GrantDraft,
    ) -> Result<GrantWithAncestors, Error> {
        let (tenant, now) = (actor.tenant, unit.context().now);
        let grant_id = GrantId::fresh(unit.context());
        let mut grant = match &draft.parent_grant {
            None => grant::root(draft, grant_id, now),
            Some(parent) => {
                let parent = self.named(tenant, parent, "parentGrantId").await?;
                let grant = grant::child(draft, &parent, grant_id, now)?;
                self.require_unrevoked(unit, tenant, &parent.grant, "parentGrantId");
                grant
            }
        };
        let event = AuditEvent::new("grant.created")
            .with("scopes", &grant.scopes)
            .with("parentGrantId", grant.ancestors.last())
            .with("expiresAt", grant.expires_at)
            .personal("principalId", &grant.principal_id);
        let owner = KeyOwner { subject: Subject::grant(grant_id), kept_until: None };
        let (chain, subject_key) = self.trails.begin(unit, actor, owner, &event)?;
        grant.chain = chain;
        let (position, of_principal) = (grant_id.to_string(), of_principal(&draft.principal_id));
        unit.create_new(&self.table, &key(tenant, grant_id), &grant)?
            .create_new(&self.table, &Listing::of_tenant(&self.table, tenant, ALL).key(&position), &Pointer {})?
            .create_new(
                &self.table,
                &Listing::of_one(&self.table, tenant, &of_principal).key(&position),
                &Pointer {},
            )?;
        unit.seal_response_under(subject_key);
        Ok(GrantWithAncestors::of(grant, &[]))
    }

    /// The grant that a field of a body names.
    pub(crate) async fn named(
        &self,
        tenant: Tenant,
        reference: &Reference,
        field: &str,
    ) -> Result<GrantWithAncestors, Error> {
        let found = match GrantId::parse(reference.as_str()) {
            Ok(grant_id) => self.find(tenant, grant_id).await?,
            Err(_) => None,
        };
        found.ok_or_else(|| {
            DomainError::InvalidGrant(FieldError::new(field, "names a grant that does not exist")).into()
        })
    }

    /// A part of the tenant's grants, or of one principal's, newest first; those
    /// of this status.
    pub async fn list(
        &self,
        tenant: Tenant,
        (principal_id, status): (Option<&PrincipalId>, Option<GrantStatus>),
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<GrantWithAncestors>, Error> {
        let of_principal = principal_id.map(of_principal);
        let listing = Listing::of_principal_or_all(&self.table, tenant, of_principal.as_ref(), ALL);
        listing
            .select(&self.database, page, |entries: Vec<Entry<Pointer>>| async move {
                let mut grants = self.lineages(tenant, &entries).await?;
                let listed = entries.iter().map(|entry| grants.remove(&entry.position));
                let wanted = |lineage: &GrantWithAncestors| status.is_none_or(|status| lineage.status(now) == status);
                Ok(listed.map(|lineage| lineage.filter(wanted)).collect())
            })
            .await
    }

    /// The grants that these entries lead to, by their ids.
    async fn lineages(
        &self,
        tenant: Tenant,
        entries: &[Entry<Pointer>],
    ) -> Result<HashMap<String, GrantWithAncestors>, Error> {
        let ids: HashSet<GrantId> = entries.iter().filter_map(|entry| GrantId::parse(&entry.position).ok()).collect();
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
            (grant.grant_id.to_string(), GrantWithAncestors::of(grant, &own))
        });
        Ok(lineages.collect())
    }

    /// A grant with what its ancestors make of it.
    pub async fn find(&self, tenant: Tenant, grant_id: GrantId) -> Result<Option<GrantWithAncestors>, Error> {
        let found: Option<Grant> = self.database.get(&self.table, &key(tenant, grant_id)).await?;
        let Some(grant) = found else { return Ok(None) };
        let keys: Vec<Key> = grant.ancestors.iter().map(|ancestor| key(tenant, *ancestor)).collect();
        let ancestors: Vec<Grant> = self.database.get_all(&self.table, &keys).await?;
        if ancestors.len() < keys.len() {
            return Err(Error::Internal(format!("{grant_id} has lost an ancestor")));
        }
        Ok(Some(GrantWithAncestors::of(grant, &ancestors)))
    }

    /// Revokes a grant that is as expected, and with it every descendant; the
    /// first revocation's time stands.
    pub async fn revoke(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        grant_id: GrantId,
        expected: &ExpectedState,
    ) -> Result<(), Error> {
        let tenant = actor.tenant;
        let lineage = self.find(tenant, grant_id).await?.ok_or(DomainError::NotFound(ResourceKind::Grant))?;
        expected.require(&lineage.tag(unit.context().now))?;
        let event = AuditEvent::new("grant.revoked");
        self.revoke_read(unit, actor, &lineage.grant, &event)?;
        // A revocation of an ancestor that comes first is another state than
        // the one that was expected.
        if *expected != ExpectedState::Any && lineage.revoked_at.is_none() {
            for ancestor in &lineage.grant.ancestors {
                let unrevoked = Change::of(key(tenant, *ancestor)).when_absent(REVOKED_AT);
                unit.require(&self.table, unrevoked, Error::Stale);
            }
        }
        Ok(())
    }

    /// Revokes some of a person's grants and takes the person out of them, and
    /// counts those that were usable until the erasure began; `None` where no
    /// grant names the person any more.
    pub(crate) async fn erase_some(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        principal_id: &PrincipalId,
        began: Timestamp,
    ) -> Result<Option<ErasureCounts>, Error> {
        let tenant = actor.tenant;
        let named = of_principal(principal_id);
        let listing = Listing::of_one(&self.table, tenant, &named);
        let page = PageRequest { limit: ERASED_AT_ONCE, after: None };
        let entries = listing.read::<Pointer>(&self.database, &page).await?.items;
        if entries.is_empty() {
            return Ok(None);
        }
        let mut lineages = self.lineages(tenant, &entries).await?;
        let mut counts = ErasureCounts::default();
        for Entry { position, .. } in &entries {
            let lost = || Error::Internal("a grant was lost".to_owned());
            let lineage = lineages.remove(position).ok_or_else(lost)?;
            let mut erased = Change::of(key(tenant, lineage.grant.grant_id)).remove("principalId");
            let mut events = vec![AuditEvent::new("grant.erased")];
            if lineage.grant.revoked_at.is_none() {
                events.insert(0, AuditEvent::new("grant.revoked"));
                erased = erased.when_absent(REVOKED_AT).set(REVOKED_AT, &unit.context().now)?;
                let usable = lineage.revoked_at.is_none_or(|at| at >= began)
                    && lineage.grant.expires_at.is_none_or(|expiry| expiry > began);
                match (usable, lineage.grant.ancestors.is_empty()) {
                    (false, _) => {}
                    (true, true) => counts.grants_revoked += 1,
                    (true, false) => counts.delegated_grants_revoked += 1,
                }
            }
            let subject_key = SubjectKey { subject: Subject::grant(lineage.grant.grant_id), key: None };
            let append =
                AuditAppend { actor, subject_key: &subject_key, chain: &lineage.grant.chain, kept_until: None };
            let chain = self.trails.append(unit, &append, &events)?;
            let erased = erased.when(CHAIN, &lineage.grant.chain)?.set(CHAIN, &chain)?;
            self.trails.delete_key(unit, tenant, &subject_key.subject);
            unit.update(&self.table, erased, Error::Stale).delete(
                &self.table,
                Change::of(listing.key(position)),
                Error::Stale,
            );
        }
        Ok(Some(counts))
    }

    /// Revokes the grant of a consent, unless it was revoked before: a
    /// revocation is final.
    pub(crate) async fn revoke_unless_revoked(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        grant_id: GrantId,
        event: &AuditEvent,
    ) -> Result<(), Error> {
        let grant: Option<Grant> = self.database.get(&self.table, &key(actor.tenant, grant_id)).await?;
        let grant = grant.ok_or_else(|| Error::Internal(format!("{grant_id} is lost")))?;
        self.revoke_read(unit, actor, &grant, event)
    }

    fn revoke_read(&self, unit: &mut UnitOfWork, actor: Actor, grant: &Grant, event: &AuditEvent) -> Result<(), Error> {
        if grant.revoked_at.is_some() {
            return Ok(());
        }
        // A revocation tells nothing personal.
        let subject_key = SubjectKey { subject: Subject::grant(grant.grant_id), key: None };
        let append = AuditAppend { actor, subject_key: &subject_key, chain: &grant.chain, kept_until: None };
        let chain = self.trails.append(unit, &append, std::slice::from_ref(event))?;
        let now = unit.context().now;
        let revoked = Change::of(key(actor.tenant, grant.grant_id))
            .when_absent(REVOKED_AT)
            .when(CHAIN, &grant.chain)?
            .set(CHAIN, &chain)?
            .set(REVOKED_AT, &now)?;
        unit.update(&self.table, revoked, Error::Stale);
        Ok(())
    }

    /// Requires that neither the grant nor an ancestor is revoked when the unit
    /// of work is committed. `field` is the one that named the grant.
    pub(crate) fn require_unrevoked(&self, unit: &mut UnitOfWork, tenant: Tenant, grant: &Grant, field: &str) {
        for grant_id in grant.ancestors.iter().chain([&grant.grant_id]) {
            let unrevoked = Change::of(key(tenant, *grant_id)).when_absent(REVOKED_AT);
            let revoked = DomainError::InvalidGrant(FieldError::new(field, "names a grant that is revoked"));
            unit.require(&self.table, unrevoked, revoked);
        }
    }
}

fn key(tenant: Tenant, grant_id: GrantId) -> Key {
    Key::of_tenant(tenant, &[&grant_id.to_string()], &["grant"])
}
