//! `GET /v1/projects/{projectId}`: read a project.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::ProjectResponse},
    domain::{ResourceKind, identifiers::parse_uuid},
    environment::Environment,
    store::{Database, Projects},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let projects = Projects::new(&database);
    Ok(Endpoint::read(&operations::GET_PROJECT, &database, projects, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(projects: &Projects, request: &Request) -> Result<Response, Error> {
    let id = request.path("projectId", parse_uuid, ResourceKind::Project)?;
    let project = projects.get(request.tenant(), id).await?;
    Ok(Response::ok(&ProjectResponse::of(&project, request.tenant())).etag(&project.tag()))
}
