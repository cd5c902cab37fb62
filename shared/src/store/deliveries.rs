//! Deliveries, each an entry of the list of its recipient's deliveries, so its key follows
//! from its id. Beside that list a recipient has an item of its health: since when webhooks
//! to it fail, and whether they have ended.

use crate::{
    domain::{
        DomainError, RequestContext, ResourceKind, Tenant, Timestamp,
        audit::{Actor, AuditEvent, Subject, SubjectKey},
        delivery::{AcknowledgementStatus, Delivery, DeliveryStatus},
        identifiers::{DeliveryId, EventId, RecipientId},
        trail::Trail,
    },
    store::{
        AuditTrails, Database, Error, Page, PageRequest, UnitOfWork,
        audit_trails::{AuditAppend, removable_at},
        change::Change,
        due::{Due, Found, ItemKey},
        key::Key,
        listing::{Entry, Listing, PAGE_BYTES, weight_of},
    },
};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// How many recipients' lists are read at the same time.
const PARALLEL: usize = 16;
/// For how many days a delivery is kept after its event: the seven years for which records of consents are kept
/// (DPDP Rules, First Schedule, Part B).
const KEPT_DAYS: u32 = 7 * 366;
/// For how many seconds an attempt that the stream announces is left to it, before the sweep makes it.
const LEFT_TO_STREAM: u32 = 30;

/// The deliveries.
#[derive(Clone)]
pub struct Deliveries {
    database: Database,
    table: String,
    trails: AuditTrails,
}

/// What is to do with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum DeliveryWork {
    /// Send the message, or note that the recipient has not confirmed in time, whichever is due.
    Deliver,
    /// Note that the recipient has not confirmed in time.
    Confirm,
}

/// A delivery as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredDelivery {
    #[serde(flatten)]
    delivery: Delivery,
    #[serde(flatten)]
    due: Option<Due<DeliveryWork>>,
    #[serde(default)]
    removable_at: Option<i64>,
}

/// Since when webhooks to a recipient fail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Since when all of them have failed; `None` if the last one did not.
    #[serde(default)]
    pub failing_since: Option<Timestamp>,
    /// When they have ended.
    #[serde(default)]
    pub disabled_at: Option<Timestamp>,
}

/// The item of a recipient's health.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredHealth {
    recipient_id: RecipientId,
    #[serde(flatten)]
    health: Health,
}

/// Which deliveries a list has.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// Those with this status.
    pub status: Option<DeliveryStatus>,
    /// Those whose confirmation is overdue, or is not.
    pub overdue: Option<bool>,
    /// Those of this event.
    pub event_id: Option<EventId>,
}

impl DeliveryFilter {
    fn selects(&self, delivery: &Delivery) -> bool {
        let overdue = delivery.acknowledgement.as_ref().is_some_and(|it| it.status == AcknowledgementStatus::Overdue);
        self.status.is_none_or(|status| delivery.status == status)
            && self.overdue.is_none_or(|wanted| overdue == wanted)
            && self.event_id.is_none_or(|event_id| delivery.event_id == event_id)
    }
}

