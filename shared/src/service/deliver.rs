//! Sending one message: an attempt of a delivery. It begins with a lease, so that no two
//! attempts are made at the same time, and ends with its result, on condition that nothing
//! else has happened to the delivery. A crash in between costs a minute and a repeated
//! message with the same id, never a lost one.

use crate::{
    domain::{
        RequestContext, Tenant, Timestamp,
        audit::AuditEvent,
        delivery::{Delivery, DeliveryStatus, Failure, Outcome, Statement},
        event::{Event, EventType},
        identifiers::{DeliveryId, EventId, PrincipalId, RecipientId, RecordId},
        recipient,
        webhook_url::WebhookUrl,
    },
    service::persons::Persons,
    store::{Database, Deliveries, Error, Events, Health, NewEvent, Recipients, Signer, UnitOfWork, until_current},
    webhook::{self, Reply, SendError, WebhookClient},
};
use futures_util::future::{try_join, try_join3};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// For how many days webhooks to a recipient may fail before they end.
const FAILING_DAYS: u32 = 5;
/// The status with which a recipient says that it takes no more webhooks (Standard Webhooks).
const GONE: u16 = 410;

/// Sends messages to recipients.
pub struct Deliver {
    database: Database,
    events: Events,
    deliveries: Deliveries,
    recipients: Recipients,
    persons: Persons,
    signer: Signer,
    client: WebhookClient,
}

/// The message (Standard Webhooks).
#[derive(Serialize)]
struct Message<'a> {
    #[serde(rename = "type")]
    kind: EventType,
    timestamp: Timestamp,
    data: MessageData<'a>,
}

/// What the message says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageData<'a> {
    #[serde(flatten)]
    said: Said<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_principal_id: Option<&'a PrincipalId>,
    /// What is said, and the commitment to the person, signed by the key of the JWKS.
    statement: String,
}

/// What the message and its signed statement say alike.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Said<'a> {
    event_id: EventId,
    delivery_id: DeliveryId,
    #[serde(skip_serializing_if = "Option::is_none")]
    record_id: Option<RecordId>,
    purposes: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    added_purposes: &'a [String],
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_sequence: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledge_by: Option<Timestamp>,
}

/// The claims of the signed statement.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatementClaims<'a> {
    iat: i64,
    tenant_id: Tenant,
    recipient_id: RecipientId,
    #[serde(rename = "type")]
    kind: EventType,
    occurred_at: Timestamp,
    #[serde(flatten)]
    said: Said<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_principal_commitment: Option<String>,
}

/// How an attempt ended.
pub enum Attempt {
    /// None was made.
    None,
    /// The recipient has received the message.
    Received,
    /// It has not.
    Failed,
}

/// What the response of a recipient may say about the outcome.
#[derive(Deserialize)]
struct Responded {
    acknowledgement: Acknowledged,
}

#[derive(Deserialize)]
struct Acknowledged {
    outcome: Outcome,
}

impl Deliver {
    /// With the tables and the secrets of the environment.
    pub fn from_environment(database: &Database) -> Self {
        Self {
            database: database.clone(),
            events: Events::new(database),
            deliveries: Deliveries::new(database),
            recipients: Recipients::new(database),
            persons: Persons::new(database),
            signer: Signer::from_environment(database),
            client: WebhookClient::new(database.environment().webhook_reach()),
        }
    }

    /// Makes an attempt of a delivery, if one is due.
    pub async fn deliver(&self, context: &RequestContext, tenant: Tenant, id: DeliveryId) -> Result<Attempt, Error> {
        match self.deliveries.find(tenant, id).await? {
            Some(delivery) => self.attempt(context, tenant, &delivery).await,
            None => Ok(Attempt::None),
        }
    }

