//! `GET /v1/grants/{grantId}`: read a grant as it is now.
//!
//! A grant is revoked from the moment at which it or an ancestor was first revoked.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::GrantResponse},
    domain::{ResourceKind, identifiers::GrantId},
    environment::Environment,
    store::{Database, Grants},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let grants = Grants::new(&database);
    Ok(Endpoint::read(&operations::GET_GRANT, &database, grants, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(grants: &Grants, request: &Request) -> Result<Response, Error> {
    let kind = ResourceKind::Grant;
    let grant_id = request.path("grantId", GrantId::parse, kind)?;
    let grant = grants.find(request.tenant(), grant_id).await?.ok_or(Error::NotFound(kind))?;
    let now = request.context().now;
    Ok(Response::ok(&GrantResponse::of(&grant, now)).etag(&grant.tag(now)))
}
