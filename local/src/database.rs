//! The embedded DynamoDB, and the creation of the template's tables in it or in another local DynamoDB.

mod engine;
mod expiry;
mod in_process;
mod operations;
pub(crate) mod remote;
mod requests;
mod secure_deletion;
pub(crate) mod socket;
pub(crate) mod streams;
mod tokens;
mod wire;

pub use engine::{Commits, Engine};

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use assent_shared::domain::Random;
use assent_shared::store::Database;
use aws_sdk_dynamodb::client::Waiters as _;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::error::{BuildError, DisplayErrorContext};
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, StreamSpecification, StreamViewType, TimeToLiveSpecification, TimeToLiveStatus,
};
use aws_sdk_dynamodb::{Client, Config};
use tokio::sync::oneshot;

use crate::Error;
use crate::server::{Limits, listen, serve};
use crate::template::{Index, KeyElement, REGION, Table, Template};

/// The time that a stop waits for calls that are being handled.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);
/// The time within which a new table can be used.
const CREATION_TIMEOUT: Duration = Duration::from_mins(2);
const LIMITS: Limits = Limits::of_stop(STOP_TIMEOUT);

/// The address of a local database, and the credential that it accepts.
#[derive(Clone)]
pub struct Endpoint {
    /// The endpoint URL for an SDK.
    pub url: String,
    /// The access key id with which requests must be signed. It is a secret, because the signature is not checked.
    pub access_key_id: String,
}

impl Endpoint {
    /// The same database through a proxy at this URL.
    #[must_use]
    pub fn through(&self, url: impl Into<String>) -> Self {
        Self { url: url.into(), access_key_id: self.access_key_id.clone() }
    }

    /// The environment variables with which an SDK finds the database.
    pub(crate) fn variables(&self) -> [(String, String); 3] {
        [
            ("AWS_ENDPOINT_URL_DYNAMODB", self.url.as_str()),
            ("AWS_ACCESS_KEY_ID", &self.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", "local"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    }

    /// The connection of the stores of `shared`.
    pub fn connect(&self) -> Database {
        Database::at(&self.url, &self.access_key_id)
    }
}

/// A random access key id, which nobody can guess.
pub fn fresh_access_key_id() -> String {
    format!("{:032X}", u128::from_be_bytes(Random::system().bytes()))
}

/// A database that serves a port of 127.0.0.1, on threads of its own. Dropping it stops it.
pub struct Dynoxide {
    endpoint: Endpoint,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Dynoxide {
    /// Serves the `SQLite` file, which is created if it does not exist, or a database in memory if no file is given, to
    /// clients with this access key id. Port 0 means any free port.
    pub fn start(file: Option<&Path>, port: u16, access_key_id: String) -> Result<Self, Error> {
        let listener = listen(port)?;
        let engine = file.map_or_else(Engine::memory, |file| Engine::open(file, Commits::Synced))?;
        Self::serve(engine, listener, access_key_id)
    }

    /// Serves a database that is already open.
    pub fn of(engine: Engine, port: u16, access_key_id: String) -> Result<Self, Error> {
        Self::serve(engine, listen(port)?, access_key_id)
    }

    fn serve(engine: Engine, listener: TcpListener, access_key_id: String) -> Result<Self, Error> {
        let failed = |error: std::io::Error| Error::Database(error.to_string());
        let address = listener.local_addr().map_err(failed)?;
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name("dynoxide").enable_all().build();
        let runtime = runtime.map_err(failed)?;
        let endpoint = Endpoint { url: format!("http://{address}"), access_key_id: access_key_id.clone() };
        let (stop, stopping) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            runtime.block_on(serve_until(listener, engine, access_key_id, stopping));
            // A client that has sent half a request must not keep the process running.
            runtime.shutdown_timeout(STOP_TIMEOUT);
        });
        Ok(Self { endpoint, stop: Some(stop), thread: Some(thread) })
    }

    /// Its address, and the credential that it accepts.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Finishes the calls that are being handled, accepts no more, and closes the file.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Dynoxide {
    fn drop(&mut self) {
        self.end();
    }
}

async fn serve_until(listener: TcpListener, engine: Engine, access_key_id: String, stopping: oneshot::Receiver<()>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(%error, "the database cannot listen"),
    };
    let access_key_id: Arc<str> = access_key_id.into();
    let respond = move |request, _| {
        let (engine, access_key_id) = (engine.clone(), Arc::clone(&access_key_id));
        async move { wire::respond_to_client_of(&engine, &access_key_id, request).await }
    };
    let stop = async {
        let _ = stopping.await;
    };
    serve(listener, respond, stop, LIMITS).await;
}

/// A client of a local database.
pub(crate) fn client(endpoint: &Endpoint) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new(&endpoint.access_key_id, "local", None, None, "local"))
        .endpoint_url(&endpoint.url)
        .build();
    Client::from_conf(config)
}

