use askama::Template;

use super::{Frame, Section};
use crate::{
    html::{Date, Html},
    layout::Rendered,
    messages::Messages,
};

/// The person's complaints.
pub struct Grievances<'a> {
    /// What the form that led here has done.
    pub banner: Option<GrievanceBanner<'a>>,
    /// What stands in the field of the form.
    pub text: &'a str,
    /// The number of characters that a complaint may have.
    pub most_characters: usize,
    /// The number of days until there is an answer.
    pub days: u32,
    /// Whether this visit may complain.
    pub can_complain: bool,
    /// The complaints, in the order in which they are shown.
    pub grievances: Vec<Grievance<'a>>,
}

/// What the form of a complaint has done.
pub enum GrievanceBanner<'a> {
    /// It was received.
    Sent {
        /// The complaint's number.
        number: &'a str,
    },
    /// It was received before.
    SentBefore,
    /// It had no text, or too long a text.
    Missing,
}

/// A complaint.
pub struct Grievance<'a> {
    /// Its number.
    pub number: &'a str,
    /// How far it is.
    pub state: GrievanceState,
    /// When it was made.
    pub made: Date,
    /// When an answer is due.
    pub answer_by: Option<Date>,
    /// The answer.
    pub answer: Option<&'a str>,
}

/// How far a complaint is.
pub enum GrievanceState {
    /// It was received.
    Submitted,
    /// It is examined.
    InReview,
    /// It is resolved.
    Resolved,
    /// It is rejected.
    Rejected,
    /// Its person was erased.
    Erased,
}

#[derive(Template)]
#[template(path = "grievances.html")]
struct Main<'a> {
    m: Messages,
    frame: &'a Frame<'a>,
    view: &'a Grievances<'a>,
}

impl Main<'_> {
    fn is_missing(&self) -> bool {
        matches!(self.view.banner, Some(GrievanceBanner::Missing))
    }
}

/// The complaints, and the form for one more.
pub fn grievances(frame: &Frame, view: &Grievances) -> Rendered {
    let m = frame.messages();
    frame.page(&m.grievances_title(), Some(Section::Grievances), &Main { m, frame, view })
}
