//! From an event to its deliveries: who has to be told. The answer is who was a recipient at
//! the event's moment, so it is the same however late and however often an event is relayed.

use crate::{
    domain::{
        DomainError, RequestContext, Tenant,
        consent_notice::PurposeCode,
        delivery::{Channel, Delivery, Lane},
        event::{Event, EventRecord, EventType},
        identifiers::{DeliveryId, EventId, RecipientId, RecordId},
        recipient::{self, DatedRecipient, RecipientProfile, RecipientPurposes, RecipientRole},
    },
    service::revocations::{NAMED, Revocations},
    store::{
        Database, Decided, DecisionCounts, Deliveries, Error, EventWork, Events, Grants, Recipients, StoredEvent,
        UnitOfWork,
    },
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::BTreeSet;

/// How many deliveries are stored at the same time.
const PARALLEL: usize = 8;
/// How many seconds after an erasure it is first asked whether all have confirmed it.
const FORGET_AFTER: u32 = 3600;

/// Relays events.
pub struct Relay {
    database: Database,
    events: Events,
    deliveries: Deliveries,
    recipients: Recipients,
    grants: Grants,
    revocations: Revocations,
    counts: DecisionCounts,
}

impl Relay {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            events: Events::new(database),
            deliveries: Deliveries::new(database),
            recipients: Recipients::new(database),
            grants: Grants::new(database),
            revocations: Revocations::new(database),
            counts: DecisionCounts::new(database),
        }
    }

    /// Makes the deliveries of an event, unless that is done. Only when all of them are stored, the event is marked, and
    /// counted. So if this stops in between, it is done again, and a delivery that is stored already stays as it is.
    pub async fn relay(&self, context: &RequestContext, tenant: Tenant, id: EventId) -> Result<(), Error> {
        let Some(stored) = self.events.find(tenant, id).await? else {
            return self.count_denial(context, tenant, id).await;
        };
        if !stored.is_to(EventWork::Relay) {
            return Ok(());
        }
        self.ensure(context, tenant, self.owed(context, tenant, &stored).await?).await?;
        let next = match (stored.event.kind, stored.event.expires_at) {
            (EventType::ConsentGiven, Some(expires_at)) => Some((EventWork::Expire, expires_at)),
            (EventType::ConsentErased, _) => Some((EventWork::Forget, context.now.plus_seconds(FORGET_AFTER))),
            _ => None,
        };
        let mut unit = UnitOfWork::new(context);
        self.events.set_due(&mut unit, tenant, &stored, next).await?;
        if let Some(decided) = Decided::of(&stored.event) {
            let decisions: Vec<(Decided, &str)> = stored
                .event
                .purposes
                .iter()
                .map(|purpose| (decided, purpose.as_str()))
                .chain(stored.denied_purposes.iter().map(|purpose| (Decided::Denied, purpose.as_str())))
                .collect();
            let event = (id, stored.event.occurred_at);
            self.counts.add(&mut unit, tenant, event, &decisions).await?;
        }
        // Another may have relayed it meanwhile.
        unit.commit_if_current(&self.database).await.map(|_| ())
    }

    /// Counts a denial, unless that is done.
    pub(super) async fn count_denial(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        id: EventId,
    ) -> Result<(), Error> {
        let Some(denial) = self.events.denial(tenant, id).await? else { return Ok(()) };
        let decisions: Vec<(Decided, &str)> =
            denial.purposes.iter().map(|purpose| (Decided::Denied, purpose.as_str())).collect();
        let mut unit = UnitOfWork::new(context);
        self.counts.add(&mut unit, tenant, (id, denial.occurred_at), &decisions).await?;
        self.events.denial_counted(&mut unit, tenant, id);
        // Another may have counted it meanwhile.
        unit.commit_if_current(&self.database).await.map(|_| ())
    }

    /// Relays to a recipient the events that were being relayed while it was registered or changed. What it was told
    /// of stays as it is. What has such an id and is not that is a denial.
    pub(super) async fn relay_again(&self, context: &RequestContext, tenant: Tenant, id: EventId) -> Result<(), Error> {
        let Some(again) = self.events.again(tenant, id).await? else {
            return self.count_denial(context, tenant, id).await;
        };
        let recipient = self.recipients.get(tenant, again.recipient_id).await?;
        let mut after = None;
        loop {
            let (events, next) = self.events.beside(tenant, again.since, after).await?;
            let mut owed = Vec::new();
            for event in events {
                if let Some(profile) = recipient.at(event.occurred_at) {
                    let event = self.completed(context, tenant, &event).await?;
                    owed.extend(deliveries(&event, again.recipient_id, profile));
                }
            }
            self.ensure(context, tenant, owed).await?;
            after = next;
            if after.is_none() {
                break;
            }
        }
        let mut unit = UnitOfWork::new(context);
        self.events.relayed_again(&mut unit, tenant, id);
        unit.commit_if_current(&self.database).await.map(|_| ())
    }

    /// Stores deliveries, unless they are stored.
    async fn ensure(&self, context: &RequestContext, tenant: Tenant, owed: Vec<Delivery>) -> Result<(), Error> {
        let recipients: Vec<RecipientId> = owed.iter().map(|delivery| delivery.recipient_id).collect();
        let failing = self.deliveries.failing(tenant, &recipients).await?;
        let stores = owed.into_iter().map(|delivery| {
            let slow = failing.contains(&delivery.recipient_id);
            let delivery = if slow { delivery.in_lane(Lane::Slow) } else { delivery };
            async move { self.deliveries.ensure(context, tenant, &delivery).await }
        });
        stream::iter(stores.collect::<Vec<_>>()).buffer_unordered(PARALLEL).try_collect::<()>().await
    }

    /// The deliveries of an event, as they are before they are stored.
    pub(super) async fn owed(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        stored: &StoredEvent,
    ) -> Result<Vec<Delivery>, Error> {
        let event = self.completed(context, tenant, &stored.event).await?;
        let recipients = self.recipients.at(tenant, event.occurred_at).await?;
        Ok(recipients.iter().flat_map(|(id, profile)| deliveries(&event, *id, profile)).collect())
    }

    /// The event with the purposes of records that were given in the same instant as their grant was revoked: after the
    /// revocation there are no further ones.
    async fn completed(&self, context: &RequestContext, tenant: Tenant, event: &Event) -> Result<Event, Error> {
        let mut event = event.clone();
        if let (EventType::GrantRevoked, Some(grant_id)) = (event.kind, event.grant_id) {
            let Some(found) = self.grants.find(tenant, grant_id).await? else { return Ok(event) };
            let beneath = match self.revocations.beneath(tenant, &found.grant, context.now).await {
                // What the event names has to do.
                Err(Error::Domain(DomainError::TooManyOfPerson)) => Vec::new(),
                beneath => beneath?,
            };
            let named = beneath.into_iter().flat_map(|record| record.purposes).chain(event.purposes);
            event.purposes = named.collect::<BTreeSet<_>>().into_iter().collect();
        }
        Ok(event)
    }
}

