//! The log of consent checks: what was asked and answered, in one item for each call
//! that asks to be logged. It names a person only by a pseudonym, and is removed after
//! a year.

use crate::{
    domain::{
        Timestamp,
        audit::Actor,
        consent_check::{Answer, Question},
        identifiers::CheckId,
    },
    store::{Database, Error, Pseudonyms, UnitOfWork, database::Removal, key::Key},
};
use serde::Serialize;
use uuid::Uuid;

/// How long an item is kept.
const MONTHS: u32 = 12;

/// The log of consent checks.
pub struct CheckLog {
    table: String,
    pseudonyms: Pseudonyms,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckItem<'a> {
    checked_at: Timestamp,
    /// The API key that asked.
    key_id: Uuid,
    items: Vec<LoggedAnswer<'a>>,
    #[serde(flatten)]
    removal: Removal,
}

#[derive(Serialize)]
struct LoggedAnswer<'a> {
    person: String,
    asked: &'a Question,
    answered: &'a Answer,
}

impl CheckLog {
    /// The table that `CONSENT_CHECKS_TABLE` names, and the environment's `PSEUDONYM_SECRET`.
    pub fn from_environment(database: &Database) -> Result<Self, Error> {
        Ok(Self { table: database.table("CONSENT_CHECKS_TABLE"), pseudonyms: Pseudonyms::from_environment(database)? })
    }

    /// Logs questions with their answers, which are in the same order. A hundred of the
    /// largest questions fit into an item of 400 KB.
    pub(crate) fn add(
        &self,
        unit: &mut UnitOfWork,
        actor: Actor,
        questions: &[Question],
        answers: &[Answer],
    ) -> Result<CheckId, Error> {
        let (check_id, checked_at) = (CheckId::fresh(unit.context()), unit.context().now);
        let items = questions.iter().zip(answers).map(|(asked, answered)| LoggedAnswer {
            person: self.pseudonyms.in_check_log(actor.tenant, &asked.data_principal_id),
            asked,
            answered,
        });
        let item = CheckItem {
            checked_at,
            key_id: actor.key_id,
            items: items.collect(),
            removal: Removal::after(checked_at.plus_months(MONTHS)),
        };
        unit.create_new(&self.table, &Key::of_tenant(actor.tenant, &[&check_id.to_string()], &["check"]), &item)?;
        Ok(check_id)
    }
}
