//! The body of an organisation.

use crate::domain::{
    Timestamp,
    consent_notice::Contact,
    organisation::{Address, DataProtectionOfficer, Place, StoredOrganisation},
};
use serde::Serialize;

/// What receipts and notices say of a tenant. What is not set is null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationResponse<'a> {
    name: &'a str,
    address: Option<&'a Address>,
    contact: Option<&'a Contact>,
    jurisdiction: Option<&'a Place>,
    storage_locations: Option<&'a [Place]>,
    data_protection_officer: Option<&'a DataProtectionOfficer>,
    updated_at: Option<Timestamp>,
}

impl<'a> OrganisationResponse<'a> {
    /// The organisation of a tenant. Before it is set, it has the tenant's name only.
    pub fn of(stored: Option<&'a StoredOrganisation>, tenant_name: &'a str) -> Self {
        let set = stored.map(|stored| &stored.organisation);
        Self {
            name: set.map_or(tenant_name, |set| set.name.as_str()),
            address: set.and_then(|set| set.address.as_ref()),
            contact: set.and_then(|set| set.contact.as_ref()),
            jurisdiction: set.and_then(|set| set.jurisdiction.as_ref()),
            storage_locations: set.and_then(|set| set.storage_locations.as_deref()),
            data_protection_officer: set.and_then(|set| set.data_protection_officer.as_ref()),
            updated_at: stored.map(|stored| stored.updated_at),
        }
    }
}
