//! The languages of pages.

use crate::messages;

include!("tags.rs");

/// A language that pages are written in, with its script where there are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named by its tag, and says its own name")]
pub enum Locale {
    En,
    As,
    Bn,
    Brx,
    Doi,
    Gu,
    Hi,
    Kn,
    Kok,
    Ks,
    Mai,
    Ml,
    MniBeng,
    MniMtei,
    Mr,
    Ne,
    Or,
    Pa,
    Sa,
    Sat,
    Sd,
    Ta,
    Te,
    Ur,
}

impl Locale {
    /// All languages, in the order in which pages list them.
    pub const ALL: [Self; TAGS.len()] = [
        Self::En,
        Self::As,
        Self::Bn,
        Self::Brx,
        Self::Doi,
        Self::Gu,
        Self::Hi,
        Self::Kn,
        Self::Kok,
        Self::Ks,
        Self::Mai,
        Self::Ml,
        Self::MniBeng,
        Self::MniMtei,
        Self::Mr,
        Self::Ne,
        Self::Or,
        Self::Pa,
        Self::Sa,
        Self::Sat,
        Self::Sd,
        Self::Ta,
        Self::Te,
        Self::Ur,
    ];

    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        TAGS.get(self as usize).copied().unwrap_or_default()
    }

    /// The name of the language in that language.
    pub fn own_name(self) -> &'static str {
        messages::own_name(self)
    }

    /// Whether it is written from right to left.
    pub fn is_right_to_left(self) -> bool {
        matches!(self, Self::Ks | Self::Sd | Self::Ur)
    }

    /// Whether somebody who speaks it has reviewed its texts.
    pub fn is_reviewed(self) -> bool {
        messages::is_reviewed(self)
    }

    /// The language of a BCP 47 tag, in any case: the one with that tag, or else with the tag's language subtag.
    /// Manipuri is in the Meetei Mayek script unless the tag says that it is in the Bengali one.
    pub fn parse(tag: &str) -> Option<Self> {
        let mut subtags = tag.split('-');
        let language = subtags.next()?;
        if language.eq_ignore_ascii_case("mni") {
            let is_bengali = subtags.any(|subtag| subtag.eq_ignore_ascii_case("beng"));
            return Some(if is_bengali { Self::MniBeng } else { Self::MniMtei });
        }
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(language))
    }

    /// The language that the header `Accept-Language` prefers of those that there are: the first with the highest
    /// quality. Anything in the header that is malformed is passed over.
    pub fn of_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for range in header.split(',') {
            let (tag, parameter) = range.split_once(';').unwrap_or((range, "q=1"));
            let quality = parameter.trim().strip_prefix(['q', 'Q']).and_then(|value| value.trim().strip_prefix('='));
            let Some(quality) = quality.and_then(|value| value.trim().parse::<f32>().ok()) else { continue };
            let Some(locale) = Self::parse(tag.trim()) else { continue };
            if quality > 0.0 && quality <= 1.0 && best.is_none_or(|(_, highest)| quality > highest) {
                best = Some((locale, quality));
            }
        }
        best.map(|(locale, _)| locale)
    }
}
