//! What every endpoint does around its own part.

use crate::{
    api::{Answer, Authenticator, Call, Error, Event, authentication, cors, error, idempotency::Standing, query},
    domain::{
        World,
        identifiers::parse_uuid,
        scope::{Access, Area, Scope},
        site_session::SiteSession,
    },
    store::{Database, IdempotentAnswers},
};
use futures_util::{FutureExt, future::LocalBoxFuture};
use lambda_runtime::{LambdaEvent, service_fn};
use std::{env, io, panic::AssertUnwindSafe, time::Duration};
use tracing::Level;

/// What the runtime fails with when it cannot go on.
pub type RuntimeError = lambda_runtime::Error;

/// What a body may measure.
const BODY_BYTES: usize = 1024 * 1024;
/// When a call is given up: below the functions' timeout of 10 seconds, so
/// that there is time left to say so.
const DEADLINE: Duration = Duration::from_secs(9);

/// The methods of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes, or does.
    Post,
    /// Changes.
    Patch,
    /// Takes away.
    Delete,
    /// Asks what may be done.
    Options,
}

impl Method {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}

/// An endpoint's method, route and the part of the API whose scope it asks for.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    method: Method,
    route: &'static str,
    area: Area,
    audience: Audience,
    input: Input,
    at_once: u8,
}

/// Whom an endpoint is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    /// Whoever has its scope.
    Everyone,
    /// The bearers of keys.
    Keys,
    /// End users, by their site sessions.
    EndUsers,
}

/// What an endpoint reads of a request beside its path and its headers. It
/// refuses everything else: what it ignored, a caller would take for done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// Nothing.
    Nothing,
    /// The query.
    Query,
    /// A JSON body.
    Body,
}

impl Input {
    /// 413 and 415, for a body that is not even looked at; then 400, for what
    /// the endpoint does not read.
    pub(super) fn refuse_other(self, event: &Event) -> Result<(), Error> {
        let body = event.body();
        if matches!(&body, Ok(Some(body)) if body.len() > BODY_BYTES) {
            return Err(Error::TooLarge);
        }
        if self == Self::Body && event.header("Content-Type").is_some_and(|declared| !is_json(declared)) {
            return Err(Error::NotJson);
        }
        if body?.is_some() && self != Self::Body {
            return Err(Error::Unreadable("This call takes no body".to_owned()));
        }
        if self != Self::Query {
            query::read(event.query(), |_| Ok(()))?;
        }
        Ok(())
    }
}

impl Endpoint {
    /// GET asks for `area:read`, everything else for `area:write`. POST and
    /// PATCH read a body.
    pub const fn new(method: Method, route: &'static str, area: Area) -> Self {
        let input = if matches!(method, Method::Post | Method::Patch) { Input::Body } else { Input::Nothing };
        Self { method, route, area, audience: Audience::Everyone, input, at_once: 1 }
    }

    /// Reads the query, by [`Call::list`].
    #[must_use]
    pub const fn with_query(self) -> Self {
        Self { input: Input::Query, ..self }
    }

    /// Reads no body, although its method could have one.
    #[must_use]
    pub const fn without_body(self) -> Self {
        Self { input: Input::Nothing, ..self }
    }

    /// Only for keys, not for the site sessions of end users.
    #[must_use]
    pub const fn for_keys(self) -> Self {
        Self { audience: Audience::Keys, ..self }
    }

    /// Only for end users, who have something of their own here.
    #[must_use]
    pub const fn for_end_users(self) -> Self {
        Self { audience: Audience::EndUsers, ..self }
    }

    /// Reads so many things of the database at once: for each of them a
    /// connection is opened before the first call.
    #[must_use]
    pub const fn reading_at_once(self, at_once: u8) -> Self {
        Self { at_once, ..self }
    }

    fn scope(self) -> Scope {
        let access = if self.method == Method::Get { Access::Read } else { Access::Write };
        Scope { area: self.area, access }
    }

