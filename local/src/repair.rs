//! After a restore: examines what must hold between the items of all tables, mends what can be mended, and erases again
//! who was erased since. docs/restore.md says when.

use std::collections::BTreeMap;
use std::path::Path;

use assent_shared::domain::{RequestContext, Timestamp};
use assent_shared::environment::Environment;
use assent_shared::service::{Erasures, Replayed};
use assent_shared::store::{self, Database, Gap, Outcome, Repair};

use crate::Error;
use crate::data::Data;
use crate::functions::fixed_environment;
use crate::keys::{Location, at_database};
use crate::secrets;
use crate::stack::{Aws, Stack};

/// The variable of the secret under which persons have pseudonyms, and the output of a stack that names the secret.
const PSEUDONYMS: (&str, &str) = ("PSEUDONYM_SECRET", "PseudonymSecretArn");

/// Examines all tables of a location, and mends what can be mended if `mend` is set. `report` gets a line for each gap, and
/// one at the end. Returns whether nothing is left to do.
pub async fn repair(location: &Location, mend: bool, mut report: impl FnMut(String)) -> Result<bool, Error> {
    let repair = async |database: &Database| {
        let (mut found, mut mended) = (0, 0);
        let count = |gap: Gap| {
            found += 1;
            mended += usize::from(gap.outcome == Outcome::Mended);
            report(line(&gap));
        };
        let run = Repair::new(database, RequestContext::system()).run(mend, count).await;
        run.map_err(|error| database_error(&error))?;
        report(format!("{found} found, {mended} mended"));
        Ok(found == mended)
    };
    at(location, None, repair).await
}

fn line(gap: &Gap) -> String {
    let outcome = match gap.outcome {
        Outcome::Mended => "mended",
        Outcome::Mendable => "--fix mends it",
        Outcome::Left => "left",
    };
    format!("{} ({outcome})", gap.what)
}

/// Erases again who was erased at a location since this moment.
pub async fn replay_erasures(location: &Location, since: &str) -> Result<Replayed, Error> {
    let since = Timestamp::parse(since).map_err(|invalid| Error::Repair(format!("--since {invalid}")))?;
    let replay = async |database: &Database| {
        let erasures = Erasures::from_environment(database).map_err(|error| database_error(&error))?;
        erasures.replay(since, RequestContext::system).await.map_err(|error| database_error(&error))
    };
    at(location, Some(PSEUDONYMS), replay).await
}

/// Runs `work` with the tables of a location, and with this secret: its variable, and the output that names it.
async fn at<T>(
    location: &Location,
    secret: Option<(&str, &str)>,
    work: impl AsyncFnOnce(&Database) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut variables = BTreeMap::new();
    match location {
        // Tables on this machine are named by their logical ids.
        Location::Directory(directory) => {
            if let Some((variable, _)) = secret {
                let secret = match secrets::of_directory(&Data::find(directory)?, variable)? {
                    Some(secret) => secret,
                    // The directory is one of `make dev`.
                    None => fixed_environment(Path::new(".")).await?.remove(variable).unwrap_or_default(),
                };
                variables.insert(variable.to_owned(), secret);
            }
            let environment = Environment::given(variables);
            at_database(directory, async |database| work(&database.clone().with_environment(environment)).await).await
        }
        Location::Stack(name) => {
            let stack = Stack::find(Aws::from_environment(), name).await?;
            let names = stack.table_names()?;
            if let Some((variable, output)) = secret {
                variables.insert(variable.to_owned(), stack.secret(output).await?);
            }
            variables.extend(names.into_iter().map(|(logical_id, name)| (variable_of(&logical_id), name)));
            let database = stack.database().await?.with_environment(Environment::given(variables));
            work(&database).await
        }
    }
}

/// The variable that names a table: `CONSENT_RECORDS_TABLE` for `ConsentRecordsTable`.
fn variable_of(logical_id: &str) -> String {
    let mut variable = String::new();
    for letter in logical_id.chars() {
        if letter.is_ascii_uppercase() && !variable.is_empty() {
            variable.push('_');
        }
        variable.push(letter.to_ascii_uppercase());
    }
    variable
}

fn database_error(error: &store::Error) -> Error {
    Error::Database(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Template;

    #[test]
    fn a_table_has_the_variable_that_the_template_gives_it() -> Result<(), Error> {
        let template = Template::own()?;
        let known: Vec<&String> =
            template.functions.values().flat_map(|function| function.environment.keys()).collect();
        for table in template.tables.iter().filter(|table| table.name != "TenantsTable") {
            assert!(known.contains(&&variable_of(&table.name)), "{}", table.name);
        }
        Ok(())
    }
}
