//! `POST /console/decide`: begin the review of a grievance, or decide it. The response is its page as it is then.

use assent_pages::console::DecisionBanner;
use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations},
    console::{ConsoleGrievances, Visit, error_page, grievance_id},
    domain::{
        DomainError, Invalid,
        grievance::{GrievanceStatus, Resolution, Step},
        state_tag::ExpectedState,
    },
    environment::Environment,
    store::{self, Database},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let grievances = ConsoleGrievances::new(&database);
    let endpoint = Endpoint::form(&operations::DECIDE_ON_CONSOLE, &database, grievances, decide);
    Ok(endpoint.with_error_page(error_page).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn decide(grievances: &ConsoleGrievances, request: &Request) -> Result<Committed, Error> {
    let (visit, mut form, _) = Visit::of_form(request)?;
    visit.require(&operations::SHOW_CONSOLE_GRIEVANCE)?;
    let id = grievance_id(form.take("grievance").as_ref())?;
    let malformed = |Invalid(reason)| Error::BadRequest(format!("status {reason}"));
    let status = GrievanceStatus::parse(&form.take("status").unwrap_or_default()).map_err(malformed)?;
    let written = form.take("resolution").unwrap_or_default();
    form.finish()?;
    let mut unit = request.unit_of_work();
    let resolution = if status.is_final() { Resolution::parse(&written).map(Some) } else { Ok(None) };
    let Ok(step) = resolution.and_then(|resolution| Step::new(status, resolution)) else {
        let page = grievances.page(&visit, id, Some(DecisionBanner::Missing), &written).await?;
        return Ok(request.commit(unit, Response::no_content()).await?.showing(page));
    };
    let actor = request.actor();
    let banner = match grievances.grievances().update(&mut unit, actor, id, &step, &ExpectedState::Any).await {
        Ok(_) => DecisionBanner::Done,
        // A button that is pressed twice, or after somebody else's.
        Err(store::Error::Domain(DomainError::InvalidTransition | DomainError::AlreadyErased)) => {
            DecisionBanner::Meanwhile
        }
        Err(error) => return Err(error.into()),
    };
    let committed = request.commit(unit, Response::no_content()).await?;
    // The page is of the state after that. What was written and not taken is not lost.
    let left = if banner == DecisionBanner::Meanwhile { written.as_str() } else { "" };
    Ok(committed.showing(grievances.page(&visit, id, Some(banner), left).await?))
}
