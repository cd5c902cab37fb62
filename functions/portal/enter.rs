//! `POST /p/enter`: the person presses the button of a link that came in a message. It uses the link up, and leads on to
//! their page.

use assent_shared::{
    api::{self, Endpoint, Error, Form, HttpRequest, Response, RuntimeError, operations},
    environment::Environment,
    portal::{Links, error_page},
    store::Database,
};

/// The endpoint, with the table that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let links = Links::new(&database);
    Ok(Endpoint::open(&operations::ENTER_PORTAL, Some(&database), links, enter).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn enter(links: &Links, request: &HttpRequest) -> Result<Response, Error> {
    let mut form = Form::read(request)?;
    let language = form.take("lang");
    let link = form.take("link").unwrap_or_default();
    form.finish()?;
    let (token, session, person) = links.find(&link).await?;
    links.enter(&token, &session, &person, language.as_deref()).await
}
