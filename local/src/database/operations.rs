//! DynamoDB's operations in the form of its protocol: the name of an operation and JSON in, a status and JSON out.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::pin::pin;
use std::sync::PoisonError;
use std::time::Instant;

use dynoxide::actions::vector_lifecycle::VectorIndexLifecycle;
use dynoxide::storage::Storage;
use dynoxide::{DynoxideError, ImportOptions, Item, actions};
use futures_util::FutureExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::engine::Engine;
use super::requests;

/// The prefix of an operation's name in the header `X-Amz-Target`.
const TARGET: &str = "DynamoDB_20120810.";

/// A response of DynamoDB's protocol.
pub(super) struct ProtocolResponse {
    pub(super) status: u16,
    pub(super) body: String,
}

impl ProtocolResponse {
    /// An error that occurs before any operation runs.
    pub(super) fn refusal(kind: &str) -> Self {
        Self { status: 400, body: format!(r#"{{"__type":"com.amazon.coral.service#{kind}"}}"#) }
    }
}

impl Engine {
    /// Runs the operation that the header `X-Amz-Target` names, with this body.
    pub(super) async fn respond(&self, target: Option<&str>, body: &[u8]) -> ProtocolResponse {
        let operation = target.and_then(|target| target.strip_prefix(TARGET)).unwrap_or_default();
        match self.call(operation, body).await {
            Some(Ok(body)) => ProtocolResponse { status: 200, body },
            Some(Err(error)) => {
                let text = error.to_string();
                // SQLite's own message, on a full disk for example, quotes no item. Others might.
                if matches!(error, DynoxideError::SqliteError(_)) || text.contains("backend: ") {
                    tracing::error!(operation, reason = text, "the database failed");
                }
                ProtocolResponse { status: error.status_code(), body: error.to_json() }
            }
            None => ProtocolResponse::refusal("UnknownOperationException"),
        }
    }

    /// Puts items into a table and replaces those that exist. If one is invalid, none is put.
    pub async fn import(&self, table: String, items: Vec<Item>) -> Result<(), DynoxideError> {
        let import = move |storage: &Storage| {
            at_once(actions::import_items::execute(storage, &table, items, &ImportOptions::default()))
        };
        self.run(import).await?.map(|_| ())
    }

    /// `None` for an operation that is not supported, because nothing here uses it.
    async fn call(&self, operation: &str, body: &[u8]) -> Option<Result<String, DynoxideError>> {
        Some(match operation {
            "BatchGetItem" => self.execute(body, actions::batch_get_item::execute).await,
            "BatchWriteItem" => self.execute(body, actions::batch_write_item::execute).await,
            "CreateTable" => self.execute(body, actions::create_table::execute).await,
            "DeleteItem" => self.execute(body, actions::delete_item::execute).await,
            "DescribeTable" => {
                let describe = async |storage: &Storage, request| {
                    actions::describe_table::execute(storage, request, &VectorIndexLifecycle::new()).await
                };
                self.execute(body, describe).await
            }
            "DescribeTimeToLive" => self.execute(body, actions::describe_time_to_live::execute).await,
            "GetItem" => self.execute(body, actions::get_item::execute).await,
            "ListTables" => self.execute(body, actions::list_tables::execute).await,
            "PutItem" => self.execute_request(requests::put_item(body), actions::put_item::execute).await,
            "Query" => self.execute(body, actions::query::execute).await,
            "Scan" => self.execute(body, actions::scan::execute).await,
            "TransactGetItems" => self.execute(body, actions::transact_get_items::execute).await,
            "TransactWriteItems" => self.transact(body).await,
            "UpdateItem" => self.execute(body, actions::update_item::execute).await,
            "UpdateTimeToLive" => self.execute(body, actions::update_time_to_live::execute).await,
            _ => return None,
        })
    }

    async fn execute<Request: DeserializeOwned + Send + 'static, Response: Serialize + Send + 'static>(
        &self,
        body: &[u8],
        operation: impl AsyncFnOnce(&Storage, Request) -> Result<Response, DynoxideError> + Send + 'static,
    ) -> Result<String, DynoxideError> {
        self.execute_request(requests::read(body), operation).await
    }

    async fn execute_request<Request: Send + 'static, Response: Serialize + Send + 'static>(
        &self,
        request: Result<Request, DynoxideError>,
        operation: impl AsyncFnOnce(&Storage, Request) -> Result<Response, DynoxideError> + Send + 'static,
    ) -> Result<String, DynoxideError> {
        let request = request?;
        as_json(&self.run(move |storage| at_once(operation(storage, request))).await??)
    }

    /// Runs a transaction once for its token, however often it is sent.
    async fn transact(&self, body: &[u8]) -> Result<String, DynoxideError> {
        let request = requests::transact_write_items(body)?;
        let Some(token) = request.client_request_token.clone() else {
            return self.execute_request(Ok(request), actions::transact_write_items::execute).await;
        };
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let (tokens, digest) = (self.tokens(), hasher.finish());
        let transact = move |storage: &Storage| {
            let mut tokens = tokens.lock().unwrap_or_else(PoisonError::into_inner);
            match tokens.find(&token) {
                Some((earlier, response)) if *earlier == digest => Ok(response.clone()),
                Some(_) => Err(DynoxideError::IdempotentParameterMismatchException(
                    "An error occurred (IdempotentParameterMismatchException)".to_owned(),
                )),
                None => {
                    let response = at_once(actions::transact_write_items::execute(storage, request))?;
                    tokens.remember(Instant::now(), token, (digest, response.clone()));
                    Ok(response)
                }
            }
        };
        as_json(&self.run(transact).await??)
    }
}

fn as_json(response: &impl Serialize) -> Result<String, DynoxideError> {
    serde_json::to_string(response).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

/// The result of an operation of dynoxide. The operations are futures, but on this storage none of them waits.
fn at_once<T>(operation: impl Future<Output = Result<T, DynoxideError>>) -> Result<T, DynoxideError> {
    let waits = || Err(DynoxideError::InternalServerError("the database waits".to_owned()));
    pin!(operation).now_or_never().unwrap_or_else(waits)
}
