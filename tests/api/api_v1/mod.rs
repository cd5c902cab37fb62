//! `/api/v1`

pub(crate) mod compliance;
