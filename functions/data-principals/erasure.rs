//! `POST /v1/dpdp/data-principals/{principalId}/erasure`: forget a person
//! (DPDP Act s.12(3), GDPR art. 17).
//!
//! Their grants are revoked and they are taken out of every record, withdrawn
//! ones included, and out of grievances, exports, sessions, the events of sites
//! and lists. A repeat returns the earlier request, and drives one onward that
//! is still `in_progress`; what they have come to be in since makes it a new
//! request. 404 where nothing names the person, or ever did.

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
struct Erasure<'a> {
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
    // The path alone names the person, who is never stored with the response.
    let erasure = Erasure { data_principal_id: &data_principal_id, request: committed.read_body()? };
    Ok(committed.with_body(&erasure))
}
