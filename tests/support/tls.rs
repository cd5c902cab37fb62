//! A TLS server before the database, with a new self-signed certificate.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A running TLS server before a database. Dropping it stops it.
pub struct Tls {
    /// Its URL.
    pub url: String,
    /// The file with the certificate that clients must trust.
    pub certificates: PathBuf,
    /// How many connections it has accepted.
    pub opened: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl Drop for Tls {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Tls {
    /// Starts it on a free port before the database at this URL, and writes the certificate's file into the folder.
    pub async fn before(database_url: &str, folder: &Path) -> io::Result<Self> {
        let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).map_err(io::Error::other)?;
        std::fs::create_dir_all(folder)?;
        let certificates = folder.join("certificate.pem");
        std::fs::write(&certificates, certified.cert.pem())?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certified.cert.der().clone()], key)
            .map_err(io::Error::other)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("https://{}", listener.local_addr()?);
        let behind = database_url.trim_start_matches("http://").to_owned();
        let opened = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&opened);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(pass(acceptor.clone(), stream, behind.clone()));
            }
        });
        Ok(Self { url, certificates, opened, server })
    }
}

async fn pass(acceptor: TlsAcceptor, stream: TcpStream, behind: String) {
    let _ = stream.set_nodelay(true);
    // A client that disconnects ends only its own connection.
    let Ok(mut client) = acceptor.accept(stream).await else { return };
    let Ok(mut database) = TcpStream::connect(behind).await else { return };
    let _ = database.set_nodelay(true);
    let _ = copy_bidirectional(&mut client, &mut database).await;
}
