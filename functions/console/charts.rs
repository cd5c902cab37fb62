//! `GET /console/charts`: how often each purpose was given, denied and withdrawn on each of the last days.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    console::{ConsoleCharts, Visit, error_page},
    environment::Environment,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let charts = ConsoleCharts::new(&database);
    let endpoint = Endpoint::read(&operations::SHOW_CONSOLE_CHARTS, &database, charts, show);
    Ok(endpoint.with_error_page(error_page).with_connections(8))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(charts: &ConsoleCharts, request: &Request) -> Result<Response, Error> {
    let (visit, _) = Visit::of_page(request, &[])?;
    charts.page(&visit).await
}
