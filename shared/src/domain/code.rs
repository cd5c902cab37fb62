//! Message authentication codes (HMAC, RFC 2104) over several parts.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The code of some parts. The length of each stands before it, so that none runs into the next.
pub(crate) fn of_parts(code: &Hmac<Sha256>, parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut code = code.clone();
    for part in parts {
        code.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        code.update(part);
    }
    code
}
