//! The fonts of the scripts that few devices have, as style sheets of their own: a page in another script does not
//! carry them, and a browser keeps them.

use crate::Locale;

/// The text of the style sheet `fonts/<name>`.
pub fn font(name: &str) -> Option<&'static str> {
    match name {
        "meetei-mayek.css" => Some(include_str!("../fonts/meetei-mayek.css")),
        "ol-chiki.css" => Some(include_str!("../fonts/ol-chiki.css")),
        _ => None,
    }
}

/// The name of the style sheet that pages in a language need.
pub(crate) fn name(locale: Locale) -> Option<&'static str> {
    match locale {
        Locale::MniMtei => Some("meetei-mayek.css"),
        Locale::Sat => Some("ol-chiki.css"),
        _ => None,
    }
}
