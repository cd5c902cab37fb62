//! Consent records. Each has a partition with three items, so that a change writes little, and
//! so that a reading and a change never write the same item:
//!
//! - `record`: what decides about the consent, everything that changes, and everything that
//!   names the person.
//! - `details`: what is only shown, above all the signed proof. One transaction creates it with
//!   the record, and it never changes.
//! - `accesses`: how often the record was read. The first reading creates it.
//!
//! One query reads all of them, at the price of one item. A query is no snapshot, but it never
//! shows a part of a change, because each change of a record, and its erasure too, writes only
//! `record`. While a record is created, or is removed at the end of its retention, a query may
//! find one of `record` and `details` without the other. Then the record counts as absent.

use crate::{
    domain::{
        DomainError, FieldError, RequestContext, ResourceKind, Tenant, Timestamp,
        audit::{Actor, AuditEvent, Subject, SubjectKey},
        consent_notice::NoticeId,
        consent_record::{
            Accesses, ConsentRecord, RecordDetails, RecordState, RecordStatus, RecordSummary, WholeRecord,
        },
        erasure::ErasureCounts,
        event::{Event, EventRecord, EventType},
        export::{Export, ExportQuestion},
        history,
        identifiers::{PrincipalId, RecordId, Reference},
        trail::Trail,
    },
    store::{
        AuditTrails, Database, Error, Feed, NewEvent, Page, PageRequest, UnitOfWork,
        audit_trails::{self, AuditAppend, KeyOwner},
        change::Change,
        database::{Item, REMOVABLE_AT, Removal, from_item},
        key::{Key, SORT},
        latest_decisions::{LatestDecisions, LatestRead},
        listing::{Entry, Listing, Pointer, SUMMARY, Summarised, of_principal},
        write::{single_write_error, until_settled},
    },
};
use aws_sdk_dynamodb::{operation::update_item::UpdateItemError, types::ReturnValue};
use futures_util::{StreamExt, TryStreamExt, future::try_join, stream};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// The name of the tenant's list.
pub(super) const ALL: &[&str] = &["records"];
/// How many records one step of an erasure handles, with up to five changes each, beside three of the step.
const ERASED_AT_ONCE: usize = 19;
/// For how many days at most recipients are told of an erasure: the longest time that one may have to confirm.
const TOLD_WITHIN: u32 = 90;
/// The attribute for the length and head of the audit trail.
pub(super) const CHAIN: &str = "chain";
/// How many records are read at the same time.
const READ_AT_ONCE: usize = 16;
/// The sort keys of a record's items.
const RECORD: &str = "record";
const DETAILS: &str = "details";
const ACCESSES: &str = "accesses";
/// How many these are.
const ITEMS: usize = 3;

/// The consent records.
#[derive(Clone)]
pub struct ConsentRecords {
    database: Database,
    table: String,
    trails: AuditTrails,
    latest: LatestDecisions,
}

/// An item of a record with the time after which it is removed.
#[derive(Serialize)]
struct Retained<'a, T> {
    #[serde(flatten)]
    item: &'a T,
    #[serde(flatten)]
    removal: Removal,
}

/// The entry of a record in its person's list.
#[derive(Serialize)]
struct PersonsEntry {
    #[serde(flatten)]
    summary: Summarised<RecordSummary>,
    #[serde(flatten)]
    removal: Removal,
}

/// A record in an export.
#[derive(Debug, Serialize)]
pub struct Exported {
    /// The record.
    pub record: WholeRecord,
    /// Its audit trail, if the export includes it.
    pub trail: Option<Trail>,
}

