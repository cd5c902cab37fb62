use askama::Template;

use super::{Area, Frame, day, name, text};
use crate::{
    html::{Date, Text},
    layout::Rendered,
    person::ConsentState,
};

/// A person, or the form that asks for one.
pub struct Person<'a> {
    /// The person's id; none shows only the form.
    pub id: Option<&'a str>,
    /// The latest decision about each purpose of each notice.
    pub consents: Vec<Consent<'a>>,
    /// The number of consents that are shown, where there are more.
    pub shortened: Option<usize>,
    /// Whether the visit may see the records.
    pub can_see_records: bool,
}

/// A person's decision about one purpose.
pub struct Consent<'a> {
    /// What the data is used for.
    pub description: Text<'a>,
    /// The purpose's code.
    pub purpose: &'a str,
    /// The notice.
    pub notice: &'a str,
    /// Its version.
    pub version: &'a str,
    /// What the decision is now.
    pub state: ConsentState,
    /// When it became that.
    pub since: Date,
    /// When a granted consent ends.
    pub until: Option<Date>,
    /// The id of its record.
    pub record: &'a str,
}

#[derive(Template)]
#[template(path = "console/person.html")]
struct Main<'a> {
    view: &'a Person<'a>,
}

/// The page of a person.
pub fn person(frame: &Frame, view: &Person) -> Rendered {
    frame.page("A person", Some(Area::Person), &Main { view })
}
