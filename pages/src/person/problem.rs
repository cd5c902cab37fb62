use askama::Template;

use crate::{
    html::Html,
    layout::{Layout, Rendered, render},
    locale::Locale,
    messages::Messages,
};

/// Why a page cannot be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// The link was used, or is too old.
    Link,
    /// The visit is over.
    Session,
    /// The form is too old, or of another page.
    Form,
    /// There is no such page.
    NotFound,
    /// This visit may not do this.
    NotAllowed,
    /// Something else happened first.
    Conflict,
    /// The form is too large.
    TooLarge,
    /// A part of the service cannot be reached.
    Unavailable,
    /// Anything else.
    Internal,
}

impl Problem {
    /// What a response with this status of HTTP says.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::Session,
            403 => Self::NotAllowed,
            404 | 405 => Self::NotFound,
            409 | 412 | 422 => Self::Conflict,
            410 => Self::Link,
            413 => Self::TooLarge,
            400 | 415 => Self::Form,
            503 => Self::Unavailable,
            _ => Self::Internal,
        }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Main<'a> {
    m: Messages,
    text: Option<Html>,
    number: Option<&'a str>,
    back: bool,
}

/// A page that says what went wrong; `number` is that of the error in the log, and `back` links to the home page.
pub fn problem(
    locale: Locale,
    organisation: Option<&str>,
    problem: Problem,
    number: Option<&str>,
    back: bool,
) -> Rendered {
    let m = Messages(locale);
    let organisation = organisation.map(Html::name);
    let text = match problem {
        Problem::Link => Some(m.error_link()),
        Problem::Session => Some(m.error_session()),
        Problem::Form => Some(m.error_form()),
        Problem::NotFound => Some(m.error_not_found()),
        Problem::NotAllowed => organisation.as_ref().map(|organisation| m.error_not_allowed(organisation)),
        Problem::Conflict => Some(m.error_conflict()),
        Problem::TooLarge => Some(m.error_too_large()),
        Problem::Unavailable => Some(m.error_unavailable()),
        Problem::Internal => Some(m.error_internal()),
    };
    Layout {
        m,
        title: m.error_title(),
        name: organisation.map(|organisation| m.page_name(&organisation)),
        navigation: Vec::new(),
        here: None,
        main: render(&Main { m, text, number, back }),
    }
    .page()
}
