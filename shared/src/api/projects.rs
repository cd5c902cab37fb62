//! The parts of a body that several operations on projects read.

use crate::{
    api::fields::{Fields, Validated},
    domain::project::{DOMAINS, Domain},
};

/// Reads a project's domains: `domains`, or the one of `domain`. `None` if the body
/// has neither.
pub fn domains(fields: &mut Fields) -> Validated<Option<Vec<Domain>>> {
    let domain = fields.optional_text("domain", Domain::parse);
    let domains = fields.optional_texts("domains", DOMAINS, Domain::parse);
    match (domain?, domains?) {
        (Some(_), Some(_)) => Err(fields.error("domain", "must be given without domains")),
        (Some(domain), None) => Ok(Some(vec![domain])),
        (None, domains) => Ok(domains),
    }
}
