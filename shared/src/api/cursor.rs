//! Cursors: the position at which a list continues, signed, so that only a cursor
//! that was given out is accepted, from the same tenant and for the same list with
//! the same filters.

use crate::domain::{Invalid, Tenant, code};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How much of the authentication code a cursor carries: 128 bits.
const CODE: usize = 16;

/// Makes cursors and reads them.
pub struct Cursors {
    code: Hmac<Sha256>,
}

impl Cursors {
    /// With this deployment's secret, of any length.
    pub(crate) fn new(secret: &str) -> Result<Self, Invalid> {
        Hmac::new_from_slice(secret.as_bytes()).map(|code| Self { code }).map_err(|_| Invalid::new("is no secret"))
    }

    /// A cursor for the position in the list that `list` describes.
    pub(crate) fn sign(&self, tenant: Tenant, list: &str, position: &str) -> String {
        let code = self.code_of(tenant, list, position).finalize().into_bytes();
        let signed: Vec<u8> = code.iter().take(CODE).copied().chain(position.bytes()).collect();
        URL_SAFE_NO_PAD.encode(signed)
    }

    /// The position that a cursor of this tenant, for this list, stands for.
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
        fn a_cursor_opens_for_its_own_list_and_tenant_alone(
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
        fn an_altered_cursor_is_refused(position in "[A-Z0-9]{1,30}", bit in 0usize..64) {
            let tenant = Tenant(Uuid::nil());
            let mut signed = URL_SAFE_NO_PAD.decode(cursors().sign(tenant, "list", &position)).unwrap();
            let at = bit % (signed.len() * 8);
            signed[at / 8] ^= 1 << (at % 8);
            prop_assert!(cursors().verify(tenant, "list", &URL_SAFE_NO_PAD.encode(signed)).is_err());
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            prop_assert!(cursors().verify(Tenant(Uuid::nil()), "list", &text).is_err());
        }
    }
}
