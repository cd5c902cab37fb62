//! The organisation: what receipts and notices say of a tenant.

use crate::domain::{
    Timestamp,
    consent_notice::{Contact, Email, OfficerName, Phone},
    state_tag::StateTag,
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// How many places an organisation may name in which it stores data.
pub const STORAGE_LOCATIONS: RangeInclusive<usize> = 1..=50;

text_type! {
    /// The organisation's name: 1–500 characters.
    OrganisationName = |value| plain_text(value, 500)
}
text_type! {
    /// A postal address: 1–2000 characters.
    Address = |value| plain_text(value, 2000)
}
text_type! {
    /// A country or region, by name or code: 1–500 characters.
    Place = |value| plain_text(value, 500)
}

/// The officer who answers questions about the processing of personal data (DPDP Act
/// s.8(9), GDPR art. 37).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataProtectionOfficer {
    /// Name.
    pub name: OfficerName,
    /// E-mail address.
    pub email: Email,
    /// Telephone number.
    pub phone: Option<Phone>,
}

/// What receipts and notices say of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organisation {
    /// Its name.
    pub name: OrganisationName,
    /// Its postal address.
    pub address: Option<Address>,
    /// How to reach it.
    pub contact: Option<Contact>,
    /// The law that it processes personal data under.
    pub jurisdiction: Option<Place>,
    /// Where it stores personal data.
    pub storage_locations: Option<Vec<Place>>,
    /// Its data protection officer.
    pub data_protection_officer: Option<DataProtectionOfficer>,
}

/// An organisation as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredOrganisation {
    /// What is said of it.
    pub organisation: Organisation,
    /// The number of times that it was set. It is written only if this number is still the one that was read.
    pub revision: u64,
    /// When it was set.
    pub updated_at: Timestamp,
}

impl StoredOrganisation {
    /// Identifies the state of an organisation, which may not have been set yet.
    pub fn tag(stored: Option<&Self>) -> StateTag {
        StateTag::new(stored.map_or(0, |stored| stored.revision))
    }
}
