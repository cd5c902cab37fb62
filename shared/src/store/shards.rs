//! The shards of a tenant's lists: over how many partitions the entries of a list are
//! spread, and since when.
//!
//! Every creation writes an entry, and a partition takes 1,000 writes a second. A list
//! begins with one shard, because then its pages cost least. The number can be changed
//! while the list is in use: each number is valid from some moment on, in an *epoch* of
//! the list, and the position of an entry says its time. So writers and readers look for
//! an entry in the same place, if all of them know of an epoch before it begins. That is
//! why an epoch begins [`AHEAD`] after the change, and why the epochs that were read are
//! used for [`KNOWN`] only. The clocks of the operator and of the functions may differ by
//! the difference. AWS refuses a call of a clock that is wrong by more than fifteen minutes.

use crate::{
    domain::{Invalid, RequestContext, Tenant},
    store::{Database, Error, UnitOfWork, cache::TimedCache, change::Change, key::Key, write::until_current},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use ulid::Ulid;
use uuid::Uuid;

/// How many milliseconds after a change its epoch begins.
const AHEAD: i64 = 1_200_000;
/// For how many milliseconds the epochs that were read are used.
const KNOWN: i64 = 60_000;
/// The most epochs of a list, so that their item stays small.
const EPOCHS: usize = 32;
/// The attribute of the epochs.
const ATTRIBUTE: &str = "epochs";
/// The bytes of the cached epochs of all tenants.
const CACHED: usize = 1024 * 1024;

/// A number of shards: a power of two up to 256, so that all shards are equally full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shards(u16);

impl Shards {
    /// Accepts a power of two up to 256.
    pub fn new(count: u16) -> Result<Self, Invalid> {
        if count.is_power_of_two() && count <= 256 {
            return Ok(Self(count));
        }
        Err(Invalid::new("must be a power of two up to 256"))
    }

    /// The number.
    pub fn count(self) -> u16 {
        self.0
    }

    /// The shard of the entry at a position.
    pub(crate) fn of(self, position: &str) -> u16 {
        let digest = Sha256::digest(position.as_bytes());
        digest.first().map_or(0, |byte| u16::from(*byte) % self.0)
    }
}

/// A number of shards, and since when it is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch {
    /// The first moment, in milliseconds since 1970, of the entries that are spread so.
    pub since: i64,
    /// Over how many shards they are spread.
    pub shards: Shards,
}

/// The first epoch of every list.
const FIRST: Epoch = Epoch { since: i64::MIN, shards: Shards(1) };

/// The epochs of a list, oldest first. Before them the list has one shard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epochs(Vec<Epoch>);

impl Epochs {
    /// All of them, the oldest first, with their numbers. The first has one shard.
    pub fn all(&self) -> Vec<(usize, Epoch)> {
        std::iter::once(FIRST).chain(self.0.iter().copied()).enumerate().collect()
    }

    /// Those that may have entries from `lowest` on and below another position, the newest
    /// first. A text that has no time is the lowest or the highest.
    pub(crate) fn between(&self, lowest: &str, below: &str) -> impl Iterator<Item = (usize, Shards)> {
        let newest = moment_of(below).unwrap_or(i64::MAX);
        let (oldest, _) = self.of(lowest);
        let epochs =
            self.all().into_iter().rev().filter(move |(number, epoch)| epoch.since <= newest && *number >= oldest);
        epochs.map(|(number, epoch)| (number, epoch.shards))
    }

    /// The one of an entry.
    pub(crate) fn of(&self, position: &str) -> (usize, Shards) {
        // The positions of lists that always have one shard need not have a time.
        let moment = moment_of(position).unwrap_or(i64::MIN);
        let found = self.all().into_iter().rev().find(|(_, epoch)| epoch.since <= moment);
        found.map_or((0, FIRST.shards), |(number, epoch)| (number, epoch.shards))
    }

