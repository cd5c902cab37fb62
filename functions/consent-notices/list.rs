//! `GET /v1/dpdp/consent-notices`: list the registered notices, newest first.
//!
//! Each version and each translation is an item, without its content.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::consent_notice::NoticeSummary,
    environment::Environment,
    store::{ConsentNotices, Database},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoticesResponse {
    notices: Vec<NoticeSummary>,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let notices = ConsentNotices::new(&database);
    Ok(Endpoint::read(&operations::LIST_CONSENT_NOTICES, &database, notices, list))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(notices: &ConsentNotices, request: &Request) -> Result<Response, Error> {
    let list = request.list(|_| Ok(()))?;
    let page = notices.list(request.tenant(), &list.page).await?;
    let next_cursor = list.next(&page);
    Ok(Response::ok(&NoticesResponse { notices: page.items, next_cursor }))
}
