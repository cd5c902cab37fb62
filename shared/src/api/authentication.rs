//! Authentication. The authorizer runs it for the whole API; a function without
//! an authorizer runs it itself.

use crate::{
    api::{Error, HttpRequest, SiteTokens, http_request::text_of, operations},
    domain::{
        Tenant, Timestamp,
        api_key::{ApiKeyHash, ApiKeyText, Caller},
        identifiers::{RecipientId, parse_uuid},
        page_session::{PageSession, PageToken, Pages},
        progress::Progress,
        project::Domain,
        scope::{Area, Scopes},
        site_session::{Geography, SiteSession},
    },
    store::{self, ApiKeys, Database, ErasureRequests, PageSessions, Pseudonyms},
};
use lambda_http::http::HeaderMap;
use serde::Serialize;

/// Why a caller is not authenticated. Each has its own message, and none reveals
/// whether a key exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticationError {
    /// One of the headers that hold a credential has several values.
    Repeated,
    /// The route needs `Authorization`, and no header holds a key.
    NoAuthorization,
    /// The key is in `X-API-Key`, and the route needs `Authorization`.
    NotInApiKey,
    /// The route needs `X-API-Key`, and no header holds a key.
    NoApiKey,
    /// The key is in `Authorization`, and the route needs `X-API-Key`.
    NotInAuthorization,
    /// The route is a site's, and there is neither a session nor a key.
    NoSession,
    /// `Authorization` is one word.
    NoScheme,
    /// `Authorization` has another scheme than `Bearer`.
    OtherScheme,
    /// The key is malformed, unknown, disabled or expired.
    InvalidKey,
    /// `X-Session` does not hold a token of this deployment.
    InvalidSession,
    /// The session has ended, or its key is no longer valid.
    EndedSession,
    /// There is no page session, or it has ended.
    NoPageSession,
}

impl AuthenticationError {
    /// The message that the caller reads.
    pub fn message(self) -> &'static str {
        match self {
            Self::Repeated => "Authorization, X-API-Key and X-Session may be sent once each, with one value",
            Self::NoAuthorization => "Authorization is missing: send Authorization: Bearer <API key>",
            Self::NotInApiKey => "This path takes the API key as Authorization: Bearer <API key>, not as X-API-Key",
            Self::NoApiKey => "X-API-Key is missing: send X-API-Key: <API key>",
            Self::NotInAuthorization => "This path takes the API key as X-API-Key: <API key>, not as Authorization",
            Self::NoSession => {
                "Nothing says who calls: send X-Session: <session token>, or an API key as X-API-Key: <API key> or \
                 Authorization: Bearer <API key>"
            }
            Self::NoScheme => "Authorization must be the word Bearer, a space and the API key",
            Self::OtherScheme => "Authorization must have the scheme Bearer, not Basic or any other",
            Self::InvalidKey => "The API key is malformed, unknown, disabled or expired",
            Self::InvalidSession => "X-Session is not a session token: send one as it was issued",
            Self::EndedSession => "The session of X-Session has ended: a new one must be issued",
            Self::NoPageSession => "The visit has ended: a new link must be opened",
        }
    }

    /// Whether API Gateway may cache the error, as it caches a policy: for minutes,
    /// under the value of the header that holds the credential. It must not cache
    /// the error of an invalid key, because the key may become valid, nor that of
    /// a header with several values, because one of them may be valid by itself.
    pub fn may_be_cached(self) -> bool {
        !matches!(self, Self::Repeated | Self::InvalidKey)
    }
}

/// The result of authentication by a valid key or session.
#[derive(Debug)]
pub struct Authorization {
    /// The bearer of the key. For a site session, it has the scopes and the expiry
    /// of the session.
    pub caller: Caller,
    /// The site session, if the caller is an end user.
    pub site_session: Option<SiteSession>,
    /// The page session, if the caller is a person on a page of their own, or an operator in the console.
    pub page_session: Option<PageSession>,
    /// The hash of the key, or of the key that issued the session. It is the value
    /// of the key in API Gateway's usage plan.
    pub key_hash: ApiKeyHash,
}

