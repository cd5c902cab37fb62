//! The pages of what operations share: responses with their headers, and simple types.

use std::fmt::Write as _;

use crate::{
    description::{Description, text_of},
    html::{self, escaped, heading, markdown},
    operation::response,
    schema::{Kind, Links, Renderer, Schema},
};

/// The name of the page of shared responses.
pub(crate) const RESPONSES: &str = "responses";
/// The name of the page of simple types.
pub(crate) const TYPES: &str = "types";
/// The schema of the body of every error.
pub(crate) const ERROR: &str = "Error";

const NAVIGATION: &str = "<nav><a href=\"../docs\">Reference</a></nav>\n";

pub(crate) fn responses(description: &Description<'_>) -> Result<String, String> {
    let renderer = Renderer { description, links: Links { of_types: false } };
    let error = description.components("schemas").find(|(name, _)| *name == ERROR).ok_or("there is no Error")?.1;
    let mut out = format!("{NAVIGATION}<main>\n<h1>Responses that operations share</h1>\n");
    out.push_str(&heading(2, ERROR, "The body of an error"));
    out.push_str(&renderer.whole(error, ERROR)?);
    for (name, shared) in description.components("responses") {
        out.push_str(&heading(2, name, &escaped(&words(name))));
        out.push_str(&response(&renderer, shared, name, RESPONSES)?);
    }
    out.push_str(&heading(2, "headers", "Headers"));
    out.push_str("<dl>\n");
    for (name, header) in description.components("headers") {
        out.push_str(&renderer.named(name, header, &format!("header-{name}"), "")?);
    }
    out.push_str("</dl>\n</main>\n");
    Ok(html::page("Responses that operations share", &out))
}

pub(crate) fn types(description: &Description<'_>) -> Result<String, String> {
    let renderer = Renderer { description, links: Links { of_types: true } };
    let mut out = format!("{NAVIGATION}<main>\n<h1>Types</h1>\n");
    out.push_str("<p>The types of fields that are neither objects nor arrays.</p>\n");
    for (name, schema) in description.components("schemas") {
        if Schema::new(description, schema)?.kind() == Kind::Simple {
            let _ = write!(out, "{}{}", heading(2, name, &escaped(name)), renderer.definition(name, schema)?);
        }
    }
    out.push_str("</main>\n");
    Ok(html::page("Types", &out))
}

/// The description of a security scheme, for the index.
pub(crate) fn schemes(description: &Description<'_>) -> String {
    let schemes = description.components("securitySchemes");
    let schemes = schemes.map(|(name, scheme)| {
        heading(3, name, &escaped(name)) + &markdown(text_of(scheme, "description").unwrap_or_default())
    });
    schemes.collect()
}

/// A name such as `GrantNotFound` in words.
fn words(name: &str) -> String {
    let mut words = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}
