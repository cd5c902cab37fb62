use askama::Template;

use super::{Area, Frame, Moment, moment, name, names};
use crate::layout::Rendered;

/// Deliveries, those of the newest event first.
pub struct Deliveries<'a> {
    /// What the form that led here has done.
    pub banner: Option<RetryBanner>,
    /// The status that is selected; empty for all.
    pub status: &'a str,
    /// Whether only those are selected that are overdue.
    pub overdue: bool,
    /// The deliveries.
    pub deliveries: Vec<Delivery<'a>>,
    /// The path of the next page, if there is one.
    pub next: Option<String>,
}

/// What the form has done.
pub enum RetryBanner {
    /// The message is sent again.
    Retried,
    /// It was received meanwhile.
    DeliveredBefore,
    /// The recipient gets no messages, or webhooks to it have ended.
    NotSent,
}

/// A delivery of an event to a recipient.
pub struct Delivery<'a> {
    /// Its id.
    pub id: String,
    /// The recipient's name.
    pub recipient: &'a str,
    /// The event's type.
    pub kind: &'a str,
    /// The purposes that it is about.
    pub purposes: &'a [String],
    /// The record that it is about, if it is about one.
    pub record: Option<String>,
    /// When the event happened.
    pub occurred: Moment,
    /// Whether the recipient has received the message: `pending`, `delivered` or `failed`.
    pub status: &'a str,
    /// How often it was sent.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// What the recipient has confirmed, if the event asks it to stop.
    pub confirmation: Option<Confirmation>,
    /// Whether the page has a button to send it again.
    pub can_retry: bool,
}

/// What a recipient has confirmed.
pub enum Confirmation {
    /// Nothing yet, and it has time until then.
    Awaited(Moment),
    /// Nothing, although it was due then.
    Overdue(Moment),
    /// That it has stopped.
    Confirmed(Moment),
    /// That it does not stop.
    Refused(Moment),
}

/// The values of the field `status`, with their names.
const STATUSES: [(&str, &str); 4] =
    [("", "all"), ("pending", "not yet received"), ("delivered", "received"), ("failed", "given up")];

#[derive(Template)]
#[template(path = "console/deliveries.html")]
struct Main<'a> {
    view: &'a Deliveries<'a>,
    token: &'a str,
}

/// The page of deliveries.
pub fn deliveries(frame: &Frame, view: &Deliveries) -> Rendered {
    frame.page("Deliveries", Some(Area::Deliveries), &Main { view, token: frame.token })
}
