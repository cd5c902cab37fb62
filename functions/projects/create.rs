//! `POST /v1/projects`: make a project, the site or app whose users' consents
//! are recorded.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed},
    domain::{
        Tenant, Timestamp,
        project::{Domain, Project, ProjectName},
        scope::Area,
    },
    store::{Database, Projects},
};
use serde::Serialize;
use uuid::Uuid;

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/v1/projects", Area::Projects);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    id: Uuid,
    organization: Tenant,
    name: ProjectName,
    domain: Option<Domain>,
    created_at: Timestamp,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let projects = Projects::new(&database);
    api::serve(ENDPOINT, &database, async |call| create(call, &projects).await).await
}

async fn create(call: Call<'_>, projects: &Projects) -> Result<Answer, Error> {
    let project = call.body(|fields| project(fields, &call))?;
    projects.create(call.tenant(), &project, call.occasion).await?;
    Ok(Answer::created(&Created {
        id: project.id,
        organization: call.tenant(),
        name: project.name,
        domain: project.domain,
        created_at: project.created_at,
    }))
}

fn project(fields: &mut Fields, call: &Call<'_>) -> Parsed<Project> {
    let name = fields.text("name", ProjectName::parse);
    let domain = fields.optional_text("domain", Domain::parse);
    Ok(Project { id: call.occasion.uuid(), name: name?, domain: domain?, created_at: call.occasion.now })
}
