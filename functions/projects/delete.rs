//! `DELETE /v1/projects/{projectId}`: delete a project. Its site sessions end; its
//! events stay, as evidence, until they expire.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{ResourceKind, identifiers::parse_uuid},
    environment::Environment,
    store::{Database, Projects},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let projects = Projects::new(&database);
    Endpoint::write(&operations::DELETE_PROJECT, &database, projects, delete)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn delete(projects: &Projects, request: &Request) -> Result<Committed, Error> {
    let expected = request.if_match()?;
    let id = request.path("projectId", parse_uuid, ResourceKind::Project)?;
    let mut unit = request.unit_of_work();
    projects.delete(&mut unit, request.tenant(), id, &expected).await?;
    request.commit(unit, Response::no_content()).await
}
