//! `ETag` and `If-Match` (RFC 9110, sections 8.8.3 and 13.1.1). A response names
//! the state that it shows, and a change may require the state that it starts from.

use crate::{
    api::{
        Error, Request, Response,
        fields::{Fields, MAX_ERRORS, Validated},
    },
    domain::{
        FieldError, Invalid,
        state_tag::{ExpectedState, StateTag},
    },
};

/// The header, and the field name of its errors.
const IF_MATCH: &str = "If-Match";

impl Response {
    /// Sets a strong `ETag`: the state that the response shows.
    #[must_use]
    pub fn etag(self, tag: &StateTag) -> Self {
        self.with("ETag", Self::entity_tag(tag))
    }

    /// The value of an `ETag`, for a body that shows several resources.
    pub fn entity_tag(tag: &StateTag) -> String {
        format!("\"{tag}\"")
    }
}

impl Request {
    /// The states from which the request allows its change to start. Without the
    /// header that is any state. With `*` it is any state too, because a resource
    /// that does not exist is a 404 before.
    pub fn if_match(&self) -> Result<ExpectedState, Error> {
        match self.http.list_header(IF_MATCH) {
            None => Ok(ExpectedState::Any),
            Some(value) => expected(&value).map_err(|reason| invalid(vec![FieldError::new(IF_MATCH, reason.0)])),
        }
    }

    /// Reads `If-Match` and the body. The error names what is invalid in both.
    pub fn conditional_body<T>(
        &self,
        read: impl FnOnce(&mut Fields) -> Validated<T>,
    ) -> Result<(ExpectedState, T), Error> {
        match (self.if_match(), self.body(read)) {
            (Ok(expected), Ok(body)) => Ok((expected, body)),
            (Err(Error::Validation(header)), Err(Error::Validation(body))) => Err(invalid([header, body].concat())),
            (_, Err(error)) | (Err(error), Ok(_)) => Err(error),
        }
    }
}

fn invalid(mut errors: Vec<FieldError>) -> Error {
    errors.sort();
    errors.truncate(MAX_ERRORS);
    Error::Validation(errors)
}

/// Parses `*` or a list of entity tags. A weak tag is valid, but matches nothing.
fn expected(value: &str) -> Result<ExpectedState, Invalid> {
    const BLANKS: [char; 2] = [' ', '\t'];
    let malformed = || Invalid::new("must be * or a list of ETags in quotes, such as \"3\"");
    if value.trim_matches(BLANKS) == "*" {
        return Ok(ExpectedState::Any);
    }
    let (mut tags, mut elements, mut rest) = (Vec::new(), 0, value);
    loop {
        // A list may have empty elements (RFC 9110, section 5.6.1.2).
        rest = rest.trim_start_matches([',', ' ', '\t']);
        if rest.is_empty() {
            break;
        }
        let (weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |quoted| (true, quoted));
        let (tag, after) = quoted.strip_prefix('"').and_then(|tag| tag.split_once('"')).ok_or_else(malformed)?;
        rest = after.trim_start_matches(BLANKS);
        let separated = rest.is_empty() || rest.starts_with(',');
        if !separated || tag.chars().any(|c| c <= ' ' || c == '\u{7f}') {
            return Err(malformed());
        }
        elements += 1;
        if !weak {
            tags.push(StateTag::new(tag));
        }
    }
    if elements == 0 { Err(malformed()) } else { Ok(ExpectedState::OneOf(tags)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tags(value: &str) -> Option<Vec<String>> {
        match expected(value) {
            Ok(ExpectedState::OneOf(tags)) => Some(tags.iter().map(ToString::to_string).collect()),
            _ => None,
        }
    }

    #[test]
    fn lists_are_read() {
        for (value, read) in [
            ("\"3\"", vec!["3"]),
            ("\"\"", vec![""]),
            (" \"a\" ,\t\"b,c\",\"d\"", vec!["a", "b,c", "d"]),
            (", \"a\",, ,\"b\" ,", vec!["a", "b"]),
            ("W/\"a\", \"b\"", vec!["b"]),
            ("W/\"a\"", vec![]),
            ("\"*\"", vec!["*"]),
            ("\"é\"", vec!["é"]),
        ] {
            assert_eq!(tags(value), Some(read.into_iter().map(ToOwned::to_owned).collect()), "{value}");
        }
    }

    #[test]
    fn a_star_stands_alone() {
        assert_eq!(expected("*"), Ok(ExpectedState::Any));
        assert_eq!(expected(" *\t"), Ok(ExpectedState::Any));
    }

    #[test]
    fn malformed_values_are_rejected() {
        for bad in [
            "",
            " ",
            ",",
            "3",
            "\"",
            "\"a",
            "a\"",
            "\"a\"\"b\"",
            "\"a\" \"b\"",
            "\"a b\"",
            "w/\"a\"",
            "W/",
            "**",
            "*, \"a\"",
            "\"a\", *",
            "'a'",
        ] {
            assert!(expected(bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn no_value_causes_a_panic(value in "[\"W/*, a]{0,8}|.*") {
            let _ = expected(&value);
        }

        #[test]
        fn a_tag_in_quotes_is_read_as_it_is(tag in "[!#-~]{0,12}") {
            prop_assert_eq!(tags(&format!("\"{tag}\"")), Some(vec![tag]));
        }
    }
}
