//! `/open-api`

pub(crate) mod v1;