    /// These and one that begins [`AHEAD`] after `now`.
    fn with(&self, shards: Shards, now: i64) -> Result<Self, Invalid> {
        let since = now + AHEAD;
        let last = self.0.last().copied().unwrap_or(FIRST);
        if last.since >= since {
            return Err(Invalid::new("was changed by a clock that is ahead of this one: try again later"));
        }
        if last.shards == shards {
            return Err(Invalid::new("is the number that the list has"));
        }
        if self.0.len() == EPOCHS {
            return Err(Invalid::new("was changed too often"));
        }
        Ok(Self(self.0.iter().copied().chain([Epoch { since, shards }]).collect()))
    }
}

/// The time in a position, in milliseconds since 1970: the position is, or begins with,
/// a UUID of version 7, or a ULID after a prefix or none.
fn moment_of(position: &str) -> Option<i64> {
    let id = position.rsplit_once('_').map_or(position, |(_, id)| id);
    if let Some(uuid) = id.get(..36).and_then(|uuid| Uuid::try_parse(uuid).ok()) {
        return i64::try_from(uuid.as_u128() >> 80).ok();
    }
    let ulid = id.get(..26).and_then(|ulid| Ulid::from_string(ulid).ok())?;
    i64::try_from(ulid.timestamp_ms()).ok()
}

/// The lists that a tenant has of all its resources of a kind, each with the logical id of
/// its table.
pub const TENANT_LISTS: [(&str, &str); 8] = [
    ("notices", "ConsentNoticesTable"),
    ("grants", "GrantsTable"),
    ("records", "ConsentRecordsTable"),
    ("grievances", "GrievancesTable"),
    ("projects", "ProjectsTable"),
    ("types", "ConsentCatalogTable"),
    ("events", "ConsentEventsTable"),
    ("feed", "EventsTable"),
];

/// The item with the epochs of a list. The list's own table holds it.
#[derive(Default, Deserialize)]
struct EpochsItem {
    epochs: Epochs,
}

/// The epochs that were read.
pub(super) type KnownEpochs = TimedCache<Arc<Epochs>>;

/// An empty cache of them.
pub(super) fn known_epochs() -> Arc<KnownEpochs> {
    Arc::new(TimedCache::new(CACHED, KNOWN))
}

impl Database {
    /// The epochs of a tenant's list, as they were at most a minute ago.
    pub(crate) async fn epochs(&self, table: &str, tenant: Tenant, list: &str) -> Result<Arc<Epochs>, Error> {
        let (key, now) = (key(tenant, list), self.environment().clock().now());
        if let Some(epochs) = self.known_epochs.get(&key, now) {
            return Ok(epochs);
        }
        let epochs = Arc::new(self.current_epochs(table, tenant, list).await?);
        self.known_epochs.put(key, Arc::clone(&epochs), epochs.0.len() * size_of::<Epoch>(), now);
        Ok(epochs)
    }

    /// The epochs of a list of this table as they are now.
    pub async fn current_epochs(&self, table: &str, tenant: Tenant, list: &str) -> Result<Epochs, Error> {
        let item: EpochsItem = self.get(table, &key(tenant, list)).await?.unwrap_or_default();
        Ok(item.epochs)
    }

    /// Spreads the entries of a list over another number of shards, from some minutes after
    /// now on. Returns the new epochs.
    pub async fn change_shards(
        &self,
        table: &str,
        tenant: Tenant,
        list: &str,
        shards: Shards,
        context: &RequestContext,
    ) -> Result<Result<Epochs, Invalid>, Error> {
        until_current(|| async {
            let before: Option<Epochs> = self.get(table, &key(tenant, list)).await?.map(|item: EpochsItem| item.epochs);
            let next = match before.clone().unwrap_or_default().with(shards, context.now.milliseconds()) {
                Ok(next) => next,
                Err(invalid) => return Ok(Err(invalid)),
            };
            let change = Change::of_any(key(tenant, list)).when_still(ATTRIBUTE, before.as_ref())?;
            let mut unit = UnitOfWork::new(context);
            unit.update(table, change.set(ATTRIBUTE, &next)?, Error::Stale);
            unit.commit(self).await?;
            Ok(Ok(next))
        })
        .await
    }
}

