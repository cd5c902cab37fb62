//! `POST /v1/dpdp/consent-notices/{noticeId}/versions/{version}/publish`: publish
//! the drafts of a version, all of them or none.
//!
//! It is a 422 `NOTICE_INCOMPLETE`, which names every gap of every language, if the
//! version lacks what the law asks for (DPDP Act s.5, Rule 3), and a 409
//! `NOTICE_PUBLISHED` if there is no draft.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations},
    domain::{
        ResourceKind, Timestamp,
        consent_notice::{Language, NoticeId, NoticeVersion, RegisteredNotice},
        identifiers::RegisteredNoticeId,
        notice_gate::LANGUAGES,
    },
    environment::Environment,
    store::{ConsentNotices, Database},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PublishedResponse<'a> {
    notice_id: &'a NoticeId,
    version: &'a NoticeVersion,
    published_at: Timestamp,
    languages: Vec<LanguageResponse<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LanguageResponse<'a> {
    id: RegisteredNoticeId,
    language: &'a Language,
    content_hash: &'a str,
    document_hash: Option<&'a str>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let notices = ConsentNotices::new(&database);
    Endpoint::write(&operations::PUBLISH_CONSENT_NOTICE, &database, notices, publish)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn publish(notices: &ConsentNotices, request: &Request) -> Result<Committed, Error> {
    let required = request.body(required_languages)?;
    let notice_id = request.path("noticeId", NoticeId::parse, ResourceKind::ConsentNotice)?;
    let version = request.path("version", NoticeVersion::parse, ResourceKind::ConsentNotice)?;
    let mut unit = request.unit_of_work();
    let published = notices.publish(&mut unit, request.tenant(), &notice_id, &version, &required).await?;
    let response = PublishedResponse {
        notice_id: &notice_id,
        version: &version,
        published_at: request.context().now,
        languages: published.iter().map(language).collect(),
    };
    request.commit(unit, Response::ok(&response)).await
}

fn language(notice: &RegisteredNotice) -> LanguageResponse<'_> {
    LanguageResponse {
        id: notice.id,
        language: &notice.language,
        content_hash: &notice.content_hash,
        document_hash: notice.document_hash.as_deref(),
    }
}

fn required_languages(fields: &mut Fields) -> Validated<Vec<Language>> {
    Ok(fields.optional_texts("requiredLanguages", 0..=LANGUAGES, Language::parse)?.unwrap_or_default())
}
