//! The policies of authorizers: how they are read, how long they are cached, and what they allow.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use super::header::header_text;
use crate::template::Authorizer;

/// The response of an authorizer: a policy, and the context that functions see.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grant {
    /// `principalId` and the authorizer's context, every value as text.
    pub(super) context: Map<String, Value>,
    /// The key whose usage plan counts the request.
    pub(super) usage_key: Option<String>,
    statements: Vec<Statement>,
}

/// Why there is no grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denial {
    /// The authorizer failed with `Unauthorized`.
    Unauthorized,
    /// The authorizer failed in another way.
    Failure,
    /// The authorizer's response is not a valid policy.
    Configuration,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Statement {
    effect: Effect,
    action: OneOrMany,
    resource: OneOrMany,
    #[serde(default, rename = "Sid")]
    _id: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Effect {
    Allow,
    Deny,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    principal_id: String,
    policy_document: Document,
    #[serde(default)]
    context: Option<Map<String, Value>>,
    #[serde(default)]
    usage_identifier_key: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    statement: Statements,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Statements {
    One(Statement),
    Many(Vec<Statement>),
}

impl Grant {
    /// Parses an authorizer's response. A statement with conditions is an error, because conditions are not implemented
    /// here.
    pub(super) fn parse(policy: Value) -> Result<Self, Denial> {
        let response: Response = serde_json::from_value(policy).map_err(|_| Denial::Configuration)?;
        let context = response.context.unwrap_or_default();
        // API Gateway accepts text, numbers and booleans in the context, but neither objects nor lists.
        if context.values().any(|value| value.is_object() || value.is_array()) {
            return Err(Denial::Configuration);
        }
        let mut grant = Self::new(&response.principal_id, Some(&context));
        grant.usage_key = response.usage_identifier_key;
        grant.statements = match response.policy_document.statement {
            Statements::One(statement) => vec![statement],
            Statements::Many(statements) => statements,
        };
        Ok(grant)
    }

    /// A grant without statements, which allows nothing.
    pub(super) fn new(principal: &str, context: Option<&Map<String, Value>>) -> Self {
        let text = |value: &Value| match value {
            Value::String(_) | Value::Null => value.clone(),
            other => Value::from(other.to_string()),
        };
        let mut fields: Map<_, _> =
            context.into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect();
        fields.insert("principalId".to_owned(), principal.into());
        Self { context: fields, usage_key: None, statements: Vec::new() }
    }

    /// Whether the policy allows the method: at least one statement allows it, and none denies it.
    pub(super) fn allows(&self, method_arn: &str) -> bool {
        let mut effects = self
            .statements
            .iter()
            .filter(|statement| {
                statement.action.matches("execute-api:Invoke") && statement.resource.matches(method_arn)
            })
            .map(|statement| statement.effect)
            .peekable();
        effects.peek().is_some() && effects.all(|effect| effect == Effect::Allow)
    }
}

impl OneOrMany {
    fn matches(&self, text: &str) -> bool {
        match self {
            Self::One(pattern) => matches(pattern, text),
            Self::Many(patterns) => patterns.iter().any(|pattern| matches(pattern, text)),
        }
    }
}

/// Whether a policy's pattern matches: `*` is any text, and `?` is any one character.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<_>, Vec<_>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at_pattern, mut at_text) = (0, 0);
    // The positions from which to retry, with one character more for the last `*`.
    let mut retry: Option<(usize, usize)> = None;
    while at_text < text.len() {
        match pattern.get(at_pattern) {
            Some('*') => {
                retry = Some((at_pattern, at_text));
                at_pattern += 1;
            }
            Some(expected) if *expected == '?' || text.get(at_text) == Some(expected) => {
                at_pattern += 1;
                at_text += 1;
            }
            _ => {
                let Some((star, taken)) = retry else { return false };
                retry = Some((star, taken + 1));
                (at_pattern, at_text) = (star + 1, taken + 1);
            }
        }
    }
    pattern.iter().skip(at_pattern).all(|rest| *rest == '*')
}

/// The cache key of an authorizer's policies: the values of its identity sources.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    authorizer: String,
    values: Vec<String>,
}

impl Identity {
    /// The identity of a request. `None` if a source is absent or empty: the request is then a 401 without the
    /// authorizer. It is also `None` for a repeated header, because a cached policy for one of its values must not count
    /// for the other.
    pub(super) fn of(name: &str, authorizer: &Authorizer, headers: &HeaderMap, query: Option<&str>) -> Option<Self> {
        let header = |name: &String| {
            let mut values = headers.get_all(name).iter();
            let only = values.next().filter(|_| values.next().is_none());
            only.map(header_text).filter(|value| !value.is_empty())
        };
        let parameter = |name: &String| {
            let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
            pairs.find(|(found, value)| found == name && !value.is_empty()).map(|(_, value)| value.into_owned())
        };
        let values = authorizer.identity_headers.iter().map(header);
        let values = values.chain(authorizer.identity_query.iter().map(parameter)).collect::<Option<_>>()?;
        Some(Self { authorizer: name.to_owned(), values })
    }
}

