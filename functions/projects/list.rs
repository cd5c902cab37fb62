//! `GET /v1/projects`: list the tenant's projects, newest first.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::ProjectResponse},
    environment::Environment,
    store::{Database, Projects},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProjectsResponse {
    projects: Vec<ProjectResponse>,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let projects = Projects::new(&database);
    Ok(Endpoint::read(&operations::LIST_PROJECTS, &database, projects, list))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(projects: &Projects, request: &Request) -> Result<Response, Error> {
    let list = request.list(|_| Ok(()))?;
    let page = projects.list(request.tenant(), &list.page).await?;
    let next_cursor = list.next(&page);
    let projects = page.items.iter().map(|project| ProjectResponse::of(project, request.tenant())).collect();
    Ok(Response::ok(&ProjectsResponse { projects, next_cursor }))
}
