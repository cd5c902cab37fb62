//! Who calls. The authorizer runs this for the whole API; a function that no
//! authorizer stands before runs the same.

use crate::{
    api::{Error, HttpRequest, SiteTokens, http_request::text_of},
    domain::{
        Tenant, Timestamp,
        api_key::{ApiKeyHash, ApiKeyText, Caller},
        identifiers::parse_uuid,
        project::Domain,
        scope::{Area, Scopes},
        site_session::{Geography, SiteSession},
    },
    store::{self, ApiKeys, Database},
};
use lambda_http::http::HeaderMap;
use serde::Serialize;

/// Why nobody is known to call. Each has a sentence of its own, and none tells
/// whether a key exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticationError {
    /// A header that names the caller has several values.
    Repeated,
    /// There is no `Authorization`, nor another header with a key.
    NoAuthorization,
    /// The key is in `X-API-Key`, where `Authorization` is taken.
    NotInApiKey,
    /// There is no `X-API-Key`, nor another header with a key.
    NoApiKey,
    /// The key is in `Authorization`, where `X-API-Key` is taken.
    NotInAuthorization,
    /// None of the headers that a site takes is there.
    NoSession,
    /// `Authorization` is one word.
    NoScheme,
    /// `Authorization` has another scheme than `Bearer`.
    OtherScheme,
    /// The key opens nothing.
    InvalidKey,
    /// `X-Session` holds no token of this deployment.
    InvalidSession,
    /// The session is over, or its key is.
    EndedSession,
}

impl AuthenticationError {
    /// What is told to the caller.
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
            Self::NoScheme => "Authorization must be the word Bearer, a blank and the API key",
            Self::OtherScheme => "Authorization must have the scheme Bearer, not Basic or any other",
            Self::InvalidKey => "The API key is malformed, unknown, disabled or expired",
            Self::InvalidSession => "X-Session is not a session token: send one as it was issued",
            Self::EndedSession => "The session of X-Session has ended: a new one must be issued",
        }
    }

    /// Whether API Gateway may keep the refusal, as it keeps a policy: for
    /// minutes, under the value of the header that a key is taken from. It may
    /// not where a key is at fault, which may be switched on, or where there
    /// are several values, of which it may know one.
    pub fn may_be_kept(self) -> bool {
        !matches!(self, Self::Repeated | Self::InvalidKey)
    }
}

/// What the authorizer tells API Gateway of a good key or session.
#[derive(Debug)]
pub struct Authorization {
    /// Who bears the key; of a site session, with the scopes and the end that
    /// the session has.
    pub caller: Caller,
    /// The end user's session, where the caller is one.
    pub site_session: Option<SiteSession>,
    /// The hash of the key, or of the one that issued the session: the value
    /// of its usage-plan key.
    pub key_hash: ApiKeyHash,
}

/// What the authorizer's answer carries to the functions, all of it text, as
/// API Gateway asks.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizerContext {
    tenant_id: String,
    tenant_name: String,
    key_id: String,
    scopes: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(flatten)]
    site_session: Option<SiteSession>,
}

impl Authorization {
    /// What goes along to the functions.
    pub fn context(&self) -> AuthorizerContext {
        AuthorizerContext {
            tenant_id: self.caller.tenant_id.to_string(),
            tenant_name: self.caller.tenant_name.clone(),
            key_id: self.caller.key_id.to_string(),
            scopes: self.caller.scopes.to_string(),
            expires_at: self.caller.expires_at.map(|expiry| expiry.to_string()),
            site_session: self.site_session.clone(),
        }
    }
}

/// Tells by a request's headers who calls.
pub struct Authenticator {
    keys: ApiKeys,
    /// None where the environment has no secret for them.
    site_tokens: Option<SiteTokens>,
}

impl Authenticator {
    /// With the keys table and the secret that the environment names.
    pub fn from_environment(database: &Database) -> Self {
        Self { keys: ApiKeys::new(database), site_tokens: SiteTokens::from_environment(database.environment()).ok() }
    }

