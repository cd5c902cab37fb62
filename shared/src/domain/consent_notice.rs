//! Consent notices: the texts that people see before they consent
//! (DPDP Act s.5; DPDP Rules 2025, Rule 3).

use crate::domain::{
    DomainError, Invalid, Timestamp,
    identifiers::RegisteredNoticeId,
    state_tag::StateTag,
    text::{plain_text, refuse_control_characters, text_type, token},
};
use oxilangtag::LanguageTag;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many purposes a notice, or a consent to it, may have.
pub const PURPOSES: std::ops::RangeInclusive<usize> = 1..=50;
/// The most bytes that the codes and descriptions of a notice's purposes may have together.
pub const PURPOSES_BYTES: usize = 48 * 1024;
/// How many data items a notice may name.
pub const DATA_ITEMS: std::ops::RangeInclusive<usize> = 0..=100;
/// The most bytes that the texts of the purposes and data items may have together, in a notice that
/// has more than the purposes' codes and descriptions.
pub const ITEMISED_BYTES: usize = 64 * 1024;
/// The languages of the Eighth Schedule to the Constitution of India, and English (DPDP Act s.5(3)),
/// as ISO 639 codes.
const SCHEDULED_LANGUAGES: [&str; 23] = [
    "as", "bn", "brx", "doi", "en", "gu", "hi", "kn", "kok", "ks", "mai", "ml", "mni", "mr", "ne", "or", "pa", "sa",
    "sat", "sd", "ta", "te", "ur",
];

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
    /// The code by which programs name a data item: 1–64 of `A-Za-z0-9._:-`.
    DataItemCode = |value| token(value, 64)
}
text_type! {
    /// The description of a data item for people: 1–1000 characters.
    DataItemDescription = |value| plain_text(value, 1000)
}
text_type! {
    /// The goods or services that a purpose enables: 1–1000 characters.
    Services = |value| plain_text(value, 1000)
}
text_type! {
    /// An absolute https URL of at most 2048 characters, kept as it was written. It is an IRI
    /// (RFC 3987), so that it can be the name of a resource in a receipt.
    Link = |value| {
        const START: &str = "https://";
        let value = plain_text(value, 2048)?;
        // The parser adds a missing `//` or host, which a URL must have (RFC 9110, section 4.2.2).
        let written_out = value.split_at_checked(START.len()).is_some_and(|(start, rest)| {
            start.eq_ignore_ascii_case(START) && !rest.starts_with(['/', '\\', '?', '#'])
        });
        let has_host = url::Url::parse(&value).is_ok_and(|url| {
            url.host_str().is_some_and(|host| !host.is_empty()) && url.username().is_empty() && url.password().is_none()
        });
        // The parser also takes characters that no URL may have, and directions of writing that would disguise one.
        let forbidden = |character: char| {
            character.is_whitespace()
                || "<>\"{}|\\^`".contains(character)
                || matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        };
        if written_out && has_host && !value.contains(forbidden) { Ok(value) } else {
            Err(Invalid::new("must be an absolute https URL without user information"))
        }
    }
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

impl NoticeContent {
    /// Lowercase hexadecimal SHA-256 of its UTF-8 bytes.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl Language {
    /// Its primary subtag: `hi` of `hi-IN`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// Whether it is English or a language of the Eighth Schedule, in any script or region.
    pub fn is_scheduled(&self) -> bool {
        SCHEDULED_LANGUAGES.contains(&self.primary())
    }

    /// Whether this range includes a language, as in RFC 4647, section 3.3.1: `hi` includes `hi-IN`.
    pub fn includes(&self, language: &Self) -> bool {
        language.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }
}

/// A purpose of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoticePurpose {
    /// Its code, for programs.
    pub code: PurposeCode,
    /// Its description, for people.
    pub description: PurposeDescription,
    /// The codes of the notice's data items that it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_items: Vec<DataItemCode>,
    /// The goods or services that it enables (Rule 3(b)(ii)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub services: Option<Services>,
    /// Whether the services cannot be provided without it; not, unless it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub necessary: Option<bool>,
    /// The kind of processing that is forbidden for children (DPDP Act s.9(3)); none, unless it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restricted: Option<Restriction>,
}

/// A kind of processing that is forbidden for children (DPDP Act s.9(3)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Restriction {
    /// None of them.
    #[default]
    None,
    /// Tracking.
    Tracking,
    /// Behavioural monitoring.
    BehaviouralMonitoring,
    /// Targeted advertising.
    TargetedAdvertising,
}

