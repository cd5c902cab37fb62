use assent_pages::Locale;

use crate::{
    documents::{Element, elements},
    examples::Texts,
};

/// Markup that ends every element and attribute a text may stand in, an override of direction that it does not end,
/// and characters of no width.
pub(crate) const HOSTILE: &str = "\"'><script>hostile()</script></textarea></title></style></bdi></div><img src=x onerror=hostile()> \
                       &lt;b&gt;&#60;i&#62; {{ m }} {0} \u{200B}\u{2066}\u{202E}gnol";

fn hostile() -> Texts {
    let text = || HOSTILE.to_owned();
    Texts {
        organisation: text(),
        title: text(),
        content: text(),
        purposes: vec![text(); 5],
        items: vec![text(); 3],
        recipient: text(),
        complaint: text(),
        officer: text(),
        email: text(),
        phone: text(),
        url: text(),
        language: text(),
        id: text(),
        codes: vec![text(); 5],
        token: text(),
        time_zone: text(),
    }
}

/// Names of elements and attributes, in the order of a document.
pub(crate) fn structure(elements: &[Element]) -> Vec<String> {
    let names = |element: &Element| {
        // The language of an English text is not named on an English page; that of a hostile tag is.
        let names = element.attributes.iter().map(|(name, _)| name.as_str()).filter(|name| *name != "lang");
        format!("{} {}", element.name, names.collect::<Vec<_>>().join(" "))
    };
    elements.iter().map(names).collect()
}

#[test]
fn hostile_text_stays_text() {
    for locale in [Locale::En, Locale::Ur] {
        let harmless = Texts { language: "fr".to_owned(), ..Texts::english() };
        for ((name, page), (_, expected)) in hostile().pages(locale).iter().zip(harmless.pages(locale)) {
            let (found, expected) = (elements(&page.html), elements(&expected.html));
            let (found, expected) = (structure(&found), structure(&expected));
            // A hostile tag is no language of a page, so that the notice says that it is in another one in both.
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn an_override_of_direction_stays_in_its_element() {
    for (name, page) in hostile().pages(Locale::En) {
        let all = elements(&page.html);
        let isolates = |element: &Element| {
            matches!(element.name.as_str(), "bdi" | "title") || element.attribute("dir") == Some("auto")
        };
        let is_innermost =
            |place: usize| !all.iter().any(|other| other.ancestors.contains(&place) && other.text.contains('\u{202E}'));
        for (place, element) in all.iter().enumerate() {
            if element.text.contains('\u{202E}') && is_innermost(place) {
                assert!(isolates(element), "{name}: {element:?}");
            }
        }
        // The characters that end the direction in a title.
        let title = all.iter().find(|element| element.name == "title").unwrap();
        assert!(!title.text.contains('\u{202E}') || title.text.ends_with('\u{2069}'), "{name}");
    }
}

#[test]
fn hostile_text_is_shown_whole() {
    let (_, page) = hostile().pages(Locale::En).swap_remove(1);
    let all = elements(&page.html);
    let content = all.iter().find(|element| element.attribute("class") == Some("text")).unwrap();
    assert_eq!(content.text, HOSTILE);
}
