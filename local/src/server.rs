//! The HTTP server of the gateway, the database and the Runtime API.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use assent_shared::domain::Random;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::task::JoinSet;

use crate::Error;

/// The usual [`Limits::client_timeout`].
const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);
/// The time, in milliseconds, for which a client may read nothing of a response.
#[cfg(target_os = "linux")]
const WRITE_TIMEOUT: u32 = 30_000;
/// The time for which a client that is refused may take to read why.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(1);
/// The pause after a connection that could not be accepted.
const PAUSE: Duration = Duration::from_millis(50);

/// The limits of a server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The connections that may be open at once. A connection beyond them gets a 503 and is closed.
    pub(crate) connections: usize,
    /// The time that a client may take to send the head of a request, or its body, or may keep an idle connection.
    pub(crate) client_timeout: Duration,
    /// The time that a stop waits for requests that are being handled.
    pub(crate) stop_timeout: Duration,
}

impl Limits {
    /// As many connections as the system allows, and patience with their clients.
    pub(crate) const fn of_stop(stop_timeout: Duration) -> Self {
        Self { connections: usize::MAX, client_timeout: CLIENT_TIMEOUT, stop_timeout }
    }
}

/// Listens on 127.0.0.1. Port 0 takes any free one.
pub(crate) fn listen(port: u16) -> Result<std::net::TcpListener, Error> {
    listen_on((Ipv4Addr::LOCALHOST, port).into())
}

/// Listens on an address.
pub(crate) fn listen_on(address: SocketAddr) -> Result<std::net::TcpListener, Error> {
    let bound = std::net::TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    bound.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => Error::AddressInUse(address),
        _ => Error::Listen { address, source: error },
    })
}

/// Accepts connections.
pub(crate) trait Accept: Send + Sync {
    /// A connection.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;
    /// What identifies the client.
    type Peer: Copy + Send + 'static;

    /// The next connection.
    fn accept(&self) -> impl Future<Output = std::io::Result<(Self::Stream, Self::Peer)>> + Send;
}

impl Accept for TcpListener {
    type Stream = TcpStream;
    type Peer = SocketAddr;

    async fn accept(&self) -> std::io::Result<(TcpStream, SocketAddr)> {
        let (stream, peer) = Self::accept(self).await?;
        let _ = stream.set_nodelay(true);
        // A client that reads nothing must not keep its connection.
        #[cfg(target_os = "linux")]
        let _ = rustix::net::sockopt::set_tcp_user_timeout(&stream, WRITE_TIMEOUT);
        Ok((stream, peer))
    }
}

impl Accept for UnixListener {
    type Stream = UnixStream;
    type Peer = ();

    async fn accept(&self) -> std::io::Result<(UnixStream, ())> {
        Ok((Self::accept(self).await?.0, ()))
    }
}

/// Serves requests until `stop` resolves. It then accepts no more requests, and waits for those that are being handled.
/// Dropping the future closes all connections at once.
pub(crate) async fn serve<L, R, F>(listener: L, respond: R, stop: impl Future<Output = ()>, limits: Limits)
where
    L: Accept,
    R: Fn(Request<Incoming>, L::Peer) -> F + Clone + Send + 'static,
    F: Future<Output = Response<Full<Bytes>>> + Send + 'static,
{
    let graceful = GracefulShutdown::new();
    let (mut connections, mut refusals) = (JoinSet::new(), JoinSet::new());
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            Some(_) = refusals.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            // Too many files are open, or the client has gone already: neither ends the server.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        // The connections that have ended since are no longer counted.
        while connections.try_join_next().is_some() {}
        if connections.len() >= limits.connections {
            // Beyond as many refusals, a connection is closed without a word.
            if refusals.len() < limits.connections {
                refusals.spawn(refuse(stream));
            }
            continue;
        }
        let respond = respond.clone();
        let service = service_fn(move |request| {
            let response = respond(request, peer);
            async move { Ok::<_, Infallible>(response.await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.client_timeout)
            .serve_connection(TokioIo::new(stream), service);
        // An error of a connection concerns only its client.
        connections.spawn(graceful.watch(connection));
    }
    drop(listener);
    let _ = tokio::time::timeout(limits.stop_timeout, graceful.shutdown()).await;
}

/// Responds with a 503 that has the API's error body, whatever the client sends.
async fn refuse(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let id = Random::system().uuid();
    let body = format!(
        r#"{{"statusCode":503,"error":"Service Unavailable","code":"SERVICE_UNAVAILABLE","message":"too many connections are open; try again later","requestId":"{id}"}}"#
    );
    let response = format!(
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: {}\r\nRetry-After: 1\r\n\
         X-Request-Id: {id}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let exchange = async {
        stream.write_all(response.as_bytes()).await?;
        stream.shutdown().await?;
        // To close a connection with unread data resets it, and the client might not see the response.
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
    };
    let _ = tokio::time::timeout(REFUSAL_TIMEOUT, exchange).await;
}
