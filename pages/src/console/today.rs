use askama::Template;

use super::{Area, Confirmation, Delivery, Frame, Grievance, List, NoticeVersion, day, moment, name, names, text};
use crate::layout::Rendered;

/// What needs doing. A list that the visit may not see is absent.
pub struct Today<'a> {
    /// The deliveries that are overdue.
    pub deliveries: Option<List<Delivery<'a>>>,
    /// The grievances that are due soon or overdue.
    pub grievances: Option<List<Grievance<'a>>>,
    /// For how many days ahead grievances are shown.
    pub days: u32,
    /// The versions of notices that have drafts or lack something.
    pub notices: Option<List<NoticeVersion<'a>>>,
}

#[derive(Template)]
#[template(path = "console/today.html")]
struct Main<'a> {
    view: &'a Today<'a>,
    /// For the pieces that have forms on other pages.
    token: &'a str,
}

/// The page of what needs doing today.
pub fn today(frame: &Frame, view: &Today) -> Rendered {
    frame.page("Today", Some(Area::Today), &Main { view, token: frame.token })
}
