//! Which pages may call `/site-v1` from a browser (the CORS protocol of the
//! Fetch standard).
//!
//! The preflight decides. No page can send a key or a session without one, for
//! their headers are on no safelist; so it alone asks whose site the project
//! is, and a response may be read by whatever page got as far as having one.

use crate::{
    api::{
        Error, HttpRequest, Response,
        operation::{Audience, Input, Method, Operation},
    },
    domain::identifiers::parse_uuid,
    store::Projects,
};

/// Seconds for which a browser may remember what it was told: the longest that
/// any of them does. A project's domain never changes.
const REMEMBERED: &str = "7200";

/// The preflight of every operation below `/site-v1`. Its query is that of the
/// request that the browser means to send.
pub const SITE_PREFLIGHT: Operation = Operation {
    id: "site-preflight",
    method: Method::Options,
    route: "/site-v1/{projectId}",
    scope: None,
    audience: Audience::Open,
    input: Input::Query,
};

/// Responds to a preflight: whether a page of its origin may call the project,
/// as the database has it.
pub async fn preflight(projects: &Projects, request: &HttpRequest) -> Result<Response, Error> {
    let project_id = request.path_parameter(SITE_PREFLIGHT.route, "projectId");
    let project_id = project_id.and_then(|id| parse_uuid(&id).ok());
    let origin = request.header("Origin");
    let admitted = match (project_id, origin) {
        (Some(project_id), Some(origin)) => {
            projects.domain(project_id).await?.is_some_and(|domain| domain.admits(origin))
        }
        _ => false,
    };
    match origin.filter(|_| admitted) {
        Some(origin) => Ok(admission(origin)),
        // The same for a project that does not exist: nobody learns which do.
        None => Err(Error::Forbidden("Pages of this origin may not call this project")),
    }
}

fn admission(origin: &str) -> Response {
    let headers = "Authorization, Content-Type, Idempotency-Key, X-API-Key, X-Session";
    Response::no_content()
        .with("Access-Control-Allow-Origin", origin.to_owned())
        .with("Access-Control-Allow-Methods", "GET, POST".to_owned())
        .with("Access-Control-Allow-Headers", headers.to_owned())
        .with("Access-Control-Max-Age", REMEMBERED.to_owned())
        .with("Vary", "Origin".to_owned())
}

/// The response, for pages to read.
pub(super) fn readable(response: Response) -> Response {
    let headers = "Idempotency-Replayed, Location, Retry-After, X-Request-Id";
    response
        .with("Access-Control-Allow-Origin", "*".to_owned())
        .with("Access-Control-Expose-Headers", headers.to_owned())
}
