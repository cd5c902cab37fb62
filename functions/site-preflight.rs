//! `OPTIONS /site-v1/{projectId}/…`: tells a browser whether a page may call a
//! project's part of the API. No key is needed: a browser sends none here.

use assent_shared::{
    api,
    store::{Database, Projects},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let projects = Projects::new(&database);
    api::serve_preflight("/site-v1/{projectId}", &database, async |project_id, origin| {
        let domain = projects.domain(project_id).await?;
        Ok(domain.is_some_and(|domain| domain.admits(origin)))
    })
    .await
}
