//! `POST /v1/dpdp/data-principals/{principalId}/erasure`: erase a person
//! (DPDP Act s.12(3), GDPR art. 17).
//!
//! The person's grants are revoked, and the person is removed from all records,
//! withdrawn ones included, and from grievances, exports, sessions, site events and
//! lists. A repeat returns the earlier request and continues it if it is still
//! `in_progress`. If new data has named the person since, a repeat is a new
//! request. It is a 404 if no data names or ever named the person.

use assent_shared::{
    api::{self, Committed, Endpoint, Error, Request, Response, RuntimeError, operations, responses::ErasureResponse},
    domain::{ResourceKind, identifiers::PrincipalId},
    environment::Environment,
    service::Erasures,
    store::Database,
};
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PersonErasureResponse<'a> {
    data_principal_id: &'a PrincipalId,
    #[serde(flatten)]
    request: Value,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let erasures = Erasures::from_environment(&database)?;
    Ok(Endpoint::write(&operations::ERASE_DATA_PRINCIPAL, &database, erasures, erase)?.rendering_replays())
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn erase(erasures: &Erasures, request: &Request) -> Result<Committed, Error> {
    let data_principal_id = request.path("principalId", PrincipalId::parse, ResourceKind::DataPrincipal)?;
    if request.reuses_key() {
        erasures.require_known(request.context(), request.actor(), &data_principal_id).await?;
        return Err(Error::IdempotencyKeyReused);
    }
    let committed = if let Some(replayed) = request.replayed() {
        replayed
    } else {
        let mut unit = request.unit_of_work();
        let erasure = erasures.erase(&mut unit, request.actor(), &data_principal_id).await?;
        let location = format!("/v1/dpdp/erasure-requests/{}", erasure.request_id);
        request.commit(unit, Response::created(&ErasureResponse::of(&erasure)).location(location)).await?
    };
    // The stored response never names the person, so the name is added from the path.
    let erasure = PersonErasureResponse { data_principal_id: &data_principal_id, request: committed.read_body()? };
    Ok(committed.with_body(&erasure))
}
