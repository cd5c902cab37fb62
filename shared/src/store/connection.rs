//! The HTTP connections to the database: the certificates that they trust, and
//! how they are opened before the first request.

use aws_smithy_http_client::{
    Connector,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn},
    orchestrator::HttpRequest,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use std::{path::PathBuf, time::Duration};

/// The time limit for connecting. A healthy `DynamoDB` needs milliseconds.
const CONNECT: Duration = Duration::from_secs(1);
/// The time limit for opening a connection at the start. Lambda allows 10 seconds for the start.
const AHEAD: Duration = Duration::from_secs(2);
/// The roots of AWS's certificates, from <https://www.amazontrust.com/repository/>.
/// To parse all of the system's roots would take longer than the rest of a
/// function's start.
const AMAZON: &[u8] = include_bytes!("amazon_roots.pem");
/// The first line of a certificate in a PEM file (RFC 7468).
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The root certificates that are trusted.
#[derive(Clone, Debug)]
pub(super) enum Trust {
    /// Only Amazon's own.
    Amazon,
    /// Only those in this PEM file.
    File(PathBuf),
}

impl Trust {
    /// The certificates in PEM. Panics with the reason if the file cannot be used:
    /// with other roots than the configured ones, the function would trust somebody
    /// else.
    #[expect(clippy::panic, reason = "called only at the start, where the process must end")]
    fn certificates(&self) -> Vec<u8> {
        match self {
            Self::Amazon => AMAZON.to_vec(),
            Self::File(path) => match std::fs::read(path) {
                // The connector reports invalid certificates.
                Ok(certificates) if certificates.windows(BEGIN.len()).any(|words| words == BEGIN) => certificates,
                Ok(_) => panic!("the certificates to trust, {}: the file has none", path.display()),
                Err(error) => panic!("the certificates to trust, {}: {error}", path.display()),
            },
        }
    }
}

/// A pool of connections, shared by the SDK and [`Self::open`].
#[derive(Clone, Debug)]
pub(super) struct Connection(SharedHttpConnector);

impl Connection {
    pub(super) fn new(trust: &Trust) -> Self {
        let store = TrustStore::empty().with_pem_certificate(trust.certificates());
        let connector = Connector::builder()
            .connector_settings(HttpConnectorSettings::builder().connect_timeout(CONNECT).build())
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(TlsContext::builder().with_trust_store(store).build().unwrap_or_default())
            .build();
        Self(SharedHttpConnector::new(connector))
    }

    /// The HTTP client for the SDK. Without it, the SDK would build one connector
    /// that it never uses and another at its first call.
    pub(super) fn client(&self) -> SharedHttpClient {
        let connector = self.0.clone();
        http_client_fn(move |_, _| connector.clone())
    }

    /// Opens a connection and leaves it in the pool for the first request. An error
    /// is ignored: the requests will report it.
    pub(super) async fn open(&self, url: &str) {
        let mut request = HttpRequest::new(SdkBody::empty());
        if request.set_uri(url).is_err() {
            return;
        }
        let exchange = async {
            if let Ok(response) = self.0.call(request).await {
                // The connection returns to the pool when the response has been read.
                let _ = ByteStream::new(response.into_body()).collect().await;
            }
        };
        let _ = tokio::time::timeout(AHEAD, exchange).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{io::Read, net::TcpListener};

    #[tokio::test]
    async fn a_failure_to_open_a_connection_is_ignored() {
        let connection = Connection::new(&Trust::Amazon);
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = std::thread::spawn(move || {
            let mut start = [0; 6];
            listener.accept().unwrap().0.read_exact(&mut start).unwrap();
            start
        });
        // The first server closes the connection without a response; then there is no server.
        connection.open(&url).await;
        assert_eq!(&received.join().unwrap(), b"GET / ");
        connection.open(&url).await;
        connection.open("no URL").await;
    }
}
