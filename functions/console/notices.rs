//! `GET /console/notices`: the notices by version, with their drafts and gaps.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    console::{ConsoleNotices, Visit, error_page},
    environment::Environment,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let notices = ConsoleNotices::new(&database);
    Ok(Endpoint::read(&operations::SHOW_CONSOLE_NOTICES, &database, notices, show).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(notices: &ConsoleNotices, request: &Request) -> Result<Response, Error> {
    let (visit, parameters) = Visit::of_page(request, &["cursor"])?;
    notices.list(&visit, parameters.get("cursor")).await
}
