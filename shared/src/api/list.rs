//! What every list takes: `limit` and `cursor`, beside its own filters.

use crate::{
    api::{
        Error, Request,
        cursor::Cursors,
        fields::{Fields, Validated},
        query,
    },
    domain::{Invalid, Tenant},
    store::{Page, PageRequest},
};
use uuid::Uuid;

/// How many things a page has where the request does not say.
const USUAL: usize = 50;
/// How many it may ask for.
const MOST: usize = 200;

/// A list as it was asked for.
pub struct List<'a, F> {
    /// The filters.
    pub filters: F,
    /// The page of it.
    pub page: PageRequest,
    request: &'a Request,
    cursors: Cursors,
    /// Stands for the list and its filters.
    name: String,
}

impl Request {
    /// Reads the query of a list, or names all that is wrong with it. Its
    /// endpoint is one [with a query](crate::api::Endpoint::with_query).
    pub fn list<F>(&self, read: impl FnOnce(&mut Fields) -> Validated<F>) -> Result<List<'_, F>, Error> {
        let cursors = self.cursors()?;
        let parameters = self.http.query();
        // A list is its path, whose it is, and every parameter but where in it a page lies.
        let mut named: Vec<&(String, String)> =
            parameters.iter().filter(|(name, _)| name != "limit" && name != "cursor").collect();
        named.sort_unstable();
        let end_user = self.site_session().map(|session| session.concord_id);
        let name = name_of(self.http.path_below_base(self.operation.route), end_user, &named);
        let (filters, page) = query::read(parameters, |fields| {
            let filters = read(fields);
            let limit = fields.optional_text("limit", limit);
            let after = fields.optional_text("cursor", |cursor| cursors.verify(self.tenant(), &name, cursor));
            Ok((filters?, PageRequest { limit: limit?.unwrap_or(USUAL), after: after? }))
        })?;
        Ok(List { filters, page, request: self, cursors, name })
    }

    /// What makes cursors, also for another endpoint's list.
    pub fn cursors(&self) -> Result<Cursors, Error> {
        let secret = self.environment().variable("CURSOR_SECRET");
        let secret = secret.ok_or_else(|| Error::Internal("CURSOR_SECRET is not set".to_owned()))?;
        Cursors::new(&secret).map_err(|invalid| Error::Internal(invalid.0))
    }
}

impl Cursors {
    /// The cursor for what follows this page of the list at a path, read with a
    /// key and without filters, if anything does.
    pub fn next<T>(&self, tenant: Tenant, path: &str, page: &Page<T>) -> Option<String> {
        page.next.as_ref().map(|position| self.sign(tenant, &name_of(path, None, &[]), position))
    }
}

impl<F> List<'_, F> {
    /// The cursor for what follows this page, if anything does.
    pub fn next<T>(&self, page: &Page<T>) -> Option<String> {
        page.next.as_ref().map(|position| self.cursors.sign(self.request.tenant(), &self.name, position))
    }
}

impl<F> List<'_, F> {
    /// The same as a `Link` header's value (RFC 8288).
    pub fn next_link<T>(&self, page: &Page<T>) -> Option<String> {
        let (http, route, limit) = (&self.request.http, self.request.operation.route, self.page.limit);
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
        .filter(|limit| (1..=MOST).contains(limit))
        .ok_or_else(|| Invalid::new(format!("must be a whole number from 1 to {MOST}")))
}
