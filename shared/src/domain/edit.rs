//! Edits of what need not be stated, as a merge patch (RFC 7396) names them.

/// An edit of an optional value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Edit<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// There is none any more.
    Remove,
    /// It becomes this.
    Set(T),
}

impl<T> Edit<T> {
    /// The value after the edit.
    pub fn of(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Remove => None,
            Self::Set(value) => Some(value),
        }
    }
}
