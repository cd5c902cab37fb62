//! The connection to `DynamoDB`: its time limits, its reads, and the mapping of its
//! errors.

use crate::{
    domain::{DomainError, Timestamp},
    environment::Environment,
    store::{
        connection::{Connection, Trust},
        key::{Key, PARTITION, SORT},
        schema,
        shards::{KnownEpochs, known_epochs},
        throttling::{Throttling, throttles_call},
    },
};
use aws_sdk_dynamodb::{
    Client,
    config::{
        AppName, BehaviorVersion, Builder, Credentials, ProvideCredentials, Region, SharedCredentialsProvider,
        SharedHttpClient, StalledStreamProtectionConfig,
        retry::{RetryConfig, RetryPartition},
        timeout::TimeoutConfig,
    },
    error::{ProvideErrorMetadata, SdkError},
    operation::query::builders::QueryFluentBuilder,
    types::{AttributeValue, KeysAndAttributes},
};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::HashMap, fmt, path::PathBuf, sync::Arc, time::Duration};

/// An item as `DynamoDB` holds it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The region of a database that is in none.
const REGION: &str = "us-east-1";
/// The time limit for one attempt.
const ATTEMPT: Duration = Duration::from_secs(3);
/// The time limit for all attempts together: below the functions' time limit of
/// 10 seconds, so that the response is a 503 when the database hangs.
const OPERATION: Duration = Duration::from_secs(8);
/// The longest application name that the SDK accepts without a warning.
const APP_NAME: usize = 50;
/// The most items that one `BatchGetItem` reads.
const BATCH: usize = 100;
/// How often the unread rest of a batch is requested.
const BATCH_ROUNDS: u32 = 8;

/// Why an operation of the store failed.
#[derive(Debug)]
pub enum Error {
    /// A rule of the domain forbids it.
    Domain(DomainError),
    /// `DynamoDB` cannot be reached or has no capacity left. A repeat may succeed.
    Unavailable(String),
    /// An error in this program or its data. The text is only for the log.
    Internal(String),
    /// An item is of this version, which a newer program wrote. It is neither read nor changed.
    NewerItem(u32),
    /// An item has changed between the read and the write. The caller reads again.
    Stale,
    /// A response is already stored under the same idempotency key.
    ResponseStored,
}

impl From<DomainError> for Error {
    fn from(error: DomainError) -> Self {
        Self::Domain(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(error) => write!(formatter, "domain error: {error:?}"),
            Self::Unavailable(reason) => write!(formatter, "database unavailable: {reason}"),
            Self::Internal(reason) => write!(formatter, "internal error: {reason}"),
            Self::NewerItem(version) => {
                write!(formatter, "an item of a newer version: {version}, and this program knows {}", schema::VERSION)
            }
            Self::Stale => formatter.write_str("an item has changed since it was read"),
            Self::ResponseStored => formatter.write_str("a response is already stored"),
        }
    }
}

impl std::error::Error for Error {}

/// A connection to `DynamoDB`; cheap to clone.
#[derive(Clone)]
pub struct Database {
    client: Client,
    /// What opens its connections, and where. None within a process.
    connection: Option<(Connection, String)>,
    environment: Environment,
    pub(super) known_epochs: Arc<KnownEpochs>,
}

