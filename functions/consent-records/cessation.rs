//! `GET /v1/dpdp/consent-records/{recordId}/cessation`: who had to stop processing under a
//! consent, who was told, and who has confirmed it (DPDP Act s.6(6)), signed.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{ResourceKind, identifiers::RecordId},
    environment::Environment,
    service::{Cessation, Cessations},
    store::Database,
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CessationResponse<'a> {
    #[serde(flatten)]
    cessation: &'a Cessation,
    /// The same as a compact JWS.
    proof_jwt: String,
    jwks_uri: String,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let cessations = Cessations::new(&database);
    Ok(Endpoint::read(&operations::GET_CONSENT_RECORD_CESSATION, &database, cessations, cessation).with_connections(3))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn cessation(cessations: &Cessations, request: &Request) -> Result<Response, Error> {
    let record_id = request.path("recordId", RecordId::parse, ResourceKind::ConsentRecord)?;
    // The futures of database calls are large.
    let cessation = Box::pin(cessations.of(request.context(), request.tenant(), record_id));
    let (cessation, proof_jwt) = cessation.await?;
    Ok(Response::ok(&CessationResponse { cessation: &cessation, proof_jwt, jwks_uri: request.jwks_uri() }))
}
