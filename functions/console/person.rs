//! `GET /console/person?id=…`: what a person agreed to, by purpose.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    console::{ConsolePersons, Visit, error_page},
    environment::Environment,
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let persons = ConsolePersons::new(&database);
    Ok(Endpoint::read(&operations::SHOW_CONSOLE_PERSON, &database, persons, show).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(persons: &ConsolePersons, request: &Request) -> Result<Response, Error> {
    let (visit, parameters) = Visit::of_page(request, &["id"])?;
    persons.page(&visit, parameters.get("id")).await
}
