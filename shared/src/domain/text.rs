//! Text that people write: not blank, without control characters, and no longer
//! than its limit.

use std::fmt;

/// The reason why a value is not valid, in words for the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(pub String);

impl Invalid {
    /// An explanation that completes the sentence "this field …".
    pub fn new(explanation: impl Into<String>) -> Self {
        Self(explanation.into())
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Refuses control characters other than tab and newline. A carriage return
/// counts as part of a newline when a line feed follows it, and as a control
/// character anywhere else.
pub fn refuse_control_characters(value: &str) -> Result<(), Invalid> {
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        let newline = character == '\r' && characters.peek() == Some(&'\n');
        if character.is_control() && character != '\t' && character != '\n' && !newline {
            return Err(Invalid::new(format!("must not contain the control character U+{:04X}", u32::from(character))));
        }
    }
    Ok(())
}

/// Text of 1 to `most` characters (Unicode scalar values) that is not blank.
pub fn plain_text(value: &str, most: usize) -> Result<String, Invalid> {
    if value.trim().is_empty() {
        return Err(Invalid::new("must not be blank"));
    }
    refuse_control_characters(value)?;
    let length = value.chars().count();
    if length > most {
        return Err(Invalid::new(format!("must be at most {most} characters, but has {length}")));
    }
    Ok(value.to_owned())
}

/// A token of 1 to `most` characters out of `A-Za-z0-9._:-`.
pub fn token(value: &str, most: usize) -> Result<String, Invalid> {
    let value = plain_text(value, most)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
    if !value.bytes().all(allowed) {
        return Err(Invalid::new("may hold only A-Z, a-z, 0-9, '.', '_', ':' and '-'"));
    }
    Ok(value)
}

/// Declares a newtype over `String` that only its `parse` can create.
macro_rules! text_type {
    ($(#[$documentation:meta])* $name:ident = $check:expr) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Checks the rule that the type's documentation states.
            pub fn parse(value: &str) -> Result<Self, $crate::domain::Invalid> {
                let check: fn(&str) -> Result<String, $crate::domain::Invalid> = $check;
                check(value).map(Self)
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}
pub(crate) use text_type;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blank_text_is_invalid() {
        for blank in ["", " ", "\t\n", "\u{2003}"] {
            assert_eq!(plain_text(blank, 10), Err(Invalid::new("must not be blank")));
        }
    }

    #[test]
    fn newlines_and_tabs_are_the_only_valid_control_characters() {
        for fine in ["a\tb", "a\nb", "a\r\nb"] {
            assert_eq!(plain_text(fine, 10).as_deref(), Ok(fine));
        }
        for bad in ["a\0", "a\rb", "a\r", "a\u{7f}", "a\u{85}"] {
            assert!(plain_text(bad, 10).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(plain_text("ééé", 3).is_ok());
        assert!(plain_text("éééé", 3).is_err());
    }

    proptest! {
        #[test]
        fn valid_text_is_unchanged_and_within_its_limit(value in any::<String>()) {
            if let Ok(text) = plain_text(&value, 20) {
                prop_assert_eq!(&text, &value);
                prop_assert!(text.chars().count() <= 20 && !text.trim().is_empty());
            }
            if let Ok(token) = token(&value, 20) {
                prop_assert!(token.is_ascii() && !token.contains('#'));
            }
        }
    }
}
