//! The console of operators: what the endpoints below `/console/` share. Each endpoint reads the request, calls the same
//! services as the operation of the API that does the same, and shows a page.

mod charts;
mod deliveries;
mod difference;
mod grievances;
mod notices;
mod persons;
mod today;
mod visit;

pub use charts::ConsoleCharts;
pub use deliveries::{ConsoleDeliveries, Selected};
pub use difference::Differences;
pub use grievances::{ConsoleGrievances, grievance_id};
pub use notices::ConsoleNotices;
pub use persons::{ConsolePersons, ConsoleRecords};
pub use today::WhatNeedsDoing;
pub use visit::{Visit, error_page};

use crate::{domain::Timestamp, portal::date};
use assent_pages::console::Moment;
use serde::Serialize;

/// A moment as pages show it.
fn moment(moment: Timestamp) -> Moment {
    let time = moment.to_string().get(11..16).unwrap_or_default().to_owned();
    Moment { date: date(moment), time }
}

/// The name of a value of an enumeration, as the API has it.
fn named(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
