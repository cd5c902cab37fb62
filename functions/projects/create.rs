//! `POST /v1/projects`: make a project, the site or app whose users' consents
//! are recorded.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed, ShownProject},
    domain::{
        project::{Domain, Project, ProjectName},
        scope::Area,
    },
    store::{Database, Projects},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/v1/projects", Area::Projects);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let projects = Projects::new(&database);
    api::serve(ENDPOINT, &database, async |call| create(call, &projects).await).await
}

async fn create(call: Call<'_>, projects: &Projects) -> Result<Answer, Error> {
    let project = call.body(|fields| project(fields, &call))?;
    call.effect(
        async || projects.create(call.tenant(), project.clone(), call.occasion),
        |project| Answer::created(&ShownProject::of(project, call.tenant())),
    )
    .await
}

fn project(fields: &mut Fields, call: &Call<'_>) -> Parsed<Project> {
    let name = fields.text("name", ProjectName::parse);
    let domain = fields.optional_text("domain", Domain::parse);
    Ok(Project { id: call.occasion.uuid(), name: name?, domain: domain?, created_at: call.occasion.now })
}
