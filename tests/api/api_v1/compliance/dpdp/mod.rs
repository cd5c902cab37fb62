//! `/api/v1/compliance/dpdp`

pub(crate) mod session;
