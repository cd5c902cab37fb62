//! Site session tokens: what a browser sends as `X-Session`. A token carries
//! its session and the key that issued it, sealed with this deployment's
//! secret; nothing of it is stored.

use crate::{
    api::Error,
    domain::{Tenant, Timestamp, api_key::ApiKeyHash, code, site_session::SiteSession},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::env;

/// The bytes of an authentication code.
const CODE: usize = 32;

/// Makes tokens and reads them.
#[derive(Clone)]
pub struct SiteTokens {
    code: Hmac<Sha256>,
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteToken {
    /// The organisation.
    pub tenant_id: Tenant,
    /// The key that issued it, by its hash.
    pub key: ApiKeyHash,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// The session.
    #[serde(flatten)]
    pub session: SiteSession,
}

impl SiteTokens {
    /// With the secret that `SITE_SESSION_SECRET` holds.
    pub fn from_environment() -> Result<Self, Error> {
        let secret = env::var("SITE_SESSION_SECRET").ok().filter(|secret| !secret.is_empty());
        secret.and_then(|secret| Self::new(&secret)).ok_or_else(|| Error::Fault("no site session secret".to_owned()))
    }

    fn new(secret: &str) -> Option<Self> {
        Hmac::new_from_slice(secret.as_bytes()).ok().map(|code| Self { code })
    }

    /// The text of a token.
    pub fn seal(&self, token: &SiteToken) -> String {
        // Our own types have string keys and no failing serializers.
        let content = serde_json::to_vec(token).unwrap_or_default();
        let code = self.code_of("session", &[&content]).finalize().into_bytes();
        let sealed: Vec<u8> = code.iter().copied().chain(content).collect();
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// What the text says, if it is a token that was sealed here.
    pub(crate) fn open(&self, text: &str) -> Option<SiteToken> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (code, content) = sealed.split_at_checked(CODE)?;
        self.code_of("session", &[content]).verify_slice(code).ok()?;
        serde_json::from_slice(content).ok()
    }

    /// The code of some parts for a use.
    fn code_of(&self, usage: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        code::of_parts(&self.code, &[&[usage.as_bytes()], parts].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{World, api_key::ApiKeyText, project::Domain};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn tokens() -> SiteTokens {
        SiteTokens::new("secret").unwrap()
    }

    fn token() -> SiteToken {
        SiteToken {
            tenant_id: Tenant(Uuid::from_u128(1)),
            key: ApiKeyText::fresh(&World::real()).hash(),
            expires_at: Timestamp::from_milliseconds(1_770_000_000_123).unwrap(),
            session: SiteSession {
                session_id: Uuid::from_u128(2),
                project_id: Uuid::from_u128(3),
                concord_id: Uuid::from_u128(4),
                domain: Some(Domain::parse("läden.example").unwrap()),
                geography: None,
            },
        }
    }

    #[test]
    fn a_token_says_what_was_sealed() {
        let text = tokens().seal(&token());
        assert_eq!(tokens().open(&text).map(|opened| opened.session), Some(token().session));
        assert_eq!(SiteTokens::new("another").unwrap().open(&text), None);
    }

    #[test]
    fn no_character_of_a_token_can_be_changed() {
        let text = tokens().seal(&token());
        for place in 0..text.len() {
            for other in ["A", "b", "-", "_", "=", "."] {
                let mut altered = text.clone();
                altered.replace_range(place..=place, other);
                assert_eq!(tokens().open(&altered).is_some(), altered == text, "{place} {other}");
            }
            assert_eq!(tokens().open(&text[..place]), None);
        }
    }

    proptest! {
        #[test]
        fn no_text_is_a_token(text in any::<String>()) {
            prop_assert_eq!(tokens().open(&text), None);
        }
    }
}
