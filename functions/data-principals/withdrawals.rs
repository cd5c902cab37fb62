//! `POST /v1/dpdp/data-principals/{principalId}/withdrawals`: withdraw purposes, or
//! everything, across all consent records of a person (DPDP Act s.6(4), GDPR art. 7(3)).
//!
//! Each record is withdrawn as by a withdrawal of that record alone. A repeat continues
//! a withdrawal of the same purposes and notice that is still `in_progress`. Otherwise
//! it is a 404 if no consent record names the person, and a 409 `ALREADY_WITHDRAWN` if
//! none of the purposes is granted in any record.

use assent_shared::{
    api::{
        self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations,
        responses::PersonWithdrawalResponse,
    },
    domain::{
        ResourceKind,
        consent_notice::PURPOSES,
        consent_record::WithdrawalReason,
        identifiers::{PrincipalId, Reference},
        withdrawal::Selection,
    },
    environment::Environment,
    service::{PersonWithdrawalOrder, PersonWithdrawals},
    store::Database,
};

/// The endpoint, with the tables and the secret that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let withdrawals = PersonWithdrawals::from_environment(&database)?;
    Endpoint::write(&operations::WITHDRAW_DATA_PRINCIPAL, &database, withdrawals, withdraw)
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn withdraw(withdrawals: &PersonWithdrawals, request: &Request) -> Result<Committed, Error> {
    let (selection, reason) = request.body(order)?;
    let principal_id = request.path("principalId", PrincipalId::parse, ResourceKind::DataPrincipal)?;
    if request.reuses_key() {
        withdrawals.require_known(request.tenant(), &principal_id).await?;
        return Err(Error::IdempotencyKeyReused);
    }
    let order = PersonWithdrawalOrder { principal_id, selection, reason };
    let mut unit = request.unit_of_work();
    let withdrawal = withdrawals.withdraw(&mut unit, request.actor(), &order).await?;
    let location = format!("/v1/dpdp/withdrawals/{}", withdrawal.withdrawal_id);
    let response = Response::created(&PersonWithdrawalResponse::of(&withdrawal)).location(location);
    request.commit(unit, response).await
}

fn order(fields: &mut Fields) -> Validated<(Selection, WithdrawalReason)> {
    let purposes = fields.texts_or_all("purposes", PURPOSES, Reference::parse);
    let notice_id = fields.optional_text("noticeId", Reference::parse);
    let reason = fields.text("reason", WithdrawalReason::parse);
    Ok((Selection { purposes: purposes?, notice_id: notice_id? }, reason?))
}
