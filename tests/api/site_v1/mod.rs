//! `/site-v1`

pub(crate) mod consent_events;
pub(crate) mod consent_state;
pub(crate) mod consent_types;
pub(crate) mod own_consent_events;
pub(crate) mod preflight;
pub(crate) mod project_consent_events;
pub(crate) mod sessions;
