//! The one way to write: a set of changes, each with its condition and the
//! meaning of that condition's failure, that happen all or not at all.

use crate::{
    domain::{Occasion, Refusal},
    store::{
        Database, Error, Memory, Sealing,
        database::{Item, failure, to_attribute, to_item},
        key::{Key, PARTITION},
        throttling::throttles_action,
    },
};
use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    operation::{put_item::PutItemError, transact_write_items::TransactWriteItemsError},
    types::{
        AttributeValue, CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
        TransactWriteItem, Update as UpdateItem,
    },
};
use serde::Serialize;
use std::{collections::HashMap, time::Duration};

/// Marks an item with the attempt that created it. The SDK repeats a write whose
/// answer was lost; a lone creation can then meet itself, and the mark tells it
/// apart from somebody else's. A transaction needs none: `DynamoDB` knows it
/// again by its token.
const ATTEMPT: &str = "attempt";
/// The attribute that makes an item an audit trail's entry. An entry has an id of
/// its own, so no two transactions ever write the same.
const ENTRY: &str = "entry";
/// How often a write that met another transaction is tried again.
const TRIES: u32 = 12;

/// How often something is read anew because it changed before the write.
const READINGS: u32 = 64;

/// An expression with the names and values it refers to.
#[derive(Clone, Default)]
struct Terms {
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Terms {
    fn name(&mut self, name: &str) -> String {
        let alias = format!("#{name}");
        self.names.insert(alias.clone(), name.to_owned());
        alias
    }

    fn value(&mut self, value: &impl Serialize) -> Result<String, Error> {
        let alias = format!(":v{}", self.values.len());
        self.values.insert(alias.clone(), to_attribute(value)?);
        Ok(alias)
    }

    fn names(&self) -> Option<HashMap<String, String>> {
        (!self.names.is_empty()).then(|| self.names.clone())
    }

    fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        (!self.values.is_empty()).then(|| self.values.clone())
    }
}

/// What an existing item must be for a change to happen, and the change.
pub(crate) struct Change {
    key: Key,
    terms: Terms,
    conditions: Vec<String>,
    assignments: Vec<String>,
    removals: Vec<String>,
}

impl Change {
    /// Of an item that must be there.
    pub(crate) fn of(key: Key) -> Self {
        let mut change = Self::of_any(key);
        let name = change.terms.name(PARTITION);
        change.conditions.push(format!("attribute_exists({name})"));
        change
    }

    /// Of an item that is made if it is not there.
    pub(crate) fn of_any(key: Key) -> Self {
        Self { key, terms: Terms::default(), conditions: Vec::new(), assignments: Vec::new(), removals: Vec::new() }
    }

    /// On condition that the attribute has this value.
    pub(crate) fn when(mut self, name: &str, value: &impl Serialize) -> Result<Self, Error> {
        let (name, value) = (self.terms.name(name), self.terms.value(value)?);
        self.conditions.push(format!("{name} = {value}"));
        Ok(self)
    }

    /// On condition that there is no item yet, or one whose attribute has a
    /// lower value.
    pub(crate) fn when_new_or_below(mut self, name: &str, value: &impl Serialize) -> Result<Self, Error> {
        let (partition, name) = (self.terms.name(PARTITION), self.terms.name(name));
        let value = self.terms.value(value)?;
        self.conditions.push(format!("(attribute_not_exists({partition}) OR {name} < {value})"));
        Ok(self)
    }

    /// On condition that the attribute is not there.
    pub(crate) fn when_absent(mut self, name: &str) -> Self {
        let name = self.terms.name(name);
        self.conditions.push(format!("attribute_not_exists({name})"));
        self
    }

    /// Sets the attribute.
    pub(crate) fn set(mut self, name: &str, value: &impl Serialize) -> Result<Self, Error> {
        let (name, value) = (self.terms.name(name), self.terms.value(value)?);
        self.assignments.push(format!("{name} = {value}"));
        Ok(self)
    }

    /// Removes the attribute.
    pub(crate) fn remove(mut self, name: &str) -> Self {
        let name = self.terms.name(name);
        self.removals.push(name);
        self
    }

    fn condition(&self) -> Option<String> {
        (!self.conditions.is_empty()).then(|| self.conditions.join(" AND "))
    }

