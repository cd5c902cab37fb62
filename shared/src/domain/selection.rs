//! A choice of what a value is about: all there is, or some of it by name. It is
//! written as a list of names, or as `["*"]`.

use crate::domain::Invalid;
use serde::{Deserialize, Serialize};

/// What can be chosen by its name, which is never `*`.
pub trait Named: Sized + PartialEq {
    /// The one with this name.
    fn of_name(name: &str) -> Result<Self, Invalid>;

    /// Its name.
    fn to_name(&self) -> String;
}

/// A choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>", bound = "T: Named + Clone")]
pub enum Selection<T> {
    /// All, those that come later included: `["*"]`.
    All,
    /// These.
    Only(Vec<T>),
}

impl<T: Named> Selection<T> {
    /// Those that are named, or `*` alone, of which each is `None`.
    pub fn of(named: Vec<Option<T>>) -> Result<Self, Invalid> {
        if named.as_slice() == [None] {
            return Ok(Self::All);
        }
        let chosen: Option<Vec<T>> = named.into_iter().collect();
        chosen.map(Self::Only).ok_or_else(|| Invalid::new("may have * only alone"))
    }

    /// The one with this name, or `None` for `*`.
    pub fn parse_one(name: &str) -> Result<Option<T>, Invalid> {
        if name == "*" { Ok(None) } else { T::of_name(name).map(Some) }
    }

    /// Whether it is among them.
    pub fn contain(&self, one: &T) -> bool {
        match self {
            Self::All => true,
            Self::Only(chosen) => chosen.contains(one),
        }
    }
}

impl<T: Named> From<Selection<T>> for Vec<String> {
    fn from(selection: Selection<T>) -> Self {
        match selection {
            Selection::All => vec!["*".to_owned()],
            Selection::Only(chosen) => chosen.iter().map(Named::to_name).collect(),
        }
    }
}

impl<T: Named> TryFrom<Vec<String>> for Selection<T> {
    type Error = Invalid;

    fn try_from(names: Vec<String>) -> Result<Self, Invalid> {
        let named: Result<_, Invalid> = names.iter().map(|name| Self::parse_one(name)).collect();
        Self::of(named?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::consent_notice::PurposeCode;

    #[test]
    fn a_star_stands_alone() {
        let named = |names: &[&str]| {
            Selection::<PurposeCode>::try_from(names.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(named(&["*"]), Ok(Selection::All));
        assert!(named(&["a", "*"]).is_err() && named(&["*", "*"]).is_err());
        assert_eq!(Vec::from(named(&["a", "b"]).unwrap()), ["a", "b"]);
        let (a, c) = (PurposeCode::parse("a").unwrap(), PurposeCode::parse("c").unwrap());
        assert!(named(&["*"]).unwrap().contain(&c) && named(&["a"]).unwrap().contain(&a));
        assert!(!named(&["a"]).unwrap().contain(&c));
    }
}
