//! Grievances, to their end.

use super::{Visit, named};
use crate::{
    api::{Error, Response, operations},
    domain::{
        Invalid, ResourceKind, Timestamp,
        grievance::{Grievance, GrievanceDescription, GrievanceStatus, GrievanceSummary, Resolution},
        identifiers::{GrievanceId, PrincipalId},
    },
    portal::{MOST_CHARACTERS, date},
    store::{Database, Grievances, PageRequest},
};
use assent_pages::console::{self as pages, Decision, DecisionBanner, GrievanceDetails};
use std::collections::BTreeMap;

/// How many grievances a page shows.
const AT_ONCE: usize = 50;

/// Shows grievances.
pub struct ConsoleGrievances {
    grievances: Grievances,
}

/// A summary with the words that pages show of it.
pub(super) struct Listed {
    summary: GrievanceSummary,
    status: String,
}

impl Listed {
    pub(super) fn of(summary: GrievanceSummary) -> Self {
        Self { status: named(summary.status), summary }
    }

    /// What pages show of it.
    pub(super) fn view(&self, now: Timestamp) -> pages::Grievance<'_> {
        let is_open = matches!(self.summary.status, GrievanceStatus::Submitted | GrievanceStatus::InReview);
        let due = self.summary.expected_resolution_by;
        pages::Grievance {
            id: self.summary.grievance_id.to_string(),
            number: &self.summary.reference_number,
            kind: self.summary.kind.as_str(),
            status: &self.status,
            made: date(self.summary.created_at),
            due: is_open.then(|| date(due)),
            overdue: is_open && due < now,
        }
    }
}

impl ConsoleGrievances {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { grievances: Grievances::new(database) }
    }

    /// The grievances themselves.
    pub fn grievances(&self) -> &Grievances {
        &self.grievances
    }

    /// The page of the grievances that these parameters select. A status without a value selects all.
    pub async fn list(&self, visit: &Visit<'_>, parameters: &BTreeMap<String, String>) -> Result<Response, Error> {
        let given = |name: &str| parameters.get(name).filter(|value| !value.is_empty());
        let malformed = |name: &str, invalid: Invalid| Error::BadRequest(format!("{name} {}", invalid.0));
        let status = given("status").map(|status| GrievanceStatus::parse(status)).transpose();
        let status = status.map_err(|it| malformed("status", it))?;
        let after = given("cursor").map(|cursor| GrievanceId::parse(cursor)).transpose();
        let after = after.map_err(|it| malformed("cursor", it))?;
        let page = PageRequest { limit: AT_ONCE, after: after.map(|after| after.to_string()) };
        let page = self.grievances.list(visit.request.tenant(), None, status, &page).await?;
        let (now, status) = (visit.request.context().now, status.map(named).unwrap_or_default());
        let listed: Vec<Listed> = page.items.into_iter().map(Listed::of).collect();
        let view = pages::Grievances {
            status: &status,
            grievances: listed.iter().map(|listed| listed.view(now)).collect(),
            next: page.next.map(|next| format!("grievances?status={status}&cursor={next}")),
        };
        Ok(Response::page(200, &pages::grievances(&visit.frame(), &view)))
    }

    /// The page of a grievance as it is now. `text` is the resolution that was written and not accepted.
    pub async fn page(
        &self,
        visit: &Visit<'_>,
        id: GrievanceId,
        banner: Option<DecisionBanner>,
        text: &str,
    ) -> Result<Response, Error> {
        let Grievance { summary, description, evidence } =
            self.grievances.get(visit.request.tenant(), id).await?.resource;
        let may_decide = visit.may(&operations::DECIDE_ON_CONSOLE);
        let next = match summary.status {
            GrievanceStatus::Submitted => Some(Decision::Review),
            GrievanceStatus::InReview => Some(Decision::Decide { text, most_characters: MOST_CHARACTERS }),
            GrievanceStatus::Resolved | GrievanceStatus::Rejected | GrievanceStatus::Erased => None,
        };
        let listed = Listed::of(summary);
        let status = match banner {
            Some(DecisionBanner::Missing) => 400,
            Some(DecisionBanner::Meanwhile) => 409,
            Some(DecisionBanner::Done) | None => 200,
        };
        let record = listed.summary.record_id.filter(|_| visit.may(&operations::SHOW_CONSOLE_RECORD));
        let view = GrievanceDetails {
            banner,
            grievance: listed.view(visit.request.context().now),
            person: listed.summary.data_principal_id.as_ref().map(PrincipalId::as_str),
            can_see_person: visit.may(&operations::SHOW_CONSOLE_PERSON),
            record: record.map(|record| record.to_string()),
            description: description.as_ref().map(GrievanceDescription::as_str),
            evidence: evidence.as_ref().and_then(|evidence| serde_json::to_string_pretty(evidence).ok()),
            resolution: listed.summary.resolution.as_ref().map(Resolution::as_str),
            next: next.filter(|_| may_decide),
        };
        Ok(Response::page(status, &pages::grievance(&visit.frame(), &view)))
    }
}

/// The grievance that a parameter or a field names.
pub fn grievance_id(named: Option<&String>) -> Result<GrievanceId, Error> {
    named.and_then(|id| GrievanceId::parse(id).ok()).ok_or(Error::NotFound(ResourceKind::Grievance))
}
