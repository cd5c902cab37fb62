use askama::Template;

use super::{Frame, Section};
use crate::{
    html::{Date, Text},
    layout::Rendered,
    messages::Messages,
};

/// Who was told to stop, for each record that was withdrawn.
pub struct Told<'a> {
    /// The records.
    pub records: Vec<ToldRecord<'a>>,
}

/// Who was told of the withdrawal of a record.
pub struct ToldRecord<'a> {
    /// What was withdrawn.
    pub purposes: Vec<Text<'a>>,
    /// Who is told of it.
    pub recipients: Vec<ToldRecipient<'a>>,
}

/// A recipient of the person's data.
pub struct ToldRecipient<'a> {
    /// The name.
    pub name: &'a str,
    /// When the recipient was told.
    pub told: Option<Date>,
    /// What came back.
    pub state: ToldState,
}

/// What came back from a recipient.
pub enum ToldState {
    /// Nothing yet.
    Waiting,
    /// Nothing, and it is too late.
    Overdue {
        /// The last day on which it was in time.
        since: Date,
    },
    /// A confirmation.
    Confirmed {
        /// When it came.
        on: Date,
        /// What it says.
        outcome: Outcome,
    },
}

/// What a recipient has done.
pub enum Outcome {
    /// It has stopped.
    Ceased,
    /// It has erased the data.
    Erased,
    /// It holds no such data.
    NotHeld,
    /// It must keep the data by law.
    RetainedByLaw,
    /// It goes on.
    Refused,
}

#[derive(Template)]
#[template(path = "told.html")]
struct Main<'a> {
    m: Messages,
    frame: &'a Frame<'a>,
    view: &'a Told<'a>,
}

/// Who was told to stop.
pub fn told(frame: &Frame, view: &Told) -> Rendered {
    let m = frame.messages();
    frame.page(&m.told_title(), Some(Section::Told), &Main { m, frame, view })
}
