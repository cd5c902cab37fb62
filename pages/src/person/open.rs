use askama::Template;

use super::Frame;
use crate::{html::Html, layout::Rendered, messages::Messages};

/// What a link in a message opens first: a button, because previews of links press none.
pub struct Open<'a> {
    /// The value of the hidden field `link`.
    pub link: &'a str,
}

#[derive(Template)]
#[template(path = "open.html")]
struct Main<'a> {
    m: Messages,
    frame: &'a Frame<'a>,
    view: &'a Open<'a>,
}

/// The button that starts a visit.
pub fn open(frame: &Frame, view: &Open) -> Rendered {
    let m = frame.messages();
    let title = m.open_title(&Html::isolated(frame.organisation));
    frame.page_alone(&title, Some(frame.here), &Main { m, frame, view })
}
