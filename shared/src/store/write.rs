//! Sending writes to `DynamoDB`: their form, their retries and their errors.

use crate::{
    domain::RequestContext,
    store::{
        Database, Error,
        change::Change,
        database::{Item, failure},
        key::PARTITION,
        throttling::throttles_action,
    },
};
use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    operation::{put_item::PutItemError, transact_write_items::TransactWriteItemsError},
    types::{
        AttributeValue, CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
        TransactWriteItem, Update,
    },
};
use std::time::Duration;

/// The attribute that identifies the attempt that created an item. The SDK repeats a
/// write whose response was lost. The repeat of a single creation finds its own item,
/// which this attribute tells apart from another request's item. A transaction does
/// not need it: `DynamoDB` recognises the repeat by its token.
pub(super) const ATTEMPT: &str = "attempt";
/// How often a write is tried that conflicts with another transaction.
const TRIES: u32 = 12;
/// How often a request starts again because an item changed between its read and its
/// write.
const READS: u32 = 64;

/// A write to one item.
pub(super) enum Action {
    /// Puts an item that must not exist yet.
    Create(Item),
    /// Changes an item.
    Update(Change),
    /// Puts an item in the place of one that meets the conditions.
    Replace(Change, Item),
    /// Deletes an item that meets the conditions.
    Delete(Change),
    /// Requires that an item meets the conditions, without changing it.
    Require(Change),
}

/// An action whose condition failed.
pub(crate) struct FailedCondition {
    /// The action's position in the transaction.
    pub(super) position: usize,
    /// The item on which it failed, if it exists.
    pub(super) item: Option<Item>,
}

/// Why a write failed.
pub(crate) enum WriteError {
    /// Conditions of the write failed.
    ConditionsFailed(Vec<FailedCondition>),
    /// Another transaction was writing the same item.
    Contended,
    /// Another error.
    Failed(Error),
}

impl From<WriteError> for Error {
    /// The error of a write without conditions.
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Failed(error) => error,
            WriteError::Contended => contended_too_long(),
            WriteError::ConditionsFailed(_) => unconditional_write_failed(),
        }
    }
}

/// The error if the database names a failed condition where the write had none.
pub(crate) fn unconditional_write_failed() -> Error {
    Error::Internal("a condition failed on a write without conditions".to_owned())
}

/// Sends a write until it succeeds or fails. After a conflict with another transaction
/// the write is sent again.
pub(crate) async fn until_settled<T, F>(context: &RequestContext, write: impl Fn() -> F) -> Result<T, WriteError>
where
    F: Future<Output = Result<T, WriteError>>,
{
    let mut conflicts = 0;
    loop {
        let settled = write().await;
        if !matches!(settled, Err(WriteError::Contended)) {
            return settled;
        }
        conflicts += 1;
        let [random] = context.random();
        let Some(wait) = wait_after_conflict(conflicts, random) else { return settled };
        tokio::time::sleep(wait).await;
    }
}

/// How long a write waits after so many conflicts until it is tried again; `None` if it is
/// not. Half of the wait is random, so that those who met do not meet again.
pub fn wait_after_conflict(conflicts: u32, random: u8) -> Option<Duration> {
    if conflicts >= TRIES {
        return None;
    }
    let longest = 20_u64 << conflicts.saturating_sub(1).min(5);
    Some(Duration::from_millis(longest / 2 + longest * u64::from(random) / 512))
}

/// Runs an operation that reads and then writes, or reads twice. It starts again while an
/// item changes in between.
pub async fn until_current<T, F>(read_and_write: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    for _ in 0..READS {
        match read_and_write().await {
            Err(Error::Stale) => {}
            outcome => return outcome,
        }
    }
    Err(stale_too_often())
}

/// The error of a write that conflicted with another transaction at each try.
pub(crate) fn contended_too_long() -> Error {
    Error::Unavailable("the item was contended for too long".to_owned())
}

/// The error of an operation that started again too often.
pub(crate) fn stale_too_often() -> Error {
    Error::Unavailable("the items that were read changed too often".to_owned())
}

pub(super) async fn put(database: &Database, table: &str, item: &Item, attempt: &str) -> Result<(), WriteError> {
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
            let is_own_item = item.as_ref().and_then(|item| item.get(ATTEMPT)) == Some(&mark);
            if is_own_item {
                Ok(())
            } else {
                Err(WriteError::ConditionsFailed(vec![FailedCondition { position: 0, item }]))
            }
        }
        _ => Err(single_write_error(&error)),
    }
}

