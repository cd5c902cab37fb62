//! What every page has, for people who hear it, use no mouse, or see it small.

use std::{cell::RefCell, collections::BTreeSet};

use assent_pages::{Date, Frame, Home, Locale, Problem, Rendered, Section, home, problem};
use html5ever::{
    TokenizerResult,
    tendril::StrTendril,
    tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, states::RawKind},
};

use crate::examples::Texts;

const VOID: [&str; 5] = ["br", "input", "link", "meta", "img"];

#[derive(Clone, Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// The text in it and in the elements in it.
    pub(crate) text: String,
    /// The places of the elements that it is in, among all elements.
    pub(crate) ancestors: Vec<usize>,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// Collects the elements of a document whose tags are balanced.
#[derive(Default)]
struct Elements {
    all: RefCell<Vec<Element>>,
    open: RefCell<Vec<usize>>,
}

impl TokenSink for Elements {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let (mut all, mut open) = (self.all.borrow_mut(), self.open.borrow_mut());
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                let attributes =
                    tag.attrs.iter().map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()));
                let name = tag.name.to_string();
                let element = Element {
                    name: name.clone(),
                    attributes: attributes.collect(),
                    text: String::new(),
                    ancestors: open.clone(),
                };
                all.push(element);
                // In a drawing, an element may close itself.
                if !VOID.contains(&name.as_str()) && !tag.self_closing {
                    open.push(all.len() - 1);
                }
                return match name.as_str() {
                    "style" => TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            Token::TagToken(tag) => {
                let last = open.pop().map(|place| all[place].name.clone());
                assert_eq!(last.as_deref(), Some(&*tag.name), "line {line}: the wrong end tag");
            }
            Token::CharacterTokens(text) => open.iter().for_each(|place| all[*place].text.push_str(&text)),
            Token::ParseError(error) => panic!("line {line}: {error}"),
            Token::EOFToken => assert!(open.is_empty(), "an end tag is missing"),
            Token::NullCharacterToken => panic!("line {line}: a null character"),
            Token::DoctypeToken(_) => assert!(all.is_empty()),
            Token::CommentToken(_) => panic!("line {line}: a comment"),
        }
        TokenSinkResult::Continue
    }
}

pub(crate) fn elements(html: &str) -> Vec<Element> {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(Elements::default(), html5ever::tokenizer::TokenizerOpts::default());
    assert!(matches!(tokenizer.feed(&queue), TokenizerResult::Done));
    tokenizer.end();
    tokenizer.sink.all.into_inner()
}

pub(crate) fn named<'a>(elements: &'a [Element], name: &str) -> Vec<&'a Element> {
    elements.iter().filter(|element| element.name == name).collect()
}