    /// Makes an attempt of a delivery that was read, if one is due.
    pub(super) async fn attempt(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        delivery: &Delivery,
    ) -> Result<Attempt, Error> {
        // The signature says when the message was sent, and the work before may have taken long.
        let context = &context.begun_again();
        if !delivery.is_due(context.now) {
            return Ok(Attempt::None);
        }
        let recipient_id = delivery.recipient_id;
        let (recipient, health) =
            try_join(self.recipients.get(tenant, recipient_id), self.deliveries.health(tenant, recipient_id)).await?;
        let recipient::Delivery::Webhook { url, include_principal_id } = recipient.recipient.profile.delivery else {
            return self.deliveries.write(context, tenant, delivery, delivery.suspended()).await.map(|_| Attempt::None);
        };
        if health.disabled_at.is_some() {
            return self.deliveries.write(context, tenant, delivery, delivery.suspended()).await.map(|_| Attempt::None);
        }
        let Some(attempted) = self.deliveries.write(context, tenant, delivery, delivery.attempted(context.now)).await?
        else {
            // Another has begun one.
            return Ok(Attempt::None);
        };
        // The futures of database calls are large.
        let sent = Box::pin(self.send(context, tenant, &attempted, &url, include_principal_id)).await?;
        let after = context.begun_again();
        let is_received = matches!(&sent, Ok(reply) if reply.status.is_success());
        tracing::info!(Delivered = u64::from(is_received), "attempted");
        match sent {
            Ok(Reply { status, body, .. }) if status.is_success() => {
                self.received(&after, tenant, &attempted, &health, outcome(&body)).await?;
                Ok(Attempt::Received)
            }
            failed => {
                self.failed(&after, tenant, &attempted, &health, failed).await?;
                Ok(Attempt::Failed)
            }
        }
    }

    async fn send(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        delivery: &Delivery,
        url: &WebhookUrl,
        include_principal_id: bool,
    ) -> Result<Result<Reply, SendError>, Error> {
        let recipient_id = delivery.recipient_id;
        let (secrets, person, key) = try_join3(
            self.recipients.signing_secrets(tenant, recipient_id, context.now),
            Box::pin(self.persons.of(tenant, delivery)),
            self.signer.key(context.now),
        )
        .await?;
        let said = Said {
            event_id: delivery.event_id,
            delivery_id: delivery.id,
            record_id: delivery.record_id,
            purposes: &delivery.purposes,
            added_purposes: &delivery.added_purposes,
            state: state(delivery.kind),
            subject_sequence: delivery.subject_sequence,
            acknowledge_by: delivery.acknowledgement.as_ref().map(|owed| owed.due_at),
        };
        let claims = StatementClaims {
            iat: context.now.seconds(),
            tenant_id: tenant,
            recipient_id,
            kind: delivery.kind,
            occurred_at: delivery.occurred_at,
            said: said.clone(),
            data_principal_commitment: person.commitment,
        };
        let no_json = || Error::Internal("a message has no JSON".to_owned());
        let message = Message {
            kind: delivery.kind,
            timestamp: delivery.occurred_at,
            data: MessageData {
                said,
                data_principal_id: person.id.as_ref().filter(|_| include_principal_id),
                statement: key.sign(&claims).ok_or_else(no_json)?,
            },
        };
        let body = serde_json::to_vec(&message).map_err(|_| no_json())?;
        let headers = webhook::signed_headers(delivery.id, context.now, &body, &secrets);
        Ok(self.client.send(url, &headers, body.into()).await)
    }

    /// Writes that the recipient has received the message, and what it said about the outcome.
    async fn received(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        attempted: &Delivery,
        health: &Health,
        outcome: Option<Outcome>,
    ) -> Result<(), Error> {
        self.end(context, tenant, (attempted, health), |current, health| {
            let (mut delivery, sent) = current.delivered(context.now);
            let mut entries = vec![sent];
            // An outcome that needs more words, or that contradicts an earlier one, is not taken from a response.
            let said = outcome.map(Statement::of).filter(|said| said.errors().is_empty());
            if let Some(Ok(Some((acknowledged, more)))) = said.map(|said| delivery.acknowledged(&said, context.now)) {
                delivery = acknowledged;
                entries.extend(more);
            }
            Ended { delivery, entries, health: Health { failing_since: None, ..health.clone() }, event: None }
        })
        .await
    }

