//! The key pairs that sign proofs. Each public key has an item of its own, which is
//! never deleted, because a proof may be verified years after its key has retired.
//! One further item has the seed of the active key, sealed under the deployment's
//! secret. A rotation replaces this seed, so that a retired key cannot sign.

use crate::{
    domain::{
        RequestContext, Timestamp,
        proof::{PublicKey, SEED_LEN, SigningKey},
        seal::DataKey,
    },
    store::{Database, Error, UnitOfWork, cache::TimedCache, change::Change, key::Key, write::until_current},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const KID: &str = "kid";
const SEED: &str = "seed";
/// A limit that is never reached: one key a day for 25 years.
const KEYS: usize = 10_000;
/// For how many milliseconds the active key is cached.
const CACHED: i64 = 60_000;
/// How many bytes are cached: there is one active key.
const CACHED_BYTES: usize = 1024;

/// The signing keys.
#[derive(Clone)]
pub struct SigningKeys {
    database: Database,
    table: String,
}

/// The key under which the seed of the active key is sealed.
#[derive(Clone)]
pub struct SigningSecret(DataKey);

impl SigningSecret {
    /// Derived from the deployment's secret, which may have any length.
    pub fn of(secret: &str) -> Option<Self> {
        DataKey::derived(secret, "signing keys").map(Self)
    }
}

/// A public key, and the time in which it signed.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Published {
    public_key: PublicKey,
    created_at: Timestamp,
    retired_at: Option<Timestamp>,
}

/// The active key: its id, and its seed, which is sealed with the id as purpose.
#[derive(Serialize, Deserialize)]
struct Active {
    kid: String,
    seed: String,
}

impl SigningKeys {
    /// The table that `SIGNING_KEYS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self::of_table(database, &database.table("SIGNING_KEYS_TABLE"))
    }

    /// The table with this name.
    pub fn of_table(database: &Database, table: &str) -> Self {
        Self { database: database.clone(), table: table.to_owned() }
    }

    /// All public keys, active and retired, newest first.
    pub async fn published(&self) -> Result<Vec<PublicKey>, Error> {
        let (low, high) = (key("-"), key("~"));
        let (mut keys, _) = self.database.query_between::<Published>(&self.table, &low, &high, KEYS).await?;
        keys.sort_by_key(|key| std::cmp::Reverse(key.created_at.milliseconds()));
        Ok(keys.into_iter().map(|key| key.public_key).collect())
    }

    /// Creates the first key if there is none. Returns the id of the active key.
    pub async fn ensure(&self, secret: &SigningSecret, context: &RequestContext) -> Result<String, Error> {
        until_current(|| async {
            match self.active().await? {
                Some(active) => Ok(active.kid),
                None => self.replace(None, secret, context).await,
            }
        })
        .await
    }

    /// Retires the active key, if there is one, and creates the next. Returns its id.
    /// Concurrent rotations happen one after the other.
    pub async fn rotate(&self, secret: &SigningSecret, context: &RequestContext) -> Result<String, Error> {
        until_current(|| async { self.replace(self.active().await?, secret, context).await }).await
    }

    async fn active(&self) -> Result<Option<Active>, Error> {
        self.database.get(&self.table, &active_key()).await
    }

    /// Creates a key that replaces `active`, on condition that this is still the active
    /// key.
    async fn replace(
        &self,
        active: Option<Active>,
        secret: &SigningSecret,
        context: &RequestContext,
    ) -> Result<String, Error> {
        let failed = || Error::Internal("a signing key could not be created".to_owned());
        let seed: [u8; SEED_LEN] = context.random();
        let public_key = SigningKey::from_seed(&seed).ok_or_else(failed)?.public().clone();
        let kid = public_key.kid.clone();
        let seed = secret.0.seal(&seed, kid.as_bytes(), context).ok_or_else(failed)?;
        let published = Published { public_key, created_at: context.now, retired_at: None };
        let mut unit = UnitOfWork::new(context);
        unit.create_new(&self.table, &key(&kid), &published)?;
        match active {
            None => {
                let active = Active { kid: kid.clone(), seed };
                unit.create(&self.table, &active_key(), &active, Error::Stale)?;
            }
            Some(active) => {
                let next = Change::of(active_key()).when(KID, &active.kid)?.set(KID, &kid)?.set(SEED, &seed)?;
                let retired = Change::of(key(&active.kid)).set("retiredAt", &context.now)?;
                let unpublished = Error::Internal("the active signing key is not published".to_owned());
                unit.update(&self.table, next, Error::Stale).update(&self.table, retired, unpublished);
            }
        }
        unit.commit(&self.database).await?;
        Ok(kid)
    }

    /// The active key. A missing or unreadable key makes the service unavailable,
    /// because no consent is stored without its proof.
    async fn opened(&self, secret: Option<&SigningSecret>) -> Result<SigningKey, Error> {
        let unavailable = |reason: &str| Error::Unavailable(reason.to_owned());
        let secret = secret.ok_or_else(|| unavailable("there is no signing secret"))?;
        let active = self.active().await?.ok_or_else(|| unavailable("there is no signing key"))?;
        let seed = secret.0.open(&active.seed, active.kid.as_bytes());
        let seed: Option<[u8; SEED_LEN]> = seed.and_then(|seed| seed.try_into().ok());
        let opened = seed.and_then(|seed| SigningKey::from_seed(&seed));
        let opened = opened.filter(|opened| opened.public().kid == active.kid);
        opened.ok_or_else(|| unavailable("the signing key does not open"))
    }
}

/// Provides the active key. The key is cached for up to a minute.
pub struct Signer {
    keys: SigningKeys,
    secret: Option<SigningSecret>,
    cached: TimedCache<Arc<SigningKey>>,
}

impl Signer {
    /// With the secret that `SIGNING_SECRET` holds.
    pub fn from_environment(database: &Database) -> Self {
        let secret = database.environment().variable("SIGNING_SECRET");
        Self::new(database, secret.as_deref().and_then(SigningSecret::of))
    }

    /// With this secret. Without a secret, [`Self::key`] always fails.
    pub fn new(database: &Database, secret: Option<SigningSecret>) -> Self {
        Self { keys: SigningKeys::new(database), secret, cached: TimedCache::new(CACHED_BYTES, CACHED) }
    }

    /// The key that signs at this moment. Fails with [`Error::Unavailable`] if there is none.
    pub async fn key(&self, now: Timestamp) -> Result<Arc<SigningKey>, Error> {
        if let Some(key) = self.cached.get(&active_key(), now) {
            return Ok(key);
        }
        let key = Arc::new(self.keys.opened(self.secret.as_ref()).await?);
        self.cached.put(active_key(), Arc::clone(&key), SEED_LEN, now);
        Ok(key)
    }
}

fn key(kid: &str) -> Key {
    Key::of_no_tenant(&["keys"], &["key", kid])
}

fn active_key() -> Key {
    Key::of_no_tenant(&["active"], &["active"])
}