impl Deliveries {
    /// The table that `DELIVERIES_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            table: database.table("DELIVERIES_TABLE"),
            trails: AuditTrails::new(database),
        }
    }

    /// Stores a delivery, unless it exists.
    pub(crate) async fn ensure(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        delivery: &Delivery,
    ) -> Result<(), Error> {
        let mut unit = UnitOfWork::new(context);
        unit.create(&self.table, &key(tenant, delivery.id), &stored(delivery), Error::Stale)?;
        // If it exists, it was stored when the event was relayed before.
        unit.commit_if_current(&self.database).await.map(|_| ())
    }

    /// Stores a new delivery together with its event.
    pub(crate) fn create(&self, unit: &mut UnitOfWork, tenant: Tenant, delivery: &Delivery) -> Result<(), Error> {
        unit.create_new(&self.table, &key(tenant, delivery.id), &stored(delivery))?;
        Ok(())
    }

    /// A delivery as it is now.
    pub async fn get(&self, tenant: Tenant, id: DeliveryId) -> Result<Delivery, Error> {
        self.find(tenant, id).await?.ok_or_else(|| DomainError::NotFound(ResourceKind::Delivery).into())
    }

    /// A delivery as it is now, if it exists.
    pub(crate) async fn find(&self, tenant: Tenant, id: DeliveryId) -> Result<Option<Delivery>, Error> {
        let found: Option<StoredDelivery> = self.database.get(&self.table, &key(tenant, id)).await?;
        Ok(found.map(|stored| stored.delivery))
    }

    /// Changes a delivery, on condition that nothing of it has changed since it was read. `actor` is the key that
    /// acts; `None` is the system itself.
    pub(crate) fn change(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        actor: Option<Actor>,
        before: &Delivery,
        after: Delivery,
        events: &[AuditEvent],
    ) -> Result<Delivery, Error> {
        let actor = actor.unwrap_or(Actor::system(tenant));
        let subject_key = SubjectKey { subject: Subject::delivery(before.id), key: None };
        let kept_until = Some(kept_until(before));
        let append = AuditAppend { actor, subject_key: &subject_key, chain: &before.chain, kept_until };
        let chain = self.trails.append(unit, &append, events)?;
        let after = Delivery { chain, ..after };
        let same = Change::of(key(tenant, before.id))
            .when("attempts", &before.attempts)?
            .when("status", &before.status)?
            .when_still("nextAttemptAt", before.next_attempt_at.as_ref())?
            .when("chain", &before.chain)?;
        unit.replace(&self.table, same, &stored(&after), Error::Stale)?;
        Ok(after)
    }

    /// Writes what the system itself changes of a delivery, with no entry in its trail. `None` if the delivery has changed
    /// since it was read.
    pub(crate) async fn write(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        before: &Delivery,
        after: Delivery,
    ) -> Result<Option<Delivery>, Error> {
        let mut unit = UnitOfWork::new(context);
        let after = self.change(&mut unit, tenant, None, before, after, &[])?;
        Ok(unit.commit_if_current(&self.database).await?.then_some(after))
    }

    /// A page of the deliveries of these recipients, those of the newest event first. A page may be short and still
    /// have a next one.
    pub async fn list(
        &self,
        tenant: Tenant,
        recipients: &[RecipientId],
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> Result<Page<Delivery>, Error> {
        let lowest = filter.event_id.map(|event_id| format!("dlv_{}", event_id.ulid())).unwrap_or_default();
        let above = filter.event_id.map(|event_id| format!("dlv_{}~", event_id.ulid()));
        let request = PageRequest { limit: page.limit, after: page.after.clone().or(above) };
        let (lowest, request) = (&lowest, &request);
        let reads = recipients.iter().map(|recipient| async move {
            let id = recipient.to_string();
            let name = of_recipient(&id);
            let listing = Listing::of_one(&self.table, tenant, &name).down_to(lowest);
            listing.read::<Delivery>(&self.database, request).await
        });
        let pages: Vec<Page<Entry<Delivery>>> =
            stream::iter(reads.collect::<Vec<_>>()).buffer_unordered(PARALLEL).try_collect().await?;
        let more = pages.iter().any(|page| page.next.is_some());
        let mut entries: Vec<Entry<Delivery>> = pages.into_iter().flat_map(|page| page.items).collect();
        entries.sort_by(|left, right| right.position.cmp(&left.position));
        let mut weight = 0;
        let fits = |entry: &&Entry<Delivery>| {
            let fits = weight < PAGE_BYTES;
            weight += weight_of(&entry.item);
            fits
        };
        let fitting = entries.iter().take(page.limit).take_while(fits).count();
        let more = more || entries.len() > fitting;
        entries.truncate(fitting);
        let next = entries.last().filter(|_| more).map(|entry| entry.position.clone());
        let items = entries.into_iter().map(|entry| entry.item).filter(|delivery| filter.selects(delivery)).collect();
        Ok(Page { items, next })
    }

    /// Up to `limit` deliveries to a recipient of events from a moment on, and until one if it is given, oldest first.
    pub(crate) async fn since(
        &self,
        tenant: Tenant,
        recipient: RecipientId,
        since: Timestamp,
        until: Option<Timestamp>,
        limit: usize,
    ) -> Result<Vec<Delivery>, Error> {
        let id = recipient.to_string();
        let name = of_recipient(&id);
        let lowest = |moment: Timestamp| format!("dlv_{}", EventId::lowest_of(moment).ulid());
        let (after, last) = (lowest(since), until.map_or_else(|| "~".to_owned(), lowest));
        let entries = Listing::of_one(&self.table, tenant, &name).oldest(&self.database, &after, &last, limit).await?;
        Ok(entries.into_iter().map(|entry: Entry<Delivery>| entry.item).collect())
    }

    /// The audit trail of a delivery.
    pub async fn trail(&self, tenant: Tenant, delivery: &Delivery) -> Result<Trail, Error> {
        self.trails.read_trail(tenant, &Subject::delivery(delivery.id), &delivery.chain).await
    }

    /// The deliveries in a partition of the index whose work is due.
    pub(crate) async fn due(
        &self,
        partition: u8,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Found<(Tenant, DeliveryId)>>, Error> {
        let found = self.database.due(&self.table, partition, now, limit).await?;
        Ok(found.iter().filter_map(|found| found.named(Self::named)).collect())
    }

    /// The delivery with this key in the table; `None` if it is the key of something else.
    pub fn named(key: &ItemKey) -> Option<(Tenant, DeliveryId)> {
        key.of_tenant(DeliveryId::parse)
    }

    /// Those of these recipients to which webhooks fail now.
    pub(crate) async fn failing(
        &self,
        tenant: Tenant,
        recipients: &[RecipientId],
    ) -> Result<HashSet<RecipientId>, Error> {
        let recipients: HashSet<RecipientId> = recipients.iter().copied().collect();
        let keys: Vec<Key> = recipients.iter().map(|recipient| health_key(tenant, *recipient)).collect();
        let found: Vec<StoredHealth> = self.database.get_all(&self.table, &keys).await?;
        let failing = found.into_iter().filter(|stored| stored.health.failing_since.is_some());
        Ok(failing.map(|stored| stored.recipient_id).collect())
    }

    /// How webhooks to a recipient fare.
    pub async fn health(&self, tenant: Tenant, recipient: RecipientId) -> Result<Health, Error> {
        Ok(self.database.get(&self.table, &health_key(tenant, recipient)).await?.unwrap_or_default())
    }

    /// Changes how webhooks to a recipient fare, if that is still as it was read.
    pub(crate) fn set_health(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        recipient: RecipientId,
        read: &Health,
        next: &Health,
    ) -> Result<(), Error> {
        let mut change = Change::of_any(health_key(tenant, recipient))
            .when_still("failingSince", read.failing_since.as_ref())?
            .when_still("disabledAt", read.disabled_at.as_ref())?;
        change = change.set("recipientId", &recipient)?;
        for (name, at) in [("failingSince", next.failing_since), ("disabledAt", next.disabled_at)] {
            change = match at {
                Some(at) => change.set(name, &at)?,
                None => change.remove(name),
            };
        }
        unit.update(&self.table, change, Error::Stale);
        Ok(())
    }

    /// Notes when a recipient was last sent again what it was told.
    pub(crate) fn note_replay(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        recipient: RecipientId,
    ) -> Result<(), Error> {
        let change = Change::of_any(health_key(tenant, recipient)).set("recipientId", &recipient)?;
        let change = change.set("replayedAt", &unit.context().now)?;
        unit.update(&self.table, change, Error::Stale);
        Ok(())
    }
}

/// A delivery with what is due of it.
fn stored(delivery: &Delivery) -> StoredDelivery {
    let confirm = delivery.confirmation_due();
    let work = if delivery.next_attempt_at.is_some() { DeliveryWork::Deliver } else { DeliveryWork::Confirm };
    // What a stream announces is left to it for a while.
    let grace = if delivery.lane.is_some() { LEFT_TO_STREAM } else { 0 };
    let attempt = delivery.next_attempt_at.map(|at| at.plus_seconds(grace));
    let due_at = [attempt, confirm].into_iter().flatten().min();
    let due = due_at.map(|due_at| Due::new(work, &delivery.id.to_string(), due_at));
    StoredDelivery { due, removable_at: removable_at(Some(kept_until(delivery))), delivery: delivery.clone() }
}

fn kept_until(delivery: &Delivery) -> Timestamp {
    delivery.occurred_at.plus_days(KEPT_DAYS)
}

fn of_recipient(id: &str) -> [&str; 2] {
    ["deliveries", id]
}

pub(super) fn key(tenant: Tenant, id: DeliveryId) -> Key {
    Listing::of_one("", tenant, &of_recipient(&id.recipient_id.to_string())).key(&id.to_string())
}

fn health_key(tenant: Tenant, recipient: RecipientId) -> Key {
    Key::of_tenant(tenant, &["recipient", &recipient.to_string()], &["health"])
}
