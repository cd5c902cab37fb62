//! `GET /v1/grants?principalId=&status=`: list grants, newest first.
//!
//! A grant is revoked if it or an ancestor was revoked.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::GrantResponse},
    domain::{grant::GrantStatus, identifiers::PrincipalId},
    environment::Environment,
    store::{Database, Grants},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GrantsResponse {
    grants: Vec<GrantResponse>,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let grants = Grants::new(&database);
    Ok(Endpoint::read(&operations::LIST_GRANTS, &database, grants, list))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(grants: &Grants, request: &Request) -> Result<Response, Error> {
    let list = request.list(|query| {
        let principal_id = query.optional_text("principalId", PrincipalId::parse);
        let status = query.optional_text("status", GrantStatus::parse);
        Ok((principal_id?, status?))
    })?;
    let (principal_id, status) = &list.filters;
    let now = request.context().now;
    let page = grants.list(request.tenant(), principal_id.as_ref(), *status, &list.page, now).await?;
    let next_cursor = list.next(&page);
    let grants = page.items.iter().map(|grant| GrantResponse::of(grant, now)).collect();
    Ok(Response::ok(&GrantsResponse { grants, next_cursor }))
}
