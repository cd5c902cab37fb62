//! `/v1/dpdp`

pub(crate) mod consent_notices;
pub(crate) mod consent_records;