/// An item of personal data that the notice's purposes need (Rule 3(b)(i)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataItem {
    /// Its code, for programs.
    pub code: DataItemCode,
    /// Its description, for people.
    pub description: DataItemDescription,
}

/// Where people exercise their rights (Rule 3(c)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeLinks {
    /// Where they withdraw their consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdraw: Option<Link>,
    /// Where they exercise their other rights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rights: Option<Link>,
    /// Where they complain to the Data Protection Board.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complaint: Option<Link>,
}

/// How a version differs from the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// People have to be asked again.
    #[default]
    Material,
    /// Only the wording differs.
    Editorial,
}

/// What the law asks of a notice beside its text and the codes of its purposes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoticeParticulars {
    /// The personal data that its purposes need. The codes are unique.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_items: Vec<DataItem>,
    /// Where people exercise their rights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<NoticeLinks>,
    /// How the version differs from the one before; see [`RegisteredNotice::change`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeKind>,
    /// From when a consent to an earlier version no longer counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconsent_by: Option<Timestamp>,
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

/// A version of a notice in one language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edition {
    /// The organisation's name for the notice.
    pub notice_id: NoticeId,
    /// The version.
    pub version: NoticeVersion,
    /// The language.
    pub language: Language,
}

/// What a notice says in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeText {
    /// Title.
    pub title: NoticeTitle,
    /// Full text.
    pub content: NoticeContent,
    /// The purposes that it asks consent for. Their codes are unique.
    pub purposes: Vec<NoticePurpose>,
    /// What the law asks for beside these.
    pub particulars: NoticeParticulars,
    /// How to reach the data fiduciary.
    pub data_fiduciary_contact: Option<Contact>,
    /// The officer who handles grievances.
    pub grievance_officer: Option<GrievanceOfficer>,
}

/// Whether people can consent to a notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeStatus {
    /// They cannot, and it can change.
    Draft,
    /// They can, and it never changes.
    #[default]
    Published,
}

/// A registered version of a notice in one language, without its content. Once
/// published, it never changes.
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
    pub purposes: Vec<NoticePurpose>,
    /// What the law asks for beside these.
    #[serde(flatten)]
    pub particulars: NoticeParticulars,
    /// Lowercase hexadecimal SHA-256 of the content's UTF-8 bytes.
    pub content_hash: String,
    /// Lowercase hexadecimal SHA-256 of the canonical JSON (RFC 8785) of its
    /// [`NoticeDocument`]. `None` if it was registered before documents had hashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_hash: Option<String>,
    /// How to reach the data fiduciary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_fiduciary_contact: Option<Contact>,
    /// The officer who handles grievances.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grievance_officer: Option<GrievanceOfficer>,
    /// Whether people can consent to it.
    #[serde(default)]
    pub status: NoticeStatus,
    /// The number of its changes. A change is written only if this number is still the one that was read.
    #[serde(default)]
    pub revision: u64,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it passed the gate, see [`crate::domain::notice_gate`]. `None` for a draft, and for a notice
    /// that was published without the gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gated_at: Option<Timestamp>,
}

/// Everything that people are shown of a notice. Its canonical JSON is what the
/// `documentHash` is computed from.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NoticeDocument<'a> {
    notice_id: &'a NoticeId,
    version: &'a NoticeVersion,
    language: &'a Language,
    title: &'a NoticeTitle,
    content: &'a NoticeContent,
    purposes: &'a [NoticePurpose],
    #[serde(flatten)]
    particulars: &'a NoticeParticulars,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_fiduciary_contact: Option<&'a Contact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grievance_officer: Option<&'a GrievanceOfficer>,
}

impl<'a> NoticeDocument<'a> {
    /// The document of a registered notice with its content.
    pub fn of(notice: &'a RegisteredNotice, content: &'a NoticeContent) -> Self {
        Self {
            notice_id: &notice.notice_id,
            version: &notice.version,
            language: &notice.language,
            title: &notice.title,
            content,
            purposes: &notice.purposes,
            particulars: &notice.particulars,
            data_fiduciary_contact: notice.data_fiduciary_contact.as_ref(),
            grievance_officer: notice.grievance_officer.as_ref(),
        }
    }

