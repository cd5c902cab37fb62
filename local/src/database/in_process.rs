//! An HTTP client for an SDK in this process, which passes each request to the database instead of sending it.

use std::fmt;

use assent_shared::environment::Environment;
use assent_shared::store::Database;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, StalledStreamProtectionConfig};
use aws_sdk_dynamodb::{Client, Config};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

use super::create_tables_of;
use super::engine::Engine;
use super::operations::ProtocolResponse;
use crate::Error;
use crate::template::{REGION, Template};

impl Engine {
    /// The connection of the stores of `shared`.
    pub fn connect(&self) -> Database {
        Database::with_http_client(&Environment::of_process(), self.http_client())
    }

    /// Creates the template's tables, as [`super::create_tables`] does.
    pub async fn create_tables(&self, template: &Template) -> Result<(), Error> {
        create_tables_of(template, &self.client()).await
    }

    /// A client of the SDK, for all other calls.
    pub fn client(&self) -> Client {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url("http://localhost")
            .allow_no_auth()
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .http_client(self.http_client());
        Client::from_conf(config.build())
    }

    /// The HTTP client to configure an SDK with.
    pub(crate) fn http_client(&self) -> SharedHttpClient {
        let connector = self.connector();
        http_client_fn(move |_, _| connector.clone())
    }

    /// What passes the requests of that client to the database.
    pub fn connector(&self) -> SharedHttpConnector {
        SharedHttpConnector::new(InProcess(self.clone()))
    }
}

struct InProcess(Engine);

impl fmt::Debug for InProcess {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("InProcess")
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let engine = self.0.clone();
        HttpConnectorFuture::new(async move {
            let target = request.headers().get("x-amz-target");
            let done = match request.body().bytes() {
                Some(body) => engine.respond(target, body).await,
                None => ProtocolResponse::refusal("SerializationException"),
            };
            let status = done.status.try_into().map_err(|error| ConnectorError::other(Box::new(error), None))?;
            let mut response = HttpResponse::new(status, SdkBody::from(done.body));
            response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
            Ok(response)
        })
    }
}

#[cfg(test)]
mod tests;
