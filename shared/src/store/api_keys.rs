//! API keys by the hash of their text, and tenants by their name.

use crate::{
    domain::{
        RequestContext, Tenant, Timestamp,
        api_key::{ApiKey, ApiKeyHash, ApiKeyStatus, ApiKeyText, Caller},
        scope::Scopes,
    },
    store::{
        Database, Error, UnitOfWork,
        change::Change,
        database::{failure, from_item},
        key::{Key, PARTITION},
        unknown_keys::UnknownKeys,
    },
};
use aws_sdk_dynamodb::{operation::update_item::UpdateItemError, types::AttributeValue};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The keys and the tenants they belong to.
#[derive(Clone)]
pub struct ApiKeys {
    database: Database,
    keys: String,
    tenants: String,
    unknown: Arc<UnknownKeys>,
}

/// A key that is to be issued.
pub struct KeyOrder<'a> {
    /// The organisation's name; it is made if it is new.
    pub tenant_name: &'a str,
    /// What its owner calls it; nothing where they gave it no name.
    pub label: &'a str,
    /// What the key may do.
    pub scopes: Scopes,
    /// When it ends by itself, if ever.
    pub expires_at: Option<Timestamp>,
    /// Whether it opens the door.
    pub status: ApiKeyStatus,
}

/// A key that was issued. Its text is in no other place: show it once.
pub struct IssuedKey {
    /// The secret.
    pub text: ApiKeyText,
    /// Who bears it.
    pub caller: Caller,
}

/// A key that stands in the table.
pub struct KnownKey {
    /// What it is found by.
    pub hash: ApiKeyHash,
    /// What is kept of it.
    pub key: ApiKey,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TenantItem {
    tenant_id: Tenant,
    name: String,
    created_at: Timestamp,
}

impl ApiKeys {
    /// The tables that `API_KEYS_TABLE` and `TENANTS_TABLE` name.
    pub fn new(database: &Database) -> Self {
        let (keys, tenants) = (database.table("API_KEYS_TABLE"), database.table("TENANTS_TABLE"));
        Self::of_tables(database, &keys, &tenants)
    }

    /// Tables of these names.
    pub fn of_tables(database: &Database, keys: &str, tenants: &str) -> Self {
        Self { database: database.clone(), keys: keys.to_owned(), tenants: tenants.to_owned(), unknown: Arc::default() }
    }

    /// Who bears this key, if it is good now. A key that is not there counts as
    /// unknown for some seconds more.
    pub async fn caller(&self, key: &ApiKeyHash, now: Timestamp) -> Result<Option<Caller>, Error> {
        Ok(self.key(key, now).await?.and_then(|key| key.open(now)))
    }

    /// The same for a call with the key, which is noted: once a day, and whether the event succeeds or not.
    pub async fn calling(&self, key: &ApiKeyHash, now: Timestamp) -> Result<Option<Caller>, Error> {
        let Some(known) = self.key(key, now).await? else { return Ok(None) };
        let noted = known.last_used_on.as_ref() == Some(&now.day());
        let caller = known.open(now);
        if caller.is_some() && !noted {
            self.note_use(key, &now.day()).await;
        }
        Ok(caller)
    }

    // Boxed, as the next is: with the SDK's futures in them, the authorizer's own is too deep for the compiler.
    async fn key(&self, key: &ApiKeyHash, now: Timestamp) -> Result<Option<ApiKey>, Error> {
        if self.unknown.has(key, now) {
            return Ok(None);
        }
        let found: Option<ApiKey> = Box::pin(self.database.get(&self.keys, &key_key(key))).await?;
        if found.is_none() {
            self.unknown.add(key, now);
        }
        Ok(found)
    }

    /// Of calls at once, one events the day.
    async fn note_use(&self, key: &ApiKeyHash, day: &str) {
        let update = self.database.client().update_item().table_name(&self.keys);
        let update = update
            .set_key(Some(key_key(key).attributes()))
            .update_expression("SET lastUsedOn = :day")
            .condition_expression("attribute_exists(pk) AND (attribute_not_exists(lastUsedOn) OR lastUsedOn < :day)")
            .expression_attribute_values(":day", AttributeValue::S(day.to_owned()))
            .send();
        if let Err(error) = Box::pin(update).await
            && !error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception)
        {
            tracing::warn!(error = %failure(&error), "the use of a key could not be noted");
        }
    }

