//! `POST /v1/dpdp/data-principals/{principalId}/erasure`: forget a person
//! (DPDP Act s.12(3), GDPR art. 17).
//!
//! Their grants are revoked and they are taken out of every record, withdrawn
//! ones included, and out of grievances, exports, sessions, the events of sites
//! and lists. A repeat returns the earlier request, and drives one onward that
//! is still `in_progress`; what they have come to be in since makes it a new
//! request. 404 where nothing names the person, or ever did.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownErasure},
    domain::{Thing, identifiers::PrincipalId, scope::Area},
    store::{Database, ErasureRequests, Traces},
};
use serde::Serialize;
use serde_json::Value;
use std::env;

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Post, "/v1/dpdp/data-principals/{principalId}/erasure", Area::Principals).without_body();

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Erasure<'a> {
    data_principal_id: &'a PrincipalId,
    #[serde(flatten)]
    request: Value,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let requests = ErasureRequests::new(&database);
    let traces = Traces::new(&database, &env::var("PSEUDONYM_SECRET")?)?;
    api::serve_finished(ENDPOINT, &database, async |call| erase(call, &requests, &traces).await, name_person).await
}

/// The person is named by the path alone, and never kept with the answer.
async fn name_person(call: &Call<'_>, answer: Answer) -> Result<Answer, Error> {
    let data_principal_id = call.path("principalId", PrincipalId::parse, Thing::DataPrincipal)?;
    let request = answer.read_body()?;
    Ok(answer.with_body(&Erasure { data_principal_id: &data_principal_id, request }))
}

async fn erase(call: Call<'_>, requests: &ErasureRequests, traces: &Traces) -> Result<Answer, Error> {
    let data_principal_id = call.path("principalId", PrincipalId::parse, Thing::DataPrincipal)?;
    if call.reuses_key() {
        requests.require_known(call.actor(), &data_principal_id, traces, call.occasion).await?;
        return Err(Error::IdempotencyKeyReused);
    }
    call.effect(
        async || requests.erase(call.actor(), &data_principal_id, traces, call.occasion).await,
        |request| {
            let location = format!("/v1/dpdp/erasure-requests/{}", request.request_id);
            Answer::created(&ShownErasure::of(request)).at(location)
        },
    )
    .await
}
