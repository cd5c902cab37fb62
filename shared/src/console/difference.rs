//! Two versions of a notice, side by side.

use super::{Visit, notices::notice_id};
use crate::{
    api::{Error, Response},
    domain::{
        Invalid, Tenant,
        consent_notice::{
            DataItemCode, Edition, Language, NoticeContent, NoticeId, NoticeParticulars, NoticeVersion,
            RegisteredNotice,
        },
    },
    store::{ConsentNotices, Database, until_current},
};
use assent_pages::console::{self as pages, Difference, Part, Row};
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// For how long the smallest difference is looked for. What is found later is a difference too, and larger.
const SEARCH: Duration = Duration::from_millis(500);
/// How many lines that are the same are shown before and after a change.
const AROUND: usize = 3;
/// How many lines of a part the page shows. A notice of 256 KiB may have as many lines.
const SHOWN: usize = 2_000;

/// Shows differences between versions of notices.
pub struct Differences {
    notices: ConsentNotices,
}

/// A part of a notice by its lines.
type Lines = Vec<String>;

impl Differences {
    /// With the table that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { notices: ConsentNotices::new(database) }
    }

    /// The page of the difference that these parameters name.
    pub async fn page(&self, visit: &Visit<'_>, parameters: &BTreeMap<String, String>) -> Result<Response, Error> {
        let tenant = visit.request.tenant();
        let notice_id = notice_id(parameters.get("id"))?;
        let version = |name: &str| NoticeVersion::parse(parameter(parameters, name)).map_err(|it| malformed(name, it));
        let (left, right) = (version("left")?, version("right")?);
        let language = Language::parse(parameter(parameters, "language")).map_err(|it| malformed("language", it))?;
        let [left_parts, right_parts] = [
            self.parts(tenant, &notice_id, &left, &language).await?,
            self.parts(tenant, &notice_id, &right, &language).await?,
        ];
        let both = [(&left, &left_parts), (&right, &right_parts)];
        let missing = both.iter().filter(|(_, parts)| parts.is_none()).map(|(version, _)| version.as_str()).collect();
        let parts = match (&left_parts, &right_parts) {
            (Some(left), Some(right)) => {
                NAMES.iter().zip(left.iter().zip(right)).map(|(name, (left, right))| part(name, left, right)).collect()
            }
            _ => Vec::new(),
        };
        let view = Difference {
            notice: notice_id.as_str(),
            left: left.as_str(),
            right: right.as_str(),
            language: language.as_str(),
            missing,
            parts,
        };
        Ok(Response::page(200, &pages::difference(&visit.frame(), &view)))
    }

    async fn parts(
        &self,
        tenant: Tenant,
        notice_id: &NoticeId,
        version: &NoticeVersion,
        language: &Language,
    ) -> Result<Option<[Lines; NAMES.len()]>, Error> {
        let (notice_id, version, language) = (notice_id.clone(), version.clone(), language.clone());
        let edition = Edition { notice_id, version, language };
        let found = until_current(|| self.notices.edition(tenant, &edition)).await?;
        Ok(found.map(|(notice, content)| lines_of(&notice, &content)))
    }
}

/// The names of the parts.
const NAMES: [&str; 5] = ["Title", "Purposes", "Data items", "Text", "Contacts, links and dates"];

fn lines_of(notice: &RegisteredNotice, content: &NoticeContent) -> [Lines; NAMES.len()] {
    let NoticeParticulars { data_items, links, reconsent_by, .. } = &notice.particulars;
    let mut purposes = Vec::new();
    for purpose in &notice.purposes {
        purposes.push(format!("{}: {}", purpose.code, purpose.description));
        if let Some(services) = &purpose.services {
            purposes.push(format!("{}, services: {services}", purpose.code));
        }
        let items: Vec<&str> = purpose.data_items.iter().map(DataItemCode::as_str).collect();
        if !items.is_empty() {
            purposes.push(format!("{}, data items: {}", purpose.code, items.join(", ")));
        }
        if purpose.necessary == Some(true) {
            purposes.push(format!("{}: necessary", purpose.code));
        }
        if let Some(restricted) = purpose.restricted {
            purposes.push(format!("{}, restricted for children: {}", purpose.code, super::named(restricted)));
        }
    }
    let links = links.clone().unwrap_or_default();
    let links = [("Withdraw", links.withdraw), ("Rights", links.rights), ("Complaint", links.complaint)];
    let mut others: Lines =
        links.into_iter().filter_map(|(name, link)| Some(format!("{name}: {}", link?.as_str()))).collect();
    others.extend(notice.data_fiduciary_contact.as_ref().map(|contact| format!("Contact: {contact}")));
    if let Some(officer) = &notice.grievance_officer {
        let phone = officer.phone.as_ref().map(|phone| format!(", {phone}")).unwrap_or_default();
        others.push(format!("Grievance officer: {}, {}{phone}", officer.name, officer.email));
    }
    others.push(format!("Change: {}", super::named(notice.change())));
    others.extend(reconsent_by.map(|by| format!("Consent again by: {by}")));
    [
        vec![notice.title.as_str().to_owned()],
        purposes,
        data_items.iter().map(|item| format!("{}: {}", item.code, item.description)).collect(),
        content.as_str().lines().map(str::to_owned).collect(),
        others,
    ]
}

