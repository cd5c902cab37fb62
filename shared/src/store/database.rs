//! The connection to `DynamoDB`: its time limits, its reads, and what its
//! errors mean.

use crate::{
    domain::{Refusal, Timestamp},
    store::{
        connection::{Connection, Trust},
        key::{Key, PARTITION, SORT},
        throttling::{Throttling, throttles_call},
    },
};
use aws_sdk_dynamodb::{
    Client,
    config::{
        AppName, BehaviorVersion, Builder, Credentials, Region, SharedHttpClient, StalledStreamProtectionConfig,
        retry::RetryConfig, timeout::TimeoutConfig,
    },
    error::{ProvideErrorMetadata, SdkError},
    operation::query::builders::QueryFluentBuilder,
    types::{AttributeValue, KeysAndAttributes},
};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::HashMap, env, fmt, path::PathBuf, time::Duration};

/// An item as `DynamoDB` holds it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The region of a database that is in none.
const REGION: &str = "us-east-1";
/// One try of one call.
const ATTEMPT: Duration = Duration::from_secs(3);
/// One call with all its tries: below the functions' own 10 seconds, so that
/// a database that hangs is answered with a 503 and not with silence.
const OPERATION: Duration = Duration::from_secs(8);
/// How much of a name the SDK takes without a warning.
const APP_NAME: usize = 50;
/// How many items one call reads at the most.
const BATCH: usize = 100;
/// Retries of what a batch left undone.
const BATCH_ROUNDS: u32 = 8;

/// Why the store could not do as asked.
#[derive(Debug)]
pub enum Error {
    /// The domain says no.
    Refused(Refusal),
    /// `DynamoDB` cannot be reached or has no capacity left; another try may succeed.
    Unavailable(String),
    /// Something is wrong in here. The text is for the log alone.
    Fault(String),
    /// What was read before the write is no longer so: read again.
    Stale,
    /// The call was answered before, under the same idempotency key.
    AnsweredBefore,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(formatter, "refused: {refusal:?}"),
            Self::Unavailable(reason) => write!(formatter, "database unavailable: {reason}"),
            Self::Fault(reason) => write!(formatter, "fault: {reason}"),
            Self::Stale => formatter.write_str("what was read has changed"),
            Self::AnsweredBefore => formatter.write_str("answered before"),
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
}

