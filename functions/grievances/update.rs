//! `PATCH /v1/dpdp/grievances/{grievanceId}`: change the status of a
//! grievance from `submitted` to `in_review`, and from there to `resolved` or
//! `rejected`.
//!
//! The last two require a resolution. Any other change is a 409
//! `INVALID_TRANSITION`, and a state that `If-Match` does not name a 412.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations},
    domain::{
        ResourceKind,
        grievance::{GrievanceStatus, Resolution, Step},
        identifiers::GrievanceId,
    },
    environment::Environment,
    store::{Database, Grievances},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let grievances = Grievances::new(&database);
    Ok(Endpoint::write(&operations::UPDATE_GRIEVANCE, &database, grievances, update)?.with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn update(grievances: &Grievances, request: &Request) -> Result<Committed, Error> {
    let (expected, step) = request.conditional_body(step)?;
    let grievance_id = request.path("grievanceId", GrievanceId::parse, ResourceKind::Grievance)?;
    let mut unit = request.unit_of_work();
    let grievance = &grievances.update(&mut unit, request.actor(), grievance_id, &step, &expected).await?;
    request.commit(unit, Response::ok(&grievance.resource).etag(&grievance.tag).personal()).await
}

fn step(fields: &mut Fields) -> Validated<Step> {
    let status = fields.text("status", GrievanceStatus::parse);
    let resolution = fields.optional_text("resolution", Resolution::parse);
    Step::new(status?, resolution?).map_err(|invalid| fields.error("resolution", invalid.0))
}
