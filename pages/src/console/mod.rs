//! The console, in which operators see what needs doing. It is in English.

use std::fmt::Display;

use askama::Template;

use crate::{
    html::{Date, Html, Text},
    layout::{Rendered, policy, render},
    locale::Locale,
    messages::Messages,
};

mod charts;
mod deliveries;
mod difference;
mod grievances;
mod notices;
mod person;
mod problem;
mod record;
mod today;

pub use charts::{Chart, Charts, Day, charts};
pub use deliveries::{Confirmation, Deliveries, Delivery, RetryBanner, deliveries};
pub use difference::{Difference, Part, Row, difference};
pub use grievances::{Decision, DecisionBanner, Grievance, GrievanceDetails, Grievances, grievance, grievances};
pub use notices::{Edition, Gap, NoticeVersion, NoticeVersions, Notices, notice, notices};
pub use person::{Consent, Person, person};
pub use problem::problem;
pub use record::{Entry, Recipient, Record, record};
pub use today::{Today, today};

/// The style sheet of the console: that of all pages, and its own.
const STYLE: &str = concat!(include_str!("../../templates/style.css"), include_str!("../../templates/console.css"));

/// What the pages of a visit have in common.
pub struct Frame<'a> {
    /// The name of the organisation.
    pub organisation: &'a str,
    /// The areas that this visit may see, in the order of the navigation.
    pub areas: &'a [Area],
    /// The value of the hidden field `token` of every form that changes something.
    pub token: &'a str,
}

/// An area of the console.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// [`today()`].
    Today,
    /// [`person()`].
    Person,
    /// [`notices()`].
    Notices,
    /// [`deliveries()`].
    Deliveries,
    /// [`grievances()`].
    Grievances,
    /// [`charts()`].
    Charts,
}

impl Area {
    fn path(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Person => "person",
            Self::Notices => "notices",
            Self::Deliveries => "deliveries",
            Self::Grievances => "grievances",
            Self::Charts => "charts",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::Person => "A person",
            Self::Notices => "Notices",
            Self::Deliveries => "Deliveries",
            Self::Grievances => "Grievances",
            Self::Charts => "Charts",
        }
    }
}

/// A list, of which there may be more than the page shows.
pub struct List<T> {
    /// What the page shows.
    pub items: Vec<T>,
    /// Whether there may be more.
    pub more: bool,
}

/// A moment, in UTC.
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The hour and the minute: `09:05`.
    pub time: String,
}

#[derive(Template)]
#[template(path = "console/layout.html")]
struct Layout<'a> {
    title: Html,
    organisation: Option<Html>,
    areas: &'a [Area],
    current: Option<Area>,
    main: Html,
}

impl Layout<'_> {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn is_current(&self, area: &Area) -> bool {
        self.current == Some(*area)
    }

    fn page(&self) -> Rendered {
        Rendered {
            html: render(self).to_string(),
            content_security_policy: policy(env!("CONSOLE_STYLE_SHA256")),
            locale: Locale::En,
        }
    }
}

impl Frame<'_> {
    /// A page of an area. `title` says what it is about.
    fn page(&self, title: &str, area: Option<Area>, main: &impl Template) -> Rendered {
        Layout {
            title: Html::new(format!("{} · {}", Html::isolated(title), Html::isolated(self.organisation))),
            organisation: Some(Html::name(self.organisation)),
            areas: self.areas,
            current: area,
            main: render(main),
        }
        .page()
    }
}

/// A text of the organisation or of a person.
fn text(text: &Text) -> Html {
    Messages(Locale::En).text(text)
}

/// A name, an id, or another text whose language nobody knows.
fn name(name: impl Display) -> Html {
    Html::name(&name.to_string())
}

/// Names, with commas between them.
fn names<T: Display>(all: &[T]) -> Html {
    let all: Vec<String> = all.iter().map(|each| name(each).to_string()).collect();
    Html::new(all.join(", "))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
fn day(date: &Date) -> Html {
    Messages(Locale::En).time(date)
}

fn moment(moment: &Moment) -> Html {
    Html::new(format!("{}, {} UTC", day(&moment.date), Html::escaped(&moment.time)))
}
