//! Headers as text.

use http::HeaderValue;

/// A header's value as text: UTF-8, or else one character for each byte, so that nothing is lost.
pub(super) fn header_text(value: &HeaderValue) -> String {
    let bytes = value.as_bytes();
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_values_need_not_be_ascii() {
        let text = |bytes: &[u8]| HeaderValue::from_bytes(bytes).map(|value| header_text(&value)).ok();
        assert_eq!(text("é".as_bytes()).as_deref(), Some("é"));
        assert_eq!(text(b"\xe9").as_deref(), Some("é"));
    }
}
