//! The identifiers of resources, people and organisations.

use crate::domain::{Invalid, RequestContext, Timestamp, text::text_type};
use serde::{Deserialize, Serialize};
use std::fmt;
use ulid::Ulid;
use uuid::Uuid;

/// The organisation that a key belongs to, shown as `companyId` and `organization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tenant(pub Uuid);

impl fmt::Display for Tenant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A UUID of any version, the nil one included, in its hyphenated form.
pub fn parse_uuid(value: &str) -> Result<Uuid, Invalid> {
    // `try_parse` also accepts braces, URNs and bare hexadecimal digits.
    if value.len() == 36
        && let Ok(uuid) = Uuid::try_parse(value)
    {
        return Ok(uuid);
    }
    Err(Invalid::new("must be a UUID such as 44499771-03fb-4f0c-8620-88f538385446"))
}

text_type! {
    /// The organisation's own name for a person (DPDP Act s.2(j)): 1–256 characters.
    PrincipalId = |value| crate::domain::text::plain_text(value, 256)
}

text_type! {
    /// A reference in a body to another resource: 1–128 characters, as long as the longest id. The resource may not
    /// exist.
    Reference = |value| crate::domain::text::plain_text(value, 128)
}

/// The length of a ULID's text.
const ULID_LEN: usize = 26;

/// Declares an identifier that consists of a prefix and a ULID.
macro_rules! prefixed_ulid {
    ($(#[$documentation:meta])* $name:ident = $prefix:literal) => {
        $(#[$documentation])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// A new identifier of this moment.
            pub fn fresh(context: &RequestContext) -> Self {
                Self(context.ulid())
            }

            /// The ULID after the prefix.
            pub fn ulid(self) -> Ulid {
                self.0
            }

            /// Accepts only the form that is shown.
            pub fn parse(value: &str) -> Result<Self, Invalid> {
                value
                    .strip_prefix($prefix)
                    .and_then(|ulid| Ulid::from_string(ulid).ok())
                    .map(Self)
                    .filter(|parsed| parsed.to_string() == value)
                    .ok_or_else(|| Invalid::new(concat!("must be ", $prefix, " and a ULID")))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!($prefix, "{}"), self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

prefixed_ulid! {
    /// One registered notice: a version in a language.
    RegisteredNoticeId = "ntc_"
}
/// A request for erasure: `ER-`, the year and a ULID of that year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ErasureRequestId(Ulid);

impl ErasureRequestId {
    /// A new identifier of this moment.
    pub fn fresh(context: &RequestContext) -> Self {
        Self(context.ulid())
    }

    /// The moment at which the request was made.
    pub fn moment(self) -> Option<Timestamp> {
        i64::try_from(self.0.timestamp_ms()).ok().and_then(Timestamp::from_milliseconds)
    }

    /// Accepts only the form that is shown.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        value
            .rsplit_once('-')
            .and_then(|(_, ulid)| Ulid::from_string(ulid).ok())
            .map(Self)
            .filter(|parsed| parsed.to_string() == value)
            .ok_or_else(|| Invalid::new("must be ER-, a year and a ULID"))
    }
}

impl fmt::Display for ErasureRequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.moment().map(Timestamp::year).unwrap_or_default();
        write!(formatter, "ER-{year:04}-{}", self.0)
    }
}

impl Serialize for ErasureRequestId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ErasureRequestId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

prefixed_ulid! {
    /// An entry of an audit trail.
    AuditEntryId = "aud_"
}
prefixed_ulid! {
    /// A consent record.
    RecordId = "cr_"
}
prefixed_ulid! {
    /// A receipt of a consent record.
    ReceiptId = "rcpt_"
}
prefixed_ulid! {
    /// A grant.
    GrantId = "grnt_"
}
prefixed_ulid! {
    /// A grievance.
    GrievanceId = "grv_"
}
prefixed_ulid! {
    /// A recipient of personal data.
    RecipientId = "rcp_"
}
prefixed_ulid! {
    /// A logged consent check.
    CheckId = "chk_"
}
prefixed_ulid! {
    /// An export.
    ExportId = "exp_"
}
prefixed_ulid! {
    /// A withdrawal across all records of a person.
    WithdrawalId = "wdr_"
}
prefixed_ulid! {
    /// An event: something that happened to a consent, of which recipients are told.
    EventId = "evt_"
}

/// The delivery of an event to a recipient: `dlv_`, the ULIDs of the event and of the recipient, and that of the record
/// if the event tells of several. So an event is delivered once to each, however often it is relayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId {
    /// The event.
    pub event_id: EventId,
    /// The recipient.
    pub recipient_id: RecipientId,
    /// The record, if the event tells of several.
    pub record_id: Option<RecordId>,
}

impl DeliveryId {
    /// Accepts only the form that is shown.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        let parsed = value.strip_prefix("dlv_").and_then(|ids| {
            let (event, ids) = ids.split_at_checked(ULID_LEN)?;
            let (recipient, record) = ids.split_at_checked(ULID_LEN)?;
            let record_id = if record.is_empty() { None } else { Some(RecordId(Ulid::from_string(record).ok()?)) };
            let event_id = EventId(Ulid::from_string(event).ok()?);
            Some(Self { event_id, recipient_id: RecipientId(Ulid::from_string(recipient).ok()?), record_id })
        });
        let parsed = parsed.filter(|parsed| parsed.to_string() == value);
        parsed.ok_or_else(|| Invalid::new("must be dlv_ and two or three ULIDs"))
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "dlv_{}{}", self.event_id.0, self.recipient_id.0)?;
        self.record_id.map_or(Ok(()), |record_id| record_id.0.fmt(formatter))
    }
}

