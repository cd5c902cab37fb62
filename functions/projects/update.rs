//! `PATCH /v1/projects/{projectId}`: change the name or the domains of a project.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::ProjectResponse,
    },
    domain::{
        ResourceKind,
        identifiers::parse_uuid,
        project::{ProjectName, ProjectPatch},
    },
    environment::Environment,
    store::{Database, Projects},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let projects = Projects::new(&database);
    Endpoint::write(&operations::UPDATE_PROJECT, &database, projects, update)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn update(projects: &Projects, request: &Request) -> Result<Committed, Error> {
    let (expected, patch) = request.conditional_body(patch)?;
    let id = request.path("projectId", parse_uuid, ResourceKind::Project)?;
    let mut unit = request.unit_of_work();
    let project = projects.update(&mut unit, request.tenant(), id, patch, &expected).await?;
    let response = Response::ok(&ProjectResponse::of(&project, request.tenant()));
    request.commit(unit, response.etag(&project.tag())).await
}

fn patch(fields: &mut Fields) -> Validated<ProjectPatch> {
    let name = fields.optional_text("name", ProjectName::parse);
    let domains = api::domains(fields);
    let patch = ProjectPatch { name: name?, domains: domains? };
    if patch == ProjectPatch::default() {
        return Err(fields.error("name", "is required, or domains"));
    }
    Ok(patch)
}
