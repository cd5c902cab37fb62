use askama::Template;

use super::{Layout, name};
use crate::{
    html::Html,
    layout::{Rendered, render},
    person::Problem,
};

#[derive(Template)]
#[template(path = "console/problem.html")]
struct Main<'a> {
    text: &'static str,
    number: Option<&'a str>,
    back: bool,
}

/// A page that says what went wrong; `number` is that of the error in the log, and `back` links to the first page.
pub fn problem(problem: Problem, number: Option<&str>, back: bool) -> Rendered {
    let text = match problem {
        Problem::Link => "This link was used before, or is too old. Make another one.",
        Problem::Session => "Your session has ended. Make another link.",
        Problem::Form => "The page did not get what it needs, or the form is not from this session.",
        Problem::NotFound => "There is no such page, or nothing with this id.",
        Problem::NotAllowed => "The key of this session does not allow this.",
        Problem::Conflict => "Something has changed meanwhile. Open the page again.",
        Problem::TooLarge => "The form is too large.",
        Problem::Unavailable => "A part of the service cannot be reached. Try again in some minutes.",
        Problem::Internal => "Something went wrong here.",
    };
    Layout {
        title: Html::new("This did not work".to_owned()),
        organisation: None,
        areas: &[],
        current: None,
        main: render(&Main { text, number, back }),
    }
    .page()
}