impl Database {
    /// As the environment says: region and credentials as Lambda sets them;
    /// `AWS_ENDPOINT_URL_DYNAMODB`, else `AWS_ENDPOINT_URL`, for a database
    /// that is not AWS's; `AWS_CA_BUNDLE` for a file of certificates to trust
    /// instead of Amazon's own.
    pub fn from_environment() -> Self {
        // A Lambda's credentials stand in its environment for as long as it
        // lives, so no chain of providers is searched at start.
        let credentials = Credentials::new(
            variable("AWS_ACCESS_KEY_ID").unwrap_or_else(|| "local".to_owned()),
            variable("AWS_SECRET_ACCESS_KEY").unwrap_or_else(|| "local".to_owned()),
            variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        // With each call the function says which it is, as CloudTrail then shows it.
        let name = variable("AWS_LAMBDA_FUNCTION_NAME").map(|name| name.chars().take(APP_NAME).collect::<String>());
        let name = name.and_then(|name| AppName::new(name).ok());
        Self::new(variable("AWS_REGION"), credentials, endpoint(), &trust(), name)
    }

    /// AWS's own, in this region, as whoever these credentials are; another, where the environment names one as in
    /// [`Self::from_environment`].
    pub fn of_account(region: &str, access_key_id: &str, secret: &str, session_token: Option<String>) -> Self {
        let credentials = Credentials::new(access_key_id, secret, session_token, None, "given");
        Self::new(Some(region.to_owned()), credentials, endpoint(), &trust(), None)
    }

    /// The database at this URL, on this machine, as the bearer of this access key id: a local one knows no secret.
    pub fn at(endpoint_url: &str, access_key_id: &str) -> Self {
        let credentials = Credentials::new(access_key_id, "local", None, None, "local");
        Self::new(None, credentials, Some(endpoint_url.to_owned()), &Trust::Amazon, None)
    }

    /// The database that this HTTP client answers for within this process. No request leaves it: so none is signed, which
    /// takes a quarter of a call's time, and none can stall on its way.
    pub fn with_http_client(client: SharedHttpClient) -> Self {
        let config = config(REGION, client)
            .endpoint_url("http://localhost")
            .allow_no_auth()
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        Self { client: Client::from_conf(config.build()), connection: None }
    }

    fn new(
        region: Option<String>,
        credentials: Credentials,
        endpoint: Option<String>,
        trust: &Trust,
        name: Option<AppName>,
    ) -> Self {
        let connection = Connection::new(trust);
        let region = region.unwrap_or_else(|| REGION.to_owned());
        let mut config = config(&region, connection.client()).credentials_provider(credentials);
        config.set_endpoint_url(endpoint.clone()).set_app_name(name);
        let url = endpoint.unwrap_or_else(|| url_of_region(&region));
        Self { client: Client::from_conf(config.build()), connection: Some((connection, url)) }
    }

    /// Opens so many connections, TLS and all, so that the first call finds them
    /// open. To be awaited at the start: then Lambda gives a function a whole
    /// core, and nobody waits for an answer. Whether they open or not, the start
    /// goes on.
    pub async fn connect(&self, connections: u8) {
        if let Some((connection, url)) = &self.connection {
            join_all((0..connections).map(|_| connection.open(url))).await;
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Reads an item as it is now.
    pub(crate) async fn get<T: DeserializeOwned>(&self, table: &str, key: &Key) -> Result<Option<T>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(table)
            .set_key(Some(key.attributes()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failure(&error))?;
        answer.item.map(from_item).transpose()
    }

    /// Reads different items as they are now, in no order; those that are not
    /// there are left out.
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
                return Err(Error::Unavailable("a batch was never read whole".to_owned()));
            }
            if round > 0 {
                tokio::time::sleep(Duration::from_millis(10 << round)).await;
            }
            round += 1;
            let wanted = KeysAndAttributes::builder()
                .set_keys(Some(left))
                .consistent_read(true)
                .build()
                .map_err(|error| Error::Fault(error.to_string()))?;
            let mut answer = self
                .client
                .batch_get_item()
                .request_items(table, wanted)
                .send()
                .await
                .map_err(|error| failure(&error))?;
            let items = answer.responses.as_mut().and_then(|tables| tables.remove(table));
            for item in items.unwrap_or_default() {
                found.push(from_item(item)?);
            }
            left = answer
                .unprocessed_keys
                .and_then(|mut tables| tables.remove(table))
                .map(|keys| keys.keys)
                .unwrap_or_default();
        }
        Ok(())
    }

    /// Reads up to `limit` items of the key's partition whose sort keys lie
    /// below the key's, the highest first, and whether that was all of them.
    pub(crate) async fn query_below(&self, table: &str, key: &Key, limit: i32) -> Result<(Vec<Item>, bool), Error> {
        let answer = self
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
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key.is_none()))
    }

    /// Reads up to `limit` items of the keys' partition whose sort keys lie
    /// from the one key's to the other's, the highest first, and whether there
    /// are more.
    pub(crate) async fn query_between<T: DeserializeOwned>(
        &self,
        table: &str,
        (low, high): (&Key, &Key),
        limit: usize,
    ) -> Result<(Vec<T>, bool), Error> {
        let query = self
            .client
            .query()
            .table_name(table)
            .key_condition_expression(format!("{PARTITION} = :partition AND {SORT} BETWEEN :low AND :high"))
            .expression_attribute_values(":partition", low.partition())
            .expression_attribute_values(":low", low.sort())
            .expression_attribute_values(":high", high.sort())
            .scan_index_forward(false);
        // One more than asked, so that the last page is known to be the last.
        let mut found = first_of(query, limit + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        Ok((found.into_iter().map(from_item).collect::<Result<_, _>>()?, more))
    }

    /// Reads the first items of the key's partition, the lowest sort key
    /// first, whatever their sort keys are: up to `limit`.
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

/// What holds for every database: how often a call is tried, and for how long.
fn config(region: &str, client: SharedHttpClient) -> Builder {
    aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .http_client(client)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .retry_classifier(Throttling)
        .interceptor(Throttling)
        .timeout_config(
            TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).operation_timeout(OPERATION).build(),
        )
}

