//! Who calls. The authorizer runs this for the whole API; a function that no
//! authorizer stands before runs the same.

use crate::{
    api::{Error, Event},
    domain::{
        Tenant, Timestamp,
        api_key::{ApiKeyHash, ApiKeyText, Caller},
        identifiers::parse_uuid,
        scope::Scopes,
    },
    store::{self, ApiKeys},
};
use serde::Serialize;

/// What the authorizer tells API Gateway of a good key.
#[derive(Debug)]
pub struct Authorization {
    /// Who bears the key.
    pub caller: Caller,
    /// The key's hash: the value of its usage-plan key.
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
        }
    }
}

/// The bearer of the key that the request carries in the header its route asks
/// for; `None` where there is no good one.
pub async fn authorize(
    event: &Event,
    route: &str,
    keys: &ApiKeys,
    now: Timestamp,
) -> Result<Option<Authorization>, store::Error> {
    let Some(text) = key_text(event, route) else { return Ok(None) };
    let key_hash = text.hash();
    let caller = keys.caller(&key_hash, now).await?;
    Ok(caller.map(|caller| Authorization { caller, key_hash }))
}

/// The caller as the authorizer named it, or, where there was none and the
/// environment names the keys table, as the key itself does.
pub(crate) async fn caller(
    event: &Event,
    route: &str,
    keys: Option<&ApiKeys>,
    now: Timestamp,
) -> Result<Caller, Error> {
    let caller = match (caller_in_context(event), keys) {
        (Some(caller), _) => Some(caller),
        (None, Some(keys)) => authorize(event, route, keys, now).await?.map(|authorization| authorization.caller),
        (None, None) => None,
    };
    // The gateway may answer from its cache for a key that has expired since.
    caller.filter(|caller| caller.is_good_at(now)).ok_or(Error::Unauthenticated)
}

fn caller_in_context(event: &Event) -> Option<Caller> {
    Some(Caller {
        tenant_id: Tenant(parse_uuid(event.authorizer_context("tenantId")?).ok()?),
        tenant_name: event.authorizer_context("tenantName")?.to_owned(),
        key_id: parse_uuid(event.authorizer_context("keyId")?).ok()?,
        scopes: Scopes::parse(event.authorizer_context("scopes")?.split(' ')).ok()?,
        expires_at: match event.authorizer_context("expiresAt") {
            Some(expiry) => Some(Timestamp::parse(expiry).ok()?),
            None => None,
        },
    })
}

/// `/open-api/…` takes `X-API-Key`, `/site-v1/…` either header, all else
/// `Authorization: Bearer`. The route decides, not the path: behind a custom
/// domain a path may begin with more.
fn key_text(event: &Event, route: &str) -> Option<ApiKeyText> {
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
