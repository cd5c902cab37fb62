//! One request of an operator to the console.

use crate::{
    api::{Error, Failure, Form, Operation, Request, Response, operations},
    domain::page_session::FormNonce,
};
use assent_pages::{
    Problem,
    console::{self as pages, Area, Frame},
};
use std::collections::BTreeMap;

/// A request of an operator, with what every page shows.
pub struct Visit<'a> {
    /// The request.
    pub request: &'a Request,
    areas: Vec<Area>,
    token: String,
}

/// The areas in the navigation, with the operation that shows each.
const AREAS: [(Area, &Operation); 6] = [
    (Area::Today, &operations::SHOW_CONSOLE_TODAY),
    (Area::Person, &operations::SHOW_CONSOLE_PERSON),
    (Area::Notices, &operations::SHOW_CONSOLE_NOTICES),
    (Area::Deliveries, &operations::SHOW_CONSOLE_DELIVERIES),
    (Area::Grievances, &operations::SHOW_CONSOLE_GRIEVANCES),
    (Area::Charts, &operations::SHOW_CONSOLE_CHARTS),
];

impl<'a> Visit<'a> {
    /// The visit of a page that takes these parameters, and their values.
    pub fn of_page(request: &'a Request, names: &[&str]) -> Result<(Self, BTreeMap<String, String>), Error> {
        Ok((Self::of(request)?, request.query(names)?))
    }

    /// The visit of a form, with its other fields. The form must be from a page of this session.
    pub fn of_form(request: &'a Request) -> Result<(Self, Form, FormNonce), Error> {
        let mut form = request.form()?;
        let nonce = form.take_token(&request.visitor()?.token)?;
        Ok((Self::of(request)?, form, nonce))
    }

    fn of(request: &'a Request) -> Result<Self, Error> {
        let token = request.visitor()?.token.form_token(request.context());
        let areas = AREAS.into_iter().filter(|(_, operation)| request.may(operation)).map(|(area, _)| area).collect();
        Ok(Self { request, areas, token })
    }

    /// Whether the operator may do what this operation does.
    pub fn may(&self, operation: &Operation) -> bool {
        self.request.may(operation)
    }

    /// Fails if the operator may not do what this operation does.
    pub fn require(&self, operation: &Operation) -> Result<(), Error> {
        match operation.scope {
            Some(scope) if !self.may(operation) => Err(Error::MissingScope(scope.to_string())),
            _ => Ok(()),
        }
    }

    /// What every page has around it.
    pub fn frame(&self) -> Frame<'_> {
        Frame { organisation: &self.request.caller().tenant_name, areas: &self.areas, token: &self.token }
    }
}

/// The page of an error. It says what the operator can do, and the number under which the log has the error.
pub fn error_page(failure: &Failure<'_>) -> Response {
    let back = !matches!(failure.status, 401 | 410);
    let number = Some(failure.request_id).filter(|_| failure.status >= 500);
    Response::page(failure.status, &pages::problem(Problem::of_status(failure.status), number, back))
}
