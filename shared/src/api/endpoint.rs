//! The steps that every endpoint takes before and after its handler:
//! authentication, checks of the input, idempotency, errors and logs.

use crate::{
    api::{
        Authenticator, Committed, Error, Event, Form, HttpRequest, Operation, Request, Response, authentication, cors,
        error,
        idempotency::{Idempotency, IdempotencyOutcome},
        operation::{Audience, Input, Method},
        query,
    },
    domain::{Clock, Random, RequestContext, identifiers::parse_uuid, site_session::SiteSession},
    environment::Environment,
    log::{self, Lines},
    store::{self, Database, StoredResponses, stale_too_often},
};
use futures_util::{FutureExt, future::BoxFuture};
use lambda_http::{
    Body, LambdaEvent,
    aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayV2httpResponse},
    http, lambda_runtime, service_fn,
};
use serde::Serialize;
use serde_json::Value;
use std::{
    io,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;
use tracing::Level;

/// The error with which a function stops.
pub type RuntimeError = lambda_runtime::Error;

/// The greatest length of a body, in bytes.
const BODY_BYTES: usize = 1024 * 1024;
/// The time after which a request ends with a 503. It is below the functions'
/// timeout of 10 seconds, so that there is time left to respond.
const DEADLINE: Duration = Duration::from_secs(9);
/// How often a handler runs at most, when the data that it read keeps changing
/// before it writes.
const MAX_RUNS: u32 = 64;

/// An operation with the handler that serves it.
pub struct Endpoint {
    operation: &'static Operation,
    handler: Handler,
    database: Option<Database>,
    authenticator: Option<Authenticator>,
    /// Present on operations that write.
    stored_responses: Option<Arc<StoredResponses>>,
    renders_replays: bool,
    error_page: Option<ErrorPage>,
    connections: u8,
    /// Whether each call is measured for `CloudWatch`, and not only faults and conflicts.
    measures_all: bool,
    clock: Clock,
    random: Random,
}

/// Makes the page of an error.
pub type ErrorPage = fn(&Failure<'_>) -> Response;

/// An error that is shown as a page.
pub struct Failure<'a> {
    /// The status of the error.
    pub status: u16,
    /// The id of the request, under which the log has it.
    pub request_id: &'a str,
    /// The language that the page was asked for in, and those that the browser asks for, as in `Accept-Language`.
    pub languages: &'a str,
}

enum Handler {
    Read(Box<dyn Handle<Response>>),
    Write(Box<dyn Handle<Committed>>),
    Open(Box<dyn HandleOpen>),
}

/// Handles the requests of authenticated callers. It is used as a trait object,
/// so that the code around a handler is compiled once, and not in each function.
trait Handle<R>: Send + Sync {
    fn handle<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<R, Error>>;
}

/// Handles requests that need no authentication.
trait HandleOpen: Send + Sync {
    fn handle<'a>(&'a self, request: &'a HttpRequest) -> BoxFuture<'a, Result<Response, Error>>;
}

/// An `async fn(&State, &Request) -> Result<Response, Error>`, or one that
/// returns `Committed`, or one that takes an `HttpRequest`.
pub trait AsyncHandler<'a, S: 'a, Q: 'a, R>: Send + Sync {
    /// The future that the function returns.
    type Future: Future<Output = Result<R, Error>> + Send + 'a;

    /// Calls the function.
    fn call(&self, state: &'a S, request: &'a Q) -> Self::Future;
}

impl<'a, S: 'a, Q: 'a, R, F, O> AsyncHandler<'a, S, Q, R> for F
where
    F: Fn(&'a S, &'a Q) -> O + Send + Sync,
    O: Future<Output = Result<R, Error>> + Send + 'a,
{
    type Future = O;

    fn call(&self, state: &'a S, request: &'a Q) -> O {
        self(state, request)
    }
}

/// A handler with its state.
struct Stateful<S, H> {
    state: S,
    handler: H,
}

impl<S, H, R> Handle<R> for Stateful<S, H>
where
    S: Send + Sync,
    H: for<'a> AsyncHandler<'a, S, Request, R>,
{
    fn handle<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<R, Error>> {
        self.handler.call(&self.state, request).boxed()
    }
}

impl<S, H> HandleOpen for Stateful<S, H>
where
    S: Send + Sync,
    H: for<'a> AsyncHandler<'a, S, HttpRequest, Response>,
{
    fn handle<'a>(&'a self, request: &'a HttpRequest) -> BoxFuture<'a, Result<Response, Error>> {
        self.handler.call(&self.state, request).boxed()
    }
}

