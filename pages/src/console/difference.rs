use askama::Template;

use super::{Area, Frame, name};
use crate::layout::Rendered;

/// Two versions of a notice, side by side.
pub struct Difference<'a> {
    /// The notice.
    pub notice: &'a str,
    /// The earlier version.
    pub left: &'a str,
    /// The later version.
    pub right: &'a str,
    /// The language.
    pub language: &'a str,
    /// The versions that do not have this language.
    pub missing: Vec<&'a str>,
    /// The parts that are compared.
    pub parts: Vec<Part<'a>>,
}

/// A part of a notice.
pub struct Part<'a> {
    /// What it is.
    pub name: &'static str,
    /// Its lines, in their order.
    pub rows: Vec<Row<'a>>,
    /// Whether it has more lines than these.
    pub shortened: bool,
}

/// A line of both versions.
pub enum Row<'a> {
    /// It is the same in both.
    Same(&'a str),
    /// It is another in each, or only one of them has it.
    Changed(Option<&'a str>, Option<&'a str>),
    /// So many lines are the same in both, and not shown.
    Skipped(usize),
}

impl Part<'_> {
    fn has_changed(&self) -> bool {
        self.rows.iter().any(|row| matches!(row, Row::Changed(..)))
    }
}

#[derive(Template)]
#[template(path = "console/difference.html")]
struct Main<'a> {
    view: &'a Difference<'a>,
}

/// The page of the difference between two versions.
pub fn difference(frame: &Frame, view: &Difference) -> Rendered {
    frame.page(view.notice, Some(Area::Notices), &Main { view })
}
