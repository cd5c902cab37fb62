//! The pages of the console, with as much on them as there may be.

use std::collections::BTreeSet;

use assent_pages::{
    ConsentState, Date, Problem, Rendered, Text,
    console::{
        Area, Chart, Charts, Confirmation, Consent, Day, Decision, DecisionBanner, Deliveries, Delivery, Difference,
        Edition, Entry, Frame, Gap, Grievance, GrievanceDetails, Grievances, List, Moment, NoticeVersion,
        NoticeVersions, Notices, Part, Person, Recipient, Record, RetryBanner, Row, Today, charts, deliveries,
        difference, grievance, grievances, notice, notices, person, problem, record, today,
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use crate::documents::{Element, elements, named};
use crate::hostile::{HOSTILE, structure};
use crate::snapshots::compare;

const AREAS: [Area; 6] = [Area::Today, Area::Person, Area::Notices, Area::Deliveries, Area::Grievances, Area::Charts];
const DAY: Date = Date { year: 2026, month: 3, day: 9 };
const LATER: Date = Date { year: 2027, month: 12, day: 31 };

fn moment() -> Moment {
    Moment { date: DAY, time: "09:05".to_owned() }
}

/// Every page, with this text wherever an organisation, a person or a recipient writes one.
struct Example {
    text: String,
    many: Vec<String>,
}

impl Example {
    fn with(text: &str) -> Self {
        Self { text: text.to_owned(), many: vec![text.to_owned(); 2] }
    }

    fn text(&self) -> Text<'_> {
        Text { text: &self.text, language: "hi" }
    }

    fn delivery(&self, confirmation: Option<Confirmation>) -> Delivery<'_> {
        Delivery {
            id: self.text.clone(),
            recipient: &self.text,
            kind: "consent.withdrawn",
            purposes: &self.many,
            record: Some(self.text.clone()),
            occurred: moment(),
            status: "failed",
            attempts: 3,
            failure: Some(self.text.clone()),
            confirmation,
            can_retry: true,
        }
    }

    fn deliveries(&self) -> Vec<Delivery<'_>> {
        let confirmations = [
            Some(Confirmation::Awaited(moment())),
            Some(Confirmation::Overdue(moment())),
            Some(Confirmation::Confirmed(moment())),
            Some(Confirmation::Refused(moment())),
            None,
        ];
        confirmations.into_iter().map(|confirmation| self.delivery(confirmation)).collect()
    }

    fn grievance<'a>(&'a self, status: &'a str) -> Grievance<'a> {
        Grievance {
            id: self.text.clone(),
            number: &self.text,
            kind: &self.text,
            status,
            made: DAY,
            due: Some(LATER),
            overdue: status == "submitted",
        }
    }

    fn details<'a>(&'a self, banner: DecisionBanner, next: Decision<'a>) -> GrievanceDetails<'a> {
        GrievanceDetails {
            banner: Some(banner),
            grievance: self.grievance("in_review"),
            person: Some(&self.text),
            can_see_person: true,
            record: Some(self.text.clone()),
            description: Some(&self.text),
            evidence: Some(self.text.clone()),
            resolution: Some(&self.text),
            next: Some(next),
        }
    }

    fn version(&self) -> NoticeVersion<'_> {
        NoticeVersion {
            notice: &self.text,
            version: &self.text,
            title: self.text(),
            editions: vec![
                Edition { language: "en", published: Some(DAY) },
                Edition { language: &self.text, published: None },
            ],
            gaps: vec![Gap { field: "languages.hi.links.rights", message: &self.text }],
        }
    }

    #[expect(clippy::too_many_lines, reason = "each page has its line")]
    fn pages(&self) -> Vec<(&'static str, Rendered)> {
        let frame = &Frame { organisation: &self.text, areas: &AREAS, token: "TZxK4n1yqPc0aWmE7uLr5g" };
        let today_view = Today {
            deliveries: Some(List { items: self.deliveries(), more: true }),
            grievances: Some(List {
                items: vec![self.grievance("submitted"), self.grievance("in_review")],
                more: true,
            }),
            days: 7,
            notices: Some(List { items: vec![self.version()], more: true }),
        };
        let deliveries_view = Deliveries {
            banner: Some(RetryBanner::Retried),
            status: "failed",
            overdue: true,
            deliveries: self.deliveries(),
            next: Some("deliveries?status=failed&overdue=true&cursor=dlv_1".to_owned()),
        };
        let all = ["submitted", "in_review", "resolved", "rejected", "erased"];
        let grievances_view = Grievances {
            status: "in_review",
            grievances: all.into_iter().map(|status| self.grievance(status)).collect(),
            next: Some("grievances?status=in_review&cursor=grv_1".to_owned()),
        };
        let decide = Decision::Decide { text: &self.text, most_characters: 10_000 };
        let states = [
            ConsentState::Granted,
            ConsentState::Denied,
            ConsentState::Withdrawn,
            ConsentState::Expired,
            ConsentState::Renewed,
        ];
        let consents = states.into_iter().map(|state| Consent {
            description: self.text(),
            purpose: &self.text,
            notice: &self.text,
            version: &self.text,
            state,
            since: DAY,
            until: Some(LATER),
            record: &self.text,
        });
        let person_view =
            Person { id: Some(&self.text), consents: consents.collect(), shortened: Some(50), can_see_records: true };
        let recipient = |confirmed: bool, overdue| Recipient {
            name: &self.text,
            kind: "consent.withdrawn",
            purposes: &self.many,
            told: confirmed.then(moment),
            confirmed: confirmed.then(moment),
            outcome: confirmed.then(|| "ceased".to_owned()),
            due: Some(moment()),
            overdue,
        };
        let entry = Entry {
            at: Some(moment()),
            action: "record.created",
            actor: &self.text,
            details: vec![(self.text.clone(), self.text.clone())],
        };
        let record_view = Record {
            id: &self.text,
            status: "active",
            notice: &self.text,
            version: &self.text,
            granted: &self.many,
            denied: &self.many,
            first_invalid: Some(1),
            anonymized: true,
            entries: vec![entry],
            left_out: 7,
            recipients: vec![recipient(true, false), recipient(false, true), recipient(false, false)],
        };
        let rows = vec![
            Row::Skipped(9),
            Row::Same(&self.text),
            Row::Changed(Some(&self.text), Some(&self.text)),
            Row::Changed(Some(&self.text), None),
            Row::Changed(None, Some(&self.text)),
        ];
        let difference_view = Difference {
            notice: &self.text,
            left: &self.text,
            right: &self.text,
            language: "hi",
            missing: vec![&self.text],
            parts: vec![
                Part { name: "Title", rows: vec![Row::Same(&self.text)], shortened: false },
                Part { name: "Text", rows, shortened: true },
            ],
        };
        let day = |day| Day { date: Date { day, ..DAY }, given: u64::from(day), denied: 1, withdrawn: 100 };
        let charts_view = Charts {
            charts: vec![
                Chart { purpose: Some(&self.text), days: (1..=30).map(day).collect() },
                Chart { purpose: None, days: vec![Day { given: 0, denied: 0, withdrawn: 0, ..day(1) }] },
            ],
            days: 30,
            shortened: true,
        };
        vec![
            ("today", today(frame, &today_view)),
            ("person", person(frame, &person_view)),
            ("record", record(frame, &record_view)),
            (
                "notices",
                notices(
                    frame,
                    &Notices { versions: vec![self.version()], next: Some("notices?cursor=ntc_1".to_owned()) },
                ),
            ),
            (
                "notice",
                notice(
                    frame,
                    &NoticeVersions { notice: &self.text, versions: vec![self.version(), self.version()], more: true },
                ),
            ),
            ("difference", difference(frame, &difference_view)),
            ("deliveries", deliveries(frame, &deliveries_view)),
            ("grievances", grievances(frame, &grievances_view)),
            ("grievance", grievance(frame, &self.details(DecisionBanner::Missing, decide))),
            ("grievance-review", grievance(frame, &self.details(DecisionBanner::Done, Decision::Review))),
            ("charts", charts(frame, &charts_view)),
            ("problem", problem(Problem::NotAllowed, Some(&self.text), true)),
        ]
    }
}

