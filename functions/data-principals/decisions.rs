//! `GET /v1/dpdp/data-principals/{principalId}/decisions`: what a person had granted and
//! denied at a moment, now or in the past (DPDP Act s.6(10): the burden of proof).
//!
//! It is computed from the audit trails of the person's records. Of a person who was
//! erased it knows nothing, as of one who was never asked.

use assent_shared::{
    api::{self, Endpoint, Error, Request, Response, RuntimeError, operations},
    domain::{
        ResourceKind, Timestamp,
        history::{DecisionInForce, in_force},
        identifiers::PrincipalId,
    },
    environment::Environment,
    store::{ConsentRecords, Database},
};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DecisionsResponse {
    as_of: Timestamp,
    decisions: Vec<DecisionInForce>,
    next_cursor: Option<String>,
}

/// The endpoint, with the tables that the environment names.
pub fn endpoint(environment: &Environment) -> Result<Endpoint, RuntimeError> {
    let database = Database::from_environment(environment);
    let records = ConsentRecords::new(&database);
    Ok(Endpoint::read(&operations::LIST_DATA_PRINCIPAL_DECISIONS, &database, records, list).with_connections(2))
}

/// The Lambda function.
pub fn main() -> Result<(), RuntimeError> {
    api::run(endpoint)
}

async fn list(records: &ConsentRecords, request: &Request) -> Result<Response, Error> {
    let now = request.context().now;
    let list = request.list(|fields| fields.optional_text("asOf", |moment| Timestamp::parse_past(moment, now)))?;
    let principal_id = request.path("principalId", PrincipalId::parse, ResourceKind::DataPrincipal)?;
    let as_of = list.filters.unwrap_or(now);
    let history = records.history(request.tenant(), &principal_id, as_of).await?;
    let page = list.page.of_sorted(in_force(history, as_of), DecisionInForce::position);
    let next_cursor = list.next(&page);
    Ok(Response::ok(&DecisionsResponse { as_of, decisions: page.items, next_cursor }))
}
