use askama::Template;

use super::{Area, Frame, day, name};
use crate::{html::Date, layout::Rendered};

/// Grievances, newest first.
pub struct Grievances<'a> {
    /// The status that is selected; empty for all.
    pub status: &'a str,
    /// The grievances.
    pub grievances: Vec<Grievance<'a>>,
    /// The path of the next page, if there is one.
    pub next: Option<String>,
}

/// A grievance.
pub struct Grievance<'a> {
    /// Its id.
    pub id: String,
    /// Its reference number.
    pub number: &'a str,
    /// Its type, in the organisation's words.
    pub kind: &'a str,
    /// Its status: `submitted`, `in_review`, `resolved`, `rejected` or `erased`.
    pub status: &'a str,
    /// When it was submitted.
    pub made: Date,
    /// When it must be resolved, while it is open.
    pub due: Option<Date>,
    /// Whether that is over.
    pub overdue: bool,
}

/// A grievance with all that was said, and what can be done next.
pub struct GrievanceDetails<'a> {
    /// What the form that led here has done.
    pub banner: Option<DecisionBanner>,
    /// The grievance.
    pub grievance: Grievance<'a>,
    /// The person; none after erasure.
    pub person: Option<&'a str>,
    /// Whether the visit may see the person's page.
    pub can_see_person: bool,
    /// The record that it is about.
    pub record: Option<String>,
    /// The complaint; none after erasure.
    pub description: Option<&'a str>,
    /// The evidence, as JSON.
    pub evidence: Option<String>,
    /// The decision and its reasons.
    pub resolution: Option<&'a str>,
    /// What the visit may do now.
    pub next: Option<Decision<'a>>,
}

/// What can be done with a grievance.
pub enum Decision<'a> {
    /// Its review can begin.
    Review,
    /// It can be decided, with this text in the field, and at most so many characters.
    Decide {
        /// What stands in the field.
        text: &'a str,
        /// The most characters.
        most_characters: usize,
    },
}

/// What the form has done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum DecisionBanner {
    /// The step is taken.
    Done,
    /// The grievance is in another state than the form knew.
    Meanwhile,
    /// There was no resolution, or too long a one.
    Missing,
}

/// The values of the field `status`, with their names.
const STATUSES: [(&str, &str); 6] = [
    ("", "all"),
    ("submitted", "submitted"),
    ("in_review", "in review"),
    ("resolved", "resolved"),
    ("rejected", "rejected"),
    ("erased", "erased"),
];

impl Grievance<'_> {
    pub(super) fn status_name(&self) -> &str {
        let found = STATUSES.iter().find(|(value, _)| *value == self.status);
        found.map_or(self.status, |(_, name)| name)
    }
}

#[derive(Template)]
#[template(path = "console/grievances.html")]
struct Main<'a> {
    view: &'a Grievances<'a>,
}

#[derive(Template)]
#[template(path = "console/grievance.html")]
struct DetailsMain<'a> {
    view: &'a GrievanceDetails<'a>,
    token: &'a str,
}

/// The page of grievances.
pub fn grievances(frame: &Frame, view: &Grievances) -> Rendered {
    frame.page("Grievances", Some(Area::Grievances), &Main { view })
}

/// The page of a grievance.
pub fn grievance(frame: &Frame, view: &GrievanceDetails) -> Rendered {
    frame.page(view.grievance.number, Some(Area::Grievances), &DetailsMain { view, token: frame.token })
}
