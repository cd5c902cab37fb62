//! Recipients, each in an item of its own with all that was said of it. A further item
//! has no history: the register, a list of a partition of its own. In it, those that
//! have not ended sort above the ended ones, and these by their end. So one query reads
//! all current recipients, however many have ended. Their number is limited by an item
//! that counts them. The signing secrets of a recipient's webhooks are in an item
//! beside it, which stays when they end, or when it is not called any more.

use crate::{
    domain::{
        DomainError, ResourceKind, Tenant, Timestamp,
        identifiers::RecipientId,
        recipient::{self, DatedRecipient, Recipient, RecipientPatch, RecipientProfile},
        state_tag::ExpectedState,
        webhook_secret::WebhookSecret,
    },
    store::{
        Database, Error, Page, PageRequest, UnitOfWork,
        change::Change,
        key::Key,
        listing::{Entry, Listing},
        webhook_secrets::{WebhookKey, WebhookSecrets, unusable},
    },
};
use futures_util::future::try_join;
use serde::Deserialize;

/// The name of the register.
const REGISTER: &[&str] = &["recipients"];
/// How the positions of current recipients begin. It sorts above every time.
const CURRENT: &str = "current-";
pub(super) const COUNT: &str = "count";
/// How many recipients may be current or have ended since a moment of the last days: far more than a tenant has.
const SINCE_ENDED: usize = 10_000;

/// The recipients.
#[derive(Clone)]
pub struct Recipients {
    database: Database,
    table: String,
    /// `None` if the environment has no secret for it.
    webhook_key: Option<WebhookKey>,
}

/// How many recipients are current.
#[derive(Deserialize)]
struct Count {
    count: usize,
}

