//! Who calls. The authorizer runs this for the whole API; a function that no
//! authorizer stands before runs the same.

use crate::{
    api::{Error, Event, SiteTokens},
    domain::{
        Tenant, Timestamp,
        api_key::{ApiKeyHash, ApiKeyText, Caller},
        identifiers::parse_uuid,
        project::Domain,
        scope::{Access, Area, Scope, Scopes},
        site_session::{Geography, SiteSession},
    },
    store::{self, ApiKeys, Database},
};
use serde::Serialize;

/// The header that carries a site session's token.
const SESSION_HEADER: &str = "X-Session";

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
        Self { keys: ApiKeys::new(database), site_tokens: SiteTokens::from_environment().ok() }
    }

    /// The bearer of the key that the request carries in the header its route
    /// asks for, or of the site session; `None` where there is no good one.
    /// Where a session is sent it speaks alone, whatever keys stand beside it.
    pub async fn authorize(
        &self,
        event: &Event,
        route: &str,
        now: Timestamp,
    ) -> Result<Option<Authorization>, store::Error> {
        if let Some(token) = session_text(event, route) {
            return self.session(token, now).await;
        }
        let Some(text) = key_text(event, route) else { return Ok(None) };
        let key_hash = text.hash();
        let caller = self.keys.calling(&key_hash, now).await?;
        Ok(caller.map(|caller| Authorization { caller, site_session: None, key_hash }))
    }

    /// A session is good for as long as its token says and its key is.
    async fn session(&self, token: &str, now: Timestamp) -> Result<Option<Authorization>, store::Error> {
        let tokens = self.site_tokens.as_ref();
        let tokens = tokens.ok_or_else(|| store::Error::Fault("no site session secret".to_owned()))?;
        let Some(token) = tokens.open(token) else { return Ok(None) };
        let key = self.keys.calling(&token.key, now).await?;
        let Some(key) = key.filter(|key| key.tenant_id == token.tenant_id) else { return Ok(None) };
        let of_events = |access| Scope { area: Area::Events, access };
        let caller = Caller {
            scopes: Scopes::Only(vec![of_events(Access::Read), of_events(Access::Write)]),
            expires_at: Some(key.expires_at.map_or(token.expires_at, |expiry| expiry.min(token.expires_at))),
            ..key
        };
        let authorization = Authorization { caller, site_session: Some(token.session), key_hash: token.key };
        Ok(Some(authorization).filter(|authorization| authorization.caller.is_good_at(now)))
    }
}

/// The caller as the authorizer named it. Where the environment names the keys
/// table, no authorizer stands before the function, and whoever calls may have
/// written the context: there the request itself tells.
pub(crate) async fn caller(
    event: &Event,
    route: &str,
    authenticator: Option<&Authenticator>,
    now: Timestamp,
) -> Result<(Caller, Option<SiteSession>), Error> {
    let caller = match authenticator {
        None => caller_in_context(event),
        Some(authenticator) => {
            let authorization = authenticator.authorize(event, route, now).await?;
            authorization.map(|authorization| (authorization.caller, authorization.site_session))
        }
    };
    // The gateway may answer from its cache for what has expired since.
    caller.filter(|(caller, _)| caller.is_good_at(now)).ok_or(Error::Unauthenticated)
}

fn caller_in_context(event: &Event) -> Option<(Caller, Option<SiteSession>)> {
    let caller = Caller {
        tenant_id: Tenant(parse_uuid(event.authorizer_context("tenantId")?).ok()?),
        tenant_name: event.authorizer_context("tenantName")?.to_owned(),
        key_id: parse_uuid(event.authorizer_context("keyId")?).ok()?,
        scopes: Scopes::parse(event.authorizer_context("scopes")?.split(' ')).ok()?,
        expires_at: match event.authorizer_context("expiresAt") {
            Some(expiry) => Some(Timestamp::parse(expiry).ok()?),
            None => None,
        },
    };
    match event.authorizer_context("sessionId") {
        Some(session_id) => Some((caller, Some(session_in_context(event, session_id)?))),
        None => Some((caller, None)),
    }
}

