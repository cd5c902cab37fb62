use askama::Template;

use super::{Area, Frame, day, name};
use crate::{html::Date, layout::Rendered};

/// The width of a day's bar and of the gap after it, in the units of the drawing.
const BAR: u64 = 8;
const GAP: u64 = 2;
/// The height of the highest bar.
const HEIGHT: u64 = 48;

/// The decisions of the last days.
pub struct Charts<'a> {
    /// A chart for each purpose, the one with the most decisions first.
    pub charts: Vec<Chart<'a>>,
    /// The number of days.
    pub days: usize,
    /// Whether there are more purposes than the page shows.
    pub shortened: bool,
}

/// The decisions about a purpose.
pub struct Chart<'a> {
    /// The purpose's code; none for those that were not counted by their names.
    pub purpose: Option<&'a str>,
    /// The days, oldest first.
    pub days: Vec<Day>,
}

/// The decisions about a purpose on a day, in UTC.
#[derive(Clone, Copy)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// How often it was given.
    pub given: u64,
    /// How often it was denied.
    pub denied: u64,
    /// How often it was withdrawn.
    pub withdrawn: u64,
}

/// A kind of decision, as it is drawn.
struct Series {
    /// Its class in the style sheet.
    class: &'static str,
    name: &'static str,
    total: u64,
    bars: Vec<Bar>,
    width: u64,
}

struct Bar {
    x: u64,
    y: u64,
    height: u64,
}

impl Chart<'_> {
    fn series(&self) -> [Series; 3] {
        let highest = self.days.iter().flat_map(|day| [day.given, day.denied, day.withdrawn]).max().unwrap_or_default();
        let series = |class, name, count: fn(&Day) -> u64| {
            let bar = |(position, day): (u64, &Day)| {
                let height = (count(day) * HEIGHT).checked_div(highest).unwrap_or_default();
                // What is not zero is seen.
                let height = if count(day) > 0 { height.max(1) } else { 0 };
                Bar { x: position * (BAR + GAP), y: HEIGHT - height, height }
            };
            let bars: Vec<Bar> = (0..).zip(&self.days).map(bar).filter(|bar| bar.height > 0).collect();
            let total = self.days.iter().map(count).sum();
            let days = u64::try_from(self.days.len()).unwrap_or_default();
            Series { class, name, total, bars, width: (days * (BAR + GAP)).max(1) }
        };
        [
            series("given", "Given", |day| day.given),
            series("denied", "Denied", |day| day.denied),
            series("withdrawn", "Withdrawn", |day| day.withdrawn),
        ]
    }
}

#[derive(Template)]
#[template(path = "console/charts.html")]
struct Main<'a> {
    view: &'a Charts<'a>,
}

/// The page of charts.
pub fn charts(frame: &Frame, view: &Charts) -> Rendered {
    frame.page("Charts", Some(Area::Charts), &Main { view })
}