/// The context that the authorizer passes to the functions. API Gateway requires
/// that all values are text.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizerContext {
    tenant_id: String,
    tenant_name: String,
    key_id: String,
    scopes: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_id: Option<RecipientId>,
    #[serde(flatten)]
    site_session: Option<SiteSession>,
    /// As JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    page_session: Option<String>,
}

impl Authorization {
    /// The context to pass to the functions.
    pub fn context(&self) -> AuthorizerContext {
        AuthorizerContext {
            tenant_id: self.caller.tenant_id.to_string(),
            tenant_name: self.caller.tenant_name.clone(),
            key_id: self.caller.key_id.to_string(),
            scopes: self.caller.scopes.to_string(),
            expires_at: self.caller.expires_at.map(|expiry| expiry.to_string()),
            recipient_id: self.caller.recipient_id,
            site_session: self.site_session.clone(),
            page_session: self.page_session.as_ref().and_then(|session| serde_json::to_string(session).ok()),
        }
    }
}

/// Authenticates a request by its headers.
pub struct Authenticator {
    keys: ApiKeys,
    /// `None` if the environment has no secret for them.
    site_tokens: Option<SiteTokens>,
    page_sessions: PageSessions,
    erasure_requests: ErasureRequests,
    /// `None` if the environment has no secret for them.
    pseudonyms: Option<Pseudonyms>,
}

impl Authenticator {
    /// An authenticator with the keys table and the secret that the environment names.
    pub fn from_environment(database: &Database) -> Self {
        Self {
            keys: ApiKeys::new(database),
            site_tokens: SiteTokens::from_environment(database.environment()).ok(),
            page_sessions: PageSessions::new(database),
            erasure_requests: ErasureRequests::new(database),
            pseudonyms: Pseudonyms::from_environment(database).ok(),
        }
    }

