//! Reads a body field by field and collects the errors, so that one response
//! names all of them.

use crate::domain::{FieldError, Invalid, edit::Edit, text::refuse_control_characters};
use serde_json::{Map, Value};
use std::{cell::RefCell, collections::HashSet, ops::RangeInclusive, rc::Rc};

/// The Jaro-Winkler similarity, ignoring case, from which a known field is
/// suggested for an unknown one: `Limits` is similar to `limit`, and `purpose`
/// (0.66) is not similar to `cursor`.
const MIN_SIMILARITY: f64 = 0.8;

/// The highest number of errors in one response: more would help nobody, and a
/// body can cause more errors than fit into a response.
pub(crate) const MAX_ERRORS: usize = 100;
/// The length to which the name of an unknown field is cut, in characters.
const MAX_NAME: usize = 64;

/// Says that a field is invalid. The error itself is in the list of [`Fields`],
/// so only this module creates one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidationError(());

/// The value of a field, if it is valid.
pub type Validated<T> = Result<T, ValidationError>;

type Errors = Rc<RefCell<Vec<FieldError>>>;

/// The members of a JSON object, while they are read. Members that have not been
/// read in the end are unknown, which is an error.
pub struct Fields {
    path: String,
    members: Map<String, Value>,
    known: Vec<&'static str>,
    errors: Errors,
    /// The unique values that this object and the others in its list have had so far.
    siblings: Rc<RefCell<HashSet<String>>>,
}

impl Fields {
    /// Reads a whole body: the result of `read`, or all errors.
    pub(crate) fn read<T>(body: Value, read: impl FnOnce(&mut Self) -> Validated<T>) -> Result<T, BodyError> {
        let Value::Object(members) = body else {
            return Err(BodyError::NotAnObject);
        };
        let errors = Errors::default();
        let value = Self::read_object(String::new(), members, &errors, &Rc::default(), read);
        let mut found = errors.take();
        match value {
            Ok(value) if found.is_empty() => Ok(value),
            _ => {
                found.sort();
                Err(BodyError::Fields(found))
            }
        }
    }

    fn read_object<T>(
        path: String,
        members: Map<String, Value>,
        errors: &Errors,
        siblings: &Rc<RefCell<HashSet<String>>>,
        read: impl FnOnce(&mut Self) -> Validated<T>,
    ) -> Validated<T> {
        let mut fields =
            Self { path, members, known: Vec::new(), errors: Rc::clone(errors), siblings: Rc::clone(siblings) };
        let value = read(&mut fields);
        match fields.report_unknown() {
            Some(invalid) => Err(invalid),
            None => value,
        }
    }

    /// Adds an error for a field.
    pub fn error(&self, name: &str, message: impl Into<String>) -> ValidationError {
        report(&self.errors, &join(&self.path, name), message)
    }

    /// A required string that `parse` accepts.
    pub fn text<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Validated<T> {
        self.optional_text(name, parse)?.ok_or_else(|| self.missing(name))
    }

