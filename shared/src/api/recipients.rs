//! The parts of a body that several operations on recipients read.

use crate::{
    api::fields::{Fields, Validated},
    domain::recipient::{Delivery, PURPOSES, RecipientPurposes},
};

/// Reads the purposes of a recipient, if the body has them.
pub fn recipient_purposes(fields: &mut Fields) -> Validated<Option<RecipientPurposes>> {
    let named = fields.optional_texts("purposes", PURPOSES, RecipientPurposes::parse_one)?;
    let purposes = named.map(RecipientPurposes::of).transpose();
    purposes.map_err(|invalid| fields.error("purposes", invalid.0))
}

/// Reads how a recipient learns what it must know.
pub fn delivery(fields: &mut Fields) -> Validated<Delivery> {
    fields.text("kind", Delivery::parse)
}
