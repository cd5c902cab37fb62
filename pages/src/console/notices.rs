use askama::Template;

use super::{Area, Frame, day, name, text};
use crate::{
    html::{Date, Text},
    layout::Rendered,
};

/// Notices by version, newest first.
pub struct Notices<'a> {
    /// The versions.
    pub versions: Vec<NoticeVersion<'a>>,
    /// The path of the next page, if there is one.
    pub next: Option<String>,
}

/// A version of a notice.
pub struct NoticeVersion<'a> {
    /// The notice.
    pub notice: &'a str,
    /// The version.
    pub version: &'a str,
    /// The title in one of its languages.
    pub title: Text<'a>,
    /// Its languages.
    pub editions: Vec<Edition<'a>>,
    /// What it lacks.
    pub gaps: Vec<Gap<'a>>,
}

/// A language of a version.
pub struct Edition<'a> {
    /// The language's tag.
    pub language: &'a str,
    /// When it was published; none for a draft.
    pub published: Option<Date>,
}

/// What a version lacks.
pub struct Gap<'a> {
    /// Where.
    pub field: &'a str,
    /// What is wrong with it.
    pub message: &'a str,
}

impl NoticeVersion<'_> {
    pub(super) fn drafts(&self) -> usize {
        self.editions.iter().filter(|edition| edition.published.is_none()).count()
    }
}

/// A notice with its versions.
pub struct NoticeVersions<'a> {
    /// The notice.
    pub notice: &'a str,
    /// Its versions, newest first.
    pub versions: Vec<NoticeVersion<'a>>,
    /// Whether there are older ones.
    pub more: bool,
}

impl NoticeVersions<'_> {
    /// The languages of all versions, each once.
    fn languages(&self) -> Vec<&str> {
        let all = self.versions.iter().flat_map(|version| &version.editions).map(|edition| edition.language);
        let mut languages: Vec<&str> = all.collect();
        languages.sort_unstable();
        languages.dedup();
        languages
    }
}

#[derive(Template)]
#[template(path = "console/notices.html")]
struct Main<'a> {
    view: &'a Notices<'a>,
}

#[derive(Template)]
#[template(path = "console/notice.html")]
struct NoticeMain<'a> {
    view: &'a NoticeVersions<'a>,
}

/// The page of notices.
pub fn notices(frame: &Frame, view: &Notices) -> Rendered {
    frame.page("Notices", Some(Area::Notices), &Main { view })
}

/// The page of a notice.
pub fn notice(frame: &Frame, view: &NoticeVersions) -> Rendered {
    frame.page(view.notice, Some(Area::Notices), &NoticeMain { view })
}