    /// A string that `parse` accepts, if it is there.
    pub fn optional_text<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Validated<Option<T>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        text(&value, &join(&self.path, name), &self.errors, parse).map(Some)
    }

    /// The edit of a string: absent keeps it, null removes it, and a string that `parse` accepts sets it.
    pub fn edited_text<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Validated<Edit<T>> {
        self.edited(name, |fields| fields.optional_text(name, parse))
    }

    /// The edit of a field: absent keeps it, null removes it, and what `read` reads sets it.
    pub fn edited<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Validated<Option<T>>,
    ) -> Validated<Edit<T>> {
        let removes = self.members.get(name).is_some_and(Value::is_null);
        let absent = if removes { Edit::Remove } else { Edit::Keep };
        read(self).map(|value| value.map_or(absent, Edit::Set))
    }

    /// A required string that `parse` accepts and that no earlier object of the
    /// same list has under this name.
    pub fn unique_text<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Validated<T> {
        let written = self.members.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let value = self.text(name, parse)?;
        let repeated = written.is_some_and(|written| !self.siblings.borrow_mut().insert(format!("{name} {written}")));
        if repeated { Err(self.error(name, "repeats an earlier one")) } else { Ok(value) }
    }

    /// `true` or `false`, if it is there.
    pub fn optional_flag(&mut self, name: &'static str) -> Validated<Option<bool>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(other) => Err(self.error(name, wrong_type("true or false", &other))),
        }
    }

    /// A whole number that `parse` accepts, if it is there.
    pub fn optional_integer<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(u64) -> Result<T, Invalid>,
    ) -> Validated<Option<T>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Number(number)) => {
                // A fraction or a negative number is outside of every range.
                parse(number.as_u64().unwrap_or(u64::MAX)).map(Some).map_err(|invalid| self.error(name, invalid.0))
            }
            Some(other) => Err(self.error(name, wrong_type("a number", &other))),
        }
    }

    /// An object of any content, if it is there.
    pub fn optional_map(&mut self, name: &'static str) -> Validated<Option<Map<String, Value>>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(members)) => match refuse_control_characters_in(&members) {
                Ok(()) => Ok(Some(members)),
                Err(invalid) => Err(self.error(name, invalid.0)),
            },
            Some(other) => Err(self.error(name, wrong_type("an object", &other))),
        }
    }

    /// A required object that `read` reads.
    pub fn object<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Self) -> Validated<T>) -> Validated<T> {
        self.optional_object(name, read)?.ok_or_else(|| self.missing(name))
    }

    /// An object that `read` reads, if it is there.
    pub fn optional_object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Validated<T>,
    ) -> Validated<Option<T>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(members)) => {
                let path = join(&self.path, name);
                Self::read_object(path, members, &self.errors, &Rc::default(), read).map(Some)
            }
            Some(other) => Err(self.error(name, wrong_type("an object", &other))),
        }
    }

    /// A required list of objects, each of which `read` reads.
    pub fn objects<T>(
        &mut self,
        name: &'static str,
        count: RangeInclusive<usize>,
        read: impl FnMut(&mut Self) -> Validated<T>,
    ) -> Validated<Vec<T>> {
        self.optional_objects(name, count, read)?.ok_or_else(|| self.missing(name))
    }

    /// A list of objects, each of which `read` reads, if it is there.
    pub fn optional_objects<T>(
        &mut self,
        name: &'static str,
        count: RangeInclusive<usize>,
        mut read: impl FnMut(&mut Self) -> Validated<T>,
    ) -> Validated<Option<Vec<T>>> {
        let Some(elements) = self.elements(name, &count)? else { return Ok(None) };
        let siblings = Rc::default();
        let mut values = Ok(Vec::with_capacity(elements.len()));
        for (path, element) in elements {
            let value = match element {
                Value::Object(members) => Self::read_object(path, members, &self.errors, &siblings, &mut read),
                other => Err(report(&self.errors, &path, wrong_type("an object", &other))),
            };
            push(&mut values, value);
        }
        values.map(Some)
    }

    /// A required list of distinct strings.
    pub fn texts<T>(
        &mut self,
        name: &'static str,
        count: RangeInclusive<usize>,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Validated<Vec<T>> {
        self.optional_texts(name, count, parse)?.ok_or_else(|| self.missing(name))
    }

    /// A required list of distinct strings, or `"*"` for all, which is `None`.
    pub fn texts_or_all<T>(
        &mut self,
        name: &'static str,
        count: RangeInclusive<usize>,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Validated<Option<Vec<T>>> {
        match self.members.get(name) {
            Some(Value::String(text)) if text == "*" => {
                self.take(name);
                Ok(None)
            }
            Some(Value::String(_)) => {
                self.take(name);
                Err(self.error(name, "must be a list, or * for all"))
            }
            _ => self.texts(name, count, parse).map(Some),
        }
    }

    /// A list of distinct strings, if it is there.
    pub fn optional_texts<T>(
        &mut self,
        name: &'static str,
        count: RangeInclusive<usize>,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Validated<Option<Vec<T>>> {
        let Some(elements) = self.elements(name, &count)? else { return Ok(None) };
        let mut seen = HashSet::new();
        let mut values = Ok(Vec::with_capacity(elements.len()));
        for (path, element) in elements {
            let value = text(&element, &path, &self.errors, &parse).and_then(|value| {
                let first = element.as_str().is_some_and(|text| seen.insert(text.to_owned()));
                if first { Ok(value) } else { Err(report(&self.errors, &path, "repeats an earlier one")) }
            });
            push(&mut values, value);
        }
        values.map(Some)
    }

    /// The elements of a list, each with its path.
    fn elements(
        &mut self,
        name: &'static str,
        count: &RangeInclusive<usize>,
    ) -> Validated<Option<Vec<(String, Value)>>> {
        let elements = match self.take(name) {
            None => return Ok(None),
            Some(Value::Array(elements)) => elements,
            Some(other) => return Err(self.error(name, wrong_type("a list", &other))),
        };
        if !count.contains(&elements.len()) {
            let (least, most, length) = (count.start(), count.end(), elements.len());
            return Err(self.error(name, format!("must have {least} to {most} elements, but has {length}")));
        }
        let list = join(&self.path, name);
        let elements = elements.into_iter().enumerate();
        Ok(Some(elements.map(|(index, element)| (format!("{list}[{index}]"), element)).collect()))
    }

    /// Removes a member. A null counts as absent.
    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.members.remove(name).filter(|value| !value.is_null())
    }

    fn missing(&self, name: &str) -> ValidationError {
        self.error(name, "is required")
    }

    /// Adds an error for each member that has not been read.
    fn report_unknown(&self) -> Option<ValidationError> {
        let mut invalid = None;
        for unknown in self.members.keys().take(MAX_ERRORS) {
            let name: String = unknown.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
            let message = match nearest(&name, &self.known) {
                Some(known) => format!("is not a known field; did you mean {known}?"),
                None if self.known.is_empty() => "is not a known field; none is known here".to_owned(),
                None => format!("is not a known field; known are {}", self.known.join(", ")),
            };
            invalid = Some(self.error(&name, message));
        }
        invalid
    }
}

/// The known field with the most similar name, if it is similar enough.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let similarity = |known: &str| strsim::jaro_winkler(&name, &known.to_lowercase());
    let similar =
        known.iter().map(|known| (similarity(known), *known)).filter(|(similarity, _)| *similarity >= MIN_SIMILARITY);
    similar.max_by(|left, right| left.0.total_cmp(&right.0)).map(|(_, known)| known)
}