impl Database {
    /// The database that the environment names: region and credentials as Lambda
    /// sets them; `AWS_ENDPOINT_URL_DYNAMODB`, else `AWS_ENDPOINT_URL`, for a
    /// database other than AWS's; `AWS_CA_BUNDLE` for a file of certificates to
    /// trust instead of Amazon's own. Where a host gave a database of its own, that one.
    pub fn from_environment(environment: &Environment) -> Self {
        if let Some(client) = environment.database() {
            return Self::with_http_client(environment, client.clone());
        }
        // Lambda sets the credentials in the environment and never changes them, so
        // the SDK's chain of providers, which is slow to start, is not needed.
        let variables = Credentials::new(
            environment.variable("AWS_ACCESS_KEY_ID").unwrap_or_else(|| "local".to_owned()),
            environment.variable("AWS_SECRET_ACCESS_KEY").unwrap_or_else(|| "local".to_owned()),
            environment.variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let credentials = environment.credentials().cloned();
        let credentials = credentials.unwrap_or_else(|| SharedCredentialsProvider::new(variables));
        Self::new(
            environment,
            environment.variable("AWS_REGION"),
            credentials,
            endpoint(environment),
            &trust(environment),
        )
    }

    /// The database of AWS in this region, with these credentials; or the one that
    /// the environment names, as in [`Self::from_environment`].
    pub fn of_account(region: &str, access_key_id: &str, secret: &str, session_token: Option<String>) -> Self {
        let credentials = Credentials::new(access_key_id, secret, session_token, None, "given");
        let environment = Environment::of_process();
        Self::new(&environment, Some(region.to_owned()), credentials, endpoint(&environment), &trust(&environment))
    }

    /// A local database at this URL, with this access key id. A local database does not
    /// check the secret.
    pub fn at(endpoint_url: &str, access_key_id: &str) -> Self {
        let credentials = Credentials::new(access_key_id, "local", None, None, "local");
        Self::new(&Environment::of_process(), None, credentials, Some(endpoint_url.to_owned()), &Trust::Amazon)
    }

    /// A database in this process, behind this HTTP client. No request leaves the process, so none is signed, which
    /// would take a quarter of a call's time, and none can stall on its way.
    pub fn with_http_client(environment: &Environment, client: SharedHttpClient) -> Self {
        let config = config(environment, REGION, client)
            .endpoint_url("http://localhost")
            .allow_no_auth()
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        Self {
            client: Client::from_conf(config.build()),
            connection: None,
            environment: environment.clone(),
            known_epochs: known_epochs(),
        }
    }

    fn new(
        environment: &Environment,
        region: Option<String>,
        credentials: impl ProvideCredentials + 'static,
        endpoint: Option<String>,
        trust: &Trust,
    ) -> Self {
        let connection = Connection::new(trust);
        let region = region.unwrap_or_else(|| REGION.to_owned());
        // AWS refuses a call whose clock is wrong, and the clock is not corrected: what it stamps would be wrong too.
        let mut config = config(environment, &region, connection.client())
            .credentials_provider(credentials)
            .disable_clock_skew_correction(true);
        config.set_endpoint_url(endpoint.clone());
        let url = endpoint.unwrap_or_else(|| url_of_region(&region));
        Self {
            client: Client::from_conf(config.build()),
            connection: Some((connection, url)),
            environment: environment.clone(),
            known_epochs: known_epochs(),
        }
    }

    /// Opens this many connections, including TLS, for the first request to use. It
    /// is awaited at the start, when Lambda gives a function a whole core and no
    /// caller waits. Errors are ignored.
    pub async fn connect(&self, connections: u8) {
        if let Some((connection, url)) = &self.connection {
            join_all((0..connections).map(|_| connection.open(url))).await;
        }
    }

    /// The same with other variables.
    #[must_use]
    pub fn with_environment(self, environment: Environment) -> Self {
        Self { environment, ..self }
    }

    /// The variables that configure the database and the store.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The name of a table, as in [`Environment::table`].
    pub(crate) fn table(&self, variable: &str) -> String {
        self.environment.table(variable)
    }

    /// The SDK's client, for a host that manages tables.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Reads an item as it is now.
    pub(crate) async fn get<T: DeserializeOwned>(&self, table: &str, key: &Key) -> Result<Option<T>, Error> {
        let response = self
            .client
            .get_item()
            .table_name(table)
            .set_key(Some(key.attributes()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failure(&error))?;
        response.item.map(from_item).transpose()
    }

    /// Reads items as they are now, in no order. Items that do not exist are left
    /// out. No two keys may be the same.
    pub(crate) async fn get_all<T: DeserializeOwned>(&self, table: &str, keys: &[Key]) -> Result<Vec<T>, Error> {
        let mut found = Vec::with_capacity(keys.len());
        for batch in keys.chunks(BATCH) {
            self.get_batch(table, batch, &mut found).await?;
        }
        Ok(found)
    }

    async fn get_batch<T: DeserializeOwned>(&self, table: &str, keys: &[Key], found: &mut Vec<T>) -> Result<(), Error> {
        let mut left: Vec<Item> = keys.iter().map(Key::attributes).collect();
        let mut round = 0;
        while !left.is_empty() {
            if round == BATCH_ROUNDS {
                return Err(Error::Unavailable("a batch could not be read completely".to_owned()));
            }
            if round > 0 {
                tokio::time::sleep(Duration::from_millis(10 << round)).await;
            }
            round += 1;
            let wanted = KeysAndAttributes::builder()
                .set_keys(Some(left))
                .consistent_read(true)
                .build()
                .map_err(|error| Error::Internal(error.to_string()))?;
            let mut response = self
                .client
                .batch_get_item()
                .request_items(table, wanted)
                .send()
                .await
                .map_err(|error| failure(&error))?;
            let items = response.responses.as_mut().and_then(|tables| tables.remove(table));
            for item in items.unwrap_or_default() {
                found.push(from_item(item)?);
            }
            left = response
                .unprocessed_keys
                .and_then(|mut tables| tables.remove(table))
                .map(|keys| keys.keys)
                .unwrap_or_default();
        }
        Ok(())
    }

    /// Reads up to `limit` items of the key's partition with lower sort keys than the
    /// key's, in descending order. Also returns whether these are all.
    pub(crate) async fn query_below(&self, table: &str, key: &Key, limit: i32) -> Result<(Vec<Item>, bool), Error> {
        let response = self
            .client
            .query()
            .table_name(table)
            .key_condition_expression(format!("{PARTITION} = :partition AND {SORT} < :sort"))
            .expression_attribute_values(":partition", key.partition())
            .expression_attribute_values(":sort", key.sort())
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(limit)
            .send()
            .await
            .map_err(|error| failure(&error))?;
        Ok((response.items.unwrap_or_default(), response.last_evaluated_key.is_none()))
    }

    /// Reads up to `limit` items of the keys' partition with sort keys from `low` to
    /// `high`, in descending order. Also returns whether there are more.
    pub(crate) async fn query_between<T: DeserializeOwned>(
        &self,
        table: &str,
        low: &Key,
        high: &Key,
        limit: usize,
    ) -> Result<(Vec<T>, bool), Error> {
        // One item more is read, to know whether there is a next page.
        let mut found = first_of(self.between(table, low, high).scan_index_forward(false), limit + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        Ok((found.into_iter().map(from_item).collect::<Result<_, _>>()?, more))
    }

    /// Reads up to `limit` items of the keys' partition with sort keys from `low` to `high`, in ascending order.
    pub(crate) async fn query_oldest(
        &self,
        table: &str,
        low: &Key,
        high: &Key,
        limit: usize,
    ) -> Result<Vec<Item>, Error> {
        first_of(self.between(table, low, high), limit).await
    }

    fn between(&self, table: &str, low: &Key, high: &Key) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(table)
            .key_condition_expression(format!("{PARTITION} = :partition AND {SORT} BETWEEN :low AND :high"))
            .expression_attribute_values(":partition", low.partition())
            .expression_attribute_values(":low", low.sort())
            .expression_attribute_values(":high", high.sort())
    }

    /// Reads up to `limit` items of the key's partition, in ascending order.
    pub(crate) async fn query_partition(&self, table: &str, key: &Key, limit: usize) -> Result<Vec<Item>, Error> {
        let query = self
            .client
            .query()
            .table_name(table)
            .key_condition_expression(format!("{PARTITION} = :partition"))
            .expression_attribute_values(":partition", key.partition());
        first_of(query, limit).await
    }
}

/// The settings of every database: which function calls, how often it tries, and for how long.
fn config(environment: &Environment, region: &str, client: SharedHttpClient) -> Builder {
    // The user agent names the function, so that CloudTrail shows it.
    let name = environment.variable("AWS_LAMBDA_FUNCTION_NAME");
    let name = name.map(|name| name.chars().take(APP_NAME).collect::<String>());
    // Each function has retries of its own, also beside others in one process.
    let partition = RetryPartition::new(name.clone().unwrap_or_else(|| "local".to_owned()));
    let mut config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .http_client(client)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .retry_partition(partition)
        .retry_classifier(Throttling)
        .interceptor(Throttling)
        .timeout_config(
            TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).operation_timeout(OPERATION).build(),
        );
    config.set_app_name(name.and_then(|name| AppName::new(name).ok()));
    config
}

/// The first `limit` items of a query as they are now, in as many requests as the
/// database needs.
async fn first_of(query: QueryFluentBuilder, limit: usize) -> Result<Vec<Item>, Error> {
    let (mut found, mut start) = (Vec::new(), None);
    while found.len() < limit {
        let response = query
            .clone()
            .set_exclusive_start_key(start)
            .consistent_read(true)
            .limit(i32::try_from(limit - found.len()).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| failure(&error))?;
        found.extend(response.items.unwrap_or_default());
        start = response.last_evaluated_key;
        if start.is_none() {
            break;
        }
    }
    Ok(found)
}

/// The URL of the database, if it is not AWS's own for the region.
fn endpoint(environment: &Environment) -> Option<String> {
    environment.variable("AWS_ENDPOINT_URL_DYNAMODB").or_else(|| environment.variable("AWS_ENDPOINT_URL"))
}

/// AWS's URL for a region of the partitions `aws` and `aws-cn`. The SDK's own rules
/// cover all partitions, but to evaluate them again takes long. In another
/// partition no connection is opened ahead.
fn url_of_region(region: &str) -> String {
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://dynamodb.{region}.{domain}")
}

/// The certificates to trust.
fn trust(environment: &Environment) -> Trust {
    environment.variable("AWS_CA_BUNDLE").map_or(Trust::Amazon, |file| Trust::File(PathBuf::from(file)))
}

/// The attribute of [`Removal`].
pub(crate) const REMOVABLE_AT: &str = "removableAt";

/// The attribute after whose time, in seconds, `DynamoDB` removes an item.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Removal {
    pub(super) removable_at: i64,
}

