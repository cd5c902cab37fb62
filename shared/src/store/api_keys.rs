//! API keys, stored under the hash of their text, and tenants, stored under their name.

use crate::{
    domain::{
        RequestContext, Tenant, Timestamp,
        api_key::{ApiKey, ApiKeyHash, ApiKeyStatus, ApiKeyText, Caller},
        identifiers::RecipientId,
        scope::Scopes,
    },
    store::{
        Database, Error, UnitOfWork,
        cache::{RECENT, TimedCache},
        change::Change,
        database::{failure, from_item},
        key::{Key, PARTITION},
        listing::weight_of,
    },
};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many bytes of valid keys are cached: some two thousand keys.
const RECENT_BYTES: usize = 1 << 20;
/// How many bytes of unknown keys are cached: some thousand keys.
const UNKNOWN_BYTES: usize = 1 << 18;

/// The attribute for the day of the last use.
const LAST_USED_ON: &str = "lastUsedOn";

/// The keys and the tenants they belong to.
#[derive(Clone)]
pub struct ApiKeys {
    database: Database,
    keys: String,
    tenants: String,
    /// The bearers of valid keys that sites use.
    recent: Arc<TimedCache<Caller>>,
    /// Keys that do not exist. They have a cache of their own, so that no number of them displaces valid keys.
    unknown: Arc<TimedCache<()>>,
}

/// A key that is to be issued.
pub struct KeyOrder<'a> {
    /// The organisation's name. A tenant is created for a new name.
    pub tenant_name: &'a str,
    /// The owner's name for it; may be empty.
    pub label: &'a str,
    /// The scopes of the key.
    pub scopes: Scopes,
    /// When it expires, if it does.
    pub expires_at: Option<Timestamp>,
    /// Whether it is accepted.
    pub status: ApiKeyStatus,
    /// The recipient whose key it is, if it is not the organisation's own.
    pub recipient_id: Option<RecipientId>,
}

/// A key that was issued. Its text is not stored, so it must be shown now.
pub struct IssuedKey {
    /// The secret.
    pub text: ApiKeyText,
    /// Its bearer.
    pub caller: Caller,
}

/// A stored key.
pub struct KnownKey {
    /// The hash of its text.
    pub hash: ApiKeyHash,
    /// The stored data.
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

    /// The tables with these names.
    pub fn of_tables(database: &Database, keys: &str, tenants: &str) -> Self {
        Self {
            database: database.clone(),
            keys: keys.to_owned(),
            tenants: tenants.to_owned(),
            recent: Arc::new(TimedCache::new(RECENT_BYTES, RECENT)),
            unknown: Arc::new(TimedCache::new(UNKNOWN_BYTES, RECENT)),
        }
    }

    /// The bearer of this key, if the key is valid now. A key that was not found
    /// counts as unknown for five seconds, even if it is created meanwhile.
    pub async fn caller(&self, key: &ApiKeyHash, now: Timestamp) -> Result<Option<Caller>, Error> {
        Ok(self.key(key, now).await?.and_then(|key| key.open(now)))
    }

    /// The same, for a request with the key. The day of the request is recorded once
    /// a day. A failure to record it is only logged.
    pub async fn calling(&self, key: &ApiKeyHash, now: Timestamp) -> Result<Option<Caller>, Error> {
        let Some(known) = self.key(key, now).await? else { return Ok(None) };
        let is_recorded = known.last_used_on.as_ref() == Some(&now.day());
        let caller = known.open(now);
        if caller.is_some() && !is_recorded {
            self.record_use(key, &now.day()).await;
        }
        Ok(caller)
    }

    /// The same, but a key that was valid counts as such for five seconds, unless it expires. It is for the calls of
    /// sites, which API Gateway authenticates one by one.
    pub async fn calling_site(&self, key: &ApiKeyHash, now: Timestamp) -> Result<Option<Caller>, Error> {
        let recent = self.recent.get(&key_key(key), now).filter(|caller| caller.is_good_at(now));
        if recent.is_some() {
            return Ok(recent);
        }
        let caller = self.calling(key, now).await?;
        if let Some(caller) = &caller {
            self.recent.put(key_key(key), caller.clone(), weight_of(caller), now);
        }
        Ok(caller)
    }