    /// Authenticates the bearer of the key or of the site session in the header
    /// that the route needs. A site's route ignores the keys if there is a session.
    pub async fn authorize(
        &self,
        headers: &HeaderMap,
        route: &str,
        now: Timestamp,
    ) -> Result<Result<Authorization, AuthenticationError>, store::Error> {
        match credential(headers, route) {
            Ok(Credential::Session(token)) => self.session(token, now).await,
            Ok(Credential::Page(pages, token)) => self.page_session(pages, &token, route, now).await,
            Ok(Credential::Key(text)) => {
                let key_hash = text.hash();
                // For other routes API Gateway caches the response. A cached key would only add to its age.
                let caller = if is_of_site(route) {
                    self.keys.calling_site(&key_hash, now).await?
                } else {
                    self.keys.calling(&key_hash, now).await?
                };
                let caller = caller.ok_or(AuthenticationError::InvalidKey);
                Ok(caller.map(|caller| Authorization { caller, site_session: None, page_session: None, key_hash }))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// Authenticates a site session. It ends with its token or with its key,
    /// whichever is first, and may do nothing that its key may not.
    async fn session(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Result<Authorization, AuthenticationError>, store::Error> {
        let tokens = self.site_tokens.as_ref();
        let tokens = tokens.ok_or_else(|| store::Error::Internal("SITE_SESSION_SECRET is not set".to_owned()))?;
        let Some(token) = tokens.open(token) else { return Ok(Err(AuthenticationError::InvalidSession)) };
        let key = self.keys.calling_site(&token.key, now).await?;
        let caller = key.filter(|key| key.tenant_id == token.tenant_id).map(|key| Caller {
            scopes: key.scopes.of_area(Area::Events),
            expires_at: Some(key.expires_at.map_or(token.expires_at, |expiry| expiry.min(token.expires_at))),
            ..key
        });
        let caller = caller.filter(|caller| caller.is_good_at(now)).ok_or(AuthenticationError::EndedSession);
        Ok(caller.map(|caller| Authorization {
            caller,
            site_session: Some(token.session),
            page_session: None,
            key_hash: token.key,
        }))
    }

    /// Authenticates a page session. It ends by itself, with its key, or when the person is erased, whichever is first.
    /// If one call cannot erase everything, the session can still do this: the person has to continue it.
    async fn page_session(
        &self,
        pages: Pages,
        token: &PageToken,
        route: &str,
        now: Timestamp,
    ) -> Result<Result<Authorization, AuthenticationError>, store::Error> {
        let ended = Ok(Err(AuthenticationError::NoPageSession));
        // The futures of database calls are large.
        let session = Box::pin(self.page_sessions.session(token, now)).await?;
        let Some(session) = session.filter(|session| session.pages() == pages) else { return ended };
        let key = self.keys.calling_site(&session.key, now).await?;
        let Some(caller) = key.filter(|key| key.tenant_id == session.tenant_id) else { return ended };
        if let Some(person) = session.person() {
            let pseudonyms = self.pseudonyms.as_ref();
            let pseudonyms =
                pseudonyms.ok_or_else(|| store::Error::Internal("PSEUDONYM_SECRET is not set".to_owned()))?;
            let (tenant, since) = (session.tenant_id, session.created_at);
            let requests = &self.erasure_requests;
            let request = requests.requested_since(tenant, &person.principal_id, pseudonyms, since);
            if let Some(request) = Box::pin(request).await? {
                let continues = route == operations::ERASE_ON_PORTAL.route
                    && Box::pin(requests.get(tenant, request)).await?.status == Progress::InProgress;
                if !continues {
                    return ended;
                }
            }
        }
        let key_hash = session.key.clone();
        Ok(Ok(Authorization { caller, site_session: None, page_session: Some(session), key_hash }))
    }
}

/// Who calls.
pub(crate) struct Authenticated {
    /// The bearer of the key, or of the key that issued the session.
    pub(crate) caller: Caller,
    /// The site session, if the caller is an end user.
    pub(crate) site_session: Option<SiteSession>,
    /// The page session and its token, if the caller is a person on a page of their own, or an operator.
    pub(crate) visitor: Option<Visitor>,
}

/// A person on a page of their own, or an operator in the console.
#[derive(Clone)]
pub struct Visitor {
    /// The session.
    pub session: PageSession,
    /// Its token.
    pub token: PageToken,
}

/// The caller, from the context that the authorizer wrote. A function without an
/// authorizer has an `authenticator` instead: it must not trust the context,
/// which the caller may have written, so it authenticates the request itself.
pub(crate) async fn caller(
    request: &HttpRequest,
    route: &str,
    authenticator: Option<&Authenticator>,
    now: Timestamp,
) -> Result<Authenticated, Error> {
    // The gateway may have looked up only one of several values in its cache.
    if let Err(error @ AuthenticationError::Repeated) = credential(request.headers(), route) {
        return Err(Error::Unauthenticated(error));
    }
    let (caller, site_session, page_session) = match authenticator {
        None => {
            let nobody =
                if is_of_page(route) { AuthenticationError::NoPageSession } else { AuthenticationError::InvalidKey };
            caller_in_context(request).ok_or(Error::Unauthenticated(nobody))?
        }
        Some(authenticator) => {
            let authorization =
                authenticator.authorize(request.headers(), route, now).await?.map_err(Error::Unauthenticated)?;
            (authorization.caller, authorization.site_session, authorization.page_session)
        }
    };
    // The gateway may have cached a key or session that has expired since.
    if !caller.is_good_at(now) {
        return Err(Error::Unauthenticated(AuthenticationError::InvalidKey));
    }
    let Some(pages) = pages_of(route) else { return Ok(Authenticated { caller, site_session, visitor: None }) };
    let visitor = page_session.filter(|session| session.pages() == pages).zip(page_token(request.headers(), pages));
    let visitor = visitor.map(|(session, token)| Visitor { session, token });
    if visitor.is_none() {
        return Err(Error::Unauthenticated(AuthenticationError::NoPageSession));
    }
    Ok(Authenticated { caller, site_session, visitor })
}

/// The caller in the authorizer's context, with the session if the caller has one.
type InContext = (Caller, Option<SiteSession>, Option<PageSession>);

fn caller_in_context(request: &HttpRequest) -> Option<InContext> {
    let caller = Caller {
        tenant_id: Tenant(parse_uuid(request.authorizer_context("tenantId")?).ok()?),
        tenant_name: request.authorizer_context("tenantName")?.to_owned(),
        key_id: parse_uuid(request.authorizer_context("keyId")?).ok()?,
        scopes: Scopes::read(request.authorizer_context("scopes")?).ok()?,
        expires_at: match request.authorizer_context("expiresAt") {
            Some(expiry) => Some(Timestamp::parse(expiry).ok()?),
            None => None,
        },
        recipient_id: match request.authorizer_context("recipientId") {
            Some(recipient_id) => Some(RecipientId::parse(recipient_id).ok()?),
            None => None,
        },
    };
    match request.authorizer_context("sessionId") {
        Some(session_id) => Some((caller, Some(session_in_context(request, session_id)?), None)),
        None => match request.authorizer_context("pageSession") {
            Some(session) => Some((caller, None, Some(serde_json::from_str(session).ok()?))),
            None => Some((caller, None, None)),
        },
    }
}

fn session_in_context(request: &HttpRequest, session_id: &str) -> Option<SiteSession> {
    Some(SiteSession {
        session_id: parse_uuid(session_id).ok()?,
        project_id: parse_uuid(request.authorizer_context("projectId")?).ok()?,
        concord_id: parse_uuid(request.authorizer_context("concordId")?).ok()?,
        domain: match request.authorizer_context("domain") {
            Some(domain) => Some(Domain::parse(domain).ok()?),
            None => None,
        },
        geography: match request.authorizer_context("geography") {
            Some(geography) => Some(Geography::parse(geography).ok()?),
            None => None,
        },
    })
}

/// The credential of a request.
pub(crate) enum Credential<'a> {
    /// The token of a site session.
    Session(&'a str),
    /// The token of a page session, for these pages.
    Page(Pages, PageToken),
    /// A well-formed API key.
    Key(ApiKeyText),
}

/// Reads the credential from the header that the route needs: `Cookie` for `/p/…` and `/console/…`, `X-API-Key` for
/// `/open-api/…`, `X-Session` or a key in either header for `/site-v1/…`, and
/// `Authorization: Bearer` for all other routes. The route decides and not the
/// path, because a path may have a prefix behind a custom domain. Each header may
/// have only one value, even if the route does not need it: of several values, the
/// gateway and the function might read different ones.
pub(crate) fn credential<'a>(headers: &'a HeaderMap, route: &str) -> Result<Credential<'a>, AuthenticationError> {
    if let Some(pages) = pages_of(route) {
        // A browser sends the cookies of all pages of a host, and no other header of these.
        let token = page_token(headers, pages).ok_or(AuthenticationError::NoPageSession)?;
        return Ok(Credential::Page(pages, token));
    }
    let value = |name| match values(headers, name).as_slice() {
        [] => Ok(None),
        [value] => Ok(Some(*value)),
        _ => Err(AuthenticationError::Repeated),
    };
    let (authorization, api_key, session) = (value("Authorization")?, value("X-API-Key")?, value("X-Session")?);
    if route.starts_with("/open-api/") {
        match (api_key, authorization) {
            (Some(api_key), _) => key(api_key),
            (None, Some(_)) => Err(AuthenticationError::NotInAuthorization),
            (None, None) => Err(AuthenticationError::NoApiKey),
        }
    } else if is_of_site(route) {
        match (session, authorization, api_key) {
            (Some(token), ..) => Ok(Credential::Session(token)),
            (None, Some(authorization), Some(api_key)) => bearer(authorization).or_else(|_| key(api_key)),
            (None, Some(authorization), None) => bearer(authorization),
            (None, None, Some(api_key)) => key(api_key),
            (None, None, None) => Err(AuthenticationError::NoSession),
        }
    } else {
        match (authorization, api_key) {
            (Some(authorization), _) => bearer(authorization),
            (None, Some(_)) => Err(AuthenticationError::NotInApiKey),
            (None, None) => Err(AuthenticationError::NoAuthorization),
        }
    }
}

/// The cookie that holds the token of a page session. The prefix binds it to this host (RFC 6265bis, section 4.1.3.2), so
/// that no neighbouring host can set it.
pub(super) fn page_cookie(pages: Pages) -> &'static str {
    match pages {
        Pages::OfPersons => "__Host-assent",
        Pages::Console => "__Host-assent-console",
    }
}

/// The token of the page session in the cookies of a request. Of several, none counts.
fn page_token(headers: &HeaderMap, pages: Pages) -> Option<PageToken> {
    let lines = headers.get_all("Cookie").into_iter().filter_map(text_of);
    let cookies = lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let mut tokens = cookies.filter(|(name, _)| *name == page_cookie(pages));
    let (_, token) = tokens.next().filter(|_| tokens.next().is_none())?;
    PageToken::parse(token)
}

/// The pages that the route belongs to, if it is one of pages.
fn pages_of(route: &str) -> Option<Pages> {
    if route.starts_with("/p/") {
        Some(Pages::OfPersons)
    } else if route.starts_with("/console/") {
        Some(Pages::Console)
    } else {
        None
    }
}

/// Whether the route is a page.
pub fn is_of_page(route: &str) -> bool {
    pages_of(route).is_some()
}

/// Whether pages of a site call the route.
fn is_of_site(route: &str) -> bool {
    route.starts_with("/site-v1/")
}

/// All values of a header. A line with a comma has several: the event of a
/// function URL joins the lines of a header with commas.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    let lines = headers.get_all(name).into_iter();
    // A line that is not UTF-8 counts as an empty value, which is invalid.
    lines.flat_map(|line| text_of(line).unwrap_or_default().split(',')).collect()
}

