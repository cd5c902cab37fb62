//! Events. Each is an entry of its tenant's feed, a list that is spread over shards, so its
//! key follows from its id. An event that is new has the work to relay it: to make a delivery
//! for each recipient. One that says when a consent ends then has the work to expire it.

use crate::{
    domain::{
        DomainError, ResourceKind, Tenant, Timestamp,
        audit::{Subject, SubjectKey},
        consent_notice::PurposeCode,
        event::Event,
        identifiers::{EventId, PrincipalId, RecipientId},
    },
    store::{
        Database, Error, Page, PageRequest, UnitOfWork,
        audit_trails::removable_at,
        change::Change,
        due::{Due, Found, ItemKey},
        key::Key,
        listing::{Entry, Listing, PAGE_BYTES, weight_of},
    },
};
use serde::{Deserialize, Serialize};

/// The name of the feed.
pub(super) const FEED: &[&str] = &["feed"];
/// How many seconds after an event the sweep relays it, if the stream has not.
const RELAYED_WITHIN: u32 = 30;
/// How many seconds old an event of the feed is at least: more than a function's time limit of ten seconds and
/// the difference between two clocks, so that none is committed behind a reader's position.
const HORIZON: i64 = 20_000;
/// How many events a page examines to find those that are selected.
const EXAMINED: usize = 500;
/// How many of them it reads at once.
const ROUND: usize = 100;

/// The events.
#[derive(Clone)]
pub struct Events {
    database: Database,
    table: String,
}

/// What is to do with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EventWork {
    /// Make its deliveries.
    Relay,
    /// Say that the consent has expired, if it is still valid then.
    Expire,
    /// Delete the sealed id of the person, if all have confirmed.
    Forget,
    /// Relay the events since then again, to one recipient: see [`Again`].
    Again,
}

/// That a recipient was registered or changed. An event of the next moments may have been relayed before that was
/// committed, by the register as it was before, so it is relayed to this recipient again. It has an id as an event has,
/// and is none.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Again {
    /// The recipient.
    pub(crate) recipient_id: RecipientId,
    /// From when on it is registered so.
    pub(crate) since: Timestamp,
    #[serde(flatten)]
    due: Due<EventWork>,
}

/// That a person denied purposes in a record that grants none. Nothing has changed for recipients, so it is no event. It
/// has an id as an event has, and waits to be counted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Denial {
    /// When.
    pub(crate) occurred_at: Timestamp,
    /// The purposes.
    pub(crate) purposes: Vec<String>,
    #[serde(flatten)]
    due: Due<EventWork>,
}

/// An event as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredEvent {
    #[serde(flatten)]
    pub(crate) event: Event,
    /// The purposes that were denied beside those that the event says were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) denied_purposes: Vec<String>,
    /// The person, sealed under the event's own data key, if the change removed the person's id.
    #[serde(default)]
    pub(crate) sealed_principal_id: Option<String>,
    #[serde(flatten)]
    pub(crate) due: Option<Due<EventWork>>,
    /// `DynamoDB` removes the item some time after this second.
    #[serde(default)]
    pub(super) removable_at: Option<i64>,
}

/// An event that is to be written.
pub(crate) struct NewEvent {
    /// The event.
    pub(crate) event: Event,
    /// The person, if the change removes the person's id: with the key under which it is sealed.
    pub(crate) principal: Option<(PrincipalId, SubjectKey)>,
    /// The end of the subject's retention, if it ends.
    pub(crate) kept_until: Option<Timestamp>,
}

impl NewEvent {
    /// One about the system itself, and no person. It is kept for a year.
    pub(crate) fn of_system(event: Event) -> Self {
        let kept_until = Some(event.occurred_at.plus_months(12));
        Self { event, principal: None, kept_until }
    }
}

impl StoredEvent {
    /// Whether this is what is to do with it.
    pub(crate) fn is_to(&self, work: EventWork) -> bool {
        self.due.as_ref().is_some_and(|due| due.work == work)
    }
}

/// A tenant's feed, ready for new events.
pub(crate) struct Feed<'a> {
    table: &'a str,
    listing: Listing<'a>,
}

