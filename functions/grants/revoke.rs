//! `DELETE /v1/grants/{grantId}`: revoke a grant and all of its descendants.
//!
//! It is a 204 also for a grant that is already revoked.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{ResourceKind, identifiers::GrantId},
    environment::Environment,
    service::Revocations,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let revocations = Revocations::new(&database);
    Ok(Endpoint::write(&operations::REVOKE_GRANT, &database, revocations, revoke)?.with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn revoke(revocations: &Revocations, request: &Request) -> Result<Committed, Error> {
    let expected = request.if_match()?;
    let grant_id = request.path("grantId", GrantId::parse, ResourceKind::Grant)?;
    let mut unit = request.unit_of_work();
    revocations.revoke(&mut unit, request.actor(), grant_id, &expected).await?;
    request.commit(unit, Response::no_content()).await
}
