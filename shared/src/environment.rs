//! The configuration of a function: the variables of its process, or the
//! variables that a program gives to each of the functions it hosts.

use crate::domain::{Clock, Random, consent_record::Retention, webhook_url::Reach};
use aws_sdk_dynamodb::config::{ProvideCredentials, SharedCredentialsProvider, SharedHttpClient};
use std::{collections::BTreeMap, env, num::ParseIntError, sync::Arc};

/// The variable that lets webhooks reach 127.0.0.1 if it is `1`. Only a local system for development sets it; the
/// template cannot (`cargo xtask generate` refuses one that names it).
pub const WEBHOOKS_TO_LOOPBACK: &str = "ASSENT_WEBHOOKS_TO_LOOPBACK";

/// The variables of one function.
#[derive(Clone, Default)]
pub struct Environment {
    /// `None` means the variables of the process.
    given: Option<Arc<BTreeMap<String, String>>>,
    /// A database within the process, which a host may have.
    database: Option<SharedHttpClient>,
    /// Credentials that change, which a host may have.
    credentials: Option<SharedCredentialsProvider>,
    /// A clock and a source of randomness, which a host may have.
    clock: Option<(Clock, Random)>,
}

impl Environment {
    /// The variables of this process.
    pub fn of_process() -> Self {
        Self::default()
    }

    /// Only these variables.
    pub fn given(variables: BTreeMap<String, String>) -> Self {
        Self { given: Some(Arc::new(variables)), ..Self::default() }
    }

    /// The same with a database in the process of the host, behind this HTTP client.
    #[must_use]
    pub fn with_database(self, database: SharedHttpClient) -> Self {
        Self { database: Some(database), ..self }
    }

    /// The same with a host's source of credentials for the database, instead of those in the variables.
    #[must_use]
    pub fn with_credentials(self, credentials: impl ProvideCredentials + 'static) -> Self {
        Self { credentials: Some(SharedCredentialsProvider::new(credentials)), ..self }
    }

    /// The same with a host's clock and source of randomness, instead of the system's.
    #[must_use]
    pub fn with_clock(self, clock: Clock, random: Random) -> Self {
        Self { clock: Some((clock, random)), ..self }
    }

    /// The clock: the host's, if it has one, else the system's.
    pub fn clock(&self) -> Clock {
        self.clock.as_ref().map_or_else(Clock::system, |(clock, _)| clock.clone())
    }

    /// The source of randomness: the host's, if it has one, else the system's.
    pub(crate) fn random(&self) -> Random {
        self.clock.as_ref().map_or_else(Random::system, |(_, random)| random.clone())
    }

    /// The host's source of credentials, if it has one.
    pub(crate) fn credentials(&self) -> Option<&SharedCredentialsProvider> {
        self.credentials.as_ref()
    }

    /// The host's own database, if it has one.
    pub(crate) fn database(&self) -> Option<&SharedHttpClient> {
        self.database.as_ref()
    }

    /// The value of a variable, if it is set and not empty.
    pub fn variable(&self, name: &str) -> Option<String> {
        let value = match &self.given {
            None => env::var(name).ok(),
            Some(variables) => variables.get(name).cloned(),
        };
        value.filter(|value| !value.is_empty())
    }

    /// How long records are kept after their processing has ended: 30 days by default. Fails if the variable is no number.
    pub fn retention(&self) -> Result<Retention, ParseIntError> {
        let days = self.variable("RETENTION_DAYS_AFTER_PROCESSING");
        Ok(Retention { days_after_processing: days.map_or(Ok(30), |days| days.parse())? })
    }

    /// How far webhooks may reach.
    pub fn webhook_reach(&self) -> Reach {
        match self.variable(WEBHOOKS_TO_LOOPBACK).as_deref() {
            Some("1") => Reach::PublicAndLoopback,
            _ => Reach::Public,
        }
    }

    /// The name of a table: the value of the variable (`CONSENT_RECORDS_TABLE`),
    /// or the table's logical id in the template (`ConsentRecordsTable`) if the
    /// variable is not set. Local tables are named by their logical ids.
    pub(crate) fn table(&self, variable: &str) -> String {
        self.variable(variable).unwrap_or_else(|| {
            let words = variable.split('_').map(|word| {
                let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
                first.to_owned() + &rest.to_lowercase()
            });
            words.collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_name_comes_from_the_variable_or_the_logical_id() {
        let variables = [("GRANTS_TABLE", "stack-GrantsTable-1"), ("PROJECTS_TABLE", "")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let environment = Environment::given(BTreeMap::from(variables));
        assert_eq!(environment.table("GRANTS_TABLE"), "stack-GrantsTable-1");
        assert_eq!(environment.table("PROJECTS_TABLE"), "ProjectsTable");
        assert_eq!(environment.table("CONSENT_RECORDS_TABLE"), "ConsentRecordsTable");
        assert_eq!(environment.variable("PROJECTS_TABLE"), None);
    }
}
