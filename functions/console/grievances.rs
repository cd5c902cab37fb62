//! `GET /console/grievances?status=`: the grievances, newest first.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    console::{ConsoleGrievances, Visit, error_page},
    environment::Environment,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let grievances = ConsoleGrievances::new(&database);
    Ok(Endpoint::read(&operations::SHOW_CONSOLE_GRIEVANCES, &database, grievances, show).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(grievances: &ConsoleGrievances, request: &Request) -> Result<Response, Error> {
    let (visit, parameters) = Visit::of_page(request, &["status", "cursor"])?;
    grievances.list(&visit, &parameters).await
}
