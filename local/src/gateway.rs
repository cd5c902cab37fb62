//! A local API Gateway: routes, authorizers, throttles, the proxy integration, and the gateway's own responses.
//!
//! It behaves like a REST API of API Gateway, so that the API behaves the same on AWS.

mod authorizer;
mod event;
mod header;
mod responses;
mod routes;
#[cfg(test)]
mod tests;
mod usage;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use assent_shared::domain::{Clock, Random};
use assent_shared::log;
use bytes::{Bytes, BytesMut};
use chrono::DateTime;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use self::authorizer::{Decision, Decisions, Denial, Grant, Identity};
use self::event::Call;
use self::responses::{GatewayError, Kind, Responses};
use self::routes::{Match, Routes};
use self::usage::{MethodUsage, Usage};
use crate::Error;
use crate::functions::{Invocation, Invoke, Outcome};
use crate::server::{Limits, listen, serve};
use crate::template::{Authorizer, Template};
use crate::trace::trace_id;
use crate::usage_plans::UsagePlanKeys;

/// API Gateway's limit for a body, in bytes.
const BODY_LIMIT: usize = 10 * 1024 * 1024;
/// The length to which a body above the limit is read and dropped, so that the client reads the 413.
const DRAIN_LIMIT: usize = 64 * 1024 * 1024;
/// The time that API Gateway waits for a function.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(29);
/// How a gateway serves its clients.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The limits of its server.
    pub(crate) limits: Limits,
    /// The domain of the reverse proxy that is its only client. The caller's address is then the last one in
    /// `X-Forwarded-For`.
    pub(crate) behind_proxy: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { limits: Limits::of_stop(Duration::from_secs(2)), behind_proxy: None }
    }
}

/// A running gateway. Dropping it closes everything at once.
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

impl Gateway {
    /// Serves the template's API on 127.0.0.1, with these functions, and these keys on its usage plans. Port 0 means any
    /// free port.
    pub fn start(
        template: &Template,
        functions: Arc<dyn Invoke>,
        keys: UsagePlanKeys,
        port: u16,
    ) -> Result<Self, Error> {
        Self::serve(template, functions, keys, listen(port)?, Settings::default())
    }

    /// The same on an existing listener.
    pub(crate) fn serve(
        template: &Template,
        functions: Arc<dyn Invoke>,
        keys: UsagePlanKeys,
        listener: std::net::TcpListener,
        settings: Settings,
    ) -> Result<Self, Error> {
        let address = listener.local_addr().map_err(|error| Error::Gateway(error.to_string()))?;
        let api = Api::new(template, functions, keys, address, (Clock::system(), Random::system()), Instant::now);
        Self::run(Api { settings, ..api }, listener)
    }

    fn run(api: Api, listener: std::net::TcpListener) -> Result<Self, Error> {
        let failed = |error: std::io::Error| Error::Gateway(error.to_string());
        let listener = TcpListener::from_std(listener).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let limits = api.settings.limits;
        let api = Arc::new(api);
        let respond = move |request, peer| {
            let api = Arc::clone(&api);
            async move { api.respond(request, peer).await }
        };
        let (stop, stopping) = oneshot::channel();
        let stopping = async {
            let _ = stopping.await;
        };
        let server = tokio::spawn(serve(listener, respond, stopping, limits));
        Ok(Self { address, stop: Some(stop), server })
    }

