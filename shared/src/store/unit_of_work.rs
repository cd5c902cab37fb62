//! The one way to write: changes that happen all or not at all, each with its
//! condition and the error that the condition's failure is.

use crate::{
    domain::{DomainError, RequestContext, audit::SubjectKey},
    store::{
        Database, Error,
        change::Change,
        database::{Item, to_item},
        key::Key,
        write::{self, Action, FailedCondition, WriteError, until_settled},
    },
};
use serde::Serialize;

/// The attribute that makes an item an entry of an audit trail. An entry has an
/// id of its own, so no two transactions ever write the same.
const ENTRY: &str = "entry";

/// Changes that one call makes, to be committed together.
#[must_use = "nothing is written before it is committed"]
pub struct UnitOfWork {
    context: RequestContext,
    writes: Vec<Write>,
    response_key: Option<SubjectKey>,
}

/// One change of a unit of work.
struct Write {
    table: String,
    action: Action,
    /// The error that a failure of its condition is.
    on_condition_failed: Error,
}

impl UnitOfWork {
    /// An empty one.
    pub fn new(context: &RequestContext) -> Self {
        Self { context: context.clone(), writes: Vec::new(), response_key: None }
    }

    /// The moment and the randomness of the call.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Puts an item that must not exist yet.
    pub(crate) fn create(
        &mut self,
        table: &str,
        key: &Key,
        value: &impl Serialize,
        on_condition_failed: impl Into<Error>,
    ) -> Result<&mut Self, Error> {
        let item = to_item(key, value)?;
        Ok(self.add(table, Action::Create(item), on_condition_failed))
    }

    /// Puts an item whose key was made up for it, and so is nobody else's.
    pub(crate) fn create_new(&mut self, table: &str, key: &Key, value: &impl Serialize) -> Result<&mut Self, Error> {
        self.create(table, key, value, Error::Internal("a new key was taken".to_owned()))
    }

    /// Changes an item.
    pub(crate) fn update(&mut self, table: &str, change: Change, on_condition_failed: impl Into<Error>) -> &mut Self {
        self.add(table, Action::Update(change), on_condition_failed)
    }

    /// Deletes an item that meets the conditions.
    pub(crate) fn delete(
        &mut self,
        table: &str,
        condition: Change,
        on_condition_failed: impl Into<Error>,
    ) -> &mut Self {
        self.add(table, Action::Delete(condition), on_condition_failed)
    }

    /// Requires an item to meet the conditions, without changing it.
    pub(crate) fn require(
        &mut self,
        table: &str,
        condition: Change,
        on_condition_failed: impl Into<Error>,
    ) -> &mut Self {
        self.add(table, Action::Require(condition), on_condition_failed)
    }

    fn add(&mut self, table: &str, action: Action, on_condition_failed: impl Into<Error>) -> &mut Self {
        self.writes.push(Write { table: table.to_owned(), action, on_condition_failed: on_condition_failed.into() });
        self
    }

    /// Names the key under which the response is sealed where it is stored:
    /// that of the subject whose personal data it shows.
    pub(crate) fn seal_response_under(&mut self, key: SubjectKey) {
        self.response_key = Some(key);
    }

    /// The key under which the response is sealed where it is stored.
    pub fn response_key(&self) -> Option<&SubjectKey> {
        self.response_key.as_ref()
    }

    /// Stores the response to the call among the changes: as the first to be
    /// judged, for a repeat changes nothing, whatever has changed since.
    pub(crate) fn store_response(&mut self, table: &str, change: Change) {
        let action = Action::Update(change);
        self.writes.insert(0, Write { table: table.to_owned(), action, on_condition_failed: Error::ResponseStored });
    }

    /// Writes all changes, or none: a single creation as a conditional put, at
    /// half the price, and anything else as a transaction.
    pub async fn commit(self, database: &Database) -> Result<(), Error> {
        let attempt = self.context.uuid().to_string();
        let written = match self.writes.as_slice() {
            [] => Ok(()),
            [Write { table, action: Action::Create(item), .. }] => {
                until_settled(&self.context, || write::put(database, table, item, &attempt)).await
            }
            writes => {
                // `DynamoDB` knows a repeat again by its token, if it is the same to the letter.
                let items: Result<Vec<_>, Error> =
                    writes.iter().map(|write| write.action.in_transaction(&write.table)).collect();
                let items = items?;
                until_settled(&self.context, || write::transact(database, items.clone(), &attempt)).await
            }
        };
        match written {
            Ok(()) => Ok(()),
            Err(WriteError::ConditionsFailed(failed)) if self.met_itself(&failed) => Ok(()),
            Err(WriteError::ConditionsFailed(failed)) => Err(self.error_of(&failed)),
            Err(WriteError::Contended) => Err(Error::Unavailable("the item was contended for too long".to_owned())),
            Err(WriteError::Failed(error)) => Err(error),
        }
    }

    /// Whether the conditions failed on what this very call wrote: a repeat of a
    /// write whose response was lost. `DynamoDB` knows it again by its token; a
    /// local database that was restarted in between does not.
    fn met_itself(&self, failed: &[FailedCondition]) -> bool {
        failed.iter().any(|failed| match (self.writes.get(failed.position), &failed.item) {
            (Some(Write { action: Action::Create(created), .. }), Some(found)) => is_same_entry(created, found),
            _ => false,
        })
    }

    /// The error of the first failed condition. But that a resource does not
    /// exist comes before that the response was stored.
    fn error_of(self, failed: &[FailedCondition]) -> Error {
        let is_failed = |position| failed.iter().any(|failed| failed.position == position);
        let errors = self.writes.into_iter().enumerate();
        let mut errors =
            errors.filter(|(position, _)| is_failed(*position)).map(|(_, write)| write.on_condition_failed);
        match errors.next() {
            Some(Error::ResponseStored) => errors
                .find(|error| matches!(error, Error::Domain(DomainError::NotFound(_))))
                .unwrap_or(Error::ResponseStored),
            Some(first) => first,
            None => Error::Internal("a condition failed that nobody set".to_owned()),
        }
    }
}

fn is_same_entry(created: &Item, found: &Item) -> bool {
    created.contains_key(ENTRY) && created.get(ENTRY) == found.get(ENTRY)
}
