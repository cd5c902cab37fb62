//! Connections to recipients. Each address is checked after its name was resolved, and the connection is opened to the
//! address that was checked: the name is not resolved again in between, so it cannot lead elsewhere by then.

use crate::{
    domain::{public_address::is_public, webhook_url::Reach},
    webhook::SendError,
};
use futures_util::future::BoxFuture;
use http::{Uri, uri::Scheme};
use hyper_util::rt::TokioIo;
use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tower_service::Service;

/// How many addresses of a name are tried.
const TRIED: usize = 4;

/// What a connection needs of the network. A test has one of its own, to be the resolver and the internet.
pub(super) trait Network: Send + Sync {
    /// The addresses of a name.
    fn resolve(&self, name: String) -> BoxFuture<'_, io::Result<Vec<IpAddr>>>;

    /// Opens a connection to this address.
    fn connect(&self, address: SocketAddr) -> BoxFuture<'_, io::Result<TcpStream>>;
}

/// The network of this machine.
pub(super) struct System;

impl Network for System {
    fn resolve(&self, name: String) -> BoxFuture<'_, io::Result<Vec<IpAddr>>> {
        Box::pin(async move { Ok(lookup_host((name, 0)).await?.map(|address| address.ip()).collect()) })
    }

    fn connect(&self, address: SocketAddr) -> BoxFuture<'_, io::Result<TcpStream>> {
        Box::pin(TcpStream::connect(address))
    }
}

/// Opens the connections of the HTTP client. The client never opens one in another way.
#[derive(Clone)]
pub(super) struct Connector {
    pub(super) network: Arc<dyn Network>,
    pub(super) reach: Reach,
    /// The time limit for one address, so that another one can be tried.
    pub(super) limit: Duration,
}

impl Connector {
    async fn open(&self, uri: &Uri) -> Result<TcpStream, SendError> {
        let mut failure = SendError::ConnectionFailed;
        for address in self.addresses(uri).await? {
            match timeout(self.limit, self.network.connect(address)).await {
                Ok(Ok(stream)) => {
                    // A request is written at once, so there is nothing to wait for.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(_)) => failure = SendError::ConnectionFailed,
                Err(_) => failure = SendError::TimedOut,
            }
        }
        Err(failure)
    }

    /// The addresses that may be connected to. Of a name with public and other addresses, the public ones.
    async fn addresses(&self, uri: &Uri) -> Result<Vec<SocketAddr>, SendError> {
        let host = uri.host().unwrap_or_default();
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let at = |port: u16| move |address: IpAddr| SocketAddr::new(address, uri.port_u16().unwrap_or(port));
        if uri.scheme() != Some(&Scheme::HTTPS) {
            let loopback = literal.ok().filter(|address| {
                self.reach == Reach::PublicAndLoopback && *address == IpAddr::V4(Ipv4Addr::LOCALHOST)
            });
            return loopback.map(|address| vec![at(80)(address)]).ok_or(SendError::AddressNotPublic);
        }
        let found = match literal {
            Ok(address) => vec![address],
            Err(_) => self.network.resolve(host.to_owned()).await.map_err(|_| SendError::DnsFailed)?,
        };
        if found.is_empty() {
            return Err(SendError::DnsFailed);
        }
        let public = found.into_iter().filter(|address| is_public(*address)).take(TRIED);
        let public: Vec<SocketAddr> = public.map(at(443)).collect();
        if public.is_empty() { Err(SendError::AddressNotPublic) } else { Ok(public) }
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = SendError;
    type Future = BoxFuture<'static, Result<Self::Response, SendError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), SendError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move { connector.open(&uri).await.map(TokioIo::new) })
    }
}
