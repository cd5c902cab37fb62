//! API keys: their text, and the part of it that is stored.

use crate::domain::{RequestContext, Tenant, Timestamp, identifiers::RecipientId, scope::Scopes};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

const PREFIXES: [&str; 2] = ["ak_live_", "ak_test_"];
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The number of digits that 32 bytes need in base 62.
const DIGITS: usize = 43;
/// The length of the shown prefix, by which an owner recognises a key: `ak_live_` and four digits.
const SHOWN: usize = 12;

/// The text of a key: `ak_live_` or `ak_test_` and 32 random bytes in base 62.
/// It is a secret, so it has no `Debug` and no `Serialize`.
pub struct ApiKeyText(String);

impl ApiKeyText {
    /// A fresh key for production.
    pub fn fresh(context: &RequestContext) -> Self {
        let mut bytes: [u8; 32] = context.random();
        let mut digits = [0; DIGITS];
        for digit in digits.iter_mut().rev() {
            // Long division of the whole number by 62.
            let mut remainder = 0_u16;
            for byte in &mut bytes {
                let value = (remainder << 8) | u16::from(*byte);
                *byte = u8::try_from(value / 62).unwrap_or_default();
                remainder = value % 62;
            }
            *digit = BASE62.get(usize::from(remainder)).copied().unwrap_or_default();
        }
        Self(format!("ak_live_{}", String::from_utf8_lossy(&digits)))
    }

    /// The key that a caller sent, if it has the form of a key.
    pub fn parse(value: &str) -> Option<Self> {
        let digits = PREFIXES.iter().find_map(|prefix| value.strip_prefix(prefix))?;
        let well_formed = digits.len() == DIGITS && digits.bytes().all(|byte| BASE62.contains(&byte));
        well_formed.then(|| Self(value.to_owned()))
    }

    /// The secret itself. It is shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its first characters. They reveal nothing useful: 39 random digits stay secret.
    pub fn prefix(&self) -> &str {
        self.0.get(..SHOWN).unwrap_or_default()
    }

    /// The hash under which the key is stored.
    pub fn hash(&self) -> ApiKeyHash {
        ApiKeyHash(hex::encode(Sha256::digest(self.0.as_bytes())))
    }
}

/// The lowercase hexadecimal SHA-256 of a key's text. It is stored instead of
/// the text, and it is the value of the key's usage-plan key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiKeyHash(String);

impl ApiKeyHash {
    /// Parses 64 lowercase hexadecimal digits.
    pub fn parse(value: &str) -> Option<Self> {
        let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (value.len() == 64 && value.bytes().all(hexadecimal)).then(|| Self(value.to_owned()))
    }
}

impl fmt::Display for ApiKeyHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The bearer of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// The organisation the key belongs to.
    pub tenant_id: Tenant,
    /// The name of the organisation, which is the data fiduciary.
    pub tenant_name: String,
    /// The key's public id, as audit trails show it.
    pub key_id: Uuid,
    /// The scopes of the key.
    pub scopes: Scopes,
    /// When the key expires, if it does.
    pub expires_at: Option<Timestamp>,
    /// The recipient whose key it is, if it is not the organisation's own: it sees only what it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_id: Option<RecipientId>,
}

impl Caller {
    /// The recipient whose key it is, if it is not the organisation's own.
    pub fn recipient(&self) -> Option<RecipientId> {
        self.recipient_id
    }

    /// Whether the key has not expired at this moment.
    pub fn is_good_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|expiry| expiry > now)
    }
}

/// Whether a key is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApiKeyStatus {
    /// The key is accepted until it expires.
    Active,
    /// The key was switched off.
    Disabled,
}

/// A key as it is stored, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// The caller that its bearer is.
    #[serde(flatten)]
    pub caller: Caller,
    /// Whether it is accepted.
    pub status: ApiKeyStatus,
    /// When it was issued.
    pub created_at: Timestamp,
    /// The owner's name for it; may be empty.
    #[serde(default)]
    pub label: String,
    /// The first characters of its text; empty for a key that was issued before prefixes were stored.
    #[serde(default)]
    pub prefix: String,
    /// The last day, in UTC, on which a request with it was authenticated here and not by a gateway's cache.
    #[serde(default)]
    pub last_used_on: Option<String>,
}

impl ApiKey {
    /// The caller, if the key is good at this moment.
    pub fn open(self, now: Timestamp) -> Option<Caller> {
        (self.status == ApiKeyStatus::Active && self.caller.is_good_at(now)).then_some(self.caller)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clock, Random};
    use proptest::prelude::*;

    fn key_of(bytes: [u8; 32]) -> String {
        let clock = Clock::new(|| Timestamp::from_milliseconds(0).unwrap());
        let random = Random::new(move |buffer| buffer.copy_from_slice(&bytes));
        ApiKeyText::fresh(&RequestContext::new(&clock, &random)).0
    }

    #[test]
    fn the_digits_hold_the_whole_number() {
        assert_eq!(key_of([0; 32]), format!("ak_live_{}", "0".repeat(43)));
        let mut one = [0; 32];
        one[31] = 62;
        assert_eq!(key_of(one), format!("ak_live_{}10", "0".repeat(41)));
    }

    #[test]
    fn a_prefix_shows_four_digits() {
        let key = ApiKeyText::parse("ak_test_ab3d567890123456789012345678901234567890123").unwrap();
        assert_eq!(key.prefix(), "ak_test_ab3d");
    }

    #[test]
    fn a_stored_key_without_a_label_is_read() {
        let stored = serde_json::json!({
            "tenantId": Uuid::nil(), "tenantName": "Acme", "keyId": Uuid::nil(), "scopes": ["*"], "expiresAt": null,
            "status": "active", "createdAt": "2026-01-01T00:00:00.000Z",
        });
        let key: ApiKey = serde_json::from_value(stored).unwrap();
        assert_eq!((key.label.as_str(), key.prefix.as_str(), key.last_used_on), ("", "", None));
        assert_eq!(key.caller.recipient(), None);
    }

    proptest! {
        #[test]
        fn keys_of_different_bytes_differ_and_parse(left: [u8; 32], right: [u8; 32]) {
            prop_assert!(ApiKeyText::parse(&key_of(left)).is_some());
            prop_assert_eq!(left == right, key_of(left) == key_of(right));
        }

        #[test]
        fn only_keys_parse(text in any::<String>()) {
            prop_assert!(ApiKeyText::parse(&text).is_none());
        }
    }
}