    fn assignment(&self) -> String {
        let clause = |verb: &str, parts: &[String]| match parts {
            [] => String::new(),
            parts => format!("{verb} {} ", parts.join(", ")),
        };
        clause("SET", &self.assignments) + &clause("REMOVE", &self.removals)
    }
}

enum Action {
    /// Puts an item that must not be there.
    Create(Item),
    /// Changes an item.
    Update(Change),
    /// Takes an item away that is as the change's conditions say.
    Delete(Change),
    /// Only asks that an item is as the change's conditions say.
    Require(Change),
}

/// What a failed condition means, given the item that failed it.
type Meaning = Box<dyn FnOnce(Option<Item>) -> Error + Send>;

/// Changes that happen all or not at all. Where several conditions fail, the
/// first one added speaks.
pub(crate) struct Transaction<'call> {
    occasion: Occasion<'call>,
    actions: Vec<(String, Action)>,
    meanings: Vec<Meaning>,
}

impl<'call> Transaction<'call> {
    /// An empty one.
    pub(crate) fn new(occasion: Occasion<'call>) -> Self {
        Self { occasion, actions: Vec::new(), meanings: Vec::new() }
    }

    fn add(
        mut self,
        table: &str,
        action: Action,
        meaning: impl FnOnce(Option<Item>) -> Error + Send + 'static,
    ) -> Self {
        self.actions.push((table.to_owned(), action));
        self.meanings.push(Box::new(meaning));
        self
    }

    /// Puts an item that must not be there.
    pub(crate) fn create_or(
        self,
        table: &str,
        key: &Key,
        value: &impl Serialize,
        otherwise: Error,
    ) -> Result<Self, Error> {
        let item = to_item(key, value)?;
        Ok(self.add(table, Action::Create(item), |_| otherwise))
    }

    /// Puts an item whose key was made up for it, and so is nobody else's.
    pub(crate) fn create_fresh(self, table: &str, key: &Key, value: &impl Serialize) -> Result<Self, Error> {
        self.create_or(table, key, value, Error::Fault("a fresh key was taken".to_owned()))
    }

    /// Changes an item; if it is not as the change asks, the meaning gets it.
    pub(crate) fn update(
        self,
        table: &str,
        change: Change,
        meaning: impl FnOnce(Option<Item>) -> Error + Send + 'static,
    ) -> Self {
        self.add(table, Action::Update(change), meaning)
    }

    /// Takes an item away; if it is not as the change's conditions say, the
    /// meaning gets it.
    pub(crate) fn delete(
        self,
        table: &str,
        condition: Change,
        meaning: impl FnOnce(Option<Item>) -> Error + Send + 'static,
    ) -> Self {
        self.add(table, Action::Delete(condition), meaning)
    }

    /// Requires an item to be as the change's conditions say, without changing it.
    pub(crate) fn require(
        self,
        table: &str,
        condition: Change,
        meaning: impl FnOnce(Option<Item>) -> Error + Send + 'static,
    ) -> Self {
        self.add(table, Action::Require(condition), meaning)
    }

    /// The occasion that they happen by.
    pub(crate) fn occasion(&self) -> Occasion<'call> {
        self.occasion
    }

    /// What these changes come to, for an endpoint to make happen.
    pub(crate) fn to<T>(self, value: T) -> Effect<'call, T> {
        Effect { transaction: self, value, sealing: None }
    }

    /// Remembers the answer to a call among the changes. A call that was
    /// answered before changes nothing, whatever else has changed since: so this
    /// condition speaks first. Where nothing changes there is nothing to remember.
    fn remembering(mut self, memory: &Memory<'_>) -> Result<Self, Error> {
        if self.actions.is_empty() {
            return Ok(self);
        }
        let (table, change) = memory.change(self.occasion.now)?;
        self.actions.insert(0, (table, Action::Update(change)));
        self.meanings.insert(0, Box::new(|_| Error::AnsweredBefore));
        Ok(self)
    }

    /// Does it: a lone creation as a conditional put, at half the price, and
    /// anything else as a transaction.
    pub(crate) async fn commit(self, database: &Database) -> Result<(), Error> {
        let attempt = self.occasion.uuid().to_string();
        let written = match self.actions.as_slice() {
            [] => Ok(()),
            [(table, Action::Create(item))] => {
                until_settled(self.occasion, async || put(database, table, item, &attempt).await).await
            }
            actions => {
                // The same to the letter in every try: the token stands for it.
                let items: Result<Vec<TransactWriteItem>, Error> =
                    actions.iter().map(|(table, action)| action.in_transaction(table)).collect();
                let items = items?;
                until_settled(self.occasion, async || transact(database, items.clone(), &attempt).await).await
            }
        };
        match written {
            Ok(()) => Ok(()),
            Err(Setback::Refused(failed)) if self.met_itself(&failed) => Ok(()),
            Err(Setback::Refused(failed)) => Err(meaning(self.meanings, failed)),
            Err(setback) => Err(setback.into()),
        }
    }

    /// Whether what stands in its way is its own work: a repeat of a write whose
    /// answer was lost. `DynamoDB` knows it again by its token; a local database
    /// that was started anew in between does not.
    fn met_itself(&self, failed: &[(usize, Option<Item>)]) -> bool {
        failed.iter().any(|(place, item)| match (self.actions.get(*place), item) {
            (Some((_, Action::Create(created))), Some(item)) => {
                created.contains_key(ENTRY) && created.get(ENTRY) == item.get(ENTRY)
            }
            _ => false,
        })
    }
}

