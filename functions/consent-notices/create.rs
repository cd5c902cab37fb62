//! ★ `POST /v1/dpdp/consent-notices`: register a version of a consent notice.
//!
//! A version is registered once in each language (409 `CONFLICT`), and a
//! translation has the same purpose codes as the version's first language (409
//! `PURPOSES_DIFFER`). A registered notice never changes.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations},
    domain::{
        Timestamp,
        consent_notice::{
            Contact, Email, GrievanceOfficer, Language, NoticeContent, NoticeDraft, NoticeId, NoticeTitle,
            NoticeVersion, OfficerName, PURPOSES, PURPOSES_BYTES, Phone, Purpose, PurposeCode, PurposeDescription,
            RegisteredNotice,
        },
        identifiers::RegisteredNoticeId,
    },
    environment::Environment,
    store::{ConsentNotices, Database},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RegisteredResponse<'a> {
    id: RegisteredNoticeId,
    notice_id: &'a NoticeId,
    version: &'a NoticeVersion,
    language: &'a Language,
    content_hash: &'a str,
    created_at: Timestamp,
}

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
    let draft = request.body(notice)?;
    let mut unit = request.unit_of_work();
    let created = notices.create(&mut unit, request.tenant(), &draft).await?;
    request.commit(unit, registered(&created)).await
}

fn registered(notice: &RegisteredNotice) -> Response {
    Response::created(&RegisteredResponse {
        id: notice.id,
        notice_id: &notice.notice_id,
        version: &notice.version,
        language: &notice.language,
        content_hash: &notice.content_hash,
        created_at: notice.created_at,
    })
}

fn notice(fields: &mut Fields) -> Validated<NoticeDraft> {
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

fn purposes(fields: &mut Fields) -> Validated<Vec<Purpose>> {
    let purposes = fields.objects("purposes", PURPOSES, |purpose| {
        let code = purpose.unique_text("code", PurposeCode::parse);
        let description = purpose.text("description", PurposeDescription::parse);
        Ok(Purpose { code: code?, description: description? })
    })?;
    let bytes: usize =
        purposes.iter().map(|purpose| purpose.code.as_str().len() + purpose.description.as_str().len()).sum();
    if bytes > PURPOSES_BYTES {
        let message = format!("must be at most {PURPOSES_BYTES} bytes together, but have {bytes}");
        return Err(fields.error("purposes", message));
    }
    Ok(purposes)
}
