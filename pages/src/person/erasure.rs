use askama::Template;

use super::{Frame, Section};
use crate::{html::Html, layout::Rendered, messages::Messages};

/// The form that erases the person.
pub struct Erasure {
    /// Whether it was sent without the confirmation.
    pub unconfirmed: bool,
}

/// What became of an erasure.
pub struct Erased<'a> {
    /// The request's number.
    pub number: &'a str,
    /// Whether only a part is erased, so that the page has a button for the rest.
    pub in_progress: bool,
}

#[derive(Template)]
#[template(path = "erasure.html")]
struct Main<'a> {
    m: Messages,
    frame: &'a Frame<'a>,
    view: &'a Erasure,
}

#[derive(Template)]
#[template(path = "erased.html")]
struct ErasedMain<'a> {
    m: Messages,
    frame: &'a Frame<'a>,
    view: &'a Erased<'a>,
}

/// The form for erasure.
pub fn erasure(frame: &Frame, view: &Erasure) -> Rendered {
    let m = frame.messages();
    frame.page(&m.erasure_title(), Some(Section::Erasure), &Main { m, frame, view })
}

/// The end of the visit: nothing leads from here, since the person is not known any more.
pub fn erased(frame: &Frame, view: &Erased) -> Rendered {
    let m = frame.messages();
    let title = if view.in_progress { m.erasure_title() } else { m.erased_title() };
    frame.page_alone(&title, None, &ErasedMain { m, frame, view })
}
