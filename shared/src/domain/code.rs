//! Message authentication codes (HMAC, RFC 2104) over several parts.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Adds these parts to a code. The length of each part comes before it, so that
/// different parts never give the same code.
pub(crate) fn of_parts(code: &Hmac<Sha256>, parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut code = code.clone();
    for part in parts {
        code.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        code.update(part);
    }
    code
}
