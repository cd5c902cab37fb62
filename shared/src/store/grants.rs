//! Grants, each in an item of its own. A revocation is one write, because each
//! grant names its ancestors and is read together with them.

use crate::{
    domain::{
        DomainError, FieldError, Tenant, Timestamp,
        audit::{Actor, AuditEvent, Subject, SubjectKey},
        erasure::ErasureCounts,
        event::Event,
        grant::{self, Grant, GrantDraft, GrantStatus, GrantSummary, GrantWithAncestors},
        identifiers::{GrantId, PrincipalId, Reference},
    },
    store::{
        AuditTrails, Database, Error, Feed, NewEvent, Page, PageRequest, UnitOfWork,
        audit_trails::{AuditAppend, KeyOwner},
        change::Change,
        key::Key,
        listing::{Entry, Listing, Pointer, SUMMARY, Summarised, of_principal},
    },
};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The audit event of a revocation.
pub(crate) const REVOKED: &str = "grant.revoked";
pub(super) const REVOKED_AT: &str = "revokedAt";
/// The attribute for the length and head of the audit trail.
const CHAIN: &str = "chain";
/// How many grants one step of an erasure handles, with six changes each.
const ERASED_AT_ONCE: usize = 16;
/// The name of the tenant's list.
pub(super) const ALL: &[&str] = &["grants"];

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

    /// Creates a grant, under a parent if the draft names one.
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
        let all = Listing::of_tenant(&self.database, &self.table, tenant, ALL).await?;
        unit.create_new(&self.table, &key(tenant, grant_id), &grant)?
            .create_new(&self.table, &all.key(&position), &Pointer {})?
            .create_new(
                &self.table,
                &Listing::of_one(&self.table, tenant, &of_principal).key(&position),
                &Summarised { summary: Some(grant.summary()) },
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

    /// A page of the grants of the tenant, or of one principal, newest first. Only those
    /// with the status, if one is given.
    pub async fn list(
        &self,
        tenant: Tenant,
        principal_id: Option<&PrincipalId>,
        status: Option<GrantStatus>,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<GrantWithAncestors>, Error> {
        let of_principal = principal_id.map(of_principal);
        let listing =
            Listing::of_principal_or_all(&self.database, &self.table, tenant, of_principal.as_ref(), ALL).await?;
        listing
            .select(&self.database, page, |entries: Vec<Entry<Pointer>>| async move {
                let mut grants = self.listed(tenant, &entries).await?;
                let listed = entries.iter().map(|entry| grants.remove(&entry.position));
                let wanted = |grant: &GrantWithAncestors| status.is_none_or(|status| grant.status(now) == status);
                Ok(listed.map(|grant| grant.filter(wanted)).collect())
            })
            .await
    }

    /// The grants of these entries, by their ids.
    async fn listed(
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
        let grants = grants.into_iter().map(|grant| {
            let own: Vec<Grant> = grant.ancestors.iter().filter_map(|id| ancestors.get(id).cloned()).collect();
            (grant.grant_id.to_string(), GrantWithAncestors::of(grant, &own))
        });
        Ok(grants.collect())
    }

    /// A grant with its ancestors, if it exists.
    pub async fn find(&self, tenant: Tenant, grant_id: GrantId) -> Result<Option<GrantWithAncestors>, Error> {
        let found = self.with_ancestors(tenant, grant_id).await?;
        Ok(found.map(|(grant, ancestors)| GrantWithAncestors::of(grant, &ancestors)))
    }

    /// A grant, if it exists, and all its ancestors.
    async fn with_ancestors(&self, tenant: Tenant, grant_id: GrantId) -> Result<Option<(Grant, Vec<Grant>)>, Error> {
        let found: Option<Grant> = self.database.get(&self.table, &key(tenant, grant_id)).await?;
        let Some(grant) = found else { return Ok(None) };
        let keys: Vec<Key> = grant.ancestors.iter().map(|ancestor| key(tenant, *ancestor)).collect();
        let ancestors: Vec<Grant> = self.database.get_all(&self.table, &keys).await?;
        if ancestors.len() < keys.len() {
            return Err(Error::Internal(format!("{grant_id} has lost an ancestor")));
        }
        Ok(Some((grant, ancestors)))
    }

    /// The entries of the audit trails of a grant and of its ancestors that say that they were revoked.
    pub(crate) async fn revocations(&self, tenant: Tenant, grant_id: GrantId) -> Result<Vec<Value>, Error> {
        let Some((grant, ancestors)) = self.with_ancestors(tenant, grant_id).await? else { return Ok(Vec::new()) };
        let mut entries = Vec::new();
        for revoked in ancestors.iter().chain([&grant]).filter(|grant| grant.revoked_at.is_some()) {
            let subject = Subject::grant(revoked.grant_id);
            entries.extend(self.trails.read_trail(tenant, &subject, &revoked.chain).await?.entries);
        }
        entries.retain(|entry| entry.get("action").and_then(Value::as_str) == Some(REVOKED));
        Ok(entries)
    }

    /// Requires that no ancestor of a grant is revoked when the unit of work is committed. If one is, the grant has
    /// changed since it was read.
    pub(crate) fn require_unrevoked_ancestors(&self, unit: &mut UnitOfWork, tenant: Tenant, grant: &Grant) {
        for ancestor in &grant.ancestors {
            let unrevoked = Change::of(key(tenant, *ancestor)).when_absent(REVOKED_AT);
            unit.require(&self.table, unrevoked, Error::Stale);
        }
    }

    /// The summaries of all grants of a person, as they are now.
    pub(crate) async fn summaries(
        &self,
        tenant: Tenant,
        principal_id: &PrincipalId,
    ) -> Result<Vec<GrantSummary>, Error> {
        let named = of_principal(principal_id);
        let entries = Listing::of_one(&self.table, tenant, &named).read_all(&self.database).await?;
        let (mut summaries, older) = Summarised::split(entries);
        let older = older.iter().filter_map(|position| GrantId::parse(position).ok());
        let older: Vec<Key> = older.map(|grant_id| key(tenant, grant_id)).collect();
        let grants: Vec<Grant> = self.database.get_all(&self.table, &older).await?;
        summaries.extend(grants.iter().map(Grant::summary));
        Ok(summaries)
    }

    /// Revokes some of a person's grants, erases the person from them, and counts the
    /// grants that were usable when the erasure began. `None` if no grant names the
    /// person.
    pub(crate) async fn erase_some(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        principal_id: &PrincipalId,
        began: Timestamp,
        feed: &Feed<'_>,
    ) -> Result<Option<ErasureCounts>, Error> {
        let tenant = actor.tenant;
        let named = of_principal(principal_id);
        let listing = Listing::of_one(&self.table, tenant, &named);
        let page = PageRequest { limit: ERASED_AT_ONCE, after: None };
        let entries = listing.read::<Pointer>(&self.database, &page).await?.items;
        if entries.is_empty() {
            return Ok(None);
        }
        let mut grants = self.listed(tenant, &entries).await?;
        let mut counts = ErasureCounts::default();
        for Entry { position, .. } in &entries {
            let lost = || Error::Internal("a grant was lost".to_owned());
            let found = grants.remove(position).ok_or_else(lost)?;
            let mut erased = Change::of(key(tenant, found.grant.grant_id)).remove("principalId");
            let mut events = vec![AuditEvent::new("grant.erased")];
            if found.grant.revoked_at.is_none() {
                // What the erasure of the records tells of them ends what the grant allowed, too.
                let revoked = Event::of_grant(&found.grant, Vec::new(), unit.context());
                events.insert(0, AuditEvent::new(REVOKED).with("eventId", revoked.id));
                feed.add(unit, NewEvent { event: revoked, principal: None, kept_until: None })?;
                erased = erased.when_absent(REVOKED_AT).set(REVOKED_AT, &unit.context().now)?;
                let usable = found.revoked_at.is_none_or(|at| at >= began)
                    && found.grant.expires_at.is_none_or(|expiry| expiry > began);
                match (usable, found.grant.ancestors.is_empty()) {
                    (false, _) => {}
                    (true, true) => counts.grants_revoked += 1,
                    (true, false) => counts.delegated_grants_revoked += 1,
                }
            }
            let subject_key = SubjectKey { subject: Subject::grant(found.grant.grant_id), key: None };
            let append = AuditAppend { actor, subject_key: &subject_key, chain: &found.grant.chain, kept_until: None };
            let chain = self.trails.append(unit, &append, &events)?;
            let erased = erased.when(CHAIN, &found.grant.chain)?.set(CHAIN, &chain)?;
            self.trails.delete_key(unit, tenant, &subject_key.subject);
            unit.update(&self.table, erased, Error::Stale).delete(
                &self.table,
                Change::of(listing.key(position)),
                Error::Stale,
            );
        }
        Ok(Some(counts))
    }

    /// The grant of a consent, without its ancestors.
    pub(crate) async fn of_record(&self, tenant: Tenant, grant_id: GrantId) -> Result<Grant, Error> {
        let grant: Option<Grant> = self.database.get(&self.table, &key(tenant, grant_id)).await?;
        grant.ok_or_else(|| Error::Internal(format!("{grant_id} was lost")))
    }

    /// Revokes a grant that was read and is not revoked, and thereby all its descendants.
    pub(crate) fn revoke(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        grant: &Grant,
        event: &AuditEvent,
    ) -> Result<(), Error> {
        // A revocation has no personal data, so it needs no data key.
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
        if let Some(principal_id) = &grant.principal_id {
            let named = of_principal(principal_id);
            let entry = Listing::of_one(&self.table, actor.tenant, &named).key(&grant.grant_id.to_string());
            let summary = GrantSummary { revoked_at: Some(now), ..grant.summary() };
            unit.update(&self.table, Change::of(entry).set(SUMMARY, &summary)?, Error::Stale);
        }
        Ok(())
    }

    /// Requires that neither the grant nor an ancestor is revoked when the unit of work
    /// is committed. `field` is the field of the body that names the grant.
    pub(crate) fn require_unrevoked(&self, unit: &mut UnitOfWork, tenant: Tenant, grant: &Grant, field: &str) {
        for grant_id in grant.ancestors.iter().chain([&grant.grant_id]) {
            let unrevoked = Change::of(key(tenant, *grant_id)).when_absent(REVOKED_AT);
            let revoked = DomainError::InvalidGrant(FieldError::new(field, "names a grant that is revoked"));
            unit.require(&self.table, unrevoked, revoked);
        }
    }
}

pub(super) fn key(tenant: Tenant, grant_id: GrantId) -> Key {
    Key::of_tenant(tenant, &[&grant_id.to_string()], &["grant"])
}
