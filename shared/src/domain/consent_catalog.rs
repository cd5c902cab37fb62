//! The consent catalog: policies, terms and categories that people agree to,
//! in versions.

use crate::domain::{
    DomainError, Invalid, Timestamp,
    audit::{AuditEvent, Chain},
    state_tag::{ExpectedState, StateTag},
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

text_type! {
    /// 1–200 characters.
    ConsentTitle = |value| plain_text(value, 200)
}
text_type! {
    /// 1–2000 characters.
    ConsentDescription = |value| plain_text(value, 2000)
}
text_type! {
    /// A consent type's category or subcategory: 1–128 characters.
    Category = |value| plain_text(value, 128)
}
text_type! {
    /// A consent type's label: the whole text matches `[a-z0-9_*]{1,128}`.
    Label = |value| {
        let value = plain_text(value, 128)?;
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'*';
        if value.bytes().all(allowed) { Ok(value) } else {
            Err(Invalid::new("may hold only a-z, 0-9, '_' and '*'"))
        }
    }
}
text_type! {
    /// An absolute http or https URL of at most 2048 characters, kept as it was written.
    PolicyUrl = |value| {
        let value = plain_text(value, 2048)?;
        let absolute = url::Url::parse(&value).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty())
        });
        // The parser adds a missing `//` or host, which a URL must have (RFC 9110, section 4.2.1).
        let written_out = ["http://", "https://"].iter().any(|start| {
            value.split_at_checked(start.len()).is_some_and(|(head, rest)| {
                head.eq_ignore_ascii_case(start) && !rest.starts_with(['/', '\\', '?', '#'])
            })
        });
        if absolute && written_out && !value.contains(char::is_whitespace) { Ok(value) } else {
            Err(Invalid::new("must be an absolute http or https URL"))
        }
    }
}

/// The kind of document that people agree to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ConsentTypeKind {
    /// A privacy policy.
    PrivacyPolicy,
    /// Terms and conditions.
    TermsAndConditions,
    /// Any other policy.
    CustomPolicy,
}

impl ConsentTypeKind {
    /// `privacyPolicy`, `termsAndConditions` or `customPolicy`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "privacyPolicy" => Ok(Self::PrivacyPolicy),
            "termsAndConditions" => Ok(Self::TermsAndConditions),
            "customPolicy" => Ok(Self::CustomPolicy),
            _ => Err(Invalid::new("must be privacyPolicy, termsAndConditions or customPolicy")),
        }
    }
}

/// A person's state of consent to a consent type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentState {
    /// The person's conduct implies consent.
    Implied,
    /// The person has seen it.
    Viewed,
    /// The person has agreed.
    Accepted,
    /// The person has not agreed.
    Declined,
}

impl ConsentState {
    /// All states: the default of a consent type's valid states.
    pub const ALL: [Self; 4] = [Self::Implied, Self::Viewed, Self::Accepted, Self::Declined];

    /// `implied`, `viewed`, `accepted` or `declined`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        match value {
            "implied" => Ok(Self::Implied),
            "viewed" => Ok(Self::Viewed),
            "accepted" => Ok(Self::Accepted),
            "declined" => Ok(Self::Declined),
            _ => Err(Invalid::new("must be implied, viewed, accepted or declined")),
        }
    }
}

/// The category, subcategory and label of a consent type; unique within a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Placement {
    /// Category.
    pub category: Category,
    /// Subcategory.
    pub subcategory: Category,
    /// Label.
    pub label: Label,
}

/// How long a consent lasts: an ISO 8601 duration of up to 100 years, of
/// which years, months, weeks, days, hours, minutes and seconds are whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConsentDuration {
    written: String,
    months: u32,
    seconds: u32,
}

impl ConsentDuration {
    const MOST_CHARACTERS: usize = 64;
    const MOST_MONTHS: u64 = 1200;
    /// 100 years of 365.25 days.
    const MOST_SECONDS: u64 = 3_155_760_000;