impl Endpoint {
    /// Serves an operation that changes nothing.
    pub fn read<S, H>(operation: &'static Operation, database: &Database, state: S, handler: H) -> Self
    where
        S: Send + Sync + 'static,
        H: for<'a> AsyncHandler<'a, S, Request, Response> + 'static,
    {
        Self::new(operation, Some(database), Handler::Read(Box::new(Stateful { state, handler })))
    }

    /// Serves an operation that changes something. The handler runs again if the
    /// data that it read changed before it wrote.
    pub fn write<S, H>(
        operation: &'static Operation,
        database: &Database,
        state: S,
        handler: H,
    ) -> Result<Self, RuntimeError>
    where
        S: Send + Sync + 'static,
        H: for<'a> AsyncHandler<'a, S, Request, Committed> + 'static,
    {
        let stored_responses = Some(Arc::new(StoredResponses::from_environment(database)?));
        let endpoint = Self::new(operation, Some(database), Handler::Write(Box::new(Stateful { state, handler })));
        Ok(Self { stored_responses, ..endpoint })
    }

    /// Serves a form of a page, which changes something. Its handler runs again like that of [`Self::write`]. A browser
    /// sends no idempotency key; a form that must not take effect twice is [taken](crate::store::PageSessions::take_form).
    pub fn form<S, H>(operation: &'static Operation, database: &Database, state: S, handler: H) -> Self
    where
        S: Send + Sync + 'static,
        H: for<'a> AsyncHandler<'a, S, Request, Committed> + 'static,
    {
        Self::new(operation, Some(database), Handler::Write(Box::new(Stateful { state, handler })))
    }

    /// Serves an operation that needs no key.
    pub fn open<S, H>(operation: &'static Operation, database: Option<&Database>, state: S, handler: H) -> Self
    where
        S: Send + Sync + 'static,
        H: for<'a> AsyncHandler<'a, S, HttpRequest, Response> + 'static,
    {
        Self::new(operation, database, Handler::Open(Box::new(Stateful { state, handler })))
    }

    fn new(operation: &'static Operation, database: Option<&Database>, handler: Handler) -> Self {
        let environment = database.map(|database| database.environment().clone()).unwrap_or_default();
        let keys = database.filter(|database| database.environment().variable("API_KEYS_TABLE").is_some());
        Self {
            operation,
            handler,
            database: database.cloned(),
            // A function without an authorizer reads the keys table itself.
            authenticator: keys.map(Authenticator::from_environment),
            stored_responses: None,
            renders_replays: false,
            error_page: None,
            connections: 1,
            measures_all: environment.variable("ENDPOINT_METRICS").as_deref() == Some("true"),
            clock: environment.clock(),
            random: environment.random(),
        }
    }

    /// Sets the number of connections that are opened to the database before the
    /// first request: the number of reads that the handler makes at the same time.
    #[must_use]
    pub fn with_connections(self, connections: u8) -> Self {
        Self { connections, ..self }
    }

    /// Passes a stored response to the handler, as [`Request::replayed`]. The
    /// handler then adds the parts of the response that are never stored, because
    /// they may be erased in the meantime.
    #[must_use]
    pub fn rendering_replays(self) -> Self {
        Self { renders_replays: true, ..self }
    }

    /// Shows errors as pages, for people.
    #[must_use]
    pub fn with_error_page(self, page: ErrorPage) -> Self {
        Self { error_page: Some(page), ..self }
    }

    /// The operation that the endpoint serves.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Opens the connections to the database. Call it at the start: Lambda then
    /// gives the function a whole core, and no client is waiting.
    pub async fn connect(&self) {
        if let Some(database) = &self.database {
            database.connect(self.connections).await;
        }
    }

    /// Responds to a request. Every request gets a response: even a panic becomes
    /// our own 500 and not the gateway's 502, so panics have to unwind.
    /// `invocation` is the request's id if the event has none; `trace_id` is Lambda's id of
    /// its trace, and without one that in the request's header counts.
    pub async fn respond(
        &self,
        request: HttpRequest,
        invocation: &str,
        trace_id: Option<&str>,
    ) -> http::Response<Body> {
        let request_id = request.request_id().unwrap_or(invocation).to_owned();
        let trace_id = trace_id.or_else(|| request.header(log::TRACE_HEADER)).map(str::to_owned);
        log::within(&request_id.clone(), trace_id.as_deref(), self.respond_within(request, request_id)).await
    }

    async fn respond_within(&self, request: HttpRequest, request_id: String) -> http::Response<Body> {
        let (started, conflicts) = (Instant::now(), AtomicU64::new(0));
        let operation = self.operation;
        let base = request.base(operation.route).to_owned();
        let languages = self.error_page.map(|_| asked_languages(&request)).unwrap_or_default();
        let caught = AssertUnwindSafe(tokio::time::timeout(DEADLINE, self.handle(request, &conflicts))).catch_unwind();
        let response = match caught.await {
            Ok(Ok(Ok(response))) => response,
            Ok(Ok(Err(error))) => error.into_response(&request_id),
            Ok(Err(_elapsed)) => {
                tracing::warn!(DatabaseUnavailable = 1, "deadline passed");
                error::unavailable(&request_id)
            }
            Err(_panic) => Error::Internal("panicked".to_owned()).into_response(&request_id),
        };
        let response = match self.error_page {
            Some(page) if response.status() >= 400 && !response.is_html() => {
                page(&Failure { status: response.status(), request_id: &request_id, languages: &languages })
            }
            _ => response,
        };
        self.log(response.status(), started.elapsed(), conflicts.into_inner());
        let response = if operation.is_for_pages() { cors::readable(response) } else { response };
        response
            .below(&base)
            .no_store_unless_cacheable()
            .with("X-Request-Id", request_id)
            .with("X-Content-Type-Options", "nosniff".to_owned())
            .into_http()
    }

    /// Logs the call. By endpoint, each metric costs money, and of each function AWS counts the calls and their durations
    /// for nothing; so unless all are wanted, only what AWS cannot know is measured, when it occurs.
    fn log(&self, status: u16, took: Duration, conflicts: u64) {
        let (all, fault) = (self.measures_all, u64::from(status >= 500));
        let duration = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            Endpoint = self.operation.id,
            status,
            milliseconds = duration,
            Calls = all.then_some(1),
            Faults = (all || fault > 0).then_some(fault),
            Duration = all.then_some(duration),
            Conflicts = (all || conflicts > 0).then_some(conflicts),
            "responded"
        );
    }

    async fn handle(&self, request: HttpRequest, conflicts: &AtomicU64) -> Result<Response, Error> {
        let operation = self.operation;
        // The gateway checks the method; a function URL does not.
        if request.method() != operation.method.name() {
            return Err(Error::MethodNotAllowed(operation.method));
        }
        if let Handler::Open(handler) = &self.handler {
            operation.input.check(&request)?;
            return handler.handle(&request).await;
        }
        let request = match self.authenticated(request).await? {
            Authenticated::New(request) => request,
            Authenticated::Replayed(response) => return Ok(response),
        };
        match &self.handler {
            Handler::Read(handler) => handler.handle(&request).await,
            Handler::Write(handler) => self.write_until_current(handler.as_ref(), *request, conflicts).await,
            Handler::Open(_) => Err(Error::Internal("an open operation has no caller".to_owned())),
        }
    }

    /// Authenticates the caller, checks that the caller may send this request and
    /// that the operation takes its input, and looks up its idempotency key.
    async fn authenticated(&self, http: HttpRequest) -> Result<Authenticated, Error> {
        let operation = self.operation;
        let context = RequestContext::new(&self.clock, &self.random);
        let database = self.database.clone().ok_or_else(|| Error::Internal("there is no database".to_owned()))?;
        let authenticated = authentication::caller(&http, operation.route, self.authenticator.as_ref(), context.now);
        let authentication::Authenticated { caller, site_session, visitor } = authenticated.await?;
        if let Some(scope) = operation.scope
            && !caller.scopes.allow(scope)
        {
            return Err(Error::MissingScope(scope.to_string()));
        }
        operation.check_audience(&http, site_session.as_ref())?;
        operation.input.check(&http)?;
        let outcome = match &self.stored_responses {
            None => IdempotencyOutcome::New(None),
            Some(stored) => Idempotency::of(&http, &caller, site_session.as_ref(), stored, context.now).await?,
        };
        let (idempotency, earlier) = match outcome {
            IdempotencyOutcome::New(idempotency) => (idempotency, None),
            // The earlier response is sent again, even if the data has changed since.
            IdempotencyOutcome::Replayed(response) if !self.renders_replays => {
                return Ok(Authenticated::Replayed(response));
            }
            IdempotencyOutcome::Replayed(response) => (None, Some(response)),
        };
        let request =
            Request { http, operation, caller, site_session, visitor, database, idempotency, earlier, context };
        Ok(Authenticated::New(Box::new(request)))
    }

    async fn write_until_current(
        &self,
        handler: &dyn Handle<Committed>,
        mut request: Request,
        conflicts: &AtomicU64,
    ) -> Result<Response, Error> {
        for run in 0..MAX_RUNS {
            if run > 0 {
                conflicts.fetch_add(1, Ordering::Relaxed);
                // What it decides on newer data, it decides at a later time.
                request.context = request.context.begun_again();
            }
            let error = match handler.handle(&request).await {
                Ok(_) if request.reuses_key() => return Err(Error::IdempotencyKeyReused),
                Ok(Committed(response)) => return Ok(response),
                Err(error) => error,
            };
            let Some(idempotency) = &request.idempotency else {
                match error {
                    Error::Store(store::Error::Stale) => continue,
                    error => return Err(error),
                }
            };
            match error {
                // It may be due to what is cached. Then the second run, which uses nothing that may be old, says which error
                // has precedence.
                Error::Store(store::Error::Stale) if !request.context.is_begun_again() => {}
                // The commit failed because the key is in use. An error in the request itself has precedence.
                error if idempotency.reused => {
                    return Err(if error.depends_on_state() { Error::IdempotencyKeyReused } else { error });
                }
                Error::Store(store::Error::Stale) => {}
                // The same request may have been handled already, and its changes may have caused this error.
                error @ Error::Store(store::Error::ResponseStored | store::Error::Domain(_)) => {
                    match idempotency.earlier(request.context.now).await? {
                        None => return Err(error),
                        Some(response) if !self.renders_replays => return Ok(response),
                        Some(response) => {
                            (request.earlier, request.idempotency) = (Some(response), None);
                        }
                    }
                }
                error => return Err(error),
            }
        }
        Err(Error::Store(stale_too_often()))
    }
}

/// The language that a page was asked for in, by its query or its form, and those that the browser asks for.
fn asked_languages(request: &HttpRequest) -> String {
    let sent = request.body().ok().flatten().filter(|_| Form::is_in(request)).unwrap_or_default();
    let fields = request.query().into_iter().chain(url::form_urlencoded::parse(sent).into_owned());
    let asked = fields.filter(|(name, _)| name == "lang").map(|(_, language)| language);
    let wanted = request.header("Accept-Language").map(str::to_owned);
    asked.chain(wanted).collect::<Vec<_>>().join(",")
}

enum Authenticated {
    /// A request to handle.
    New(Box<Request>),
    /// The stored response to a request that was made before.
    Replayed(Response),
}

impl Operation {
    /// Whether web pages call the operation. No page holds an API key, which is secret.
    fn is_for_pages(&self) -> bool {
        self.route.starts_with("/site-v1/") && self.audience != Audience::Keys && self.method != Method::Options
    }

    /// Checks that a session is used in its own project, and that the operation is
    /// for this kind of caller.
    fn check_audience(&self, request: &HttpRequest, session: Option<&SiteSession>) -> Result<(), Error> {
        let project = || request.path_parameter(self.route, "projectId").and_then(|id| parse_uuid(&id).ok());
        match (session, self.audience) {
            (Some(session), _) if project() != Some(session.project_id) => {
                Err(Error::Forbidden("This site session belongs to another project"))
            }
            (Some(_), Audience::Keys) => {
                Err(Error::Forbidden("A site session may not do that: send an API key, without X-Session"))
            }
            (None, Audience::EndUsers) => Err(Error::Forbidden(
                "An API key has no current user: send a site session's token as X-Session instead",
            )),
            _ => Ok(()),
        }
    }
}

impl Input {
    /// Checks the size and the type of the body first (413, 415), then that the
    /// request has no input that the operation does not read (400).
    fn check(self, request: &HttpRequest) -> Result<(), Error> {
        let body = request.body();
        if matches!(&body, Ok(Some(body)) if body.len() > BODY_BYTES) {
            return Err(Error::PayloadTooLarge);
        }
        if self == Self::Body && request.header("Content-Type").is_some_and(|declared| !is_json(declared)) {
            return Err(Error::UnsupportedMediaType);
        }
        if self == Self::Form && !Form::is_in(request) {
            return Err(Error::UnsupportedMediaType);
        }
        if body?.is_some() && !matches!(self, Self::Body | Self::Form) {
            return Err(Error::BadRequest("This operation takes no body".to_owned()));
        }
        if self != Self::Query {
            query::read(request.query(), |_| Ok(()))?;
        }
        Ok(())
    }
}

/// Serves an endpoint as the Lambda function of this process, until the process ends.
pub fn run(make: fn(&Environment) -> Result<Endpoint, RuntimeError>) -> Result<(), RuntimeError> {
    block_on(serve(make))
}

/// Runs a Lambda function on the one thread that it has.
pub fn block_on(function: impl Future<Output = Result<(), RuntimeError>>) -> Result<(), RuntimeError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(function)
}

async fn serve(make: fn(&Environment) -> Result<Endpoint, RuntimeError>) -> Result<(), RuntimeError> {
    start_logging();
    let endpoint = make(&Environment::of_process())?;
    endpoint.connect().await;
    let endpoint = Arc::new(endpoint);
    let served = lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
        let endpoint = Arc::clone(&endpoint);
        let responding = async move {
            let (event, context) = event.into_parts();
            let request = HttpRequest::from(Event::read(event)?);
            let is_function_url = request.is_function_url();
            let trace_id = context.xray_trace_id.as_deref();
            let response = endpoint.respond(request, &context.request_id, trace_id).await;
            Ok::<_, RuntimeError>(if is_function_url {
                EventResponse::FunctionUrl(function_url_response(response))
            } else {
                EventResponse::Rest(rest_response(response))
            })
        };
        // Behind pointers: the types of nested futures grow beyond what the compiler takes.
        responding.boxed()
    }));
    served.boxed().await
}

