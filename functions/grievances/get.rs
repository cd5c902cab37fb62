//! `GET /v1/dpdp/grievances/{grievanceId}`: read a grievance.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{ResourceKind, identifiers::GrievanceId},
    environment::Environment,
    store::{Database, Grievances},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let grievances = Grievances::new(&database);
    Ok(Endpoint::read(&operations::GET_GRIEVANCE, &database, grievances, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(grievances: &Grievances, request: &Request) -> Result<Response, Error> {
    let grievance_id = request.path("grievanceId", GrievanceId::parse, ResourceKind::Grievance)?;
    let grievance = grievances.get(request.tenant(), grievance_id).await?;
    Ok(Response::ok(&grievance.resource).etag(&grievance.tag))
}
