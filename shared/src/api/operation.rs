//! What openapi.yaml declares of an operation.

use crate::domain::scope::Scope;

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name, which is also the name of the function that serves it.
    pub id: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, with parameters in braces.
    pub route: &'static str,
    /// The scope that a caller's key must have; none where no key is needed.
    pub scope: Option<Scope>,
    /// Who may call it.
    pub audience: Audience,
    /// What it reads of a request beside the path and the headers.
    pub input: Input,
}

/// The methods of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or does.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
    /// Asks which requests a page may send.
    Options,
}

impl Method {
    /// As it stands in a request.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Whoever has its scope: by a key or by a site session.
    Everyone,
    /// Bearers of keys.
    Keys,
    /// End users, by their site sessions.
    EndUsers,
    /// Anybody, without a key.
    Open,
}

/// What an operation reads of a request beside its path and its headers. It
/// refuses everything else: a caller would take what was ignored for done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing.
    Nothing,
    /// The query.
    Query,
    /// A JSON body.
    Body,
}