/// Changes that are ready to happen, and what they come to.
#[must_use = "nothing has happened yet"]
pub struct Effect<'call, T> {
    transaction: Transaction<'call>,
    /// What they come to.
    pub value: T,
    /// Under what to seal an answer that tells of it, where that is personal.
    pub sealing: Option<Sealing>,
}

impl<'call, T> Effect<'call, T> {
    /// What changes nothing.
    pub fn nothing(value: T, occasion: Occasion<'call>) -> Self {
        Transaction::new(occasion).to(value)
    }

    /// With the sealing for an answer that is personal.
    pub(crate) fn sealed(self, sealing: Sealing) -> Self {
        Self { sealing: Some(sealing), ..self }
    }
}

impl<T> Effect<'_, T> {
    /// Makes it happen, and its answer remembered with it.
    pub async fn happen(self, database: &Database, memory: Option<Memory<'_>>) -> Result<(), Error> {
        let transaction = match memory {
            Some(memory) => self.transaction.remembering(&memory)?,
            None => self.transaction,
        };
        transaction.commit(database).await
    }
}

/// What it means that these conditions failed: what the first one says; but
/// that a thing is not there is said before that the call was answered.
fn meaning(meanings: Vec<Meaning>, failed: Vec<(usize, Option<Item>)>) -> Error {
    let mut failed: HashMap<usize, Option<Item>> = failed.into_iter().collect();
    let said = meanings.into_iter().enumerate();
    let mut said = said.filter_map(|(place, meaning)| failed.remove(&place).map(meaning));
    match said.next() {
        Some(Error::AnsweredBefore) => {
            said.find(|error| matches!(error, Error::Refused(Refusal::NotFound(_)))).unwrap_or(Error::AnsweredBefore)
        }
        Some(first) => first,
        None => Error::Fault("a condition without a meaning failed".to_owned()),
    }
}

/// Why a write did not happen.
pub(crate) enum Setback {
    /// The conditions of the actions at these places failed on these items.
    Refused(Vec<(usize, Option<Item>)>),
    /// Another transaction was there.
    Contended,
    /// Anything else.
    Failed(Error),
}

impl From<Setback> for Error {
    fn from(setback: Setback) -> Self {
        match setback {
            Setback::Failed(error) => error,
            Setback::Contended => Self::Unavailable("the item was contended for too long".to_owned()),
            Setback::Refused(_) => Self::Fault("a condition without a meaning failed".to_owned()),
        }
    }
}

/// Writes until that is settled. Meeting another transaction is no refusal: it
/// is tried again.
pub(crate) async fn until_settled<T>(
    occasion: Occasion<'_>,
    write: impl AsyncFn() -> Result<T, Setback>,
) -> Result<T, Setback> {
    for round in 0..TRIES {
        match write().await {
            Err(Setback::Contended) if round + 1 < TRIES => {
                let longest = 20_u64 << round.min(5);
                let [dice] = occasion.random();
                let wait = longest / 2 + longest * u64::from(dice) / 512;
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
            settled => return settled,
        }
    }
    Err(Setback::Contended)
}

async fn put(database: &Database, table: &str, item: &Item, attempt: &str) -> Result<(), Setback> {
    let mark = AttributeValue::S(attempt.to_owned());
    let put = database
        .client()
        .put_item()
        .table_name(table)
        .set_item(Some(item.clone()))
        .item(ATTEMPT, mark.clone())
        .condition_expression(format!("attribute_not_exists({PARTITION})"))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    let Err(error) = put else { return Ok(()) };
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(failed)) => {
            let item = failed.item.clone();
            let met_itself = item.as_ref().and_then(|item| item.get(ATTEMPT)) == Some(&mark);
            if met_itself { Ok(()) } else { Err(Setback::Refused(vec![(0, item)])) }
        }
        _ => Err(single_setback(&error)),
    }
}

