//! Site session tokens, which browsers send as `X-Session`. A token holds its
//! session and the hash of the key that issued it, encrypted under this
//! deployment's secret. It is stored nowhere, and its bearer cannot read it.

use crate::{
    api::Error,
    domain::{RequestContext, Tenant, Timestamp, api_key::ApiKeyHash, code, seal::DataKey, site_session::SiteSession},
    environment::Environment,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The length of the random salt from which a token's key is derived, in bytes.
const SALT: usize = 16;
/// The length of the salt in base64, with which a token begins, in characters.
const SALT_DIGITS: usize = 22;
/// The associated data of the encryption.
const CONTEXT: &[u8] = b"site session";

/// Creates and reads tokens.
#[derive(Clone)]
pub struct SiteTokens {
    code: Hmac<Sha256>,
}

/// The content of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteToken {
    /// The organisation.
    pub tenant_id: Tenant,
    /// The hash of the key that issued the session.
    pub key: ApiKeyHash,
    /// The moment from which the session is invalid.
    pub expires_at: Timestamp,
    /// The session.
    #[serde(flatten)]
    pub session: SiteSession,
}

impl SiteTokens {
    /// Takes the secret from `SITE_SESSION_SECRET`.
    pub fn from_environment(environment: &Environment) -> Result<Self, Error> {
        let secret = environment.variable("SITE_SESSION_SECRET");
        let tokens = secret.and_then(|secret| Self::new(&secret));
        tokens.ok_or_else(|| Error::Internal("SITE_SESSION_SECRET is not set".to_owned()))
    }

    fn new(secret: &str) -> Option<Self> {
        Hmac::new_from_slice(secret.as_bytes()).ok().map(|code| Self { code })
    }

    /// Encrypts a token. Returns its text.
    pub fn seal(&self, token: &SiteToken, context: &RequestContext) -> Result<String, Error> {
        let unsealed = || Error::Internal("a site session token could not be sealed".to_owned());
        let salt: [u8; SALT] = context.random();
        let content = serde_json::to_vec(token).map_err(|_| unsealed())?;
        let key = self.key_of(&salt).ok_or_else(unsealed)?;
        let sealed = key.seal(&content, CONTEXT, context).ok_or_else(unsealed)?;
        Ok(URL_SAFE_NO_PAD.encode(salt) + &sealed)
    }

    /// Decrypts the text of a token. `None` if it is not a token of this deployment.
    pub(crate) fn open(&self, text: &str) -> Option<SiteToken> {
        let (salt, sealed) = text.split_at_checked(SALT_DIGITS)?;
        let content = self.key_of(&URL_SAFE_NO_PAD.decode(salt).ok()?)?.open(sealed, CONTEXT)?;
        serde_json::from_slice(&content).ok()
    }

    /// The key of the token with this salt. Each token has its own key, because
    /// random nonces are safe for 2^32 texts under one key, and a site may have
    /// more sessions than that.
    fn key_of(&self, salt: &[u8]) -> Option<DataKey> {
        DataKey::from_bytes(&self.code_of("session key", &[salt]).finalize().into_bytes())
    }

    /// The HMAC of some parts, for one use.
    fn code_of(&self, usage: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        code::of_parts(&self.code, &[&[usage.as_bytes()], parts].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{api_key::ApiKeyText, project::Domain};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn tokens() -> SiteTokens {
        SiteTokens::new("secret").unwrap()
    }

    fn token() -> SiteToken {
        SiteToken {
            tenant_id: Tenant(Uuid::from_u128(1)),
            key: ApiKeyText::fresh(&RequestContext::system()).hash(),
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

    fn sealed() -> String {
        tokens().seal(&token(), &RequestContext::system()).unwrap()
    }

    #[test]
    fn a_token_opens_to_what_was_sealed() {
        let text = sealed();
        assert_eq!(tokens().open(&text).map(|opened| opened.session), Some(token().session));
        assert_eq!(SiteTokens::new("another").unwrap().open(&text), None);
    }

    #[test]
    fn no_part_of_a_token_is_readable() {
        let content = serde_json::to_vec(&token()).unwrap();
        let text = sealed();
        // At every offset at which base64 digits may begin.
        for start in 0..4 {
            let end = start + (text.len() - start) / 4 * 4;
            let bytes = URL_SAFE_NO_PAD.decode(&text[start..end]).unwrap();
            assert!(content.windows(8).all(|part| bytes.windows(8).all(|read| read != part)), "{start}");
        }
        assert_ne!(sealed(), sealed());
    }

    #[test]
    fn no_character_of_a_token_can_be_changed() {
        let text = sealed();
        for position in 0..text.len() {
            for other in ["A", "b", "-", "_", "=", "."] {
                let mut altered = text.clone();
                altered.replace_range(position..=position, other);
                assert_eq!(tokens().open(&altered).is_some(), altered == text, "{position} {other}");
            }
            assert_eq!(tokens().open(&text[..position]), None);
        }
    }

    proptest! {
        #[test]
        fn no_text_is_a_token(text in any::<String>()) {
            prop_assert_eq!(tokens().open(&text), None);
        }
    }
}
