//! Grievances, each in an item of its own. A grievance is stored as JSON text,
//! because evidence may have deeper nesting and other numbers than attributes can.
//! The lists of the tenant and of the principal hold summaries. A summary changes
//! in the same transaction as its grievance.

use crate::{
    domain::{
        DomainError, ResourceKind, Tenant, Timestamp,
        audit::{Actor, AuditEvent, Chain, Subject, SubjectKey},
        erasure::ErasureCounts,
        grievance::{Grievance, GrievanceDraft, GrievanceStatus, GrievanceSummary, Step},
        identifiers::{GrievanceId, PrincipalId},
        state_tag::{ExpectedState, StateTag, Tagged},
    },
    store::{
        AuditTrails, ConsentRecords, Database, Error, Page, PageRequest, UnitOfWork,
        audit_trails::{AuditAppend, KeyOwner},
        change::Change,
        key::Key,
        listing::{Entry, Listing, of_principal},
    },
};
use futures_util::future::try_join;
use serde::{Deserialize, Serialize};

/// The name of the tenant's list.
pub(super) const ALL: &[&str] = &["grievances"];

/// How many grievances are examined to find those that are due.
const EXAMINED: usize = 500;
/// How many grievances one step of an erasure handles, with five changes each. Each
/// grievance's text is written again.
const ERASED_AT_ONCE: usize = 10;

/// The grievances.
#[derive(Clone)]
pub struct Grievances {
    database: Database,
    table: String,
    trails: AuditTrails,
}

#[derive(Serialize, Deserialize)]
pub(super) struct GrievanceItem {
    /// The grievance as JSON text.
    pub(super) grievance: String,
    /// The number of changes. A change is written only if this number is still the one that was read.
    revision: u64,
    /// Its audit trail.
    pub(super) chain: Chain,
}

