use askama::Template;

use super::{Frame, Section};
use crate::{
    html::{Date, Html, Text},
    layout::Rendered,
    messages::Messages,
};

/// What happened to the person's records.
pub struct History<'a> {
    /// The records, in the order in which they are shown.
    pub records: Vec<RecordHistory<'a>>,
    /// The cursor of the page with older records.
    pub older: Option<&'a str>,
}

/// What happened to a record.
pub struct RecordHistory<'a> {
    /// Its purposes.
    pub purposes: Vec<Text<'a>>,
    /// Its id.
    pub record: &'a str,
    /// What happened, in the order in which it is shown.
    pub entries: Vec<HistoryEntry>,
    /// Whether the audit trail is complete and unaltered.
    pub verified: bool,
}

/// An event.
pub struct HistoryEntry {
    /// The day.
    pub at: Date,
    /// The time of day, with its time zone.
    pub time: String,
    /// What happened.
    pub kind: HistoryKind,
    /// Whether the person did it on these pages, and not the organisation.
    pub by_person: bool,
}

/// What happened.
pub enum HistoryKind {
    /// The record was made.
    Given,
    /// All of it was withdrawn.
    Withdrawn,
    /// A part of it was withdrawn.
    PartWithdrawn,
    /// A newer record took its place.
    Renewed,
    /// The person was erased.
    Erased,
    /// Something else changed.
    Other,
}

#[derive(Template)]
#[template(path = "history.html")]
struct Main<'a> {
    m: Messages,
    frame: &'a Frame<'a>,
    view: &'a History<'a>,
}

/// The history.
pub fn history(frame: &Frame, view: &History) -> Rendered {
    let m = frame.messages();
    frame.page(&m.history_title(), Some(Section::History), &Main { m, frame, view })
}
