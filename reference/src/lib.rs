//! Renders openapi.yaml as web pages: an index of all operations, a page for each operation and each webhook, and two
//! pages of what they share. The build script of the functions calls it, so that nothing is rendered at run time.
//!
//! The pages need no script, and load nothing. Their links are relative, because the API may be below a stage, such as
//! `/prod`: the index is at `…/docs`, and the other pages are at `…/docs/{name}`.

#![forbid(unsafe_code)]

mod description;
mod html;
mod index;
mod operation;
mod schema;
mod shared;
#[cfg(test)]
mod tests;

use description::Description;
use saphyr::{LoadableYamlNode as _, Yaml};

/// The pages.
#[derive(Debug)]
pub struct Reference {
    /// The page of all operations.
    pub index: String,
    /// The other pages, by name. The page of an operation has the name of its `operationId`.
    pub pages: Vec<(String, String)>,
    /// The `Content-Security-Policy` of all pages. It allows their style by its hash, and nothing else.
    pub policy: String,
}

/// Renders the text of openapi.yaml. Fails if it has a part that a reader would miss on the pages, such as a `$ref` that
/// leads nowhere.
pub fn render(text: &str) -> Result<Reference, String> {
    let documents = Yaml::load_from_str(text).map_err(|error| error.to_string())?;
    let description = Description::new(documents.first().ok_or("the description is empty")?)?;
    let mut pages = Vec::new();
    for operation in &description.operations {
        pages.push((operation.id.to_owned(), operation::page(&description, operation)?));
    }
    pages.push((shared::RESPONSES.to_owned(), shared::responses(&description)?));
    pages.push((shared::TYPES.to_owned(), shared::types(&description)?));
    Ok(Reference { index: index::page(&description)?, pages, policy: html::policy() })
}
