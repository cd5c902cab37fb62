//! TLS before the database, as it stands before AWS's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::stage::{Endpoint, Result};

/// Serves TLS on a port of its own before the database at this URL, under a certificate made for
/// this once; the file of it is in the folder.
pub(crate) async fn before(database: &Endpoint, folder: &Path) -> Result<Endpoint> {
    let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
    let certificates = file(folder, &certified.cert.pem())?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der()));
    let config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certified.cert.der().clone()], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("https://{}", listener.local_addr()?);
    let behind = database.url.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, behind) = (acceptor.clone(), behind.clone());
            tokio::spawn(pass(acceptor, stream, behind));
        }
    });
    Ok(Endpoint { url, certificates: Some(certificates), ..Endpoint::default() })
}

fn file(folder: &Path, certificates: &str) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join("certificate.pem");
    std::fs::write(&file, certificates)?;
    Ok(file)
}

async fn pass(acceptor: TlsAcceptor, stream: TcpStream, behind: String) {
    let _ = stream.set_nodelay(true);
    // A client that goes away in the middle ends its connection, and nothing else.
    let Ok(mut client) = acceptor.accept(stream).await else { return };
    let Ok(mut database) = TcpStream::connect(behind).await else { return };
    let _ = database.set_nodelay(true);
    let _ = copy_bidirectional(&mut client, &mut database).await;
}
