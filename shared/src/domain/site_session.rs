//! Site sessions: each lets one end user make requests for one project.

use crate::domain::{
    Invalid,
    project::Domain,
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use uuid::Uuid;

/// The lifetime that a session may have, in seconds.
pub const LIFETIME: RangeInclusive<u32> = 60..=86_400;
/// The lifetime of a session if the request does not set it, in seconds.
pub const USUAL_LIFETIME: u32 = 3600;

text_type! {
    /// The part of the world that a user is in: 1–500 characters.
    Geography = |value| plain_text(value, 500)
}
text_type! {
    /// The organisation's own name for a user of its site: 1–256 characters.
    UserId = |value| plain_text(value, 256)
}

/// The end user and the project of a session. It is not stored: its token holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteSession {
    /// Its id.
    pub session_id: Uuid,
    /// The only project that it is valid for.
    pub project_id: Uuid,
    /// The end user.
    pub concord_id: Uuid,
    /// The domain of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<Domain>,
    /// The part of the world.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geography: Option<Geography>,
}

/// The lifetime in seconds, if it is within [`LIFETIME`].
pub fn lifetime(seconds: u64) -> Result<u32, Invalid> {
    u32::try_from(seconds)
        .ok()
        .filter(|seconds| LIFETIME.contains(seconds))
        .ok_or_else(|| Invalid::new(format!("must be a whole number from {} to {}", LIFETIME.start(), LIFETIME.end())))
}
