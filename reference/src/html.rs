//! The parts of an HTML page.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use pulldown_cmark::{Event, Parser, html};
use sha2::{Digest as _, Sha256};

/// The style of all pages, which each page contains.
pub(crate) const STYLE: &str = include_str!("style.css");

/// The `Content-Security-Policy` that allows the style alone.
pub(crate) fn policy() -> String {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// A page. `body` is HTML, the title is text.
pub(crate) fn page(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// The text, for HTML and for the value of an attribute.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The text as code.
pub(crate) fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// A name that links to itself, so that a reader can copy the address of its anchor.
pub(crate) fn anchor(id: &str, content: &str) -> String {
    format!("<a href=\"#{}\">{content}</a>", escaped(id))
}

/// A heading that links to itself.
pub(crate) fn heading(level: usize, id: &str, content: &str) -> String {
    format!("<h{level} id=\"{}\">{}</h{level}>\n", escaped(id), anchor(id, content))
}

/// The `CommonMark` text as HTML. HTML in the text is shown as text.
pub(crate) fn markdown(text: &str) -> String {
    let events = Parser::new(text).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

/// The anchor of a tag on the index.
pub(crate) fn tag_id(name: &str) -> String {
    format!("tag-{}", slug(name))
}

/// The text as a part of the name of an anchor.
pub(crate) fn slug(text: &str) -> String {
    text.to_lowercase()
        .split(|each: char| !each.is_alphanumeric())
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}
