//! How often purposes were given, denied and withdrawn, by day, in the table of events. Whoever relays an event counts it,
//! in the transaction that marks it as relayed, so that each is counted once. The counts of a day are spread over shards
//! by the ids of the events, so that no item is written by all. Each is an attribute: `g:ads` says how often `ads` was
//! given.

use crate::{
    domain::{
        Tenant, Timestamp,
        event::{Event, EventType},
        identifiers::EventId,
    },
    store::{
        Database, Error, UnitOfWork,
        change::Change,
        database::{Item, REMOVABLE_AT, from_item},
        key::{Key, SORT},
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::{StreamExt, TryStreamExt, stream};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// Over how many shards the counts of a day are spread: 16 writes of the same day can be under way without waiting for
/// each other.
const SHARDS: u16 = 16;
/// For how many days counts are kept.
const KEPT_DAYS: u32 = 400;
/// How many counts a shard has by names. An item that grows costs more with each write; what is counted beyond this goes
/// under [`OTHERS`].
const NAMED: usize = 100;
/// In place of a purpose's code, of which none is this.
const OTHERS: &str = "*";
/// How many shards are read at the same time.
const PARALLEL: usize = 8;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Decided {
    /// A purpose was given.
    Given,
    /// A purpose was denied.
    Denied,
    /// A purpose that was given was withdrawn, denied, or not renewed.
    Withdrawn,
}

impl Decided {
    const ALL: [Self; 3] = [Self::Given, Self::Denied, Self::Withdrawn];

    fn prefix(self) -> &'static str {
        match self {
            Self::Given => "g:",
            Self::Denied => "d:",
            Self::Withdrawn => "w:",
        }
    }

    /// What an event tells of, if that is counted. What ends by itself, by an erasure, or because a grant was revoked is
    /// no decision about a purpose.
    pub(crate) fn of(event: &Event) -> Option<Self> {
        match event.kind {
            EventType::ConsentGiven => Some(Self::Given),
            EventType::ConsentWithdrawn => Some(Self::Withdrawn),
            _ => None,
        }
    }
}

/// How often a purpose was given, denied and withdrawn on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DecisionCount {
    /// How often it was given.
    pub given: u64,
    /// How often it was denied.
    pub denied: u64,
    /// How often it was withdrawn.
    pub withdrawn: u64,
}

/// The counts of a purpose by day. No purpose is for those beyond the limit of names.
pub type CountsOfPurpose = (Option<String>, BTreeMap<String, DecisionCount>);

/// The counts.
#[derive(Clone)]
pub struct DecisionCounts {
    database: Database,
    table: String,
}

impl DecisionCounts {
    /// In the table that `EVENTS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: database.table("EVENTS_TABLE") }
    }

    /// Adds decisions about purposes to the counts of the day of an event.
    pub(crate) async fn add(
        &self,
        unit: &mut UnitOfWork,
        tenant: Tenant,
        event: (EventId, Timestamp),
        decisions: &[(Decided, &str)],
    ) -> Result<(), Error> {
        if decisions.is_empty() {
            return Ok(());
        }
        let (id, moment) = event;
        let key = key(tenant, shard(id), &moment.day());
        let counted: HashMap<String, i64> = self.database.get(&self.table, &key).await?.unwrap_or_default();
        let mut change = Change::of_any(key).set_removal(moment.plus_days(KEPT_DAYS))?;
        for (name, count) in named(&counted, decisions) {
            change = change.add(&name, count);
        }
        unit.update(&self.table, change, Error::Stale);
        Ok(())
    }

    /// The counts of the days from one to another, by purpose.
    pub async fn of_days(&self, tenant: Tenant, first: &str, last: &str) -> Result<Vec<CountsOfPurpose>, Error> {
        let days = usize::try_from(KEPT_DAYS).unwrap_or(usize::MAX);
        let reads = (0..SHARDS).map(|shard| {
            let (low, high) = (key(tenant, shard, first), key(tenant, shard, last));
            async move { self.database.query_oldest(&self.table, &low, &high, days).await }
        });
        let found: Vec<Vec<Item>> = stream::iter(reads.collect::<Vec<_>>()).buffered(PARALLEL).try_collect().await?;
        let mut counts: BTreeMap<String, BTreeMap<String, DecisionCount>> = BTreeMap::new();
        for item in found.into_iter().flatten() {
            let day = match item.get(SORT) {
                Some(AttributeValue::S(sort)) => sort.rsplit('#').next().unwrap_or_default().to_owned(),
                _ => continue,
            };
            for (name, count) in from_item::<HashMap<String, i64>>(item)? {
                let Some((decided, purpose)) = read(&name) else { continue };
                let count = u64::try_from(count).unwrap_or_default();
                let of_day = counts.entry(purpose.to_owned()).or_default().entry(day.clone()).or_default();
                match decided {
                    Decided::Given => of_day.given += count,
                    Decided::Denied => of_day.denied += count,
                    Decided::Withdrawn => of_day.withdrawn += count,
                }
            }
        }
        Ok(counts.into_iter().map(|(purpose, days)| (Some(purpose).filter(|it| it != OTHERS), days)).collect())
    }
}