    /// `P12M`, `P1Y6M`, `P30D`, `PT12H` and the like; never zero.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid::new("must be an ISO 8601 duration such as P12M");
        if value.len() > Self::MOST_CHARACTERS {
            return Err(invalid());
        }
        let rest = value.strip_prefix('P').ok_or_else(invalid)?;
        let (date, time) = match rest.split_once('T') {
            Some((_, "")) => return Err(invalid()),
            Some((date, time)) => (date, time),
            None => (rest, ""),
        };
        let (mut months, mut seconds) = (0_u64, 0_u64);
        for (part, units) in [
            (date, &[('Y', 12, 0), ('M', 1, 0), ('W', 0, 604_800), ('D', 0, 86_400)][..]),
            (time, &[('H', 0, 3600), ('M', 0, 60), ('S', 0, 1)][..]),
        ] {
            let mut rest = part;
            let mut units = units.iter();
            while !rest.is_empty() {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                let (number, after) = rest.split_at_checked(digits).ok_or_else(invalid)?;
                let number: u64 = number.parse().map_err(|_| invalid())?;
                let letter = after.chars().next().ok_or_else(invalid)?;
                // Each unit may occur once, in descending order of size.
                let (_, unit_months, unit_seconds) = units.find(|unit| unit.0 == letter).ok_or_else(invalid)?;
                months = months.saturating_add(number.saturating_mul(*unit_months));
                seconds = seconds.saturating_add(number.saturating_mul(*unit_seconds));
                rest = after.get(1..).ok_or_else(invalid)?;
            }
        }
        let too_long = months > Self::MOST_MONTHS
            || months * (Self::MOST_SECONDS / Self::MOST_MONTHS) + seconds.min(Self::MOST_SECONDS + 1)
                > Self::MOST_SECONDS;
        if too_long {
            return Err(Invalid::new("must be at most 100 years"));
        }
        if months == 0 && seconds == 0 {
            return Err(Invalid::new("must be longer than zero"));
        }
        match (u32::try_from(months), u32::try_from(seconds)) {
            (Ok(months), Ok(seconds)) => Ok(Self { written: value.to_owned(), months, seconds }),
            _ => Err(invalid()),
        }
    }

    /// When a consent given at this moment expires: calendar months are added first, then seconds.
    pub fn after(&self, moment: Timestamp) -> Timestamp {
        moment.plus_months(self.months).plus_seconds(self.seconds)
    }
}

impl Default for ConsentDuration {
    fn default() -> Self {
        Self { written: "P12M".to_owned(), months: 12, seconds: 0 }
    }
}

impl From<ConsentDuration> for String {
    fn from(duration: ConsentDuration) -> Self {
        duration.written
    }
}

impl TryFrom<String> for ConsentDuration {
    type Error = Invalid;

    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value)
    }
}

/// The number of a version: 1, 2, 3, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionNumber(u32);

impl VersionNumber {
    /// The first version of every consent type.
    pub const FIRST: Self = Self(1);

    /// A decimal number from 1, without leading zeros.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        value
            .parse()
            .ok()
            .filter(|number: &u32| *number >= 1 && number.to_string() == value)
            .map(Self)
            .ok_or_else(|| Invalid::new("must be the number of a version"))
    }

    /// The number of a version that may exist: from 1 to 2^32 - 1.
    pub fn of(number: u64) -> Result<Self, Invalid> {
        let number = u32::try_from(number).ok().filter(|number| *number >= 1).map(Self);
        number.ok_or_else(|| Invalid::new("must be a whole number from 1 to 4294967295"))
    }

    /// The next number.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// This number and all before it, in descending order.
    pub fn and_earlier(self) -> impl Iterator<Item = Self> {
        (1..=self.0).rev().map(Self)
    }

    /// The number itself.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for VersionNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A consent type as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentType {
    /// Its id.
    pub id: Uuid,
    /// Title.
    pub title: ConsentTitle,
    /// Description.
    pub description: Option<ConsentDescription>,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: ConsentTypeKind,
    /// Its category, subcategory and label, if it has them.
    #[serde(flatten)]
    pub placement: Option<Placement>,
    /// The states that a consent to it may have.
    pub valid_states: Vec<ConsentState>,
    /// How long a consent to it lasts.
    pub consent_duration: ConsentDuration,
    /// The newest version, to which new consents refer.
    pub latest_version: VersionNumber,
    /// Its position in the tenant's list.
    pub position: String,
    /// The number of edits. An edit is written only if this number is still the one that was read.
    pub revision: u64,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A change of a consent type. A field that is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsentTypePatch {
    /// Title.
    pub title: Option<ConsentTitle>,
    /// Description.
    pub description: Option<ConsentDescription>,
}

impl ConsentType {
    /// Identifies its state: an edit or a new version changes the tag.
    pub fn tag(&self) -> StateTag {
        StateTag::new(format_args!("{}.{}", self.revision, self.latest_version))
    }

    /// The consent type after an edit.
    #[must_use]
    pub fn patched(&self, patch: &ConsentTypePatch) -> Self {
        let mut next = self.clone();
        if let Some(title) = &patch.title {
            next.title = title.clone();
        }
        if let Some(description) = &patch.description {
            next.description = Some(description.clone());
        }
        if next != *self {
            next.revision += 1;
        }
        next
    }
}

/// The text of a version of a consent type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionText {
    /// The URL at which it is published.
    pub url: PolicyUrl,
    /// A description, for example of what changed.
    pub description: Option<ConsentDescription>,
}

