//! The database behind a Unix socket, for the commands that manage keys while a system runs. Only the owner of the data
//! directory can open the socket, so it asks for no credential.

use std::fmt;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use assent_shared::environment::Environment;
use assent_shared::store::Database;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

use super::engine::Engine;
use super::wire;
use crate::Error;
use crate::server::serve;

/// A database that serves a Unix socket. Dropping it closes the socket and deletes its file.
pub(crate) struct Socket {
    path: PathBuf,
    server: JoinHandle<()>,
}

impl Socket {
    /// Serves the database at this path. A file that a crashed process left there is replaced: only the holder of the
    /// data directory's lock may call this.
    pub(crate) fn serve(engine: &Engine, path: &Path) -> Result<Self, Error> {
        let _ = std::fs::remove_file(path);
        let listener = UnixListener::bind(path).map_err(Error::file(path))?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(Error::file(path))?;
        let engine = engine.clone();
        let respond = move |request, ()| {
            let engine = engine.clone();
            async move { wire::respond(&engine, request).await }
        };
        let server = tokio::spawn(serve(listener, respond, std::future::pending(), super::LIMITS));
        Ok(Self { path: path.to_owned(), server })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.server.abort();
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Whether a running process serves this socket.
pub(crate) async fn is_served(path: &Path) -> bool {
    UnixStream::connect(path).await.is_ok()
}

/// The connection of the stores of `shared` to the database behind this socket.
pub(crate) fn connect(path: &Path) -> Database {
    let connector = SharedHttpConnector::new(OverSocket(path.to_owned()));
    Database::with_http_client(&Environment::of_process(), http_client_fn(move |_, _| connector.clone()))
}

struct OverSocket(PathBuf);

impl fmt::Debug for OverSocket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OverSocket")
    }
}

impl HttpConnector for OverSocket {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let path = self.0.clone();
        HttpConnectorFuture::new(async move { send(&path, request).await.map_err(ConnectorError::io) })
    }
}

/// Sends one request on a connection of its own: a command makes only a few.
async fn send(path: &Path, request: HttpRequest) -> Result<HttpResponse, Box<dyn std::error::Error + Send + Sync>> {
    let stream = UnixStream::connect(path).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (head, body) = request.try_into_http1x()?.into_parts();
    let body = Full::new(Bytes::copy_from_slice(body.bytes().unwrap_or_default()));
    let (head, body) = sender.send_request(http::Request::from_parts(head, body)).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(http::Response::from_parts(head, SdkBody::from(body)).try_into()?)
}

#[cfg(test)]
mod tests {
    use assent_shared::domain::RequestContext;
    use assent_shared::store::ApiKeys;

    use super::*;
    use crate::template::Template;

    #[tokio::test]
    async fn the_socket_leads_to_the_database_while_it_is_served() -> Result<(), Box<dyn std::error::Error>> {
        let path = std::env::temp_dir()
            .join(format!("assent-{:x}.socket", u32::from_be_bytes(RequestContext::system().random())));
        assert!(!is_served(&path).await);
        let engine = Engine::memory()?;
        engine.create_tables(&Template::own()?).await?;
        // As after a crash.
        std::fs::write(&path, "")?;
        let socket = Socket::serve(&engine, &path)?;
        assert!(is_served(&path).await);
        assert_eq!(std::fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
        assert!(ApiKeys::new(&connect(&path)).list().await?.is_empty());
        drop(socket);
        assert!(!path.exists());
        assert!(ApiKeys::new(&connect(&path)).list().await.is_err());
        Ok(())
    }
}
