//! What tells one state of a resource from its other states, and what a change may
//! ask of the state that it starts from.

use crate::domain::DomainError;
use std::fmt;

/// Names one state of a resource; its other states have other names. Printable
/// ASCII without blanks or quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateTag(String);

impl StateTag {
    /// Named by the count of the resource's changes, say.
    pub fn new(name: impl fmt::Display) -> Self {
        Self(name.to_string())
    }
}

impl fmt::Display for StateTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A resource in one of its states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged<T> {
    /// The resource.
    pub resource: T,
    /// Names the state.
    pub tag: StateTag,
}

/// Which states of a resource a change may start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedState {
    /// Whichever it is in.
    Any,
    /// One of these.
    OneOf(Vec<StateTag>),
}

impl ExpectedState {
    /// Refuses a state that is not expected. It holds for as long as the resource
    /// is in this state: the write must be on condition that it still is.
    pub fn require(&self, present: &StateTag) -> Result<(), DomainError> {
        match self {
            Self::OneOf(tags) if !tags.contains(present) => Err(DomainError::StateDiffers),
            Self::OneOf(_) | Self::Any => Ok(()),
        }
    }
}