    /// Writes why the attempt failed, and when the next one is. A recipient that says that it is gone, or has failed for
    /// days, gets no more webhooks.
    async fn failed(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        attempted: &Delivery,
        health: &Health,
        failed: Result<Reply, SendError>,
    ) -> Result<(), Error> {
        let now = context.now;
        let (reason, status_code, retry_after) = match failed {
            Ok(reply) => ("status", Some(reply.status.as_u16()), reply.retry_after),
            Err(error) => (error.name(), None, None),
        };
        let failure = Failure { at: now, reason: reason.to_owned(), status_code };
        self.end(context, tenant, (attempted, health), |current, health| {
            let at = webhook::next_attempt(current.attempts, now, retry_after);
            let (delivery, entry) = current.failed(failure.clone(), at);
            let failing_since = health.failing_since.unwrap_or(now);
            let ends = status_code == Some(GONE) || failing_since.plus_days(FAILING_DAYS) <= now;
            let disabled_at = health.disabled_at.or(ends.then_some(now));
            let event = (disabled_at != health.disabled_at).then(|| Event {
                recipient_id: Some(attempted.recipient_id),
                ..Event::new(EventType::RecipientDisabled, context)
            });
            let delivery = if disabled_at.is_some() { delivery.suspended() } else { delivery };
            let health = Health { failing_since: Some(failing_since), disabled_at };
            Ended { delivery, entries: entry.into_iter().collect(), health, event }
        })
        .await
    }

    /// Writes the end of an attempt, unless the delivery has ended otherwise meanwhile: its recipient may have confirmed
    /// before it responded. If something has changed since it was read, it is read again.
    async fn end(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        read: (&Delivery, &Health),
        end: impl Fn(&Delivery, &Health) -> Ended,
    ) -> Result<(), Error> {
        let (attempted, health) = read;
        match self.write_end(context, tenant, read, end(attempted, health)).await {
            Err(Error::Stale) => {}
            ended => return ended,
        }
        until_current(|| async {
            let (delivery, health) = try_join(
                self.deliveries.get(tenant, attempted.id),
                self.deliveries.health(tenant, attempted.recipient_id),
            )
            .await?;
            if delivery.status != DeliveryStatus::Pending || delivery.attempts != attempted.attempts {
                return Ok(());
            }
            self.write_end(context, tenant, (&delivery, &health), end(&delivery, &health)).await
        })
        .await
    }

    async fn write_end(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        (delivery, health): (&Delivery, &Health),
        ended: Ended,
    ) -> Result<(), Error> {
        let mut unit = UnitOfWork::new(context);
        let (fails, disables) = (ended.delivery.status == DeliveryStatus::Failed, ended.event.is_some());
        if ended.health != *health {
            self.deliveries.set_health(&mut unit, tenant, delivery.recipient_id, health, &ended.health)?;
        }
        if let Some(event) = ended.event {
            self.events.feed(tenant).await?.add(&mut unit, NewEvent::of_system(event))?;
        }
        self.deliveries.change(&mut unit, tenant, None, delivery, ended.delivery, &ended.entries)?;
        unit.commit(&self.database).await?;
        let (tenant_id, recipient_id) = (tenant.0, delivery.recipient_id);
        if fails {
            tracing::info!(%tenant_id, %recipient_id, "delivery failed");
        }
        if disables {
            tracing::warn!(%tenant_id, %recipient_id, "recipient disabled");
        }
        if fails || disables {
            // A measurement names nobody, so it is a line of its own.
            tracing::info!(Unreachable = 1, "a recipient is unreachable");
        }
        Ok(())
    }
}

/// What is written at the end of an attempt.
struct Ended {
    delivery: Delivery,
    entries: Vec<AuditEvent>,
    health: Health,
    event: Option<Event>,
}

/// What the recipient's response says about the outcome, if anything.
fn outcome(body: &[u8]) -> Option<Outcome> {
    let body: Value = serde_json::from_slice(body).ok()?;
    serde_json::from_value::<Responded>(body).ok().map(|responded| responded.acknowledgement.outcome)
}

/// The state of the consent for the recipient after an event of this kind.
fn state(kind: EventType) -> &'static str {
    match kind {
        EventType::ConsentGiven => "granted",
        EventType::ConsentWithdrawn => "withdrawn",
        EventType::ConsentExpired => "expired",
        EventType::ConsentErased => "erased",
        EventType::GrantRevoked => "revoked",
        EventType::SessionConsentChanged => "changed",
        EventType::DeliveryOverdue => "overdue",
        EventType::RecipientDisabled => "disabled",
        EventType::RecipientPing => "ping",
    }
}
