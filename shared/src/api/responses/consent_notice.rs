//! The body of a registered notice without its text.

use crate::domain::{
    Timestamp,
    consent_notice::{Language, NoticeId, NoticeStatus, NoticeVersion, RegisteredNotice},
    identifiers::RegisteredNoticeId,
};
use serde::Serialize;

/// A notice that was registered, or a draft that was replaced.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegisteredNoticeResponse<'a> {
    id: RegisteredNoticeId,
    notice_id: &'a NoticeId,
    version: &'a NoticeVersion,
    language: &'a Language,
    content_hash: &'a str,
    /// Only a draft has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<NoticeStatus>,
    created_at: Timestamp,
}

impl<'a> RegisteredNoticeResponse<'a> {
    /// The body of this notice.
    pub fn of(notice: &'a RegisteredNotice) -> Self {
        Self {
            id: notice.id,
            notice_id: &notice.notice_id,
            version: &notice.version,
            language: &notice.language,
            content_hash: &notice.content_hash,
            status: notice.draft_status(),
            created_at: notice.created_at,
        }
    }
}