impl Serialize for DeliveryId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DeliveryId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl RecordId {
    /// A new identifier of this moment that sorts above `earlier`, even if the clock that made that one was ahead.
    pub fn fresh_after(context: &RequestContext, earlier: Option<Self>) -> Self {
        let fresh = Self::fresh(context);
        match earlier {
            Some(Self(earlier)) if earlier >= fresh.0 => {
                Self(Ulid::from_parts(earlier.timestamp_ms() + 1, fresh.0.random()))
            }
            _ => fresh,
        }
    }

    /// The identifier that sorts below all others of this moment and above all of earlier moments.
    pub fn lowest_of(moment: Timestamp) -> Self {
        Self(Ulid::from_parts(u64::try_from(moment.milliseconds()).unwrap_or_default(), 0))
    }
}

impl EventId {
    /// The identifier that sorts below all others of this moment and above all of earlier moments.
    pub fn lowest_of(moment: Timestamp) -> Self {
        Self(Ulid::from_parts(u64::try_from(moment.milliseconds()).unwrap_or_default(), 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clock, Random};
    use proptest::prelude::*;

    #[test]
    fn only_the_hyphenated_form_of_a_uuid_is_accepted() {
        let uuid = "44499771-03fb-4f0c-8620-88f538385446";
        assert!(parse_uuid(uuid).is_ok());
        assert!(parse_uuid("00000000-0000-0000-0000-000000000000").is_ok());
        for bad in [
            "4449977103fb4f0c862088f538385446",
            "{44499771-03fb-4f0c-8620-88f538385446}",
            "urn:uuid:44499771-03fb-4f0c-8620-88f538385446",
            "44499771-03fb-4f0c-8620-88f53838544g",
            "",
        ] {
            assert!(parse_uuid(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_identifier_has_one_spelling() {
        let id = "cr_01ARZ3NDEKTSV4RRFFQ69G5FAV";
        assert_eq!(RecordId::parse(id).map(|id| id.to_string()), Ok(id.to_owned()));
        for bad in [
            "cr_01arz3ndektsv4rrffq69g5fav",
            "grnt_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "cr_01ARZ3NDEKTSV4RRFFQ69G5FA",
            "cr_81ARZ3NDEKTSV4RRFFQ69G5FAV",
            "cr_",
            "",
        ] {
            assert!(RecordId::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_record_id_sorts_above_the_one_that_it_follows(
            now in 0_i64..3, random in any::<u8>(), earlier in 0_u64..5, its_random in any::<u128>(),
        ) {
            let clock = Clock::new(move || Timestamp::from_milliseconds(now).unwrap());
            let context = RequestContext::new(&clock, &Random::new(move |bytes| bytes.fill(random)));
            let earlier = RecordId(Ulid::from_parts(earlier, its_random));
            prop_assert!(RecordId::fresh_after(&context, Some(earlier)) > earlier);
            prop_assert!(RecordId::fresh_after(&context, Some(earlier)) >= RecordId::fresh(&context));
            prop_assert_eq!(RecordId::fresh_after(&context, None), RecordId::fresh(&context));
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = parse_uuid(&text);
            let _ = RecordId::parse(&text);
            let _ = DeliveryId::parse(&text);
        }

        #[test]
        fn the_id_of_a_delivery_leads_to_what_it_is_of(event: u128, recipient: u128, record: Option<u128>) {
            let id = DeliveryId {
                event_id: EventId(Ulid(event)),
                recipient_id: RecipientId(Ulid(recipient)),
                record_id: record.map(|record| RecordId(Ulid(record))),
            };
            prop_assert_eq!(DeliveryId::parse(&id.to_string()), Ok(id));
            prop_assert!(DeliveryId::parse(&id.to_string().to_lowercase()).is_err());
        }
    }
}