/// The difference of a part.
fn part<'a>(name: &'static str, left: &'a [String], right: &'a [String]) -> Part<'a> {
    let mut rows = Vec::new();
    let changes = capture_diff_slices_deadline(Algorithm::Myers, left, right, Some(Instant::now() + SEARCH));
    let last = changes.len().saturating_sub(1);
    for (position, change) in changes.iter().enumerate() {
        let (old, new) = (change.old_range(), change.new_range());
        let left: Vec<&str> = left.get(old).unwrap_or_default().iter().map(String::as_str).collect();
        let right: Vec<&str> = right.get(new).unwrap_or_default().iter().map(String::as_str).collect();
        if matches!(change, DiffOp::Equal { .. }) {
            let (before, after) = (if position == 0 { 0 } else { AROUND }, if position == last { 0 } else { AROUND });
            let skipped = left.len().saturating_sub(before + after);
            rows.extend(left.iter().take(before).map(|line| Row::Same(line)));
            if skipped > 0 {
                rows.push(Row::Skipped(skipped));
            }
            rows.extend(left.iter().skip(before + skipped).map(|line| Row::Same(line)));
        } else {
            let longer = left.len().max(right.len());
            let pairs = (0..longer).map(|line| (left.get(line).copied(), right.get(line).copied()));
            rows.extend(pairs.map(|(left, right)| Row::Changed(left, right)));
        }
    }
    let shortened = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    Part { name, rows, shortened }
}

fn parameter<'a>(parameters: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    parameters.get(name).map(String::as_str).unwrap_or_default()
}

fn malformed(name: &str, Invalid(reason): Invalid) -> Error {
    Error::BadRequest(format!("{name} {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Lines {
        text.lines().map(str::to_owned).collect()
    }

    fn shown(left: &str, right: &str) -> Vec<String> {
        let (left, right) = (lines(left), lines(right));
        let rows = part("Text", &left, &right).rows;
        let row = |row: &Row<'_>| match row {
            Row::Same(line) => format!(" {line}"),
            Row::Changed(left, right) => format!("{}>{}", left.unwrap_or("-"), right.unwrap_or("-")),
            Row::Skipped(count) => format!("{count} more"),
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn what_has_changed_stands_side_by_side() {
        assert_eq!(shown("a\nb\nc", "a\nx\nc"), [" a", "b>x", " c"]);
        assert_eq!(shown("a", "a\nb"), [" a", "->b"]);
        assert_eq!(shown("a\nb", "b"), ["a>-", " b"]);
        assert_eq!(shown("a\nb", "a\nb"), ["2 more"]);
        assert_eq!(shown("", ""), [""; 0]);
    }

    #[test]
    fn long_runs_of_the_same_lines_are_skipped() {
        assert_eq!(
            shown("x\n1\n2\n3\n4\n5\n6\n7\n8\ny", "X\n1\n2\n3\n4\n5\n6\n7\n8\nY"),
            ["x>X", " 1", " 2", " 3", "2 more", " 6", " 7", " 8", "y>Y"]
        );
    }

    #[test]
    fn the_longest_texts_have_a_difference_soon() {
        let text = |step: usize| (0..131_072).map(|line| (line * step % 61).to_string() + "\n").collect::<String>();
        let started = Instant::now();
        let (left, right) = (lines(&text(7)), lines(&text(11)));
        let part = part("Text", &left, &right);
        assert!(part.shortened && started.elapsed() < Duration::from_secs(20));
    }
}