    /// Lowercase hexadecimal SHA-256 of its canonical JSON (RFC 8785). `None` if it has no JSON.
    pub fn hash(&self) -> Option<String> {
        serde_json_canonicalizer::to_vec(self).ok().map(|json| hex::encode(Sha256::digest(json)))
    }
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
    /// Only a draft has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<NoticeStatus>,
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
            status: notice.draft_status(),
            created_at: notice.created_at,
        }
    }

    /// The version and the language that it is of.
    pub fn edition(&self) -> Edition {
        Edition { notice_id: self.notice_id.clone(), version: self.version.clone(), language: self.language.clone() }
    }
}

impl NoticeText {
    /// The notice that is registered with this text. `None` if it has no JSON.
    pub fn register(
        &self,
        edition: &Edition,
        id: RegisteredNoticeId,
        status: NoticeStatus,
        now: Timestamp,
    ) -> Option<RegisteredNotice> {
        let notice = RegisteredNotice {
            id,
            notice_id: edition.notice_id.clone(),
            version: edition.version.clone(),
            language: edition.language.clone(),
            title: self.title.clone(),
            purposes: self.purposes.clone(),
            particulars: self.particulars.clone(),
            content_hash: self.content.hash(),
            document_hash: None,
            data_fiduciary_contact: self.data_fiduciary_contact.clone(),
            grievance_officer: self.grievance_officer.clone(),
            status,
            revision: 0,
            created_at: now,
            gated_at: None,
        };
        let document_hash = Some(NoticeDocument::of(&notice, &self.content).hash()?);
        Some(RegisteredNotice { document_hash, ..notice })
    }
}

impl RegisteredNotice {
    /// Whether it was published by the gate, so that it satisfies the law.
    pub fn is_gated(&self) -> bool {
        self.gated_at.is_some()
    }

    /// When people could first consent to it. `None` for a draft.
    pub fn published_at(&self) -> Option<Timestamp> {
        match self.status {
            NoticeStatus::Draft => None,
            NoticeStatus::Published => Some(self.gated_at.unwrap_or(self.created_at)),
        }
    }

    /// How its version differs from the one before: materially, unless it says otherwise.
    pub fn change(&self) -> ChangeKind {
        self.particulars.change.unwrap_or_default()
    }

    /// Its status, if it is a draft.
    pub fn draft_status(&self) -> Option<NoticeStatus> {
        Some(self.status).filter(|status| *status == NoticeStatus::Draft)
    }

    /// Identifies its state. Another notice never has the same tag, not even a draft
    /// that takes the place of a deleted one.
    pub fn tag(&self) -> StateTag {
        StateTag::new(format_args!("{}-{}", self.id.ulid(), self.revision))
    }

    /// Fails if it is published.
    pub fn require_draft(&self) -> Result<(), DomainError> {
        match self.status {
            NoticeStatus::Draft => Ok(()),
            NoticeStatus::Published => Err(DomainError::NoticePublished),
        }
    }

    /// The draft with this text. `None` if it has no JSON.
    pub fn replaced(&self, text: &NoticeText) -> Option<Self> {
        let replaced = text.register(&self.edition(), self.id, self.status, self.created_at)?;
        let changed = replaced.document_hash != self.document_hash;
        Some(Self { revision: self.revision + u64::from(changed), ..replaced })
    }

    /// The notice as the gate publishes it.
    #[must_use]
    pub fn published(self, now: Timestamp) -> Self {
        Self { status: NoticeStatus::Published, revision: self.revision + 1, gated_at: Some(now), ..self }
    }

    /// The version and language that it is.
    pub fn edition(&self) -> Edition {
        Edition { notice_id: self.notice_id.clone(), version: self.version.clone(), language: self.language.clone() }
    }

    /// The sorted codes of its purposes. A translation must have the same.
    pub fn purpose_codes(&self) -> Vec<PurposeCode> {
        let mut codes: Vec<PurposeCode> = self.purposes.iter().map(|purpose| purpose.code.clone()).collect();
        codes.sort();
        codes
    }
}

impl Restriction {
    /// `none`, `tracking`, `behavioural_monitoring` or `targeted_advertising`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "none" => Ok(Self::None),
            "tracking" => Ok(Self::Tracking),
            "behavioural_monitoring" => Ok(Self::BehaviouralMonitoring),
            "targeted_advertising" => Ok(Self::TargetedAdvertising),
            _ => Err(Invalid::new("must be none, tracking, behavioural_monitoring or targeted_advertising")),
        }
    }
}

impl ChangeKind {
    /// `material` or `editorial`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "material" => Ok(Self::Material),
            "editorial" => Ok(Self::Editorial),
            _ => Err(Invalid::new("must be material or editorial")),
        }
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