/// The error of a write to one item, other than a failed condition.
pub(crate) fn single_write_error<E: ProvideErrorMetadata>(error: &SdkError<E>) -> WriteError {
    match error.as_service_error().and_then(ProvideErrorMetadata::code) {
        Some("TransactionConflictException") => WriteError::Contended,
        _ => WriteError::Failed(failure(error)),
    }
}

pub(super) async fn transact(
    database: &Database,
    items: Vec<TransactWriteItem>,
    attempt: &str,
) -> Result<(), WriteError> {
    let transaction = database
        .client()
        .transact_write_items()
        .set_transact_items(Some(items))
        .client_request_token(attempt)
        .send()
        .await;
    transaction.map(|_| ()).map_err(|error| transaction_error(&error))
}

impl Action {
    pub(super) fn in_transaction(&self, table: &str) -> Result<TransactWriteItem, Error> {
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
            Self::Update(change) => Update::builder()
                .table_name(table)
                .set_key(Some(change.key()))
                .update_expression(change.update_expression())
                .condition_expression(change.condition_expression())
                .set_expression_attribute_names(Some(change.expression_names()))
                .set_expression_attribute_values(Some(change.expression_values()))
                .return_values_on_condition_check_failure(all_old)
                .build()
                .map(|update| item.update(update)),
            Self::Replace(condition, replacement) => Put::builder()
                .table_name(table)
                .set_item(Some(replacement.clone()))
                .condition_expression(condition.condition_expression())
                .set_expression_attribute_names(Some(condition.expression_names()))
                .set_expression_attribute_values(Some(condition.expression_values()))
                .return_values_on_condition_check_failure(all_old)
                .build()
                .map(|put| item.put(put)),
            Self::Delete(change) => Delete::builder()
                .table_name(table)
                .set_key(Some(change.key()))
                .condition_expression(change.condition_expression())
                .set_expression_attribute_names(Some(change.expression_names()))
                .set_expression_attribute_values(Some(change.expression_values()))
                .return_values_on_condition_check_failure(all_old)
                .build()
                .map(|delete| item.delete(delete)),
            Self::Require(change) => ConditionCheck::builder()
                .table_name(table)
                .set_key(Some(change.key()))
                .condition_expression(change.condition_expression())
                .set_expression_attribute_names(Some(change.expression_names()))
                .set_expression_attribute_values(Some(change.expression_values()))
                .return_values_on_condition_check_failure(all_old)
                .build()
                .map(|check| item.condition_check(check)),
        };
        built
            .map(aws_sdk_dynamodb::types::builders::TransactWriteItemBuilder::build)
            .map_err(|error| Error::Internal(error.to_string()))
    }
}

fn transaction_error(error: &SdkError<TransactWriteItemsError>) -> WriteError {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            let reasons = cancelled.cancellation_reasons();
            let code = |reason: &CancellationReason, wanted: &str| reason.code() == Some(wanted);
            let failed: Vec<FailedCondition> = reasons
                .iter()
                .enumerate()
                .filter(|(_, reason)| code(reason, "ConditionalCheckFailed"))
                .map(|(position, reason)| FailedCondition { position, item: reason.item.clone() })
                .collect();
            if !failed.is_empty() {
                return WriteError::ConditionsFailed(failed);
            }
            if reasons.iter().filter_map(CancellationReason::code).any(throttles_action) {
                return WriteError::Failed(Error::Unavailable(
                    "DynamoDB throttled an action of a transaction".to_owned(),
                ));
            }
            if reasons.iter().any(|reason| code(reason, "TransactionConflict")) {
                return WriteError::Contended;
            }
            WriteError::Failed(failure(error))
        }
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => WriteError::Contended,
        _ => WriteError::Failed(failure(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_that_conflicts_waits_longer_each_time_and_gives_up_after_some_seconds() {
        let wait = |conflicts, random| wait_after_conflict(conflicts, random).map(|wait| wait.as_millis());
        assert_eq!([wait(1, 0), wait(1, 255), wait(2, 0), wait(6, 0)], [Some(10), Some(19), Some(20), Some(320)]);
        assert_eq!([wait(11, 0), wait(11, 255)], [Some(320), Some(638)]);
        assert_eq!(wait(TRIES, 0), None);
    }
}
