//! What an operation of the API is, as [`operations`](super::operations) lists
//! them.

use crate::domain::scope::Scope;

/// An operation: what openapi.yaml declares, as much of it as its function
/// needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its operationId, which is the name of the binary that serves it.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub route: &'static str,
    /// What a caller must be allowed to do; nothing where no key is needed.
    pub scope: Option<Scope>,
    /// Whom it is for.
    pub audience: Audience,
    /// What it reads of a request beside its path and its headers.
    pub input: Input,
}

/// The methods of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes, or does.
    Post,
    /// Changes.
    Patch,
    /// Takes away.
    Delete,
    /// Asks what may be done.
    Options,
}

impl Method {
    /// As HTTP has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}

/// Whom an operation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Whoever has its scope.
    Everyone,
    /// The bearers of keys.
    Keys,
    /// End users, by their site sessions.
    EndUsers,
    /// Whoever calls, without a key.
    Open,
}

/// What an operation reads of a request beside its path and its headers. It
/// refuses everything else: what it ignored, a caller would take for done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing.
    Nothing,
    /// The query.
    Query,
    /// A JSON body.
    Body,
}