/// What a recipient is told of an event: one message, or one for each record of an erasure.
fn deliveries(event: &Event, recipient_id: RecipientId, profile: &RecipientProfile) -> Vec<Delivery> {
    let is_told = match event.kind {
        // The organisation's own affairs.
        EventType::DeliveryOverdue | EventType::RecipientDisabled => profile.role == RecipientRole::OwnSystem,
        // Its delivery is stored with it.
        EventType::RecipientPing => false,
        _ => true,
    };
    if !is_told || !profile.events.contain(&event.kind) {
        return Vec::new();
    }
    let delivery = |record_id: Option<RecordId>, purposes: Vec<String>| {
        let id = DeliveryId { event_id: event.id, recipient_id, record_id };
        Delivery::of(event, id, purposes, channel(&profile.delivery), profile.ack_within.seconds())
    };
    match event.kind {
        EventType::ConsentErased => {
            let own =
                event.records.iter().map(|record| (record.record_id, of_its(&profile.purposes, &record.purposes)));
            own.filter(|(_, own)| !own.is_empty()).map(|(id, own)| delivery(Some(id), own)).collect()
        }
        EventType::DeliveryOverdue | EventType::RecipientDisabled => vec![delivery(None, Vec::new())],
        _ => {
            let own = of_its(&profile.purposes, &event.purposes);
            let added_purposes = of_its(&profile.purposes, &event.added_purposes);
            if own.is_empty() && added_purposes.is_empty() {
                return Vec::new();
            }
            vec![Delivery { added_purposes, ..delivery(None, own) }]
        }
    }
}

/// An event as a recipient sees it: with those of its purposes for which it was one at the event's moment. `None` if it
/// is not told of it.
pub(super) fn seen_by(recipient: &DatedRecipient, event: Event) -> Option<Event> {
    let id = recipient.recipient.id;
    if event.kind == EventType::RecipientPing {
        return Some(event).filter(|event| event.recipient_id == Some(id));
    }
    let profile = recipient.at(event.occurred_at)?;
    if deliveries(&event, id, profile).is_empty() {
        return None;
    }
    let own = |purposes: &[String]| of_its(&profile.purposes, purposes);
    let records = event.records.iter().map(|record| EventRecord { purposes: own(&record.purposes), ..record.clone() });
    Some(Event {
        purposes: own(&event.purposes),
        added_purposes: own(&event.added_purposes),
        records: records.filter(|record| !record.purposes.is_empty()).collect(),
        ..event
    })
}

/// Those of these purposes for which it is a recipient. A session may name purposes in other words than a code, for
/// which only those are recipients that are for all. A delivery names no more than an event, so that it fits an item
/// too.
fn of_its(purposes: &RecipientPurposes, named: &[String]) -> Vec<String> {
    let is_its = |name: &&String| match PurposeCode::parse(name) {
        Ok(code) => purposes.contain(&code),
        Err(_) => *purposes == RecipientPurposes::All,
    };
    named.iter().filter(is_its).take(NAMED).cloned().collect()
}

fn channel(delivery: &recipient::Delivery) -> Channel {
    match delivery {
        recipient::Delivery::Webhook { .. } => Channel::Webhook,
        recipient::Delivery::Pull => Channel::Pull,
        recipient::Delivery::Manual => Channel::Manual,
    }
}
