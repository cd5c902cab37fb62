//! The latest decisions of each person about each notice, by the ids of their records. They are part of the table of
//! consent records.
//!
//! A denial ends the consents that it finds in the person's list, and no condition of `DynamoDB` can say that a list
//! has no new entry. So every new record also writes this one item. A denial reads it before it reads the list, and is
//! written on condition that the item is unchanged; a consent, on condition that there is no new denial. Of two records
//! that are written at the same moment one therefore sees the other, and begins again. Consents do not wait for one
//! another.
//!
//! This costs a consent one read unit and two write units, which is the price of any further item in a transaction. No
//! item that a consent writes or requires anyway would do: its grant could not, because a denial would have to require
//! that all grants of the person are unchanged.

use crate::{
    domain::{
        Tenant,
        identifiers::{PrincipalId, RecordId},
    },
    store::{Database, Error, UnitOfWork, change::Change, key::Key},
};
use serde::Deserialize;

/// For how many days after the latest record the item is kept: longer than requests overlap, and than clocks differ.
/// It only orders records that are written at the same moment.
const DAYS: u32 = 1;
/// The attributes.
const CONSENT: &str = "consent";
const DENIAL: &str = "denial";

/// The latest decisions of persons.
#[derive(Clone)]
pub(crate) struct LatestDecisions {
    database: Database,
    table: String,
}

/// The latest decisions of a person about a notice, as they were read.
pub(crate) struct LatestRead {
    key: Key,
    latest: Latest,
}

#[derive(Default, Deserialize)]
struct Latest {
    #[serde(default)]
    consent: Option<RecordId>,
    #[serde(default)]
    denial: Option<RecordId>,
}

impl LatestRead {
    /// The record with the latest denial, if there was one in the last day.
    pub(crate) fn denial(&self) -> Option<RecordId> {
        self.latest.denial
    }
}

impl LatestDecisions {
    /// In the table of consent records.
    pub(crate) fn new(database: &Database, table: &str) -> Self {
        Self { database: database.clone(), table: table.to_owned() }
    }

    /// The latest decisions as they are now. `notice_id` may be any text from a request.
    pub(crate) async fn read(
        &self,
        tenant: Tenant,
        principal_id: &PrincipalId,
        notice_id: &str,
    ) -> Result<LatestRead, Error> {
        let key = key(tenant, principal_id, notice_id);
        let latest: Option<Latest> = self.database.get(&self.table, &key).await?;
        Ok(LatestRead { key, latest: latest.unwrap_or_default() })
    }

    /// Makes a new record the latest one, on condition that no denial was written since these were read. If it denies
    /// something itself, nothing else may have been written either.
    pub(crate) fn follow(
        &self,
        unit: &mut UnitOfWork,
        LatestRead { key, latest }: LatestRead,
        record_id: RecordId,
        denies: bool,
    ) -> Result<(), Error> {
        let mut change = Change::of_any(key).when_still(DENIAL, latest.denial.as_ref())?;
        if denies {
            change = change.when_still(CONSENT, latest.consent.as_ref())?;
        }
        let change = change
            .set(if denies { DENIAL } else { CONSENT }, &record_id)?
            .set_removal(unit.context().now.plus_days(DAYS))?;
        unit.update(&self.table, change, Error::Stale);
        Ok(())
    }

    /// Removes the latest decisions of a person about a notice, because they name the person.
    pub(crate) fn erase(&self, unit: &mut UnitOfWork, tenant: Tenant, principal_id: &PrincipalId, notice_id: &str) {
        unit.delete(&self.table, Change::of_any(key(tenant, principal_id, notice_id)), Error::Stale);
    }
}

fn key(tenant: Tenant, principal_id: &PrincipalId, notice_id: &str) -> Key {
    Key::of_tenant(tenant, &["latest", principal_id.as_str()], &[notice_id])
}
