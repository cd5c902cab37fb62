//! Every page with content, as much of it as a person may have.

use assent_pages::{
    Answered, Banner, Choice, Consent, ConsentState, Copy, Date, Erased, Erasure, Frame, Grievance, GrievanceBanner,
    GrievanceState, Grievances, History, HistoryEntry, HistoryKind, Home, Links, Locale, Notice, NoticePurpose,
    Officer, Open, Outcome, Problem, Question, Receipt, RecordHistory, Rendered, Section, Text, Told, ToldRecipient,
    ToldRecord, ToldState, answered, copy, erased, erasure, grievances, history, home, notice, open, problem, question,
    told,
};

const SECTIONS: [Section; 6] =
    [Section::Home, Section::History, Section::Told, Section::Grievances, Section::Copy, Section::Erasure];
const DAY: Date = Date { year: 2026, month: 3, day: 9 };
const LATER: Date = Date { year: 2027, month: 12, day: 31 };

/// The texts that organisations and persons write.
pub(crate) struct Texts {
    pub(crate) organisation: String,
    pub(crate) title: String,
    pub(crate) content: String,
    /// Five descriptions of purposes.
    pub(crate) purposes: Vec<String>,
    pub(crate) items: Vec<String>,
    pub(crate) recipient: String,
    pub(crate) complaint: String,
    pub(crate) officer: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) url: String,
    /// The language of all texts.
    pub(crate) language: String,
    /// Ids and numbers.
    pub(crate) id: String,
    pub(crate) codes: Vec<String>,
    pub(crate) token: String,
    pub(crate) time_zone: String,
}

impl Texts {
    /// English texts of an organisation in India.
    pub(crate) fn english() -> Self {
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        Self {
            organisation: "Sahyadri Bank".to_owned(),
            title: "How we use your account data".to_owned(),
            content: "We ask for your consent to use the personal data below.\n\nYou can withdraw each consent as \
                      easily as you gave it."
                .to_owned(),
            purposes: lines(
                "Sending offers by SMS\nShowing spending by category\nChecking the limit of a loan\nSurveys about our \
                 branches\nSharing with the insurer",
            ),
            items: lines("Name\nMobile number\nTransactions"),
            recipient: "Konkan Insurance".to_owned(),
            complaint: "I still get offers by SMS.".to_owned(),
            officer: "Data Protection Officer".to_owned(),
            email: "privacy@bank.example".to_owned(),
            phone: "+91 22 5550 0100".to_owned(),
            url: "https://bank.example/privacy".to_owned(),
            language: "en".to_owned(),
            id: "rec_01J9ZQ4W8V".to_owned(),
            codes: lines("offers\nspending\nlimit\nsurveys\ninsurer"),
            token: "TZxK4n1yqPc0aWmE7uLr5g".to_owned(),
            time_zone: "UTC".to_owned(),
        }
    }

    fn text<'a>(&'a self, text: &'a str) -> Text<'a> {
        Text { text, language: &self.language }
    }

    fn all<'a>(&'a self, texts: &'a [String]) -> Vec<Text<'a>> {
        texts.iter().map(|text| self.text(text)).collect()
    }

