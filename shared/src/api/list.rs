//! Lists: `limit` and `cursor`, which every list takes, and the filters of each.

use crate::{
    api::{
        Error, HttpRequest, Operation, Request,
        cursor::Cursors,
        fields::{Fields, Validated},
        query,
    },
    domain::{Invalid, Tenant},
    environment::Environment,
    store::{Page, PageRequest},
};
use uuid::Uuid;

/// The number of items on a page if the request has no `limit`.
const DEFAULT_LIMIT: usize = 50;
/// The highest `limit` that a request may have.
const MAX_LIMIT: usize = 200;

/// A request for a page of a list.
pub struct List<'a, F> {
    /// The filters.
    pub filters: F,
    /// The page that is requested.
    pub page: PageRequest,
    http: &'a HttpRequest,
    route: &'static str,
    tenant: Tenant,
    cursors: Cursors,
    /// Identifies the list with its filters, for its cursors.
    name: String,
}

impl Request {
    /// Reads the query of a list. The error names every invalid parameter. The
    /// operation's input has to be [`Input::Query`](crate::api::Input::Query).
    pub fn list<F>(&self, read: impl FnOnce(&mut Fields) -> Validated<F>) -> Result<List<'_, F>, Error> {
        let end_user = self.site_session().map(|session| session.concord_id);
        List::read(&self.http, self.operation.route, self.tenant(), end_user, self.cursors()?, read)
    }

    /// The signer of cursors, also for the list of another endpoint.
    pub fn cursors(&self) -> Result<Cursors, Error> {
        Cursors::from_environment(self.environment())
    }
}

impl Cursors {
    /// Takes the secret from `CURSOR_SECRET`.
    fn from_environment(environment: &Environment) -> Result<Self, Error> {
        let secret = environment.variable("CURSOR_SECRET");
        let secret = secret.ok_or_else(|| Error::Internal("CURSOR_SECRET is not set".to_owned()))?;
        Self::new(&secret).map_err(|invalid| Error::Internal(invalid.0))
    }

    /// The cursor of the page that follows this one, if there is one, in the list
    /// at `path` that a caller with an API key reads without filters.
    pub fn next<T>(&self, tenant: Tenant, path: &str, page: &Page<T>) -> Option<String> {
        page.next.as_ref().map(|position| self.sign(tenant, &name_of(path, None, &[]), position))
    }
}

impl<'a> List<'a, ()> {
    /// Reads the query of a list without filters that needs no key. Its cursors belong to
    /// no tenant, because its path says whose the list is.
    pub fn of_open(http: &'a HttpRequest, operation: &Operation, environment: &Environment) -> Result<Self, Error> {
        let cursors = Cursors::from_environment(environment)?;
        Self::read(http, operation.route, Tenant(Uuid::nil()), None, cursors, |_| Ok(()))
    }
}

impl<'a, F> List<'a, F> {
    fn read(
        http: &'a HttpRequest,
        route: &'static str,
        tenant: Tenant,
        end_user: Option<Uuid>,
        cursors: Cursors,
        read: impl FnOnce(&mut Fields) -> Validated<F>,
    ) -> Result<Self, Error> {
        let parameters = http.query();
        // A list is identified by its path, its end user and all parameters except those that select a page.
        let mut named: Vec<&(String, String)> =
            parameters.iter().filter(|(name, _)| name != "limit" && name != "cursor").collect();
        named.sort_unstable();
        let name = name_of(http.path_below_base(route), end_user, &named);
        let (filters, page) = query::read(parameters, |fields| {
            let filters = read(fields);
            let limit = fields.optional_text("limit", limit);
            let after = fields.optional_text("cursor", |cursor| cursors.verify(tenant, &name, cursor));
            Ok((filters?, PageRequest { limit: limit?.unwrap_or(DEFAULT_LIMIT), after: after? }))
        })?;
        Ok(Self { filters, page, http, route, tenant, cursors, name })
    }

    /// The cursor of the page that follows this one, if there is one.
    pub fn next<T>(&self, page: &Page<T>) -> Option<String> {
        page.next.as_ref().map(|position| self.cursors.sign(self.tenant, &self.name, position))
    }

    /// The URL of the page that follows this one, as the value of a `Link` header (RFC 8288).
    pub fn next_link<T>(&self, page: &Page<T>) -> Option<String> {
        let (http, route, limit) = (self.http, self.route, self.page.limit);
        let (base, path) = (http.base(route), http.path_below_base(route));
        self.next(page).map(|cursor| format!("<{base}{path}?limit={limit}&cursor={cursor}>; rel=\"next\""))
    }
}

fn name_of(path: &str, end_user: Option<Uuid>, parameters: &[&(String, String)]) -> String {
    serde_json::to_string(&(path, end_user, parameters)).unwrap_or_default()
}

fn limit(value: &str) -> Result<usize, Invalid> {
    Some(value)
        .filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|value| value.parse().ok())
        .filter(|limit| (1..=MAX_LIMIT).contains(limit))
        .ok_or_else(|| Invalid::new(format!("must be a whole number from 1 to {MAX_LIMIT}")))
}
