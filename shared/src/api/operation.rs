//! An operation, as openapi.yaml declares it.

use crate::domain::scope::Scope;

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The operationId, which is also the name of the function that serves it.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path, with parameters in braces.
    pub route: &'static str,
    /// The scope that the caller's key must have; `None` if no key is needed, or any key will do.
    pub scope: Option<Scope>,
    /// The callers that it is for.
    pub audience: Audience,
    /// The input that it reads in addition to the path and the headers.
    pub input: Input,
}

/// The methods of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates a resource, or performs an action.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
    /// Asks which requests a web page may send.
    Options,
}

impl Method {
    /// The name in upper case, as a request has it.
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

/// The callers that an operation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Bearers of API keys and of site sessions that have the scope.
    Everyone,
    /// Bearers of API keys.
    Keys,
    /// End users, who send a site session.
    EndUsers,
    /// Persons on pages of their own, who send the cookie of a page session.
    Persons,
    /// Operators in the console, who send the cookie of a page session.
    Operators,
    /// Everybody, without a key.
    Open,
}

/// The input that an operation reads in addition to its path and its headers.
/// Any other input is an error, because a caller would believe that input which
/// was ignored had an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing.
    Nothing,
    /// The query.
    Query,
    /// A JSON body.
    Body,
    /// A form of a page.
    Form,
}
