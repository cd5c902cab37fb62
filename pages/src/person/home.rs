use askama::Template;

use super::{Frame, Section};
use crate::{
    html::{Date, Html, Text},
    layout::Rendered,
    messages::Messages,
};

/// What the person agreed to, purpose by purpose.
pub struct Home<'a> {
    /// What the form that led here has done.
    pub banner: Option<Banner>,
    /// The consents, in the order in which they are shown.
    pub consents: Vec<Consent<'a>>,
    /// The number of records that are shown, where there are more.
    pub shortened: Option<usize>,
    /// Whether this visit may withdraw.
    pub can_withdraw: bool,
}

/// What a form has done.
pub enum Banner {
    /// It withdrew a consent.
    Withdrawn,
    /// The consent was withdrawn before.
    WithdrawnBefore,
    /// The withdrawal is recorded, and goes on.
    InProgress,
    /// The questions were answered before.
    AnsweredBefore,
}

/// What the person decided about one purpose.
pub struct Consent<'a> {
    /// What the data is used for.
    pub description: Text<'a>,
    /// What the decision is now.
    pub state: ConsentState,
    /// When it became that.
    pub since: Date,
    /// When a granted consent ends.
    pub until: Option<Date>,
    /// The id of its record.
    pub record: &'a str,
    /// The purpose's code.
    pub purpose: &'a str,
    /// The id of the notice.
    pub notice: &'a str,
    /// Whether the record has a receipt.
    pub receipt: bool,
}

/// What a decision is now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ConsentState {
    /// The person agreed.
    Granted,
    /// The person refused.
    Denied,
    /// The person agreed, and withdrew.
    Withdrawn,
    /// The person agreed, and the time is over.
    Expired,
    /// A newer answer took its place.
    Renewed,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Main<'a> {
    m: Messages,
    frame: &'a Frame<'a>,
    view: &'a Home<'a>,
}

impl Main<'_> {
    fn can_withdraw(&self, consent: &Consent) -> bool {
        self.view.can_withdraw && consent.state == ConsentState::Granted
    }

    fn can_withdraw_all(&self) -> bool {
        self.view.consents.iter().filter(|consent| self.can_withdraw(consent)).count() > 1
    }
}

/// The home page.
pub fn home(frame: &Frame, view: &Home) -> Rendered {
    let m = frame.messages();
    frame.page(&m.home_title(), Some(Section::Home), &Main { m, frame, view })
}