/// Why a body is invalid.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// The body is JSON, but not an object.
    NotAnObject,
    /// Fields are invalid. Holds the errors, sorted by field.
    Fields(Vec<FieldError>),
}

fn report(errors: &Errors, path: &str, message: impl Into<String>) -> ValidationError {
    let mut errors = errors.borrow_mut();
    if errors.len() < MAX_ERRORS {
        errors.push(FieldError::new(path, message));
    }
    ValidationError(())
}

fn text<T>(value: &Value, path: &str, errors: &Errors, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Validated<T> {
    match value {
        Value::String(text) => parse(text).map_err(|invalid| report(errors, path, invalid.0)),
        other => Err(report(errors, path, wrong_type("a string", other))),
    }
}

fn push<T>(values: &mut Validated<Vec<T>>, value: Validated<T>) {
    match (values.as_mut(), value) {
        (Ok(values), Ok(value)) => values.push(value),
        (Ok(_), Err(invalid)) => *values = Err(invalid),
        (Err(_), _) => {}
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn wrong_type(wanted: &str, value: &Value) -> String {
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    format!("must be {wanted}, but is {is}")
}

/// Rejects control characters in all names and strings within an object.
fn refuse_control_characters_in(members: &Map<String, Value>) -> Result<(), Invalid> {
    fn within(value: &Value) -> Result<(), Invalid> {
        match value {
            Value::String(text) => refuse_control_characters(text),
            Value::Array(elements) => elements.iter().try_for_each(within),
            Value::Object(members) => refuse_control_characters_in(members),
            _ => Ok(()),
        }
    }
    members.iter().try_for_each(|(name, value)| {
        refuse_control_characters(name)?;
        within(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::plain_text;
    use proptest::prelude::*;
    use serde_json::json;

    fn name(value: &str) -> Result<String, Invalid> {
        plain_text(value, 5)
    }

    type Body = (String, Option<bool>, Vec<String>, Option<String>);

    fn read(body: Value) -> Result<Body, BodyError> {
        Fields::read(body, |fields| {
            let title = fields.text("title", name);
            let flag = fields.optional_flag("flag");
            let parts = fields.objects("parts", 1..=2, |part| part.text("code", name));
            let officer = fields.optional_object("officer", |officer| officer.text("email", name));
            Ok((title?, flag?, parts?, officer?))
        })
    }

    fn errors(body: Value) -> Vec<String> {
        match read(body) {
            Err(BodyError::Fields(errors)) => {
                errors.iter().map(|error| format!("{} {}", error.field, error.message)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_valid_body_is_read_and_null_is_absent() {
        let body = json!({"title": "a", "flag": null, "parts": [{"code": "x"}]});
        assert_eq!(read(body), Ok(("a".to_owned(), None, vec!["x".to_owned()], None)));
    }

    #[test]
    fn all_errors_are_reported_together() {
        let body = json!({
            "titel": "a", "flag": "yes", "officer": {"e-mail": "x"},
            "parts": [{"code": 7}, {"code": "too long"}]
        });
        assert_eq!(
            errors(body),
            [
                "flag must be true or false, but is a string",
                "officer.e-mail is not a known field; did you mean email?",
                "officer.email is required",
                "parts[0].code must be a string, but is a number",
                "parts[1].code must be at most 5 characters, but has 8",
                "titel is not a known field; did you mean title?",
                "title is required",
            ]
        );
    }

    #[test]
    fn only_a_similar_name_is_suggested() {
        let of_list = ["dataPrincipalId", "status", "limit", "cursor"];
        for (misspelt, meant) in [
            ("limits", "limit"),
            ("LIMIT", "limit"),
            ("curser", "cursor"),
            ("state", "status"),
            ("data_principal_id", "dataPrincipalId"),
            ("dataPrincipleId", "dataPrincipalId"),
        ] {
            assert_eq!(nearest(misspelt, &of_list), Some(meant), "{misspelt}");
        }
        let of_bodies = ["noticeId", "language", "email", "principalId", "scopes", "url", "domain", "revokeGrant"];
        for (misspelt, meant) in [
            ("notice_id", "noticeId"),
            ("langage", "language"),
            ("mail", "email"),
            ("principalID", "principalId"),
            ("scope", "scopes"),
            ("urll", "url"),
            ("domian", "domain"),
            ("revokeGrants", "revokeGrant"),
        ] {
            assert_eq!(nearest(misspelt, &of_bodies), Some(meant), "{misspelt}");
        }
        for other in ["purpose", "purposes", "asOf", "sort", "order", "page", "offset", "noticeId", "user", "time", ""]
        {
            assert_eq!(nearest(other, &of_list), None, "{other}");
        }
        assert_eq!(nearest("purposes", &["principalId", "scopes", "expiresAt", "parentGrantId"]), None);
    }

    #[test]
    fn every_member_is_unknown_where_none_is_read() {
        let read = Fields::read(json!({"asOf": "2020"}), |_| Ok(()));
        let error = FieldError::new("asOf", "is not a known field; none is known here");
        assert_eq!(read, Err(BodyError::Fields(vec![error])));
    }

    #[test]
    fn a_list_of_the_wrong_length_is_an_error() {
        assert_eq!(errors(json!({"title": "a", "parts": []})), ["parts must have 1 to 2 elements, but has 0"]);
    }

    #[test]
    fn the_number_and_length_of_errors_are_limited() {
        let many: Map<String, Value> = (0..5000).map(|n| (format!("{n}-{}", "x".repeat(200)), json!(1))).collect();
        let errors = errors(Value::Object(many));
        assert_eq!(errors.len(), MAX_ERRORS);
        assert!(errors.iter().all(|error| error.len() < 200));
    }

    #[test]
    fn a_body_must_be_an_object() {
        for other in [json!([]), json!([{"title": "a"}]), json!(null), json!(1), json!(true), json!("title")] {
            assert_eq!(read(other), Err(BodyError::NotAnObject));
        }
    }

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let names = prop_oneof![
                Just("title".to_owned()),
                Just("flag".to_owned()),
                Just("parts".to_owned()),
                Just("code".to_owned()),
                Just("officer".to_owned()),
                any::<String>(),
            ];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(names, inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_body_causes_a_panic_and_an_error_names_a_field(body in json_value()) {
            if let Err(BodyError::Fields(errors)) = read(body) {
                prop_assert!(!errors.is_empty());
            }
        }
    }
}
