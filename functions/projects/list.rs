//! `GET /v1/projects`: the tenant's projects, newest first.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownProject},
    domain::scope::Area,
    store::{Database, Projects, SHARDS},
};
use serde::Serialize;

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/v1/projects", Area::Projects).with_query().reading_at_once(SHARDS);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    projects: Vec<ShownProject>,
    next_cursor: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let projects = Projects::new(&database);
    api::serve(ENDPOINT, &database, async |call| list(call, &projects).await).await
}

async fn list(call: Call<'_>, projects: &Projects) -> Result<Answer, Error> {
    let list = call.list(|_| Ok(()))?;
    let part = projects.list(call.tenant(), &list.page).await?;
    let next_cursor = list.next(&part);
    let projects = part.things.iter().map(|project| ShownProject::of(project, call.tenant())).collect();
    Ok(Answer::ok(&Listed { projects, next_cursor }))
}