fn key(tenant: Tenant, list: &str) -> Key {
    Key::of_tenant(tenant, &["epochs", list], &["epochs"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shards(count: u16) -> Shards {
        Shards::new(count).unwrap()
    }

    fn epochs(of: &[(i64, u16)]) -> Epochs {
        Epochs(of.iter().map(|(since, count)| Epoch { since: *since, shards: shards(*count) }).collect())
    }

    fn record_at(milliseconds: u64) -> String {
        format!("cr_{}", Ulid::from_parts(milliseconds, 7))
    }

    #[test]
    fn a_position_says_its_time() {
        let moment = 1_770_000_000_123;
        let ulid = Ulid::from_parts(moment, u128::MAX).to_string();
        let uuid = Uuid::from_u128(u128::from(moment) << 80 | 0x7000_8000_0000_0000_0000).to_string();
        for position in [&ulid, &format!("cr_{ulid}"), &uuid, &format!("{uuid}~"), &format!("{ulid}~")] {
            assert_eq!(moment_of(position), Some(1_770_000_000_123), "{position}");
        }
        for position in ["", "~", "cr_", "concord/1", "é".repeat(30).as_str()] {
            assert_eq!(moment_of(position), None, "{position}");
        }
    }

    #[test]
    fn an_entry_belongs_to_the_epoch_of_its_time() {
        let epochs = epochs(&[(1_000, 16), (2_000, 4)]);
        for (milliseconds, expected) in
            [(0, (0, 1)), (999, (0, 1)), (1_000, (1, 16)), (1_999, (1, 16)), (2_000, (2, 4))]
        {
            let (number, of) = epochs.of(&record_at(milliseconds));
            assert_eq!((number, of.count()), expected, "{milliseconds}");
        }
        assert_eq!(epochs.of("concord/1"), (0, FIRST.shards));
    }

    #[test]
    fn a_page_reads_the_epochs_that_may_have_its_entries() {
        let epochs = epochs(&[(1_000, 16), (2_000, 4)]);
        let between = |lowest: &str, below: &str| -> Vec<usize> {
            epochs.between(lowest, below).map(|(number, _)| number).collect()
        };
        assert_eq!(between("", "~"), [2, 1, 0]);
        assert_eq!(between("", &record_at(2_000)), [2, 1, 0]);
        assert_eq!(between("", &record_at(1_500)), [1, 0]);
        assert_eq!(between(&record_at(1_500), "~"), [2, 1]);
        assert_eq!(between(&record_at(1_500), &record_at(1_600)), [1]);
    }

    #[test]
    fn an_epoch_begins_some_minutes_ahead() {
        let first = Epochs::default().with(shards(16), 1_000).unwrap();
        assert_eq!(first, epochs(&[(1_000 + AHEAD, 16)]));
        assert!(first.with(shards(16), 2_000).is_err());
        // A clock that is behind cannot begin an epoch before the last one.
        assert!(first.with(shards(4), 1_000).is_err());
        assert_eq!(first.with(shards(4), 1_001).unwrap(), epochs(&[(1_000 + AHEAD, 16), (1_001 + AHEAD, 4)]));
        let many: Vec<(i64, u16)> = (0..).zip([2, 4].into_iter().cycle()).take(EPOCHS).collect();
        assert!(epochs(&many).with(shards(1), 1_000).is_err());
    }

    #[test]
    fn a_number_of_shards_is_a_power_of_two() {
        for count in [0, 3, 12, 255, 257, 512] {
            assert!(Shards::new(count).is_err(), "{count}");
        }
        assert_eq!(Shards::new(256).map(Shards::count), Ok(256));
    }

    proptest! {
        #[test]
        fn every_shard_gets_its_share(power in 0_u32..9, first in any::<u32>()) {
            let shards = shards(2_u16.pow(power));
            let mut found = vec![0_u32; usize::from(shards.count())];
            for random in 0..u128::from(shards.count()) * 64 {
                let id = Ulid::from_parts(u64::from(first), random);
                found[usize::from(shards.of(&format!("cr_{id}")))] += 1;
            }
            prop_assert!(found.iter().all(|entries| (16..=144).contains(entries)), "{:?}", found);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = moment_of(&text);
            let _ = epochs(&[(5, 256)]).of(&text);
        }
    }
}
