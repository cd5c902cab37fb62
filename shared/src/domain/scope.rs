//! Scopes: the permissions of an API key.

use crate::domain::Invalid;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The parts of the API that scopes name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Consent notices.
    Notices,
    /// Consent records, their audit and receipts.
    Records,
    /// Grants.
    Grants,
    /// Data principals and erasure.
    Principals,
    /// Grievances.
    Grievances,
    /// Exports.
    Exports,
    /// DPDP sessions.
    Sessions,
    /// The consent catalog.
    Catalog,
    /// Projects.
    Projects,
    /// Consent events and state, and site sessions.
    Events,
    /// Consent checks.
    Checks,
    /// Recipients of personal data.
    Recipients,
    /// Events, and what recipients were told of them.
    Deliveries,
    /// Links to the pages of persons.
    Portal,
}

impl Area {
    /// All of them, in the order the documentation lists them.
    pub const ALL: [Self; 14] = [
        Self::Notices,
        Self::Records,
        Self::Grants,
        Self::Principals,
        Self::Grievances,
        Self::Exports,
        Self::Sessions,
        Self::Catalog,
        Self::Projects,
        Self::Events,
        Self::Checks,
        Self::Recipients,
        Self::Deliveries,
        Self::Portal,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Notices => "notices",
            Self::Records => "records",
            Self::Grants => "grants",
            Self::Principals => "principals",
            Self::Grievances => "grievances",
            Self::Exports => "exports",
            Self::Sessions => "sessions",
            Self::Catalog => "catalog",
            Self::Projects => "projects",
            Self::Events => "events",
            Self::Checks => "checks",
            Self::Recipients => "recipients",
            Self::Deliveries => "deliveries",
            Self::Portal => "portal",
        }
    }
}

/// Whether a scope allows reading or writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// GET.
    Read,
    /// Every other method.
    Write,
}

/// One permission, written `notices:write`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The part of the API.
    pub area: Area,
    /// Reading or writing.
    pub access: Access,
}

impl Scope {
    /// `area:read` or `area:write`.
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        let every =
            Area::ALL.into_iter().flat_map(|area| [Access::Read, Access::Write].map(|access| Self { area, access }));
        every.clone().find(|scope| scope.to_string() == value).ok_or_else(|| {
            let names: Vec<String> = every.map(|scope| scope.to_string()).collect();
            Invalid::new(format!("must be * or one of {}", names.join(", ")))
        })
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let access = match self.access {
            Access::Read => "read",
            Access::Write => "write",
        };
        write!(formatter, "{}:{access}", self.area.name())
    }
}

/// All permissions of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub enum Scopes {
    /// `*`.
    All,
    /// These scopes alone.
    Only(Vec<Scope>),
}

impl Scopes {
    /// A list of scopes, or `*` alone.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, Invalid> {
        let names: Vec<&str> = names.into_iter().collect();
        if names == ["*"] {
            return Ok(Self::All);
        }
        if names.is_empty() {
            return Err(Invalid::new("must name at least one scope"));
        }
        let scopes: Result<Vec<Scope>, Invalid> = names.into_iter().map(Scope::parse).collect();
        scopes.map(Self::Only)
    }

    /// Reads scopes with blanks between them. An empty text is no scope.
    pub fn read(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() { Ok(Self::Only(Vec::new())) } else { Self::parse(text.split(' ')) }
    }

    /// The scopes of one part of the API that are among them.
    #[must_use]
    pub fn of_area(&self, area: Area) -> Self {
        let both = [Access::Read, Access::Write].map(|access| Scope { area, access });
        Self::Only(both.into_iter().filter(|scope| self.allow(*scope)).collect())
    }

    /// Whether the scope is among them.
    pub fn allow(&self, wanted: Scope) -> bool {
        match self {
            Self::All => true,
            Self::Only(scopes) => scopes.contains(&wanted),
        }
    }
}

impl From<Scopes> for Vec<String> {
    fn from(scopes: Scopes) -> Self {
        match scopes {
            Scopes::All => vec!["*".to_owned()],
            Scopes::Only(scopes) => scopes.iter().map(ToString::to_string).collect(),
        }
    }
}

impl TryFrom<Vec<String>> for Scopes {
    type Error = Invalid;

    fn try_from(names: Vec<String>) -> Result<Self, Self::Error> {
        Self::parse(names.iter().map(String::as_str))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&Vec::from(self.clone()).join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_allows_only_itself() {
        let scopes = Scopes::parse(["notices:read", "records:write"]).unwrap();
        assert!(scopes.allow(Scope { area: Area::Notices, access: Access::Read }));
        assert!(!scopes.allow(Scope { area: Area::Notices, access: Access::Write }));
        assert!(!scopes.allow(Scope { area: Area::Grants, access: Access::Read }));
        assert_eq!(scopes.to_string(), "notices:read records:write");
    }

    #[test]
    fn the_scopes_of_an_area_are_among_all_scopes() {
        for (whole, events) in [
            ("*", "events:read events:write"),
            ("events:write grants:read", "events:write"),
            ("events:read", "events:read"),
            ("grants:read", ""),
        ] {
            let events_only = Scopes::read(whole).unwrap().of_area(Area::Events);
            assert_eq!(events_only.to_string(), events);
            assert_eq!(Scopes::read(events), Ok(events_only));
        }
    }

    #[test]
    fn a_star_allows_everything_and_has_no_other_scope_beside_it() {
        let scopes = Scopes::parse(["*"]).unwrap();
        assert!(scopes.allow(Scope { area: Area::Events, access: Access::Write }));
        assert!(Scopes::parse(["*", "notices:read"]).is_err());
        assert!(Scopes::parse(["notices"]).is_err());
        assert!(Scopes::parse([]).is_err());
    }
}
