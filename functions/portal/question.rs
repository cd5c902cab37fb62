//! `GET /p/question`: the organisation asks whether the person consents to a notice (DPDP Act s.5, s.6(1)). Nothing is
//! chosen, and refusing is as easy as agreeing.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    environment::Environment,
    portal::{Questions, Visit, error_page},
    store::Database,
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let questions = Questions::new(&database);
    Ok(Endpoint::read(&operations::SHOW_PORTAL_QUESTION, &database, questions, show).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show(questions: &Questions, request: &Request) -> Result<Response, Error> {
    let (visit, _) = Visit::of_page(request, &[])?;
    let notice = questions.notice(&visit, None).await?;
    questions.page(&visit, &notice, None).await
}
