//! `/open-api/v1`

pub(crate) mod consent_catalog;
