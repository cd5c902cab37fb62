//! The texts of pages in all languages, compiled from the catalogues in `messages/`.

use crate::{html::Html, locale::Locale};

/// The texts of a language: all messages in one text, and where each begins, the last entry being the end. Tables of
/// references would add a third to their size.
struct Catalogue<const STARTS: usize> {
    reviewed: bool,
    starts: [u16; STARTS],
    text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The messages in a language: one method for each, with the message's name. What they take for their placeables, and
/// return, is HTML.
#[derive(Clone, Copy)]
pub(crate) struct Messages(pub(crate) Locale);

impl Messages {
    /// The tag of the language.
    pub(crate) fn tag(self) -> &'static str {
        self.0.tag()
    }

    fn message(self, position: usize, placeables: &[&Html]) -> Html {
        let mut rest = text(self.0, position);
        let mut html = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            let (place, after) = after.split_once('}').unwrap_or_default();
            html.push_str(before);
            if let Some(placeable) = place.parse().ok().and_then(|place: usize| placeables.get(place)) {
                html.push_str(placeable.as_str());
            }
            rest = after;
        }
        html.push_str(rest);
        Html::new(html)
    }
}

/// Whether somebody has reviewed the catalogue of a language.
pub(crate) fn is_reviewed(locale: Locale) -> bool {
    CATALOGUES.get(locale as usize).is_some_and(|catalogue| catalogue.reviewed)
}

/// A message as it was compiled, by its position in the catalogues: HTML with the placeables' places in braces.
fn text(locale: Locale, position: usize) -> &'static str {
    CATALOGUES
        .get(locale as usize)
        .and_then(|catalogue| {
            let start = *catalogue.starts.get(position)?;
            let end = *catalogue.starts.get(position + 1)?;
            catalogue.text.get(start.into()..end.into())
        })
        .unwrap_or_default()
}

/// The name of a language in that language.
pub(crate) fn own_name(locale: Locale) -> &'static str {
    text(locale, LANGUAGE_NAME)
}
