//! `POST /p/grievances`: the person complains (DPDP Act s.13). The complaint is received once, however often the button
//! is pressed.

use assent_pages::GrievanceBanner;
use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{
        DomainError, Invalid,
        grievance::{GrievanceDescription, GrievanceDraft, GrievanceType, USUAL_RESPONSE_DAYS},
    },
    environment::Environment,
    portal::{CHANNEL, PersonGrievances, Visit, error_page},
    store::{self, ConsentRecords, Database, PageSessions},
};

struct State {
    grievances: PersonGrievances,
    records: ConsentRecords,
    sessions: PageSessions,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State {
        grievances: PersonGrievances::new(&database),
        records: ConsentRecords::new(&database),
        sessions: PageSessions::new(&database),
    };
    Ok(Endpoint::form(&operations::COMPLAIN_ON_PORTAL, &database, state, complain).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn complain(state: &State, request: &Request) -> Result<Committed, Error> {
    let (visit, mut form, nonce) = Visit::of_form(request)?;
    let written = form.take("description").unwrap_or_default();
    form.finish()?;
    let mut unit = request.unit_of_work();
    let Ok(description) = GrievanceDescription::parse(&written) else {
        let page = state.grievances.page(&visit, Some(GrievanceBanner::Missing), &written).await?;
        return Ok(request.commit(unit, page.clone()).await?.showing(page));
    };
    let kind = GrievanceType::parse(CHANNEL).map_err(|Invalid(reason)| Error::Internal(reason))?;
    let draft = GrievanceDraft {
        data_principal_id: visit.principal_id().clone(),
        kind,
        description,
        record: None,
        evidence: None,
        response_days: USUAL_RESPONSE_DAYS,
    };
    state.sessions.take_form(&mut unit, request.tenant(), &nonce)?;
    let created =
        state.grievances.grievances().create(&mut unit, request.actor(), &draft, &state.records).await?.summary;
    let (committed, banner) = match request.commit(unit, Response::no_content()).await {
        Ok(committed) => (committed, GrievanceBanner::Sent { number: &created.reference_number }),
        Err(Error::Store(store::Error::Domain(DomainError::FormTaken))) => {
            let nothing = request.commit(request.unit_of_work(), Response::no_content()).await?;
            (nothing, GrievanceBanner::SentBefore)
        }
        Err(error) => return Err(error),
    };
    Ok(committed.showing(state.grievances.page(&visit, Some(banner), "").await?))
}
