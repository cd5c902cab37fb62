//! `GET /console/today`: what needs doing: overdue deliveries, grievances that are due, notices with drafts or gaps.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    console::{Visit, WhatNeedsDoing, error_page},
    environment::Environment,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let doing = WhatNeedsDoing::new(&database);
    let endpoint = Endpoint::read(&operations::SHOW_CONSOLE_TODAY, &database, doing, show);
    Ok(endpoint.with_error_page(error_page).with_connections(3))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(doing: &WhatNeedsDoing, request: &Request) -> Result<Response, Error> {
    let (visit, _) = Visit::of_page(request, &[])?;
    doing.page(&visit).await
}