    /// Whether pages call it. None does where a secret key is all that is taken.
    fn is_for_pages(self) -> bool {
        self.route.starts_with("/site-v1/") && self.audience != Audience::Keys
    }

    /// A session is good for its own project; an endpoint may be for one kind
    /// of callers only.
    fn refuse_strangers(self, event: &Event, session: Option<&SiteSession>) -> Result<(), Error> {
        let project = || event.path_parameter(self.route, "projectId").and_then(|id| parse_uuid(&id).ok());
        match (session, self.audience) {
            (Some(session), _) if project() != Some(session.project_id) => {
                Err(Error::Forbidden("This site session is not one of this project"))
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

/// Serves an endpoint to the callers whose keys have its scope, until the
/// process ends.
pub async fn serve<H>(endpoint: Endpoint, database: &Database, handler: H) -> Result<(), RuntimeError>
where
    H: AsyncFn(Call<'_>) -> Result<Answer, Error>,
{
    serve_finished(endpoint, database, handler, async |_: &Call<'_>, answer| Ok(answer)).await
}

/// The same for an endpoint whose answers hold something that must not be kept
/// with them under an idempotency key: the handler's answer goes without it,
/// and `finish` adds it each time the answer is given.
pub async fn serve_finished<H, F>(
    endpoint: Endpoint,
    database: &Database,
    handler: H,
    finish: F,
) -> Result<(), RuntimeError>
where
    H: AsyncFn(Call<'_>) -> Result<Answer, Error>,
    F: AsyncFn(&Call<'_>, Answer) -> Result<Answer, Error>,
{
    serve_calls(endpoint, database, &Own { handler, finish }).await
}

/// What a function does by itself. Behind a pointer, so that all that is done
/// around it is compiled once, here, and not in each function anew.
trait Part {
    fn handle<'a>(&'a self, call: Call<'a>) -> LocalBoxFuture<'a, Result<Answer, Error>>;
    fn finish<'a>(&'a self, call: &'a Call<'a>, answer: Answer) -> LocalBoxFuture<'a, Result<Answer, Error>>;
}

struct Own<H, F> {
    handler: H,
    finish: F,
}

impl<H, F> Part for Own<H, F>
where
    H: AsyncFn(Call<'_>) -> Result<Answer, Error>,
    F: AsyncFn(&Call<'_>, Answer) -> Result<Answer, Error>,
{
    fn handle<'a>(&'a self, call: Call<'a>) -> LocalBoxFuture<'a, Result<Answer, Error>> {
        (self.handler)(call).boxed_local()
    }

    fn finish<'a>(&'a self, call: &'a Call<'a>, answer: Answer) -> LocalBoxFuture<'a, Result<Answer, Error>> {
        (self.finish)(call, answer).boxed_local()
    }
}

async fn serve_calls(endpoint: Endpoint, database: &Database, part: &dyn Part) -> Result<(), RuntimeError> {
    let authenticator = env::var_os("API_KEYS_TABLE").map(|_| Authenticator::from_environment(database));
    let answers =
        (endpoint.method != Method::Get).then(|| IdempotentAnswers::from_environment(database)).transpose()?;
    let world = World::real();
    database.connect(endpoint.at_once).await;
    answer_all(endpoint.method, (endpoint.route, endpoint.is_for_pages()), &async |event: &Event| {
        let occasion = world.occasion();
        let (caller, site_session) =
            authentication::caller(event, endpoint.route, authenticator.as_ref(), occasion.now).await?;
        if !caller.scopes.allow(endpoint.scope()) {
            return Err(Error::OutOfScope(endpoint.scope().to_string()));
        }
        endpoint.refuse_strangers(event, site_session.as_ref())?;
        endpoint.input.refuse_other(event)?;
        let standing = match &answers {
            None => Standing::New(None),
            // An answer given before is given again, whatever has changed since.
            Some(answers) => Standing::of(event, &caller, site_session.as_ref(), answers, occasion).await?,
        };
        let call = |idempotency| Call {
            event,
            route: endpoint.route,
            caller: caller.clone(),
            site_session: site_session.clone(),
            occasion,
            database,
            idempotency,
        };
        let answer = match standing {
            Standing::Answered(answer) => answer,
            Standing::New(idempotency) => part.handle(call(idempotency)).await?,
        };
        part.finish(&call(None), answer).await
    })
    .await
}

/// Serves an endpoint that needs no key, until the process ends.
pub async fn serve_everyone<H>(
    method: Method,
    route: &'static str,
    database: Option<&Database>,
    handler: H,
) -> Result<(), RuntimeError>
where
    H: AsyncFn() -> Result<Answer, Error>,
{
    if let Some(database) = database {
        database.connect(1).await;
    }
    answer_all(method, (route, false), &async |event: &Event| {
        Input::Nothing.refuse_other(event)?;
        handler().await
    })
    .await
}

/// What answers an event; behind a pointer for the same reason.
pub(super) trait Answers {
    fn answer<'a>(&'a self, event: &'a Event) -> LocalBoxFuture<'a, Result<Answer, Error>>;
}

impl<H: AsyncFn(&Event) -> Result<Answer, Error>> Answers for H {
    fn answer<'a>(&'a self, event: &'a Event) -> LocalBoxFuture<'a, Result<Answer, Error>> {
        self(event).boxed_local()
    }
}

/// Every request gets an answer: even a panic becomes the fixed 500 instead of
/// the gateway's 502, so panics unwind. Pages may read the answers where the
/// route is for them.
pub(super) async fn answer_all(
    method: Method,
    (route, for_pages): (&'static str, bool),
    handler: &dyn Answers,
) -> Result<(), RuntimeError> {
    start_logging();
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Event>| async move {
        let (event, context) = event.into_parts();
        let request_id = event.request_id().unwrap_or(&context.request_id).to_owned();
        let answering = async {
            // The gateway knows the method; a function URL does not.
            if event.method() != method.name() {
                return Err(Error::OtherMethod(method));
            }
            handler.answer(&event).await
        };
        let caught = AssertUnwindSafe(tokio::time::timeout(DEADLINE, answering)).catch_unwind();
        let answer = match caught.await {
            Ok(Ok(Ok(answer))) => answer,
            Ok(Ok(Err(error))) => error.answer(&request_id),
            Ok(Err(_elapsed)) => {
                tracing::warn!("deadline passed");
                error::unavailable(&request_id)
            }
            Err(_panic) => Error::Fault("panicked".to_owned()).answer(&request_id),
        };
        tracing::info!(route, request_id, status = answer.status(), "answered");
        let answer = if event.is_function_url() { answer.of_function_url() } else { answer };
        let answer = if for_pages { cors::readable(answer) } else { answer };
        Ok::<_, RuntimeError>(
            answer
                .below(event.base(route))
                .stored_only_if_cacheable()
                .with("X-Request-Id", request_id)
                .with("X-Content-Type-Options", "nosniff".to_owned()),
        )
    }))
    .await
}

/// `application/json` and its kin `application/…+json` (RFC 6839), in UTF-8.
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

/// Logs as JSON lines on stdout, at the level that `AWS_LAMBDA_LOG_LEVEL` names
/// but never finer than INFO: below that, the libraries write down requests and
/// answers, with the keys and the personal data in them.
pub fn start_logging() {
    let level = match env::var("AWS_LAMBDA_LOG_LEVEL").as_deref() {
        Ok("WARN") => Level::WARN,
        Ok("ERROR" | "FATAL") => Level::ERROR,
        _ => Level::INFO,
    };
    tracing_subscriber::fmt().json().with_max_level(level).with_writer(io::stdout).init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_declared_in_several_ways() {
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
