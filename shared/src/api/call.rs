//! One call of an endpoint.

use crate::{
    api::{
        Error, Event,
        fields::{BodyFault, Fields, Parsed},
    },
    domain::{Invalid, Occasion, Tenant, Thing, api_key::Caller, json},
};
use std::net::IpAddr;

/// An authenticated request: who calls, with what, and when.
pub struct Call<'a> {
    pub(super) event: &'a Event,
    pub(super) route: &'static str,
    pub(super) caller: Caller,
    /// When the call came in, and the dice.
    pub occasion: Occasion<'a>,
}

impl Call<'_> {
    /// The caller's organisation.
    pub fn tenant(&self) -> Tenant {
        self.caller.tenant_id
    }

    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Reads the body, or names all that is wrong with it.
    pub fn body<T>(&self, read: impl FnOnce(&mut Fields) -> Parsed<T>) -> Result<T, Error> {
        let body = self.event.body().ok_or_else(|| Error::Unreadable("The body is missing".to_owned()))?;
        let value = json::parse(&body).map_err(|reason| Error::Unreadable(format!("The body {reason}")))?;
        Fields::read(value, read).map_err(|fault| match fault {
            BodyFault::NotAnObject => Error::Unreadable("The body must be a JSON object".to_owned()),
            BodyFault::Fields(faults) => Error::Faults(faults),
        })
    }

    /// A parameter of the path; what is not even well formed names nothing.
    pub fn path<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
        absent: Thing,
    ) -> Result<T, Error> {
        self.event.path_parameter(self.route, name).and_then(|value| parse(&value).ok()).ok_or(Error::NotFound(absent))
    }

    /// Where the call came from.
    pub fn source_ip(&self) -> Option<IpAddr> {
        self.event.source_ip()
    }

    /// What sent it.
    pub fn user_agent(&self) -> Option<&str> {
        self.event.header("User-Agent")
    }
}
