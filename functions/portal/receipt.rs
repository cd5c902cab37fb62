//! `GET /p/receipt?record=…`: the signed receipt of a consent of the person, as a file.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    environment::Environment,
    portal::{Visit, error_page},
    service::Receipts,
    store::{ConsentRecords, Database},
};

struct State {
    records: ConsentRecords,
    receipts: Receipts,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let state = State { records: ConsentRecords::new(&database), receipts: Receipts::new(&database) };
    let endpoint = Endpoint::read(&operations::GET_PORTAL_RECEIPT, &database, state, receipt);
    Ok(endpoint.with_error_page(error_page).with_connections(3))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn receipt(state: &State, request: &Request) -> Result<Response, Error> {
    let (visit, parameters) = Visit::of_page(request, &["record"])?;
    let record_id = visit.record(&state.records, parameters.get("record")).await?.record_id;
    let evidence = state.receipts.evidence(request.tenant(), record_id, request.context().now).await?;
    Ok(request.receipt(&evidence)?.download("receipt.json"))
}
