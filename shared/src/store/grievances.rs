//! Grievances, each an item of its own, kept as JSON text: evidence may nest
//! deeper, and hold other numbers, than an item's attributes can. Two lists of
//! summaries lead to them, the tenant's and the principal's; a summary changes
//! in the transaction that changes its grievance.

use crate::{
    domain::{
        Occasion, Refusal, Tenant, Thing,
        audit::{Actor, Chain, Note, Subject},
        erasure::ErasureCounts,
        grievance::{Grievance, GrievanceDraft, GrievanceStatus, GrievanceSummary, Step},
        identifiers::{GrievanceId, PrincipalId},
        state_tag::{ExpectedState, StateTag, Tagged},
    },
    store::{
        AuditTrails, ConsentRecords, Database, Effect, Error, Page, Part, Sealing,
        audit_trails::Appending,
        database::table,
        key::Key,
        listing::{Entry, Listing, of_principal},
        transaction::{Change, Transaction},
    },
};
use futures_util::future::try_join;
use serde::{Deserialize, Serialize};

/// What names the tenant's list.
const ALL: &[&str] = &["grievances"];

/// How many grievances one step of an erasure takes: five changes each, and
/// what they say is rewritten.
const ERASED_AT_ONCE: usize = 10;

/// The grievances.
#[derive(Clone)]
pub struct Grievances {
    database: Database,
    table: String,
    trails: AuditTrails,
}

#[derive(Serialize, Deserialize)]
struct GrievanceItem {
    /// The grievance as JSON text.
    grievance: String,
    /// Counts the changes: a change is made of the revision it was read as.
    revision: u64,
    /// Its audit trail's.
    chain: Chain,
}