/// What is to be added to which attribute. Two who count at once may both add the last name: one more does no harm.
fn named(counted: &HashMap<String, i64>, decisions: &[(Decided, &str)]) -> BTreeMap<String, u64> {
    let mut names = counted.keys().filter(|name| read(name).is_some()).count();
    let mut added: BTreeMap<String, u64> = BTreeMap::new();
    for (decided, purpose) in decisions {
        let name = format!("{}{purpose}", decided.prefix());
        let is_new = !counted.contains_key(&name) && !added.contains_key(&name);
        let name = if is_new && names >= NAMED { format!("{}{OTHERS}", decided.prefix()) } else { name };
        names += usize::from(is_new);
        *added.entry(name).or_default() += 1;
    }
    added
}

/// What an attribute counts; `None` if it is none of the counts.
fn read(name: &str) -> Option<(Decided, &str)> {
    if name == REMOVABLE_AT {
        return None;
    }
    Decided::ALL.into_iter().find_map(|decided| Some((decided, name.strip_prefix(decided.prefix())?)))
}

fn shard(id: EventId) -> u16 {
    let digest = Sha256::digest(id.to_string().as_bytes());
    digest.first().map_or(0, |byte| u16::from(*byte) % SHARDS)
}

fn key(tenant: Tenant, shard: u16, day: &str) -> Key {
    Key::of_tenant(tenant, &["counts", &shard.to_string()], &["counts", day])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_shards_are_used() {
        let context = crate::domain::RequestContext::system();
        let used: std::collections::BTreeSet<u16> = (0..1_000).map(|_| shard(EventId::fresh(&context))).collect();
        assert_eq!(used.into_iter().collect::<Vec<_>>(), (0..SHARDS).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_beyond_the_limit_of_names_is_counted_together() {
        let counted: HashMap<String, i64> = (1..NAMED).map(|each| (format!("g:{each}"), 1)).collect();
        let decisions = [(Decided::Given, "1"), (Decided::Given, "a"), (Decided::Given, "b"), (Decided::Denied, "b")];
        let added: Vec<(String, u64)> = named(&counted, &decisions).into_iter().collect();
        let one = |name: &str| (name.to_owned(), 1);
        assert_eq!(added, [one("d:*"), one("g:*"), one("g:1"), one("g:a")]);
        let others = [(Decided::Withdrawn, "c"), (Decided::Withdrawn, "d")];
        let full: HashMap<String, i64> = (0..NAMED).map(|each| (format!("g:{each}"), 1)).collect();
        assert_eq!(named(&full, &others), BTreeMap::from([("w:*".to_owned(), 2)]));
    }

    #[test]
    fn an_attribute_says_what_it_counts() {
        assert_eq!(read("g:ads:eu"), Some((Decided::Given, "ads:eu")));
        assert_eq!(read("d:*"), Some((Decided::Denied, "*")));
        assert_eq!(read("w:x"), Some((Decided::Withdrawn, "x")));
        assert_eq!(read(REMOVABLE_AT), None);
        assert_eq!(read("v"), None);
    }

    #[test]
    fn what_ends_by_itself_is_no_decision() {
        let context = crate::domain::RequestContext::system();
        let counted: Vec<EventType> =
            EventType::ALL.into_iter().filter(|kind| Decided::of(&Event::new(*kind, &context)).is_some()).collect();
        assert_eq!(counted, [EventType::ConsentGiven, EventType::ConsentWithdrawn]);
    }
}
