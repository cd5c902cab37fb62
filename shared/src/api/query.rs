//! Reading a query as strictly as a body: every fault at once, and a parameter
//! that nobody reads is one.

use crate::{
    api::{
        Error,
        fields::{BodyFault, Fields, Parsed},
    },
    domain::FieldFault,
};
use serde_json::{Map, Value};

/// Reads the parameters of a query, or names all that is wrong with them.
pub(super) fn read<T>(
    parameters: Vec<(String, String)>,
    read: impl FnOnce(&mut Fields) -> Parsed<T>,
) -> Result<T, Error> {
    let mut members = Map::new();
    let mut repeated = Vec::new();
    for (parameter, value) in parameters {
        if members.insert(parameter.clone(), Value::String(value)).is_some() {
            repeated.push(FieldFault::new(parameter, "is given more than once"));
        }
    }
    match (Fields::read(Value::Object(members), read), repeated.is_empty()) {
        (Ok(read), true) => Ok(read),
        (Ok(_), false) => Err(Error::Faults(repeated)),
        (Err(BodyFault::Fields(faults)), _) => Err(Error::Faults(faults.into_iter().chain(repeated).collect())),
        (Err(BodyFault::NotAnObject), _) => Err(Error::Fault("a query is an object".to_owned())),
    }
}