fn session_in_context(event: &Event, session_id: &str) -> Option<SiteSession> {
    Some(SiteSession {
        session_id: parse_uuid(session_id).ok()?,
        project_id: parse_uuid(event.authorizer_context("projectId")?).ok()?,
        concord_id: parse_uuid(event.authorizer_context("concordId")?).ok()?,
        domain: match event.authorizer_context("domain") {
            Some(domain) => Some(Domain::parse(domain).ok()?),
            None => None,
        },
        geography: match event.authorizer_context("geography") {
            Some(geography) => Some(Geography::parse(geography).ok()?),
            None => None,
        },
    })
}

/// A site session's token; only sites have them.
fn session_text<'a>(event: &'a Event, route: &str) -> Option<&'a str> {
    if route.starts_with("/site-v1/") { event.header(SESSION_HEADER) } else { None }
}

/// `/open-api/…` takes `X-API-Key`, `/site-v1/…` either header, all else
/// `Authorization: Bearer`. The route decides, not the path: behind a custom
/// domain a path may begin with more.
pub(crate) fn key_text(event: &Event, route: &str) -> Option<ApiKeyText> {
    let bearer = || {
        let (scheme, key) = event.header("Authorization")?.split_once(' ')?;
        if scheme.eq_ignore_ascii_case("Bearer") { ApiKeyText::parse(key) } else { None }
    };
    let api_key = || event.header("X-API-Key").and_then(ApiKeyText::parse);
    if route.starts_with("/open-api/") {
        api_key()
    } else if route.starts_with("/site-v1/") {
        bearer().or_else(api_key)
    } else {
        bearer()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const KEY: &str = "ak_test_0123456789012345678901234567890123456789012";

    fn takes(route: &str, headers: &serde_json::Value) -> bool {
        let event: Event = serde_json::from_value(json!({ "headers": headers })).unwrap();
        key_text(&event, route).is_some()
    }

    #[test]
    fn each_route_has_its_header() {
        let bearer = || json!({ "authorization": format!("bearer {KEY}") });
        let api_key = || json!({ "x-api-key": KEY });
        for (route, takes_bearer, takes_api_key) in [
            ("/v1/grants", true, false),
            ("/api/v1/compliance/dpdp/session", true, false),
            ("/open-api/v1/consent-catalog", false, true),
            ("/site-v1/{projectId}/consent-events", true, true),
        ] {
            assert_eq!(takes(route, &bearer()), takes_bearer, "{route}");
            assert_eq!(takes(route, &api_key()), takes_api_key, "{route}");
        }
    }

    #[test]
    fn only_sites_take_sessions() {
        let event: Event = serde_json::from_value(json!({ "headers": { "x-session": "token" } })).unwrap();
        assert_eq!(session_text(&event, "/site-v1/{projectId}/consent-events"), Some("token"));
        for route in ["/v1/grants", "/api/v1/compliance/dpdp/session", "/open-api/v1/consent-catalog"] {
            assert_eq!(session_text(&event, route), None, "{route}");
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
            let event = json!({ "requestContext": { "authorizer": authorization.context() } });
            let read = caller_in_context(&serde_json::from_value(event).unwrap());
            assert_eq!(read, Some((authorization.caller, authorization.site_session)));
        }
    }

    #[test]
    fn only_the_bearer_scheme_carries_a_key() {
        for header in [KEY.to_owned(), format!("Basic {KEY}"), format!("Bearer{KEY}"), "Bearer k".to_owned()] {
            assert!(!takes("/v1/grants", &json!({ "Authorization": header })), "{header}");
        }
    }

    #[test]
    fn a_site_takes_the_key_from_whichever_header_has_one() {
        let headers = json!({ "Authorization": "Bearer something-else", "X-API-Key": KEY });
        assert!(takes("/site-v1/{projectId}/consent-events", &headers));
    }
}
