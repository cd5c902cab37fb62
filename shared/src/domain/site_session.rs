//! Site sessions: one end user's standing on one project's site.

use crate::domain::{
    Invalid,
    project::Domain,
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use uuid::Uuid;

/// How long a session may last, in seconds.
pub const LIFETIME: RangeInclusive<u32> = 60..=86_400;
/// How long it lasts where nobody says, in seconds.
pub const USUAL_LIFETIME: u32 = 3600;

text_type! {
    /// 1–500 characters: the part of the world that a user is in.
    Geography = |value| plain_text(value, 500)
}
text_type! {
    /// 1–256 characters: the organisation's own name for a user of its site.
    UserId = |value| plain_text(value, 256)
}

/// Who acts, and on which project. It is stored nowhere: its token carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteSession {
    /// Its own name.
    pub session_id: Uuid,
    /// The project that it is good for.
    pub project_id: Uuid,
    /// The end user.
    pub concord_id: Uuid,
    /// The site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<Domain>,
    /// The part of the world.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geography: Option<Geography>,
}

/// How long, out of what a request says.
pub fn lifetime(seconds: u64) -> Result<u32, Invalid> {
    u32::try_from(seconds)
        .ok()
        .filter(|seconds| LIFETIME.contains(seconds))
        .ok_or_else(|| Invalid::new(format!("must be a whole number from {} to {}", LIFETIME.start(), LIFETIME.end())))
}