impl Removal {
    pub(crate) fn after(time: Timestamp) -> Self {
        Self { removable_at: time.seconds() }
    }
}

/// The item of a value under its key, with the version of its layout. Null attributes are left out,
/// so that conditions can check whether an attribute exists.
pub(crate) fn to_item(key: &Key, value: &impl Serialize) -> Result<Item, Error> {
    let mut item: Item = serde_dynamo::to_item(value).map_err(|error| Error::Internal(error.to_string()))?;
    item.retain(|_, attribute| !attribute.is_null());
    item.extend(key.attributes());
    schema::mark(&mut item);
    Ok(item)
}

/// The value of an item, whose version this program must know.
pub(crate) fn from_item<T: DeserializeOwned>(mut item: Item) -> Result<T, Error> {
    schema::require_known(&item)?;
    item.remove(schema::ATTRIBUTE);
    item.remove(PARTITION);
    item.remove(SORT);
    serde_dynamo::from_item(item).map_err(|error| Error::Internal(error.to_string()))
}

/// One attribute's value.
pub(crate) fn to_attribute(value: &impl Serialize) -> Result<AttributeValue, Error> {
    serde_dynamo::to_attribute_value(value).map_err(|error| Error::Internal(error.to_string()))
}

/// The store's error for an error of the SDK. It has only the kind, the code and the
/// request id for the log, because the SDK's text may quote items.
pub(crate) fn failure<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Error {
    match error {
        SdkError::ServiceError(response) => {
            let code = response.err().code().unwrap_or("without a code");
            let request_id = response.raw().headers().get("x-amzn-requestid").unwrap_or("unknown");
            let text = format!("DynamoDB returned {code} for request {request_id}");
            let transient = matches!(
                code,
                "LimitExceededException" | "InternalServerError" | "ServiceUnavailable" | "ServiceUnavailableException"
            ) || throttles_call(code)
                || response.raw().status().is_server_error();
            if transient { Error::Unavailable(text) } else { Error::Internal(text) }
        }
        SdkError::ConstructionFailure(_) => Error::Internal("a request could not be built".to_owned()),
        SdkError::TimeoutError(_) => Error::Unavailable("DynamoDB did not respond in time".to_owned()),
        SdkError::DispatchFailure(_) => Error::Unavailable("DynamoDB could not be reached".to_owned()),
        _ => Error::Unavailable("DynamoDB's response could not be read".to_owned()),
    }
}