impl Recipients {
    /// The table that `RECIPIENTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self::of_table(database, &database.table("RECIPIENTS_TABLE"))
    }

    /// The table with this name.
    pub fn of_table(database: &Database, table: &str) -> Self {
        Self {
            database: database.clone(),
            table: table.to_owned(),
            webhook_key: WebhookKey::from_environment(database.environment()),
        }
    }

    /// Registers a recipient from now on. The secret is that of its webhooks, if it has any.
    pub async fn create(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        profile: RecipientProfile,
    ) -> Result<(DatedRecipient, Option<WebhookSecret>), Error> {
        let count = self.count(tenant).await?;
        let current = count.unwrap_or(0);
        if current >= recipient::CURRENT {
            return Err(DomainError::TooManyRecipients.into());
        }
        let created = DatedRecipient::register(profile, unit.context());
        unit.create_new(&self.table, &key(tenant, created.recipient.id), &created)?.create_new(
            &self.table,
            &self.entry(tenant, &created.recipient),
            &created.recipient,
        )?;
        self.recount(unit, tenant, count, current + 1)?;
        let is_webhook = created.recipient.profile.delivery.is_webhook();
        let secret = is_webhook.then(|| self.renew_secret(unit, tenant, created.recipient.id, None)).transpose()?;
        Ok((created, secret))
    }

    /// A recipient with its history, even if it has ended.
    pub async fn get(&self, tenant: Tenant, id: RecipientId) -> Result<DatedRecipient, Error> {
        let found = self.database.get(&self.table, &key(tenant, id)).await?;
        found.ok_or_else(|| DomainError::NotFound(ResourceKind::Recipient).into())
    }

    /// A page of the recipients: the current ones, newest first, then those that have ended, the last ended first.
    pub async fn list(&self, tenant: Tenant, page: &PageRequest) -> Result<Page<Recipient>, Error> {
        let page = self.register(tenant).read(&self.database, page).await?;
        Ok(Page { items: page.items.into_iter().map(|entry: Entry<Recipient>| entry.item).collect(), next: page.next })
    }

    /// All current recipients.
    pub async fn current(&self, tenant: Tenant) -> Result<Vec<Recipient>, Error> {
        let register = self.register(tenant);
        let (low, high) = (register.key(CURRENT), register.key(&format!("{CURRENT}~")));
        let (current, _) = self.database.query_between(&self.table, &low, &high, recipient::CURRENT).await?;
        Ok(current)
    }

    /// Who was a recipient at a moment that has passed, with what was said of each then.
    pub(crate) async fn at(
        &self,
        tenant: Tenant,
        moment: Timestamp,
    ) -> Result<Vec<(RecipientId, RecipientProfile)>, Error> {
        let register = self.register(tenant);
        // The positions of those that have ended begin with their end, and sort below the current ones.
        let (low, high) = (register.key(&moment.to_string()), register.key(&format!("{CURRENT}~")));
        let (found, _) = self.database.query_between::<Recipient>(&self.table, &low, &high, SINCE_ENDED).await?;
        let mut profiles = Vec::with_capacity(found.len());
        for recipient in found {
            if recipient.ended_at.is_some_and(|ended_at| ended_at <= moment) || recipient.created_at > moment {
                continue;
            }
            let profile = if recipient.since <= moment {
                Some(recipient.profile)
            } else {
                self.get(tenant, recipient.id).await?.at(moment).cloned()
            };
            profiles.extend(profile.map(|profile| (recipient.id, profile)));
        }
        Ok(profiles)
    }

    /// All recipients that a tenant ever had.
    pub async fn all(&self, tenant: Tenant) -> Result<Vec<Recipient>, Error> {
        let entries = self.register(tenant).read_all(&self.database).await?;
        Ok(entries.into_iter().map(|entry| entry.item).collect())
    }

    /// Changes a recipient that is in an expected state. A patch that changes nothing
    /// writes nothing. The secret is that of its webhooks, if it had none before.
    pub async fn update(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        id: RecipientId,
        patch: RecipientPatch,
        expected: &ExpectedState,
    ) -> Result<(DatedRecipient, Option<WebhookSecret>), Error> {
        let present = self.get(tenant, id).await?;
        expected.require(&present.tag())?;
        let next = present.changed(patch, unit.context().now)?;
        if next != present {
            self.replace(unit, tenant, &present, &next)?;
            let listed = Change::of(self.entry(tenant, &next.recipient));
            unit.replace(&self.table, listed, &next.recipient, Error::Stale)?;
        }
        let is_webhook = |dated: &DatedRecipient| dated.recipient.profile.delivery.is_webhook();
        let has_secret = is_webhook(&present) || !is_webhook(&next) || self.secrets(tenant, id).await?.is_some();
        let secret = (!has_secret).then(|| self.renew_secret(unit, tenant, id, None)).transpose()?;
        Ok((next, secret))
    }

    /// Makes the next secret of a recipient's webhooks. The one before it signs on for a day.
    pub async fn rotate_secret(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        id: RecipientId,
    ) -> Result<WebhookSecret, Error> {
        let (DatedRecipient { recipient, .. }, secrets) =
            try_join(self.get(tenant, id), self.secrets(tenant, id)).await?;
        if recipient.ended_at.is_some() {
            return Err(DomainError::RecipientEnded.into());
        }
        if !recipient.profile.delivery.is_webhook() {
            return Err(DomainError::NotAWebhook.into());
        }
        self.renew_secret(unit, tenant, id, secrets)
    }

    /// The secrets that sign the webhooks to a recipient at a moment, the newest first.
    pub async fn signing_secrets(
        &self,
        tenant: Tenant,
        id: RecipientId,
        now: Timestamp,
    ) -> Result<Vec<WebhookSecret>, Error> {
        let key = self.webhook_key.as_ref().ok_or_else(unusable)?;
        let secrets = self.secrets(tenant, id).await?;
        let opened = secrets.map(|secrets| key.open(id, &secrets, now)).unwrap_or_default();
        if opened.is_empty() { Err(unusable()) } else { Ok(opened) }
    }

    /// Ends a recipient that is in an expected state. If it has ended, nothing changes.
    pub async fn end(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        id: RecipientId,
        expected: &ExpectedState,
    ) -> Result<(), Error> {
        let (present, count) = try_join(self.get(tenant, id), self.count(tenant)).await?;
        expected.require(&present.tag())?;
        let next = present.ended(unit.context().now);
        if next != present {
            self.replace(unit, tenant, &present, &next)?;
            unit.delete(&self.table, Change::of(self.entry(tenant, &present.recipient)), Error::Stale).create_new(
                &self.table,
                &self.entry(tenant, &next.recipient),
                &next.recipient,
            )?;
            self.recount(unit, tenant, count, count.unwrap_or(0).saturating_sub(1))?;
        }
        Ok(())
    }

    fn replace(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        present: &DatedRecipient,
        next: &DatedRecipient,
    ) -> Result<(), Error> {
        let same = Change::of(key(tenant, present.recipient.id)).when("revision", &present.recipient.revision)?;
        unit.replace(&self.table, same, next, Error::Stale)?;
        Ok(())
    }

    async fn secrets(&self, tenant: Tenant, id: RecipientId) -> Result<Option<WebhookSecrets>, Error> {
        self.database.get(&self.table, &secrets_key(tenant, id)).await
    }

    /// Makes the next secret, if the ones before are still those that were read.
    fn renew_secret(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        id: RecipientId,
        read: Option<WebhookSecrets>,
    ) -> Result<WebhookSecret, Error> {
        let key = self.webhook_key.as_ref().ok_or_else(unusable)?;
        let (secret, change) = key.renewal(secrets_key(tenant, id), id, read, unit.context())?;
        unit.update(&self.table, change, Error::Stale).seal_response_under(key.of_responses());
        Ok(secret)
    }

    async fn count(&self, tenant: Tenant) -> Result<Option<usize>, Error> {
        let count: Option<Count> = self.database.get(&self.table, &count_key(tenant)).await?;
        Ok(count.map(|count| count.count))
    }

    /// Changes the number of current recipients, if it is still the one that was read.
    fn recount(&self, unit: &mut UnitOfWork, tenant: Tenant, read: Option<usize>, next: usize) -> Result<(), Error> {
        let change = Change::of_any(count_key(tenant)).when_still(COUNT, read.as_ref())?.set(COUNT, &next)?;
        unit.update(&self.table, change, Error::Stale);
        Ok(())
    }

    pub(super) fn register(&self, tenant: Tenant) -> Listing<'_> {
        Listing::of_one(&self.table, tenant, REGISTER)
    }

    /// The key of the recipient's entry in the register.
    pub(super) fn entry(&self, tenant: Tenant, recipient: &Recipient) -> Key {
        let position = match recipient.ended_at {
            None => format!("{CURRENT}{}", recipient.id),
            Some(ended_at) => format!("{ended_at}-{}", recipient.id),
        };
        self.register(tenant).key(&position)
    }
}

pub(super) fn key(tenant: Tenant, id: RecipientId) -> Key {
    Key::of_tenant(tenant, &[&id.to_string()], &["recipient"])
}

pub(super) fn secrets_key(tenant: Tenant, id: RecipientId) -> Key {
    Key::of_tenant(tenant, &[&id.to_string()], &["secret"])
}

pub(super) fn count_key(tenant: Tenant) -> Key {
    Key::of_tenant(tenant, &["recipients"], &["count"])
}
