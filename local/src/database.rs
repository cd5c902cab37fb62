//! The embedded DynamoDB, and the template's tables in it or in any other local one.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::error::{BuildError, DisplayErrorContext};
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, TimeToLiveSpecification, TimeToLiveStatus,
};
use aws_sdk_dynamodb::{Client, Config};
use tokio::sync::oneshot;

use crate::Error;
use crate::secure_deletion::SecureDeletion;
use crate::template::{Index, KeyElement, REGION, Table, Template};

/// How long a stop waits for calls that are being answered.
const STOP_PATIENCE: Duration = Duration::from_secs(1);

/// A running dynoxide. It has threads of its own, since each of its calls blocks one. Dropping it stops it.
#[derive(Debug)]
pub struct Dynoxide {
    endpoint: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Where there is a file.
    deletion: Option<SecureDeletion>,
}

impl Dynoxide {
    /// Serves the file (`SQLite`'s; made if it is new), or memory where there is none, on 127.0.0.1. Port 0 takes any
    /// free one.
    pub fn start(file: Option<&Path>, port: u16) -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Error::PortInUse { port },
            _ => Error::Database(error.to_string()),
        })?;
        Self::serve(file, listener)
    }

    /// The same on a listener that is there already.
    pub fn serve(file: Option<&Path>, listener: TcpListener) -> Result<Self, Error> {
        let database = match file {
            None => dynoxide::Database::memory(),
            Some(file) => {
                let path = file.to_str().ok_or_else(|| Error::Database(format!("{} is not UTF-8", file.display())))?;
                dynoxide::Database::new(path)
            }
        };
        let database = database.map_err(|error| match file {
            Some(file) => Error::Database(format!("{}: {error}", file.display())),
            None => Error::Database(error.to_string()),
        })?;
        let deletion = file.map(SecureDeletion::of).transpose()?;
        let (address, runtime) = prepare(&listener).map_err(|error| Error::Database(error.to_string()))?;
        let (stop, stopping) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            runtime.block_on(serve(listener, database, stopping));
            // A client that has sent half a call must not hold the process.
            runtime.shutdown_timeout(STOP_PATIENCE);
        });
        Ok(Self { endpoint: format!("http://{address}"), stop: Some(stop), thread: Some(thread), deletion })
    }

    /// The URL to give to an SDK as its endpoint.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Whether it has ended of its own accord.
    pub(crate) fn has_ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Answers the calls that have come, takes no more, and closes the file.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        // After the last write.
        drop(self.deletion.take());
    }
}

impl Drop for Dynoxide {
    fn drop(&mut self) {
        self.end();
    }
}

fn prepare(listener: &TcpListener) -> std::io::Result<(SocketAddr, tokio::runtime::Runtime)> {
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name("dynoxide").enable_all().build()?;
    Ok((address, runtime))
}

async fn serve(listener: TcpListener, database: dynoxide::Database, stopping: oneshot::Receiver<()>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(%error, "the database cannot listen"),
    };
    let (close, closing) = oneshot::channel::<()>();
    let closing = async move {
        let _ = closing.await;
    };
    let mut server = tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database, closing));
    tokio::select! {
        ended = &mut server => tracing::error!(?ended, "the database has ended"),
        _ = stopping => {
            drop(close);
            let _ = tokio::time::timeout(STOP_PATIENCE, server).await;
        }
    }
}

/// A client of the database at this URL, with the credentials that any local one takes.
pub(crate) fn client(endpoint_url: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(endpoint_url)
        .build();
    Client::from_conf(config)
}

/// Makes the template's tables, each under its logical id; those that are there stay as they are. What no local engine
/// has a meaning for (recovery, encryption, protection) is left out.
pub async fn create_tables(template: &Template, endpoint_url: &str) -> Result<(), Error> {
    let client = client(endpoint_url);
    for table in &template.tables {
        create_table(&client, table).await?;
        if let Some(expiry) = table.time_to_live_specification.as_ref().filter(|expiry| expiry.enabled) {
            enable_expiry(&client, &table.name, &expiry.attribute_name).await?;
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
    match request.send().await {
        Ok(_) => Ok(()),
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
    use crate::template::{AttributeDefinition as Attribute, KeyElement, Projection as Projected, TimeToLive};

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
        };
        Template {
            stage: "live".to_owned(),
            tables: vec![table],
            functions: [].into(),
            routes: Vec::new(),
            authorizers: [].into(),
            gateway_responses: [].into(),
            usage_plans: [].into(),
        }
    }

    #[tokio::test]
    async fn tables_are_made_once_as_the_template_says() -> Result<(), Box<dyn std::error::Error>> {
        let database = Dynoxide::start(None, 0)?;
        create_tables(&template(), database.endpoint()).await?;
        create_tables(&template(), database.endpoint()).await?;
        let client = client(database.endpoint());
        let described = client.describe_table().table_name("GrantsTable").send().await?.table.ok_or("no table")?;
        let keys: Vec<_> = described.key_schema().iter().map(KeySchemaElement::attribute_name).collect();
        assert_eq!(keys, ["pk", "sk"]);
        assert_eq!(described.global_secondary_indexes().len(), 1);
        let expiry = client.describe_time_to_live().table_name("GrantsTable").send().await?;
        let expiry = expiry.time_to_live_description.ok_or("no expiry")?;
        assert_eq!(expiry.attribute_name(), Some("expiresAt"));
        database.stop();
        Ok(())
    }

    #[test]
    fn a_port_in_use_is_said_so() -> Result<(), Box<dyn std::error::Error>> {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = taken.local_addr()?.port();
        assert!(matches!(Dynoxide::start(None, port), Err(Error::PortInUse { port: said }) if said == port));
        Ok(())
    }
}
