//! Sealing: personal data is kept only under a data key of its own subject.
//! Once that key is gone, nothing that was sealed under it can be read, however
//! many copies of it there are.

use crate::domain::RequestContext;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// The bytes of a key.
const KEY_LEN: usize = 32;

/// A random 256-bit key, for AES-256-GCM. It has no `Debug`: no log gets it.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey([u8; KEY_LEN]);

/// What is found where a subject's data key should be.
pub enum FoundKey {
    /// The key.
    Kept(DataKey),
    /// Nothing: it was deleted.
    Deleted,
    /// What is no key: it opens nothing, yet nobody has deleted it.
    Unreadable,
}

impl DataKey {
    /// A fresh one.
    pub fn fresh(context: &RequestContext) -> Self {
        Self(context.random())
    }

    /// The key with these bytes, if they are 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    /// Seals a text: base64url of the nonce and the ciphertext. Only who names
    /// the same purpose opens it again. `None` where it is too long for the cipher.
    pub fn seal(&self, text: &[u8], purpose: &[u8], context: &RequestContext) -> Option<String> {
        let nonce: [u8; NONCE_LEN] = context.random();
        let mut sealed = text.to_vec();
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.0).ok()?);
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose), &mut sealed).ok()?;
        Some(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed under this key for this purpose, and nothing else.
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
        fn what_is_sealed_opens_under_its_key_and_context_alone(
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
    fn the_same_text_is_never_sealed_the_same() {
        let request = RequestContext::system();
        let key = DataKey::fresh(&request);
        assert_ne!(key.seal(b"a", b"", &request), key.seal(b"a", b"", &request));
    }
}
