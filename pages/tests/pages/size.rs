use std::{fs, io::Write, path::Path};

use assent_pages::Locale;
use flate2::{Compression, write::GzEncoder};

use crate::examples::Texts;

const MOST_BYTES: usize = 6_000;
/// The length of a notice.
const CHARACTERS: usize = 1_500;

/// Texts of usual lengths in a language. There are none but the catalogue's own: those that stand on small pages serve
/// as an organisation's on the large ones.
fn texts(locale: Locale) -> Texts {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("messages/{}.ftl", locale.tag()));
    let catalogue = fs::read_to_string(path).unwrap();
    let messages = |prefixes: &[&str]| -> Vec<String> {
        let lines = catalogue.lines().filter(|line| prefixes.iter().any(|prefix| line.starts_with(prefix)));
        lines.map(|line| line.split_once(" = ").unwrap().1.replace("{ $", "").replace(" }", "")).collect()
    };
    let content = messages(&["error-", "erasure-", "erased-", "copy-", "open-", "told-", "grievance", "history-"]);
    let content: String = content.join("\n").chars().cycle().take(CHARACTERS).collect();
    let name = |name: &str| messages(&[name]).swap_remove(0);
    Texts {
        organisation: name("told-title ="),
        title: name("copy-title ="),
        content,
        purposes: messages(&["error-link", "error-form", "error-conflict", "error-not-found", "error-too-large"]),
        items: messages(&["month-1 ", "month-2 ", "month-3 "]),
        recipient: name("erased-title ="),
        complaint: name("error-unavailable ="),
        language: locale.tag().to_owned(),
        ..Texts::english()
    }
}

#[test]
fn every_page_is_small_in_every_language() {
    let mut large = Vec::new();
    for locale in Locale::ALL {
        for (name, page) in texts(locale).pages(locale) {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(page.html.as_bytes()).unwrap();
            let bytes = encoder.finish().unwrap().len();
            if bytes > MOST_BYTES {
                large.push(format!("{name} in {}: {bytes} bytes", locale.tag()));
            }
        }
    }
    assert!(large.is_empty(), "more than {MOST_BYTES} bytes: {large:#?}");
}
