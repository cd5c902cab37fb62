//! The secret with which the webhooks to a recipient are signed. Both sides know it
//! (Standard Webhooks, symmetric signatures).

use crate::domain::{Invalid, RequestContext};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::ops::RangeInclusive;

const PREFIX: &str = "whsec_";
/// The length of a fresh secret, in bytes.
const FRESH_LEN: usize = 32;
/// The lengths that the specification allows, in bytes.
const LENGTHS: RangeInclusive<usize> = 24..=64;

/// A secret. It has no `Debug`, so that no log can show it.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(Vec<u8>);

impl WebhookSecret {
    /// A new random secret.
    pub fn fresh(context: &RequestContext) -> Self {
        Self(context.random::<FRESH_LEN>().to_vec())
    }

    /// The secret of this text, in the form that [`Self::reveal`] shows.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let bytes = text.strip_prefix(PREFIX).and_then(|encoded| STANDARD.decode(encoded).ok());
        let bytes = bytes.filter(|bytes| LENGTHS.contains(&bytes.len()));
        bytes.map(Self).ok_or_else(|| Invalid::new("must be whsec_ and the base64 of 24 to 64 bytes"))
    }

    /// Its bytes, which are the key of the signature.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its text, which the recipient is given once: `whsec_` and the base64 of its bytes.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_one_text() {
        let secret = WebhookSecret::fresh(&RequestContext::system());
        assert!(WebhookSecret::parse(&secret.reveal()) == Ok(secret.clone()));
        assert_eq!(secret.bytes().len(), FRESH_LEN);
        for bad in ["", "whsec_", "whsec_AAAA", "whsec_!", secret.reveal().strip_prefix(PREFIX).unwrap()] {
            assert!(WebhookSecret::parse(bad).is_err(), "{bad}");
        }
    }
}
