//! ★ `POST /v1/dpdp/consent-notices`: register a version of a consent notice.
//!
//! A version exists once in each language (409 `CONFLICT`); a translation's
//! purpose codes are those of the version's first language (409
//! `PURPOSES_DIFFER`). What is registered never changes.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed},
    domain::{
        Timestamp,
        consent_notice::{
            Contact, Email, GrievanceOfficer, Language, NoticeContent, NoticeDraft, NoticeId, NoticeTitle,
            NoticeVersion, OfficerName, PURPOSES, PURPOSES_BYTES, Phone, Purpose, PurposeCode, PurposeDescription,
            RegisteredNotice,
        },
        identifiers::RegisteredNoticeId,
        scope::Area,
    },
    store::{ConsentNotices, Database},
};
use serde::Serialize;

const ENDPOINT: Endpoint = Endpoint::new(Method::Post, "/v1/dpdp/consent-notices", Area::Notices);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Registered<'a> {
    id: RegisteredNoticeId,
    notice_id: &'a NoticeId,
    version: &'a NoticeVersion,
    language: &'a Language,
    content_hash: &'a str,
    created_at: Timestamp,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let notices = ConsentNotices::new(&database);
    api::serve(ENDPOINT, &database, async |call| create(call, &notices).await).await
}

async fn create(call: Call<'_>, notices: &ConsentNotices) -> Result<Answer, Error> {
    let draft = call.body(notice)?;
    call.effect(async || notices.create(call.tenant(), &draft, call.occasion).await, registered).await
}

fn registered(notice: &RegisteredNotice) -> Answer {
    Answer::created(&Registered {
        id: notice.id,
        notice_id: &notice.notice_id,
        version: &notice.version,
        language: &notice.language,
        content_hash: &notice.content_hash,
        created_at: notice.created_at,
    })
}

fn notice(fields: &mut Fields) -> Parsed<NoticeDraft> {
    let notice_id = fields.text("noticeId", NoticeId::parse);
    let version = fields.text("version", NoticeVersion::parse);
    let title = fields.text("title", NoticeTitle::parse);
    let content = fields.text("content", NoticeContent::parse);
    let purposes = purposes(fields);
    let language = fields.optional_text("language", Language::parse);
    let contact = fields.optional_text("dataFiduciaryContact", Contact::parse);
    let officer = fields.optional_object("grievanceOfficer", |officer| {
        let name = officer.text("name", OfficerName::parse);
        let email = officer.text("email", Email::parse);
        let phone = officer.optional_text("phone", Phone::parse);
        Ok(GrievanceOfficer { name: name?, email: email?, phone: phone? })
    });
    Ok(NoticeDraft {
        notice_id: notice_id?,
        version: version?,
        language: language?.unwrap_or_default(),
        title: title?,
        content: content?,
        purposes: purposes?,
        data_fiduciary_contact: contact?,
        grievance_officer: officer?,
    })
}

fn purposes(fields: &mut Fields) -> Parsed<Vec<Purpose>> {
    let purposes = fields.objects("purposes", PURPOSES, |purpose| {
        let code = purpose.unique_text("code", PurposeCode::parse);
        let description = purpose.text("description", PurposeDescription::parse);
        Ok(Purpose { code: code?, description: description? })
    })?;
    let bytes: usize =
        purposes.iter().map(|purpose| purpose.code.as_str().len() + purpose.description.as_str().len()).sum();
    if bytes > PURPOSES_BYTES {
        let message = format!("must be at most {PURPOSES_BYTES} bytes together, but have {bytes}");
        return Err(fields.fault("purposes", message));
    }
    Ok(purposes)
}
