//! What recipients confirm, and what an organisation sends them again.

use crate::{
    domain::{
        DomainError, RequestContext, Tenant, Timestamp,
        audit::Actor,
        delivery::{Channel, Delivery, DeliveryStatus, Lane, Statement},
        event::{Event, EventType},
        identifiers::{DeliveryId, RecipientId},
        recipient,
    },
    store::{Database, Deliveries, Error, Events, Health, NewEvent, Recipients, UnitOfWork, until_current},
};
use futures_util::{StreamExt, TryStreamExt, future::try_join, stream};

/// How many messages one call sends again, if they are of several moments.
const REPLAYED: usize = 500;
/// More than a recipient is told of one moment: of the records that one call erases.
const OF_A_MOMENT: usize = 10_000;
/// How many deliveries are changed at the same time.
const PARALLEL: usize = 16;

/// Confirms, retries and replays deliveries.
pub struct Acknowledgements {
    database: Database,
    events: Events,
    deliveries: Deliveries,
    recipients: Recipients,
}

/// What one call has sent again.
pub struct Replay {
    /// How many messages.
    pub replayed: usize,
    /// The moment of the next event, if there are more: the next call begins there.
    pub next: Option<Timestamp>,
}

impl Acknowledgements {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            events: Events::new(database),
            deliveries: Deliveries::new(database),
            recipients: Recipients::new(database),
        }
    }

    /// Notes what a recipient says about an outcome. The same again changes nothing; what contradicts an outcome that is
    /// final is refused.
    pub async fn acknowledge(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        id: DeliveryId,
        said: &Statement,
    ) -> Result<Delivery, Error> {
        let delivery = self.deliveries.get(actor.tenant, id).await?;
        match delivery.acknowledged(said, unit.context().now)? {
            None => Ok(delivery),
            Some((next, entries)) => self.deliveries.change(unit, actor.tenant, Some(actor), &delivery, next, &entries),
        }
    }

    /// Notes that a recipient that asks has been told, if it has not been before. Fails with [`Error::Stale`] if the
    /// delivery has changed meanwhile.
    pub async fn told(&self, context: &RequestContext, actor: Actor, id: DeliveryId) -> Result<Delivery, Error> {
        let delivery = self.deliveries.get(actor.tenant, id).await?;
        if delivery.status != DeliveryStatus::Pending {
            return Ok(delivery);
        }
        let mut unit = UnitOfWork::new(context);
        let (next, entry) = delivery.delivered(context.now);
        let told = self.deliveries.change(&mut unit, actor.tenant, Some(actor), &delivery, next, &[entry])?;
        unit.commit(&self.database).await?;
        Ok(told)
    }

    /// Begins the attempts of a message again.
    pub async fn retry(&self, unit: &mut UnitOfWork, actor: Actor, id: DeliveryId) -> Result<Delivery, Error> {
        let tenant = actor.tenant;
        let delivery = self.deliveries.get(tenant, id).await?;
        let health = self.deliveries.health(tenant, id.recipient_id).await?;
        if delivery.channel != Channel::Webhook {
            return Err(DomainError::NotAWebhook.into());
        }
        if health.disabled_at.is_some() {
            return Err(DomainError::RecipientDisabled.into());
        }
        if delivery.status == DeliveryStatus::Delivered {
            return Err(DomainError::AlreadyDelivered.into());
        }
        let next = delivery.retried(lane(&health), unit.context().now);
        self.deliveries.change(unit, tenant, Some(actor), &delivery, next, &[])
    }

    /// Sends a test message to a recipient.
    pub async fn ping(&self, unit: &mut UnitOfWork, tenant: Tenant, recipient: RecipientId) -> Result<Delivery, Error> {
        let (found, health) =
            try_join(self.recipients.get(tenant, recipient), self.deliveries.health(tenant, recipient)).await?;
        require_webhook(&found.recipient)?;
        if health.disabled_at.is_some() {
            return Err(DomainError::RecipientDisabled.into());
        }
        let event = Event { recipient_id: Some(recipient), ..Event::new(EventType::RecipientPing, unit.context()) };
        let id = DeliveryId { event_id: event.id, recipient_id: recipient, record_id: None };
        let delivery = Delivery::of(&event, id, Vec::new(), Channel::Webhook, 0).in_lane(lane(&health));
        self.deliveries.create(unit, tenant, &delivery)?;
        self.events.feed(tenant).await?.add(unit, NewEvent::of_system(event))?;
        Ok(delivery)
    }

    /// Sends a recipient again what it was told of events from a moment on, oldest first, as far as one call can. If
    /// webhooks to it had ended, they begin again. What is sent is committed here; `unit` notes that it was.
    pub async fn replay(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        recipient: RecipientId,
        since: Timestamp,
    ) -> Result<Replay, Error> {
        let (tenant, context) = (actor.tenant, &unit.context().clone());
        require_webhook(&self.recipients.get(tenant, recipient).await?.recipient)?;
        until_current(|| async {
            let health = self.deliveries.health(tenant, recipient).await?;
            if health == Health::default() {
                return Ok(());
            }
            let mut enable = UnitOfWork::new(context);
            self.deliveries.set_health(&mut enable, tenant, recipient, &health, &Health::default())?;
            enable.commit(&self.database).await
        })
        .await?;
        let mut found = self.deliveries.since(tenant, recipient, since, None, REPLAYED + 1).await?;
        // The next call begins with a moment, so this one sends all of the moments before it.
        let mut next = found.get(REPLAYED).map(|following| following.occurred_at);
        if let Some(moment) = next {
            found.retain(|delivery| delivery.occurred_at < moment);
            if found.is_empty() {
                next = Timestamp::from_milliseconds(moment.milliseconds() + 1);
                found = self.deliveries.since(tenant, recipient, since, next, OF_A_MOMENT).await?;
            }
        }
        let sends = found.iter().map(|delivery| async move {
            until_current(|| async {
                let delivery = self.deliveries.get(tenant, delivery.id).await?;
                if delivery.channel != Channel::Webhook {
                    return Ok(0);
                }
                let mut unit = UnitOfWork::new(context);
                let next = delivery.retried(Lane::Slow, context.now);
                self.deliveries.change(&mut unit, tenant, Some(actor), &delivery, next, &[])?;
                unit.commit(&self.database).await.map(|()| 1)
            })
            .await
        });
        let sent: Vec<usize> = stream::iter(sends.collect::<Vec<_>>()).buffered(PARALLEL).try_collect().await?;
        let replayed = sent.iter().sum();
        if replayed > 0 {
            self.deliveries.note_replay(unit, tenant, recipient)?;
        }
        Ok(Replay { replayed, next })
    }
}

fn lane(health: &Health) -> Lane {
    if health.failing_since.is_some() { Lane::Slow } else { Lane::Fast }
}

fn require_webhook(recipient: &recipient::Recipient) -> Result<(), Error> {
    if recipient.profile.delivery.is_webhook() { Ok(()) } else { Err(DomainError::NotAWebhook.into()) }
}
