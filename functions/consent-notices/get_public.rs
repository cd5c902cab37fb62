//! `GET /v1/public/notices/{registeredNoticeId}`: read a published notice in its language, as
//! people were shown it. No key is needed. A draft is a 404.

use assent_shared::{
    api::{self, Endpoint, Error, HttpRequest, Response, RuntimeError, operations},
    domain::{ResourceKind, Timestamp, consent_notice::NoticeDocument, identifiers::RegisteredNoticeId},
    environment::Environment,
    store::{ConsentNotices, Database},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoticeResponse<'a> {
    id: RegisteredNoticeId,
    document: NoticeDocument<'a>,
    document_hash: Option<&'a str>,
    published_at: Option<Timestamp>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let notices = ConsentNotices::new(&database);
    Ok(Endpoint::open(&operations::GET_PUBLIC_NOTICE, Some(&database), notices, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(notices: &ConsentNotices, request: &HttpRequest) -> Result<Response, Error> {
    let id = request.path_parameter(operations::GET_PUBLIC_NOTICE.route, "registeredNoticeId");
    let id = id.and_then(|id| RegisteredNoticeId::parse(&id).ok());
    let id = id.ok_or(Error::NotFound(ResourceKind::ConsentNotice))?;
    let document = notices.published(id).await?;
    let (notice, content) = &*document;
    let response = NoticeResponse {
        id,
        document: NoticeDocument::of(notice, content),
        document_hash: notice.document_hash.as_deref(),
        published_at: notice.published_at(),
    };
    Ok(Response::ok(&response).content_language(notice.language.as_str()).immutable())
}