impl Events {
    /// The table that `EVENTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: database.table("EVENTS_TABLE") }
    }

    /// The tenant's feed.
    pub(crate) async fn feed(&self, tenant: Tenant) -> Result<Feed<'_>, Error> {
        let listing = Listing::of_tenant(&self.database, &self.table, tenant, FEED).await?;
        Ok(Feed { table: &self.table, listing })
    }

    /// An event as it is now.
    pub async fn get(&self, tenant: Tenant, id: EventId) -> Result<Event, Error> {
        let found = self.find(tenant, id).await?;
        found.map(|stored| stored.event).ok_or_else(|| DomainError::NotFound(ResourceKind::Event).into())
    }

    /// An event as it is stored now, if it exists.
    pub(crate) async fn find(&self, tenant: Tenant, id: EventId) -> Result<Option<StoredEvent>, Error> {
        let feed = self.feed(tenant).await?;
        self.database.get(&self.table, &feed.listing.key(&id.to_string())).await
    }

    /// A page of the tenant's events, oldest first: of all of them, or as `select` shows them, which may leave some out.
    /// An event is shown once it is older than any that may still be committed. The position of the last event is known
    /// even if none follows.
    pub(crate) async fn list(
        &self,
        tenant: Tenant,
        select: Option<&(dyn Fn(Event) -> Option<Event> + Send + Sync)>,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<Event>, Error> {
        let feed = self.feed(tenant).await?;
        let horizon = Timestamp::from_milliseconds(now.milliseconds() - HORIZON).unwrap_or(now);
        let last = EventId::lowest_of(horizon).to_string();
        let (mut items, mut after, mut examined) = (Vec::new(), page.after.clone(), 0);
        // So that a small page of rare events needs few rounds.
        let wanted = if select.is_some() { page.limit.max(ROUND) } else { page.limit };
        let mut weight = 0;
        while items.len() < page.limit && weight < PAGE_BYTES && examined < EXAMINED {
            let entries: Vec<Entry<Event>> =
                feed.listing.oldest(&self.database, after.as_deref().unwrap_or(""), &last, wanted).await?;
            let is_last = entries.len() < wanted;
            examined += entries.len();
            for Entry { position, item } in entries {
                if items.len() == page.limit || weight >= PAGE_BYTES {
                    return Ok(Page { items, next: after });
                }
                after = Some(position);
                let selected = match select {
                    Some(select) => select(item),
                    None => Some(item),
                };
                if let Some(item) = selected {
                    weight += weight_of(&item);
                    items.push(item);
                }
            }
            if is_last {
                break;
            }
        }
        Ok(Page { items, next: after })
    }

    /// Writes that the work of an event is done, and what is to do next, on condition that its work is still what was
    /// read.
    pub(crate) async fn set_due(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        read: &StoredEvent,
        next: Option<(EventWork, Timestamp)>,
    ) -> Result<(), Error> {
        let id = read.event.id.to_string();
        let key = self.feed(tenant).await?.listing.key(&id);
        let next = next.map(|(work, at)| Due::new(work, &id, at));
        let change = Change::of(key).when_still_due(read.due.as_ref())?.set_due(next.as_ref())?;
        unit.update(&self.table, change, Error::Stale);
        Ok(())
    }

    /// Says that a recipient is registered so from this moment on: what is relayed meanwhile is to be relayed to it again.
    pub fn relay_again(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        recipient_id: RecipientId,
        since: Timestamp,
    ) -> Result<(), Error> {
        let id = EventId::fresh(unit.context());
        // It is committed together with the change, and whoever reads it reads the register as it is after the change.
        let due = Due::new(EventWork::Again, &id.to_string(), since);
        unit.create_new(&self.table, &again_key(tenant, id), &Again { recipient_id, since, due })?;
        Ok(())
    }

    /// What is to be relayed again.
    pub(crate) async fn again(&self, tenant: Tenant, id: EventId) -> Result<Option<Again>, Error> {
        self.database.get(&self.table, &again_key(tenant, id)).await
    }

    /// Writes that it has been relayed again.
    pub(crate) fn relayed_again(&self, unit: &mut UnitOfWork, tenant: Tenant, id: EventId) {
        unit.delete(&self.table, Change::of(again_key(tenant, id)), Error::Stale);
    }

    /// A page of the events that may have been relayed before a change of this moment was committed, and the position of
    /// the next page.
    pub(crate) async fn beside(
        &self,
        tenant: Tenant,
        moment: Timestamp,
        after: Option<String>,
    ) -> Result<(Vec<Event>, Option<String>), Error> {
        let after = after.unwrap_or_else(|| EventId::lowest_of(moment).to_string());
        let until = Timestamp::from_milliseconds(moment.milliseconds() + HORIZON).unwrap_or(moment);
        let last = EventId::lowest_of(until).to_string();
        let feed = self.feed(tenant).await?;
        let page: Vec<Entry<Event>> = feed.listing.oldest(&self.database, &after, &last, ROUND).await?;
        let next = page.last().filter(|_| page.len() == ROUND).map(|entry| entry.position.clone());
        Ok((page.into_iter().map(|entry| entry.item).collect(), next))
    }

    /// A denial that waits to be counted.
    pub(crate) async fn denial(&self, tenant: Tenant, id: EventId) -> Result<Option<Denial>, Error> {
        self.database.get(&self.table, &denial_key(tenant, id)).await
    }

    /// Writes that a denial has been counted.
    pub(crate) fn denial_counted(&self, unit: &mut UnitOfWork, tenant: Tenant, id: EventId) {
        unit.delete(&self.table, Change::of(denial_key(tenant, id)), Error::Stale);
    }

    /// The events in a partition of the index whose work is due, what is to be relayed again, and denials.
    pub(crate) async fn due(
        &self,
        partition: u8,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Found<(Tenant, EventId)>>, Error> {
        let found = self.database.due(&self.table, partition, now, limit).await?;
        Ok(found.iter().filter_map(|found| found.named(Self::named)).collect())
    }

    /// The event or denial with this key in the table; `None` if it is the key of something else.
    pub fn named(key: &ItemKey) -> Option<(Tenant, EventId)> {
        key.of_tenant(|sort| EventId::parse(sort.strip_prefix("denied#").unwrap_or(sort)))
    }
}

impl Feed<'_> {
    /// Adds an event, with the work to relay it.
    pub(crate) fn add(&self, unit: &mut UnitOfWork, new: NewEvent) -> Result<(), Error> {
        self.add_with_denied(unit, new, &[])
    }

    /// Adds a denial of purposes, with the work to count it.
    pub(crate) fn add_denial(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        denied: &[PurposeCode],
    ) -> Result<(), Error> {
        let (id, now) = (EventId::fresh(unit.context()), unit.context().now);
        let due = Due::new(EventWork::Relay, &id.to_string(), now.plus_seconds(RELAYED_WITHIN));
        let denial = Denial { occurred_at: now, purposes: denied.iter().map(ToString::to_string).collect(), due };
        unit.create_new(self.table, &denial_key(tenant, id), &denial)?;
        Ok(())
    }

    /// Adds an event of purposes that were given, beside which others were denied.
    pub(crate) fn add_with_denied(
        &self,
        unit: &mut UnitOfWork,
        new: NewEvent,
        denied: &[PurposeCode],
    ) -> Result<(), Error> {
        let NewEvent { event, principal, kept_until } = new;
        let id = event.id.to_string();
        let sealed = principal.map(|(principal_id, key)| {
            let purpose = Subject::event(event.id);
            let data_key = key.key.as_ref();
            data_key
                .and_then(|key| key.seal(principal_id.as_str().as_bytes(), purpose.as_str().as_bytes(), unit.context()))
        });
        if sealed == Some(None) {
            return Err(Error::Internal("a person's id could not be sealed".to_owned()));
        }
        let due_at = unit.context().now.plus_seconds(RELAYED_WITHIN);
        let stored = StoredEvent {
            sealed_principal_id: sealed.flatten(),
            due: Some(Due::new(EventWork::Relay, &id, due_at)),
            removable_at: removable_at(kept_until),
            denied_purposes: denied.iter().map(ToString::to_string).collect(),
            event,
        };
        unit.create_new(self.table, &self.listing.key(&id), &stored)?;
        Ok(())
    }
}

fn again_key(tenant: Tenant, id: EventId) -> Key {
    Key::of_tenant(tenant, &["again"], &[&id.to_string()])
}

/// Each has a partition of its own, so that any number can be written at once.
fn denial_key(tenant: Tenant, id: EventId) -> Key {
    let id = id.to_string();
    Key::of_tenant(tenant, &["denied", &id], &["denied", &id])
}