/// A change of a version's text. A field that is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionPatch {
    /// The URL at which it is published.
    pub url: Option<PolicyUrl>,
    /// A description, for example of what changed.
    pub description: Option<ConsentDescription>,
}

/// A version of a consent type as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentTypeVersion {
    /// The consent type.
    pub consent_catalog_id: Uuid,
    /// Its number.
    pub version: VersionNumber,
    /// The consent type's kind.
    #[serde(rename = "type")]
    pub kind: ConsentTypeKind,
    /// The URL at which it is published.
    pub url: PolicyUrl,
    /// A description, for example of what changed.
    pub description: Option<ConsentDescription>,
    /// Whether an end user has consented to it. Once true, it stays true, and
    /// the text can no longer change.
    pub is_used: bool,
    /// Whether it is the newest version.
    pub is_latest: bool,
    /// The number of edits. An edit is written only if this number is still the one that was read.
    pub revision: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// Its audit trail.
    pub chain: Chain,
}

impl ConsentTypeVersion {
    /// The event with its text, for the creation or an edit.
    pub fn written(&self, action: &'static str) -> AuditEvent {
        AuditEvent::new(action).with("url", &self.url).with("description", &self.description)
    }

    /// Identifies its state: an edit or the first use changes the tag.
    pub fn tag(&self) -> StateTag {
        let used = if self.is_used { "-used" } else { "" };
        StateTag::new(format_args!("{}{used}", self.revision))
    }

    /// The version after an edit. Fails if it is in another state than expected, or in use.
    pub fn patched(&self, patch: &VersionPatch, expected: &ExpectedState) -> Result<Self, DomainError> {
        expected.require(&self.tag())?;
        if self.is_used {
            return Err(DomainError::ConsentVersionInUse);
        }
        let mut next = self.clone();
        if let Some(url) = &patch.url {
            next.url = url.clone();
        }
        if let Some(description) = &patch.description {
            next.description = Some(description.clone());
        }
        next.revision += 1;
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_are_whole_iso_8601() {
        let noon = Timestamp::parse("2026-01-31T12:00:00Z").unwrap();
        for (written, end) in [
            ("P12M", "2027-01-31T12:00:00.000Z"),
            ("P1M", "2026-02-28T12:00:00.000Z"),
            ("P1Y2M3DT4H5M6S", "2027-04-03T16:05:06.000Z"),
            ("P2W", "2026-02-14T12:00:00.000Z"),
            ("PT36H", "2026-02-02T00:00:00.000Z"),
            ("P100Y", "2126-01-31T12:00:00.000Z"),
            ("P36525D", "2126-02-01T12:00:00.000Z"),
        ] {
            let duration = ConsentDuration::parse(written).expect(written);
            assert_eq!(duration.after(noon).to_string(), end, "{written}");
            assert_eq!(String::from(duration), written);
        }
        for bad in [
            "",
            "P",
            "PT",
            "12M",
            "P12",
            "PM",
            "P1M1Y",
            "P1M1M",
            "P-1M",
            "P1.5M",
            "P0D",
            "P101Y",
            "P1201M",
            "P36526D",
            "P99Y366D",
            "P1YT",
            "p12m",
            "P12M ",
            "PT99999999999999999999S",
            "P1é",
        ] {
            assert!(ConsentDuration::parse(bad).is_err(), "{bad}");
        }
        assert!(ConsentDuration::parse(&format!("P{}1D", "0".repeat(64))).is_err());
    }

    #[test]
    fn urls_are_absolute_and_kept_as_written() {
        for fine in ["https://example.com", "http://example.com/a?b#c", "HTTPS://Example.com/"] {
            assert_eq!(PolicyUrl::parse(fine).map(|url| url.to_string()), Ok(fine.to_owned()));
        }
        for bad in [
            "example.com",
            "/policy",
            "ftp://example.com",
            "https:example.com",
            "http:///policy",
            "https://",
            "javascript:alert(1)",
            "https://a b.com",
            " https://a.com",
        ] {
            assert!(PolicyUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn versions_have_one_spelling() {
        assert_eq!(VersionNumber::parse("2").map(VersionNumber::number), Ok(2));
        for bad in ["0", "02", "+2", "-1", "2.0", "", "latest", "4294967296", "4294967295999"] {
            assert!(VersionNumber::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_whole_label_matches() {
        assert!(Label::parse("marketing_*2").is_ok());
        for bad in ["Marketing", "a b", "a-b", "ok\n", ""] {
            assert!(Label::parse(bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(P?[0-9]{0,12}[A-Z]?T?){0,4}|.*") {
            let _ = ConsentDuration::parse(&text);
            let _ = PolicyUrl::parse(&text);
            let _ = VersionNumber::parse(&text);
        }
    }
}
