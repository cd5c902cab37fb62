//! `POST /console/retry`: send a message that was not received again. The response is the page of deliveries as it is then.

use assent_pages::console::RetryBanner;
use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations},
    console::{ConsoleDeliveries, Selected, Visit, error_page},
    domain::{DomainError, ResourceKind, identifiers::DeliveryId},
    environment::Environment,
    service::Acknowledgements,
    store::{self, Database},
};

struct State {
    acknowledgements: Acknowledgements,
    deliveries: ConsoleDeliveries,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state =
        State { acknowledgements: Acknowledgements::new(&database), deliveries: ConsoleDeliveries::new(&database) };
    let endpoint = Endpoint::form(&operations::RETRY_ON_CONSOLE, &database, state, retry);
    Ok(endpoint.with_error_page(error_page).with_connections(3))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn retry(state: &State, request: &Request) -> Result<Committed, Error> {
    let (visit, mut form, _) = Visit::of_form(request)?;
    visit.require(&operations::SHOW_CONSOLE_DELIVERIES)?;
    let id = form.take("delivery").and_then(|id| DeliveryId::parse(&id).ok());
    form.finish()?;
    let id = id.ok_or(Error::NotFound(ResourceKind::Delivery))?;
    let mut unit = request.unit_of_work();
    let banner = match state.acknowledgements.retry(&mut unit, request.actor(), id).await {
        Ok(_) => RetryBanner::Retried,
        Err(store::Error::Domain(DomainError::AlreadyDelivered)) => RetryBanner::DeliveredBefore,
        Err(store::Error::Domain(DomainError::NotAWebhook | DomainError::RecipientDisabled)) => RetryBanner::NotSent,
        Err(error) => return Err(error.into()),
    };
    let committed = request.commit(unit, Response::no_content()).await?;
    // The page is of the state after that.
    Ok(committed.showing(state.deliveries.page(&visit, &Selected::default(), Some(banner)).await?))
}
