//! `GET /console/open?link=…`: open a link to the console. It is used up by this.

use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, Response, RuntimeError, operations},
    console::error_page,
    environment::Environment,
    portal::Links,
    store::Database,
};

/// The endpoint, with the table that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let links = Links::new(&database);
    Ok(Endpoint::open(&operations::OPEN_CONSOLE, Some(&database), links, open).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn open(links: &Links, request: &HttpRequest) -> Result<Response, Error> {
    let link = request.query().into_iter().find(|(name, _)| name == "link").map(|(_, link)| link).unwrap_or_default();
    links.enter_console(&link).await
}