fn bearer(authorization: &str) -> Result<Credential<'_>, AuthenticationError> {
    match authorization.split_once(' ') {
        Some((scheme, text)) if scheme.eq_ignore_ascii_case("Bearer") => key(text),
        Some(_) => Err(AuthenticationError::OtherScheme),
        None => Err(AuthenticationError::NoScheme),
    }
}

fn key(text: &str) -> Result<Credential<'_>, AuthenticationError> {
    ApiKeyText::parse(text).map(Credential::Key).ok_or(AuthenticationError::InvalidKey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Event, take_headers};
    use crate::domain::{
        identifiers::PrincipalId,
        page_session::{LinkDelivery, PageHolder, PersonOfPage},
    };
    use serde_json::json;

    const KEY: &str = "ak_test_0123456789012345678901234567890123456789012";

    /// The error of the credential in these headers, if there is one.
    fn error_of(route: &str, headers: &serde_json::Value) -> Option<AuthenticationError> {
        credential(&take_headers(&mut json!({ "headers": headers })), route).err()
    }

    const SITE: &str = "/site-v1/{projectId}/consent-events";

    #[test]
    fn each_route_needs_its_header() {
        use AuthenticationError as E;
        let bearer = json!({ "authorization": format!("bearer {KEY}") });
        let api_key = json!({ "x-api-key": KEY });
        let session = json!({ "x-session": "token" });
        let no_bearer = Some(E::NoAuthorization);
        for (route, of_bearer, of_api_key, of_session, of_nothing) in [
            ("/v1/grants", None, Some(E::NotInApiKey), no_bearer, no_bearer),
            ("/api/v1/compliance/dpdp/session", None, Some(E::NotInApiKey), no_bearer, no_bearer),
            ("/open-api/v1/consent-catalog", Some(E::NotInAuthorization), None, Some(E::NoApiKey), Some(E::NoApiKey)),
            (SITE, None, None, None, Some(E::NoSession)),
        ] {
            assert_eq!(error_of(route, &bearer), of_bearer, "{route}");
            assert_eq!(error_of(route, &api_key), of_api_key, "{route}");
            assert_eq!(error_of(route, &session), of_session, "{route}");
            assert_eq!(error_of(route, &json!({})), of_nothing, "{route}");
        }
    }

    #[test]
    fn a_session_has_precedence_over_a_key() {
        let headers = json!({ "x-session": "token", "x-api-key": KEY, "authorization": format!("Bearer {KEY}") });
        let headers = take_headers(&mut json!({ "headers": headers }));
        assert!(matches!(credential(&headers, SITE), Ok(Credential::Session("token"))));
        for route in ["/v1/grants", "/open-api/v1/consent-catalog"] {
            assert!(matches!(credential(&headers, route), Ok(Credential::Key(_))), "{route}");
        }
    }

    #[test]
    fn a_header_with_several_values_is_an_error_on_every_route() {
        let bearer = format!("Bearer {KEY}");
        for (name, first, second) in [
            ("Authorization", bearer.as_str(), bearer.as_str()),
            ("Authorization", "junk", &bearer),
            ("X-API-Key", KEY, "junk"),
            ("X-Session", "a", "b"),
        ] {
            for route in ["/v1/grants", "/open-api/v1/consent-catalog", SITE] {
                let good = json!({ "authorization": [bearer], "x-api-key": [KEY] });
                let mut lines = good.clone();
                lines[name.to_lowercase()] = json!([first, second]);
                let mut joined = json!({ "authorization": bearer, "x-api-key": KEY });
                joined[name.to_lowercase()] = json!(format!("{first},{second}"));
                for (mut event, expected) in [
                    (json!({ "multiValueHeaders": good }), None),
                    (json!({ "multiValueHeaders": lines }), Some(AuthenticationError::Repeated)),
                    (json!({ "version": "2.0", "headers": joined }), Some(AuthenticationError::Repeated)),
                ] {
                    let headers = take_headers(&mut event);
                    assert_eq!(credential(&headers, route).err(), expected, "{name} {route}");
                }
            }
        }
    }

    /// API Gateway puts the messages into JSON without escaping them.
    #[test]
    fn each_error_has_its_own_message() {
        use AuthenticationError as E;
        let messages = [
            E::Repeated,
            E::NoAuthorization,
            E::NotInApiKey,
            E::NoApiKey,
            E::NotInAuthorization,
            E::NoSession,
            E::NoScheme,
            E::OtherScheme,
            E::InvalidKey,
            E::InvalidSession,
            E::EndedSession,
            E::NoPageSession,
        ]
        .map(E::message);
        let different: std::collections::BTreeSet<&str> = messages.into_iter().collect();
        assert_eq!(different.len(), messages.len());
        for message in messages {
            assert_eq!(json!(message).to_string(), format!("\"{message}\""));
        }
    }

    #[test]
    fn a_caller_is_read_from_the_context_unchanged() {
        let session = |domain: &str| SiteSession {
            session_id: uuid::Uuid::from_u128(1),
            project_id: uuid::Uuid::from_u128(2),
            concord_id: uuid::Uuid::from_u128(3),
            domain: Domain::parse(domain).ok(),
            geography: None,
        };
        let recipient_id = RecipientId::parse("rcp_01ARZ3NDEKTSV4RRFFQ69G5FAV").ok();
        let key_hash = ApiKeyText::parse(KEY).unwrap().hash();
        let page = |holder| PageSession {
            tenant_id: Tenant(uuid::Uuid::nil()),
            organisation: "Läden".to_owned(),
            key: key_hash.clone(),
            holder,
            created_at: Timestamp::from_milliseconds(1).unwrap(),
            expires_at: Timestamp::from_milliseconds(2).unwrap(),
        };
        let person = PageHolder::Person(PersonOfPage {
            principal_id: PrincipalId::parse("\"user\" 1").unwrap(),
            locale: Some("hi".to_owned()),
            question: None,
            return_url: None,
            delivery: LinkDelivery::Message,
        });
        for (site_session, recipient_id, page_session) in [
            (None, None, None),
            (None, recipient_id, None),
            (Some(session("läden.example")), None, None),
            (Some(session("")), None, None),
            (None, None, Some(page(person))),
            (None, None, Some(page(PageHolder::Operator))),
        ] {
            let authorization = Authorization {
                caller: Caller {
                    tenant_id: Tenant(uuid::Uuid::nil()),
                    tenant_name: "Acme".to_owned(),
                    key_id: uuid::Uuid::nil(),
                    scopes: Scopes::All,
                    expires_at: Timestamp::from_milliseconds(1),
                    recipient_id,
                },
                site_session,
                page_session,
                key_hash: key_hash.clone(),
            };
            let context = json!({ "httpMethod": "GET", "authorizer": authorization.context() });
            let event = Event::read(json!({ "httpMethod": "GET", "requestContext": context })).unwrap();
            let read = caller_in_context(&HttpRequest::from(event));
            let Authorization { caller, site_session, page_session, .. } = authorization;
            assert_eq!(read, Some((caller, site_session, page_session)));
        }
    }

    #[test]
    fn a_page_takes_the_one_cookie_of_its_name() {
        let error =
            |cookie: &str| error_of("/p/home", &json!({ "Cookie": cookie, "Authorization": format!("Bearer {KEY}") }));
        let none = Some(AuthenticationError::NoPageSession);
        let token = PageToken::fresh(&crate::domain::RequestContext::system()).reveal();
        assert_eq!(error(&format!("__Host-assent={token}")), None);
        assert_eq!(error(&format!("a=b; __Host-assent={token}; c")), None);
        for cookie in [
            String::new(),
            format!("assent={token}"),
            format!("__Host-assent={token}x"),
            format!("__Host-assent={token}; __Host-assent={token}"),
        ] {
            assert_eq!(error(&cookie), none, "{cookie}");
        }
        let cookie = |name: &str| json!({ "Cookie": format!("{name}={token}") });
        let no_key = Some(AuthenticationError::NoAuthorization);
        assert_eq!(error_of("/v1/grants", &cookie("__Host-assent")), no_key);
        // The console has a cookie of its own.
        assert_eq!(error_of("/console/today", &cookie("__Host-assent-console")), None);
        assert_eq!(error_of("/console/today", &cookie("__Host-assent")), none);
        assert_eq!(error_of("/p/home", &cookie("__Host-assent-console")), none);
    }

    #[test]
    fn only_the_bearer_scheme_holds_a_key() {
        use AuthenticationError as E;
        for (header, error) in [
            (KEY.to_owned(), E::NoScheme),
            (format!("Bearer{KEY}"), E::NoScheme),
            (format!("Basic {KEY}"), E::OtherScheme),
            (format!("Bearer  {KEY}"), E::InvalidKey),
            ("Bearer k".to_owned(), E::InvalidKey),
        ] {
            assert_eq!(error_of("/v1/grants", &json!({ "Authorization": header })), Some(error), "{header}");
        }
    }

    #[test]
    fn a_site_reads_the_key_from_either_header() {
        for authorization in ["Bearer something-else", "Basic a", "b"] {
            let headers = json!({ "Authorization": authorization, "X-API-Key": KEY });
            assert_eq!(error_of(SITE, &headers), None);
        }
    }
}
