//! `/v1`

pub(crate) mod deliveries;
pub(crate) mod dpdp;
pub(crate) mod events;
pub(crate) mod grants;
pub(crate) mod organisation;
pub(crate) mod projects;
pub(crate) mod public;
pub(crate) mod recipients;
pub(crate) mod schemas;
