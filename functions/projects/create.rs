//! `POST /v1/projects`: create a project. A project is a website or an app whose
//! users' consents are recorded.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::ProjectResponse,
    },
    domain::project::{Project, ProjectName},
    environment::Environment,
    store::{Database, Projects},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let projects = Projects::new(&database);
    Endpoint::write(&operations::CREATE_PROJECT, &database, projects, create)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(projects: &Projects, request: &Request) -> Result<Committed, Error> {
    let project = request.body(|fields| project(fields, request))?;
    let mut unit = request.unit_of_work();
    let project = &projects.create(&mut unit, request.tenant(), project.clone()).await?;
    let response = Response::created(&ProjectResponse::of(project, request.tenant()));
    request.commit(unit, response.location(format!("/v1/projects/{}", project.id)).etag(&project.tag())).await
}

fn project(fields: &mut Fields, request: &Request) -> Validated<Project> {
    let name = fields.text("name", ProjectName::parse);
    let domains = api::domains(fields);
    Ok(Project {
        id: request.context().uuid(),
        name: name?,
        domains: domains?.unwrap_or_default(),
        position: request.context().ulid().to_string(),
        revision: 0,
        created_at: request.context().now,
        deleted_at: None,
    })
}