fn check(page: &Rendered) {
    assert!(page.html.starts_with("<!DOCTYPE html>\n<html lang="));
    let all = elements(&page.html);
    let html = &all[0];
    assert_eq!(html.attribute("lang"), Some(page.locale.tag()));
    assert_eq!(html.attribute("dir"), page.locale.is_right_to_left().then_some("rtl"));

    for (name, number) in [("title", 1), ("h1", 1), ("main", 1), ("style", 1), ("script", 0), ("img", 0)] {
        assert_eq!(named(&all, name).len(), number, "{name}");
    }
    for element in &all {
        let is_silent = |name: &str| element.name == name && element.text.trim().is_empty();
        for name in ["title", "h1", "h2", "h3", "legend", "a", "button", "label", "p", "li", "option"] {
            assert!(!is_silent(name), "an empty {name}");
        }
        assert!(!element.attributes.iter().any(|(name, _)| name.starts_with("on") || name == "style"));
    }
    let headings = all.iter().filter_map(|element| element.name.strip_prefix('h')?.parse::<u32>().ok());
    headings.fold(0, |last, level| {
        assert!(level <= last + 1, "a heading of level {level} follows one of level {last}");
        level
    });

    let ids: Vec<_> = all.iter().filter_map(|element| element.attribute("id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id stands there twice");
    for element in &all {
        let link = element.attribute("href").and_then(|path| path.strip_prefix('#'));
        for id in [link, element.attribute("for"), element.attribute("aria-describedby")].into_iter().flatten() {
            assert!(ids.contains(&id), "{id} is no id");
        }
    }

    let language = format!("lang={}", page.locale.tag());
    for link in named(&all, "a") {
        let path = link.attribute("href").unwrap();
        match link.attribute("hreflang") {
            Some(other) => {
                assert_eq!(link.attribute("lang"), Some(other));
                assert!(path.ends_with(&format!("lang={other}")) && other != page.locale.tag(), "{path}");
            }
            None => assert!(path.contains(':') || path.starts_with('#') || path.ends_with(&language), "{path}"),
        }
    }
    for (place, form) in all.iter().enumerate().filter(|(_, element)| element.name == "form") {
        assert_eq!(form.attribute("method"), Some("post"));
        let fields: Vec<_> = all.iter().filter(|element| element.ancestors.contains(&place)).collect();
        let value = |name| fields.iter().find(|field| field.attribute("name") == Some(name))?.attribute("value");
        assert_eq!(value("lang"), Some(page.locale.tag()));
        assert!(value("token").or(value("link")).is_some());
        for field in fields.iter().filter(|field| matches!(field.name.as_str(), "input" | "textarea")) {
            let label =
                |element: &Element| element.name == "label" && element.attribute("for") == field.attribute("id");
            let is_labelled = field.ancestors.iter().any(|place| all[*place].name == "label")
                || all.iter().any(|element| field.attribute("id").is_some() && label(element));
            assert!(field.attribute("type") == Some("hidden") || is_labelled, "{field:?} has no label");
            if field.attribute("type") == Some("radio") {
                assert!(field.ancestors.iter().any(|place| all[*place].name == "fieldset"));
            }
        }
    }
    let is_current = |link: &&Element| link.attribute("aria-current").is_some();
    assert!(named(&all, "a").into_iter().filter(is_current).count() <= 1);
}

#[test]
fn every_page_is_accessible_in_every_language() {
    for locale in Locale::ALL {
        for (name, page) in Texts::english().pages(locale) {
            println!("{name} in {}", locale.tag());
            check(&page);
            let all = elements(&page.html);
            let languages = named(&all, "a").iter().filter(|link| link.attribute("hreflang").is_some()).count();
            let expected =
                if matches!(name, "erased" | "erased-in-part" | "problem") { 0 } else { Locale::ALL.len() - 1 };
            assert_eq!(languages, expected, "{name}");
        }
    }
}

#[test]
fn every_problem_is_named() {
    use Problem::{Conflict, Form, Internal, Link, NotAllowed, NotFound, Session, TooLarge, Unavailable};
    for kind in [Link, Session, Form, NotFound, NotAllowed, Conflict, TooLarge, Unavailable, Internal] {
        for locale in Locale::ALL {
            check(&problem(locale, None, kind, None, false));
            check(&problem(locale, Some("Sahyadri Bank"), kind, Some("abc"), true));
        }
    }
}

fn home_page(locale: Locale, sections: &[Section], can_withdraw: bool, granted: usize) -> Vec<Element> {
    use assent_pages::{Consent, ConsentState, Text};
    let consent = |state| Consent {
        description: Text { text: "Offers", language: "en" },
        state,
        since: Date { year: 2026, month: 13, day: 1 },
        until: None,
        record: "a/b&c",
        purpose: "offers",
        notice: "not_1",
        receipt: false,
    };
    let consents =
        (0..granted).map(|_| consent(ConsentState::Granted)).chain([consent(ConsentState::Denied)]).collect();
    let frame = Frame { locale, organisation: "Sahyadri Bank", here: "home", sections, token: "t" };
    elements(&home(&frame, &Home { banner: None, consents, shortened: None, can_withdraw }).html)
}

#[test]
fn one_press_withdraws_what_is_granted() {
    let forms = |granted, can_withdraw| {
        let all = home_page(Locale::En, &[], can_withdraw, granted);
        named(&all, "button").iter().map(|button| button.attribute("aria-label").map(str::to_owned)).collect::<Vec<_>>()
    };
    let one = || Some("Withdraw: Offers".to_owned());
    assert_eq!(forms(0, true), []);
    assert_eq!(forms(1, true), [one()]);
    assert_eq!(forms(2, true), [one(), one(), None]);
    assert_eq!(forms(2, false), []);
}

#[test]
fn the_navigation_shows_what_a_visit_may_see() {
    let links = |sections| {
        let all = home_page(Locale::Ta, sections, false, 0);
        let links = named(&all, "a").into_iter().filter(|link| link.attribute("hreflang").is_none());
        links.map(|link| link.attribute("href").unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(links(&[]), ["notice?record=a%2Fb%26c&lang=ta"]);
    assert_eq!(
        links(&[Section::Home, Section::Copy]),
        ["home?lang=ta", "copy?lang=ta", "notice?record=a%2Fb%26c&lang=ta"]
    );
}
