//! Records the database calls of a function.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::stage::{Endpoint, Result};

/// A proxy of the database that records every call.
pub(crate) struct Recorder {
    pub(crate) endpoint: Endpoint,
    calls: Arc<Mutex<Vec<Value>>>,
}

impl Recorder {
    pub(crate) async fn before(database: &Endpoint) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let calls: Arc<Mutex<Vec<Value>>> = Arc::default();
        let (behind, written) = (database.url.clone(), Arc::clone(&calls));
        let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (behind, written, client) = (behind.clone(), Arc::clone(&written), client.clone());
                let service =
                    service_fn(move |request| pass(request, behind.clone(), Arc::clone(&written), client.clone()));
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Ok(Self { endpoint: Endpoint { url, ..Endpoint::default() }, calls })
    }

    /// Takes the calls since the last time.
    pub(crate) fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn pass(
    request: Request<Incoming>,
    behind: String,
    written: Arc<Mutex<Vec<Value>>>,
    client: Client<HttpConnector, Full<Bytes>>,
) -> std::io::Result<Response<Full<Bytes>>> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await.map_err(std::io::Error::other)?.to_bytes();
    let target = head.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    if let Some(operation) = target.and_then(|target| target.rsplit('.').next()) {
        let call = json!({"operation": operation, "body": serde_json::from_slice::<Value>(&body).unwrap_or_default()});
        written.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }
    head.uri = format!("{behind}/").parse::<Uri>().map_err(std::io::Error::other)?;
    let response = client.request(Request::from_parts(head, Full::new(body))).await.map_err(std::io::Error::other)?;
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(std::io::Error::other)?.to_bytes();
    Ok(Response::from_parts(head, Full::new(body)))
}