    /// Makes a key, and its tenant if that is new.
    pub async fn issue(&self, order: KeyOrder<'_>, context: &RequestContext) -> Result<IssuedKey, Error> {
        let text = ApiKeyText::fresh(context);
        let caller = Caller {
            tenant_id: self.tenant(order.tenant_name, context).await?,
            tenant_name: order.tenant_name.to_owned(),
            key_id: context.uuid(),
            scopes: order.scopes,
            expires_at: order.expires_at,
        };
        let key = ApiKey {
            caller: caller.clone(),
            status: order.status,
            created_at: context.now,
            label: order.label.to_owned(),
            prefix: text.prefix().to_owned(),
            last_used_on: None,
        };
        let mut unit = UnitOfWork::new(context);
        unit.create_new(&self.keys, &key_key(&text.hash()), &key)?;
        unit.commit(&self.database).await?;
        Ok(IssuedKey { text, caller })
    }

    /// All keys, in no order. It reads the whole table: for the operator's
    /// commands alone, and no function may.
    pub async fn list(&self) -> Result<Vec<KnownKey>, Error> {
        #[expect(
            clippy::disallowed_methods,
            reason = "an operator's command that shows all there are, on no request path"
        )]
        let scan = self.database.client().scan();
        let mut pages = scan.table_name(&self.keys).consistent_read(true).into_paginator().items().send();
        let mut found = Vec::new();
        while let Some(item) = pages.next().await {
            let item = item.map_err(|error| failure(&error))?;
            let hash = item.get(PARTITION).and_then(|partition| partition.as_s().ok());
            let hash = hash.and_then(|hash| ApiKeyHash::parse(hash));
            let hash = hash.ok_or_else(|| Error::Internal("an item of the keys table is under no hash".to_owned()))?;
            found.push(KnownKey { hash, key: from_item(item)? });
        }
        Ok(found)
    }

    /// Switches a key on or off.
    pub async fn set_status(
        &self,
        key: &ApiKeyHash,
        status: ApiKeyStatus,
        context: &RequestContext,
    ) -> Result<(), Error> {
        self.change(Change::of(key_key(key)).set("status", &status)?, context).await
    }

    /// Lets a key end at this moment.
    pub async fn end_at(&self, key: &ApiKeyHash, end: Timestamp, context: &RequestContext) -> Result<(), Error> {
        self.change(Change::of(key_key(key)).set("expiresAt", &end)?, context).await
    }

    async fn change(&self, change: Change, context: &RequestContext) -> Result<(), Error> {
        let mut unit = UnitOfWork::new(context);
        unit.update(&self.keys, change, Error::Internal("there is no such key".to_owned()));
        unit.commit(&self.database).await
    }

    /// The tenant of this name; the first to ask makes it.
    async fn tenant(&self, name: &str, context: &RequestContext) -> Result<Tenant, Error> {
        let key = Key::of_no_tenant(&[name], &["tenant"]);
        if let Some(item) = self.database.get::<TenantItem>(&self.tenants, &key).await? {
            return Ok(item.tenant_id);
        }
        let item = TenantItem { tenant_id: Tenant(context.uuid()), name: name.to_owned(), created_at: context.now };
        let mut unit = UnitOfWork::new(context);
        unit.create(&self.tenants, &key, &item, Error::Stale)?;
        match unit.commit(&self.database).await {
            Err(Error::Stale) => self
                .database
                .get::<TenantItem>(&self.tenants, &key)
                .await?
                .map(|item| item.tenant_id)
                .ok_or_else(|| Error::Internal("a tenant vanished".to_owned())),
            created => created.map(|()| item.tenant_id),
        }
    }
}

fn key_key(hash: &ApiKeyHash) -> Key {
    Key::of_no_tenant(&[&hash.to_string()], &["key"])
}
