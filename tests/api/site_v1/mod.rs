//! `/site-v1`

pub(crate) mod consent_events;
