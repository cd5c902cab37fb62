//! The choice of a request's route, as in a REST API.

use crate::template::Route;

/// The template's routes, split into segments.
#[derive(Debug)]
pub(super) struct Routes(Vec<Compiled>);

#[derive(Debug)]
struct Compiled {
    segments: Vec<Segment>,
    route: Route,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    // The order is the order of preference: a literal segment wins over a parameter.
    Literal(String),
    Parameter(String),
}

/// A route and the values of its path's parameters, percent-encoded as they were sent.
#[derive(Debug, PartialEq)]
pub(super) struct Match<'routes> {
    pub(super) route: &'routes Route,
    pub(super) parameters: Vec<(String, String)>,
}

impl Routes {
    pub(super) fn new(routes: &[Route]) -> Self {
        let compiled = routes.iter().map(|route| Compiled { segments: segments(&route.path), route: route.clone() });
        Self(compiled.collect())
    }

    /// The route of a request. Only the path selects the resource: if it lacks the method, no other resource is tried.
    pub(super) fn find(&self, method: &str, path: &str) -> Option<Match<'_>> {
        let parts: Vec<_> = path.strip_prefix('/')?.split('/').collect();
        let resource =
            self.0.iter().filter(|compiled| compiled.fits(&parts)).min_by(|a, b| a.segments.cmp(&b.segments))?;
        let served = |name: &str| {
            self.0.iter().find(|compiled| compiled.segments == resource.segments && compiled.route.method == name)
        };
        let compiled = served(method).or_else(|| served("ANY"))?;
        Some(Match { route: &compiled.route, parameters: compiled.parameters(&parts) })
    }
}

impl Compiled {
    fn fits(&self, parts: &[&str]) -> bool {
        self.segments.len() == parts.len()
            && self.segments.iter().zip(parts).all(|(segment, part)| match segment {
                Segment::Literal(literal) => literal == part,
                Segment::Parameter(_) => !part.is_empty(),
            })
    }

    fn parameters(&self, parts: &[&str]) -> Vec<(String, String)> {
        let named = self.segments.iter().zip(parts).filter_map(|(segment, part)| match segment {
            Segment::Literal(_) => None,
            Segment::Parameter(name) => Some((name.clone(), (*part).to_owned())),
        });
        named.collect()
    }
}

fn segments(path: &str) -> Vec<Segment> {
    let parts = path.trim_start_matches('/').split('/');
    parts
        .map(|part| match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => Segment::Parameter(name.to_owned()),
            None => Segment::Literal(part.to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Routes {
        let route = |method: &str, path: &str| Route {
            method: method.to_owned(),
            path: path.to_owned(),
            binary: format!("{method} {path}"),
            authorizer: None,
            key_required: false,
            throttle: None,
        };
        Routes::new(&[
            route("GET", "/health"),
            route("GET", "/v1/grants/{grantId}"),
            route("DELETE", "/v1/grants/{grantId}"),
            route("POST", "/v1/grants/import"),
            route("POST", "/v1/{kind}/{id}/withdraw"),
            route("ANY", "/any"),
            route("GET", "/any"),
        ])
    }

    fn found(method: &str, path: &str) -> Option<String> {
        routes().find(method, path).map(|found| found.route.binary.clone())
    }

    #[test]
    fn literal_segments_win_whatever_the_method() {
        assert_eq!(found("GET", "/v1/grants/g1").as_deref(), Some("GET /v1/grants/{grantId}"));
        assert_eq!(found("POST", "/v1/grants/import").as_deref(), Some("POST /v1/grants/import"));
        assert_eq!(found("GET", "/v1/grants/import"), None);
        assert_eq!(found("GET", "/any").as_deref(), Some("GET /any"));
        assert_eq!(found("PUT", "/any").as_deref(), Some("ANY /any"));
    }

    #[test]
    fn parameters_stay_percent_encoded() {
        let routes = routes();
        let found = routes.find("POST", "/v1/consent%20records/a%2Fb%00/withdraw");
        let parameters = found.map(|found| found.parameters);
        let expected = [("kind", "consent%20records"), ("id", "a%2Fb%00")];
        assert_eq!(parameters, Some(expected.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()));
    }

    #[test]
    fn other_requests_have_no_route() {
        for (method, path) in [
            ("POST", "/health"),
            ("HEAD", "/health"),
            ("OPTIONS", "/v1/grants/g1"),
            ("GET", "/health/"),
            ("GET", "//health"),
            ("GET", "/"),
            ("GET", ""),
            ("OPTIONS", "*"),
            ("GET", "/v1/grants/"),
            ("GET", "/v1/grants/a/b"),
            ("POST", "/v1//x/withdraw"),
        ] {
            assert_eq!(found(method, path), None, "{method} {path}");
        }
    }
}
