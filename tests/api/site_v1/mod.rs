//! `/site-v1`

pub(crate) mod consent_events;
pub(crate) mod consent_state;
pub(crate) mod own_consent_events;
pub(crate) mod preflight;
pub(crate) mod sessions;