/// The first items that a query finds as they are now, in as many requests as
/// the database needs for them: up to `limit`.
async fn first_of(query: QueryFluentBuilder, limit: usize) -> Result<Vec<Item>, Error> {
    let (mut found, mut start) = (Vec::new(), None);
    while found.len() < limit {
        let answer = query
            .clone()
            .set_exclusive_start_key(start)
            .consistent_read(true)
            .limit(i32::try_from(limit - found.len()).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| failure(&error))?;
        found.extend(answer.items.unwrap_or_default());
        start = answer.last_evaluated_key;
        if start.is_none() {
            break;
        }
    }
    Ok(found)
}

/// What the environment says under this name, if anything.
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Where the database is, where that is not AWS's own choice.
fn endpoint() -> Option<String> {
    variable("AWS_ENDPOINT_URL_DYNAMODB").or_else(|| variable("AWS_ENDPOINT_URL"))
}

/// AWS's own choice, as the SDK's rules have it for each region of the
/// partitions `aws` and `aws-cn`. Those rules are many, to read them takes long,
/// and the SDK has done it for itself; in another partition nothing is opened
/// ahead.
fn url_of_region(region: &str) -> String {
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://dynamodb.{region}.{domain}")
}

/// Whom to trust that it is the database.
fn trust() -> Trust {
    variable("AWS_CA_BUNDLE").map_or(Trust::Amazon, |file| Trust::File(PathBuf::from(file)))
}

/// The name of a table: from the environment as the template sets it, or its
/// logical id, as local tables are named.
pub(crate) fn table(variable: &str, logical_id: &str) -> String {
    env::var(variable).unwrap_or_else(|_| logical_id.to_owned())
}

/// `DynamoDB` removes an item some time after the second that this names: when
/// it need not be kept any more.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Removal {
    removable_at: i64,
}

impl Removal {
    pub(crate) fn after(time: Timestamp) -> Self {
        Self { removable_at: time.seconds() }
    }
}

/// The item of a value under its key. What is null is left out, so that
/// conditions can ask whether an attribute is there.
pub(crate) fn to_item(key: &Key, value: &impl Serialize) -> Result<Item, Error> {
    let mut item: Item = serde_dynamo::to_item(value).map_err(|error| Error::Fault(error.to_string()))?;
    item.retain(|_, attribute| !attribute.is_null());
    item.extend(key.attributes());
    Ok(item)
}

/// The value of an item.
pub(crate) fn from_item<T: DeserializeOwned>(mut item: Item) -> Result<T, Error> {
    item.remove(PARTITION);
    item.remove(SORT);
    serde_dynamo::from_item(item).map_err(|error| Error::Fault(error.to_string()))
}

/// One attribute's value.
pub(crate) fn to_attribute(value: &impl Serialize) -> Result<AttributeValue, Error> {
    serde_dynamo::to_attribute_value(value).map_err(|error| Error::Fault(error.to_string()))
}

/// What an error of the SDK means for the caller. Of the error itself only its
/// kind, code and request id go on to the log: its text may quote items.
pub(crate) fn failure<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Error {
    match error {
        SdkError::ServiceError(answer) => {
            let code = answer.err().code().unwrap_or("without a code");
            let request_id = answer.raw().headers().get("x-amzn-requestid").unwrap_or("unknown");
            let text = format!("DynamoDB answered {code} to request {request_id}");
            let transient = matches!(
                code,
                "LimitExceededException" | "InternalServerError" | "ServiceUnavailable" | "ServiceUnavailableException"
            ) || throttles_call(code)
                || answer.raw().status().is_server_error();
            if transient { Error::Unavailable(text) } else { Error::Fault(text) }
        }
        SdkError::ConstructionFailure(_) => Error::Fault("a request could not be built".to_owned()),
        SdkError::TimeoutError(_) => Error::Unavailable("DynamoDB did not answer in time".to_owned()),
        SdkError::DispatchFailure(_) => Error::Unavailable("DynamoDB could not be reached".to_owned()),
        _ => Error::Unavailable("DynamoDB's answer could not be read".to_owned()),
    }
}
