//! API keys for local tenants.

use std::path::Path;
use std::time::Duration;

use assent_shared::domain::World;
use assent_shared::domain::api_key::{ApiKeyStatus, ApiKeyText};
use assent_shared::domain::scope::Scopes;
use assent_shared::store::{ApiKeys, Database, KeyOrder};

use crate::Error;
use crate::data::Data;
use crate::database::{Dynoxide, create_tables};
use crate::template::Template;

/// How long a key waits for a database that another process is starting.
const START_PATIENCE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(100);

/// Issues a key for the tenant (made if it is new) in the data directory, whether or not its database is running, and
/// returns the key's text. `scopes` are separated by commas; `*` is all of them.
pub async fn issue(directory: &Path, tenant: &str, scopes: &str) -> Result<String, Error> {
    let tenant = tenant_name(tenant)?;
    let scopes = parse_scopes(scopes)?;
    at_database(directory, async |endpoint| issue_at(endpoint, tenant, scopes).await).await
}

/// Works at the database of a data directory: the one that is running, or else one that runs for that long.
pub(crate) async fn at_database<T>(
    directory: &Path,
    work: impl AsyncFnOnce(&str) -> Result<T, Error>,
) -> Result<T, Error> {
    let data = Data::open(directory)?;
    let Some(_lock) = data.try_lock()? else {
        return work(&running(&data).await?).await;
    };
    let template = Template::read("template.yaml")?;
    let database = Dynoxide::start(Some(&data.database_file()), 0)?;
    create_tables(&template, database.endpoint()).await?;
    let done = work(database.endpoint()).await?;
    database.stop();
    Ok(done)
}

fn parse_scopes(list: &str) -> Result<Scopes, Error> {
    let names: Vec<_> = list.split(',').map(str::trim).collect();
    // One by one first, so that the message can say which one is wrong.
    for name in &names {
        Scopes::parse([*name]).map_err(|invalid| Error::Key(format!("the scope {name:?} {invalid}")))?;
    }
    Scopes::parse(names).map_err(|_| Error::Key("the scope * stands alone".to_owned()))
}

fn tenant_name(name: &str) -> Result<&str, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(Error::Key("--tenant: a name of 1 to 200 characters on one line is needed".to_owned()));
    }
    Ok(name)
}

/// The endpoint of the database that another process runs on this directory.
async fn running(data: &Data) -> Result<String, Error> {
    let deadline = tokio::time::Instant::now() + START_PATIENCE;
    loop {
        match data.endpoint() {
            Some(endpoint) => return Ok(endpoint),
            None if tokio::time::Instant::now() < deadline => tokio::time::sleep(POLL).await,
            None => {
                return Err(Error::Key("the local system is still starting: try again once it is ready".to_owned()));
            }
        }
    }
}

pub(crate) async fn issue_at(endpoint: &str, tenant: &str, scopes: Scopes) -> Result<String, Error> {
    let order = KeyOrder { tenant_name: tenant, scopes, expires_at: None, status: ApiKeyStatus::Active };
    let issued = ApiKeys::new(&Database::at(endpoint)).issue(order, &World::real()).await;
    issued.map(|issued| issued.text.reveal().to_owned()).map_err(|error| Error::Database(error.to_string()))
}

/// Whether the key still opens the door for that tenant.
pub(crate) async fn is_good(endpoint: &str, tenant: &str, key: &str) -> Result<bool, Error> {
    let Some(key) = ApiKeyText::parse(key) else { return Ok(false) };
    let caller = ApiKeys::new(&Database::at(endpoint)).caller(&key.hash(), World::real().now()).await;
    let caller = caller.map_err(|error| Error::Database(error.to_string()))?;
    Ok(caller.is_some_and(|caller| caller.tenant_name == tenant && caller.scopes == Scopes::All))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_have_names() {
        assert_eq!(tenant_name(" Acme Ltd ").ok(), Some("Acme Ltd"));
        for name in ["", "  ", "a\nb", &"x".repeat(201)] {
            assert!(tenant_name(name).is_err(), "{name:?}");
        }
    }

    #[tokio::test]
    async fn an_unknown_scope_is_told_with_those_there_are() {
        let Err(error) = issue(Path::new("/nonexistent"), "acme", "notices:read,notices:delete").await else {
            panic!("an error is expected")
        };
        let message = error.to_string();
        assert!(message.contains("notices:read") && message.contains("events:write"), "{message}");
        assert!(message.contains("\"notices:delete\"") && !message.contains('\n'), "{message}");
        assert_eq!(
            parse_scopes(" notices:read , events:write").map(|scopes| scopes.to_string()).ok().as_deref(),
            Some("notices:read events:write")
        );
        assert!(matches!(parse_scopes("*"), Ok(Scopes::All)));
        assert!(parse_scopes("*,notices:read").is_err());
    }
}
