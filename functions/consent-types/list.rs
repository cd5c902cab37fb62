//! `GET /site-v1/{projectId}/consent-types`: list the consent types that a page of a
//! site can ask for, each with its latest version. No key is needed.

use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, List, Response, RuntimeError, operations},
    domain::{
        ResourceKind,
        consent_catalog::{
            Category, ConsentDescription, ConsentDuration, ConsentState, ConsentTitle, ConsentType, ConsentTypeKind,
            ConsentTypeVersion, Label, PolicyUrl,
        },
        identifiers::parse_uuid,
    },
    environment::Environment,
    store::{ConsentCatalog, Database, Projects, SHARDS},
};
use serde::Serialize;
use uuid::Uuid;

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
    consent_types: Vec<TypeResponse<'a>>,
    next_cursor: Option<String>,
}

/// A consent type as visitors see it, without the tenant.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TypeResponse<'a> {
    id: Uuid,
    title: &'a ConsentTitle,
    description: Option<&'a ConsentDescription>,
    #[serde(rename = "type")]
    kind: ConsentTypeKind,
    category: Option<&'a Category>,
    subcategory: Option<&'a Category>,
    label: Option<&'a Label>,
    valid_states: &'a [ConsentState],
    consent_duration: &'a ConsentDuration,
    latest: LatestResponse<'a>,
}

#[derive(Serialize)]
struct LatestResponse<'a> {
    /// The number, as consent events have it.
    version: u32,
    url: &'a PolicyUrl,
    description: Option<&'a ConsentDescription>,
}

/// The endpoint, with the tables and the secret that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State {
        environment: environment.clone(),
        projects: Projects::new(&database),
        catalog: ConsentCatalog::new(&database),
    };
    Ok(Endpoint::open(&operations::LIST_SITE_CONSENT_TYPES, Some(&database), state, list).with_connections(SHARDS))
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
    let site = state.projects.site(project_id).await?.ok_or(Error::NotFound(ResourceKind::Project))?;
    let page = state.catalog.list_with_latest(site.tenant, &list.page).await?;
    let consent_types = page.items.iter().map(|(consent_type, latest)| response_of(consent_type, latest)).collect();
    Ok(Response::ok(&TypesResponse { consent_types, next_cursor: list.next(&page) }).cacheable_for(MAX_AGE))
}

fn response_of<'a>(consent_type: &'a ConsentType, latest: &'a ConsentTypeVersion) -> TypeResponse<'a> {
    let placement = consent_type.placement.as_ref();
    TypeResponse {
        id: consent_type.id,
        title: &consent_type.title,
        description: consent_type.description.as_ref(),
        kind: consent_type.kind,
        category: placement.map(|placement| &placement.category),
        subcategory: placement.map(|placement| &placement.subcategory),
        label: placement.map(|placement| &placement.label),
        valid_states: &consent_type.valid_states,
        consent_duration: &consent_type.consent_duration,
        latest: LatestResponse {
            version: latest.version.number(),
            url: &latest.url,
            description: latest.description.as_ref(),
        },
    }
}
