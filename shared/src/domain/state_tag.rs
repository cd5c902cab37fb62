//! Tags that identify the states of a resource, and the states that a change
//! expects (`ETag` and `If-Match`).

use crate::domain::DomainError;
use std::fmt;

/// Identifies one state of a resource; its other states have other tags. Printable
/// ASCII without blanks or quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateTag(String);

impl StateTag {
    /// A tag with this text, for example the number of the resource's changes.
    pub fn new(name: impl fmt::Display) -> Self {
        Self(name.to_string())
    }
}

impl fmt::Display for StateTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A resource with the tag of its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged<T> {
    /// The resource.
    pub resource: T,
    /// The tag of its state.
    pub tag: StateTag,
}

/// The states of a resource that a change expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedState {
    /// Any state.
    Any,
    /// One of these states.
    OneOf(Vec<StateTag>),
}

impl ExpectedState {
    /// Fails if the present state is not expected. The check is valid only while the
    /// resource stays in this state: the write must be conditional on it.
    pub fn require(&self, present: &StateTag) -> Result<(), DomainError> {
        match self {
            Self::OneOf(tags) if !tags.contains(present) => Err(DomainError::StateDiffers),
            Self::OneOf(_) | Self::Any => Ok(()),
        }
    }
}
