//! What is due, each minute: what the streams have left undone, and what only time brings
//! about. The index says where to look; what it finds is read again before anything is done.

use crate::{
    domain::{
        RequestContext, Tenant, Timestamp,
        audit::{Actor, AuditEvent, Subject, SubjectKey},
        consent_record::{ConsentRecord, EXPIRED, RecordStatus},
        delivery::Delivery,
        event::{Event, EventType},
        identifiers::{DeliveryId, EventId, RecipientId},
    },
    service::{
        deliver::{Attempt, Deliver},
        relay::Relay,
    },
    store::{
        AuditTrails, ConsentRecords, Database, Deliveries, Error, EventWork, Events, Found, NewEvent, PARTITIONS,
        StoredEvent, UnitOfWork, record_append,
    },
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::{collections::BTreeMap, slice, time::Duration};
use tokio::time::Instant;
use uuid::Uuid;

/// How many items of a partition of an index one run takes.
const TAKEN: i32 = 1_000;
/// The time after which a run begins nothing new, in seconds: the next run continues.
const LATEST: Duration = Duration::from_secs(40);
/// The time after which no event is begun, so that deliveries have their time too, however many events there are.
const LATEST_EVENT: Duration = Duration::from_secs(20);
/// For how long the deliveries to one recipient are done while others may wait.
const OF_A_RECIPIENT: Duration = Duration::from_secs(10);
/// How many events, and how many recipients, are handled at the same time.
const PARALLEL: usize = 32;
/// How many messages are sent to a recipient at the same time.
const TO_A_RECIPIENT: usize = 4;
/// How many deliveries to a recipient that does not respond are postponed at the same time.
const POSTPONED: usize = 16;
/// For how many seconds these wait.
const POSTPONED_FOR: u32 = 300;
/// How many milliseconds apart they are due again, so that those of a recipient that does not respond for days do not
/// all come back at once, and keep others from being found.
const POSTPONED_APART: i64 = 25;
/// For how many seconds an event waits whose work has failed.
const FAILED_WAITS: u32 = 60;
/// The shortest and the longest time between two looks at whether all have confirmed an erasure, in seconds.
const CONFIRMED_EVERY: (u32, u32) = (60, 3_600);
/// For how many days after the last confirmation was due the id of an erased person is kept for those that have not
/// confirmed.
const KEPT_FOR_RECIPIENTS: u32 = 30;

/// Does what is due.
pub struct Sweep {
    database: Database,
    events: Events,
    deliveries: Deliveries,
    records: ConsentRecords,
    trails: AuditTrails,
    relay: Relay,
    deliver: Deliver,
}

impl Sweep {
    /// With the tables and the secrets of the environment.
    pub fn from_environment(database: &Database) -> Self {
        Self {
            database: database.clone(),
            events: Events::new(database),
            deliveries: Deliveries::new(database),
            records: ConsentRecords::new(database),
            trails: AuditTrails::new(database),
            relay: Relay::new(database),
            deliver: Deliver::from_environment(database),
        }
    }

    /// Does what is due now. An item that fails does not keep the others from being done; the first error is returned at
    /// the end.
    pub async fn run(&self, context: &RequestContext) -> Result<(), Error> {
        let started = Instant::now();
        let events = self.all_due(|partition| self.events.due(partition, context.now, TAKEN)).await?;
        let (due_events, oldest_event) = (events.len(), oldest(&events));
        let mut failures = Failures::default();
        let works = events.into_iter().map(|Found { item: (tenant, id), .. }| async move {
            if started.elapsed() > LATEST_EVENT { Ok(()) } else { self.event(context, tenant, id).await }
        });
        failures.note_all(works, PARALLEL).await;
        let due = self.all_due(|partition| self.deliveries.due(partition, context.now, TAKEN)).await?;
        // An alarm watches this measurement, and that there is one each minute.
        let oldest = oldest_event.into_iter().chain(oldest(&due)).min();
        let waited = oldest.map_or(0, |at| (context.now.milliseconds() - at.milliseconds()) / 1000);
        tracing::info!(events = due_events, deliveries = due.len(), OldestDueSeconds = waited, "work is due");
        let mut of_recipients: BTreeMap<(Uuid, RecipientId), Vec<DeliveryId>> = BTreeMap::new();
        for Found { item: (tenant, id), .. } in due {
            of_recipients.entry((tenant.0, id.recipient_id)).or_default().push(id);
        }
        // A run may end before all have had their turn, so it does not begin with the same ones each time.
        let mut of_recipients: Vec<_> = of_recipients.into_iter().collect();
        let first = usize::from(u16::from_be_bytes(context.random())) % of_recipients.len().max(1);
        of_recipients.rotate_left(first);
        let works = of_recipients.into_iter().map(|((tenant, _), mut ids)| async move {
            // Oldest first: the id of a delivery begins with the time of its event.
            ids.sort_unstable();
            self.of_recipient(context, Tenant(tenant), &ids, started).await
        });
        failures.note_all(works, PARALLEL).await;
        failures.result()
    }

    /// What is due in all partitions, the longest due of each first: each has its share of a run.
    async fn all_due<T, F: Future<Output = Result<Vec<Found<T>>, Error>>>(
        &self,
        due: impl Fn(u8) -> F,
    ) -> Result<Vec<Found<T>>, Error> {
        let partitions: Vec<F> = (0..PARTITIONS).map(due).collect();
        let found: Vec<Vec<Found<T>>> = stream::iter(partitions).buffered(PARALLEL).try_collect().await?;
        let mut placed: Vec<(usize, Found<T>)> =
            found.into_iter().flat_map(|due| due.into_iter().enumerate()).collect();
        placed.sort_by_key(|(place, _)| *place);
        Ok(placed.into_iter().map(|(_, due)| due).collect())
    }

    /// Does what is due of an event. If that fails, it waits behind the others, which are due too.
    async fn event(&self, context: &RequestContext, tenant: Tenant, id: EventId) -> Result<(), Error> {
        // A run takes longer than the feed waits for an event that is being written, so each has its own moment.
        let context = &context.begun_again();
        let Some(stored) = self.events.find(tenant, id).await? else {
            return self.relay.relay_again(context, tenant, id).await;
        };
        let Some(due) = stored.due.as_ref().filter(|due| due.due_at <= context.now) else { return Ok(()) };
        match self.work(context, tenant, &stored, due.work).await {
            // What is due has changed meanwhile. If it still is due, the next run finds it.
            Ok(()) | Err(Error::Stale) => Ok(()),
            Err(error) => {
                let mut unit = UnitOfWork::new(context);
                let later = Some((due.work, context.now.plus_seconds(FAILED_WAITS)));
                self.events.set_due(&mut unit, tenant, &stored, later).await?;
                // If this fails, too, it keeps its place.
                let _ = unit.commit(&self.database).await;
                Err(error)
            }
        }
    }

    async fn work(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        stored: &StoredEvent,
        work: EventWork,
    ) -> Result<(), Error> {
        let mut unit = UnitOfWork::new(context);
        match work {
            EventWork::Relay => return self.relay.relay(context, tenant, stored.event.id).await,
            EventWork::Expire => self.expire(&mut unit, tenant, stored).await?,
            EventWork::Forget => self.forget(&mut unit, tenant, stored).await?,
            // No event has this work.
            EventWork::Again => return Ok(()),
        }
        unit.commit(&self.database).await
    }

    /// Says that a consent has expired, if it is valid until then. Its trail says so too.
    async fn expire(&self, unit: &mut UnitOfWork, tenant: Tenant, given: &StoredEvent) -> Result<(), Error> {
        self.events.set_due(unit, tenant, given, None).await?;
        let Some(record_id) = given.event.record_id else { return Ok(()) };
        let record = match self.records.get(tenant, record_id).await {
            Ok(record) => record,
            Err(Error::Domain(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        if record.status(unit.context().now) != RecordStatus::Expired {
            return Ok(());
        }
        let purposes: Vec<String> = record.granted_codes().iter().map(ToString::to_string).collect();
        let event =
            Event { record_id: Some(record_id), purposes, ..Event::new(EventType::ConsentExpired, unit.context()) };
        let entry = AuditEvent::new(EXPIRED).with("purposes", &event.purposes).with("eventId", event.id);
        let subject_key = SubjectKey { subject: Subject::record(record_id), key: None };
        let actor = Actor::system(tenant);
        let chain = self.trails.append(unit, &record_append(actor, &subject_key, &record), slice::from_ref(&entry))?;
        let event = Event { subject_sequence: Some(chain.length), ..event };
        let kept_until = Some(record.retention_until);
        self.records.change(unit, tenant, &record, &ConsentRecord { chain, ..record.clone() })?;
        self.events.feed(tenant).await?.add(unit, NewEvent { event, principal: None, kept_until })
    }

    /// Deletes the key of an erased person's sealed id, if all who were to be told have confirmed, or have had long
    /// enough. Otherwise it looks again later.
    async fn forget(&self, unit: &mut UnitOfWork, tenant: Tenant, erasure: &StoredEvent) -> Result<(), Error> {
        let now = unit.context().now;
        let mut open: Option<Timestamp> = None;
        let owed = self.relay.owed(unit.context(), tenant, erasure).await?;
        let reads = owed.into_iter().map(|owed| self.deliveries.find(tenant, owed.id));
        let mut reads = stream::iter(reads.collect::<Vec<_>>()).buffer_unordered(PARALLEL);
        while let Some(delivery) = reads.try_next().await? {
            // One without a delivery was no recipient yet when the erasure was relayed.
            if let Some(delivery) = delivery.filter(|delivery| !delivery.is_confirmed()) {
                let until = delivery.acknowledgement.map(|owed| owed.due_at.plus_days(KEPT_FOR_RECIPIENTS));
                open = open.max(until);
            }
        }
        let next = open.filter(|until| *until > now).map(|until| {
            // The longer it takes, the more seldom it looks.
            let age = (now.milliseconds() - erasure.event.occurred_at.milliseconds()) / 1000;
            let wait = u32::try_from(age).unwrap_or(u32::MAX).clamp(CONFIRMED_EVERY.0, CONFIRMED_EVERY.1);
            (EventWork::Forget, until.min(now.plus_seconds(wait)))
        });
        self.events.set_due(unit, tenant, erasure, next).await?;
        if next.is_none() {
            self.trails.delete_key(unit, tenant, &Subject::event(erasure.event.id));
        }
        Ok(())
    }

    /// Does what is due of the deliveries to a recipient. If it does not respond, the others wait.
    async fn of_recipient(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        ids: &[DeliveryId],
        started: Instant,
    ) -> Result<(), Error> {
        let mut failures = Failures::default();
        let began = Instant::now();
        let mut left = ids.chunks(TO_A_RECIPIENT);
        let mut responds = true;
        while responds && let Some(next) = left.next() {
            if started.elapsed() > LATEST || began.elapsed() > OF_A_RECIPIENT {
                return failures.result();
            }
            let works = next.iter().map(|id| self.delivery(context, tenant, *id)).collect::<Vec<_>>();
            let mut works = stream::iter(works).buffer_unordered(TO_A_RECIPIENT);
            while let Some(done) = works.next().await {
                responds &= !matches!(done, Ok(Attempt::Failed));
                failures.note(done.map(|_| ()));
            }
        }
        let waits = left.flatten().zip(0_i64..).map(|(id, place)| async move {
            if started.elapsed() > LATEST { Ok(()) } else { self.postpone(context, tenant, *id, place).await }
        });
        failures.note_all(waits, POSTPONED).await;
        failures.result()
    }

    /// Notes that a recipient has not confirmed in time, if so, and makes an attempt, if one is due.
    async fn delivery(&self, context: &RequestContext, tenant: Tenant, id: DeliveryId) -> Result<Attempt, Error> {
        match self.overdue(context, tenant, id).await? {
            Some(delivery) => Box::pin(self.deliver.attempt(context, tenant, &delivery)).await,
            None => Ok(Attempt::None),
        }
    }

    /// Notes that a recipient has not confirmed in time, if so. Returns the delivery as it is then, if it exists.
    async fn overdue(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, Error> {
        let context = &context.begun_again();
        let Some(delivery) = self.deliveries.find(tenant, id).await? else { return Ok(None) };
        let Some((overdue, entry)) = delivery.overdue(context.now) else { return Ok(Some(delivery)) };
        let mut unit = UnitOfWork::new(context);
        let event = Event {
            record_id: delivery.record_id,
            purposes: delivery.purposes.clone(),
            recipient_id: Some(delivery.recipient_id),
            delivery_id: Some(delivery.id),
            ..Event::new(EventType::DeliveryOverdue, context)
        };
        let entry = entry.with("eventId", event.id);
        let overdue = self.deliveries.change(&mut unit, tenant, None, &delivery, overdue, &[entry])?;
        self.events.feed(tenant).await?.add(&mut unit, NewEvent::of_system(event))?;
        if !unit.commit_if_current(&self.database).await? {
            // It was confirmed meanwhile, or an attempt has ended.
            return self.deliveries.find(tenant, id).await;
        }
        tracing::info!(tenant_id = %tenant.0, recipient_id = %id.recipient_id, "delivery overdue");
        // A measurement names nobody, so it is a line of its own.
        tracing::info!(Overdue = 1, "a confirmation is overdue");
        Ok(Some(overdue))
    }

    /// Lets a delivery wait. Those that wait keep their order.
    async fn postpone(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        id: DeliveryId,
        place: i64,
    ) -> Result<(), Error> {
        let delivery = self.overdue(context, tenant, id).await?;
        let Some(delivery) = delivery.filter(|delivery| delivery.is_due(context.now)) else { return Ok(()) };
        let until = context.now.plus_seconds(POSTPONED_FOR).milliseconds() + place * POSTPONED_APART;
        let until = Timestamp::from_milliseconds(until).unwrap_or(context.now);
        self.deliveries.write(context, tenant, &delivery, delivery.postponed(until)).await.map(|_| ())
    }
}

/// Since when that is due which is due longest.
fn oldest<T>(found: &[Found<T>]) -> Option<Timestamp> {
    found.iter().map(|found| found.due_at).min()
}

/// The first error of many works.
#[derive(Default)]
struct Failures {
    first: Option<Error>,
}

impl Failures {
    /// Does these works, so many at the same time.
    async fn note_all<F: Future<Output = Result<(), Error>>>(
        &mut self,
        works: impl Iterator<Item = F>,
        at_once: usize,
    ) {
        let mut works = stream::iter(works.collect::<Vec<_>>()).buffer_unordered(at_once);
        while let Some(done) = works.next().await {
            self.note(done);
        }
    }

    fn note(&mut self, done: Result<(), Error>) {
        if let Err(error) = done {
            self.first.get_or_insert(error);
        }
    }

    fn result(self) -> Result<(), Error> {
        self.first.map_or(Ok(()), Err)
    }
}
