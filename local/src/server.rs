//! An HTTP server on this machine, as the gateway, the database and the Runtime API need it.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::Error;

/// How long a client may take to send the head of a request, or to keep an idle connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long after a connection could not be accepted the next one is.
const PAUSE: Duration = Duration::from_millis(50);

/// Listens on 127.0.0.1. Port 0 takes any free one.
pub(crate) fn listen(port: u16) -> Result<std::net::TcpListener, Error> {
    let bound = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    bound.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => Error::PortInUse { port },
        _ => Error::Listen { port, source: error },
    })
}

/// Answers requests until `stop` resolves; then takes no more, and waits so long for those being answered. Dropping the
/// future closes every connection at once.
pub(crate) async fn serve<A, F>(listener: TcpListener, answer: A, stop: impl Future<Output = ()>, patience: Duration)
where
    A: Fn(Request<Incoming>, SocketAddr) -> F + Clone + Send + 'static,
    F: Future<Output = Response<Full<Bytes>>> + Send + 'static,
{
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            // Too many open files, or a client that is gone already: neither ends the server.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let answer = answer.clone();
        let service = service_fn(move |request| {
            let answered = answer(request, peer);
            async move { Ok::<_, Infallible>(answered.await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service);
        // How a connection ends is the client's affair.
        connections.spawn(graceful.watch(connection));
    }
    drop(listener);
    let _ = tokio::time::timeout(patience, graceful.shutdown()).await;
}
