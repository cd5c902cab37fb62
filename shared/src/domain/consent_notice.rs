//! Consent notices: the texts that people see before they consent
//! (DPDP Act s.5; DPDP Rules 2025, Rule 3).

use crate::domain::{
    Invalid, Timestamp,
    identifiers::RegisteredNoticeId,
    text::{plain_text, refuse_control_characters, text_type, token},
};
use oxilangtag::LanguageTag;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many purposes a notice, or a consent to it, may have.
pub const PURPOSES: std::ops::RangeInclusive<usize> = 1..=50;
/// The most bytes that the codes and descriptions of a notice's purposes may have together.
pub const PURPOSES_BYTES: usize = 48 * 1024;

text_type! {
    /// The organisation's own name for a notice: 1–128 of `A-Za-z0-9._:-`.
    NoticeId = |value| token(value, 128)
}
text_type! {
    /// A notice's version: 1–64 of `A-Za-z0-9._:-`.
    NoticeVersion = |value| token(value, 64)
}
text_type! {
    /// 1–200 characters.
    NoticeTitle = |value| plain_text(value, 200)
}
text_type! {
    /// HTML or plain text of 1–262,144 bytes of UTF-8.
    NoticeContent = |value| {
        const MOST: usize = 262_144;
        if value.trim().is_empty() {
            return Err(Invalid::new("must not be blank"));
        }
        if value.len() > MOST {
            return Err(Invalid::new(format!(
                "must be at most {MOST} bytes of UTF-8, but has {}", value.len()
            )));
        }
        refuse_control_characters(value)?;
        Ok(value.to_owned())
    }
}
text_type! {
    /// A BCP 47 language tag in its canonical case: `en`, `en-IN`, `sr-Latn-RS`.
    Language = |value| {
        LanguageTag::parse_and_normalize(value)
            .map(LanguageTag::into_inner)
            .ok()
            .filter(|tag| tag.len() <= 64)
            .ok_or_else(|| Invalid::new("must be a BCP 47 language tag such as en or hi-IN"))
    }
}
text_type! {
    /// The code by which programs name a purpose: 1–64 of `A-Za-z0-9._:-`.
    PurposeCode = |value| token(value, 64)
}
text_type! {
    /// The description of a purpose for people: 1–1000 characters.
    PurposeDescription = |value| plain_text(value, 1000)
}
text_type! {
    /// How to reach the data fiduciary: 1–500 characters.
    Contact = |value| plain_text(value, 500)
}
text_type! {
    /// 1–200 characters.
    OfficerName = |value| plain_text(value, 200)
}
text_type! {
    /// An e-mail address: one `@`, at most 64 characters before it (RFC 5321) and 254 in all.
    Email = |value| {
        let value = plain_text(value, 254)?;
        let well_formed = value.rsplit_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && local.len() <= 64
                && !local.contains('@')
                && !domain.is_empty()
                && domain.split('.').all(|label| !label.is_empty())
                && !value.contains(char::is_whitespace)
        });
        if well_formed { Ok(value) } else {
            Err(Invalid::new("must be an e-mail address such as grievance@example.com"))
        }
    }
}
text_type! {
    /// A telephone number after E.164, spaces and dashes allowed: `+91-9876543210`.
    Phone = |value| {
        let value = plain_text(value, 32)?;
        let digits: String = value.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let well_formed = digits.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len())
                && !digits.starts_with('0')
                && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        if well_formed { Ok(value) } else {
            Err(Invalid::new("must be an E.164 telephone number such as +91-9876543210"))
        }
    }
}

impl Default for Language {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

/// A purpose of data processing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// Its code, for programs.
    pub code: PurposeCode,
    /// Its description, for people.
    pub description: PurposeDescription,
}

/// The officer who handles grievances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrievanceOfficer {
    /// Name.
    pub name: OfficerName,
    /// E-mail address.
    pub email: Email,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
}

