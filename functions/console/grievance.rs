//! `GET /console/grievance?id=…`: a grievance with all that was said, and what can be done next.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    console::{ConsoleGrievances, Visit, error_page, grievance_id},
    environment::Environment,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let grievances = ConsoleGrievances::new(&database);
    Ok(Endpoint::read(&operations::SHOW_CONSOLE_GRIEVANCE, &database, grievances, show).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(grievances: &ConsoleGrievances, request: &Request) -> Result<Response, Error> {
    let (visit, parameters) = Visit::of_page(request, &["id"])?;
    grievances.page(&visit, grievance_id(parameters.get("id"))?, None, "").await
}
