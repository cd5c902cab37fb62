//! Projects: the sites and apps whose users' consents are recorded.

use crate::domain::{
    Invalid, Timestamp,
    text::{plain_text, text_type},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

text_type! {
    /// 2–200 characters.
    ProjectName = |value| {
        let value = plain_text(value, 200)?;
        if value.chars().count() < 2 {
            return Err(Invalid::new("must be at least 2 characters"));
        }
        Ok(value)
    }
}
text_type! {
    /// 1–500 characters: where a project lives.
    Domain = |value| plain_text(value, 500)
}

/// A project as it is stored. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// Its own name.
    pub id: Uuid,
    /// Its name for people.
    pub name: ProjectName,
    /// Where it lives.
    pub domain: Option<Domain>,
    /// When it was made.
    pub created_at: Timestamp,
}
