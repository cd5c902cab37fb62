//! `GET /health`: 200 while the functions run and the database answers them,
//! 503 while it does not. No key is needed, and nothing is told.

use assent_shared::{
    api::{self, Answer, Error, Method},
    store::{ConsentNotices, Database},
};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let notices = ConsentNotices::new(&database);
    api::serve_everyone(Method::Get, "/health", Some(&database), async || health(&notices).await).await
}

async fn health(notices: &ConsentNotices) -> Result<Answer, Error> {
    notices.reachable().await?;
    Ok(Answer::ok(&json!({ "status": "ok" })))
}