impl ConsentRecords {
    /// The table that `CONSENT_RECORDS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        let table = database.table("CONSENT_RECORDS_TABLE");
        Self {
            database: database.clone(),
            trails: AuditTrails::new(database),
            latest: LatestDecisions::new(database, &table),
            table,
        }
    }

    /// The latest decisions of a person about a notice. They are read before the summaries
    /// of the person's records, and [`Self::create`] requires that they are still the latest.
    pub(crate) async fn latest_decisions(
        &self,
        tenant: Tenant,
        principal_id: &PrincipalId,
        notice: &Reference,
    ) -> Result<LatestRead, Error> {
        self.latest.read(tenant, principal_id, notice.as_str()).await
    }

    /// Stores a new record, adds it to the lists of the tenant and of the principal, and
    /// makes it the latest decision after those that were read.
    pub(crate) async fn create(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        record: &ConsentRecord,
        details: &RecordDetails,
        data_principal_id: &PrincipalId,
        latest: LatestRead,
    ) -> Result<(), Error> {
        self.latest.follow(unit, latest, record.record_id, !record.denied_codes().is_empty())?;
        let removal = Removal::after(record.retention_until);
        let (position, of_principal) = (record.record_id.to_string(), of_principal(data_principal_id));
        let all = Listing::of_tenant(&self.database, &self.table, tenant, ALL).await?;
        unit.create_new(&self.table, &key(tenant, record.record_id), &Retained { item: record, removal })?
            .create_new(&self.table, &details_key(tenant, record.record_id), &Retained { item: details, removal })?
            .create_new(&self.table, &all.key(&position), &removal)?
            .create_new(
                &self.table,
                &Listing::of_one(&self.table, tenant, &of_principal).key(&position),
                &PersonsEntry { summary: Summarised { summary: Some(record.summary()) }, removal },
            )?;
        Ok(())
    }

    /// Changes what a record grants, and its summary in the person's list, on condition
    /// that the record has not changed since it was read. `after` is the record with the
    /// change, and with its trail's new entry.
    pub(crate) fn change(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        before: &ConsentRecord,
        after: &ConsentRecord,
    ) -> Result<(), Error> {
        let mut changed = Change::of(key(tenant, before.record_id))
            .when("state", &before.state)?
            .when(CHAIN, &before.chain)?
            .set(CHAIN, &after.chain)?
            .set("state", &after.state)?;
        if after.purposes != before.purposes {
            changed = changed.set("purposes", &after.purposes)?;
        }
        let set = |changed: Change, name: &str, at: Option<Timestamp>| match at {
            Some(at) => changed.set(name, &at),
            None => Ok(changed),
        };
        changed = set(changed, "withdrawnAt", after.withdrawn_at)?;
        changed = set(changed, "renewedAt", after.renewed_at)?;
        if let Some(reason) = &after.withdrawn_reason {
            changed = changed.set("withdrawnReason", reason)?;
        }
        if let Some(renewed_by) = &after.renewed_by {
            changed = changed.set("renewedBy", renewed_by)?;
        }
        // If the record has changed meanwhile, the request starts again and reads it again.
        unit.update(&self.table, changed, Error::Stale);
        if let Some(principal_id) = &before.data_principal_id {
            let named = of_principal(principal_id);
            let entry = Listing::of_one(&self.table, tenant, &named).key(&before.record_id.to_string());
            // At the end of its retention the entry may have been removed before the record.
            let entry = Change::of_any(entry).set(SUMMARY, &after.summary())?.set_removal(before.retention_until)?;
            unit.update(&self.table, entry, Error::Stale);
        }
        Ok(())
    }

    /// The summaries of all records of a person, as they are now, oldest first.
    pub(crate) async fn summaries(
        &self,
        tenant: Tenant,
        principal_id: &PrincipalId,
    ) -> Result<Vec<RecordSummary>, Error> {
        let named = of_principal(principal_id);
        let entries = Listing::of_one(&self.table, tenant, &named).read_all(&self.database).await?;
        let (mut summaries, older) = Summarised::split(entries);
        let older: Vec<RecordId> = older.iter().filter_map(|position| RecordId::parse(position).ok()).collect();
        summaries.extend(self.get_all(tenant, &older).await?.iter().map(ConsentRecord::summary));
        summaries.sort_by_key(|summary| summary.record_id);
        Ok(summaries)
    }

    /// Those of these records that exist, as they are now, in no order.
    pub(crate) async fn get_all(&self, tenant: Tenant, ids: &[RecordId]) -> Result<Vec<ConsentRecord>, Error> {
        let keys: Vec<Key> = ids.iter().map(|record_id| key(tenant, *record_id)).collect();
        self.database.get_all(&self.table, &keys).await
    }

    /// A page of the records of the tenant, or of one principal, newest first. Only
    /// those with the status, if one is given. A list does not count as an access.
    pub async fn list(
        &self,
        tenant: Tenant,
        data_principal_id: Option<&PrincipalId>,
        status: Option<RecordStatus>,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<WholeRecord>, Error> {
        let of_principal = data_principal_id.map(of_principal);
        Listing::of_principal_or_all(&self.database, &self.table, tenant, of_principal.as_ref(), ALL)
            .await?
            .select(&self.database, page, |entries: Vec<Entry<Pointer>>| async move {
                let mut ids = ids_of(&entries);
                if let Some(status) = status {
                    // Of many that are examined few may be shown, and one batch reads a hundred.
                    let records = self.get_all(tenant, &ids).await?;
                    let wanted = records.iter().filter(|record| record.status(now) == status);
                    ids = wanted.map(|record| record.record_id).collect();
                }
                let mut listed = self.listed(tenant, &ids).await?;
                // Its status may have changed between the two.
                let wanted = |whole: &WholeRecord| status.is_none_or(|status| whole.record.status(now) == status);
                Ok(entries.iter().map(|entry| listed.remove(&entry.position).filter(wanted)).collect())
            })
            .await
    }

    /// A page of the records of an export, newest first. It does not count as an
    /// access.
    pub async fn exported(&self, tenant: Tenant, export: &Export, page: &PageRequest) -> Result<Page<Exported>, Error> {
        let includes_records = export.question.include_consent_records || export.question.include_action_log;
        let Some((first, last)) = export.period().filter(|_| includes_records) else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let of_principal = export.question.data_principal_id.as_ref().map(of_principal);
        let lowest = RecordId::lowest_of(first).to_string();
        let above = RecordId::lowest_of(last.next()).to_string();
        let page = PageRequest { limit: page.limit, after: Some(page.after.clone().unwrap_or(above)) };
        Listing::of_principal_or_all(&self.database, &self.table, tenant, of_principal.as_ref(), ALL)
            .await?
            .down_to(&lowest)
            .select(&self.database, &page, |entries: Vec<Entry<Pointer>>| async move {
                let mut listed = self.listed(tenant, &ids_of(&entries)).await?;
                let listed = entries.iter().map(|entry| listed.remove(&entry.position));
                let exported: Vec<_> = listed.map(|record| self.with_trail(tenant, record, &export.question)).collect();
                stream::iter(exported).buffered(READ_AT_ONCE).try_collect().await
            })
            .await
    }

    /// A record in an export. `None` if the record was removed meanwhile.
    async fn with_trail(
        &self,
        tenant: Tenant,
        record: Option<WholeRecord>,
        question: &ExportQuestion,
    ) -> Result<Option<Exported>, Error> {
        let Some(record) = record else { return Ok(None) };
        if !question.include_action_log {
            return Ok(Some(Exported { record, trail: None }));
        }
        match self.trail(tenant, &record.record).await {
            Ok(trail) => Ok(Some(Exported { record, trail: Some(trail) })),
            Err(Error::Domain(DomainError::NotFound(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Those of these records that exist, by their positions in lists. Each is read by a query of
    /// its own, which costs one unit for all its items together. A batch would cost one for each.
    async fn listed(&self, tenant: Tenant, ids: &[RecordId]) -> Result<HashMap<String, WholeRecord>, Error> {
        let found: Vec<_> = ids.iter().map(|record_id| self.find(tenant, *record_id)).collect();
        let found: Vec<Option<WholeRecord>> = stream::iter(found).buffer_unordered(READ_AT_ONCE).try_collect().await?;
        let found = found.into_iter().flatten();
        Ok(found.map(|whole| (whole.record.record_id.to_string(), whole)).collect())
    }

    /// A page of a principal's records, newest first. Each counts as accessed.
    pub async fn access_all(
        &self,
        tenant: Tenant,
        data_principal_id: &PrincipalId,
        page: &PageRequest,
        context: &RequestContext,
    ) -> Result<Page<WholeRecord>, Error> {
        let page = self.list(tenant, Some(data_principal_id), None, page, context.now).await?;
        let counted: Vec<_> = page.items.into_iter().map(|whole| self.counted(tenant, whole, context)).collect();
        let items = stream::iter(counted).buffered(READ_AT_ONCE).try_collect().await?;
        Ok(Page { items, next: page.next })
    }

    /// The record that a field of a body names as the one to renew. It must belong to
    /// this principal.
    pub(crate) async fn to_renew(
        &self,
        tenant: Tenant,
        reference: &Reference,
        data_principal_id: &PrincipalId,
    ) -> Result<ConsentRecord, Error> {
        let invalid = |message: &str| DomainError::InvalidRenewal(FieldError::new("renews", message));
        let record = match RecordId::parse(reference.as_str()) {
            Ok(record_id) => self.database.get::<ConsentRecord>(&self.table, &key(tenant, record_id)).await?,
            Err(_) => None,
        };
        let record = record.ok_or_else(|| invalid("names a consent record that does not exist"))?;
        if record.data_principal_id.as_ref() != Some(data_principal_id) {
            return Err(invalid("names another principal's consent record").into());
        }
        Ok(record)
    }

    /// The record that a field of a body names. It must belong to this principal.
    pub(crate) async fn named(
        &self,
        tenant: Tenant,
        reference: &Reference,
        data_principal_id: &PrincipalId,
        field: &str,
    ) -> Result<RecordId, Error> {
        let invalid = |message: &str| DomainError::InvalidRecord(FieldError::new(field, message));
        let unknown = || invalid("names a consent record that does not exist");
        let record_id = RecordId::parse(reference.as_str()).map_err(|_| unknown())?;
        let record: Option<ConsentRecord> = self.database.get(&self.table, &key(tenant, record_id)).await?;
        let record = record.ok_or_else(unknown)?;
        if record.data_principal_id.as_ref() != Some(data_principal_id) {
            return Err(invalid("names another principal's consent record").into());
        }
        Ok(record_id)
    }

    /// Reads a record and counts the access. If the response to the count is lost, the count is
    /// repeated and the access counts twice.
    ///
    /// The access is counted while the record is read. Only the first access is counted afterwards,
    /// because the number may be created only for a record that exists.
    pub async fn access(
        &self,
        tenant: Tenant,
        record_id: RecordId,
        context: &RequestContext,
    ) -> Result<WholeRecord, Error> {
        // The futures of database calls are large.
        let whole = Box::pin(self.whole(tenant, record_id));
        let counted = Box::pin(self.count(tenant, record_id, None, context));
        match try_join(whole, counted).await? {
            (whole, Some(accesses)) => Ok(WholeRecord { accesses, ..whole }),
            (whole, None) => self.counted(tenant, whole, context).await,
        }
    }

    /// A record that was just read, with the number of accesses after one more.
    async fn counted(
        &self,
        tenant: Tenant,
        whole: WholeRecord,
        context: &RequestContext,
    ) -> Result<WholeRecord, Error> {
        let ConsentRecord { record_id, retention_until, .. } = whole.record;
        let accesses = self.count(tenant, record_id, Some(retention_until), context).await?;
        Ok(WholeRecord { accesses: accesses.unwrap_or_default(), ..whole })
    }

    /// Counts an access, and returns the number with it. `kept_until` is the end of the record's
    /// retention, if the record is known to exist. If it is not, and nothing was counted before,
    /// nothing is counted now, and the result is `None`.
    ///
    /// `DynamoDB` removes the number later than the record, so that it never begins again. It
    /// also removes a number that was created just after its record was removed.
    async fn count(
        &self,
        tenant: Tenant,
        record_id: RecordId,
        kept_until: Option<Timestamp>,
        context: &RequestContext,
    ) -> Result<Option<Accesses>, Error> {
        let key = accesses_key(tenant, record_id);
        let change = match audit_trails::removable_at(kept_until) {
            None => Change::of(key),
            Some(removable_at) => Change::of_any(key).set(REMOVABLE_AT, &removable_at)?,
        };
        let change = change.count("accessCount").set("lastAccessedAt", &context.now)?;
        let update = change.update(&self.database, &self.table).return_values(ReturnValue::AllNew);
        let counted = until_settled(context, || async {
            let response = update.clone().send().await;
            response.map(|response| response.attributes).or_else(|error| match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(None),
                _ => Err(single_write_error(&error)),
            })
        });
        counted.await?.map(from_item).transpose()
    }

    /// Erases a person from some of their records and counts these. `None` if no
    /// record names the person.
    pub(crate) async fn erase_some(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        principal_id: &PrincipalId,
        feed: &Feed<'_>,
    ) -> Result<Option<ErasureCounts>, Error> {
        let tenant = actor.tenant;
        let some = self.some_of(tenant, principal_id, ERASED_AT_ONCE).await?;
        let mut records = self.get_all(tenant, &some).await?;
        records.sort_by_key(|record| record.record_id);
        let named = of_principal(principal_id);
        let listing = Listing::of_one(&self.table, tenant, &named);
        for record_id in &some {
            // The entry may still exist when the record was removed at the end of its retention.
            let entry = Change::of(listing.key(&record_id.to_string()));
            unit.delete(&self.table, entry, Error::Stale);
        }
        let erased_of = |record: &ConsentRecord| EventRecord {
            record_id: record.record_id,
            purposes: record.once_granted_codes().into_iter().map(ToString::to_string).collect(),
            subject_sequence: Some(record.chain.length + 1),
        };
        let told = Event {
            records: records.iter().map(erased_of).filter(|told| !told.purposes.is_empty()).collect(),
            ..Event::new(EventType::ConsentErased, unit.context())
        };
        for record in &records {
            let event_id = told.records.iter().any(|told| told.record_id == record.record_id).then_some(told.id);
            let event = AuditEvent::new("record.erased").with_some("eventId", event_id);
            let subject_key = SubjectKey { subject: Subject::record(record.record_id), key: None };
            let append = record_append(actor, &subject_key, record);
            let chain = self.trails.append(unit, &append, &[event])?;
            let mut erased = Change::of(key(tenant, record.record_id))
                .when(CHAIN, &record.chain)?
                .set(CHAIN, &chain)?
                .set("state", &RecordState::Erased)?
                .set("erasedAt", &unit.context().now)?
                .remove("dataPrincipalId")
                .remove("withdrawnReason")
                // Any text, so it may name the person.
                .remove("channel")
                .remove("commitmentSalt");
            if let Some(actor) = &record.circumstances.actor {
                erased = erased.set("actor", &actor.anonymous())?;
            }
            self.trails.delete_key(unit, tenant, &subject_key.subject);
            unit.update(&self.table, erased, Error::Stale);
        }
        if !told.records.is_empty() {
            let kept_until = records.iter().map(|record| record.retention_until).max();
            self.tell_of_erasure(unit, tenant, principal_id, told, kept_until, feed)?;
        }
        let notices: HashSet<&NoticeId> = records.iter().map(|record| &record.consent_notice_id).collect();
        for notice_id in notices {
            self.latest.erase(unit, tenant, principal_id, notice_id.as_str());
        }
        let records_erased = u64::try_from(records.len()).unwrap_or(u64::MAX);
        let counts = ErasureCounts { records_erased, ..ErasureCounts::default() };
        Ok(Some(counts).filter(|_| !some.is_empty()))
    }

    /// Adds the event of an erasure. Recipients are still told whom to erase: the person's id is sealed in it.
    fn tell_of_erasure(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        principal_id: &PrincipalId,
        event: Event,
        kept_until: Option<Timestamp>,
        feed: &Feed<'_>,
    ) -> Result<(), Error> {
        let told_until = unit.context().now.plus_days(TOLD_WITHIN);
        let owner = KeyOwner { subject: Subject::event(event.id), kept_until: Some(told_until) };
        let key = self.trails.create_key(unit, tenant, owner)?;
        let kept_until = kept_until.max(Some(told_until));
        feed.add(unit, NewEvent { event, principal: Some((principal_id.clone(), key)), kept_until })
    }

    /// What the records of a person said at a moment, as their audit trails tell it, in
    /// no order. It does not count as an access.
    pub async fn history(
        &self,
        tenant: Tenant,
        principal_id: &PrincipalId,
        moment: Timestamp,
    ) -> Result<Vec<RecordSummary>, Error> {
        let named = of_principal(principal_id);
        let entries = Listing::of_one(&self.table, tenant, &named).read_all::<Pointer>(&self.database).await?;
        let ids = entries.iter().filter_map(|entry| RecordId::parse(&entry.position).ok());
        let later = RecordId::lowest_of(moment.next());
        let ids: Vec<RecordId> = ids.filter(|record_id| *record_id < later).collect();
        let records = self.get_all(tenant, &ids).await?;
        let histories: Vec<_> = records.iter().map(|record| self.summary_at(tenant, record, moment)).collect();
        let summaries: Vec<Option<RecordSummary>> =
            stream::iter(histories).buffer_unordered(READ_AT_ONCE).try_collect().await?;
        Ok(summaries.into_iter().flatten().collect())
    }

    /// What a record said at a moment; `None` if it did not exist yet, or was removed or
    /// erased meanwhile. A trail that is not valid is an internal error, because it
    /// proves nothing.
    async fn summary_at(
        &self,
        tenant: Tenant,
        record: &ConsentRecord,
        moment: Timestamp,
    ) -> Result<Option<RecordSummary>, Error> {
        if record.state == RecordState::Erased {
            return Ok(None);
        }
        let trail = match self.trail(tenant, record).await {
            Err(Error::Domain(DomainError::NotFound(_))) => return Ok(None),
            read => read?,
        };
        if trail.first_invalid.is_some() {
            return Err(Error::Internal(format!("the trail of {} is not valid", record.record_id)));
        }
        let summary = history::summary_at(record.record_id, &trail.entries, moment);
        summary.map_err(|error| Error::Internal(format!("the trail of {}: {error}", record.record_id)))
    }

    async fn some_of(&self, tenant: Tenant, principal_id: &PrincipalId, limit: usize) -> Result<Vec<RecordId>, Error> {
        let named = of_principal(principal_id);
        let page = PageRequest { limit, after: None };
        let page = Listing::of_one(&self.table, tenant, &named).read::<Pointer>(&self.database, &page).await?;
        Ok(ids_of(&page.items))
    }

    /// A record's trail, opened and verified. If the trail is not valid, the record
    /// is read again, because the trail may have grown since the record was read.
    pub async fn trail(&self, tenant: Tenant, record: &ConsentRecord) -> Result<Trail, Error> {
        let subject = Subject::record(record.record_id);
        let mut chain = record.chain.clone();
        loop {
            let trail = self.trails.read_trail(tenant, &subject, &chain).await?;
            if trail.first_invalid.is_none() {
                return Ok(trail);
            }
            let now = self.get(tenant, record.record_id).await?.chain;
            if now == chain {
                return Ok(trail);
            }
            chain = now;
        }
    }

    /// A record with everything that is shown of it, as it is now. It does not count as an
    /// access.
    pub(crate) async fn whole(&self, tenant: Tenant, record_id: RecordId) -> Result<WholeRecord, Error> {
        self.find(tenant, record_id).await?.ok_or_else(absent)
    }

    async fn find(&self, tenant: Tenant, record_id: RecordId) -> Result<Option<WholeRecord>, Error> {
        let items = self.database.query_partition(&self.table, &key(tenant, record_id), ITEMS).await?;
        whole_of(items)
    }

    /// What decides about a consent, as it is now. It does not count as an access.
    pub async fn get(&self, tenant: Tenant, record_id: RecordId) -> Result<ConsentRecord, Error> {
        self.database.get(&self.table, &key(tenant, record_id)).await?.ok_or_else(absent)
    }
}

/// The parameters of an append to a record's trail.
pub(crate) fn record_append<'a>(
    actor: Actor,
    subject_key: &'a SubjectKey,
    record: &'a ConsentRecord,
) -> AuditAppend<'a> {
    AuditAppend { actor, subject_key, chain: &record.chain, kept_until: Some(record.retention_until) }
}

fn absent() -> Error {
    DomainError::NotFound(ResourceKind::ConsentRecord).into()
}

/// The ids of the records of these entries.
fn ids_of(entries: &[Entry<Pointer>]) -> Vec<RecordId> {
    entries.iter().filter_map(|entry| RecordId::parse(&entry.position).ok()).collect()
}

/// The record of these items; `None` if one is missing with which it was created.
fn whole_of(items: Vec<Item>) -> Result<Option<WholeRecord>, Error> {
    let (mut record, mut details, mut accesses) = (None, None, Accesses::default());
    for item in items {
        match item.get(SORT).and_then(|sort| sort.as_s().ok()).map(String::as_str) {
            Some(RECORD) => record = Some(from_item(item)?),
            Some(DETAILS) => details = Some(from_item(item)?),
            Some(ACCESSES) => accesses = from_item(item)?,
            _ => return Err(Error::Internal("an item of a record has an unknown key".to_owned())),
        }
    }
    Ok(record.zip(details).map(|(record, details)| WholeRecord { record, details, accesses }))
}

pub(super) fn key(tenant: Tenant, record_id: RecordId) -> Key {
    key_of(tenant, record_id, RECORD)
}

pub(super) fn details_key(tenant: Tenant, record_id: RecordId) -> Key {
    key_of(tenant, record_id, DETAILS)
}

fn accesses_key(tenant: Tenant, record_id: RecordId) -> Key {
    key_of(tenant, record_id, ACCESSES)
}

fn key_of(tenant: Tenant, record_id: RecordId, item: &str) -> Key {
    Key::of_tenant(tenant, &[&record_id.to_string()], &[item])
}
