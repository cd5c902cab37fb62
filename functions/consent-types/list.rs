//! `GET /site-v1/{projectId}/consent-types`: list the consent types that a page of a
//! site can ask for, each with its latest version. No key is needed.

use assent_shared::{
    api::{
        self, Endpoint, Error, HttpRequest, List, Response, RuntimeError, operations,
        responses::SiteConsentTypeResponse,
    },
    domain::{ResourceKind, identifiers::parse_uuid},
    environment::Environment,
    store::{ConsentCatalog, Database, Projects},
};
use serde::Serialize;

/// The seconds for which any cache may store the response.
const MAX_AGE: u32 = 60;

struct State {
    environment: Environment,
    projects: Projects,
    catalog: ConsentCatalog,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TypesResponse<'a> {
    consent_types: Vec<SiteConsentTypeResponse<'a>>,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables and the secret that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State {
        environment: environment.clone(),
        projects: Projects::new(&database),
        catalog: ConsentCatalog::new(&database),
    };
    Ok(Endpoint::open(&operations::LIST_SITE_CONSENT_TYPES, Some(&database), state, list))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(state: &State, request: &HttpRequest) -> Result<Response, Error> {
    let operation = &operations::LIST_SITE_CONSENT_TYPES;
    let list = List::of_open(request, operation, &state.environment)?;
    let project_id = request.path_parameter(operation.route, "projectId").and_then(|id| parse_uuid(&id).ok());
    let project_id = project_id.ok_or(Error::NotFound(ResourceKind::Project))?;
    let site = state.projects.recent_site(project_id, state.environment.clock().now(), |_| true).await?;
    let site = site.ok_or(Error::NotFound(ResourceKind::Project))?;
    let page = state.catalog.list_with_latest(site.tenant, &list.page).await?;
    let consent_types =
        page.items.iter().map(|(consent_type, latest)| SiteConsentTypeResponse::of(consent_type, latest)).collect();
    Ok(Response::ok(&TypesResponse { consent_types, next_cursor: list.next(&page) }).cacheable_for(MAX_AGE))
}