    /// The bearer of the key that the request carries in the header its route
    /// asks for, or of the site session. Where a session is sent it speaks
    /// alone, whatever keys stand beside it.
    pub async fn authorize(
        &self,
        headers: &HeaderMap,
        route: &str,
        now: Timestamp,
    ) -> Result<Result<Authorization, AuthenticationError>, store::Error> {
        match credential(headers, route) {
            Ok(Credential::Session(token)) => self.session(token, now).await,
            Ok(Credential::Key(text)) => {
                let key_hash = text.hash();
                let caller = self.keys.calling(&key_hash, now).await?.ok_or(AuthenticationError::InvalidKey);
                Ok(caller.map(|caller| Authorization { caller, site_session: None, key_hash }))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// A session is good for as long as its token says and its key is, and for
    /// no more than its key.
    async fn session(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Result<Authorization, AuthenticationError>, store::Error> {
        let tokens = self.site_tokens.as_ref();
        let tokens = tokens.ok_or_else(|| store::Error::Internal("SITE_SESSION_SECRET is not set".to_owned()))?;
        let Some(token) = tokens.open(token) else { return Ok(Err(AuthenticationError::InvalidSession)) };
        let key = self.keys.calling(&token.key, now).await?;
        let caller = key.filter(|key| key.tenant_id == token.tenant_id).map(|key| Caller {
            scopes: key.scopes.of_area(Area::Events),
            expires_at: Some(key.expires_at.map_or(token.expires_at, |expiry| expiry.min(token.expires_at))),
            ..key
        });
        let caller = caller.filter(|caller| caller.is_good_at(now)).ok_or(AuthenticationError::EndedSession);
        Ok(caller.map(|caller| Authorization { caller, site_session: Some(token.session), key_hash: token.key }))
    }
}

/// The caller as the authorizer named it. Where the environment names the keys
/// table, no authorizer stands before the function, and whoever calls may have
/// written the context: there the request itself tells.
pub(crate) async fn caller(
    request: &HttpRequest,
    route: &str,
    authenticator: Option<&Authenticator>,
    now: Timestamp,
) -> Result<(Caller, Option<SiteSession>), Error> {
    // The gateway may have asked its cache about one value of several.
    if let Err(error @ AuthenticationError::Repeated) = credential(request.headers(), route) {
        return Err(Error::Unauthenticated(error));
    }
    let (caller, session) = match authenticator {
        None => caller_in_context(request).ok_or(Error::Unauthenticated(AuthenticationError::InvalidKey))?,
        Some(authenticator) => {
            let authorization =
                authenticator.authorize(request.headers(), route, now).await?.map_err(Error::Unauthenticated)?;
            (authorization.caller, authorization.site_session)
        }
    };
    // The gateway may answer from its cache for what has expired since.
    if !caller.is_good_at(now) {
        return Err(Error::Unauthenticated(AuthenticationError::InvalidKey));
    }
    Ok((caller, session))
}

fn caller_in_context(request: &HttpRequest) -> Option<(Caller, Option<SiteSession>)> {
    let caller = Caller {
        tenant_id: Tenant(parse_uuid(request.authorizer_context("tenantId")?).ok()?),
        tenant_name: request.authorizer_context("tenantName")?.to_owned(),
        key_id: parse_uuid(request.authorizer_context("keyId")?).ok()?,
        scopes: Scopes::read(request.authorizer_context("scopes")?).ok()?,
        expires_at: match request.authorizer_context("expiresAt") {
            Some(expiry) => Some(Timestamp::parse(expiry).ok()?),
            None => None,
        },
    };
    match request.authorizer_context("sessionId") {
        Some(session_id) => Some((caller, Some(session_in_context(request, session_id)?))),
        None => Some((caller, None)),
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

/// What a request says who calls.
pub(crate) enum Credential<'a> {
    /// A site session's token.
    Session(&'a str),
    /// A key, of the right form.
    Key(ApiKeyText),
}

/// `/open-api/…` takes `X-API-Key`, `/site-v1/…` `X-Session` or a key in either
/// header, all else `Authorization: Bearer`. The route decides, not the path:
/// behind a custom domain a path may begin with more. Each header has one value
/// at the most, also where it is not taken: who looks at one of several may look
/// at another than who looked before.
pub(crate) fn credential<'a>(headers: &'a HeaderMap, route: &str) -> Result<Credential<'a>, AuthenticationError> {
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
    } else if route.starts_with("/site-v1/") {
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

/// The values of a header, one by one. A line with a comma has several: a
/// function URL's event joins the lines of a header by commas.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    let lines = headers.get_all(name).into_iter();
    // What is not even text is a value too, and no good one.
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
    use serde_json::json;

    const KEY: &str = "ak_test_0123456789012345678901234567890123456789012";

    /// What the headers are refused for; none where they are taken.
    fn refused(route: &str, headers: &serde_json::Value) -> Option<AuthenticationError> {
        credential(&take_headers(&mut json!({ "headers": headers })), route).err()
    }

    const SITE: &str = "/site-v1/{projectId}/consent-events";

    #[test]
    fn each_route_has_its_header() {
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
            assert_eq!(refused(route, &bearer), of_bearer, "{route}");
            assert_eq!(refused(route, &api_key), of_api_key, "{route}");
            assert_eq!(refused(route, &session), of_session, "{route}");
            assert_eq!(refused(route, &json!({})), of_nothing, "{route}");
        }
    }

    #[test]
    fn a_session_speaks_before_a_key() {
        let headers = json!({ "x-session": "token", "x-api-key": KEY, "authorization": format!("Bearer {KEY}") });
        let headers = take_headers(&mut json!({ "headers": headers }));
        assert!(matches!(credential(&headers, SITE), Ok(Credential::Session("token"))));
        for route in ["/v1/grants", "/open-api/v1/consent-catalog"] {
            assert!(matches!(credential(&headers, route), Ok(Credential::Key(_))), "{route}");
        }
    }

    #[test]
    fn a_header_with_several_values_is_refused_wherever_it_is() {
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

    /// They are put into JSON as they are, by API Gateway.
    #[test]
    fn each_refusal_has_a_sentence_of_its_own() {
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
        ]
        .map(E::message);
        let different: std::collections::BTreeSet<&str> = messages.into_iter().collect();
        assert_eq!(different.len(), messages.len());
        for message in messages {
            assert_eq!(json!(message).to_string(), format!("\"{message}\""));
        }
    }

    #[test]
    fn a_session_goes_through_the_context_unchanged() {
        let session = |domain: &str| SiteSession {
            session_id: uuid::Uuid::from_u128(1),
            project_id: uuid::Uuid::from_u128(2),
            concord_id: uuid::Uuid::from_u128(3),
            domain: Domain::parse(domain).ok(),
            geography: None,
        };
        for site_session in [None, Some(session("läden.example")), Some(session(""))] {
            let authorization = Authorization {
                caller: Caller {
                    tenant_id: Tenant(uuid::Uuid::nil()),
                    tenant_name: "Acme".to_owned(),
                    key_id: uuid::Uuid::nil(),
                    scopes: Scopes::All,
                    expires_at: Timestamp::from_milliseconds(1),
                },
                site_session,
                key_hash: ApiKeyText::parse(KEY).unwrap().hash(),
            };
            let context = json!({ "httpMethod": "GET", "authorizer": authorization.context() });
            let event = Event::read(json!({ "httpMethod": "GET", "requestContext": context })).unwrap();
            let read = caller_in_context(&HttpRequest::from(event));
            assert_eq!(read, Some((authorization.caller, authorization.site_session)));
        }
    }

    #[test]
    fn only_the_bearer_scheme_carries_a_key() {
        use AuthenticationError as E;
        for (header, error) in [
            (KEY.to_owned(), E::NoScheme),
            (format!("Bearer{KEY}"), E::NoScheme),
            (format!("Basic {KEY}"), E::OtherScheme),
            (format!("Bearer  {KEY}"), E::InvalidKey),
            ("Bearer k".to_owned(), E::InvalidKey),
        ] {
            assert_eq!(refused("/v1/grants", &json!({ "Authorization": header })), Some(error), "{header}");
        }
    }

    #[test]
    fn a_site_takes_the_key_from_whichever_header_has_one() {
        for authorization in ["Bearer something-else", "Basic a", "b"] {
            let headers = json!({ "Authorization": authorization, "X-API-Key": KEY });
            assert_eq!(refused(SITE, &headers), None);
        }
    }
}