/// An authorizer's outcome.
pub(super) type Decision = Result<Arc<Grant>, Denial>;

/// A cache of the policies of authorizers, each for the authorizer's time. Failures are not cached.
pub(super) struct Decisions {
    clock: Box<dyn Fn() -> Instant + Send + Sync>,
    cached: Mutex<HashMap<Identity, Cached>>,
}

#[derive(Debug, Clone)]
struct Cached {
    decision: Arc<OnceCell<Decision>>,
    /// `None` while the authorizer is running.
    until: Option<Instant>,
}

/// The number of identities above which the expired ones are removed.
const SWEEP_ABOVE: usize = 1024;

impl Decisions {
    pub(super) fn new(clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self { clock: Box::new(clock), cached: Mutex::default() }
    }

    /// The cached decision, or the result of `authorize`. Requests that come in the meantime share that result.
    pub(super) async fn decide<F>(&self, identity: Identity, ttl: Duration, authorize: F) -> Decision
    where
        F: Future<Output = Decision>,
    {
        if ttl.is_zero() {
            return authorize.await;
        }
        let cell = self.cell(&identity);
        // If this request is dropped meanwhile, the next one runs the authorizer.
        let decision = cell.get_or_init(|| authorize).await.clone();
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = cached.get_mut(&identity).filter(|entry| Arc::ptr_eq(&entry.decision, &cell)) {
            if decision.is_err() {
                cached.remove(&identity);
            } else if entry.until.is_none() {
                entry.until = Some((self.clock)() + ttl);
            }
        }
        decision
    }

