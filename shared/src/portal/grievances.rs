//! The complaints of a person.

use super::{Visit, date};
use crate::{
    api::{Error, Response, operations},
    domain::grievance::{GrievanceStatus, GrievanceSummary, Resolution, USUAL_RESPONSE_DAYS},
    store::{Database, Grievances, PageRequest},
};
use assent_pages::{self as pages, GrievanceBanner, GrievanceState};

/// How many characters a complaint may have.
pub const MOST_CHARACTERS: usize = 10_000;
/// How many complaints the page shows.
const AT_ONCE: usize = 20;

/// Shows the complaints of persons.
pub struct PersonGrievances {
    grievances: Grievances,
}

impl PersonGrievances {
    /// With the tables that the environment names.
    pub fn new(database: &Database) -> Self {
        Self { grievances: Grievances::new(database) }
    }

    /// The complaints themselves.
    pub fn grievances(&self) -> &Grievances {
        &self.grievances
    }

    /// The page of the person's complaints. `text` is what was written and not accepted.
    pub async fn page(
        &self,
        visit: &Visit<'_>,
        banner: Option<GrievanceBanner<'_>>,
        text: &str,
    ) -> Result<Response, Error> {
        let (tenant, principal_id) = (visit.request.tenant(), visit.principal_id());
        let page = PageRequest { limit: AT_ONCE, after: None };
        let grievances = self.grievances.list(tenant, Some(principal_id), None, &page).await?.items;
        let status = if matches!(banner, Some(GrievanceBanner::Missing)) { 400 } else { 200 };
        let view = pages::Grievances {
            banner,
            text,
            most_characters: MOST_CHARACTERS,
            days: USUAL_RESPONSE_DAYS,
            can_complain: visit.may(&operations::COMPLAIN_ON_PORTAL),
            grievances: grievances.iter().map(shown).collect(),
        };
        Ok(Response::page(status, &pages::grievances(&visit.frame("grievances"), &view)))
    }
}

fn shown(grievance: &GrievanceSummary) -> pages::Grievance<'_> {
    let (state, is_open) = match grievance.status {
        GrievanceStatus::Submitted => (GrievanceState::Submitted, true),
        GrievanceStatus::InReview => (GrievanceState::InReview, true),
        GrievanceStatus::Resolved => (GrievanceState::Resolved, false),
        GrievanceStatus::Rejected => (GrievanceState::Rejected, false),
        GrievanceStatus::Erased => (GrievanceState::Erased, false),
    };
    pages::Grievance {
        number: &grievance.reference_number,
        state,
        made: date(grievance.created_at),
        answer_by: Some(date(grievance.expected_resolution_by)).filter(|_| is_open),
        answer: grievance.resolution.as_ref().map(Resolution::as_str),
    }
}
