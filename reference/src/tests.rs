//! Tests of the pages of the whole of openapi.yaml.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use flate2::{Compression, write::GzEncoder};
use saphyr::{LoadableYamlNode as _, Yaml};
use sha2::{Digest as _, Sha256};

use crate::{
    Reference,
    description::{Description, members},
    html, render,
};

const DESCRIPTION: &str = include_str!("../../openapi.yaml");
/// The greatest size of the index, compressed.
const INDEX_BYTES: usize = 40_000;

fn reference() -> Reference {
    render(DESCRIPTION).expect("pages")
}

/// All pages, by their paths.
fn pages() -> BTreeMap<String, String> {
    let Reference { index, pages, .. } = reference();
    let others = pages.into_iter().map(|(name, page)| (format!("/docs/{name}"), page));
    others.chain([("/docs".to_owned(), index)]).collect()
}

/// A tag of a page.
#[derive(Debug)]
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    closes: bool,
}

/// The tags of a page, which must follow the rules of XML but for elements that have no content.
fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = page.strip_prefix("<!DOCTYPE html>\n").expect("a document type");
    while let Some((text, after)) = rest.split_once('<') {
        let is_style = tags.last().is_some_and(|tag: &Tag<'_>| tag.name == "style" && !tag.closes);
        assert!(is_style || !text.contains('>'), "{text}");
        for entity in text.split('&').skip(1) {
            assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|known| entity.starts_with(known)), "&{entity}");
        }
        let (tag, after) = after.split_once('>').expect("the end of a tag");
        let closes = tag.starts_with('/');
        let (name, mut attributes) =
            tag.trim_matches('/').trim().split_once(' ').unwrap_or((tag.trim_matches('/').trim(), ""));
        let mut found = Vec::new();
        while let Some((attribute, after)) = attributes.trim_start().split_once("=\"") {
            let (value, after) = after.split_once('"').expect("the end of an attribute");
            found.push((attribute, value));
            attributes = after;
        }
        assert_eq!(attributes.trim(), "", "{tag}");
        tags.push(Tag { name, attributes: found, closes });
        rest = after;
    }
    tags
}

fn attributes<'a>(tags: &[Tag<'a>], name: &str) -> Vec<&'a str> {
    let all = tags.iter().flat_map(|tag| &tag.attributes).filter(|(other, _)| *other == name);
    all.map(|(_, value)| *value).collect()
}

#[test]
fn every_operation_and_webhook_has_a_page() {
    let Reference { index, pages, .. } = reference();
    let documents = Yaml::load_from_str(DESCRIPTION).unwrap();
    let description = Description::new(&documents[0]).unwrap();
    assert!(description.operations.len() > 80);
    for operation in &description.operations {
        let page = pages.iter().filter(|(name, _)| name == operation.id).collect::<Vec<_>>();
        assert_eq!(page.len(), 1, "{}", operation.id);
        for (name, _) in members(operation.declared.as_mapping_get("responses")) {
            assert!(page[0].1.contains(&format!("id=\"{name}\"")), "{}: {name}", operation.id);
        }
        assert!(page[0].1.contains(&html::escaped(operation.path)), "{}", operation.id);
        assert!(index.contains(&format!("<a href=\"docs/{}\">", operation.id)), "{}", operation.id);
    }
    let names: BTreeSet<_> = pages.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), pages.len(), "two pages have one name");
}

