//! `GET /v1/dpdp/consent-records/{recordId}/receipt`: a signed receipt of a
//! consent and of what has become of it, which names nobody. It is no access
//! to the record.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method},
    domain::{Thing, identifiers::RecordId, receipt::Receipt, scope::Area},
    store::{ConsentRecords, Database, Signer},
};
use serde::Serialize;

const ENDPOINT: Endpoint = Endpoint::new(Method::Get, "/v1/dpdp/consent-records/{recordId}/receipt", Area::Records);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Signed<'a> {
    receipt: Receipt<'a>,
    /// The receipt once more, as a compact JWS.
    receipt_jws: String,
    kid: &'a str,
    jwks_uri: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let records = ConsentRecords::new(&database);
    let signer = Signer::from_environment(&database);
    api::serve(ENDPOINT, &database, async |call| receipt(call, &records, &signer).await).await
}

async fn receipt(call: Call<'_>, records: &ConsentRecords, signer: &Signer) -> Result<Answer, Error> {
    let record_id = call.path("recordId", RecordId::parse, Thing::ConsentRecord)?;
    let now = call.occasion.now;
    let record = records.get(call.tenant(), record_id).await?;
    let key = signer.key(now).await?;
    let receipt = Receipt::of(&record, call.tenant(), now);
    let receipt_jws = key.sign(&receipt).ok_or_else(|| Error::Fault("a receipt has no JSON".to_owned()))?;
    Ok(Answer::ok(&Signed { receipt, receipt_jws, kid: &key.public().kid, jwks_uri: call.jwks_uri() }))
}
