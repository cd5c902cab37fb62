//! `GET /v1/grants/{grantId}`: a grant as it is now. One whose ancestor was
//! revoked is revoked, since the first such moment.

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
    let absent = ResourceKind::Grant;
    let grant_id = request.path("grantId", GrantId::parse, absent)?;
    let lineage = grants.find(request.tenant(), grant_id).await?;
    let lineage = lineage.ok_or(Error::NotFound(absent))?;
    let now = request.context().now;
    Ok(Response::ok(&GrantResponse::of(&lineage, now)).etag(&lineage.tag(now)))
}
