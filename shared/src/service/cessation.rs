//! Who had to stop processing under a consent, who was told, and who has confirmed it (DPDP
//! Act s.6(6)): from the trails of the consent and of its grants, which name the events, and
//! from the deliveries of these events.

use crate::{
    domain::{
        RequestContext, Tenant, Timestamp,
        audit::Chain,
        consent_record::ConsentRecord,
        delivery::{AcknowledgementStatus, Delivery, Outcome},
        event::{Event, EventType},
        identifiers::{DeliveryId, EventId, RecipientId, RecordId},
    },
    service::relay::Relay,
    store::{
        ConsentRecords, Database, Deliveries, DeliveryFilter, Error, EventWork, Events, Grants, PageRequest,
        Recipients, Signer,
    },
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// How many deliveries of an event are read at once: each recipient has one for each record.
const OF_AN_EVENT: usize = 10_000;

/// Says who has stopped.
pub struct Cessations {
    records: ConsentRecords,
    grants: Grants,
    events: Events,
    deliveries: Deliveries,
    recipients: Recipients,
    relay: Relay,
    signer: Signer,
}

/// What one recipient had to do because of one event, and has said.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecipientCessation {
    /// The recipient.
    pub id: RecipientId,
    /// Its name now.
    pub name: String,
    /// The event.
    pub event_id: EventId,
    /// The event's kind.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When the event happened.
    pub occurred_at: Timestamp,
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The purposes that it must no longer process for.
    pub purposes: Vec<String>,
    /// When it received the message; null if it has not.
    pub told: Option<Timestamp>,
    /// Until when it has time to confirm.
    pub due_at: Option<Timestamp>,
    /// When it said so; null if it has said nothing.
    pub confirmed: Option<Timestamp>,
    /// What it did.
    pub outcome: Option<Outcome>,
    /// Until when it keeps data because a law requires it.
    pub retained_until: Option<Timestamp>,
    /// Whether it has said nothing although its time has passed.
    pub overdue: bool,
    /// Whether it confirmed after its time had passed.
    pub late: bool,
    /// The length and head of the delivery's audit trail.
    pub chain: Chain,
}

/// Who had to stop processing under a consent.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cessation {
    /// The consent record.
    pub record_id: RecordId,
    /// When this was so.
    pub as_of: Timestamp,
    /// All recipients, for each event, oldest event first.
    pub recipients: Vec<RecipientCessation>,
}

/// What is signed of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Claims<'a> {
    iat: i64,
    tenant_id: Tenant,
    #[serde(flatten)]
    cessation: &'a Cessation,
}

impl Cessations {
    /// With the tables and the signing secret of the environment.
    pub fn new(database: &Database) -> Self {
        Self {
            records: ConsentRecords::new(database),
            grants: Grants::new(database),
            events: Events::new(database),
            deliveries: Deliveries::new(database),
            recipients: Recipients::new(database),
            relay: Relay::new(database),
            signer: Signer::from_environment(database),
        }
    }

    /// Who had to stop processing under a consent until now, and the same signed by the key of the JWKS.
    pub async fn of(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        record_id: RecordId,
    ) -> Result<(Cessation, String), Error> {
        let cessation = self.unsigned(context, tenant, record_id).await?;
        let claims = Claims { iat: context.now.seconds(), tenant_id: tenant, cessation: &cessation };
        let proof = self.signer.key(context.now).await?.sign(&claims);
        let proof = proof.ok_or_else(|| Error::Internal("a cessation has no JSON".to_owned()))?;
        Ok((cessation, proof))
    }