    /// The URL to which paths are appended, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Accepts no more requests, waits a moment for those that are being handled, and closes.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        let _ = (&mut self.server).await;
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The API as the template declares it.
struct Api {
    clock: Clock,
    random: Random,
    /// The address of the gateway itself.
    address: SocketAddr,
    stage: String,
    routes: Routes,
    authorizers: std::collections::BTreeMap<String, Authorizer>,
    responses: Responses,
    decisions: Decisions,
    method_usage: MethodUsage,
    usage: Usage,
    functions: Arc<dyn Invoke>,
    settings: Settings,
}

/// The body of a request.
enum Body {
    Whole(Bytes),
    TooLarge,
    Broken,
}

impl Api {
    /// `ages` is the clock by which cached decisions of authorizers expire. Everything else uses `clock`.
    fn new(
        template: &Template,
        functions: Arc<dyn Invoke>,
        keys: UsagePlanKeys,
        address: SocketAddr,
        (clock, random): (Clock, Random),
        ages: impl Fn() -> Instant + Send + Sync + 'static,
    ) -> Self {
        Self {
            clock,
            random,
            address,
            stage: template.stage.clone(),
            routes: Routes::new(&template.routes),
            authorizers: template.authorizers.clone(),
            responses: Responses::new(&template.gateway_responses),
            decisions: Decisions::new(ages),
            method_usage: MethodUsage::default(),
            usage: Usage::new(&template.usage_plans, keys),
            functions,
            settings: Settings::default(),
        }
    }

