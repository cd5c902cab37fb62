//! `GET /p/grievances`: the person's complaints, and a form for another one (DPDP Act s.13).

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    environment::Environment,
    portal::{PersonGrievances, Visit, error_page},
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let grievances = PersonGrievances::new(&database);
    Ok(Endpoint::read(&operations::SHOW_PORTAL_GRIEVANCES, &database, grievances, show).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(grievances: &PersonGrievances, request: &Request) -> Result<Response, Error> {
    let (visit, _) = Visit::of_page(request, &[])?;
    grievances.page(&visit, None, "").await
}