/// What the failure of a single write means that no condition explains.
pub(crate) fn single_setback<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Setback {
    match error.as_service_error().and_then(ProvideErrorMetadata::code) {
        Some("TransactionConflictException") => Setback::Contended,
        _ => Setback::Failed(failure(error)),
    }
}

async fn transact(database: &Database, items: Vec<TransactWriteItem>, attempt: &str) -> Result<(), Setback> {
    let transaction = database
        .client()
        .transact_write_items()
        .set_transact_items(Some(items))
        .client_request_token(attempt)
        .send()
        .await;
    transaction.map(|_| ()).map_err(|error| transaction_setback(&error))
}

impl Action {
    fn in_transaction(&self, table: &str) -> Result<TransactWriteItem, Error> {
        let all_old = ReturnValuesOnConditionCheckFailure::AllOld;
        let item = TransactWriteItem::builder();
        let built = match self {
            Self::Create(put) => Put::builder()
                .table_name(table)
                .set_item(Some(put.clone()))
                .condition_expression(format!("attribute_not_exists({PARTITION})"))
                .return_values_on_condition_check_failure(all_old)
                .build()
                .map(|put| item.put(put)),
            Self::Update(change) => UpdateItem::builder()
                .table_name(table)
                .set_key(Some(change.key.attributes()))
                .update_expression(change.assignment())
                .set_condition_expression(change.condition())
                .set_expression_attribute_names(change.terms.names())
                .set_expression_attribute_values(change.terms.values())
                .return_values_on_condition_check_failure(all_old)
                .build()
                .map(|update| item.update(update)),
            Self::Delete(change) => Delete::builder()
                .table_name(table)
                .set_key(Some(change.key.attributes()))
                .set_condition_expression(change.condition())
                .set_expression_attribute_names(change.terms.names())
                .set_expression_attribute_values(change.terms.values())
                .return_values_on_condition_check_failure(all_old)
                .build()
                .map(|delete| item.delete(delete)),
            Self::Require(change) => ConditionCheck::builder()
                .table_name(table)
                .set_key(Some(change.key.attributes()))
                .set_condition_expression(change.condition())
                .set_expression_attribute_names(change.terms.names())
                .set_expression_attribute_values(change.terms.values())
                .return_values_on_condition_check_failure(all_old)
                .build()
                .map(|check| item.condition_check(check)),
        };
        built
            .map(aws_sdk_dynamodb::types::builders::TransactWriteItemBuilder::build)
            .map_err(|error| Error::Fault(error.to_string()))
    }
}

fn transaction_setback(error: &SdkError<TransactWriteItemsError>) -> Setback {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            let reasons = cancelled.cancellation_reasons();
            let code = |reason: &CancellationReason, wanted: &str| reason.code() == Some(wanted);
            let failed: Vec<(usize, Option<Item>)> = reasons
                .iter()
                .enumerate()
                .filter(|(_, reason)| code(reason, "ConditionalCheckFailed"))
                .map(|(place, reason)| (place, reason.item.clone()))
                .collect();
            if !failed.is_empty() {
                return Setback::Refused(failed);
            }
            if reasons.iter().filter_map(CancellationReason::code).any(throttles_action) {
                return Setback::Failed(Error::Unavailable("DynamoDB throttled an action of a transaction".to_owned()));
            }
            if reasons.iter().any(|reason| code(reason, "TransactionConflict")) {
                return Setback::Contended;
            }
            Setback::Failed(failure(error))
        }
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => Setback::Contended,
        _ => Setback::Failed(failure(error)),
    }
}

/// Does what was made of something read, anew for as long as that changes
/// before it is written.
pub async fn until_current<T>(make: impl AsyncFn() -> Result<T, Error>) -> Result<T, Error> {
    for _ in 0..READINGS {
        match make().await {
            Err(Error::Stale) => {}
            outcome => return outcome,
        }
    }
    Err(Error::Unavailable("what was read changed too often".to_owned()))
}
