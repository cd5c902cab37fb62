//! `GET /v1/dpdp/withdrawals/{withdrawalId}`: read the progress of a withdrawal across
//! all records of a person. It does not name the person.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations, responses::PersonWithdrawalResponse},
    domain::{ResourceKind, identifiers::WithdrawalId},
    environment::Environment,
    store::{Database, Withdrawals},
};

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let withdrawals = Withdrawals::new(&database);
    Ok(Endpoint::read(&operations::GET_WITHDRAWAL, &database, withdrawals, get))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn get(withdrawals: &Withdrawals, request: &Request) -> Result<Response, Error> {
    let withdrawal_id = request.path("withdrawalId", WithdrawalId::parse, ResourceKind::Withdrawal)?;
    let withdrawal = withdrawals.get(request.tenant(), withdrawal_id).await?;
    Ok(Response::ok(&PersonWithdrawalResponse::of(&withdrawal)))
}
