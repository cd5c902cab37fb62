//! The feed of events: all of the organisation, or those that a recipient is told of, if it reads with a key of its own.

use crate::{
    domain::{
        DomainError, ResourceKind, Tenant, Timestamp,
        event::{Event, EventType},
        identifiers::{EventId, RecipientId},
        recipient::DatedRecipient,
    },
    service::relay::seen_by,
    store::{Database, Error, Events, Page, PageRequest, Recipients},
};

/// Reads events.
pub struct EventFeed {
    events: Events,
    recipients: Recipients,
}

impl EventFeed {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { events: Events::new(database), recipients: Recipients::new(database) }
    }

    /// An event, as this recipient sees it if one is given. What it is not told of does not exist for it.
    pub async fn get(&self, tenant: Tenant, of: Option<RecipientId>, id: EventId) -> Result<Event, Error> {
        let event = self.events.get(tenant, id).await?;
        let seen = match self.recipient(tenant, of).await? {
            Some(recipient) => seen_by(&recipient, event),
            None => Some(event),
        };
        seen.ok_or_else(|| DomainError::NotFound(ResourceKind::Event).into())
    }

    /// A page of the events, oldest first, of a type if one is given, and as this recipient sees them if one is given.
    pub async fn list(
        &self,
        tenant: Tenant,
        of: Option<RecipientId>,
        kind: Option<EventType>,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<Event>, Error> {
        let recipient = self.recipient(tenant, of).await?;
        let select = |event: Event| {
            let event = Some(event).filter(|event| kind.is_none_or(|kind| event.kind == kind))?;
            match &recipient {
                Some(recipient) => seen_by(recipient, event),
                None => Some(event),
            }
        };
        let is_all = kind.is_none() && recipient.is_none();
        self.events.list(tenant, if is_all { None } else { Some(&select) }, page, now).await
    }

    async fn recipient(&self, tenant: Tenant, of: Option<RecipientId>) -> Result<Option<DatedRecipient>, Error> {
        match of {
            Some(id) => self.recipients.get(tenant, id).await.map(Some),
            None => Ok(None),
        }
    }
}
