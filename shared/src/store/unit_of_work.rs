//! The unit of work: changes that are committed together or not at all. Each has its
//! condition, and the error to return if the condition fails. All requests write
//! this way.

use crate::{
    domain::{DomainError, RequestContext, audit::SubjectKey},
    store::{
        Database, Error,
        change::Change,
        database::{Item, to_item},
        key::Key,
        schema,
        write::{self, Action, FailedCondition, WriteError, unconditional_write_failed, until_settled},
    },
};
use serde::Serialize;

/// The attribute that only entries of an audit trail have. An entry has a random id,
/// so no two transactions write the same entry.
const ENTRY: &str = "entry";

/// The changes of one request, which are committed together.
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
    /// The error if its condition fails.
    on_condition_failed: Error,
}

impl UnitOfWork {
    /// An empty unit of work.
    pub fn new(context: &RequestContext) -> Self {
        Self { context: context.clone(), writes: Vec::new(), response_key: None }
    }

    /// The moment and the randomness of the request.
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

    /// Puts an item with a new random key, which no other item can have.
    pub(crate) fn create_new(&mut self, table: &str, key: &Key, value: &impl Serialize) -> Result<&mut Self, Error> {
        self.create(table, key, value, Error::Internal("a new key was taken".to_owned()))
    }

    /// Changes an item.
    pub(crate) fn update(&mut self, table: &str, change: Change, on_condition_failed: impl Into<Error>) -> &mut Self {
        self.add(table, Action::Update(change), on_condition_failed)
    }

    /// Puts an item in the place of one that meets the conditions.
    pub(crate) fn replace(
        &mut self,
        table: &str,
        condition: Change,
        value: &impl Serialize,
        on_condition_failed: impl Into<Error>,
    ) -> Result<&mut Self, Error> {
        let item = condition.item(value)?;
        Ok(self.add(table, Action::Replace(condition, item), on_condition_failed))
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

    /// Sets the key under which the response is sealed if it is stored: the key of the
    /// subject whose personal data the response shows.
    pub(crate) fn seal_response_under(&mut self, key: SubjectKey) {
        self.response_key = Some(key);
    }

    /// The key under which the response is sealed if it is stored.
    pub fn response_key(&self) -> Option<&SubjectKey> {
        self.response_key.as_ref()
    }

    /// Adds the write of the response. It is the first of the changes, so that its error
    /// comes first: a repeated request gets the stored response, whatever has changed
    /// since.
    pub(crate) fn store_response(&mut self, table: &str, change: Change) {
        let action = Action::Update(change);
        self.writes.insert(0, Write { table: table.to_owned(), action, on_condition_failed: Error::ResponseStored });
    }

    /// Writes all changes or none. A single creation is a conditional put, at half the
    /// price of a transaction; anything else is a transaction.
    pub async fn commit(self, database: &Database) -> Result<(), Error> {
        let attempt = self.context.uuid().to_string();
        let written = match self.writes.as_slice() {
            [] => Ok(()),
            [Write { table, action: Action::Create(item), .. }] => {
                until_settled(&self.context, || write::put(database, table, item, &attempt)).await
            }
            writes => {
                // `DynamoDB` recognises a repeat by its token, and requires it to be identical.
                let items: Result<Vec<_>, Error> =
                    writes.iter().map(|write| write.action.in_transaction(&write.table)).collect();
                let items = items?;
                until_settled(&self.context, || write::transact(database, items.clone(), &attempt)).await
            }
        };
        match written {
            Ok(()) => Ok(()),
            Err(WriteError::ConditionsFailed(failed)) if self.found_own_entry(&failed) => Ok(()),
            Err(WriteError::ConditionsFailed(failed)) => Err(self.error_of(&failed)),
            Err(WriteError::Contended) => Err(write::contended_too_long()),
            Err(WriteError::Failed(error)) => Err(error),
        }
    }

    /// Writes all changes or none, and returns whether it did: not if what was read has changed meanwhile.
    pub(crate) async fn commit_if_current(self, database: &Database) -> Result<bool, Error> {
        match self.commit(database).await {
            Ok(()) => Ok(true),
            Err(Error::Stale) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether the conditions failed on an entry that this unit of work wrote itself, in
    /// an attempt whose response was lost. `DynamoDB` recognises the repeat by its token,
    /// but a local database that was restarted in between does not.
    fn found_own_entry(&self, failed: &[FailedCondition]) -> bool {
        failed.iter().any(|failed| match (self.writes.get(failed.position), &failed.item) {
            (Some(Write { action: Action::Create(created), .. }), Some(found)) => is_same_entry(created, found),
            _ => false,
        })
    }

    /// The error of the first failed condition. If that is [`Error::ResponseStored`] but a
    /// resource does not exist, the error is that the resource does not exist. An item of
    /// a version that this program does not know comes before both.
    fn error_of(self, failed: &[FailedCondition]) -> Error {
        if let Some(unknown) = failed.iter().find_map(|failed| schema::require_known(failed.item.as_ref()?).err()) {
            return unknown;
        }
        let is_failed = |position| failed.iter().any(|failed| failed.position == position);
        let errors = self.writes.into_iter().enumerate();
        let mut errors =
            errors.filter(|(position, _)| is_failed(*position)).map(|(_, write)| write.on_condition_failed);
        match errors.next() {
            Some(Error::ResponseStored) => errors
                .find(|error| matches!(error, Error::Domain(DomainError::NotFound(_))))
                .unwrap_or(Error::ResponseStored),
            Some(first) => first,
            None => unconditional_write_failed(),
        }
    }
}

fn is_same_entry(created: &Item, found: &Item) -> bool {
    created.contains_key(ENTRY) && created.get(ENTRY) == found.get(ENTRY)
}
