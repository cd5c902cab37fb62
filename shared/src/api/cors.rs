//! CORS (of the Fetch standard): the web pages that may call `/site-v1` from a
//! browser.
//!
//! The preflight decides. No page can send a key or a session without a preflight,
//! because their headers are not safelisted. So only the preflight compares the
//! page's origin with the project's domains, and every page that gets a response
//! may read it.

use crate::{
    api::{
        Error, HttpRequest, Response,
        operation::{Audience, Input, Method, Operation},
    },
    domain::{Clock, identifiers::parse_uuid},
    environment::Environment,
    store::{Database, Projects, Site},
};

/// The seconds for which a browser may cache a preflight. The answer may have been
/// five seconds old, so a change of a project's domains holds everywhere after ten.
const MAX_AGE: &str = "5";

/// The preflight of every operation below `/site-v1`. Its query is the query of
/// the request that the browser will send.
pub const SITE_PREFLIGHT: Operation = Operation {
    id: "site-preflight",
    method: Method::Options,
    route: "/site-v1/{projectId}",
    scope: None,
    audience: Audience::Open,
    input: Input::Query,
};

/// The sites whose pages ask.
pub struct Sites {
    projects: Projects,
    clock: Clock,
}

impl Sites {
    /// With the table that the environment names.
    pub fn from_environment(environment: &Environment, database: &Database) -> Self {
        Self { projects: Projects::new(database), clock: environment.clock() }
    }
}

/// Responds to a preflight: a 204 if one of the project's domains admits the page's
/// origin, otherwise a 403.
pub async fn preflight(sites: &Sites, request: &HttpRequest) -> Result<Response, Error> {
    let project_id = request.path_parameter(SITE_PREFLIGHT.route, "projectId");
    let project_id = project_id.and_then(|id| parse_uuid(&id).ok());
    let origin = request.header("Origin");
    let admitted = match (project_id, origin) {
        (Some(project_id), Some(origin)) => {
            let admits = |site: &Site| site.domains.iter().any(|domain| domain.admits(origin));
            sites.projects.recent_site(project_id, sites.clock.now(), admits).await?.is_some()
        }
        _ => false,
    };
    match origin.filter(|_| admitted) {
        Some(origin) => Ok(admission(origin)),
        // A project that does not exist gives the same error, so that nobody learns which projects exist.
        None => Err(Error::Forbidden("Pages of this origin may not call this project")),
    }
}

fn admission(origin: &str) -> Response {
    let headers = "Authorization, Content-Type, Idempotency-Key, X-API-Key, X-Session";
    Response::no_content()
        .with("Access-Control-Allow-Origin", origin.to_owned())
        .with("Access-Control-Allow-Methods", "GET, POST".to_owned())
        .with("Access-Control-Allow-Headers", headers.to_owned())
        .with("Access-Control-Max-Age", MAX_AGE.to_owned())
        .with("Vary", "Origin".to_owned())
}

/// Allows every page to read the response.
pub(super) fn readable(response: Response) -> Response {
    let headers = "Idempotency-Replayed, Location, Retry-After, X-Request-Id";
    response
        .with("Access-Control-Allow-Origin", "*".to_owned())
        .with("Access-Control-Expose-Headers", headers.to_owned())
}
