//! Recipients, each in an item of its own with all that was said of it. A further item
//! has no history: the register, a list of a partition of its own. In it, those that
//! have not ended sort above the ended ones, and these by their end. So one query reads
//! all current recipients, however many have ended. Their number is limited by an item
//! that counts them.

use crate::{
    domain::{
        DomainError, ResourceKind, Tenant,
        identifiers::RecipientId,
        recipient::{self, DatedRecipient, Recipient, RecipientPatch, RecipientProfile},
        state_tag::ExpectedState,
    },
    store::{
        Database, Error, Page, PageRequest, UnitOfWork,
        change::Change,
        key::Key,
        listing::{Entry, Listing},
    },
};
use futures_util::future::try_join;
use serde::Deserialize;

/// The name of the register.
const REGISTER: &[&str] = &["recipients"];
/// How the positions of current recipients begin. It sorts above every time.
const CURRENT: &str = "current-";
const COUNT: &str = "count";

/// The recipients.
#[derive(Clone)]
pub struct Recipients {
    database: Database,
    table: String,
}

/// How many recipients are current.
#[derive(Deserialize)]
struct Count {
    count: usize,
}

impl Recipients {
    /// The table that `RECIPIENTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: database.table("RECIPIENTS_TABLE") }
    }

    /// Registers a recipient from now on.
    pub async fn create(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        profile: RecipientProfile,
    ) -> Result<DatedRecipient, Error> {
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
        Ok(created)
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

    /// Changes a recipient that is in an expected state. A patch that changes nothing
    /// writes nothing.
    pub async fn update(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        id: RecipientId,
        patch: RecipientPatch,
        expected: &ExpectedState,
    ) -> Result<DatedRecipient, Error> {
        let present = self.get(tenant, id).await?;
        expected.require(&present.tag())?;
        let next = present.changed(patch, unit.context().now)?;
        if next != present {
            self.replace(unit, tenant, &present, &next)?;
            let listed = Change::of(self.entry(tenant, &next.recipient));
            unit.replace(&self.table, listed, &next.recipient, Error::Stale)?;
        }
        Ok(next)
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

    fn register(&self, tenant: Tenant) -> Listing<'_> {
        Listing::of_one(&self.table, tenant, REGISTER)
    }

    /// The key of the recipient's entry in the register.
    fn entry(&self, tenant: Tenant, recipient: &Recipient) -> Key {
        let position = match recipient.ended_at {
            None => format!("{CURRENT}{}", recipient.id),
            Some(ended_at) => format!("{ended_at}-{}", recipient.id),
        };
        self.register(tenant).key(&position)
    }
}

fn key(tenant: Tenant, id: RecipientId) -> Key {
    Key::of_tenant(tenant, &[&id.to_string()], &["recipient"])
}

fn count_key(tenant: Tenant) -> Key {
    Key::of_tenant(tenant, &["recipients"], &["count"])
}
