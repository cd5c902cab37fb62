//! The pages of one person: what they agreed to, and what they can do about it.

use askama::Template;

use crate::{
    html::Html,
    layout::{Layout, Link, Rendered, render},
    locale::Locale,
    messages::Messages,
};

mod copy;
mod erasure;
mod grievances;
mod history;
mod home;
mod notice;
mod open;
mod problem;
mod question;
mod told;

pub use copy::{Copy, Receipt, copy};
pub use erasure::{Erased, Erasure, erased, erasure};
pub use grievances::{Grievance, GrievanceBanner, GrievanceState, Grievances, grievances};
pub use history::{History, HistoryEntry, HistoryKind, RecordHistory, history};
pub use home::{Banner, Consent, ConsentState, Home, home};
pub use notice::{Links, Notice, NoticePurpose, Officer, notice};
pub use open::{Open, open};
pub use problem::{Problem, problem};
pub use question::{Answered, Choice, Question, answered, question};
pub use told::{Outcome, Told, ToldRecipient, ToldRecord, ToldState, told};

/// What the pages of a visit have in common.
pub struct Frame<'a> {
    /// The language.
    pub locale: Locale,
    /// The name of the organisation.
    pub organisation: &'a str,
    /// The page's own path, relative to the folder of all pages, with its query but without `lang`.
    pub here: &'a str,
    /// The pages that this visit may see, in the order of the navigation; none shows no navigation.
    pub sections: &'a [Section],
    /// The value of the hidden field `token` of every form.
    pub token: &'a str,
}

/// A page of the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// [`home()`].
    Home,
    /// [`history()`].
    History,
    /// [`told()`].
    Told,
    /// [`grievances()`].
    Grievances,
    /// [`copy()`].
    Copy,
    /// [`erasure()`].
    Erasure,
}

impl Section {
    fn path(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::History => "history",
            Self::Told => "told",
            Self::Grievances => "grievances",
            Self::Copy => "copy",
            Self::Erasure => "erasure",
        }
    }

    fn name(self, m: Messages) -> Html {
        match self {
            Self::Home => m.nav_home(),
            Self::History => m.nav_history(),
            Self::Told => m.nav_told(),
            Self::Grievances => m.nav_grievances(),
            Self::Copy => m.nav_copy(),
            Self::Erasure => m.nav_erasure(),
        }
    }
}

impl Frame<'_> {
    fn messages(&self) -> Messages {
        Messages(self.locale)
    }

    /// The organisation's name, where elements can stand.
    fn organisation(&self) -> Html {
        Html::name(self.organisation)
    }

    /// A page with the navigation, which marks the section where it belongs.
    fn page(&self, title: &Html, section: Option<Section>, main: &impl Template) -> Rendered {
        let m = self.messages();
        let link = |of: Section| Link { path: of.path(), text: of.name(m), is_current: Some(of) == section };
        self.layout(title, self.sections.iter().copied().map(link).collect(), Some(self.here), main)
    }

    /// A page without the navigation.
    fn page_alone(&self, title: &Html, here: Option<&str>, main: &impl Template) -> Rendered {
        self.layout(title, Vec::new(), here, main)
    }

    fn layout(&self, title: &Html, navigation: Vec<Link>, here: Option<&str>, main: &impl Template) -> Rendered {
        let m = self.messages();
        Layout {
            m,
            title: Html::new(format!("{title} · {}", Html::isolated(self.organisation))),
            name: Some(m.page_name(&self.organisation())),
            navigation,
            here,
            main: render(main),
        }
        .page()
    }
}
