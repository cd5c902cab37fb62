//! Fields that several bodies of the consent catalog and of consent events share.

use crate::{
    api::{Fields, Validated},
    domain::consent_catalog::{Category, ConsentDescription, Label, Placement, PolicyUrl, VersionText},
};

/// Reads `category`, `subcategory` and `label`: all three or none.
pub fn placement(fields: &mut Fields) -> Validated<Option<Placement>> {
    let category = fields.optional_text("category", Category::parse);
    let subcategory = fields.optional_text("subcategory", Category::parse);
    let label = fields.optional_text("label", Label::parse);
    let absent =
        [("category", category == Ok(None)), ("subcategory", subcategory == Ok(None)), ("label", label == Ok(None))];
    if absent.iter().all(|(_, absent)| *absent) {
        return Ok(None);
    }
    let mut missing = None;
    for (name, _) in absent.iter().filter(|(_, absent)| *absent) {
        missing = Some(fields.error(name, "is required: category, subcategory and label must be given together"));
    }
    match (category?, subcategory?, label?, missing) {
        (Some(category), Some(subcategory), Some(label), _) => Ok(Some(Placement { category, subcategory, label })),
        (.., Some(missing)) => Err(missing),
        (.., None) => Ok(None),
    }
}

/// Reads the text of a version of a consent type: `url` and `description`.
pub fn version_text(fields: &mut Fields) -> Validated<VersionText> {
    let url = fields.text("url", PolicyUrl::parse);
    let description = fields.optional_text("description", ConsentDescription::parse);
    Ok(VersionText { url: url?, description: description? })
}
