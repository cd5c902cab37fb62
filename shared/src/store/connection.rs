//! The HTTP connection to the database: whom it trusts, and that it is open
//! before the first call comes.

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

/// Connecting to a healthy `DynamoDB` takes milliseconds.
const CONNECT: Duration = Duration::from_secs(1);
/// What opening it ahead may take. Lambda gives a function 10 seconds to start.
const AHEAD: Duration = Duration::from_secs(2);
/// The roots of <https://www.amazontrust.com/repository/>, to which the
/// certificates of AWS lead. To read and parse all that the system trusts takes
/// longer than everything else a function does at its start.
const AMAZON: &[u8] = include_bytes!("amazon_roots.pem");
/// What a certificate in a PEM file begins with (RFC 7468).
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Whose certificates are believed.
#[derive(Clone, Debug)]
pub(super) enum Trust {
    /// Amazon's own, and no other.
    Amazon,
    /// Those that lead to the certificates in this PEM file, and no other.
    File(PathBuf),
}

impl Trust {
    /// A file that cannot be used ends the start, which says why: to go on with
    /// other roots than those asked for would be to trust somebody else.
    #[expect(clippy::panic, reason = "at the start alone, where the process is to end")]
    fn certificates(&self) -> Vec<u8> {
        match self {
            Self::Amazon => AMAZON.to_vec(),
            Self::File(path) => match std::fs::read(path) {
                // What is spoilt in them, the connector tells in its own words.
                Ok(certificates) if certificates.windows(BEGIN.len()).any(|words| words == BEGIN) => certificates,
                Ok(_) => panic!("the certificates to trust, {}: there is none", path.display()),
                Err(error) => panic!("the certificates to trust, {}: {error}", path.display()),
            },
        }
    }
}

/// One pool of connections, for the SDK and for what opens them ahead.
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

    /// For the SDK, which by itself would build one connector to throw away and
    /// another at its first call.
    pub(super) fn client(&self) -> SharedHttpClient {
        let connector = self.0.clone();
        http_client_fn(move |_, _| connector.clone())
    }

    /// Opens a connection, and leaves it to the first call. Of the answer nothing
    /// is asked but that it comes: whatever is wrong, the calls will tell.
    pub(super) async fn open(&self, url: &str) {
        let mut request = HttpRequest::new(SdkBody::empty());
        if request.set_uri(url).is_err() {
            return;
        }
        let answered = async {
            if let Ok(answer) = self.0.call(request).await {
                // The connection is free again when the answer has been read.
                let _ = ByteStream::new(answer.into_body()).collect().await;
            }
        };
        let _ = tokio::time::timeout(AHEAD, answered).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{io::Read, net::TcpListener};

    #[tokio::test]
    async fn a_connection_is_opened_ahead_or_not_at_all() {
        let connection = Connection::new(&Trust::Amazon);
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = std::thread::spawn(move || {
            let mut said = [0; 6];
            listener.accept().unwrap().0.read_exact(&mut said).unwrap();
            said
        });
        // Whoever hangs up without an answer does no harm, nor does nobody at all.
        connection.open(&url).await;
        assert_eq!(&heard.join().unwrap(), b"GET / ");
        connection.open(&url).await;
        connection.open("no URL").await;
    }
}
