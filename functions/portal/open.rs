//! `GET /p/open?link=…`: open a link to a page of a person's own.
//!
//! A link to which the organisation redirects is used up by this, and leads on to the page. One that came in a message
//! shows a button first, because programs that check messages open their links too.

use assent_pages::{self as pages, Frame, Open};
use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, Response, RuntimeError, operations},
    domain::page_session::LinkDelivery,
    environment::Environment,
    portal::{Links, error_page, locale_of},
    store::Database,
};

/// The endpoint, with the table that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let links = Links::new(&database);
    Ok(Endpoint::open(&operations::OPEN_PORTAL, Some(&database), links, open).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn open(links: &Links, request: &HttpRequest) -> Result<Response, Error> {
    let link = request.query().into_iter().find(|(name, _)| name == "link").map(|(_, link)| link).unwrap_or_default();
    let (token, session, person) = links.find(&link).await?;
    if person.delivery == LinkDelivery::Redirect {
        return links.enter(&token, &session, &person, None).await;
    }
    let asked = person.locale.as_deref().and_then(pages::Locale::parse);
    let locale = asked.unwrap_or_else(|| locale_of(request.header("Accept-Language").unwrap_or_default()));
    let frame = Frame { locale, organisation: &session.organisation, here: "open", sections: &[], token: "" };
    Ok(Response::page(200, &pages::open(&frame, &Open { link: &link })))
}
