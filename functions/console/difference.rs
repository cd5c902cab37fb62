//! `GET /console/difference?id=&left=&right=&language=`: two versions of a notice, side by side.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    console::{Differences, Visit, error_page},
    environment::Environment,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let differences = Differences::new(&database);
    Ok(Endpoint::read(&operations::SHOW_CONSOLE_DIFFERENCE, &database, differences, show).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(differences: &Differences, request: &Request) -> Result<Response, Error> {
    let (visit, parameters) = Visit::of_page(request, &["id", "left", "right", "language"])?;
    differences.page(&visit, &parameters).await
}
