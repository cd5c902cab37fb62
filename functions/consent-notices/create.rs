//! ★ `POST /v1/dpdp/consent-notices`: register a version of a consent notice.
//!
//! A version is registered once in each language (409 `CONFLICT`), and a
//! translation has the same purpose codes as the version's first language (409
//! `PURPOSES_DIFFER`). A registered notice never changes, unless it is a draft.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, notice_text, operations,
        responses::RegisteredNoticeResponse,
    },
    domain::{
        Invalid,
        consent_notice::{Edition, Language, NoticeId, NoticeStatus, NoticeText, NoticeVersion},
    },
    environment::Environment,
    store::{ConsentNotices, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let notices = ConsentNotices::new(&database);
    Endpoint::write(&operations::CREATE_CONSENT_NOTICE, &database, notices, create)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn create(notices: &ConsentNotices, request: &Request) -> Result<Committed, Error> {
    let (edition, text, status) = request.body(notice)?;
    let mut unit = request.unit_of_work();
    let created = notices.create(&mut unit, request.tenant(), &edition, &text, status).await?;
    let response = Response::created(&RegisteredNoticeResponse::of(&created));
    let response = match created.status {
        NoticeStatus::Draft => response.etag(&created.tag()),
        NoticeStatus::Published => response,
    };
    request.commit(unit, response).await
}

fn notice(fields: &mut Fields) -> Validated<(Edition, NoticeText, NoticeStatus)> {
    let notice_id = fields.text("noticeId", NoticeId::parse);
    let version = fields.text("version", NoticeVersion::parse);
    let language = fields.optional_text("language", Language::parse);
    let status = fields.optional_text("status", |status| match status {
        "draft" => Ok(NoticeStatus::Draft),
        _ => Err(Invalid::new("must be draft; without it, the notice is published at once")),
    });
    let text = notice_text(fields);
    let edition = Edition { notice_id: notice_id?, version: version?, language: language?.unwrap_or_default() };
    Ok((edition, text?, status?.unwrap_or(NoticeStatus::Published)))
}
