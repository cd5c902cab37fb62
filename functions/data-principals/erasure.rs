//! `POST /v1/dpdp/data-principals/{principalId}/erasure`: forget a person
//! (DPDP Act s.12(3), GDPR art. 17).
//!
//! Their grants are revoked and they are taken out of every record, withdrawn
//! ones included, and out of grievances, exports, sessions and lists. A repeat
//! returns the earlier request, and drives one onward that is still
//! `in_progress`; what they have come to be in since makes it a new request. 404 where the person
//! never had a record.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownErasure},
    domain::{Thing, identifiers::PrincipalId, scope::Area},
    store::{Database, ErasureRequests, Traces},
};
use serde::Serialize;
use std::env;

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Post, "/v1/dpdp/data-principals/{principalId}/erasure", Area::Principals);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Erasure<'a> {
    data_principal_id: &'a PrincipalId,
    #[serde(flatten)]
    request: ShownErasure,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let requests = ErasureRequests::new(&database);
    let traces = Traces::new(&database, &env::var("PSEUDONYM_SECRET")?)?;
    api::serve(ENDPOINT, &database, async |call| erase(call, &requests, &traces).await).await
}

async fn erase(call: Call<'_>, requests: &ErasureRequests, traces: &Traces) -> Result<Answer, Error> {
    let data_principal_id = call.path("principalId", PrincipalId::parse, Thing::DataPrincipal)?;
    if call.reuses_key() {
        requests.require_known(call.tenant(), &data_principal_id, traces).await?;
        return Err(Error::IdempotencyKeyReused);
    }
    call.effect(
        async || requests.erase(call.tenant(), &data_principal_id, traces, call.occasion).await,
        |request| {
            let location = format!("/v1/dpdp/erasure-requests/{}", request.request_id);
            let request = ShownErasure::of(request);
            Answer::created(&Erasure { data_principal_id: &data_principal_id, request }).at(location)
        },
    )
    .await
}
