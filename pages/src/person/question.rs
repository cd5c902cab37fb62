use askama::Template;

use super::{Frame, Notice, NoticePurpose};
use crate::{
    html::{Date, Html, Text},
    layout::Rendered,
    messages::Messages,
};

/// An organisation's question for consent.
pub struct Question<'a> {
    /// The notice, whose purposes the choices show.
    pub notice: Notice<'a>,
    /// One choice for each purpose.
    pub choices: Vec<Choice<'a>>,
    /// When a consent will end.
    pub until: Option<Date>,
    /// The value of the hidden field `shown`.
    pub shown: &'a str,
    /// Whether the form was sent with choices unanswered.
    pub unanswered: bool,
}

/// A choice about one purpose.
pub struct Choice<'a> {
    /// The purpose's code.
    pub code: &'a str,
    /// The purpose.
    pub purpose: NoticePurpose<'a>,
    /// What the person chose before the form came back.
    pub granted: Option<bool>,
}

/// What became of a question.
pub struct Answered<'a> {
    /// The purposes that the person agreed to.
    pub agreed: Vec<Text<'a>>,
    /// The purposes that the person refused.
    pub refused: Vec<Text<'a>>,
    /// The id of the record.
    pub record: &'a str,
    /// Whether the record has a receipt.
    pub receipt: bool,
    /// Where the organisation wants the person back: a checked URL, with the scheme `https`.
    pub return_url: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "question.html")]
struct Main<'a> {
    m: Messages,
    frame: &'a Frame<'a>,
    notice: &'a Notice<'a>,
    view: &'a Question<'a>,
}

#[derive(Template)]
#[template(path = "answered.html")]
struct AnsweredMain<'a> {
    m: Messages,
    frame: &'a Frame<'a>,
    view: &'a Answered<'a>,
}

/// The question, as a form.
pub fn question(frame: &Frame, view: &Question) -> Rendered {
    let m = frame.messages();
    let main = Main { m, frame, notice: &view.notice, view };
    frame.page(&m.question_title(&Html::isolated(frame.organisation)), None, &main)
}

/// The answers, once they are saved.
pub fn answered(frame: &Frame, view: &Answered) -> Rendered {
    let m = frame.messages();
    frame.page(&m.answered_title(), None, &AnsweredMain { m, frame, view })
}
