//! `POST /p/erase`: the person has their data erased (DPDP Act s.12(3), GDPR art. 17), which ends the session.
//!
//! Of somebody with very many records, one call erases a part. The page then has a button to continue, and the session
//! can do nothing else.
//!
//! It is possible only in a session to which the organisation redirected the person. Whoever reads a message with a link
//! could otherwise erase them.

use assent_pages::{self as pages, Erased, Erasure};
use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{page_session::LinkDelivery, progress::Progress},
    environment::Environment,
    portal::{Visit, error_page},
    service::Erasures,
    store::Database,
};

/// The endpoint, with the tables and the secret that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let erasures = Erasures::from_environment(&database)?;
    Ok(Endpoint::form(&operations::ERASE_ON_PORTAL, &database, erasures, erase).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn erase(erasures: &Erasures, request: &Request) -> Result<Committed, Error> {
    let (visit, mut form, _) = Visit::of_form(request)?;
    let confirmed = form.take("confirmed").is_some_and(|confirmed| confirmed == "yes");
    form.finish()?;
    if visit.person().delivery != LinkDelivery::Redirect {
        return Err(Error::Forbidden("A session from a message cannot erase"));
    }
    let mut unit = request.unit_of_work();
    if !confirmed {
        let page = pages::erasure(&visit.frame("erasure"), &Erasure { unconfirmed: true });
        let page = Response::page(400, &page);
        return Ok(request.commit(unit, page.clone()).await?.showing(page));
    }
    let erasure = erasures.erase(&mut unit, request.actor(), visit.principal_id()).await?;
    let number = erasure.request_id.to_string();
    let in_progress = erasure.status == Progress::InProgress;
    let page = pages::erased(&visit.frame("erasure"), &Erased { number: &number, in_progress });
    let page = Response::page(200, &page);
    request.commit(unit, if in_progress { page } else { page.with_page_cookie("", 0) }).await
}
