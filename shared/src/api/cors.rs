//! Which pages may call `/site-v1` from a browser (the CORS protocol of the
//! Fetch standard).
//!
//! The preflight decides. No page can send a key or a session without one, for
//! their headers are on no safelist; so it alone asks whose site the project
//! is, and an answer may be read by whatever page got as far as having one.

use crate::{
    api::{
        Answer, Error, Event, Method,
        endpoint::{Input, RuntimeError, answer_all},
    },
    domain::identifiers::parse_uuid,
    store::{self, Database},
};
use uuid::Uuid;

/// Seconds for which a browser may remember what it was told: the longest that
/// any of them does. A project's domain never changes.
const REMEMBERED: &str = "7200";

/// Serves the preflights of a part of the API, until the process ends. `admits`
/// tells whether a page of this origin may call the project, as the database has it.
pub async fn serve_preflight<A>(route: &'static str, database: &Database, admits: A) -> Result<(), RuntimeError>
where
    A: AsyncFn(Uuid, &str) -> Result<bool, store::Error>,
{
    database.connect(1).await;
    answer_all(Method::Options, (route, false), &async |event: &Event| {
        // The query is that of the call which the browser means to make.
        Input::Query.refuse_other(event)?;
        let project_id = event.path_parameter(route, "projectId").and_then(|id| parse_uuid(&id).ok());
        let origin = event.header("Origin");
        let admitted = match (project_id, origin) {
            (Some(project_id), Some(origin)) => admits(project_id, origin).await?,
            _ => false,
        };
        match origin.filter(|_| admitted) {
            Some(origin) => Ok(admission(origin)),
            // The same for a project that is not there: nobody learns which are.
            None => Err(Error::Forbidden("Pages of this origin may not call this project")),
        }
    })
    .await
}

fn admission(origin: &str) -> Answer {
    let headers = "Authorization, Content-Type, Idempotency-Key, X-API-Key, X-Session";
    Answer::no_content()
        .with("Access-Control-Allow-Origin", origin.to_owned())
        .with("Access-Control-Allow-Methods", "GET, POST".to_owned())
        .with("Access-Control-Allow-Headers", headers.to_owned())
        .with("Access-Control-Max-Age", REMEMBERED.to_owned())
        .with("Vary", "Origin".to_owned())
}

/// The answer, for pages to read.
pub(super) fn readable(answer: Answer) -> Answer {
    let headers = "Idempotency-Replayed, Location, Retry-After, X-Request-Id";
    answer.with("Access-Control-Allow-Origin", "*".to_owned()).with("Access-Control-Expose-Headers", headers.to_owned())
}