#[test]
fn no_link_is_dead() {
    let pages = pages();
    let tags: BTreeMap<_, _> = pages.iter().map(|(path, page)| (path.as_str(), tags(page))).collect();
    for (path, here) in &tags {
        let ids = attributes(here, "id");
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{path}: two anchors have one name: {ids:?}");
        assert!(ids.iter().all(|id| !id.contains(char::is_whitespace)), "{path}");
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in attributes(here, "href") {
            let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
            // Below a stage, a path from the root would lead elsewhere.
            assert!(!target.starts_with('/') && !target.contains(':'), "{path}: {link}");
            let target = match target.strip_prefix("../") {
                _ if target.is_empty() => (*path).to_owned(),
                Some(above) => format!("{}/{above}", folder.rsplit_once('/').expect("a folder above").0),
                None => format!("{folder}/{target}"),
            };
            if target == "/openapi.json" {
                continue;
            }
            let there = tags.get(target.as_str()).unwrap_or_else(|| panic!("{path}: {link} leads to no page"));
            assert!(anchor.is_empty() || attributes(there, "id").contains(&anchor), "{path}: {link} leads nowhere");
        }
    }
}

#[test]
fn the_pages_are_well_formed() {
    for (path, page) in pages() {
        let mut open = Vec::new();
        for tag in tags(&page) {
            if ["meta", "br", "hr", "img"].contains(&tag.name) {
                continue;
            }
            if tag.closes {
                assert_eq!(open.pop(), Some(tag.name), "{path}");
            } else {
                open.push(tag.name);
            }
        }
        assert!(open.is_empty(), "{path}: {open:?}");
        assert_eq!(page.matches("<h1>").count(), 1, "{path}");
        // A paragraph ends before a block, whatever its end tag says.
        for wrong in ["<p><p", "<p><dl", "<p><ul", "<script", "style=\"", "onclick", "<p></p>", "src=\""] {
            assert!(!page.contains(wrong), "{path}: {wrong}");
        }
    }
}

#[test]
fn no_reference_is_left() {
    for (path, page) in pages() {
        assert!(!page.contains("#/components/"), "{path}");
    }
    let unresolved = DESCRIPTION.replacen("schemas/CreateConsentNotice'", "schemas/Nothing'", 1);
    let error = render(&unresolved).expect_err("a $ref that leads nowhere");
    assert_eq!(error, "create-consent-notice: #/components/schemas/Nothing leads nowhere");
}

#[test]
fn the_index_is_small() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(reference().index.as_bytes()).unwrap();
    let size = encoder.finish().unwrap().len();
    assert!(size <= INDEX_BYTES, "{size} bytes");
}

#[test]
fn the_policy_allows_the_style_of_the_pages() {
    let policy = reference().policy;
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    for (path, page) in pages() {
        let style = page.split_once("<style>").and_then(|(_, after)| after.split_once("</style>")).expect("a style").0;
        let hash = BASE64_STANDARD.encode(Sha256::digest(style));
        assert!(policy.contains(&format!("'sha256-{hash}'")), "{path}");
    }
}

#[test]
fn markup_in_texts_is_shown_as_text() {
    let shown = html::markdown("a <b onclick=\"x\">b</b> `<i>`\n\n<script>x</script>\n");
    assert!(!shown.contains("<b") && !shown.contains("<script") && !shown.contains("<i>"), "{shown}");
    let text = DESCRIPTION.replacen("summary: List notices", "summary: List <script>notices</script>", 1);
    let Reference { index, pages, .. } = render(&text).unwrap();
    assert!(pages.iter().all(|(_, page)| !page.contains("<script")) && !index.contains("<script"));
}

#[test]
fn a_field_has_its_type_its_limits_and_an_anchor() {
    let pages = pages();
    let page = &pages["/docs/create-consent-notice"];
    for expected in [
        "<dt id=\"body.noticeId\"><a href=\"#body.noticeId\"><code>noticeId</code></a>",
        "<a href=\"types#Text\">Text</a> · 1 to 200 characters",
        "<dt id=\"body.purposes.code\">",
        "<b class=\"required\">required</b>",
        "<a href=\"types#Language\">Language</a> or null",
        "id=\"body.example.translation\"",
        "<a href=\"responses#BadRequest\">",
        "<a href=\"../docs#bearer\">bearer</a>, with the scope <code>notices:write</code>",
        "id=\"header.Idempotency-Key\"",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    assert!(pages["/docs/receive-consent-given"].contains("<code>consent.given</code>"));
}