/// A response in the format of the event's origin.
#[derive(Serialize)]
#[serde(untagged)]
enum EventResponse {
    Rest(ApiGatewayProxyResponse),
    FunctionUrl(ApiGatewayV2httpResponse),
}

/// The response to an event of API Gateway's REST API.
pub fn rest_response(response: http::Response<Body>) -> ApiGatewayProxyResponse {
    let (parts, body) = response.into_parts();
    let mut event = ApiGatewayProxyResponse::default();
    event.status_code = i64::from(parts.status.as_u16());
    event.multi_value_headers = parts.headers;
    event.body = Some(body).filter(|body| !body.is_empty());
    event
}

/// The response to an event of a function URL.
fn function_url_response(response: http::Response<Body>) -> ApiGatewayV2httpResponse {
    let (parts, body) = response.into_parts();
    let mut event = ApiGatewayV2httpResponse::default();
    event.status_code = i64::from(parts.status.as_u16());
    event.headers = parts.headers;
    event.body = Some(body).filter(|body| !body.is_empty());
    event
}

/// Whether a content type is `application/json` or `application/…+json`
/// (RFC 6839), in UTF-8.
fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(|part| part.trim().to_ascii_lowercase());
    let media_type = parts.next().unwrap_or_default();
    let json =
        media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"));
    json && parts.all(|parameter| match parameter.strip_prefix("charset=") {
        Some(charset) => matches!(charset.trim_matches('"'), "utf-8" | "utf8"),
        None => true,
    })
}

/// Starts the log: JSON lines on stdout, at the level that `AWS_LAMBDA_LOG_LEVEL`
/// names, but never finer than INFO. At finer levels the libraries log requests
/// and responses, with the keys and the personal data in them.
pub fn start_logging() {
    let level = match Environment::of_process().variable("AWS_LAMBDA_LOG_LEVEL").as_deref() {
        Some("WARN") => Level::WARN,
        Some("ERROR" | "FATAL") => Level::ERROR,
        _ => Level::INFO,
    };
    // Lambda names the log group; the dimension of the metrics is the same that the alarms of template.yaml name.
    let lines = Lines::of(Environment::of_process().variable("AWS_LAMBDA_LOG_GROUP_NAME").unwrap_or_default());
    let log = tracing_subscriber::fmt().fmt_fields(log::fields()).event_format(lines);
    log.with_max_level(level).with_writer(io::stdout).init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_content_types_are_recognised() {
        for json in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json;charset=\"utf-8\"",
            "application/merge-patch+json",
        ] {
            assert!(is_json(json), "{json}");
        }
        for other in ["text/plain", "application/xml", "application/json; charset=utf-16", "json", ""] {
            assert!(!is_json(other), "{other}");
        }
    }
}
