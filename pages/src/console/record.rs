use askama::Template;

use super::{Frame, Moment, moment, name, names};
use crate::layout::Rendered;

/// A consent record with its trail, and who was told to stop.
pub struct Record<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its status.
    pub status: &'a str,
    /// The notice.
    pub notice: &'a str,
    /// Its version.
    pub version: &'a str,
    /// The codes of the purposes that are granted now.
    pub granted: &'a [String],
    /// The codes of the purposes that were denied.
    pub denied: &'a [String],
    /// The position of the first entry of the trail that does not fit the chain.
    pub first_invalid: Option<u64>,
    /// Whether the personal data of the trail is erased.
    pub anonymized: bool,
    /// The entries of the trail, oldest first.
    pub entries: Vec<Entry<'a>>,
    /// The number of entries that the page does not show.
    pub left_out: usize,
    /// Who had to stop.
    pub recipients: Vec<Recipient<'a>>,
}

/// An entry of a trail.
pub struct Entry<'a> {
    /// When.
    pub at: Option<Moment>,
    /// What happened.
    pub action: &'a str,
    /// The key that did it.
    pub actor: &'a str,
    /// What it says, by the names of its members.
    pub details: Vec<(String, String)>,
}

/// What a recipient had to do, and has said.
pub struct Recipient<'a> {
    /// Its name.
    pub name: &'a str,
    /// The event's type.
    pub kind: &'a str,
    /// The purposes.
    pub purposes: &'a [String],
    /// When it was told.
    pub told: Option<Moment>,
    /// When it confirmed.
    pub confirmed: Option<Moment>,
    /// What it did.
    pub outcome: Option<String>,
    /// Until when it has time.
    pub due: Option<Moment>,
    /// Whether that is over.
    pub overdue: bool,
}

#[derive(Template)]
#[template(path = "console/record.html")]
struct Main<'a> {
    view: &'a Record<'a>,
}

/// The page of a record.
pub fn record(frame: &Frame, view: &Record) -> Rendered {
    frame.page(view.id, None, &Main { view })
}