impl Grievances {
    /// The table that `GRIEVANCES_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: database.table("GRIEVANCES_TABLE"),
            trails: AuditTrails::new(database),
        }
    }

    /// Stores a new grievance. If it names a record, the record must be the
    /// principal's. The record is read outside the transaction: its principal never
    /// changes to another, and it need not exist any longer.
    pub async fn create(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        draft: &GrievanceDraft,
        records: &ConsentRecords,
    ) -> Result<Grievance, Error> {
        let tenant = actor.tenant;
        let record_id = match &draft.record {
            Some(record) => Some(records.named(tenant, record, &draft.data_principal_id, "recordId").await?),
            None => None,
        };
        let grievance = Grievance::submit(draft, record_id, unit.context());
        let grievance_id = grievance.summary.grievance_id;
        let owner = KeyOwner { subject: Subject::grievance(grievance_id), kept_until: None };
        let (chain, subject_key) = self.trails.begin(unit, actor, owner, &grievance.submitted())?;
        let item = GrievanceItem { grievance: text_of(&grievance)?, revision: 0, chain };
        unit.create_new(&self.table, &key(tenant, grievance_id), &item)?;
        for entry in self.entries(tenant, &grievance.summary).await? {
            unit.create_new(&self.table, &entry, &grievance.summary)?;
        }
        unit.seal_response_under(subject_key);
        Ok(grievance)
    }

    /// A grievance as it is now.
    pub async fn get(&self, tenant: Tenant, grievance_id: GrievanceId) -> Result<Tagged<Grievance>, Error> {
        self.read(tenant, grievance_id).await.map(|(grievance, item)| tagged(grievance, item.revision))
    }

    /// A page of the grievances of the tenant, or of one principal, newest first. Only
    /// those with the status, if one is given.
    pub async fn list(
        &self,
        tenant: Tenant,
        principal_id: Option<&PrincipalId>,
        status: Option<GrievanceStatus>,
        page: &PageRequest,
    ) -> Result<Page<GrievanceSummary>, Error> {
        let of_principal = principal_id.map(of_principal);
        let listing =
            Listing::of_principal_or_all(&self.database, &self.table, tenant, of_principal.as_ref(), ALL).await?;
        let wanted = |summary: &GrievanceSummary| status.is_none_or(|status| summary.status == status);
        let select = listing.select(&self.database, page, |entries: Vec<Entry<GrievanceSummary>>| async move {
            Ok(entries.into_iter().map(|entry| Some(entry.item).filter(wanted)).collect())
        });
        select.await
    }

    /// Grievances that are open and must be resolved by this moment: those that are due first, at most `limit`. Only
    /// the newest of the tenant's list are examined; whether older ones were left out is said too.
    pub async fn due(
        &self,
        tenant: Tenant,
        by: Timestamp,
        limit: usize,
    ) -> Result<(Vec<GrievanceSummary>, bool), Error> {
        let listing = Listing::of_tenant(&self.database, &self.table, tenant, ALL).await?;
        let is_due = |summary: &GrievanceSummary| {
            let open = matches!(summary.status, GrievanceStatus::Submitted | GrievanceStatus::InReview);
            open && summary.expected_resolution_by <= by
        };
        let page = PageRequest { limit: EXAMINED, after: None };
        let Page { items, next } = listing.read(&self.database, &page).await?;
        let summaries = items.into_iter().map(|entry: Entry<GrievanceSummary>| entry.item);
        let mut due: Vec<GrievanceSummary> = summaries.filter(is_due).collect();
        due.sort_by_key(|summary| summary.expected_resolution_by);
        let more = next.is_some() || due.len() > limit;
        due.truncate(limit);
        Ok((due, more))
    }

    /// Changes the status of a grievance that is in an expected state.
    pub async fn update(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        grievance_id: GrievanceId,
        step: &Step,
        expected: &ExpectedState,
    ) -> Result<Tagged<Grievance>, Error> {
        let tenant = actor.tenant;
        let subject_key = self.trails.subject_key(tenant, Subject::grievance(grievance_id));
        let ((grievance, item), subject_key) = try_join(self.read(tenant, grievance_id), subject_key).await?;
        expected.require(&StateTag::new(item.revision))?;
        let next = grievance.after(step, unit.context().now)?;
        self.change(unit, actor, &next, &item, &subject_key, next.step_taken())?;
        for entry in self.entries(tenant, &next.summary).await? {
            let mut change =
                Change::of(entry).set("status", &next.summary.status)?.set("updatedAt", &next.summary.updated_at)?;
            if let (Some(resolution), Some(resolved_at)) = (&next.summary.resolution, next.summary.resolved_at) {
                change = change.set("resolution", resolution)?.set("resolvedAt", &resolved_at)?;
            }
            unit.update(&self.table, change, Error::Stale);
        }
        unit.seal_response_under(subject_key);
        Ok(tagged(next, item.revision + 1))
    }

    /// Changes a grievance from the state that was read to the next, and appends the
    /// event to its trail.
    fn change(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        next: &Grievance,
        item: &GrievanceItem,
        subject_key: &SubjectKey,
        event: AuditEvent,
    ) -> Result<(), Error> {
        let append = AuditAppend { actor, subject_key, chain: &item.chain, kept_until: None };
        let chain = self.trails.append(unit, &append, &[event])?;
        let change = Change::of(key(actor.tenant, next.summary.grievance_id))
            .when("revision", &item.revision)?
            .set("revision", &(item.revision + 1))?
            .set("chain", &chain)?
            .set("grievance", &text_of(next)?)?;
        unit.update(&self.table, change, Error::Stale);
        Ok(())
    }

    async fn read(&self, tenant: Tenant, grievance_id: GrievanceId) -> Result<(Grievance, GrievanceItem), Error> {
        let item: Option<GrievanceItem> = self.database.get(&self.table, &key(tenant, grievance_id)).await?;
        let item = item.ok_or(DomainError::NotFound(ResourceKind::Grievance))?;
        serde_json::from_str(&item.grievance)
            .map(|grievance| (grievance, item))
            .map_err(|error| Error::Internal(error.to_string()))
    }

    /// Erases a person and their text from some of their grievances and counts these.
    /// `None` if no grievance names the person.
    pub(crate) async fn erase_some(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        principal_id: &PrincipalId,
    ) -> Result<Option<ErasureCounts>, Error> {
        let tenant = actor.tenant;
        let named = of_principal(principal_id);
        let page = PageRequest { limit: ERASED_AT_ONCE, after: None };
        let all = Listing::of_tenant(&self.database, &self.table, tenant, ALL).await?;
        let entries: Vec<Entry<GrievanceSummary>> =
            Listing::of_one(&self.table, tenant, &named).read(&self.database, &page).await?.items;
        for Entry { position, item: summary } in &entries {
            let (grievance, item) = self.read(tenant, summary.grievance_id).await?;
            let redacted = grievance.redacted(unit.context().now);
            let subject_key = SubjectKey { subject: Subject::grievance(summary.grievance_id), key: None };
            let event = AuditEvent::new("grievance.erased");
            self.change(unit, actor, &redacted, &item, &subject_key, event)?;
            let listed = Change::of(all.key(position))
                .set("status", &redacted.summary.status)?
                .set("updatedAt", &redacted.summary.updated_at)?
                .remove("dataPrincipalId")
                .remove("resolution");
            let of_principal = Change::of(Listing::of_one(&self.table, tenant, &named).key(position));
            self.trails.delete_key(unit, tenant, &subject_key.subject);
            unit.update(&self.table, listed, Error::Stale).delete(&self.table, of_principal, Error::Stale);
        }
        let grievances_redacted = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let counts = ErasureCounts { grievances_redacted, ..ErasureCounts::default() };
        Ok(Some(counts).filter(|_| !entries.is_empty()))
    }

    /// The keys of a grievance's entries: in the tenant's list, and in the principal's
    /// until erasure.
    async fn entries(&self, tenant: Tenant, summary: &GrievanceSummary) -> Result<Vec<Key>, Error> {
        let position = summary.grievance_id.to_string();
        let listed = Listing::of_tenant(&self.database, &self.table, tenant, ALL).await?.key(&position);
        let of_principal = summary
            .data_principal_id
            .as_ref()
            .map(|principal_id| Listing::of_one(&self.table, tenant, &of_principal(principal_id)).key(&position));
        Ok([Some(listed), of_principal].into_iter().flatten().collect())
    }
}

fn tagged(grievance: Grievance, revision: u64) -> Tagged<Grievance> {
    Tagged { resource: grievance, tag: StateTag::new(revision) }
}

fn text_of(grievance: &Grievance) -> Result<String, Error> {
    serde_json::to_string(grievance).map_err(|error| Error::Internal(error.to_string()))
}

pub(super) fn key(tenant: Tenant, grievance_id: GrievanceId) -> Key {
    Key::of_tenant(tenant, &[&grievance_id.to_string()], &["grievance"])
}
