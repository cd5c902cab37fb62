//! `GET /p/fonts/{font}`: the style sheet with the font of a script for which few phones have one. It never changes.

use assent_pages::font;
use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, Response, RuntimeError, operations},
    domain::ResourceKind,
    environment::Environment,
};

/// The endpoint.
pub fn endpoint(_: &Environment) -> Result<Endpoint, RuntimeError> {
    Ok(Endpoint::open(&operations::GET_PORTAL_FONT, None, (), show))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn show((): &(), request: &HttpRequest) -> Result<Response, Error> {
    let name = request.path_parameter(operations::GET_PORTAL_FONT.route, "font").unwrap_or_default();
    let text = font(&name).ok_or(Error::NotFound(ResourceKind::Page))?;
    Ok(Response::style_sheet(text).immutable())
}
