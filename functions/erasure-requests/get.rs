//! `GET /v1/dpdp/erasure-requests/{requestId}`: how far a request for erasure
//! has come. It does not name the person.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method, ShownErasure},
    domain::{Thing, identifiers::ErasureRequestId, scope::Area},
    store::{Database, ErasureRequests},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Get, "/v1/dpdp/erasure-requests/{requestId}", Area::Principals);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let requests = ErasureRequests::new(&database);
    api::serve(ENDPOINT, &database, async |call| get(call, &requests).await).await
}

async fn get(call: Call<'_>, requests: &ErasureRequests) -> Result<Answer, Error> {
    let request_id = call.path("requestId", ErasureRequestId::parse, Thing::ErasureRequest)?;
    let request = requests.get(call.tenant(), request_id).await?;
    Ok(Answer::ok(&ShownErasure::of(&request)))
}
