//! `GET /v1/dpdp/consent-notices/{noticeId}`: read the versions and
//! translations of a notice with their contents, newest first.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{
        FieldError, ResourceKind, Timestamp,
        consent_notice::{
            Contact, GrievanceOfficer, Language, NoticeContent, NoticeId, NoticeParticulars, NoticePurpose,
            NoticeStatus, NoticeTitle, NoticeVersion, RegisteredNotice,
        },
        identifiers::RegisteredNoticeId,
        notice_gate,
    },
    environment::Environment,
    store::{ConsentNotices, Database, PAGE_BYTES},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoticeResponse {
    notice_id: NoticeId,
    versions: Vec<VersionResponse>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VersionResponse {
    id: RegisteredNoticeId,
    version: NoticeVersion,
    language: Language,
    title: NoticeTitle,
    content: NoticeContent,
    purposes: Vec<NoticePurpose>,
    #[serde(flatten)]
    particulars: NoticeParticulars,
    status: NoticeStatus,
    etag: String,
    /// What the law asks for and this language lacks by itself.
    gaps: Vec<FieldError>,
    content_hash: String,
    document_hash: Option<String>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_fiduciary_contact: Option<Contact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grievance_officer: Option<GrievanceOfficer>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let notices = ConsentNotices::new(&database);
    Ok(Endpoint::read(&operations::GET_CONSENT_NOTICE, &database, notices, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(notices: &ConsentNotices, request: &Request) -> Result<Response, Error> {
    let list = request.list(|_| Ok(()))?;
    let notice_id = request.path("noticeId", NoticeId::parse, ResourceKind::ConsentNotice)?;
    let page = notices.versions(request.tenant(), &notice_id, &list.page, PAGE_BYTES).await?;
    let next_cursor = list.next(&page);
    let versions = page.items.into_iter().map(|(notice, content)| version(notice, content)).collect();
    Ok(Response::ok(&NoticeResponse { notice_id, versions, next_cursor }))
}

fn version(notice: RegisteredNotice, content: NoticeContent) -> VersionResponse {
    VersionResponse {
        status: notice.status,
        etag: Response::entity_tag(&notice.tag()),
        gaps: notice_gate::gaps(&notice),
        published_at: notice.published_at(),
        id: notice.id,
        version: notice.version,
        language: notice.language,
        title: notice.title,
        content,
        purposes: notice.purposes,
        particulars: notice.particulars,
        content_hash: notice.content_hash,
        document_hash: notice.document_hash,
        created_at: notice.created_at,
        data_fiduciary_contact: notice.data_fiduciary_contact,
        grievance_officer: notice.grievance_officer,
    }
}