fn empty() -> Vec<(&'static str, Rendered)> {
    let frame = &Frame { organisation: "Sahyadri Bank", areas: &[], token: "t" };
    let none = || Some(List { items: Vec::new(), more: false });
    let lists =
        Today { deliveries: none(), grievances: Some(List { items: Vec::new(), more: false }), days: 7, notices: None };
    let nothing = Today { deliveries: None, grievances: None, days: 7, notices: None };
    let no_one = Person { id: None, consents: Vec::new(), shortened: None, can_see_records: false };
    let unknown = Person { id: Some("user-1"), consents: Vec::new(), shortened: None, can_see_records: false };
    let no_deliveries = Deliveries { banner: None, status: "", overdue: false, deliveries: Vec::new(), next: None };
    vec![
        ("today-empty", today(frame, &lists)),
        ("today-nothing", today(frame, &nothing)),
        ("person-form", person(frame, &no_one)),
        ("person-unknown", person(frame, &unknown)),
        ("deliveries-empty", deliveries(frame, &no_deliveries)),
        ("grievances-empty", grievances(frame, &Grievances { status: "", grievances: Vec::new(), next: None })),
        ("notices-empty", notices(frame, &Notices { versions: Vec::new(), next: None })),
        ("charts-empty", charts(frame, &Charts { charts: Vec::new(), days: 30, shortened: false })),
    ]
}

