//! ★ `POST /v1/dpdp/consent-records/{recordId}/withdraw`: withdraw a
//! consent, as easily as it was given (DPDP Act s.6(4), GDPR art. 7(3)).
//!
//! A consent is withdrawn once (409 `ALREADY_WITHDRAWN`), also after it has
//! expired. A request that names purposes ends only these; the record stays valid while
//! others remain. The flags of the response say what is true now, not what was requested.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Fields, Request, Response, RuntimeError, Validated, operations},
    domain::{
        ResourceKind, Timestamp,
        consent_notice::{PURPOSES, PurposeCode},
        consent_record::{RecordStatus, WithdrawalReason},
        identifiers::{RecordId, Reference},
    },
    environment::Environment,
    service::{Consents, WithdrawalOrder},
    store::Database,
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WithdrawalResponse<'a> {
    record_id: RecordId,
    status: RecordStatus,
    withdrawn_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_purposes: Option<&'a [PurposeCode]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining_purposes: Option<Vec<&'a PurposeCode>>,
    grant_revoked: bool,
    data_deleted: bool,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let consents = Consents::new(&database);
    Ok(Endpoint::write(&operations::WITHDRAW_CONSENT_RECORD, &database, consents, withdraw)?.with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn withdraw(consents: &Consents, request: &Request) -> Result<Committed, Error> {
    let order = request.body(order)?;
    let record_id = request.path("recordId", RecordId::parse, ResourceKind::ConsentRecord)?;
    let mut unit = request.unit_of_work();
    let withdrawal = consents.withdraw(&mut unit, request.actor(), record_id, &order).await?;
    let response = WithdrawalResponse {
        record_id,
        status: withdrawal.record.status(withdrawal.withdrawn_at),
        withdrawn_at: withdrawal.withdrawn_at,
        withdrawn_purposes: withdrawal.withdrawn_purposes.as_deref(),
        remaining_purposes: withdrawal.withdrawn_purposes.as_ref().map(|_| withdrawal.record.granted_codes()),
        grant_revoked: withdrawal.grant_revoked,
        data_deleted: withdrawal.data_deleted,
    };
    request.commit(unit, Response::ok(&response)).await
}

fn order(fields: &mut Fields) -> Validated<WithdrawalOrder> {
    let reason = fields.text("reason", WithdrawalReason::parse);
    let purposes = fields.optional_texts("purposes", PURPOSES, Reference::parse);
    let revoke_grant = fields.optional_flag("revokeGrant");
    let delete_processed_data = fields.optional_flag("deleteProcessedData");
    Ok(WithdrawalOrder {
        reason: reason?,
        purposes: purposes?,
        revoke_grant: revoke_grant?.unwrap_or(false),
        delete_processed_data: delete_processed_data?.unwrap_or(false),
        part_of: None,
    })
}
