//! What every list takes: `limit` and `cursor`, beside its own filters.

use crate::{
    api::{
        Call, Error,
        cursor::Cursors,
        fields::{Fields, Parsed},
        query,
    },
    domain::{Invalid, Tenant},
    store::{Page, Part},
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
    /// The part of it.
    pub page: Page,
    call: &'a Call<'a>,
    cursors: Cursors,
    /// Stands for the list and its filters.
    name: String,
}

impl<'a> Call<'a> {
    /// Reads the query of a list, or names all that is wrong with it. Its
    /// endpoint is one [with a query](crate::api::Endpoint::with_query).
    pub fn list<F>(&'a self, read: impl FnOnce(&mut Fields) -> Parsed<F>) -> Result<List<'a, F>, Error> {
        let cursors = self.cursors()?;
        let parameters = self.event.query();
        // A list is its path, whose it is, and every parameter but where in it a page lies.
        let mut named: Vec<&(String, String)> =
            parameters.iter().filter(|(name, _)| name != "limit" && name != "cursor").collect();
        named.sort_unstable();
        let end_user = self.site_session().map(|session| session.concord_id);
        let name = name_of(self.event.path_below_base(self.route), end_user, &named);
        let (filters, page) = query::read(parameters, |fields| {
            let filters = read(fields);
            let limit = fields.optional_text("limit", limit);
            let after = fields.optional_text("cursor", |cursor| cursors.open(self.tenant(), &name, cursor));
            Ok((filters?, Page { limit: limit?.unwrap_or(USUAL), after: after? }))
        })?;
        Ok(List { filters, page, call: self, cursors, name })
    }

    /// What makes cursors, also for another endpoint's list.
    pub fn cursors(&self) -> Result<Cursors, Error> {
        let secret = std::env::var("CURSOR_SECRET").map_err(|_| Error::Fault("no cursor secret".to_owned()))?;
        Cursors::new(&secret).map_err(|invalid| Error::Fault(invalid.0))
    }
}

impl Cursors {
    /// The cursor for what follows this part of the list at a path, read with a
    /// key and without filters, if anything does.
    pub fn next<T>(&self, tenant: Tenant, path: &str, part: &Part<T>) -> Option<String> {
        part.next.as_ref().map(|place| self.seal(tenant, &name_of(path, None, &[]), place))
    }
}

impl<F> List<'_, F> {
    /// The cursor for what follows this part, if anything does.
    pub fn next<T>(&self, part: &Part<T>) -> Option<String> {
        part.next.as_ref().map(|place| self.cursors.seal(self.call.tenant(), &self.name, place))
    }
}

impl<F> List<'_, F> {
    /// The same as a `Link` header's value (RFC 8288).
    pub fn next_link<T>(&self, part: &Part<T>) -> Option<String> {
        let (event, route, limit) = (self.call.event, self.call.route, self.page.limit);
        let (base, path) = (event.base(route), event.path_below_base(route));
        self.next(part).map(|cursor| format!("<{base}{path}?limit={limit}&cursor={cursor}>; rel=\"next\""))
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