fn check(page: &Rendered) {
    assert!(page.html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    let all = elements(&page.html);
    for (name, number) in [("title", 1), ("h1", 1), ("main", 1), ("style", 1), ("script", 0), ("img", 0)] {
        assert_eq!(named(&all, name).len(), number, "{name}");
    }
    for element in &all {
        let is_silent = |name: &str| element.name == name && element.text.trim().is_empty();
        for name in
            ["title", "h1", "h2", "h3", "a", "button", "label", "p", "li", "option", "dt", "dd", "th", "caption"]
        {
            assert!(!is_silent(name), "an empty {name}");
        }
        assert!(!element.attributes.iter().any(|(name, _)| name.starts_with("on") || name == "style"));
    }
    let headings = all.iter().filter_map(|element| element.name.strip_prefix('h')?.parse::<u32>().ok());
    headings.fold(0, |last, level| {
        assert!(level <= last + 1, "a heading of level {level} follows one of level {last}");
        level
    });
    let ids: Vec<_> = all.iter().filter_map(|element| element.attribute("id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id stands there twice");
    for element in &all {
        let link = element.attribute("href").and_then(|path| path.strip_prefix('#'));
        for id in [link, element.attribute("for"), element.attribute("aria-describedby")].into_iter().flatten() {
            assert!(ids.contains(&id), "{id} is no id");
        }
        let is_image = element.attribute("role") == Some("img");
        assert!(!is_image || element.attribute("aria-label").is_some(), "{element:?}");
        // Links and forms lead to the folder of the console.
        for path in ["href", "action"].into_iter().filter_map(|name| element.attribute(name)) {
            assert!(!path.starts_with('/') && !path.contains(':'), "{path}");
        }
    }
    for (place, form) in all.iter().enumerate().filter(|(_, element)| element.name == "form") {
        let fields: Vec<_> = all.iter().filter(|element| element.ancestors.contains(&place)).collect();
        let has_token = fields.iter().any(|field| field.attribute("name") == Some("token"));
        // A form that only reads carries no secret into an address.
        assert_eq!(form.attribute("method") == Some("post"), has_token, "{form:?}");
        for field in fields.iter().filter(|field| matches!(field.name.as_str(), "input" | "textarea" | "select")) {
            let label =
                |element: &Element| element.name == "label" && element.attribute("for") == field.attribute("id");
            let is_labelled = field.ancestors.iter().any(|place| all[*place].name == "label")
                || all.iter().any(|element| field.attribute("id").is_some() && label(element));
            assert!(field.attribute("type") == Some("hidden") || is_labelled, "{field:?} has no label");
        }
    }
    let is_current = |link: &&Element| link.attribute("aria-current").is_some();
    assert!(named(&all, "a").into_iter().filter(is_current).count() <= 1);
}

#[test]
fn every_page_is_accessible() {
    for (name, page) in Example::with("Sahyadri Bank").pages().into_iter().chain(empty()) {
        println!("{name}");
        check(&page);
    }
}

#[test]
fn every_problem_is_named() {
    use Problem::{Conflict, Form, Internal, Link, NotAllowed, NotFound, Session, TooLarge, Unavailable};
    for kind in [Link, Session, Form, NotFound, NotAllowed, Conflict, TooLarge, Unavailable, Internal] {
        check(&problem(kind, None, false));
    }
}

#[test]
fn the_policy_allows_the_style_sheet_and_nothing_else() {
    for (name, page) in Example::with("x").pages() {
        let (_, rest) = page.html.split_once("<style>").unwrap();
        let (style, _) = rest.split_once("</style>").unwrap();
        let hash = BASE64_STANDARD.encode(Sha256::digest(style));
        assert_eq!(
            page.content_security_policy,
            format!(
                "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                 style-src 'sha256-{hash}'"
            ),
            "{name}"
        );
    }
}

#[test]
fn hostile_text_stays_text() {
    let (hostile, harmless) = (Example::with(HOSTILE).pages(), Example::with("Sahyadri Bank").pages());
    for ((name, page), (_, expected)) in hostile.iter().zip(harmless) {
        let (found, expected) = (elements(&page.html), elements(&expected.html));
        assert_eq!(structure(&found), structure(&expected), "{name}");
    }
}

#[test]
fn an_override_of_direction_stays_in_its_element() {
    for (name, page) in Example::with(HOSTILE).pages() {
        let all = elements(&page.html);
        let isolates = |element: &Element| {
            matches!(element.name.as_str(), "bdi" | "title") || element.attribute("dir") == Some("auto")
        };
        for (place, element) in all.iter().enumerate() {
            let is_innermost =
                !all.iter().any(|other| other.ancestors.contains(&place) && other.text.contains('\u{202E}'));
            if element.text.contains('\u{202E}') && is_innermost {
                let is_isolated = isolates(element) || element.ancestors.iter().any(|place| isolates(&all[*place]));
                assert!(is_isolated, "{name}: {element:?}");
            }
        }
    }
}

#[test]
fn snapshots() {
    for (name, page) in Example::with("Sahyadri Bank").pages() {
        compare(&format!("console-{name}"), page.locale, &page.html);
    }
}

#[test]
fn the_highest_bar_has_the_whole_height_and_no_bar_is_lost() {
    let day = |given, withdrawn| Day { date: DAY, given, denied: 0, withdrawn };
    let chart = Chart { purpose: Some("ads"), days: vec![day(1, 0), day(0, 1_000)] };
    let frame = Frame { organisation: "Sahyadri Bank", areas: &[], token: "t" };
    let page = charts(&frame, &Charts { charts: vec![chart], days: 2, shortened: false });
    let all = elements(&page.html);
    let bars: Vec<_> = named(&all, "rect").iter().map(|bar| (bar.attribute("x"), bar.attribute("height"))).collect();
    assert_eq!(bars, [(Some("0"), Some("1")), (Some("10"), Some("48"))]);
}