    /// The address of the caller.
    fn source_ip(&self, headers: &HeaderMap, peer: SocketAddr) -> IpAddr {
        // The client can send this header too. Only the last address comes from the proxy.
        let forwarded =
            headers.get_all("x-forwarded-for").iter().next_back().filter(|_| self.settings.behind_proxy.is_some());
        let last = forwarded.and_then(|addresses| addresses.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        last.unwrap_or_else(|| peer.ip())
    }

    async fn respond(&self, request: Request<Incoming>, peer: SocketAddr) -> Response<Full<Bytes>> {
        let (request_id, trace_id) = (self.random.uuid().to_string(), trace_id(self.clock.now(), &self.random));
        log::within(&request_id.clone(), Some(&trace_id.clone()), self.handle(request, peer, (request_id, trace_id)))
            .await
    }

    async fn handle(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        (request_id, trace_id): (String, String),
    ) -> Response<Full<Bytes>> {
        let started = Instant::now();
        let (head, body) = request.into_parts();
        let method = head.method.as_str().to_owned();
        let path = head.uri.path().to_owned();
        let found = self.routes.find(&method, &path);
        let call = Call {
            request_id,
            trace_id,
            source_ip: self.source_ip(&head.headers, peer).to_string(),
            received: DateTime::from_timestamp_millis(self.clock.now().milliseconds()).unwrap_or_default(),
            stage: self.stage.clone(),
            method,
            version: head.version,
            path,
            query: head.uri.query().map(str::to_owned),
            headers: head.headers,
            path_parameters: found.as_ref().map(|found| found.parameters.clone()).unwrap_or_default(),
            resource: found.as_ref().map(|found| found.route.path.clone()),
            domain: self.settings.behind_proxy.clone().unwrap_or_else(|| self.address.to_string()),
        };

        // The body is read before anything is sent, because a client may not read a response while it is still sending.
        let body = tokio::time::timeout(self.settings.limits.client_timeout, read(body)).await.unwrap_or(Body::Broken);
        let mut grant = None;
        let mut response = match self.outcome(&call, found.as_ref(), &body, &mut grant).await {
            Ok(response) => response,
            Err(error) => self.responses.response(&error, &call),
        };
        let headers = response.headers_mut();
        for (name, id) in [("x-amzn-requestid", &call.request_id), ("x-amzn-trace-id", &call.trace_id)] {
            if let Ok(id) = HeaderValue::from_str(id) {
                headers.insert(HeaderName::from_static(name), id);
            }
        }
        if matches!(body, Body::Broken) {
            headers.insert(http::header::CONNECTION, HeaderValue::from_static("close"));
        }
        log_request(&call, grant.as_deref(), response.status().as_u16(), started.elapsed());
        response
    }

    /// The checks are in API Gateway's order: the route, its throttle, the authorizer, the usage plan, then the body.
    /// `grant` becomes what the authorizer grants.
    async fn outcome(
        &self,
        call: &Call,
        found: Option<&Match<'_>>,
        body: &Body,
        grant: &mut Option<Arc<Grant>>,
    ) -> Result<Response<Full<Bytes>>, GatewayError> {
        let route = found.ok_or(Kind::MissingAuthenticationToken)?.route;
        self.method_usage.admit(route, self.clock.now())?;
        if let Some(name) = &route.authorizer {
            *grant = Some(self.authorize(name, call).await?);
        }
        if route.key_required {
            let key = grant.as_ref().and_then(|grant| grant.usage_key.as_deref());
            self.usage.admit(key, self.clock.now())?;
        }
        let body = match body {
            Body::Whole(body) => body,
            Body::TooLarge => return Err(Kind::RequestTooLarge.into()),
            Body::Broken => return Err(Kind::BadRequestBody.into()),
        };
        let request = call.proxy_request(grant.as_deref(), body);
        match in_time(self.functions.invoke(&route.binary, request)).await {
            Outcome::Response(response) => event::response(response).ok_or_else(|| {
                tracing::error!(function = route.binary, "the function's response is not a valid proxy response");
                Kind::IntegrationFailure.into()
            }),
            Outcome::Timeout => Err(Kind::IntegrationTimeout.into()),
            Outcome::Error(reason) | Outcome::Failure(reason) => {
                tracing::error!(function = route.binary, reason, "the function failed");
                Err(Kind::IntegrationFailure.into())
            }
        }
    }

    async fn authorize(&self, name: &str, call: &Call) -> Result<Arc<Grant>, GatewayError> {
        let authorizer = self.authorizers.get(name).ok_or(Kind::AuthorizerConfigurationError)?;
        let identity =
            Identity::of(name, authorizer, &call.headers, call.query.as_deref()).ok_or(Kind::Unauthorized)?;
        let decision = self.invoke_authorizer(&authorizer.binary, call);
        let decision = self.decisions.decide(identity, authorizer.reauthorize_every, decision).await;
        let grant = decision.map_err(|denial| match denial {
            Denial::Unauthorized => Kind::Unauthorized,
            Denial::Failure => Kind::AuthorizerFailure,
            Denial::Configuration => Kind::AuthorizerConfigurationError,
        })?;
        if grant.allows(&call.method_arn()) {
            Ok(grant)
        } else {
            Err(GatewayError { kind: Kind::AccessDenied, grant: Some(grant) })
        }
    }

    async fn invoke_authorizer(&self, function: &str, call: &Call) -> Decision {
        match in_time(self.functions.authorize(function, call.authorizer_event())).await {
            Outcome::Response(policy) => Grant::parse(policy).map(Arc::new).inspect_err(|_| {
                tracing::error!(function, "the authorizer's response is not a valid policy");
            }),
            // API Gateway turns only this message into a 401.
            Outcome::Error(message) if message == "Unauthorized" => Err(Denial::Unauthorized),
            Outcome::Error(reason) | Outcome::Failure(reason) => {
                tracing::error!(function, reason, "the authorizer failed");
                Err(Denial::Failure)
            }
            Outcome::Timeout => Err(Denial::Failure),
        }
    }
}

/// Waits for an invocation as long as API Gateway does.
async fn in_time<R>(invocation: Invocation<'_, R>) -> Outcome<R> {
    tokio::time::timeout(INTEGRATION_TIMEOUT, invocation).await.unwrap_or(Outcome::Timeout)
}

async fn read(mut body: Incoming) -> Body {
    let mut bytes = BytesMut::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Body::Broken };
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length <= BODY_LIMIT {
            bytes.extend_from_slice(&data);
        } else {
            bytes = BytesMut::new();
        }
        if length > DRAIN_LIMIT {
            break;
        }
    }
    if length > BODY_LIMIT { Body::TooLarge } else { Body::Whole(bytes.freeze()) }
}

/// Logs a request, with the fields of the access log on AWS (template.yaml). Paths and queries hold the ids of people, so
/// only the resource path is logged.
fn log_request(call: &Call, grant: Option<&Grant>, status: u16, took: Duration) {
    let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD, Method::OPTIONS];
    let method = known.iter().map(Method::as_str).find(|known| *known == call.method).unwrap_or("-");
    let granted = |name: &str| grant.and_then(|grant| grant.context.get(name)?.as_str());
    tracing::info!(
        requestId = call.request_id,
        method,
        route = call.resource,
        status,
        latency = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        tenantId = granted("tenantId"),
        keyId = granted("keyId"),
        "request"
    );
}