    // The SDK's futures are boxed here and in `record_use`. Otherwise the authorizer's
    // future is too deep for the compiler.
    async fn key(&self, key: &ApiKeyHash, now: Timestamp) -> Result<Option<ApiKey>, Error> {
        let key = key_key(key);
        if self.unknown.get(&key, now).is_some() {
            return Ok(None);
        }
        let found: Option<ApiKey> = Box::pin(self.database.get(&self.keys, &key)).await?;
        if found.is_none() {
            self.unknown.put(key, (), 0, now);
        }
        Ok(found)
    }

    /// Records the day on which a key was used. Of concurrent requests, one writes it.
    async fn record_use(&self, key: &ApiKeyHash, day: &str) {
        let used = Change::of(key_key(key)).when_absent_or_below(LAST_USED_ON, &day);
        let Ok(used) = used.and_then(|used| used.set(LAST_USED_ON, &day)) else { return };
        let update = used.update(&self.database, &self.keys).send();
        if let Err(error) = Box::pin(update).await
            && !error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception)
        {
            tracing::warn!(error = %failure(&error), "the use of a key could not be recorded");
        }
    }

    /// Creates a key, and its tenant if that is new.
    pub async fn issue(&self, order: KeyOrder<'_>, context: &RequestContext) -> Result<IssuedKey, Error> {
        let text = ApiKeyText::fresh(context);
        let caller = Caller {
            tenant_id: self.tenant(order.tenant_name, context).await?,
            tenant_name: order.tenant_name.to_owned(),
            key_id: context.uuid(),
            scopes: order.scopes,
            expires_at: order.expires_at,
            recipient_id: order.recipient_id,
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

    /// All keys, in no order. It reads the whole table. Only the operator's commands
    /// use it; the functions have no permission to.
    pub async fn list(&self) -> Result<Vec<KnownKey>, Error> {
        #[expect(clippy::disallowed_methods, reason = "an operator's command lists all keys; no request does")]
        let scan = self.database.client().scan();
        let mut pages = scan.table_name(&self.keys).consistent_read(true).into_paginator().items().send();
        let mut found = Vec::new();
        while let Some(item) = pages.next().await {
            let item = item.map_err(|error| failure(&error))?;
            let hash = item.get(PARTITION).and_then(|partition| partition.as_s().ok());
            let hash = hash.and_then(|hash| ApiKeyHash::parse(hash));
            let hash =
                hash.ok_or_else(|| Error::Internal("the key of an item of the keys table is not a hash".to_owned()))?;
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

    /// Sets the moment at which a key expires.
    pub async fn end_at(&self, key: &ApiKeyHash, end: Timestamp, context: &RequestContext) -> Result<(), Error> {
        self.change(Change::of(key_key(key)).set("expiresAt", &end)?, context).await
    }

    async fn change(&self, change: Change, context: &RequestContext) -> Result<(), Error> {
        let mut unit = UnitOfWork::new(context);
        unit.update(&self.keys, change, Error::Internal("the key does not exist".to_owned()));
        unit.commit(&self.database).await
    }

    /// The tenant of this name, if it exists.
    pub async fn tenant_named(&self, name: &str) -> Result<Option<Tenant>, Error> {
        let item: Option<TenantItem> = self.database.get(&self.tenants, &tenant_key(name)).await?;
        Ok(item.map(|item| item.tenant_id))
    }

    /// The tenant of this name. It is created if it does not exist.
    async fn tenant(&self, name: &str, context: &RequestContext) -> Result<Tenant, Error> {
        if let Some(tenant) = self.tenant_named(name).await? {
            return Ok(tenant);
        }
        let item = TenantItem { tenant_id: Tenant(context.uuid()), name: name.to_owned(), created_at: context.now };
        let mut unit = UnitOfWork::new(context);
        unit.create(&self.tenants, &tenant_key(name), &item, Error::Stale)?;
        match unit.commit(&self.database).await {
            Err(Error::Stale) => {
                self.tenant_named(name).await?.ok_or_else(|| Error::Internal("a tenant vanished".to_owned()))
            }
            created => created.map(|()| item.tenant_id),
        }
    }
}

fn tenant_key(name: &str) -> Key {
    Key::of_no_tenant(&[name], &["tenant"])
}

fn key_key(hash: &ApiKeyHash) -> Key {
    Key::of_no_tenant(&[&hash.to_string()], &["key"])
}
