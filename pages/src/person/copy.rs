use askama::Template;

use super::{Frame, Section};
use crate::{
    html::{Date, Text},
    layout::Rendered,
    messages::Messages,
};

/// What the person can download.
pub struct Copy<'a> {
    /// The receipts.
    pub receipts: Vec<Receipt<'a>>,
}

/// A receipt of a record.
pub struct Receipt<'a> {
    /// The record's id.
    pub record: &'a str,
    /// Its purposes.
    pub purposes: Vec<Text<'a>>,
    /// When it was made.
    pub made: Date,
}

#[derive(Template)]
#[template(path = "copy.html")]
struct Main<'a> {
    m: Messages,
    view: &'a Copy<'a>,
}

/// A copy of the data.
pub fn copy(frame: &Frame, view: &Copy) -> Rendered {
    let m = frame.messages();
    frame.page(&m.copy_title(), Some(Section::Copy), &Main { m, view })
}
