//! Reads a query as strictly as a body: all errors are reported together, and an
//! unknown parameter is an error.

use crate::{
    api::{
        Error,
        fields::{BodyError, Fields, Validated},
    },
    domain::FieldError,
};
use serde_json::{Map, Value};

/// Reads the parameters of a query. The error names every invalid parameter.
pub(super) fn read<T>(
    parameters: Vec<(String, String)>,
    read: impl FnOnce(&mut Fields) -> Validated<T>,
) -> Result<T, Error> {
    let mut members = Map::new();
    let mut repeated = Vec::new();
    for (parameter, value) in parameters {
        if members.insert(parameter.clone(), Value::String(value)).is_some() {
            repeated.push(FieldError::new(parameter, "is given more than once"));
        }
    }
    match (Fields::read(Value::Object(members), read), repeated.is_empty()) {
        (Ok(read), true) => Ok(read),
        (Ok(_), false) => Err(Error::Validation(repeated)),
        (Err(BodyError::Fields(errors)), _) => Err(Error::Validation(errors.into_iter().chain(repeated).collect())),
        (Err(BodyError::NotAnObject), _) => Err(Error::Internal("a query is an object".to_owned())),
    }
}
