//! `/api/v1/compliance`

pub(crate) mod dpdp;