    fn cell(&self, identity: &Identity) -> Arc<OnceCell<Decision>> {
        let now = (self.clock)();
        let fresh = |entry: &Cached| entry.until.is_none_or(|until| now < until);
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.len() > SWEEP_ABOVE {
            // An entry without an expiry that nobody else holds belongs to a request that was dropped.
            cached.retain(|_, entry| fresh(entry) && (entry.until.is_some() || Arc::strong_count(&entry.decision) > 1));
        }
        if let Some(entry) = cached.get(identity).filter(|entry| fresh(entry)) {
            return Arc::clone(&entry.decision);
        }
        let cell = Arc::new(OnceCell::new());
        cached.insert(identity.clone(), Cached { decision: Arc::clone(&cell), until: None });
        cell
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

    use http::HeaderValue;
    use serde_json::json;

    use super::*;

    const ARN: &str = "arn:aws:execute-api:us-east-1:000000000000:local/live/GET/v1/grants/g";

    fn grant(statements: &Value) -> Result<Grant, Denial> {
        let response =
            json!({"principalId": "k", "policyDocument": {"Version": "2012-10-17", "Statement": statements}});
        Grant::parse(response)
    }

    fn statement(effect: &str, resource: &str) -> Value {
        json!({"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource})
    }

    #[test]
    fn a_policy_needs_a_statement_that_allows_and_none_that_denies() {
        let allows = |statements: Value| grant(&statements).is_ok_and(|grant| grant.allows(ARN));
        let stage = "arn:aws:execute-api:us-east-1:000000000000:local/live/*";
        assert!(allows(json!([statement("Allow", stage)])));
        assert!(allows(statement("Allow", "*")));
        assert!(allows(json!([{"Effect": "Allow", "Action": ["execute-api:*"], "Resource": ["x", stage]}])));
        assert!(!allows(json!([])));
        assert!(!allows(json!([statement("Deny", stage)])));
        assert!(!allows(json!([statement("Allow", stage), statement("Deny", "*/grants/?")])));
        assert!(!allows(json!([statement("Allow", "arn:aws:execute-api:us-east-1:000000000000:local/other/*")])));
        assert!(!allows(json!([{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}])));
    }

    #[test]
    fn patterns_match_as_in_policies() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abbcd", false),
            ("?", "", false),
            ("a?c", "abc", true),
            ("*b*b*", "abcb", true),
            ("*b*b", "abc", false),
            ("a", "A", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn an_invalid_policy_is_a_configuration_error() {
        for payload in [
            Value::Null,
            json!({}),
            json!({"principalId": "k"}),
            json!({"errorType": "E", "errorMessage": "m"}),
            json!({"principalId": "k", "policyDocument": {"Statement": [statement("Maybe", "r")]}}),
            json!({"principalId": "k", "policyDocument": {"Statement": []}, "context": {"a": []}}),
        ] {
            assert_eq!(Grant::parse(payload.clone()), Err(Denial::Configuration), "{payload}");
        }
        let mut conditional = statement("Allow", "*");
        conditional["Condition"] = json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}});
        assert_eq!(grant(&conditional), Err(Denial::Configuration));
    }

    fn bearer(sources: &[&str]) -> Authorizer {
        Authorizer {
            binary: "authorizer".to_owned(),
            identity_headers: sources.iter().map(|name| (*name).to_owned()).collect(),
            identity_query: Vec::new(),
            reauthorize_every: Duration::from_mins(1),
        }
    }

    #[test]
    fn an_identity_needs_every_source() {
        let mut headers = HeaderMap::new();
        let identity = |headers: &HeaderMap| Identity::of("Bearer", &bearer(&["Authorization"]), headers, None);
        assert_eq!(identity(&headers), None);
        headers.insert("authorization", HeaderValue::from_static(""));
        assert_eq!(identity(&headers), None);
        headers.insert("authorization", HeaderValue::from_static("Bearer x"));
        assert_eq!(identity(&headers).map(|identity| identity.values), Some(vec!["Bearer x".to_owned()]));
        headers.append("authorization", HeaderValue::from_static("Bearer y"));
        assert_eq!(identity(&headers), None);
        assert!(Identity::of("Site", &bearer(&[]), &HeaderMap::new(), None).is_some());
        let mut query = bearer(&[]);
        query.identity_query = vec!["token".to_owned()];
        assert_eq!(Identity::of("Query", &query, &headers, Some("token=")), None);
        let found = Identity::of("Query", &query, &headers, Some("token=%41"));
        assert_eq!(found.map(|identity| identity.values), Some(vec!["A".to_owned()]));
    }

    fn identity(value: &str) -> Identity {
        Identity { authorizer: "Bearer".to_owned(), values: vec![value.to_owned()] }
    }

    async fn authorize(invoked: &AtomicUsize, decision: Decision) -> Decision {
        invoked.fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        decision
    }

    #[expect(clippy::unnecessary_wraps, reason = "the caller needs a Decision")]
    fn allowed() -> Decision {
        Ok(Arc::new(Grant::new("k", None)))
    }

    /// Decisions whose clock stands still until it is advanced.
    fn decisions() -> (Decisions, impl Fn(u64)) {
        let start = Instant::now();
        let seconds = Arc::new(AtomicU64::new(0));
        let shown = Arc::clone(&seconds);
        let decisions = Decisions::new(move || start + Duration::from_secs(shown.load(Ordering::Relaxed)));
        (decisions, move |passed| {
            seconds.fetch_add(passed, Ordering::Relaxed);
        })
    }

    #[tokio::test]
    async fn a_decision_is_cached_for_its_time() {
        let ((decisions, advance), invoked) = (decisions(), AtomicUsize::new(0));
        let ttl = Duration::from_mins(1);
        for (after, expected) in [(0, 1), (59, 1), (1, 2), (59, 2), (1, 3)] {
            advance(after);
            assert_eq!(decisions.decide(identity("a"), ttl, authorize(&invoked, allowed())).await, allowed());
            assert_eq!(invoked.load(Ordering::Relaxed), expected);
        }
        let _ = decisions.decide(identity("b"), ttl, authorize(&invoked, allowed())).await;
        assert_eq!(invoked.load(Ordering::Relaxed), 4);
    }

    #[tokio::test]
    async fn simultaneous_requests_share_one_invocation() {
        let (decisions, invoked) = (decisions().0, AtomicUsize::new(0));
        let ttl = Duration::from_mins(1);
        let decide = || decisions.decide(identity("a"), ttl, authorize(&invoked, Err(Denial::Unauthorized)));
        let (first, second, third) = tokio::join!(decide(), decide(), decide());
        assert_eq!([first, second, third], [const { Err(Denial::Unauthorized) }; 3]);
        assert_eq!(invoked.load(Ordering::Relaxed), 1);
        // A failure is not cached.
        let _ = decide().await;
        assert_eq!(invoked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn nothing_is_cached_if_the_time_is_zero() {
        let (decisions, invoked) = (decisions().0, AtomicUsize::new(0));
        let decide = || decisions.decide(identity("a"), Duration::ZERO, authorize(&invoked, allowed()));
        let _ = tokio::join!(decide(), decide());
        assert_eq!(invoked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_dropped_request_does_not_block_the_next() {
        let (decisions, invoked) = (decisions().0, AtomicUsize::new(0));
        let ttl = Duration::from_mins(1);
        tokio::select! {
            biased;
            _ = decisions.decide(identity("a"), ttl, std::future::pending()) => panic!("it never ends"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(decisions.decide(identity("a"), ttl, authorize(&invoked, allowed())).await, allowed());
        assert_eq!(invoked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn expired_identities_are_removed() {
        let (decisions, advance) = decisions();
        for number in 0..=SWEEP_ABOVE {
            let _ = decisions.decide(identity(&number.to_string()), Duration::from_secs(1), async { allowed() }).await;
        }
        advance(2);
        let _ = decisions.decide(identity("last"), Duration::from_secs(1), async { allowed() }).await;
        assert_eq!(decisions.cached.lock().map(|cached| cached.len()).ok(), Some(1));
    }
}