/// A notice that is to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeDraft {
    /// The organisation's name for the notice.
    pub notice_id: NoticeId,
    /// The version.
    pub version: NoticeVersion,
    /// The language.
    pub language: Language,
    /// Title.
    pub title: NoticeTitle,
    /// Full text.
    pub content: NoticeContent,
    /// The purposes that it asks consent for. Their codes are unique.
    pub purposes: Vec<Purpose>,
    /// How to reach the data fiduciary.
    pub data_fiduciary_contact: Option<Contact>,
    /// The officer who handles grievances.
    pub grievance_officer: Option<GrievanceOfficer>,
}

/// A registered version of a notice in one language, without its content. It
/// never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegisteredNotice {
    /// Its id.
    pub id: RegisteredNoticeId,
    /// The organisation's name for the notice.
    pub notice_id: NoticeId,
    /// The version.
    pub version: NoticeVersion,
    /// The language.
    pub language: Language,
    /// Title.
    pub title: NoticeTitle,
    /// The purposes that it asks consent for.
    pub purposes: Vec<Purpose>,
    /// Lowercase hexadecimal SHA-256 of the content's UTF-8 bytes.
    pub content_hash: String,
    /// How to reach the data fiduciary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_fiduciary_contact: Option<Contact>,
    /// The officer who handles grievances.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grievance_officer: Option<GrievanceOfficer>,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// A registered notice as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoticeSummary {
    id: RegisteredNoticeId,
    notice_id: NoticeId,
    version: NoticeVersion,
    language: Language,
    title: NoticeTitle,
    content_hash: String,
    created_at: Timestamp,
}

impl NoticeSummary {
    /// The summary of this notice.
    pub fn of(notice: &RegisteredNotice) -> Self {
        Self {
            id: notice.id,
            notice_id: notice.notice_id.clone(),
            version: notice.version.clone(),
            language: notice.language.clone(),
            title: notice.title.clone(),
            content_hash: notice.content_hash.clone(),
            created_at: notice.created_at,
        }
    }
}

impl NoticeDraft {
    /// The registered notice.
    pub fn register(&self, id: RegisteredNoticeId, now: Timestamp) -> RegisteredNotice {
        RegisteredNotice {
            id,
            notice_id: self.notice_id.clone(),
            version: self.version.clone(),
            language: self.language.clone(),
            title: self.title.clone(),
            purposes: self.purposes.clone(),
            content_hash: hex::encode(Sha256::digest(self.content.as_str().as_bytes())),
            data_fiduciary_contact: self.data_fiduciary_contact.clone(),
            grievance_officer: self.grievance_officer.clone(),
            created_at: now,
        }
    }
}

impl RegisteredNotice {
    /// The sorted codes of its purposes. A translation must have the same.
    pub fn purpose_codes(&self) -> Vec<PurposeCode> {
        let mut codes: Vec<PurposeCode> = self.purposes.iter().map(|purpose| purpose.code.clone()).collect();
        codes.sort();
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_written_in_canonical_case() {
        for (written, shown) in [("EN", "en"), ("en-in", "en-IN"), ("SR-LATN-rs", "sr-Latn-RS")] {
            assert_eq!(Language::parse(written).unwrap().as_str(), shown);
        }
        for bad in ["", "e", "english language", "en_IN", "-en", "en-"] {
            assert!(Language::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn telephone_numbers_are_e164() {
        for fine in ["+91-9876543210", "+1 202 555 0123", "+919876543210"] {
            assert!(Phone::parse(fine).is_ok(), "{fine}");
        }
        for bad in ["9876543210", "+0123456789", "+123456", "+1234567890123456", "+91x9876543210", "+"] {
            assert!(Phone::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn email_addresses_have_a_local_part_and_a_domain() {
        for fine in ["grievance@acme.com", "a+b@localhost"] {
            assert!(Email::parse(fine).is_ok(), "{fine}");
        }
        for bad in ["acme.com", "@acme.com", "a@", "a@@b", "a b@c.d", "a@b..c"] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn content_is_measured_in_bytes() {
        assert!(NoticeContent::parse(&"é".repeat(131_072)).is_ok());
        assert!(NoticeContent::parse(&"é".repeat(131_073)).is_err());
    }
}
