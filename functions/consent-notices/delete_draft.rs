//! `DELETE /v1/dpdp/consent-notices/{noticeId}/versions/{version}/languages/{language}`:
//! delete a draft in one language. It is a 409 `NOTICE_PUBLISHED` if it is no
//! longer a draft.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, edition, operations},
    environment::Environment,
    store::{ConsentNotices, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let notices = ConsentNotices::new(&database);
    Endpoint::write(&operations::DELETE_CONSENT_NOTICE_DRAFT, &database, notices, delete)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn delete(notices: &ConsentNotices, request: &Request) -> Result<Committed, Error> {
    let expected = request.if_match()?;
    let edition = edition(request)?;
    let mut unit = request.unit_of_work();
    notices.delete_draft(&mut unit, request.tenant(), &edition, &expected).await?;
    request.commit(unit, Response::no_content()).await
}
