//! The shards of a tenant's lists: shows and changes their numbers, on this machine or in a deployed stack. docs/deploy.md
//! says when to change them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use assent_shared::domain::{RequestContext, Tenant, Timestamp};
use assent_shared::store::{self, ApiKeys, Database, Epochs, Shards, TENANT_LISTS};

use crate::Error;
use crate::keys::{Location, at_database};
use crate::stack::{Aws, Stack};

/// The numbers of shards of all lists of a tenant, one line each, with the moment from which a number is valid.
pub async fn show(location: &Location, tenant: &str) -> Result<String, Error> {
    let show = async |tables: &Tables| {
        let (tenant, mut lines) = (tables.tenant(tenant).await?, String::new());
        for (list, table) in TENANT_LISTS {
            let epochs = tables.database.current_epochs(tables.name(table)?, tenant, list).await;
            lines.push_str(&shown(list, &epochs.map_err(|error| database_error(&error))?));
        }
        Ok(lines)
    };
    at(location, show).await
}

/// Changes the number of shards of a tenant's list from some minutes on. Returns its lines as [`show`] shows them.
pub async fn set(location: &Location, tenant: &str, list: &str, count: u16) -> Result<String, Error> {
    let invalid = |name: &str, reason: String| Error::Shards(format!("{name} {reason}"));
    let shards = Shards::new(count).map_err(|reason| invalid("--count", reason.to_string()))?;
    let known = || TENANT_LISTS.map(|(list, _)| list).join(", ");
    let found = TENANT_LISTS.into_iter().find(|(name, _)| *name == list);
    let (list, table) = found.ok_or_else(|| invalid("--list", format!("must be one of {}", known())))?;
    let set = async |tables: &Tables| {
        let (tenant, table) = (tables.tenant(tenant).await?, tables.name(table)?);
        let changed = tables.database.change_shards(table, tenant, list, shards, &RequestContext::system()).await;
        let epochs = changed
            .map_err(|error| database_error(&error))?
            .map_err(|reason| invalid("--count", reason.to_string()))?;
        Ok(shown(list, &epochs))
    };
    at(location, set).await
}

fn shown(list: &str, epochs: &Epochs) -> String {
    let mut lines = String::new();
    for (number, epoch) in epochs.all() {
        let count = epoch.shards.count();
        let since = Timestamp::from_milliseconds(epoch.since).filter(|_| number > 0);
        let since = since.map(|since| format!(" from {since}")).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(lines, "{list:10} {count:3} shard{}{since}", if count == 1 { "" } else { "s" });
    }
    lines
}

/// The tables of one location.
struct Tables {
    database: Database,
    keys: ApiKeys,
    /// Their names by their logical ids. Local tables are named by these.
    names: BTreeMap<String, String>,
}

impl Tables {
    async fn tenant(&self, name: &str) -> Result<Tenant, Error> {
        let tenant = self.keys.tenant_named(name).await.map_err(|error| database_error(&error))?;
        tenant.ok_or_else(|| Error::Shards(format!("there is no tenant {name:?}: `keys list` shows all of them")))
    }

    fn name<'a>(&'a self, table: &'a str) -> Result<&'a str, Error> {
        if self.names.is_empty() {
            return Ok(table);
        }
        let name = self.names.get(table).map(String::as_str);
        name.ok_or_else(|| Error::Shards(format!("the stack has no {table}: deploy this version first")))
    }
}

async fn at<T>(location: &Location, work: impl AsyncFnOnce(&Tables) -> Result<T, Error>) -> Result<T, Error> {
    match location {
        Location::Directory(directory) => {
            let work = async |database: &Database| {
                let (database, keys) = (database.clone(), ApiKeys::new(database));
                work(&Tables { database, keys, names: BTreeMap::new() }).await
            };
            at_database(directory, work).await
        }
        Location::Stack(name) => {
            let stack = Stack::find(Aws::from_environment(), name).await?;
            let (keys, names) = (stack.api_keys().await?, stack.table_names()?);
            work(&Tables { database: stack.database().await?, keys, names }).await
        }
    }
}

fn database_error(error: &store::Error) -> Error {
    Error::Database(error.to_string())
}
