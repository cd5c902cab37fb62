//! `PUT /v1/dpdp/consent-notices/{noticeId}/versions/{version}/languages/{language}`:
//! replace the text of a draft in one language. It is a 409 `NOTICE_PUBLISHED` if
//! it is no longer a draft.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Request, Response, RuntimeError, edition, notice_text, operations,
        responses::RegisteredNoticeResponse,
    },
    environment::Environment,
    store::{ConsentNotices, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let notices = ConsentNotices::new(&database);
    Endpoint::write(&operations::REPLACE_CONSENT_NOTICE_DRAFT, &database, notices, replace)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn replace(notices: &ConsentNotices, request: &Request) -> Result<Committed, Error> {
    let (expected, text) = request.conditional_body(notice_text)?;
    let edition = edition(request)?;
    let mut unit = request.unit_of_work();
    let draft = notices.replace_draft(&mut unit, request.tenant(), &edition, &text, &expected).await?;
    request.commit(unit, Response::ok(&RegisteredNoticeResponse::of(&draft)).etag(&draft.tag())).await
}
