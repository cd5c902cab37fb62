use askama::Template;

use super::Frame;
use crate::{
    html::{Html, Text},
    layout::Rendered,
    locale::Locale,
    messages::Messages,
};

/// A notice as it was published.
pub struct Notice<'a> {
    /// Its title, whose language is the notice's.
    pub title: Text<'a>,
    /// Its text, in lines.
    pub content: Text<'a>,
    /// The personal data that it names for all purposes.
    pub data_items: Vec<Text<'a>>,
    /// What the data is used for.
    pub purposes: Vec<NoticePurpose<'a>>,
    /// Who answers questions.
    pub officer: Option<Officer<'a>>,
    /// Where to exercise rights.
    pub links: Option<Links<'a>>,
}

/// A purpose of a notice.
pub struct NoticePurpose<'a> {
    /// What the data is used for.
    pub description: Text<'a>,
    /// The goods or services that this use makes possible.
    pub services: Option<&'a str>,
    /// Whether the service needs it.
    pub necessary: bool,
    /// The personal data that is used.
    pub data_items: Vec<Text<'a>>,
}

/// Who answers questions about the use of personal data.
pub struct Officer<'a> {
    /// The name.
    pub name: &'a str,
    /// The email address.
    pub email: &'a str,
    /// The telephone number.
    pub phone: Option<&'a str>,
}

/// Where to exercise rights: checked URLs, with the scheme `https`.
pub struct Links<'a> {
    /// How to withdraw.
    pub withdraw: Option<&'a str>,
    /// How to exercise the other rights.
    pub rights: Option<&'a str>,
    /// How to complain to the Data Protection Board.
    pub complaint: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Main<'a> {
    m: Messages,
    notice: &'a Notice<'a>,
}

/// The notice of a record.
pub fn notice(frame: &Frame, view: &Notice) -> Rendered {
    let m = frame.messages();
    frame.page(&m.notice_title(), None, &Main { m, notice: view })
}

/// Says that a notice is in another language than the page, where it is.
pub(super) fn other_language(m: Messages, notice: &Notice) -> Option<Html> {
    let shown = match Locale::parse(notice.title.language) {
        Some(locale) if locale == m.0 => return None,
        Some(locale) => Html::language(locale),
        None => Html::name(notice.title.language),
    };
    Some(m.notice_other_language(&Html::language(m.0), &shown))
}
