use assent_pages::{Locale, font};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use crate::examples::Texts;

#[test]
fn the_policy_allows_the_style_sheet_and_nothing_else() {
    for locale in Locale::ALL {
        for (_, page) in Texts::english().pages(locale) {
            let (_, rest) = page.html.split_once("<style>").unwrap();
            let (style, _) = rest.split_once("</style>").unwrap();
            let hash = BASE64_STANDARD.encode(Sha256::digest(style));
            let fonts = if matches!(locale, Locale::Sat | Locale::MniMtei) { " 'self'; font-src data:" } else { "" };
            assert_eq!(
                page.content_security_policy,
                format!(
                    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                     style-src 'sha256-{hash}'{fonts}"
                )
            );
        }
    }
}

#[test]
fn pages_in_rare_scripts_link_a_font_that_is_there() {
    for locale in Locale::ALL {
        let (_, page) = Texts::english().pages(locale).swap_remove(0);
        let link = page.html.split_once("href=\"fonts/").and_then(|(_, rest)| rest.split_once('"'));
        assert_eq!(link.is_some(), matches!(locale, Locale::Sat | Locale::MniMtei), "{}", locale.tag());
        if let Some((name, _)) = link {
            assert!(font(name).unwrap().contains("url(\"data:font/woff2;base64,"), "{name}");
        }
    }
    assert!(font("../OFL.txt").is_none());
}