    fn purposes(&self) -> impl Iterator<Item = NoticePurpose<'_>> {
        self.purposes.iter().enumerate().map(|(position, description)| NoticePurpose {
            description: self.text(description),
            services: (position > 0).then_some(&self.recipient),
            necessary: position == 2,
            data_items: self.all(&self.items[..position % 3]),
        })
    }

    fn notice(&self) -> Notice<'_> {
        Notice {
            title: self.text(&self.title),
            content: self.text(&self.content),
            data_items: self.all(&self.items),
            purposes: self.purposes().collect(),
            officer: Some(Officer { name: &self.officer, email: &self.email, phone: Some(&self.phone) }),
            links: Some(Links { withdraw: Some(&self.url), rights: Some(&self.url), complaint: Some(&self.url) }),
        }
    }

    fn home(&self, frame: &Frame) -> Rendered {
        let states = [
            ConsentState::Granted,
            ConsentState::Granted,
            ConsentState::Denied,
            ConsentState::Withdrawn,
            ConsentState::Expired,
            ConsentState::Renewed,
        ];
        let consents =
            states.into_iter().zip(self.purposes.iter().zip(&self.codes).cycle()).map(|(state, (purpose, code))| {
                Consent {
                    description: self.text(purpose),
                    state,
                    since: DAY,
                    until: Some(LATER),
                    record: &self.id,
                    purpose: code,
                    notice: &self.id,
                    receipt: true,
                }
            });
        let view = Home {
            banner: Some(Banner::Withdrawn),
            consents: consents.collect(),
            shortened: Some(100),
            can_withdraw: true,
        };
        home(frame, &view)
    }

    fn question(&self, frame: &Frame) -> Rendered {
        let answers = [Some(true), Some(false), None, None, None];
        let view = Question {
            notice: self.notice(),
            choices: self
                .purposes()
                .zip(&self.codes)
                .zip(answers)
                .map(|((purpose, code), granted)| Choice { code, purpose, granted })
                .collect(),
            until: Some(LATER),
            shown: &self.id,
            unanswered: true,
        };
        question(frame, &view)
    }

    fn history(&self, frame: &Frame) -> Rendered {
        let kinds = [
            HistoryKind::Given,
            HistoryKind::Withdrawn,
            HistoryKind::PartWithdrawn,
            HistoryKind::Renewed,
            HistoryKind::Erased,
        ];
        let entries = kinds.into_iter().chain([HistoryKind::Other]).enumerate().map(|(position, kind)| HistoryEntry {
            at: DAY,
            time: format!("1{position}:05 {}", self.time_zone),
            kind,
            by_person: position % 2 == 1,
        });
        let record = |entries, verified| RecordHistory {
            purposes: self.all(&self.purposes[..2]),
            record: &self.id,
            entries,
            verified,
        };
        let given = |time: &str| HistoryEntry {
            at: DAY,
            time: format!("{time} {}", self.time_zone),
            kind: HistoryKind::Given,
            by_person: true,
        };
        let records = vec![
            record(entries.collect(), true),
            record(vec![given("09:12"), given("09:13"), given("18:40"), given("23:59")], false),
        ];
        history(frame, &History { records, older: Some(&self.id) })
    }

    fn told(&self, frame: &Frame) -> Rendered {
        let confirmed = |outcome| ToldState::Confirmed { on: DAY, outcome };
        let states = vec![
            (None, ToldState::Waiting),
            (Some(DAY), ToldState::Waiting),
            (Some(DAY), ToldState::Overdue { since: LATER }),
            (Some(DAY), confirmed(Outcome::Ceased)),
            (Some(DAY), confirmed(Outcome::Erased)),
            (Some(DAY), confirmed(Outcome::NotHeld)),
            (Some(DAY), confirmed(Outcome::RetainedByLaw)),
            (Some(DAY), confirmed(Outcome::Refused)),
        ];
        let recipients =
            states.into_iter().map(|(told, state)| ToldRecipient { name: &self.recipient, told, state }).collect();
        let records = vec![
            ToldRecord { purposes: self.all(&self.purposes[..1]), recipients },
            ToldRecord { purposes: self.all(&self.purposes[1..3]), recipients: Vec::new() },
        ];
        told(frame, &Told { records })
    }

    fn grievances(&self, frame: &Frame, banner: GrievanceBanner) -> Rendered {
        let states = [
            GrievanceState::Submitted,
            GrievanceState::InReview,
            GrievanceState::Resolved,
            GrievanceState::Rejected,
            GrievanceState::Erased,
        ];
        let view = Grievances {
            banner: Some(banner),
            text: &self.complaint,
            most_characters: 2000,
            days: 30,
            can_complain: true,
            grievances: states
                .into_iter()
                .map(|state| Grievance {
                    number: &self.id,
                    state,
                    made: DAY,
                    answer_by: Some(LATER),
                    answer: Some(&self.complaint),
                })
                .collect(),
        };
        grievances(frame, &view)
    }

    fn frame<'a>(&'a self, locale: Locale, here: &'a str) -> Frame<'a> {
        Frame { locale, organisation: &self.organisation, here, sections: &SECTIONS, token: &self.token }
    }

    /// Every page in a language, by its name.
    pub(crate) fn pages(&self, locale: Locale) -> Vec<(&'static str, Rendered)> {
        let notice_path = format!("notice?record={}", self.id);
        let receipt = |purposes| Receipt { record: &self.id, purposes: self.all(purposes), made: DAY };
        let answered_view = Answered {
            agreed: self.all(&self.purposes[..2]),
            refused: self.all(&self.purposes[2..]),
            record: &self.id,
            receipt: true,
            return_url: Some(&self.url),
        };
        let copy_view = Copy { receipts: vec![receipt(&self.purposes[..2]), receipt(&self.purposes[2..])] };
        let problem_page = problem(locale, Some(&self.organisation), Problem::NotAllowed, Some(&self.id), true);
        vec![
            ("home", self.home(&self.frame(locale, "home"))),
            ("notice", notice(&self.frame(locale, &notice_path), &self.notice())),
            ("question", self.question(&self.frame(locale, "question"))),
            ("answered", answered(&self.frame(locale, "answered"), &answered_view)),
            ("history", self.history(&self.frame(locale, "history"))),
            ("told", self.told(&self.frame(locale, "told"))),
            ("grievances", self.grievances(&self.frame(locale, "grievances"), GrievanceBanner::Missing)),
            (
                "grievances-sent",
                self.grievances(&self.frame(locale, "grievances"), GrievanceBanner::Sent { number: &self.id }),
            ),
            ("copy", copy(&self.frame(locale, "copy"), &copy_view)),
            ("erasure", erasure(&self.frame(locale, "erasure"), &Erasure { unconfirmed: true })),
            ("erased", erased(&self.frame(locale, "erased"), &Erased { number: &self.id, in_progress: false })),
            ("erased-in-part", erased(&self.frame(locale, "erased"), &Erased { number: &self.id, in_progress: true })),
            ("open", open(&self.frame(locale, "open"), &Open { link: &self.id })),
            ("problem", problem_page),
        ]
    }
}
