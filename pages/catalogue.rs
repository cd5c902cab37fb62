//! Reads the catalogues of messages and checks them against each other.

use std::collections::BTreeMap;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};

/// What the first line of a catalogue says where nobody has reviewed it.
const UNREVIEWED: &str = "Translated from English; no native speaker has reviewed it.";
/// What the first line says of the catalogue that the others are translated from.
const SOURCE: &str = "The source of all other catalogues.";
/// What the first line says, with a name after it, where somebody has reviewed the catalogue.
const REVIEWED: &str = "Translated from English; reviewed by ";

/// What a message must not hold, so that it needs no escapes, as text or in an attribute.
const MARKUP: [char; 4] = ['&', '<', '>', '"'];

/// The messages of one language.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Catalogue {
    pub(crate) reviewed: bool,
    pub(crate) messages: Vec<Message>,
}

/// One message.
#[derive(Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) name: String,
    pub(crate) segments: Vec<Segment>,
}

/// A part of a message.
#[derive(Debug, PartialEq)]
pub(crate) enum Segment {
    Text(String),
    Placeable(String),
}

impl Message {
    /// The names of its placeables, each once, in the order of their first use.
    pub(crate) fn placeables(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for segment in &self.segments {
            if let Segment::Placeable(name) = segment
                && !names.contains(&name.as_str())
            {
                names.push(name.as_str());
            }
        }
        names
    }
}

/// Reads catalogues, each given with its tag, the first being the one that the others are translated from: the
/// catalogues with the messages in the order of the first, or else all their faults.
pub(crate) fn read(sources: &[(&str, &str)]) -> Result<Vec<Catalogue>, Vec<String>> {
    let mut faults = Vec::new();
    let mut catalogues: Vec<Catalogue> = Vec::new();
    for (tag, source) in sources {
        let mut report = |fault: String| faults.push(format!("{tag}.ftl: {fault}"));
        let mut catalogue = parse(source, &mut report);
        if let Some(first) = catalogues.first() {
            catalogue.messages = compare(first, catalogue.messages, &mut report);
        }
        catalogues.push(catalogue);
    }
    if faults.is_empty() { Ok(catalogues) } else { Err(faults) }
}

fn parse(source: &str, report: &mut impl FnMut(String)) -> Catalogue {
    let first_line = source.lines().next().unwrap_or_default();
    let reviewed = first_line.ends_with(SOURCE) || first_line.contains(REVIEWED);
    if !reviewed && !first_line.ends_with(UNREVIEWED) {
        report(format!("the first line must end with {UNREVIEWED:?} or with {REVIEWED:?} and a name"));
    }
    let resource = fluent_syntax::parser::parse(source).unwrap_or_else(|(resource, errors)| {
        for error in errors {
            let line = source.get(..error.pos.start).unwrap_or_default().lines().count().max(1);
            report(format!("line {line}: {}", error.kind));
        }
        resource
    });
    let mut messages: Vec<Message> = Vec::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let name = message.id.name.to_owned();
                if messages.iter().any(|other| other.name == name) {
                    report(format!("{name}: stands there twice"));
                    continue;
                }
                if !message.attributes.is_empty() {
                    report(format!("{name}: attributes are not supported"));
                }
                let mut segments = Vec::new();
                for element in message.value.into_iter().flat_map(|pattern| pattern.elements) {
                    match element {
                        PatternElement::TextElement { value } => {
                            if value.contains(MARKUP) {
                                report(format!("{name}: has one of the characters that HTML reads as markup"));
                            }
                            segments.push(Segment::Text(value.to_owned()));
                        }
                        PatternElement::Placeable {
                            expression: Expression::Inline(InlineExpression::VariableReference { id }),
                        } => segments.push(Segment::Placeable(id.name.to_owned())),
                        PatternElement::Placeable { .. } => {
                            report(format!("{name}: only placeables of the form {{ $name }} are supported"));
                        }
                    }
                }
                messages.push(Message { name, segments });
            }
            Entry::Term(term) => report(format!("-{}: terms are not supported", term.id.name)),
            // Junk is a syntax error, which is reported above.
            Entry::Junk { .. } | Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    Catalogue { reviewed, messages }
}

/// Puts translated messages into the order of the source's.
fn compare(source: &Catalogue, translated: Vec<Message>, report: &mut impl FnMut(String)) -> Vec<Message> {
    let mut translated: BTreeMap<String, Message> =
        translated.into_iter().map(|message| (message.name.clone(), message)).collect();
    let mut messages = Vec::new();
    for expected in &source.messages {
        let name = &expected.name;
        let Some(message) = translated.remove(name) else {
            report(format!("{name}: is missing"));
            continue;
        };
        let (wanted, found) = (expected.placeables(), message.placeables());
        for placeable in wanted.iter().filter(|placeable| !found.contains(placeable)) {
            report(format!("{name}: lacks the placeable ${placeable}"));
        }
        for placeable in found.iter().filter(|placeable| !wanted.contains(placeable)) {
            report(format!("{name}: has the placeable ${placeable}, which the source lacks"));
        }
        messages.push(message);
    }
    for name in translated.keys() {
        report(format!("{name}: is not a message of the source"));
    }
    messages
}
