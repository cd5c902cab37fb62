//! The HTTP client that sends webhooks. The recipient is a stranger: it is connected to in public only, it is not
//! followed elsewhere, and neither its time nor its answer is unlimited.

use crate::{
    domain::webhook_url::{Reach, WebhookUrl},
    webhook::{
        RetryAfter,
        network::{Connector, Network, System},
    },
};
use bytes::Bytes;
use http::{
    Request, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER, USER_AGENT},
};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, Error as ClientError},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs::default_provider};
use std::{error::Error as _, fmt, sync::Arc, time::Duration};
use tokio::time::timeout;

/// How the client names itself.
const NAME: &str = "Assent-Webhooks/1";
/// How large the head of an answer may be, in bytes.
const HEAD: usize = 16 * 1024;
/// How long a connection is kept for the next webhook to the same host.
const IDLE: Duration = Duration::from_secs(20);
/// How many connections are kept for one host.
const IDLE_CONNECTIONS: usize = 4;

/// What a recipient may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The time for the whole exchange, from the resolution of the name to the last byte of the answer.
    pub(super) exchange: Duration,
    /// The time for a connection to one address.
    pub(super) connect: Duration,
    /// The size of the body of an answer, in bytes.
    pub(super) body: usize,
}

impl Limits {
    const USUAL: Self = Self { exchange: Duration::from_secs(10), connect: Duration::from_secs(3), body: 16 * 1024 };
}

/// The answer of a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its status. Only one of the class 2xx says that the recipient has the message; a redirection is not followed.
    pub status: StatusCode,
    /// When the recipient asks to be tried again, if its status is 429 or 503.
    pub retry_after: Option<RetryAfter>,
    /// Its body. It is empty if it was too long.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The host has no address on the public internet, or the URL is one of development.
    AddressNotPublic,
    /// The host's name has no address.
    DnsFailed,
    /// No connection came about, or it ended before the answer did.
    ConnectionFailed,
    /// The host did not prove who it is, or does not speak TLS.
    TlsFailed,
    /// The time was over before the answer ended.
    TimedOut,
    /// The answer is not HTTP, or its head is too large.
    InvalidAnswer,
    /// The URL or a header is none in HTTP.
    InvalidRequest,
}

impl SendError {
    /// Its name, which stays the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::AddressNotPublic => "address_not_public",
            Self::DnsFailed => "dns_failed",
            Self::ConnectionFailed => "connection_failed",
            Self::TlsFailed => "tls_failed",
            Self::TimedOut => "timed_out",
            Self::InvalidAnswer => "invalid_answer",
            Self::InvalidRequest => "invalid_request",
        }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl std::error::Error for SendError {}

/// Sends webhooks, and keeps connections for the next ones to the same host.
#[derive(Clone)]
pub struct WebhookClient {
    client: Client<HttpsConnector<Connector>, Full<Bytes>>,
    limits: Limits,
}

impl WebhookClient {
    /// A client that goes no further than this, and trusts Mozilla's root certificates.
    pub fn new(reach: Reach) -> Self {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Self::with(reach, Arc::new(System), roots, Limits::USUAL)
    }

    #[expect(clippy::expect_used, reason = "at the start, and independent of all input")]
    pub(super) fn with(reach: Reach, network: Arc<dyn Network>, roots: RootCertStore, limits: Limits) -> Self {
        let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider has the default versions of TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            // The connector refuses plain HTTP, except as far as it may reach.
            .https_or_http()
            .enable_http1()
            .wrap_connector(Connector { network, reach, limit: limits.connect });
        let client = Client::builder(TokioExecutor::new())
            .http1_max_buf_size(HEAD)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Self { client, limits }
    }

    /// Sends the body, which is JSON, with these headers, once.
    pub async fn send(
        &self,
        url: &WebhookUrl,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> Result<Reply, SendError> {
        let exchange = timeout(self.limits.exchange, self.exchange(url, headers, body));
        exchange.await.unwrap_or(Err(SendError::TimedOut))
    }

    async fn exchange(
        &self,
        url: &WebhookUrl,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> Result<Reply, SendError> {
        let mut request = Request::post(url.as_str()).header(USER_AGENT, NAME).header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(body)).map_err(|_| SendError::InvalidRequest)?;
        let (head, body) = self.client.request(request).await.map_err(|error| cause(&error))?.into_parts();
        // A body that is not read to its end closes the connection.
        let body = match Limited::new(body, self.limits.body).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => Bytes::new(),
            Err(_) => return Err(SendError::ConnectionFailed),
        };
        Ok(Reply { status: head.status, retry_after: retry_after(head.status, &head.headers), body })
    }
}

fn retry_after(status: StatusCode, headers: &HeaderMap) -> Option<RetryAfter> {
    let busy = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let asked = headers.get(RETRY_AFTER).filter(|_| busy)?;
    RetryAfter::parse(asked.to_str().ok()?)
}

/// The texts of the error stay here: they may show what only this system may know.
fn cause(error: &ClientError) -> SendError {
    let source = error.source();
    if error.is_connect() {
        // What the connector did not say is of the TLS above it.
        return source.and_then(|source| source.downcast_ref()).copied().unwrap_or(SendError::TlsFailed);
    }
    match source.and_then(|source| source.downcast_ref::<hyper::Error>()) {
        Some(error) if error.is_parse() => SendError::InvalidAnswer,
        _ => SendError::ConnectionFailed,
    }
}
