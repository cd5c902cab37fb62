//! `GET /docs/{operation}`: the page of an operation or a webhook, or of what operations share. No key is needed.

use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, Response, RuntimeError, operations},
    domain::ResourceKind,
    environment::Environment,
};

/// The pages by their names, which build.rs renders.
const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/reference.rs"));

/// The endpoint. It uses nothing from the environment.
pub fn endpoint(_: &Environment) -> Result<Endpoint, RuntimeError> {
    Ok(Endpoint::open(&operations::GET_REFERENCE_PAGE, None, (), page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn page((): &(), request: &HttpRequest) -> Result<Response, Error> {
    let name = request.path_parameter(operations::GET_REFERENCE_PAGE.route, "operation");
    let page = PAGES.iter().find(|(other, _)| name.as_deref() == Some(*other));
    let (_, page) = page.ok_or(Error::NotFound(ResourceKind::Page))?;
    Ok(Response::html(page, env!("REFERENCE_POLICY")).content_language("en").cacheable())
}
