//! Data keys: personal data is encrypted ("sealed") under a key of its own
//! subject. When the key is deleted, nobody can read the sealed data, however many
//! copies of the data exist.

use crate::domain::RequestContext;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The length of a key, in bytes.
const KEY_LEN: usize = 32;

/// A random 256-bit key for AES-256-GCM. It has no `Debug`, so that no log can show it.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey([u8; KEY_LEN]);

/// The result of looking up a subject's data key.
pub enum FoundKey {
    /// The key exists.
    Kept(DataKey),
    /// The key was deleted.
    Deleted,
    /// The stored value is not a key. It was not deleted, so its data does not count as erased.
    Unreadable,
}

impl DataKey {
    /// A new random key.
    pub fn fresh(context: &RequestContext) -> Self {
        Self(context.random())
    }

    /// The key for one use that is derived from a secret of the deployment, which may have any length.
    pub fn derived(secret: &str, usage: &str) -> Option<Self> {
        let mut code = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
        code.update(usage.as_bytes());
        Self::from_bytes(&code.finalize().into_bytes())
    }

    /// The key with these 32 bytes; `None` for another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    /// Seals a text. Returns the base64url of the nonce and the ciphertext; `None`
    /// if the text is too long for the cipher. `purpose` is the additional data
    /// (AAD), which must be the same to open the text.
    pub fn seal(&self, text: &[u8], purpose: &[u8], context: &RequestContext) -> Option<String> {
        let nonce: [u8; NONCE_LEN] = context.random();
        let mut sealed = text.to_vec();
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.0).ok()?);
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose), &mut sealed).ok()?;
        Some(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens a text that was sealed under this key with this purpose; `None` for any other text.
    pub fn open(&self, sealed: &str, purpose: &[u8]) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.0).ok()?);
        let mut text = sealed.to_vec();
        let opened = key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(purpose), &mut text).ok()?;
        Some(opened.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RequestContext;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_sealed_text_opens_only_with_its_key_and_purpose(
            text in prop::collection::vec(any::<u8>(), 0..64),
            purpose in "[a-c]{0,4}",
            other in "[a-c]{0,4}",
            flipped in any::<prop::sample::Index>(),
        ) {
            let request = RequestContext::system();
            let key = DataKey::fresh(&request);
            let sealed = key.seal(&text, purpose.as_bytes(), &request).unwrap();
            prop_assert_eq!(key.open(&sealed, purpose.as_bytes()), Some(text));
            prop_assert_eq!(key.open(&sealed, other.as_bytes()).is_some(), other == purpose);
            prop_assert_eq!(DataKey::fresh(&request).open(&sealed, purpose.as_bytes()), None);

            let mut bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
            let bit = flipped.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(key.open(&URL_SAFE_NO_PAD.encode(bytes), purpose.as_bytes()), None);
        }
    }

    #[test]
    fn sealing_a_text_twice_gives_different_results() {
        let request = RequestContext::system();
        let key = DataKey::fresh(&request);
        assert_ne!(key.seal(b"a", b"", &request), key.seal(b"a", b"", &request));
    }
}
