//! `GET /v1/dpdp/consent-notices/{noticeId}`: a notice's versions and
//! translations with their contents, newest first.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method},
    domain::{
        Thing, Timestamp,
        consent_notice::{
            Contact, GrievanceOfficer, Language, NoticeContent, NoticeId, NoticeTitle, NoticeVersion, Purpose,
            RegisteredNotice,
        },
        identifiers::RegisteredNoticeId,
        scope::Area,
    },
    store::{ConsentNotices, Database, PAGE_BYTES},
};
use serde::Serialize;

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Get, "/v1/dpdp/consent-notices/{noticeId}", Area::Notices).with_query();

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notice {
    notice_id: NoticeId,
    versions: Vec<Version>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    id: RegisteredNoticeId,
    version: NoticeVersion,
    language: Language,
    title: NoticeTitle,
    content: NoticeContent,
    purposes: Vec<Purpose>,
    content_hash: String,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_fiduciary_contact: Option<Contact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grievance_officer: Option<GrievanceOfficer>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let notices = ConsentNotices::new(&database);
    api::serve(ENDPOINT, &database, async |call| get(call, &notices).await).await
}

async fn get(call: Call<'_>, notices: &ConsentNotices) -> Result<Answer, Error> {
    let list = call.list(|_| Ok(()))?;
    let notice_id = call.path("noticeId", NoticeId::parse, Thing::ConsentNotice)?;
    let part = notices.versions(call.tenant(), &notice_id, &list.page, PAGE_BYTES).await?;
    let next_cursor = list.next(&part);
    let versions = part.things.into_iter().map(|(notice, content)| version(notice, content)).collect();
    Ok(Answer::ok(&Notice { notice_id, versions, next_cursor }))
}

fn version(notice: RegisteredNotice, content: NoticeContent) -> Version {
    Version {
        id: notice.id,
        version: notice.version,
        language: notice.language,
        title: notice.title,
        content,
        purposes: notice.purposes,
        content_hash: notice.content_hash,
        created_at: notice.created_at,
        data_fiduciary_contact: notice.data_fiduciary_contact,
        grievance_officer: notice.grievance_officer,
    }
}