/// Creates the template's tables, each with its logical id as its name; existing tables stay as they are. Properties
/// that mean nothing to a local database (recovery, encryption, deletion protection) are ignored.
pub async fn create_tables(template: &Template, endpoint: &Endpoint) -> Result<(), Error> {
    create_tables_of(template, &client(endpoint)).await
}

async fn create_tables_of(template: &Template, client: &Client) -> Result<(), Error> {
    for table in &template.tables {
        create_table(client, table).await?;
        if let Some(expiry) = table.time_to_live_specification.as_ref().filter(|expiry| expiry.enabled) {
            enable_expiry(client, &table.name, &expiry.attribute_name).await?;
        }
    }
    Ok(())
}

async fn create_table(client: &Client, table: &Table) -> Result<(), Error> {
    let mut request = client
        .create_table()
        .table_name(&table.name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(key_schema(&table.key_schema)?));
    for attribute in &table.attribute_definitions {
        let definition = AttributeDefinition::builder()
            .attribute_name(&attribute.attribute_name)
            .attribute_type(ScalarAttributeType::from(attribute.attribute_type.as_str()));
        request = request.attribute_definitions(definition.build().map_err(|error| broken(&error))?);
    }
    for index in &table.global_secondary_indexes {
        request = request.global_secondary_indexes(secondary_index(index)?);
    }
    if let Some(stream) = &table.stream_specification {
        let specification = StreamSpecification::builder()
            .stream_enabled(true)
            .stream_view_type(StreamViewType::from(stream.stream_view_type.as_str()))
            .build()
            .map_err(|error| broken(&error))?;
        request = request.stream_specification(specification);
    }
    match request.send().await {
        // AWS creates a table within seconds.
        Ok(_) => client
            .wait_until_table_exists()
            .table_name(&table.name)
            .wait(CREATION_TIMEOUT)
            .await
            .map(|_| ())
            .map_err(|error| Error::Database(format!("{}: {}", table.name, DisplayErrorContext(&error)))),
        Err(error) if error.as_service_error().is_some_and(CreateTableError::is_resource_in_use_exception) => Ok(()),
        Err(error) => Err(Error::Database(format!("{}: {}", table.name, DisplayErrorContext(&error)))),
    }
}

fn secondary_index(index: &Index) -> Result<GlobalSecondaryIndex, Error> {
    let attributes = &index.projection.non_key_attributes;
    let projection = Projection::builder()
        .projection_type(ProjectionType::from(index.projection.projection_type.as_str()))
        .set_non_key_attributes(Some(attributes.clone()).filter(|attributes| !attributes.is_empty()));
    GlobalSecondaryIndex::builder()
        .index_name(&index.index_name)
        .set_key_schema(Some(key_schema(&index.key_schema)?))
        .projection(projection.build())
        .build()
        .map_err(|error| broken(&error))
}

fn key_schema(elements: &[KeyElement]) -> Result<Vec<KeySchemaElement>, Error> {
    let element = |element: &KeyElement| {
        KeySchemaElement::builder()
            .attribute_name(&element.attribute_name)
            .key_type(KeyType::from(element.key_type.as_str()))
            .build()
            .map_err(|error| broken(&error))
    };
    elements.iter().map(element).collect()
}

async fn enable_expiry(client: &Client, table: &str, attribute: &str) -> Result<(), Error> {
    let described = client.describe_time_to_live().table_name(table).send().await;
    let described = described.map_err(|error| Error::Database(DisplayErrorContext(&error).to_string()))?;
    let status = described.time_to_live_description.and_then(|description| description.time_to_live_status);
    if status == Some(TimeToLiveStatus::Enabled) {
        return Ok(());
    }
    let expiry = TimeToLiveSpecification::builder()
        .enabled(true)
        .attribute_name(attribute)
        .build()
        .map_err(|error| broken(&error))?;
    let updated = client.update_time_to_live().table_name(table).time_to_live_specification(expiry).send().await;
    updated.map(|_| ()).map_err(|error| Error::Database(DisplayErrorContext(&error).to_string()))
}

