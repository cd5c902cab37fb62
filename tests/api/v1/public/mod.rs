//! `/v1/public`

pub(crate) mod notices;
