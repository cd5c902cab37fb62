//! `GET /v1/organisation`: read what receipts and notices say of the tenant.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::OrganisationResponse},
    domain::organisation::StoredOrganisation,
    environment::Environment,
    store::{Database, Organisations},
};

/// The endpoint, with the table that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let organisations = Organisations::new(&database);
    Ok(Endpoint::read(&operations::GET_ORGANISATION, &database, organisations, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(organisations: &Organisations, request: &Request) -> Result<Response, Error> {
    let stored = organisations.get(request.tenant()).await?;
    let tag = StoredOrganisation::tag(stored.as_ref());
    Ok(Response::ok(&OrganisationResponse::of(stored.as_ref(), &request.caller().tenant_name)).etag(&tag))
}