fn broken(error: &BuildError) -> Error {
    Error::Database(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{AttributeDefinition as Attribute, KeyElement, Projection as Projected, Stream, TimeToLive};

    fn template() -> Template {
        let key = |name: &str, kind: &str| KeyElement { attribute_name: name.to_owned(), key_type: kind.to_owned() };
        let attribute = |name: &str| Attribute { attribute_name: name.to_owned(), attribute_type: "S".to_owned() };
        let table = Table {
            name: "GrantsTable".to_owned(),
            attribute_definitions: ["pk", "sk", "other"].map(attribute).to_vec(),
            key_schema: vec![key("pk", "HASH"), key("sk", "RANGE")],
            global_secondary_indexes: vec![Index {
                index_name: "Other".to_owned(),
                key_schema: vec![key("other", "HASH")],
                projection: Projected { projection_type: "KEYS_ONLY".to_owned(), non_key_attributes: Vec::new() },
            }],
            time_to_live_specification: Some(TimeToLive { attribute_name: "expiresAt".to_owned(), enabled: true }),
            stream_specification: Some(Stream { stream_view_type: "NEW_IMAGE".to_owned() }),
        };
        Template { stage: "live".to_owned(), tables: vec![table], ..Template::default() }
    }

    #[tokio::test]
    async fn tables_are_made_once_as_the_template_says() -> Result<(), Box<dyn std::error::Error>> {
        let database = Dynoxide::start(None, 0, fresh_access_key_id())?;
        create_tables(&template(), database.endpoint()).await?;
        create_tables(&template(), database.endpoint()).await?;
        let client = client(database.endpoint());
        let described = client.describe_table().table_name("GrantsTable").send().await?.table.ok_or("no table")?;
        let keys: Vec<_> = described.key_schema().iter().map(KeySchemaElement::attribute_name).collect();
        assert_eq!(keys, ["pk", "sk"]);
        assert_eq!(described.global_secondary_indexes().len(), 1);
        let stream = described.stream_specification.as_ref().and_then(StreamSpecification::stream_view_type);
        assert_eq!(stream, Some(&StreamViewType::NewImage));
        let expiry = client.describe_time_to_live().table_name("GrantsTable").send().await?;
        let expiry = expiry.time_to_live_description.ok_or("no expiry")?;
        assert_eq!(expiry.attribute_name(), Some("expiresAt"));
        database.stop();
        Ok(())
    }

    /// The status and the headers of the response to a request with these headers.
    async fn status(endpoint: &Endpoint, method: http::Method, headers: &[(&str, &str)]) -> (u16, http::HeaderMap) {
        let mut request = http::Request::builder()
            .method(method)
            .uri(&endpoint.url)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", "DynamoDB_20120810.ListTables");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = http_body_util::Full::new(bytes::Bytes::from_static(b"{}"));
        let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
        let response = client.request(request.body(body).unwrap()).await.unwrap();
        (response.status().as_u16(), response.headers().clone())
    }

    #[tokio::test]
    async fn only_clients_with_the_credential_are_served_and_no_web_page() -> Result<(), Box<dyn std::error::Error>> {
        let database = Dynoxide::start(None, 0, fresh_access_key_id())?;
        let endpoint = database.endpoint();
        let signed = |id: &str| {
            format!(
                "AWS4-HMAC-SHA256 Credential={id}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
            )
        };
        let (own, dummy) = (signed(&endpoint.access_key_id), signed("local"));
        let longer = signed(&format!("{}0", endpoint.access_key_id));
        let post = http::Method::POST;
        assert_eq!(status(endpoint, post.clone(), &[("authorization", &own)]).await.0, 200);
        for headers in [
            &[][..],
            &[("authorization", dummy.as_str())],
            &[("authorization", longer.as_str())],
            &[("authorization", "Bearer x")],
            &[("authorization", own.as_str()), ("origin", "http://localhost:3000")],
            &[("authorization", own.as_str()), ("origin", "null")],
        ] {
            assert_eq!(status(endpoint, post.clone(), headers).await.0, 400, "{headers:?}");
        }
        let asked = [("origin", "https://example.com"), ("access-control-request-method", "POST")];
        let (status, headers) = status(endpoint, http::Method::OPTIONS, &asked).await;
        assert_eq!(status, 400);
        assert!(!headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{headers:?}");
        Ok(())
    }

    #[test]
    fn a_port_in_use_is_said_so() -> Result<(), Box<dyn std::error::Error>> {
        let taken = TcpListener::bind(("127.0.0.1", 0))?;
        let port = taken.local_addr()?.port();
        assert!(
            matches!(Dynoxide::start(None, port, fresh_access_key_id()), Err(Error::AddressInUse(said)) if said.port() == port)
        );
        Ok(())
    }
}
