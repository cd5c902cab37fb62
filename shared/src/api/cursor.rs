//! Cursors. A cursor holds the position at which a list continues, and is signed:
//! it is accepted only if this deployment issued it, to the same tenant and for
//! the same list with the same filters.

use crate::domain::{Invalid, Tenant, code};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The length of the truncated HMAC in a cursor, in bytes.
const CODE: usize = 16;

/// Signs and verifies cursors.
pub struct Cursors {
    code: Hmac<Sha256>,
}

impl Cursors {
    /// Takes this deployment's secret, which may have any length.
    pub(crate) fn new(secret: &str) -> Result<Self, Invalid> {
        Hmac::new_from_slice(secret.as_bytes())
            .map(|code| Self { code })
            .map_err(|_| Invalid::new("is not a valid secret"))
    }

    /// A cursor for a position in the list that `list` identifies.
    pub(crate) fn sign(&self, tenant: Tenant, list: &str, position: &str) -> String {
        let code = self.code_of(tenant, list, position).finalize().into_bytes();
        let signed: Vec<u8> = code.iter().take(CODE).copied().chain(position.bytes()).collect();
        URL_SAFE_NO_PAD.encode(signed)
    }

    /// The position in a cursor. The error says that it was not issued to this
    /// tenant for this list.
    pub(crate) fn verify(&self, tenant: Tenant, list: &str, cursor: &str) -> Result<String, Invalid> {
        let invalid = || Invalid::new("is not a cursor that this list gave out");
        let signed = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
        let (code, position) = signed.split_at_checked(CODE).ok_or_else(invalid)?;
        let position = std::str::from_utf8(position).map_err(|_| invalid())?;
        let genuine = self.code_of(tenant, list, position).verify_truncated_left(code);
        genuine.map(|()| position.to_owned()).map_err(|_| invalid())
    }

    fn code_of(&self, tenant: Tenant, list: &str, position: &str) -> Hmac<Sha256> {
        code::of_parts(&self.code, &[tenant.to_string().as_bytes(), list.as_bytes(), position.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn cursors() -> Cursors {
        Cursors::new("secret").unwrap()
    }

    proptest! {
        #[test]
        fn a_cursor_is_valid_only_for_its_list_and_tenant(
            position in "[A-Z0-9]{1,30}", list in ".{0,10}", other in ".{0,10}", tenant: u128, stranger: u128,
        ) {
            let (tenant, stranger) = (Tenant(Uuid::from_u128(tenant)), Tenant(Uuid::from_u128(stranger)));
            let cursor = cursors().sign(tenant, &list, &position);
            prop_assert_eq!(cursors().verify(tenant, &list, &cursor), Ok(position));
            prop_assert_eq!(cursors().verify(tenant, &other, &cursor).is_ok(), other == list);
            prop_assert_eq!(cursors().verify(stranger, &list, &cursor).is_ok(), stranger == tenant);
            prop_assert!(Cursors::new("another").unwrap().verify(tenant, &list, &cursor).is_err());
        }

        #[test]
        fn an_altered_cursor_is_invalid(position in "[A-Z0-9]{1,30}", bit in 0usize..64) {
            let tenant = Tenant(Uuid::nil());
            let mut signed = URL_SAFE_NO_PAD.decode(cursors().sign(tenant, "list", &position)).unwrap();
            let at = bit % (signed.len() * 8);
            signed[at / 8] ^= 1 << (at % 8);
            prop_assert!(cursors().verify(tenant, "list", &URL_SAFE_NO_PAD.encode(signed)).is_err());
        }

        #[test]
        fn no_text_causes_a_panic(text in any::<String>()) {
            prop_assert!(cursors().verify(Tenant(Uuid::nil()), "list", &text).is_err());
        }
    }
}