impl Grievances {
    /// The table that `GRIEVANCES_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: table("GRIEVANCES_TABLE", "GrievancesTable"),
            trails: AuditTrails::new(database),
        }
    }

    /// Takes a grievance in. The record that it names must be the principal's
    /// own. It is read before: whose it is never changes, and what its retention
    /// ends meanwhile was there when it was named.
    pub async fn create<'call>(
        &self,
        actor: Actor,
        draft: &GrievanceDraft,
        records: &ConsentRecords,
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, Grievance>, Error> {
        let tenant = actor.tenant;
        let record_id = match &draft.record {
            Some(record) => Some(records.named(tenant, record, &draft.data_principal_id, "recordId").await?),
            None => None,
        };
        let grievance = Grievance::submit(draft, record_id, occasion);
        let grievance_id = grievance.summary.grievance_id;
        let begun = (actor, Subject::grievance(grievance_id), None);
        let (transaction, chain, sealing) =
            self.trails.begin(Transaction::new(occasion), begun, &grievance.submitted())?;
        let item = GrievanceItem { grievance: text_of(&grievance)?, revision: 0, chain };
        let mut transaction = transaction.create_fresh(&self.table, &key(tenant, grievance_id), &item)?;
        for entry in self.entries(tenant, &grievance.summary) {
            transaction = transaction.create_fresh(&self.table, &entry, &grievance.summary)?;
        }
        Ok(transaction.to(grievance).sealed(sealing))
    }

    /// A grievance as it is now.
    pub async fn get(&self, tenant: Tenant, grievance_id: GrievanceId) -> Result<Tagged<Grievance>, Error> {
        self.read(tenant, grievance_id).await.map(|(grievance, item)| tagged(grievance, item.revision))
    }

    /// A part of the tenant's grievances, or of one principal's, newest first;
    /// those of this status.
    pub async fn list(
        &self,
        tenant: Tenant,
        (principal_id, status): (Option<&PrincipalId>, Option<GrievanceStatus>),
        page: &Page,
    ) -> Result<Part<GrievanceSummary>, Error> {
        let of_principal = principal_id.map(of_principal);
        let listing = Listing::of_principal_or_all(&self.table, tenant, of_principal.as_ref(), ALL);
        let wanted = |summary: &GrievanceSummary| status.is_none_or(|status| summary.status == status);
        let select = listing.select(&self.database, page, async |entries: Vec<Entry<GrievanceSummary>>| {
            Ok(entries.into_iter().map(|entry| Some(entry.thing).filter(wanted)).collect())
        });
        select.await
    }

    /// Takes a grievance that is as expected a step on.
    pub async fn update<'call>(
        &self,
        actor: Actor,
        grievance_id: GrievanceId,
        (step, expected): (&Step, &ExpectedState),
        occasion: Occasion<'call>,
    ) -> Result<Effect<'call, Tagged<Grievance>>, Error> {
        let tenant = actor.tenant;
        let sealing = self.trails.sealing(tenant, Subject::grievance(grievance_id));
        let ((grievance, item), sealing) = try_join(self.read(tenant, grievance_id), sealing).await?;
        expected.require(&StateTag::new(item.revision))?;
        let next = grievance.after(step, occasion.now)?;
        let noted = (&sealing, next.taken_here());
        let mut transaction = self.change(Transaction::new(occasion), actor, (&next, &item), noted)?;
        for entry in self.entries(tenant, &next.summary) {
            let mut change =
                Change::of(entry).set("status", &next.summary.status)?.set("updatedAt", &next.summary.updated_at)?;
            if let (Some(resolution), Some(resolved_at)) = (&next.summary.resolution, next.summary.resolved_at) {
                change = change.set("resolution", resolution)?.set("resolvedAt", &resolved_at)?;
            }
            transaction = transaction.update(&self.table, change, |_| Error::Stale);
        }
        Ok(transaction.to(tagged(next, item.revision + 1)).sealed(sealing))
    }

    /// Adds to a transaction what a grievance is to be next, if it is still as
    /// it was read, and what its trail tells of that.
    fn change<'call>(
        &self,
        transaction: Transaction<'call>,
        actor: Actor,
        (next, item): (&Grievance, &GrievanceItem),
        (sealing, note): (&Sealing, Note),
    ) -> Result<Transaction<'call>, Error> {
        let appending = Appending { actor, sealing, chain: &item.chain, kept_until: None };
        let (transaction, chain) = self.trails.append(transaction, &appending, &[note])?;
        let change = Change::of(key(actor.tenant, next.summary.grievance_id))
            .when("revision", &item.revision)?
            .set("revision", &(item.revision + 1))?
            .set("chain", &chain)?
            .set("grievance", &text_of(next)?)?;
        Ok(transaction.update(&self.table, change, |_| Error::Stale))
    }

    async fn read(&self, tenant: Tenant, grievance_id: GrievanceId) -> Result<(Grievance, GrievanceItem), Error> {
        let item: Option<GrievanceItem> = self.database.get(&self.table, &key(tenant, grievance_id)).await?;
        let item = item.ok_or(Refusal::NotFound(Thing::Grievance))?;
        serde_json::from_str(&item.grievance)
            .map(|grievance| (grievance, item))
            .map_err(|error| Error::Fault(error.to_string()))
    }

    /// Takes a person and their words out of some of their grievances, in a
    /// transaction, and counts them; `None` where no grievance names them.
    pub(crate) async fn erase_some<'call>(
        &self,
        actor: Actor,
        principal_id: &PrincipalId,
        occasion: Occasion<'call>,
    ) -> Result<Option<(Transaction<'call>, ErasureCounts)>, Error> {
        let tenant = actor.tenant;
        let named = of_principal(principal_id);
        let page = Page { limit: ERASED_AT_ONCE, after: None };
        let entries: Vec<Entry<GrievanceSummary>> =
            Listing::of_one(&self.table, tenant, &named).read(&self.database, &page).await?.things;
        let mut transaction = Transaction::new(occasion);
        for Entry { place, thing } in &entries {
            let (grievance, item) = self.read(tenant, thing.grievance_id).await?;
            let redacted = grievance.redacted(occasion.now);
            let sealing = Sealing { subject: Subject::grievance(thing.grievance_id), key: None };
            let noted = (&sealing, Note::new("grievance.erased"));
            transaction = self.change(transaction, actor, (&redacted, &item), noted)?;
            let listed = Change::of(Listing::of_tenant(&self.table, tenant, ALL).key(place))
                .set("status", &redacted.summary.status)?
                .set("updatedAt", &redacted.summary.updated_at)?
                .remove("dataPrincipalId")
                .remove("resolution");
            let of_principal = Change::of(Listing::of_one(&self.table, tenant, &named).key(place));
            transaction = self
                .trails
                .forget(transaction, tenant, &sealing.subject)
                .update(&self.table, listed, |_| Error::Stale)
                .delete(&self.table, of_principal, |_| Error::Stale);
        }
        let grievances_redacted = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let counts = ErasureCounts { grievances_redacted, ..ErasureCounts::default() };
        Ok(Some((transaction, counts)).filter(|_| !entries.is_empty()))
    }

    /// Where a grievance stands: in the tenant's list, and in the principal's
    /// until erasure.
    fn entries(&self, tenant: Tenant, summary: &GrievanceSummary) -> Vec<Key> {
        let place = summary.grievance_id.to_string();
        let listed = Listing::of_tenant(&self.table, tenant, ALL).key(&place);
        let of_principal = summary
            .data_principal_id
            .as_ref()
            .map(|principal_id| Listing::of_one(&self.table, tenant, &of_principal(principal_id)).key(&place));
        [Some(listed), of_principal].into_iter().flatten().collect()
    }
}

fn tagged(grievance: Grievance, revision: u64) -> Tagged<Grievance> {
    Tagged { thing: grievance, tag: StateTag::new(revision) }
}

fn text_of(grievance: &Grievance) -> Result<String, Error> {
    serde_json::to_string(grievance).map_err(|error| Error::Fault(error.to_string()))
}

fn key(tenant: Tenant, grievance_id: GrievanceId) -> Key {
    Key::of_tenant(tenant, &[&grievance_id.to_string()], &["grievance"])
}
