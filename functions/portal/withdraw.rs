//! `POST /p/withdraw`: the person withdraws one purpose, or everything, with one press of a button (DPDP Act s.6(4), GDPR
//! art. 7(3)). The response is their page as it is then.

use assent_pages::Banner;
use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{DomainError, Invalid, identifiers::Reference, progress::Progress, withdrawal::Selection},
    environment::Environment,
    portal::{PersonConsents, Visit, error_page, withdrawal_reason},
    service::{PersonWithdrawalOrder, PersonWithdrawals},
    store::{self, Database},
};

struct State {
    withdrawals: PersonWithdrawals,
    consents: PersonConsents,
}

/// The endpoint, with the tables and the secret that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State {
        withdrawals: PersonWithdrawals::from_environment(&database)?,
        consents: PersonConsents::new(&database),
    };
    Ok(Endpoint::form(&operations::WITHDRAW_ON_PORTAL, &database, state, withdraw).with_error_page(error_page))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn withdraw(state: &State, request: &Request) -> Result<Committed, Error> {
    let (visit, mut form, _) = Visit::of_form(request)?;
    let reference = |named: String| {
        Reference::parse(&named).map_err(|Invalid(reason)| Error::BadRequest(format!("A field {reason}")))
    };
    let purpose = form.take("purpose").map(reference).transpose()?;
    let notice_id = form.take("notice").map(reference).transpose()?;
    form.finish()?;
    let order = PersonWithdrawalOrder {
        principal_id: visit.principal_id().clone(),
        selection: Selection { purposes: purpose.map(|purpose| vec![purpose]), notice_id },
        reason: withdrawal_reason()?,
    };
    let mut unit = request.unit_of_work();
    let banner = match state.withdrawals.withdraw(&mut unit, request.actor(), &order).await {
        Ok(withdrawal) if withdrawal.status == Progress::Completed => Banner::Withdrawn,
        Ok(_) => Banner::InProgress,
        // A button that is pressed twice did what it says.
        Err(store::Error::Domain(DomainError::AlreadyWithdrawn)) => Banner::WithdrawnBefore,
        Err(error) => return Err(error.into()),
    };
    let committed = request.commit(unit, Response::no_content()).await?;
    // The page is of the state after the withdrawal.
    Ok(committed.showing(state.consents.home(&visit, Some(banner)).await?))
}
