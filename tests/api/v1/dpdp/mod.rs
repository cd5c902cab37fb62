//! `/v1/dpdp`

pub(crate) mod consent_checks;
pub(crate) mod consent_notices;
pub(crate) mod consent_records;
pub(crate) mod data_principals;
pub(crate) mod exports;
pub(crate) mod grievances;
