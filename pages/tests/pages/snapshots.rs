use std::{env, fs, path::Path};

use assent_pages::Locale;

use crate::examples::Texts;

/// Compares a page with its snapshot, or writes the snapshot where `ASSENT_WRITE_SNAPSHOTS` is set.
pub(crate) fn compare(name: &str, locale: Locale, html: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/{name}.{}.html", locale.tag()));
    if env::var_os("ASSENT_WRITE_SNAPSHOTS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, html).unwrap();
    } else {
        let snapshot = fs::read_to_string(&path).unwrap_or_default();
        assert!(html == snapshot, "{} differs: ASSENT_WRITE_SNAPSHOTS=1 rewrites it", path.display());
    }
}

#[test]
fn the_home_page_in_every_language_and_all_pages_in_english_and_urdu() {
    let texts = Texts::english();
    for locale in Locale::ALL {
        for (name, page) in texts.pages(locale) {
            if name == "home" || matches!(locale, Locale::En | Locale::Ur) {
                compare(name, locale, &page.html);
            }
        }
    }
}
