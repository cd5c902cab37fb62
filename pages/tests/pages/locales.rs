use assent_pages::Locale;
use proptest::prelude::*;

#[test]
fn a_tag_is_parsed_exactly_or_by_its_language() {
    for locale in Locale::ALL {
        assert_eq!(Locale::parse(locale.tag()), Some(locale));
        assert_eq!(Locale::parse(&locale.tag().to_uppercase()), Some(locale));
        assert!(!locale.own_name().is_empty());
    }
    for (tag, locale) in [
        ("hi-IN", Some(Locale::Hi)),
        ("hi-Latn-IN", Some(Locale::Hi)),
        ("sat-Deva", Some(Locale::Sat)),
        ("sat-Olck-IN", Some(Locale::Sat)),
        ("mni", Some(Locale::MniMtei)),
        ("mni-IN", Some(Locale::MniMtei)),
        ("mni-beng-IN", Some(Locale::MniBeng)),
        ("fr", None),
        ("h", None),
        ("hi_IN", None),
        ("x-hi", None),
        ("", None),
    ] {
        assert_eq!(Locale::parse(tag), locale, "{tag:?}");
    }
}

#[test]
fn accept_language_prefers_by_quality_and_then_by_order() {
    for (header, locale) in [
        ("hi", Some(Locale::Hi)),
        ("en;q=0.8, ta-IN, hi", Some(Locale::Ta)),
        ("fr, ml;q=0.3, ur ; q = 0.5", Some(Locale::Ur)),
        ("hi;q=0, en;q=0.001", Some(Locale::En)),
        ("hi;q=NaN, en;q=-1, ta;q=inf, te;q=2, kn;q=", None),
        ("*", None),
        (",;,=;q,", None),
        ("", None),
    ] {
        assert_eq!(Locale::of_accept_language(header), locale, "{header:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_safe(text in any::<String>()) {
        let _ = Locale::parse(&text);
        let _ = Locale::of_accept_language(&text);
    }

    #[test]
    fn the_highest_quality_wins(qualities in prop::collection::vec(0..=1000_u32, 1..Locale::ALL.len())) {
        let ranges: Vec<_> = qualities.iter().zip(Locale::ALL)
            .map(|(quality, locale)| format!("{};q={:.3}", locale.tag(), f64::from(*quality) / 1000.0))
            .collect();
        let best = qualities.iter().enumerate().rev().max_by_key(|(_, quality)| **quality)
            .filter(|(_, quality)| **quality > 0)
            .map(|(position, _)| Locale::ALL[position]);
        prop_assert_eq!(Locale::of_accept_language(&ranges.join(",")), best);
    }

    #[test]
    fn a_tag_with_more_subtags_has_the_same_language(position in 0..Locale::ALL.len(), more in "(-[a-z0-9]{5,8}){0,3}") {
        let locale = Locale::ALL[position];
        prop_assert_eq!(Locale::parse(&format!("{}{more}", locale.tag())), Some(locale));
    }
}