    /// Who had to stop processing under a consent until now.
    pub async fn unsigned(
        &self,
        context: &RequestContext,
        tenant: Tenant,
        record_id: RecordId,
    ) -> Result<Cessation, Error> {
        let record = self.records.get(tenant, record_id).await?;
        let register = self.recipients.all(tenant).await?;
        let ids: Vec<RecipientId> = register.iter().map(|recipient| recipient.id).collect();
        let mut recipients = Vec::new();
        for id in self.event_ids(tenant, &record).await? {
            let Some(stored) = self.events.find(tenant, id).await? else { continue };
            if !stored.event.asks_to_cease() {
                continue;
            }
            // As long as it is not relayed, not all who had to stop have a delivery. From then on they have, and nobody
            // else had to.
            let relaying = stored.is_to(EventWork::Relay);
            let owed = if relaying { self.relay.owed(context, tenant, &stored).await? } else { Vec::new() };
            let mut deliveries: BTreeMap<DeliveryId, Delivery> =
                owed.into_iter().map(|delivery| (delivery.id, delivery)).collect();
            deliveries.extend(self.stored(tenant, &ids, id).await?.into_iter().map(|delivery| (delivery.id, delivery)));
            for delivery in deliveries.into_values() {
                let purposes = purposes(&stored.event, &delivery, &record);
                if delivery.record_id.is_none_or(|id| id == record_id) && !purposes.is_empty() {
                    let recipient = register.iter().find(|recipient| recipient.id == delivery.recipient_id);
                    // One that was registered meanwhile is read with the next question.
                    let Some(recipient) = recipient else { continue };
                    let name = recipient.profile.name.to_string();
                    recipients.push(of_delivery(delivery, name, purposes, context.now));
                }
            }
        }
        recipients.sort_by_key(|it| (it.occurred_at, it.delivery_id));
        Ok(Cessation { record_id, as_of: context.now, recipients })
    }

    /// The events that the trails of the record, of its grant, and of the grant's ancestors name.
    async fn event_ids(&self, tenant: Tenant, record: &ConsentRecord) -> Result<Vec<EventId>, Error> {
        let mut entries = self.records.trail(tenant, record).await?.entries;
        if let Some(grant_id) = record.grant_id {
            entries.extend(self.grants.revocations(tenant, grant_id).await?);
        }
        let named = |entry: &Value| {
            let id = entry.get("details").and_then(|details| details.get("eventId")).and_then(Value::as_str);
            id.and_then(|id| EventId::parse(id).ok())
        };
        let mut ids: Vec<EventId> = entries.iter().filter_map(named).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    async fn stored(
        &self,
        tenant: Tenant,
        recipients: &[RecipientId],
        event_id: EventId,
    ) -> Result<Vec<Delivery>, Error> {
        let filter = DeliveryFilter { event_id: Some(event_id), ..DeliveryFilter::default() };
        let mut page = PageRequest { limit: OF_AN_EVENT, after: None };
        let mut stored = Vec::new();
        loop {
            let found = self.deliveries.list(tenant, recipients, &filter, &page).await?;
            stored.extend(found.items);
            if found.next.is_none() {
                return Ok(stored);
            }
            page.after = found.next;
        }
    }
}

/// The purposes of the delivery that are the record's.
fn purposes(event: &Event, delivery: &Delivery, record: &ConsentRecord) -> Vec<String> {
    let Some(of_record) = event.records.iter().find(|it| it.record_id == record.record_id) else {
        // What had ended before a grant was revoked, or with it, has an event of its own.
        let has_ended = record.withdrawn_at.or(record.renewed_at).is_some_and(|at| at <= event.occurred_at);
        if event.kind == EventType::GrantRevoked && has_ended {
            return Vec::new();
        }
        let own = |purpose: &&String| record.purposes.iter().any(|it| it.code.as_str() == purpose.as_str());
        return delivery.purposes.iter().filter(own).cloned().collect();
    };
    delivery.purposes.iter().filter(|purpose| of_record.purposes.contains(purpose)).cloned().collect()
}

fn of_delivery(delivery: Delivery, name: String, purposes: Vec<String>, now: Timestamp) -> RecipientCessation {
    let owed = delivery.acknowledgement;
    let silent = owed.as_ref().is_some_and(|owed| {
        owed.status == AcknowledgementStatus::Overdue
            || (owed.status == AcknowledgementStatus::Awaited && owed.due_at <= now)
    });
    RecipientCessation {
        id: delivery.recipient_id,
        name,
        event_id: delivery.event_id,
        kind: delivery.kind,
        occurred_at: delivery.occurred_at,
        delivery_id: delivery.id,
        purposes,
        told: delivery.delivered_at,
        due_at: owed.as_ref().map(|owed| owed.due_at),
        confirmed: owed.as_ref().and_then(|owed| owed.received_at),
        outcome: owed.as_ref().and_then(|owed| owed.outcome),
        retained_until: owed.as_ref().and_then(|owed| owed.until),
        overdue: silent,
        late: owed.is_some_and(|owed| owed.late),
        chain: delivery.chain,
    }
}
