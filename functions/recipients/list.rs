//! `GET /v1/recipients`: list the tenant's recipients: the current ones, newest first,
//! then those that have ended.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::RecipientResponse},
    environment::Environment,
    store::{Database, Recipients},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecipientsResponse<'a> {
    recipients: Vec<RecipientResponse<'a>>,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let recipients = Recipients::new(&database);
    Ok(Endpoint::read(&operations::LIST_RECIPIENTS, &database, recipients, list))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(recipients: &Recipients, request: &Request) -> Result<Response, Error> {
    let list = request.list(|_| Ok(()))?;
    let page = recipients.list(request.tenant(), &list.page).await?;
    let next_cursor = list.next(&page);
    let recipients = page.items.iter().map(RecipientResponse::listed).collect();
    Ok(Response::ok(&RecipientsResponse { recipients, next_cursor }))
}
