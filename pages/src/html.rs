//! Pieces of HTML, and what they are made of.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;

use crate::{locale::Locale, messages::Messages};

/// A day, of the calendar that the texts use.
#[derive(Clone, Copy)]
pub struct Date {
    /// The year.
    pub year: i32,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

/// A text of an organisation or of a person.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// The text.
    pub text: &'a str,
    /// The BCP 47 tag of its language.
    pub language: &'a str,
}

/// Text that is HTML already, which templates do not escape.
pub(crate) struct Html(String);

impl HtmlSafe for Html {}

impl Display for Html {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Html {
    /// Takes what is HTML already.
    pub(crate) fn new(html: String) -> Self {
        Self(html)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// A text for an attribute, where no element can stand.
    pub(crate) fn escaped(text: &str) -> Self {
        let mut html = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                _ => html.push(character),
            }
        }
        Self(html)
    }

    /// A text for a title, where no element can stand: in the characters that isolate its direction.
    pub(crate) fn isolated(text: &str) -> Self {
        Self(format!("\u{2068}{}\u{2069}", Self::escaped(text)))
    }

    /// A name, whose language nobody knows: it keeps its direction to itself.
    pub(crate) fn name(name: &str) -> Self {
        Self(format!("<bdi>{}</bdi>", Self::escaped(name)))
    }

    /// The name of a language in that language.
    pub(crate) fn language(locale: Locale) -> Self {
        Self(format!("<bdi lang=\"{}\">{}</bdi>", locale.tag(), locale.own_name()))
    }

    pub(crate) fn number(number: impl Display) -> Self {
        Self(number.to_string())
    }
}

impl Messages {
    /// A text, with its language where that is not the page's: it keeps its direction to itself.
    pub(crate) fn text(self, text: &Text) -> Html {
        if text.language.eq_ignore_ascii_case(self.tag()) {
            return Html::name(text.text);
        }
        let (language, text) = (Html::escaped(text.language), Html::escaped(text.text));
        Html(format!("<bdi lang=\"{language}\">{text}</bdi>"))
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(crate) fn time(self, date: &Date) -> Html {
        let Date { year, month, day } = *date;
        let name = match month {
            1 => self.month_1(),
            2 => self.month_2(),
            3 => self.month_3(),
            4 => self.month_4(),
            5 => self.month_5(),
            6 => self.month_6(),
            7 => self.month_7(),
            8 => self.month_8(),
            9 => self.month_9(),
            10 => self.month_10(),
            11 => self.month_11(),
            12 => self.month_12(),
            _ => Html::number(month),
        };
        let text = self.date(&Html::number(day), &name, &Html::number(year));
        Html(format!("<time datetime=\"{year:04}-{month:02}-{day:02}\">{text}</time>"))
    }
}
