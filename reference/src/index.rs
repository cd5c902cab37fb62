//! The page of all operations.

use std::fmt::Write as _;

use crate::{
    description::{Description, get, items, text_of},
    html::{self, code, escaped, heading, markdown, slug, tag_id},
    shared::{RESPONSES, TYPES, schemes},
};

pub(crate) fn page(description: &Description<'_>) -> Result<String, String> {
    let info = get(description.root, "info").ok_or("there is no info")?;
    let text = |name: &str| text_of(info, name).ok_or_else(|| format!("info has no {name}"));
    let sections = sections(text("description")?);
    let tags: Vec<_> = items(get(description.root, "tags")).collect();
    let links: Vec<String> = tags
        .iter()
        .filter_map(|tag| text_of(tag, "name"))
        .map(|name| format!("<a href=\"#{}\">{}</a>", tag_id(name), escaped(name)))
        .collect();

    let title = format!("{} {}", text("title")?, text("version")?);
    let mut out = format!("<main>\n<h1>{}</h1>\n<p>{}</p>\n", escaped(&title), escaped(text("summary")?));
    let (preface, sections) = sections.split_first().ok_or("info has no description")?;
    out.push_str(&markdown(&preface.1));
    let _ = write!(
        out,
        "<p>Shared by operations: <a href=\"docs/{RESPONSES}\">responses</a>, <a href=\"docs/{TYPES}\">types</a>. For \
         programs: <a href=\"openapi.json\">openapi.json</a>.</p>\n<nav aria-label=\"Operations\"><p>{}</p></nav>\n",
        links.join(" · ")
    );
    for tag in tags {
        let name = text_of(tag, "name").ok_or("a tag has no name")?;
        out.push_str(&heading(2, &tag_id(name), &escaped(name)));
        out.push_str(&markdown(text_of(tag, "description").unwrap_or_default()));
        out.push_str("<ul class=\"operations\">\n");
        for operation in description.operations.iter().filter(|operation| operation.tag == name) {
            let path = code(operation.path);
            let scope = text_of(operation.declared, "x-scope").map(|scope| format!(" {}", code(scope)));
            let _ = writeln!(
                out,
                "<li id=\"{0}\"><a href=\"docs/{0}\"><b>{1}</b> {path}</a> {2}{3}</li>",
                operation.id,
                operation.method,
                escaped(operation.summary),
                scope.unwrap_or_default()
            );
        }
        out.push_str("</ul>\n");
    }
    for (title, text) in sections {
        out.push_str(&heading(2, &format!("about-{}", slug(title)), &escaped(title)));
        out.push_str(&markdown(text));
    }
    out.push_str(&heading(2, "schemes", "Headers with a key or a session"));
    out.push_str(&schemes(description));
    out.push_str("</main>\n");
    Ok(html::page(&format!("{title}: reference"), &out))
}

/// The sections of a text, by their headings. The first has none.
fn sections(text: &str) -> Vec<(&str, String)> {
    let mut sections = vec![("", String::new())];
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push((title, String::new()));
        } else if let Some((_, text)) = sections.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    sections
}
